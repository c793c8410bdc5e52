import { css, html, nothing, repeat } from '../vendor/lit.js';
import { count } from '../format.js';
import { Widget } from '../ui/element.js';
import { media } from '../ui/platform.js';
import { reset } from '../ui/styles.js';
import { CELL, marksOf } from './clusters.js';
import { say } from './en.js';
import { pictureUrl } from './items.js';
import { around, fit, held, least, ruler, spread, toGlobe, toMap } from './mercator.js';
import { world } from './world.js';

const STEP_PX = 96;
const DRAG_PX = 5;
const WHEEL = 0.0022;
const PINCH = 0.012;
const LINE_PX = 16;
const GLIDE_MS = 200;
const REST_MS = 300;
const MANY = 999;

/** "500 km", "200 m". */
const lengthWords = (metres) => (metres >= 1000 ? `${count(metres / 1000)} km` : `${count(metres)} m`);

/**
 * A calm map without tiles: land, borders, names, and photos where they were taken. `still`: a picture of a place, nothing to press.
 * Emits `photo-mark {ids}` when a mark is pressed, `photo-map-moved {lat, lon, zoom}` when it has come to rest.
 */
class PhotoMap extends Widget {
  static properties = {
    points: { attribute: false },
    at: { attribute: false },
    still: { type: Boolean, reflect: true },
    label: { type: String },
    marks: { state: true },
    problem: { state: true },
    scale: { state: true },
  };

  static styles = [reset, css`
    :host { display: block; position: relative; overflow: hidden; background: var(--sunken); isolation: isolate; }
    /* What the canvas is drawn with: sea, land, borders, names. Read from here, so that they follow the theme. */
    canvas { background-color: light-dark(var(--hover), var(--bg)); color: light-dark(var(--surface), var(--hover)); text-decoration-color: light-dark(var(--line), color-mix(in oklab, var(--line2) 45%, var(--hover))); caret-color: var(--text3); }
    .ground { position: absolute; inset: 0; outline-offset: -2px; } :host(:not([still])) .ground { touch-action: none; cursor: grab; } .ground.pulled { cursor: grabbing; }
    canvas { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
    .mark { position: absolute; left: 0; top: 0; width: 48px; height: 48px; margin: -24px 0 0 -24px; border-radius: 8px; background: var(--hover); box-shadow: 0 0 0 2px light-dark(var(--raised), var(--text3)), var(--shadow); will-change: transform; animation: come var(--fast) ease-out; -webkit-user-drag: none; user-select: none; }
    @keyframes come { from { opacity: 0; } }
    .mark img { width: 100%; height: 100%; object-fit: cover; border-radius: 8px; pointer-events: none; }
    .mark:focus-visible { outline-offset: 3px; z-index: 2; } @media (hover: hover) { .mark:hover { z-index: 2; } .mark:hover img { filter: brightness(.92); } }
    .many { position: absolute; right: -8px; top: -8px; min-width: 20px; height: 20px; padding: 0 6px; border-radius: 10px; background: var(--inverse); color: var(--on-inverse); font: var(--font-12); font-weight: 500; line-height: 20px; font-variant-numeric: tabular-nums; text-align: center; }
    .name { position: absolute; top: 54px; left: 50%; transform: translateX(-50%); max-width: 108px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding: 0 4px; font: var(--font-12); font-weight: 500; color: var(--text); text-shadow: 0 0 3px var(--bg), 0 0 3px var(--bg), 0 0 2px var(--bg); pointer-events: none; }
    .dot { position: absolute; left: 0; top: 0; width: 14px; height: 14px; margin: -7px 0 0 -7px; border-radius: 50%; background: var(--accent); box-shadow: 0 0 0 3px var(--raised), var(--shadow); }
    .tools { position: absolute; z-index: 3; right: 16px; bottom: 16px; display: flex; flex-direction: column; border-radius: 24px; background: var(--raised); box-shadow: var(--shadow); }
    .ruler { position: absolute; z-index: 3; left: 16px; bottom: 18px; font: var(--font-12); color: var(--text2); pointer-events: none; } .ruler i { display: block; height: 4px; margin-top: 2px; border: solid var(--text3); border-width: 0 1px 1px; }
    .failed { position: absolute; inset: auto 16px 16px; z-index: 3; }
  `];

  constructor() {
    super();
    this.points = [];
    this.at = null;
    this.marks = [];
    this.problem = null;
    this.view = null;
    this.pressed = new Map();
    this.sizes = new ResizeObserver(() => this.sized());
    this.themes = new MutationObserver(() => this.dressed());
    this.dark = window.matchMedia('(prefers-color-scheme: dark)');
    this.changed = () => this.dressed();
    this.wheeled = (event) => this.wheel(event);
  }

  connectedCallback() {
    super.connectedCallback();
    this.sizes.observe(this);
    this.themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'style'] });
    this.dark.addEventListener('change', this.changed);
    this.read();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.sizes.disconnect();
    this.themes.disconnect();
    this.dark.removeEventListener('change', this.changed);
    cancelAnimationFrame(this.frame);
    cancelAnimationFrame(this.gliding);
    clearTimeout(this.resting);
    this.frame = this.gliding = undefined;
  }

  async read() {
    this.problem = null;
    try {
      this.world = await world();
      this.soon();
    } catch (error) {
      this.problem = error; // the marks are there without it
    }
  }

  firstUpdated() {
    this.ground.addEventListener('wheel', this.wheeled, { passive: false });
  }

  willUpdate(changed) {
    if (changed.has('points')) {
      this.lying = this.points.map((one) => {
        const [x, y] = toMap(one.lon, one.lat);
        return { id: one.id, city: one.city, country: one.country, x, y };
      });
      this.level = null;
      if (!this.isMoved) this.view = null;
    }
    if (changed.has('at') && this.at) {
      const here = this.view && toGlobe(this.view.x, this.view.y);
      const isHere = here && Math.abs(here.lat - this.at.lat) < 1e-4 && Math.abs(here.lon - this.at.lon) < 1e-4 && Math.abs(this.view.zoom - this.at.zoom) < 0.01;
      if (!isHere) this.view = null;
    }
  }

  updated(changed) {
    if (changed.has('marks')) this.lay();
    if (changed.has('points') || changed.has('at')) this.soon();
  }

  get ground() {
    return this.renderRoot.querySelector('.ground');
  }

  get width() {
    return this.clientWidth;
  }

  get height() {
    return this.clientHeight;
  }

  sized() {
    this.soon();
  }

  dressed() {
    this.look = null;
    this.soon();
  }

  soon() {
    if (!this.isConnected) return;
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.paint();
    });
  }

  /** Where one looks when nobody has moved it yet. */
  begin() {
    const { at } = this;
    if (at) {
      const [x, y] = toMap(at.lon, at.lat);
      return { x, y, zoom: at.zoom };
    }
    return fit(this.lying ?? [], this.width, this.height, { margin: Math.min(72, this.width / 6) });
  }

  paint() {
    const { width, height } = this;
    if (!width || !height) return;
    this.view = held(this.view ?? this.begin(), width, height);
    this.mark();
    this.draw();
    this.lay();
    if (!this.still) {
      const { metres, px } = ruler(this.view);
      if (metres !== this.scale?.metres || Math.abs(px - this.scale.px) > 1) this.scale = { metres, px };
    }
  }

  draw() {
    const canvas = this.renderRoot.querySelector('canvas');
    const { width, height } = this;
    const dense = Math.min(2, window.devicePixelRatio || 1);
    if (canvas.width !== Math.round(width * dense) || canvas.height !== Math.round(height * dense)) {
      canvas.width = Math.round(width * dense);
      canvas.height = Math.round(height * dense);
    }
    if (!this.world) return;
    if (!this.look) {
      const css = getComputedStyle(canvas);
      this.look = { sea: css.backgroundColor, land: css.color, border: css.textDecorationColor, word: css.caretColor, font: `500 12px ${css.fontFamily}` };
    }
    this.world.draw(canvas.getContext('2d', { alpha: false }), this.view, { width, height, dense }, this.look, this.still ? [] : this.marks);
  }

  /** The marks of this zoom that are in the window. */
  mark() {
    if (!this.lying) return;
    const level = Math.round(this.view.zoom);
    const k = spread(this.view.zoom);
    const { x, y } = this.view;
    const [aside, above] = [this.width / k, this.height / k]; // a window more on each side, so that not each step asks anew
    const isInside = this.area && x - aside / 2 >= this.area.left && x + aside / 2 <= this.area.right && y - above / 2 >= this.area.top && y + above / 2 <= this.area.foot;
    if (level !== this.level || !isInside) {
      this.level = level;
      this.area = { left: x - aside * 1.5, right: x + aside * 1.5, top: y - above * 1.5, foot: y + above * 1.5 };
      this.all = marksOf(this.lying, level, this.area);
    }
    const near = (one) => Math.abs(one.x - this.view.x) * k < this.width / 2 + CELL && Math.abs(one.y - this.view.y) * k < this.height / 2 + CELL;
    const marks = this.all.filter(near);
    if (marks.length !== this.marks.length || marks.some((one, i) => one !== this.marks[i])) this.marks = marks;
  }

  lay() {
    if (!this.view) return;
    const k = spread(this.view.zoom);
    for (const element of this.renderRoot.querySelectorAll('.mark, .dot')) {
      const { x, y } = element.mark;
      element.style.setProperty('transform', `translate(${((x - this.view.x) * k + this.width / 2).toFixed(1)}px, ${((y - this.view.y) * k + this.height / 2).toFixed(1)}px)`);
    }
  }

  // Moving about

  moveTo(view) {
    this.isMoved = true;
    this.view = held(view, this.width, this.height);
    this.soon();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      const { lat, lon } = toGlobe(this.view.x, this.view.y);
      this.emit('photo-map-moved', { lat, lon, zoom: this.view.zoom });
    }, REST_MS);
  }

  /** There in a moment, at once for who wants nothing to move. */
  glide(view) {
    cancelAnimationFrame(this.gliding);
    const to = held(view, this.width, this.height);
    if (media.reducedMotion || !this.view) {
      this.moveTo(to);
      return;
    }
    const from = this.view;
    const began = performance.now();
    const step = (now) => {
      const part = Math.min(1, Math.max(0, (now - began) / GLIDE_MS));
      const eased = 1 - (1 - part) ** 3;
      const zoom = from.zoom + (to.zoom - from.zoom) * eased;
      // Places under the pointer stay there on the way, too: the middle moves as the scale does.
      const scale = from.zoom === to.zoom ? eased : (1 / spread(from.zoom) - 1 / spread(zoom)) / (1 / spread(from.zoom) - 1 / spread(to.zoom));
      this.moveTo({ x: from.x + (to.x - from.x) * scale, y: from.y + (to.y - from.y) * scale, zoom });
      this.gliding = part < 1 ? requestAnimationFrame(step) : undefined;
    };
    this.gliding = requestAnimationFrame(step);
    this.goal = to;
  }

  nearer(by, right = 0, below = 0) {
    if (!this.view) return;
    const from = this.gliding ? this.goal : this.view;
    const zoom = Math.max(least(this.width, this.height), Math.min(15, (by > 0 ? Math.floor(from.zoom + 1e-6) : Math.ceil(from.zoom - 1e-6)) + by));
    this.glide(around(from, zoom, right, below));
  }

  whole() {
    this.glide(fit(this.lying ?? [], this.width, this.height, { margin: Math.min(72, this.width / 6) }));
  }

  push(right, below) {
    const from = this.gliding ? this.goal : this.view;
    const k = spread(from.zoom);
    this.glide({ ...from, x: from.x + right / k, y: from.y + below / k });
  }

  fromMiddle(event) {
    const box = this.getBoundingClientRect();
    return [event.clientX - box.left - this.width / 2, event.clientY - box.top - this.height / 2];
  }

  wheel(event) {
    if (this.still || !this.view) return;
    event.preventDefault();
    cancelAnimationFrame(this.gliding);
    this.gliding = undefined;
    const px = event.deltaMode === 1 ? event.deltaY * LINE_PX : event.deltaY;
    const by = Math.max(-0.6, Math.min(0.6, -px * (event.ctrlKey ? PINCH : WHEEL)));
    this.moveTo(around(this.view, Math.max(least(this.width, this.height), Math.min(15, this.view.zoom + by)), ...this.fromMiddle(event)));
  }

  down(event) {
    if (this.still || event.button > 0 || !this.view) return;
    cancelAnimationFrame(this.gliding);
    this.gliding = undefined;
    if (this.pressed.size === 0) this.isPulled = false;
    this.pressed.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.from = { x: event.clientX, y: event.clientY };
  }

  drag(event) {
    const before = this.pressed.get(event.pointerId);
    if (!before) return;
    if (!this.isPulled && Math.hypot(event.clientX - this.from.x, event.clientY - this.from.y) < DRAG_PX && this.pressed.size === 1) return;
    if (!this.isPulled) {
      this.isPulled = true;
      this.ground.classList.add('pulled');
      for (const id of this.pressed.keys()) this.ground.setPointerCapture(id);
    }
    const k = spread(this.view.zoom);
    if (this.pressed.size === 1) {
      this.pressed.set(event.pointerId, { x: event.clientX, y: event.clientY });
      this.moveTo({ ...this.view, x: this.view.x - (event.clientX - before.x) / k, y: this.view.y - (event.clientY - before.y) / k });
      return;
    }
    const [a, b] = [...this.pressed.values()];
    this.pressed.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const [c, d] = [...this.pressed.values()];
    const grown = Math.log2(Math.max(8, Math.hypot(c.x - d.x, c.y - d.y)) / Math.max(8, Math.hypot(a.x - b.x, a.y - b.y)));
    const middle = { clientX: (c.x + d.x) / 2, clientY: (c.y + d.y) / 2 };
    const moved = { ...this.view, x: this.view.x - (middle.clientX - (a.x + b.x) / 2) / k, y: this.view.y - (middle.clientY - (a.y + b.y) / 2) / k };
    this.moveTo(around(moved, Math.max(least(this.width, this.height), Math.min(15, moved.zoom + grown)), ...this.fromMiddle(middle)));
  }

  up(event) {
    if (!this.pressed.delete(event.pointerId)) return;
    if (this.pressed.size === 0) this.ground.classList.remove('pulled');
  }

  clicked(event) {
    if (!this.isPulled) return;
    this.isPulled = false;
    event.preventDefault();
    event.stopPropagation();
  }

  twice(event) {
    if (this.still || event.composedPath().some((node) => node.classList?.contains('mark'))) return;
    this.nearer(event.shiftKey ? -1 : 1, ...this.fromMiddle(event));
  }

  keyed(event) {
    if (this.still || event.ctrlKey || event.metaKey || event.altKey || !this.view) return;
    const run = {
      ArrowLeft: () => this.push(-STEP_PX, 0), ArrowRight: () => this.push(STEP_PX, 0), ArrowUp: () => this.push(0, -STEP_PX), ArrowDown: () => this.push(0, STEP_PX),
      '+': () => this.nearer(1), '=': () => this.nearer(1), '-': () => this.nearer(-1), _: () => this.nearer(-1), 0: () => this.whole(), Home: () => this.whole(),
    }[event.key];
    if (!run) return;
    event.preventDefault();
    run();
  }

  /** A mark one goes to by Tab comes into the window. */
  reached(mark) {
    const k = spread(this.view.zoom);
    const [right, below] = [(mark.x - this.view.x) * k, (mark.y - this.view.y) * k];
    if (Math.abs(right) > this.width / 2 - 40 || Math.abs(below) > this.height / 2 - 60) this.glide({ ...this.view, x: mark.x, y: mark.y });
  }

  opened(mark) {
    this.emit('photo-mark', { ids: mark.photos.map((one) => one.id), name: mark.name });
  }

  one(mark) {
    const n = mark.photos.length;
    return html`<button class="mark" type="button" draggable="false" .mark=${mark} aria-label=${say.onMap(n, count(n), mark.name)} @focus=${(event) => event.target.matches(':focus-visible') && this.reached(mark)} @click=${() => this.opened(mark)}>
      <img src=${pictureUrl(mark.photos[0])} alt="" draggable="false" decoding="async" @error=${(event) => event.target.remove()}>
      ${n > 1 ? html`<span class="many">${n > MANY ? `${count(Math.floor(n / 1000))} k` : count(n)}</span>` : nothing}${mark.name ? html`<span class="name">${mark.name}</span>` : nothing}</button>`;
  }

  render() {
    const marks = repeat(this.marks, (one) => one.key, (one) => (this.still ? html`<span class="dot" .mark=${one}></span>` : this.one(one)));
    if (this.still) return html`<div class="ground" role="img" aria-label=${this.label ?? say.map}><canvas></canvas>${marks}</div>`;
    return html`<div class="ground" tabindex="0" role="group" aria-label=${this.label ?? say.map} aria-describedby="how" @keydown=${this.keyed} @pointerdown=${this.down} @pointermove=${this.drag} @pointerup=${this.up} @pointercancel=${this.up} @dblclick=${this.twice}
        @click=${{ handleEvent: (event) => this.clicked(event), capture: true }}><canvas></canvas>${marks}</div>
      <span id="how" hidden>${say.mapKeys}</span>
      ${this.scale ? html`<div class="ruler" aria-hidden="true">${lengthWords(this.scale.metres)}<i></i></div>` : nothing}
      <div class="tools"><hm-icon-button icon="plus" label=${say.nearer} @click=${() => this.nearer(1)}></hm-icon-button><hm-icon-button icon="minus" label=${say.farther} @click=${() => this.nearer(-1)}></hm-icon-button><hm-icon-button icon="fullscreen" label=${say.wholeMap} @click=${() => this.whole()}></hm-icon-button></div>`;
  }
}
customElements.define('photo-map', PhotoMap);
