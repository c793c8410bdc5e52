import { css, html, nothing, repeat } from '../vendor/lit.js';
import { openDialogs } from './controllers.js';
import { Widget } from './element.js';
import { say } from './en.js';
import { reset } from './styles.js';

const STAYS_MS = 8000;

/** The one host of toasts, made with the first; lies in the top layer so that it also shows over dialogs. */
class Toasts extends Widget {
  static properties = { shown: { state: true } };

  static styles = [reset, css`
    .host { position: fixed; inset: auto 0 calc(var(--bottom) + 20px); margin: 0 auto; padding: 0 16px; border: 0; background: none; width: max-content; max-width: 100vw; overflow: visible; display: flex; flex-direction: column; gap: 8px; align-items: center; pointer-events: none; }
    .toast { display: flex; align-items: center; gap: 12px; min-height: 48px; min-width: min(312px, 100%); max-width: 480px; padding: 6px 8px 6px 16px; border-radius: var(--radius-place); background: var(--inverse); color: var(--on-inverse); box-shadow: var(--shadow); font: var(--font-14); pointer-events: auto; animation: appear var(--slow) ease-out; }
    @keyframes appear { from { opacity: 0; transform: translateY(8px); } }
    .words { flex: 1 1 0; min-width: 0; padding: 4px 0; text-wrap: pretty; }
    button { height: 36px; padding: 0 10px; border-radius: var(--radius); font: var(--font-14); font-weight: 600; color: var(--inverse-accent); white-space: nowrap; }
    button:focus-visible { outline-color: var(--inverse-accent); outline-offset: -2px; }
    hm-icon { color: oklch(.74 .13 28); }
    @media (pointer: coarse) { button { height: 44px; } }
  `];

  constructor() {
    super();
    this.shown = [];
  }

  add(one) {
    this.shown = [...this.shown.slice(-2), one];
    this.updateComplete.then(() => {
      const host = this.renderRoot.querySelector('.host');
      if (host.matches(':popover-open')) host.hidePopover(); // once more on top of what opened since
      host.showPopover();
    });
    this.start(one);
  }

  start(one) {
    clearTimeout(one.timer);
    one.timer = setTimeout(() => this.end(one, 'time'), STAYS_MS);
  }

  end(one, how) {
    if (!this.shown.includes(one)) return;
    clearTimeout(one.timer);
    this.shown = this.shown.filter((other) => other !== one);
    one.done(how);
    if (this.shown.length === 0) this.updateComplete.then(() => this.shown.length === 0 && this.renderRoot.querySelector('.host').hidePopover());
  }

  run(one) {
    this.end(one, 'undo');
    one.action.run();
  }

  render() {
    return html`<div class="host" popover="manual" role="region" aria-label=${say.notices} aria-live="polite">
      ${repeat(this.shown, (one) => one, (one) => html`<div class="toast" @pointerenter=${() => clearTimeout(one.timer)} @pointerleave=${() => this.start(one)} @focusin=${() => clearTimeout(one.timer)} @focusout=${() => this.start(one)}>
        ${one.kind === 'bad' ? html`<hm-icon name="warning"></hm-icon>` : nothing}<span class="words">${one.text}</span>
        ${one.action ? html`<button type="button" @click=${() => this.run(one)}>${one.action.label}</button>` : nothing}</div>`)}</div>`;
  }
}
customElements.define('hm-toasts', Toasts);

let host = null;

/** Under a modal dialog nothing outside can be pressed, so toasts stand in the uppermost that is open. */
function settle() {
  const at = [...openDialogs].at(-1)?.dialog ?? document.body;
  if (host.parentNode === at && host.isConnected) return;
  at.append(host);
  if (host.shown.length) host.updateComplete.then(() => host.renderRoot.querySelector('.host').showPopover());
}

window.addEventListener('hm-dialog-freed', () => host && settle());

/**
 * @param {string} text
 * @param {{undo?: () => unknown, action?: {label: string, run: () => unknown}, kind?: 'plain' | 'bad'}} [options]
 * @returns {{close: () => void, closed: Promise<'time' | 'undo' | 'closed'>}}
 */
export function toast(text, { undo, action, kind = 'plain' } = {}) {
  host ??= document.createElement('hm-toasts');
  settle();
  const one = { text, kind, action: undo ? { label: say.undo, run: undo } : action };
  const closed = new Promise((done) => {
    one.done = done;
  });
  host.add(one);
  return { close: () => host.end(one, 'closed'), closed };
}

/** Says a failed action in its own words. @param {Error} error */
export const toastError = (error) => toast(error.message, { kind: 'bad' });
