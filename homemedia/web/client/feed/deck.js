import { css, html, nothing, repeat } from '../vendor/lit.js';
import { Widget } from '../ui/element.js';
import { media } from '../ui/platform.js';
import { reset } from '../ui/styles.js';
import { Wheel } from './wheel.js';

const DRAWN = 2; // to each side; further ones are empty boxes
const RESTS_MS = 1000;
const NEAR = 1; // to each side: their first frame is made ready, so three films live at most

/**
 * One thing at a time, one below another, over the whole box: the browser scrolls and snaps.
 * `.slides=[{id, label}]`, `.renderSlide=(slide, {active, near}) => template`; `ready`: the one that is looked at plays, so its neighbours may load.
 * Emits `hm-deck` {slide, index, how}; `to(index)`, `step(by)`, `index`.
 */
class Deck extends Widget {
  static properties = { slides: { attribute: false }, renderSlide: { attribute: false }, ready: { type: Boolean }, label: { type: String }, busy: { type: Boolean }, current: { state: true } };

  static styles = [reset, css`
    :host { display: block; height: 100%; }
    .deck { height: 100%; overflow-y: scroll; overflow-x: hidden; scroll-snap-type: y mandatory; overscroll-behavior-y: contain; scrollbar-width: none; -webkit-overflow-scrolling: touch; overflow-anchor: none; outline: none; }
    .deck::-webkit-scrollbar { display: none; }
    .slide { position: relative; height: 100%; scroll-snap-align: start; scroll-snap-stop: always; contain: strict; }
  `];

  constructor() {
    super();
    this.slides = [];
    this.current = null;
    this.aim = null;
    this.at = 0;
    this.isHeld = false;
    this.wheel = new Wheel((by) => this.step(by));
    this.sized = new ResizeObserver(() => this.settle());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.sized.disconnect();
  }

  firstUpdated() {
    this.sized.observe(this.box);
  }

  get box() {
    return this.renderRoot.querySelector('.deck');
  }

  get index() {
    return Math.max(0, this.slides.findIndex((slide) => slide.id === this.current));
  }

  willUpdate(changed) {
    if (!changed.has('slides') || !this.slides.length) return;
    if (this.slides.some((slide) => slide.id === this.current)) return;
    const before = changed.get('slides') ?? [];
    const at = before.findIndex((slide) => slide.id === this.current);
    this.look(Math.min(Math.max(0, at), this.slides.length - 1), 'slides'); // what one looked at is gone: the next takes its place
  }

  updated(changed) {
    if (changed.has('slides') && this.index !== this.at) this.settle(); // slides came or went before it
  }

  /** Where it should be, at once; a hand that scrolls is let be until it is done. */
  settle() {
    const { box, index } = this;
    if (this.isHeld) return;
    this.at = index;
    const top = index * box.clientHeight;
    if (this.aim === null && Math.abs(box.scrollTop - top) > 1) box.scrollTo({ top, behavior: 'instant' });
  }

  look(index, how) {
    const slide = this.slides[index];
    if (!slide || slide.id === this.current) return;
    this.current = slide.id;
    this.at = index;
    this.emit('hm-deck', { slide, index, how });
  }

  /** @param {number} index @param {{smooth?: boolean}} [how] */
  to(index, { smooth = true } = {}) {
    const at = Math.min(Math.max(0, index), this.slides.length - 1);
    if (at === this.index) return;
    const isNext = Math.abs(at - this.index) === 1;
    this.look(at, 'step');
    const top = at * this.box.clientHeight;
    if (smooth && isNext && !media.reducedMotion) {
      this.aim = at;
      this.box.scrollTo({ top, behavior: 'smooth' });
    } else this.updateComplete.then(() => this.box.scrollTo({ top, behavior: 'instant' }));
  }

  step(by) {
    this.to((this.aim ?? this.index) + by);
  }

  /** The hand has it: what was aimed at no more counts. */
  taken() {
    this.aim = null;
    this.isHeld = true;
  }

  scrolled() {
    const { box } = this;
    if (!box.clientHeight) return;
    const at = Math.round(box.scrollTop / box.clientHeight);
    if (this.aim === null) this.look(at, 'swipe');
    else if (Math.abs(box.scrollTop - this.aim * box.clientHeight) < 2) this.aim = null;
  }

  ended() {
    this.aim = null;
    this.isHeld = false;
    this.scrolled();
    if (this.index !== this.at) this.settle();
  }

  /** A finger that only tapped scrolled nothing, so no end of scrolling comes. */
  let() {
    clearTimeout(this.letting);
    this.letting = setTimeout(() => (this.isHeld = false), RESTS_MS);
  }

  one(slide, i) {
    const away = Math.abs(i - this.index);
    const active = away === 0;
    return html`<article class="slide" ?inert=${!active} aria-label=${slide.label ?? nothing} aria-posinset=${i + 1} aria-setsize=${this.busy ? -1 : this.slides.length} data-id=${slide.id}>
      ${away <= DRAWN ? this.renderSlide(slide, { active, near: active || (away <= NEAR && this.ready) }) : nothing}</article>`;
  }

  render() {
    return html`<div class="deck" role="feed" tabindex="-1" aria-label=${this.label || nothing} aria-busy=${String(Boolean(this.busy))} @scroll=${this.scrolled} @scrollend=${this.ended} @touchstart=${this.taken} @touchend=${this.let} @touchcancel=${this.let} @wheel=${(event) => this.wheel.heard(event)}>
      ${repeat(this.slides, (slide) => slide.id, (slide, i) => this.one(slide, i))}</div>`;
  }
}
customElements.define('hm-clip-deck', Deck);
