import { css, html, nothing } from '../vendor/lit.js';
import { clock } from '../format.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { say } from './en.js';

const STEP_S = 5;

/** How far a clip is, and the way to another place in it. `edge`: the line is the upper edge of the bar below. Emits `hm-scrub` {at: 0–1, held}. */
class ScrubLine extends Widget {
  static properties = { edge: { type: Boolean, reflect: true }, duration: { type: Number }, held: { type: Boolean, reflect: true }, at: { state: true } };

  static styles = [reset, css`
    :host { display: block; position: relative; height: 20px; touch-action: none; cursor: pointer; --thick: 4px; color: #fff; }
    .line { position: absolute; left: 0; right: 0; top: 8px; height: var(--thick); border-radius: 2px; background: rgb(255 255 255 / .34); overflow: hidden; transition: height var(--fast) ease-out; }
    .done { height: 100%; width: 100%; background: var(--on-picture-accent); transform: scaleX(var(--part, 0)); transform-origin: left; }
    :host(:focus-visible) { outline: 2px solid var(--on-picture-accent); outline-offset: 2px; border-radius: 4px; }
    .time { position: absolute; left: clamp(28px, calc(var(--part, 0) * 100%), calc(100% - 28px)); bottom: 24px; transform: translateX(-50%); padding: 2px 8px; border-radius: 4px; background: var(--tag); font: var(--font-14); font-variant-numeric: tabular-nums; white-space: nowrap; pointer-events: none; }
    :host([edge]) { height: 28px; } :host([edge]) .line { top: auto; bottom: 0; height: 3px; border-radius: 0; } :host([edge][held]) .line { height: 8px; }
    :host([edge]) .time { bottom: 40px; font: var(--font-20); padding: 4px 12px; border-radius: var(--radius); }
  `];

  constructor() {
    super();
    this.share = 0;
    this.duration = 0;
    for (const [name, fn] of Object.entries({ pointerdown: this.down, pointermove: this.moved, pointerup: this.up, pointercancel: this.up, keydown: this.keyed })) this.addEventListener(name, fn);
  }

  connectedCallback() {
    super.connectedCallback();
    this.tabIndex = 0;
    this.setAttribute('role', 'slider');
    this.setAttribute('aria-valuemin', '0');
  }

  /** Drawn without a rendering: it moves sixty times a second. @param {number} part 0–1 */
  show(part) {
    if (this.held) return;
    this.put(part);
  }

  put(part) {
    this.share = part;
    this.renderRoot?.querySelector('.box')?.style.setProperty('--part', part.toFixed(4));
    const now = Math.round(part * this.duration);
    if (now === this.said) return;
    this.said = now;
    this.setAttribute('aria-valuenow', String(now));
    this.setAttribute('aria-valuetext', say.placeOf(clock(now * 1000), clock(this.duration * 1000)));
  }

  updated(changed) {
    if (changed.has('duration')) this.setAttribute('aria-valuemax', String(Math.round(this.duration)));
  }

  tell(event) {
    const { left, width } = this.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - left) / width));
    this.put(part);
    this.at = part;
    this.emit('hm-scrub', { at: part, held: this.held });
  }

  down(event) {
    if (event.button > 0 || !this.duration) return;
    event.stopPropagation();
    this.setPointerCapture(event.pointerId);
    this.held = true;
    this.tell(event);
  }

  moved(event) {
    if (this.held) this.tell(event);
  }

  up(event) {
    if (!this.held) return;
    event.stopPropagation();
    this.held = false;
    this.emit('hm-scrub', { at: this.share, held: false });
  }

  keyed(event) {
    const step = { ArrowLeft: -STEP_S, ArrowRight: STEP_S }[event.key];
    if (!step || !this.duration) return;
    event.preventDefault();
    this.put(Math.min(1, Math.max(0, this.share + step / this.duration)));
    this.emit('hm-scrub', { at: this.share, held: false });
  }

  render() {
    this.setAttribute('aria-label', say.place);
    return html`<div class="box"><div class="line"><div class="done"></div></div>${this.held ? html`<span class="time">${clock(this.share * this.duration * 1000)}</span>` : nothing}</div>`;
  }
}
customElements.define('hm-scrub-line', ScrubLine);
