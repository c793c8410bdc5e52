import { css, html, nothing, repeat } from '../vendor/lit.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { vars } from '../ui/vars.js';
import { say } from './en.js';
import { monthWords } from './words.js';

const LABEL_PX = 26;
const DOT_PX = 9;
const LEAVES_MS = 1200;

/** Years by weight at the right edge, one mark where one is. On phones it shows while the page moves. */
class MonthScrubber extends Widget {
  static properties = { extents: { attribute: false }, place: { attribute: false }, height: { state: true }, pointed: { state: true }, moves: { type: Boolean }, awake: { type: Boolean, reflect: true }, held: { type: Boolean, reflect: true } };

  static styles = [reset, css`
    :host { position: fixed; z-index: 15; top: calc(var(--top) + 64px); bottom: calc(var(--bottom) + 28px); right: 0; width: 80px; user-select: none; -webkit-user-select: none; }
    .track { position: absolute; inset: 0; cursor: pointer; touch-action: none; border-radius: var(--radius); }
    .year, .dot, .mark { position: absolute; right: 16px; transform: translateY(calc(var(--at) * 1px)); top: 0; pointer-events: none; }
    .year { margin-top: -8px; font: var(--font-12); color: var(--text2); font-variant-numeric: tabular-nums; } .year.now { font-weight: 600; color: var(--text); }
    .dot { right: 18px; width: 3px; height: 3px; margin-top: -1px; border-radius: 50%; background: var(--line2); opacity: .6; }
    .mark { right: 0; display: flex; align-items: center; gap: 6px; margin-top: -12px; height: 24px; }
    .mark::after { content: ''; width: 28px; height: 2px; background: var(--accent); margin-right: 8px; }
    .mark span { padding: 2px 8px; border-radius: 4px; line-height: 20px; background: var(--accent); color: var(--on); font: var(--font-12); line-height: 20px; font-weight: 600; white-space: nowrap; }
    .mark.ghost span { background: var(--inverse); color: var(--on-inverse); } .mark.ghost::after { background: var(--inverse); }
    @media (max-width: 1099.98px) {
      :host { top: calc(var(--top) + 16px); width: 24px; opacity: 0; pointer-events: none; transition: opacity var(--slow) ease-out; } :host([awake]) { opacity: 1; pointer-events: auto; }
      .year, .dot { display: none; } .mark { gap: 12px; } .mark::after { width: 6px; height: 40px; margin-right: 0; border-radius: 3px 0 0 3px; } .mark span { padding: 6px 12px; border-radius: var(--round); font: var(--font-12); font-weight: 600; }
    }
  `];

  constructor() {
    super();
    this.extents = [];
    this.place = null;
    this.height = 600;
    this.watcher = new ResizeObserver(() => (this.height = this.clientHeight || 600));
    this.addEventListener('keydown', (event) => this.keyed(event));
  }

  connectedCallback() {
    super.connectedCallback();
    this.watcher.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watcher.disconnect();
    clearTimeout(this.timer);
  }

  willUpdate(changed) {
    if (changed.has('place') && changed.get('place') && this.moves) this.wake();
  }

  wake() {
    this.awake = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.awake = this.held), LEAVES_MS);
  }

  get part() {
    const one = this.extents.find(({ id }) => id === this.place?.id);
    return one ? one.top + one.height * this.place.part : 0;
  }

  /** The month at a height of the bar, and how far in it. */
  at(part) {
    const one = this.extents.find(({ top, height }) => part < top + height) ?? this.extents.at(-1);
    return one ? { id: one.id, part: Math.min(0.999, Math.max(0, (part - one.top) / (one.height || 1))) } : null;
  }

  partOf(event) {
    const box = this.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
  }

  pressed(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    event.target.setPointerCapture(event.pointerId);
    this.held = true;
    this.moved(event);
  }

  moved(event) {
    const part = this.partOf(event);
    if (this.held) {
      this.pointed = null;
      this.wake();
      this.jump(this.at(part));
    } else if (event.pointerType === 'mouse') this.pointed = part;
  }

  jump(to) {
    if (to) this.emit('photo-jump', to);
  }

  released() {
    this.held = false;
  }

  keyed(event) {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12 }[event.key];
    const last = this.extents.length - 1;
    const now = this.extents.findIndex(({ id }) => id === this.place?.id);
    const to = { Home: 0, End: last }[event.key] ?? (by ? Math.min(last, Math.max(0, now + by)) : null);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.jump({ id: this.extents[to].id, part: 0 });
  }

  marks() {
    const years = [];
    const dots = [];
    let lastYear = -LABEL_PX;
    let lastDot = -DOT_PX;
    let before = null;
    for (const { id, top } of this.extents) {
      const year = id.slice(0, 4);
      const y = top * this.height;
      if (year !== before && y - lastYear >= LABEL_PX) {
        years.push({ year, y });
        lastYear = y;
      } else if (y - lastDot >= DOT_PX && y - lastYear >= 14) {
        dots.push({ id, y });
        lastDot = y;
      }
      before = year;
    }
    return { years, dots: dots.filter(({ y }) => !years.some((one) => Math.abs(one.y - y) < 12)) };
  }

  mark(part, id, kind) {
    const short = window.innerWidth >= 1100;
    return html`<div class="mark ${kind}" ${vars({ '--at': part * this.height })}><span>${monthWords(id, short)}</span></div>`;
  }

  render() {
    if (this.extents.length < 2) return nothing;
    const { years, dots } = this.marks();
    const month = this.place?.id ?? this.extents[0].id;
    const pointed = this.pointed === null || this.pointed === undefined ? null : this.at(this.pointed);
    return html`<div class="track" role="slider" tabindex="0" aria-label=${say.months} aria-orientation="vertical" aria-valuemin="0" aria-valuemax=${this.extents.length - 1}
        aria-valuenow=${Math.max(0, this.extents.findIndex(({ id }) => id === month))} aria-valuetext=${monthWords(month)}
        @pointerdown=${this.pressed} @pointermove=${this.moved} @pointerup=${this.released} @pointercancel=${this.released} @pointerleave=${() => (this.pointed = null)}></div>
      ${repeat(years.filter(({ y }) => Math.abs(y - this.part * this.height) > 18), ({ year }) => year, ({ year, y }) => html`<div class="year ${month.startsWith(year) ? 'now' : ''}" ${vars({ '--at': y })}>${year}</div>`)}
      ${repeat(dots, ({ id }) => id, ({ y }) => html`<div class="dot" ${vars({ '--at': y })}></div>`)}
      ${this.mark(this.part, month, '')}${pointed ? this.mark(this.pointed, pointed.id, 'ghost') : nothing}`;
  }
}
customElements.define('photo-scrubber', MonthScrubber);
