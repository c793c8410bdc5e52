import { css, html, nothing, LitElement } from '../vendor/lit.js';
import { openDialogs } from './controllers.js';
import { Widget } from './element.js';
import { say } from './en.js';
import { shared } from './styles.js';

/** The native dialog with our dress; on phones a sheet from below. */
export class Dialog extends Widget {
  static properties = {
    open: { type: Boolean, reflect: true },
    heading: { type: String },
    width: { type: Number },
    noClose: { type: Boolean, attribute: 'no-close' },
    cross: { type: Boolean },
  };

  static styles = [shared, css`
    dialog { width: min(var(--width, 520px), calc(100vw - 32px)); max-width: none; max-height: min(calc(100dvh - 48px), 860px); padding: 0; border: 0; border-radius: var(--radius-place); background: var(--raised); color: var(--text); box-shadow: var(--shadow); overflow: hidden; --hover: var(--menu-hover); }
    dialog[open] { display: flex; flex-direction: column; animation: rise var(--slow) ease-out; }
    dialog:focus-visible, .inner:focus-visible { outline: none; }
    dialog::backdrop { background: var(--veil); animation: fade var(--slow) ease-out; }
    @keyframes rise { from { opacity: 0; transform: translateY(8px); } }
    @keyframes fade { from { opacity: 0; } }
    header { display: flex; align-items: flex-start; gap: 12px; padding: 24px 24px 0; }
    .head { flex: 1 1 0; min-width: 0; }
    h2 { font: var(--font-20); letter-spacing: -0.014em; text-wrap: balance; }
    header hm-icon-button { margin: -6px -8px -6px 0; }
    .inner { padding: 8px 24px 4px; overflow-y: auto; overscroll-behavior: contain; flex: 0 1 auto; color: var(--text2); }
    .inner ::slotted(*) { color: var(--text); }
    .inner ::slotted(p) { color: var(--text2); }
    footer { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 12px; padding: 16px 24px 24px; }
    footer.none { padding: 0 0 24px; }
    @media (max-width: 719.98px) {
      dialog { width: 100vw; margin: auto 0 0; border-radius: var(--radius-place) var(--radius-place) 0 0; max-height: calc(100dvh - 40px); }
      header { padding: 20px 16px 0; } .inner { padding: 8px 16px 4px; } footer { padding: 16px 16px calc(16px + env(safe-area-inset-bottom, 0px)); }
      @keyframes rise { from { opacity: 0; transform: translateY(24px); } }
    }
  `];

  get dialog() {
    return this.renderRoot.querySelector('dialog');
  }

  updated(changed) {
    if (this.width) this.style.setProperty('--width', `${this.width}px`);
    if (!changed.has('open')) return;
    if (this.open && !this.dialog.open) {
      openDialogs.add(this);
      document.documentElement.classList.add('locked');
      this.dialog.showModal();
      const first = this.querySelector('[autofocus]');
      Promise.resolve(first?.updateComplete).then(() => first?.focus()); // what is drawn with the dialog has no field in it yet
    } else if (!this.open && this.dialog.open) this.dialog.close();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.freed();
  }

  freed() {
    openDialogs.delete(this);
    if (openDialogs.size === 0) document.documentElement.classList.remove('locked');
    window.dispatchEvent(new Event('hm-dialog-freed'));
  }

  /** Asks to close; a listener may refuse by preventDefault(). @param {string} reason */
  close(reason = 'closed') {
    if (!this.emit('hm-close', { reason }, true)) return;
    this.open = false;
  }

  cancelled(event) {
    event.preventDefault();
    if (!this.noClose) this.close('escape');
  }

  pressed(event) {
    this.downOnVeil = event.target === this.dialog && !this.inside(event);
  }

  clicked(event) {
    if (this.downOnVeil && event.target === this.dialog && !this.inside(event) && !this.noClose) this.close('veil');
  }

  inside({ clientX: x, clientY: y }) {
    const box = this.dialog.getBoundingClientRect();
    return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  }

  render() {
    return html`<dialog aria-labelledby="heading" @cancel=${this.cancelled} @close=${this.freed} @pointerdown=${this.pressed} @click=${this.clicked}>
      <header><slot name="lead"></slot><div class="head"><h2 id="heading">${this.heading}</h2><slot name="sub"></slot></div>${this.cross && !this.noClose ? html`<hm-icon-button icon="x" label=${say.close} @click=${() => this.close('cross')}></hm-icon-button>` : nothing}</header>
      <div class="inner"><slot></slot></div>
      <footer class=${this.querySelector('[slot="actions"]') ? '' : 'none'}><slot name="actions" @slotchange=${() => this.requestUpdate()}></slot></footer></dialog>`;
  }
}
customElements.define('hm-dialog', Dialog);

class Confirm extends LitElement {
  static properties = { heading: {}, text: {}, action: {}, keep: {}, danger: { type: Boolean }, open: { type: Boolean } };

  answer(value) {
    this.open = false;
    this.done(value);
    this.remove();
  }

  render() {
    return html`<hm-dialog ?open=${this.open} heading=${this.heading} width="400" @hm-close=${() => this.answer(false)}><p>${this.text}</p>
      <hm-button slot="actions" kind="quiet" @click=${() => this.answer(false)}>${this.keep ?? say.cancel}</hm-button>
      <hm-button slot="actions" kind=${this.danger ? 'danger' : 'primary'} @click=${() => this.answer(true)}>${this.action}</hm-button></hm-dialog>`;
  }
}
customElements.define('hm-confirm', Confirm);

/**
 * Only for what cannot be undone; everything else happens at once and offers "Undo" in a toast.
 * @param {{heading: string, text: string, action: string, keep?: string, danger?: boolean}} what
 * @returns {Promise<boolean>}
 */
export function confirmDialog(what) {
  return new Promise((done) => {
    const it = Object.assign(document.createElement('hm-confirm'), what, { open: true, done });
    document.body.append(it);
  });
}
