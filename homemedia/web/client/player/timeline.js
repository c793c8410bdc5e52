import { css, html, nothing } from '../vendor/lit.js';
import { clock } from '../format.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { vars } from '../ui/vars.js';
import { segmentAt } from './chapters.js';
import { say } from './en.js';
import { scrubPicture } from './scrub-picture.js';

const STEP_MS = 10_000;
const PAGE_MS = 60_000;
const NAMED_MS = 1500;
const between = (value, least, most) => Math.min(most, Math.max(least, value));

/** The bar of time: pieces for chapters, what is read ahead, a knob; a preview of where the pointer is. Tells `player-seek {at}`, `player-scrub {at | null}` while it is dragged, `player-point {at | null}`
 * where a pointer, a finger or a key is on it. `picture`: (at) => the small picture above the words of the preview ({tile, image}, see Scrub.at), null for none; all times in ms over the whole. */
class Timeline extends Widget {
  static properties = {
    time: { type: Number },
    duration: { type: Number },
    readUntil: { type: Number, attribute: false },
    pieces: { attribute: false },
    picture: { attribute: false },
    hovered: { state: true },
    named: { state: true },
    dragged: { state: true },
  };

  static styles = [reset, css`
    :host { display: block; --h: 6px; --scrub: clamp(160px, 13.6vw, 320px); touch-action: none; }
    .bar { position: relative; height: 24px; cursor: pointer; border-radius: 4px; }
    .bar::before { content: ''; position: absolute; inset: 0; }
    .piece { position: absolute; top: calc(50% - var(--h) / 2); height: var(--h); left: calc(var(--from) * 100%); width: calc(var(--share) * 100% - var(--cut)); min-width: 1px; border-radius: 3px; overflow: hidden; background: rgb(255 255 255 / .28); }
    .piece i { position: absolute; inset: 0; transform-origin: 0 50%; }
    .read { background: rgb(255 255 255 / .3); transform: scaleX(var(--read)); }
    .played { background: var(--on-picture-accent); transform: scaleX(var(--played)); }
    .tick { position: absolute; top: calc(50% - 5px); width: 2px; height: 10px; margin-left: -1px; left: calc(var(--at) * 100%); background: #fff; border-radius: 1px; pointer-events: none; }
    .knob { position: absolute; top: calc(50% - 8px); left: calc(var(--at) * 100%); width: 16px; height: 16px; margin-left: -8px; border-radius: 50%; background: #fff; pointer-events: none; }
    .bar:focus-visible { outline: none; } .bar:focus-visible .knob { outline: 2px solid var(--accent); outline-offset: 2px; }
    .preview { position: absolute; bottom: 28px; left: calc(var(--at) * 100%); display: flex; gap: 12px; padding: 4px 8px; border-radius: var(--radius); background: var(--tag); color: #fff; font: var(--font-12); white-space: nowrap; pointer-events: none; transform: translateX(-50%); max-width: 60vw; }
    .preview.start { left: 0; transform: none; } .preview.end { left: auto; right: 0; transform: none; }
    .preview.pictured { left: clamp(var(--scrub-width) / 2, var(--at) * 100%, 100% - var(--scrub-width) / 2); flex-wrap: wrap; justify-content: space-between; gap: 4px 12px; padding: 0; background: none; width: var(--scrub-width); max-width: none; text-shadow: 0 0 3px #000; } .preview.pictured > :first-child { flex: none; } .preview.pictured b { flex: 1 1 0; }
    .preview b { font-weight: 400; overflow: hidden; text-overflow: ellipsis; } .preview span { font-weight: 600; font-variant-numeric: tabular-nums; }
    @media (pointer: coarse) { .bar { height: 44px; } .preview { bottom: 40px; } }
  `];

  constructor() {
    super();
    Object.assign(this, { time: 0, duration: 0, readUntil: 0, pieces: [], picture: null, hovered: null, dragged: null, named: null });
  }

  get bar() {
    return this.renderRoot.querySelector('.bar');
  }

  timeAt(event) {
    const { left, width } = this.bar.getBoundingClientRect();
    return between((event.clientX - left) / width, 0, 1) * this.duration;
  }

  pressed(event) {
    if (event.button !== 0 || !(this.duration > 0)) return;
    this.bar.setPointerCapture(event.pointerId);
    this.drag(this.timeAt(event));
  }

  moved(event) {
    if (!(this.duration > 0)) return;
    const at = this.timeAt(event);
    if (this.dragged !== null) this.drag(at);
    else if (event.pointerType !== 'touch') this.hovered = at;
  }

  drag(at) {
    this.dragged = at;
    this.emit('player-scrub', { at });
  }

  /** Shows for a moment what lies at a time that was reached in another way: by a key. */
  name(at) {
    if (!(this.duration > 0)) return;
    this.named = between(at, 0, this.duration);
    clearTimeout(this.namedTimer);
    this.namedTimer = setTimeout(() => (this.named = null), NAMED_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.namedTimer);
    this.named = null;
  }

  willUpdate(changed) {
    if (!['hovered', 'dragged', 'named'].some((name) => changed.has(name))) return;
    const at = this.dragged ?? this.hovered ?? this.named;
    if (at !== this.pointed) this.emit('player-point', { at });
    this.pointed = at;
  }

  released(event) {
    if (this.dragged === null) return;
    const at = event.type === 'pointerup' ? this.dragged : null;
    this.dragged = null;
    this.emit('player-scrub', { at: null });
    if (at !== null) this.emit('player-seek', { at });
  }

  keyed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = {
      ArrowUp: this.time + STEP_MS, ArrowDown: this.time - STEP_MS, PageUp: this.time + PAGE_MS, PageDown: this.time - PAGE_MS, Home: 0, End: this.duration - 1000,
    }[event.key];
    if (to === undefined) return; // left and right are the page's own keys
    event.preventDefault();
    this.name(to);
    this.emit('player-seek', { at: between(to, 0, this.duration) });
  }

  piece(piece, isLast, shown) {
    const length = piece.end - piece.start;
    const share = (at) => between((at - piece.start) / length, 0, 1).toFixed(4);
    return html`<div class="piece" ${vars({ '--from': piece.start / this.duration, '--share': length / this.duration, '--cut': isLast ? '0px' : '4px', '--read': share(this.readUntil), '--played': share(shown) })}><i class="read"></i><i class="played"></i></div>`;
  }

  preview(at) {
    const share = at / this.duration;
    const title = this.pieces[segmentAt(this.pieces, at)]?.title;
    const found = this.picture?.(at);
    // As large for a picture that stands on end as for one that lies.
    const width = found ? `min(var(--scrub), var(--scrub) * ${(found.tile.width / found.tile.height).toFixed(4)})` : null;
    const picture = found ? scrubPicture(found) : nothing;
    return html`<div class="preview ${found ? 'pictured' : share < 0.06 ? 'start' : share > 0.94 ? 'end' : ''}" ${vars({ '--at': share, '--scrub-width': width })}>${picture}${title ? html`<b>${title}</b>` : nothing}<span>${clock(at)}</span></div>`;
  }

  render() {
    const shown = this.dragged ?? this.time;
    const known = this.duration > 0;
    const pointed = this.dragged ?? this.hovered ?? this.named;
    const title = this.pieces[segmentAt(this.pieces, shown)]?.title;
    return html`<div class="bar" role="slider" tabindex="0" aria-label=${say.timeline} aria-valuemin="0" aria-valuemax=${Math.round(this.duration / 1000)} aria-valuenow=${Math.round(shown / 1000)}
        aria-valuetext=${say.timeText(clock(shown), clock(this.duration), title)} aria-disabled=${known ? nothing : 'true'}
        @pointerdown=${this.pressed} @pointermove=${this.moved} @pointerup=${this.released} @pointercancel=${this.released} @pointerleave=${() => (this.hovered = null)} @keydown=${this.keyed}>
      ${known ? this.pieces.map((piece, i) => this.piece(piece, i === this.pieces.length - 1, shown)) : html`<div class="piece" ${vars({ '--from': 0, '--share': 1, '--cut': '0px', '--read': 0, '--played': 0 })}></div>`}
      ${known && this.hovered !== null && this.dragged === null ? html`<div class="tick" ${vars({ '--at': this.hovered / this.duration })}></div>` : nothing}
      ${known ? html`<div class="knob" ${vars({ '--at': between(shown / this.duration, 0, 1) })}></div>` : nothing}
      ${known && pointed !== null ? this.preview(pointed) : nothing}</div>`;
  }
}
customElements.define('player-timeline', Timeline);
