import { css, html, nothing } from '../vendor/lit.js';
import { openDialogs } from './controllers.js';
import { Widget } from './element.js';
import { say } from './en.js';
import { reset } from './styles.js';

const LEAVES_MS = 3000;

/** A full-window frame for one picture; what lies on it leaves after 3 s without a move. */
export class Viewer extends Widget {
  static properties = { open: { type: Boolean, reflect: true }, label: { type: String }, steps: { type: Boolean }, ownGestures: { type: Boolean, attribute: 'own-gestures' }, awake: { type: Boolean }, asleep: { type: Boolean, reflect: true } };

  static styles = [reset, css`
    dialog { width: 100vw; height: 100dvh; max-width: none; max-height: none; margin: 0; padding: 0; border: 0; background: #000; color: #fff; overflow: hidden; }
    dialog[open] { display: grid; animation: fade var(--slow) ease-out; }
    @keyframes fade { from { opacity: 0; } }
    .picture { position: absolute; inset: 0; display: grid; place-items: center; }
    .picture ::slotted(*) { max-width: 100%; max-height: 100%; }
    .top, .bottom { position: absolute; left: 0; right: var(--viewer-side, 0px); display: flex; align-items: center; gap: 8px; padding: 16px; transition: opacity var(--slow) ease-out; z-index: 2; }
    .top { top: 0; background: linear-gradient(rgb(0 0 0 / .55), transparent); } .bottom { bottom: 0; justify-content: space-around; background: linear-gradient(transparent, rgb(0 0 0 / .55)); padding-bottom: calc(16px + env(safe-area-inset-bottom, 0px)); }
    .bottom { pointer-events: none; } .bottom ::slotted(*) { pointer-events: auto; }
    .top slot { flex: 1 1 0; min-width: 0; display: flex; align-items: center; gap: 8px; }
    .step { position: absolute; top: 50%; margin-top: -24px; z-index: 2; transition: opacity var(--slow) ease-out; } .previous { left: 16px; } .next { right: calc(16px + var(--viewer-side, 0px)); }
    :host([asleep]) .top, :host([asleep]) .bottom, :host([asleep]) .step { opacity: 0; } :host([asleep]) dialog { cursor: none; }
    dialog:focus-within:has(:focus-visible) .top { opacity: 1; }
    @media (hover: none) { .step { display: none; } }
  `];

  get dialog() {
    return this.renderRoot.querySelector('dialog');
  }

  updated(changed) {
    if (!changed.has('open')) return;
    if (this.open && !this.dialog.open) {
      openDialogs.add(this);
      document.documentElement.classList.add('locked');
      this.dialog.showModal();
      this.wake();
    } else if (!this.open && this.dialog.open) this.dialog.close();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.freed();
  }

  freed() {
    clearTimeout(this.timer);
    openDialogs.delete(this);
    if (openDialogs.size === 0) document.documentElement.classList.remove('locked');
    window.dispatchEvent(new Event('hm-dialog-freed'));
  }

  wake() {
    this.asleep = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.asleep = !this.awake;
    }, LEAVES_MS);
  }

  close(event) {
    event?.preventDefault();
    if (this.emit('hm-close', {}, true)) this.open = false;
  }

  keyed(event) {
    this.wake();
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || !this.steps) return;
    event.preventDefault();
    this.emit('hm-step', { by });
  }

  swipe(event) {
    if (this.ownGestures) return;
    if (event.type === 'pointerdown') this.from = { x: event.clientX, y: event.clientY };
    else if (this.from && event.pointerType === 'touch') {
      const across = event.clientX - this.from.x;
      const down = event.clientY - this.from.y;
      this.from = null;
      if (this.steps && Math.abs(across) > 48 && Math.abs(across) > Math.abs(down)) this.emit('hm-step', { by: across < 0 ? 1 : -1 });
      else if (down > 80 && down > Math.abs(across)) this.close();
    }
  }

  render() {
    const step = (name, icon, label, by) => html`<hm-icon-button class="step ${name}" icon=${icon} label=${label} size="large" on-picture @click=${() => this.emit('hm-step', { by })}></hm-icon-button>`;
    return html`<dialog aria-label=${this.label || nothing} @cancel=${this.close} @close=${this.freed} @pointermove=${this.wake} @keydown=${this.keyed}>
      <div class="picture" @pointerdown=${this.swipe} @pointerup=${this.swipe}><slot></slot></div>
      <div class="top"><hm-icon-button icon="arrow-left" label=${say.close} on-picture @click=${this.close}></hm-icon-button><slot name="top"></slot></div>
      ${this.steps ? html`${step('previous', 'chevron-left', say.previous, -1)}${step('next', 'chevron-right', say.next, 1)}` : nothing}
      <div class="bottom"><slot name="bottom"></slot></div></dialog>`;
  }
}
customElements.define('hm-viewer', Viewer);
