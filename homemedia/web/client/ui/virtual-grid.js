import { css, html, nothing, repeat } from '../vendor/lit.js';
import { Widget } from './element.js';
import { neighbour, placeOf, seen, shapeOf } from './grid-shape.js';
import { reset } from './styles.js';
import { vars } from './vars.js';

const PAGE = 60;
const KEPT_PAGES = 60;
const KEPT_GRIDS = 6;
const WAIT_MS = 60;

/** Pages of grids that were left, by their `keep`, so that Back shows them at once. @type {Map<string, {version: unknown, pages: Map<number, unknown[]>}>} */
const kept = new Map();

/** The one windowed grid: 100,000 things, and only what is seen in the document. It scrolls with the window. */
export class VirtualGrid extends Widget {
  static properties = {
    totalCount: { type: Number, attribute: 'total-count' },
    page: { attribute: false },
    renderItem: { attribute: false },
    kind: { type: String, reflect: true },
    min: { type: Number },
    gap: { attribute: false },
    rowHeight: { type: Number, attribute: 'row-height' },
    lines: { type: Number },
    version: { attribute: false },
    keep: { type: String },
    label: { type: String },
    range: { state: true },
  };

  static styles = [reset, css`
    :host { display: block; position: relative; contain: layout style; overflow-anchor: none; }
    .cell { position: absolute; top: 0; left: 0; width: var(--cell); }
    :host([kind="list"]) .cell { height: var(--row); }
    .box { border-radius: var(--radius); background: var(--hover); aspect-ratio: 2 / 3; }
    :host([kind="still"]) .box { aspect-ratio: 16 / 9; } :host([kind="square"]) .box { aspect-ratio: 1; }
    :host([kind="list"]) .box { aspect-ratio: auto; height: calc(var(--row) - 8px); }
    .line { height: 12px; width: 78%; margin-top: 12px; border-radius: 4px; background: var(--hover); } .line.short { width: 46%; height: 10px; margin-top: 8px; }
  `];

  constructor() {
    super();
    this.kind = 'poster';
    this.totalCount = 0;
    this.range = { first: 0, last: 0 };
    this.pages = new Map();
    this.asked = new Set();
    this.shape = shapeOf({ kind: 'poster', width: 1000, count: 0, phone: false, tablet: false });
    this.moved = () => this.measure();
    this.watcher = new ResizeObserver(this.moved);
    this.addEventListener('keydown', (event) => this.keyed(event));
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('scroll', this.moved, { passive: true });
    window.addEventListener('resize', this.moved, { passive: true });
    this.watcher.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('scroll', this.moved);
    window.removeEventListener('resize', this.moved);
    this.watcher.disconnect();
    clearTimeout(this.timer);
    if (!this.keep) return;
    kept.delete(this.keep);
    kept.set(this.keep, { version: this.version, pages: this.pages });
    if (kept.size > KEPT_GRIDS) kept.delete(kept.keys().next().value);
  }

  willUpdate(changed) {
    if (changed.has('version') || changed.has('keep')) {
      const before = this.keep ? kept.get(this.keep) : null;
      const first = !this.hasUpdated && before && before.version === this.version;
      this.pages = first ? before.pages : new Map();
      this.asked.clear();
    }
    if (['totalCount', 'kind', 'min', 'gap', 'rowHeight', 'lines', 'version', 'keep'].some((name) => changed.has(name))) this.layout();
  }

  layout() {
    const width = this.clientWidth || this.parentElement?.clientWidth || 1000;
    const wide = window.innerWidth;
    const [gap, rowGap] = this.gap ?? [];
    this.shape = shapeOf({ kind: this.kind, width, count: this.totalCount, phone: wide < 720, tablet: wide < 1100, min: this.min, gap, rowGap, rowHeight: this.rowHeight, lines: this.lines });
    this.style.setProperty('height', `${this.shape.height}px`);
    this.style.setProperty('--cell', `${this.shape.cell}px`);
    this.style.setProperty('--row', `${this.shape.rowHeight}px`);
    this.see();
  }

  measure() {
    if (this.clientWidth && Math.abs(this.clientWidth - (this.width ?? 0)) > 0.5) {
      this.width = this.clientWidth;
      this.layout();
      this.requestUpdate();
    } else this.see();
  }

  see() {
    const top = -this.getBoundingClientRect().top;
    const range = this.seenFrom(top, window.innerHeight);
    if (range.first === this.range.first && range.last === this.range.last) return;
    this.range = range;
    this.emit('hm-range', range);
  }

  /** Which indexes to draw when the window begins `top` px below the grid's own top; the last is not included. */
  seenFrom(top, view) {
    return seen(this.shape, this.totalCount, top, view);
  }

  /** Where a thing lies within the grid, px; width and height where they differ from thing to thing. @returns {{x: number, y: number, width?: number, height?: number}} */
  placeAt(index) {
    return placeOf(this.shape, index);
  }

  /** How high the row of a thing is, px. */
  heightAt() {
    return this.shape.rowHeight;
  }

  /** Where a key leads from here; null when it leads nowhere. */
  stepFrom(key, index) {
    const perPage = Math.max(1, Math.floor(window.innerHeight / this.shape.rowHeight)) * this.shape.columns;
    return neighbour(key, index, this.shape.columns, this.totalCount, perPage);
  }

  updated() {
    clearTimeout(this.timer);
    // At rest the pages are asked for at once; while the window flies past, only where it stays for a moment.
    const now = performance.now();
    const quick = now - (this.lastRange ?? 0) > WAIT_MS;
    this.lastRange = now;
    if (quick) this.ask();
    else this.timer = setTimeout(() => this.ask(), WAIT_MS);
    const waiting = this.renderRoot.activeElement;
    if (waiting?.classList.contains('cell') && this.itemAt(Number(waiting.dataset.index)) !== undefined) this.enter(waiting);
  }

  ask() {
    if (!this.page || this.totalCount === 0) return;
    for (let number = Math.floor(this.range.first / PAGE); number * PAGE < this.range.last; number += 1) {
      if (!this.pages.has(number) && !this.asked.has(number)) this.load(number);
    }
  }

  async load(number) {
    const { page, version } = this;
    this.asked.add(number);
    try {
      const items = await page(number * PAGE, PAGE);
      if (version !== this.version || page !== this.page) return;
      this.pages.set(number, items);
      this.forget(number);
      this.requestUpdate();
    } catch (error) {
      if (error.name !== 'AbortError') this.emit('hm-load-failed', { error });
    } finally {
      if (version === this.version) this.asked.delete(number);
    }
  }

  forget(latest) {
    if (this.pages.size <= KEPT_PAGES) return;
    const far = [...this.pages.keys()].sort((a, b) => Math.abs(b - latest) - Math.abs(a - latest));
    for (const number of far.slice(0, this.pages.size - KEPT_PAGES)) this.pages.delete(number);
  }

  /** @returns {unknown} the item, or undefined while it is not here */
  itemAt(index) {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Exchanges one item for another without asking the server. */
  patch(index, item) {
    const items = this.pages.get(Math.floor(index / PAGE));
    if (!items) return;
    items[index % PAGE] = item;
    this.requestUpdate();
  }

  /** Reads what is seen again, without emptying it meanwhile. */
  async refresh() {
    const first = Math.floor(this.range.first / PAGE);
    const last = Math.floor(Math.max(0, this.range.last - 1) / PAGE);
    for (const number of [...this.pages.keys()]) if (number < first || number > last) this.pages.delete(number);
    const numbers = [];
    for (let number = first; number <= last; number += 1) numbers.push(number);
    await Promise.all(numbers.map((number) => this.load(number)));
  }

  scrollToIndex(index, { focus = false } = {}) {
    const top = this.getBoundingClientRect().top + window.scrollY;
    const { y } = this.placeAt(Math.max(0, Math.min(this.totalCount - 1, index)));
    const head = Number.parseFloat(getComputedStyle(this).getPropertyValue('--top')) || 0; // a page with a second bar sets its own
    window.scrollTo({ top: Math.max(0, top + y - head - 12) });
    this.see();
    if (focus) this.focusIndex(index);
  }

  keyed(event) {
    const cell = event.composedPath().find((node) => node.classList?.contains('cell'));
    if (!cell || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = this.stepFrom(event.key, Number(cell.dataset.index));
    if (to === null) return;
    event.preventDefault();
    this.focusIndex(to);
  }

  async focusIndex(index) {
    const box = this.getBoundingClientRect();
    const { y } = this.placeAt(index);
    const rowHeight = this.heightAt(index);
    const above = box.top + y;
    const head = Number.parseFloat(getComputedStyle(this).getPropertyValue('--top')) || 0; // a page with a second bar sets its own
    const foot = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--bottom')) || 0;
    if (above < head + 8) window.scrollBy({ top: above - head - 12 });
    else if (above + rowHeight > window.innerHeight - foot) window.scrollBy({ top: above + rowHeight - window.innerHeight + foot });
    this.see();
    await this.updateComplete;
    await this.enter(this.renderRoot.querySelector(`.cell[data-index="${index}"]`));
  }

  /** Focuses what stands in a cell; a cell that still waits for its item holds the focus until it is here (see `updated`). */
  async enter(cell) {
    const target = cell?.querySelector('hm-poster, hm-card, hm-cover, a, button, [tabindex]') ?? cell;
    if (target !== cell) await target.updateComplete;
    target?.focus({ preventScroll: true });
  }

  /** What stands where a thing has not come yet. */
  bone() {
    return html`<div class="box"></div>${this.kind === 'list' ? nothing : html`<div class="line"></div><div class="line short"></div>`}`;
  }

  cell(index) {
    const item = this.itemAt(index);
    const { x, y, width, height } = this.placeAt(index);
    const sized = width === undefined ? {} : { width: `${width}px`, height: `${height}px` };
    return html`<div class="cell" role="listitem" tabindex="-1" data-index=${index} aria-setsize=${this.totalCount} aria-posinset=${index + 1} ${vars({ transform: `translate(${x}px, ${y}px)`, ...sized })}>
      ${item === undefined ? this.bone() : this.renderItem(item, index)}</div>`;
  }

  render() {
    const indexes = Array.from({ length: Math.max(0, this.range.last - this.range.first) }, (_, i) => this.range.first + i);
    return html`<div role="list" aria-label=${this.label || nothing}>${repeat(indexes, (index) => index, (index) => this.cell(index))}</div>`;
  }
}
customElements.define('hm-virtual-grid', VirtualGrid);
