// The shared element styles: adopted by the document (app.js), by Page and by every widget that shows words or controls.
import { css } from '../vendor/lit.js';

/** Box model, focus ring, what every shadow root needs. */
export const reset = css`
  *, *::before, *::after { box-sizing: border-box; }
  :host([hidden]), [hidden] { display: none !important; }
  h1, h2, h3, h4, p, ul, ol, dl, dd, figure, fieldset { margin: 0; padding: 0; border: 0; }
  ul, ol { list-style: none; }
  img, video, svg { display: block; max-width: 100%; }
  button, input, select, textarea { font: inherit; color: inherit; letter-spacing: inherit; margin: 0; }
  button { background: none; border: 0; padding: 0; cursor: pointer; }
  a { color: inherit; text-decoration: none; }
  :focus { outline: none; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  h1:focus-visible, [tabindex="-1"]:focus-visible { outline: none; }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation-duration: 0.01ms !important; animation-iteration-count: 1 !important; transition-duration: 0.01ms !important; scroll-behavior: auto !important; }
  }
`;

const type = css`
  .t12 { font: var(--font-12); }
  .t14 { font: var(--font-14); }
  .t16 { font: var(--font-16); letter-spacing: -0.008em; }
  .t20 { font: var(--font-20); letter-spacing: -0.014em; }
  .t28 { font: var(--font-28); letter-spacing: -0.02em; }
  .t40 { font: var(--font-40); letter-spacing: -0.028em; text-wrap: balance; }
  .prose { font: var(--font-prose); text-wrap: pretty; }
  .name { font: var(--font-14); font-weight: 500; }
  .second { font: var(--font-12); color: var(--text2); }
  .hint { font: var(--font-12); color: var(--text3); }
  .quiet { color: var(--text2); }
  .bad { color: var(--bad); } .warn { color: var(--warn); } .good { color: var(--good); }
  .strong { font-weight: 600; }
  .link { color: var(--accent); border-radius: 2px; cursor: pointer; }
  .link:hover { text-decoration: underline; text-underline-offset: 3px; }
  .tabular { font-variant-numeric: tabular-nums; }
  .one-line { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  @media (max-width: 719.98px) { .t40 { font: var(--font-28); letter-spacing: -0.02em; } }
`;

const layout = css`
  .body { padding: 0 var(--margin-end) calc(var(--bottom) + 40px) var(--margin); }
  .bleed { margin-inline: calc(-1 * var(--margin)) calc(-1 * var(--margin-end)); }
  .panel { background: var(--surface); border-radius: var(--radius-place); padding: 24px; }
  .rows > * + * { border-top: 1px solid var(--line); }
  .stack { display: flex; flex-direction: column; gap: 12px; }
  .line { display: flex; align-items: center; gap: 12px; flex-wrap: wrap; }
  .line.end { justify-content: flex-end; }
  .grow { flex: 1 1 0; min-width: 0; }
  .visually-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @media (max-width: 719.98px) { .not-phone { display: none !important; } .panel { padding: 16px; } }
  @media (min-width: 720px) { .only-phone { display: none !important; } }
`;

/** `hm-field` draws in light DOM (password managers, forms), so its styles live with the page's. */
const field = css`
  hm-field { display: block; min-width: 0; }
  hm-field .field-label { display: block; font: var(--font-14); font-weight: 500; margin-bottom: 6px; }
  hm-field .field-box { position: relative; display: flex; align-items: center; }
  hm-field .field-input {
    width: 100%; min-width: 0; height: 44px; padding: 0 12px; font: var(--font-14); color: var(--text); background: var(--surface);
    border: 0; border-radius: var(--radius); box-shadow: inset 0 0 0 1px var(--line2); outline: none; appearance: none; -webkit-appearance: none;
  }
  hm-field textarea.field-input { height: auto; min-height: 88px; padding: 11px 12px; resize: vertical; line-height: 22px; }
  hm-field .field-input::placeholder { color: var(--text3); opacity: 1; }
  hm-field .field-input::-webkit-search-cancel-button { display: none; }
  hm-field .field-input:focus { box-shadow: inset 0 0 0 2px var(--accent); }
  hm-field .field-input:disabled { opacity: .45; }
  hm-field[error]:not([error=""]) .field-input { box-shadow: inset 0 0 0 2px var(--bad); }
  hm-field .field-box > hm-icon { position: absolute; left: 12px; pointer-events: none; color: var(--text2); }
  hm-field .field-box > hm-icon + .field-input { padding-left: 40px; }
  hm-field .field-box > hm-icon.field-chevron { left: auto; right: 12px; }
  hm-field select.field-input { padding-right: 40px; text-overflow: ellipsis; cursor: pointer; }
  hm-field select.field-input option { background: var(--raised); color: var(--text); }
  hm-field .field-side { position: absolute; right: 2px; display: flex; }
  hm-field .field-box:has(.field-side) .field-input { padding-right: 46px; }
  hm-field .field-box > hm-key { position: absolute; right: 12px; }
  hm-field .field-hint, hm-field .field-error { display: block; font: var(--font-12); margin-top: 6px; color: var(--text3); }
  hm-field .field-error { display: flex; gap: 6px; color: var(--bad); }
  @media (max-width: 719.98px), (pointer: coarse) { hm-field .field-input { font-size: 16px; } }
`;

export const shared = [reset, type, layout, field];
export default shared;
