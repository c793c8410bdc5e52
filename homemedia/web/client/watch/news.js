// "3 new" above the fold: what came in while one was further down waits there, so that nothing jumps.
import { css, html, nothing } from '../vendor/lit.js';
import { count } from '../format.js';
import { say } from './en.js';

export const newsStyles = css`
  .news { position: fixed; z-index: 25; top: calc(var(--top) + 12px); left: var(--rail); right: 0; display: flex; justify-content: center; pointer-events: none; }
  .news button { pointer-events: auto; display: flex; align-items: center; gap: 6px; height: 36px; padding: 0 16px 0 12px; border-radius: var(--round); background: var(--raised); color: var(--accent); box-shadow: var(--shadow); font: var(--font-14); font-weight: 600; animation: news var(--menu-time) ease-out; --icon: 16px; }
  @keyframes news { from { opacity: 0; transform: translateY(-4px); } }
  .fresh { animation: fresh var(--slow) ease-out; } @keyframes fresh { from { opacity: 0; } }
  @media (max-width: 719.98px) { .news { top: 12px; } .news button { height: 44px; } }
`;

/** Further down than this, what is new waits. */
export const isBelowTheFold = () => window.scrollY > 120;

export const newsChip = (n, show) =>
  html`<div class="news" role="status">${n > 0 ? html`<button type="button" @click=${show}><hm-icon name="arrow-up" size="16"></hm-icon>${say.newOnes(n, count(n))}</button>` : nothing}</div>`;
