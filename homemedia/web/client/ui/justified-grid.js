import { css, html, repeat } from '../vendor/lit.js';
import { firstBeyond, lay } from './justified.js';
import { vars } from './vars.js';
import { VirtualGrid } from './virtual-grid.js';

const MOVES = ['wheel', 'touchmove', 'keydown', 'pointerdown'];
const SPARE = 0.75; // windows drawn above and below

/** How rows lie at this width of the window (look/README, Grid). */
function measures(headed) {
  const wide = window.innerWidth;
  if (wide < 720) return { height: 118, gap: 2, heading: headed ? 52 : 0, between: 6 };
  return { height: 200, gap: 4, heading: headed ? 48 : 0, between: 20 };
}

/**
 * The windowed grid with rows of pictures of their own shapes. Things come in groups (months, pages of an answer) whose counts are known before;
 * each has a `ratio`, and a `section` where one is headed. A group lies as it will probably be until it is here; what is looked at stays where it is.
 */
export class JustifiedGrid extends VirtualGrid {
  static properties = {
    groups: { attribute: false },
    group: { attribute: false },
    renderHeading: { attribute: false },
    sections: { type: Boolean },
    flow: { type: Boolean },
  };

  static styles = [VirtualGrid.styles, css`
    .cell { width: auto; contain: strict; }
    .box { aspect-ratio: auto !important; height: 100%; border-radius: var(--tile-radius, 6px); }
    .heading { position: absolute; top: 0; left: 0; right: 0; }
    .heading .bar { height: 16px; width: 168px; border-radius: 4px; background: var(--hover); margin: 17px 0 0; }
    @media (max-width: 719.98px) { .box { border-radius: 0; } .heading .bar { margin-left: var(--margin); } }
  `];

  constructor() {
    super();
    this.kind = 'justified';
    this.groups = [];
    this.sections = false;
    /** Groups that have changed since they were read. */
    this.old = new Set();
    /** @type {{id: string, first: number, count: number, top: number, laid: import('./justified.js').Laid}[]} */
    this.lies = [];
    /** Where a jump led; held while what is there comes in, until the person moves. */
    this.target = null;
    this.freed = () => (this.target = null);
  }

  connectedCallback() {
    super.connectedCallback();
    for (const name of MOVES) window.addEventListener(name, this.freed, { passive: true, capture: true }); // before the jump that the same key or press may be
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const name of MOVES) window.removeEventListener(name, this.freed, { capture: true });
  }

  willUpdate(changed) {
    super.willUpdate(changed);
    if (!changed.has('groups') && !changed.has('version')) return;
    if (changed.has('groups')) this.taken(changed.get('groups'));
    if (this.hasUpdated) this.steadily(() => this.arrange());
    else this.arrange();
  }

  /** Other counts than before: what is here of those groups is shown until they have been read again. */
  taken(before) {
    const ids = new Set(this.groups.map((one) => one.id));
    for (const id of [...this.pages.keys()]) if (!ids.has(id)) this.pages.delete(id);
    if (!before?.length) {
      for (const { id, count } of this.groups) if (this.pages.has(id) && this.pages.get(id).length !== count) this.old.add(id);
      return;
    }
    const counts = new Map(before.map((one) => [one.id, one.count]));
    for (const { id, count } of this.groups) if (this.pages.has(id) && (counts.get(id) !== count || this.pages.get(id).length !== count)) this.old.add(id);
  }

  /** Puts the groups below each other; those whose things are the same lie as before. */
  arrange() {
    const width = this.clientWidth || this.parentElement?.clientWidth || 1000;
    const how = { width, sections: this.sections, ...measures(this.sections) };
    const key = `${width} ${how.height} ${how.sections}`;
    const before = key === this.arranged ? new Map(this.lies.map((one) => [one.id, one])) : new Map();
    this.arranged = key;
    this.shape = { ...this.shape, rowHeight: how.height + how.gap };
    let top = 0;
    let first = 0;
    this.lies = this.groups.map(({ id, count }, at) => {
      const items = this.pages.get(id);
      const known = before.get(id);
      const laid = known && known.items === items && (items || known.count === count) ? known.laid : lay(items ?? count, { ...how, fill: this.flow && at < this.groups.length - 1 });
      const one = { id, first, count: items?.length ?? count, top, items, laid };
      top += laid.height + (this.flow && laid.height ? how.gap - how.between : 0);
      first += one.count;
      return one;
    });
    this.totalCount = first;
    this.style.setProperty('height', `${Math.max(0, top - how.between)}px`);
    this.see();
  }

  layout() {
    if (this.hasUpdated) this.steadily(() => this.arrange());
  }

  /** What one looks at stays where it is while something above it changes. */
  steadily(change) {
    const box = this.getBoundingClientRect();
    const head = Number.parseFloat(getComputedStyle(this).getPropertyValue('--top')) || 0;
    const top = head - box.top;
    const held = top > 0 && this.totalCount > 0 ? this.indexAt(top) : null;
    const item = held === null ? undefined : this.itemAt(held);
    const before = held === null ? 0 : this.placeAt(held).y;
    change();
    if (this.target) {
      this.scrollToGroup(this.target.id, this.target.part);
      return;
    }
    if (held === null || this.totalCount === 0) return;
    const now = item === undefined ? held : this.indexOf(item, held);
    const by = this.placeAt(Math.min(now, this.totalCount - 1)).y - before;
    if (Math.abs(by) > 0.5) window.scrollBy({ top: by });
    this.see();
  }

  /** @returns {number} where this thing stands now */
  indexOf(item, near = 0) {
    if (this.itemAt(near)?.id === item.id) return near;
    for (const one of this.lies) {
      const at = one.items?.findIndex((other) => other.id === item.id) ?? -1;
      if (at >= 0) return one.first + at;
    }
    return near;
  }

  lieOf(index) {
    return this.lies[Math.max(0, firstBeyond(this.lies, (one) => one.first, index) - 1)];
  }

  /** @returns {number} the first thing of the row at this height of the grid */
  indexAt(y) {
    const lie = this.lies[Math.max(0, firstBeyond(this.lies, (one) => one.top, y) - 1)];
    const row = lie?.laid.rows[Math.min(lie.laid.rows.length - 1, firstBeyond(lie.laid.rows, (one) => one.y + one.height, y - lie.top))];
    return row ? lie.first + row.first : (lie?.first ?? 0);
  }

  seenFrom(top, view) {
    const from = top - view * SPARE;
    const to = top + view * (1 + SPARE);
    const last = this.lies.at(-1);
    if (!last || to < 0 || from > last.top + last.laid.height) return { first: 0, last: 0 };
    const end = this.indexAt(to);
    const lie = this.lieOf(end);
    const row = this.rowAt(lie, end);
    return { first: this.indexAt(Math.max(0, from)), last: Math.min(this.totalCount, lie.first + (row?.last ?? lie.count)) };
  }

  rowAt(lie, index) {
    return lie.laid.rows[this.rowNumber(lie, index)];
  }

  rowNumber(lie, index) {
    return firstBeyond(lie.laid.rows, (one) => one.first, index - lie.first) - 1;
  }

  placeAt(index) {
    const lie = this.lieOf(index);
    if (!lie) return { x: 0, y: 0, width: 0, height: 0 };
    const [x, y, width, height] = lie.laid.boxes.subarray((index - lie.first) * 4, (index - lie.first) * 4 + 4);
    return { x, y: lie.top + y, width, height };
  }

  heightAt(index) {
    return this.placeAt(index).height;
  }

  stepFrom(key, index) {
    if (key === 'Home') return 0;
    if (key === 'End') return this.totalCount - 1;
    const beside = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (beside) return Math.min(this.totalCount - 1, Math.max(0, index + beside));
    const rows = { ArrowDown: 1, ArrowUp: -1, PageDown: 4, PageUp: -4 }[key];
    if (!rows) return null;
    const middle = this.placeAt(index).x + this.placeAt(index).width / 2;
    let at = index;
    for (let step = Math.abs(rows); step > 0; step -= 1) {
      const lie = this.lieOf(at);
      const row = this.rowAt(lie, at);
      const next = rows > 0 ? lie.first + row.last : lie.first + row.first - 1;
      if (next < 0 || next >= this.totalCount) break;
      at = next;
    }
    if (at === index) return index;
    const lie = this.lieOf(at);
    const row = this.rowAt(lie, at);
    for (let i = row.first; i < row.last; i += 1) if (lie.laid.boxes[i * 4] + lie.laid.boxes[i * 4 + 2] >= middle) return lie.first + i;
    return lie.first + row.last - 1;
  }

  ask() {
    if (!this.group || this.totalCount === 0) return;
    for (let at = this.lies.indexOf(this.lieOf(this.range.first)); at < this.lies.length && this.lies[at].first < this.range.last; at += 1) {
      const { id } = this.lies[at];
      if ((!this.pages.has(id) || this.old.has(id)) && !this.asked.has(id)) this.load(id);
    }
  }

  /** Reads a group; two who ask share the question. @returns {Promise<any[]>} its things; rejects when they could not be read */
  async load(id) {
    const { group, version } = this;
    this.asked.add(id);
    this.old.delete(id); // what is told to be old from here on is asked for once more
    try {
      const items = await group(id);
      if (version !== this.version || group !== this.group || !this.groups.some((one) => one.id === id)) return;
      this.steadily(() => {
        this.pages.set(id, items);
        this.arrange();
      });
      this.requestUpdate();
      this.emit('hm-loaded', { id });
    } catch (error) {
      if (error.name !== 'AbortError') this.emit('hm-load-failed', { error });
    } finally {
      if (version === this.version) this.asked.delete(id);
      if (this.old.has(id)) this.ask();
    }
  }

  itemAt(index) {
    const lie = this.lieOf(index);
    return lie?.items?.[index - lie.first];
  }

  /** The thing at an index, read first where it is not here. */
  async thingAt(index) {
    if (this.itemAt(index) === undefined) await this.load(this.lieOf(index).id);
    return this.itemAt(index);
  }

  /** Everything that is here. */
  get things() {
    return this.lies.flatMap((one) => one.items ?? []);
  }

  /** Exchanges and takes away without asking the server. @param {(item: any) => any} change what becomes of each; null: it goes */
  change(change) {
    let touched = false;
    this.steadily(() => {
      for (const [id, items] of this.pages) {
        const next = items.map(change).filter((one) => one !== null);
        if (next.length === items.length && next.every((one, i) => one === items[i])) continue;
        touched = true;
        this.pages.set(id, next);
      }
      if (touched) this.arrange();
    });
    if (touched) this.requestUpdate();
  }

  /** Everything may be different: what is seen is read again, the rest when it comes into sight. */
  async refresh() {
    for (const id of this.pages.keys()) this.old.add(id);
    this.ask();
  }

  /** The group at the top of the window, and how far one is in it. @returns {{id: string, part: number} | null} */
  get place() {
    const head = Number.parseFloat(getComputedStyle(this).getPropertyValue('--top')) || 0;
    const y = head + 8 - this.getBoundingClientRect().top;
    const lie = this.lies[Math.max(0, firstBeyond(this.lies, (one) => one.top, y) - 1)];
    return lie ? { id: lie.id, part: Math.min(1, Math.max(0, (y - lie.top) / (lie.laid.height || 1))) } : null;
  }

  /** Where a group begins and how high it is, as parts of the whole. */
  get extents() {
    const last = this.lies.at(-1);
    const whole = last ? last.top + last.laid.height : 1;
    return this.lies.map(({ id, top, laid }) => ({ id, top: top / whole, height: laid.height / whole }));
  }

  scrollToGroup(id, part = 0) {
    const lie = this.lies.find((one) => one.id === id);
    this.target = lie ? { id, part } : null;
    if (!lie) return;
    const head = Number.parseFloat(getComputedStyle(this).getPropertyValue('--top')) || 0;
    const top = this.getBoundingClientRect().top + window.scrollY;
    window.scrollTo({ top: Math.max(0, top + lie.top + lie.laid.height * part - head) });
    this.see();
  }

  headings() {
    if (!this.sections || this.range.last <= this.range.first) return [];
    const drawn = [];
    for (let at = this.lies.indexOf(this.lieOf(this.range.first)); at >= 0 && at < this.lies.length && this.lies[at].first < this.range.last; at += 1) {
      const lie = this.lies[at];
      for (const section of lie.laid.sections) {
        if (lie.first + section.last <= this.range.first || lie.first + section.first >= this.range.last) continue;
        drawn.push({ key: `${lie.id} ${section.key}`, y: lie.top + section.y, items: lie.items?.slice(section.first, section.last), section: section.key });
      }
    }
    return drawn;
  }

  bone() {
    return html`<div class="box"></div>`;
  }

  render() {
    return html`${super.render()}${repeat(this.headings(), (one) => one.key, (one) => html`<div class="heading" ${vars({ transform: `translateY(${one.y}px)` })}>
      ${one.items ? this.renderHeading(one.section, one.items) : html`<div class="bar"></div>`}</div>`)}`;
  }
}
customElements.define('hm-justified-grid', JustifiedGrid);
