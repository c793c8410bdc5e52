// What the pages before the frame share: the mark above, one column, one question.
import { css } from '../vendor/lit.js';

export const start = css`
  :host, sign-in-page, sign-in-return-page, setup-page, join-page { display: block; min-height: 100dvh; }
  .start-top { display: grid; grid-template-columns: 1fr auto 1fr; align-items: center; gap: 16px; height: 88px; padding: 0 40px; }
  .start-mark { display: flex; align-items: center; gap: 12px; font: var(--font-16); font-weight: 600; }
  .start-column { width: min(480px, 100% - 48px); margin: 40px auto 56px; }
  .start-wide { width: min(976px, 100% - 48px); margin: 24px auto 56px; }
  .start-column h1 + p, .start-wide h1 + p { font: var(--font-prose); color: var(--text2); margin-top: 8px; text-wrap: pretty; }
  .early { margin-top: 20px; }
  .start-form { display: flex; flex-direction: column; gap: 20px; margin-top: 28px; }
  .start-foot { display: flex; gap: 10px; font: var(--font-12); color: var(--text2); margin-top: 28px; align-items: flex-start; text-wrap: pretty; }
  .start-steps { display: flex; gap: 24px; font: var(--font-14); color: var(--text2); }
  .start-steps li { display: flex; align-items: center; gap: 10px; }
  .start-steps .dot { display: grid; place-items: center; width: 24px; height: 24px; border-radius: 50%; font: var(--font-12); box-shadow: inset 0 0 0 1px var(--line); }
  .start-steps .done .dot { background: var(--soft); color: var(--accent); box-shadow: none; }
  .start-steps .now { color: var(--text); font-weight: 600; }
  .start-steps .now .dot { background: var(--accent); color: var(--on); box-shadow: none; }
  @media (max-width: 719.98px) {
    .start-top { grid-template-columns: 1fr auto; height: 60px; padding: 0 16px; }
    .start-top .spring { display: none; }
    .start-steps { gap: 8px; }
    .start-steps .word { display: none; }
    .start-column { margin-top: 20px; width: calc(100% - 32px); }
    .start-wide { margin-top: 8px; width: calc(100% - 32px); }
  }
`;
