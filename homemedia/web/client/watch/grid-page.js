// What the pages that are one long grid share: how it is read, kept, walked by letters and keys, and read again on news.
import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { onKey } from '../ui/controllers.js';
import { toast } from '../ui/toast.js';
import { boneStyles, stateStyles } from './bones.js';
import { say } from './en.js';
import { KindPage } from './kind-page.js';

export const HEAD = 60; // as the grid's own pages
const LETTERS_FROM = 28; // less than four rows need no letters
const BARS = 140; // px of the window that the two bars take
const NEWS_PAUSE_MS = 700;

/** Reads any part of one list; its beginning is here already. */
const pages = (id, wanted, head) => async (offset, limit) => {
  if (offset === 0 && head.items.length >= Math.min(limit, head.totalCount)) return head.items.slice(0, limit);
  return (await api.get(`/api/libraries/${id}/items`, { ...wanted, offset, limit })).items;
};

/** The base of a grid of any length. A page says what is `wanted` of its library, as the address names it. */
export class GridPage extends KindPage {
  static properties = { ...KindPage.properties, shown: { state: true }, letter: { state: true } };

  static styles = [KindPage.styles, stateStyles, boneStyles, css`
    .tools { display: flex; align-items: center; gap: 8px; padding: 8px 0 20px; position: sticky; top: var(--top); z-index: 10; background: var(--bg); }
    .right { margin-left: auto; padding-left: 8px; display: flex; align-items: center; gap: 8px; font: var(--font-14); color: var(--text2); white-space: nowrap; }
    .right hm-button hm-icon { margin: -2px -4px -2px 0; vertical-align: middle; }
    .area { display: grid; grid-template-columns: minmax(0, 1fr); }
    .area.lettered { grid-template-columns: minmax(0, 1fr) 24px; gap: 12px; } .area hm-letter-bar { margin-right: -12px; margin-left: 12px; top: calc(var(--top) + 68px); }
    @media (min-width: 720px) { .area hm-virtual-grid { --top: 140px; } } /* both bars: what is jumped to lies under them */
    .old { opacity: .55; transition: opacity var(--fast) ease-out; }
    @media (max-width: 719.98px) { .tools { position: static; padding: 8px 0; flex-wrap: wrap; } .area.lettered { grid-template-columns: minmax(0, 1fr); gap: 0; } }
    @media (max-width: 1099.98px) { .area hm-letter-bar { margin-right: -8px; } }
  `];

  head = this.query(() => (this.wants ? `/api/libraries/${this.library.id}/items?${this.asked}&limit=${HEAD}` : null));

  constructor() {
    super();
    /** What is drawn: `{version, wanted, head, page}`. Stays until the answer for another address, or news that may show, is here. */
    this.shown = null;
    this.letter = '';
    this.live({ 'library.changed': ({ library_id: id }) => (!id || id === this.library?.id) && this.heard() });
    this.addController({ hostUpdate: () => this.settle() }); // after the queries have looked at the address, before drawing
    onKey(this, { Home: () => this.jumpTo(0), End: () => this.jumpTo(Infinity), ArrowDown: (event) => this.intoGrid(event) });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    this.timer = 0;
  }

  /** Something changed, perhaps only a picture far down: what is seen is read again, soon and once. */
  heard() {
    this.timer ||= setTimeout(() => {
      this.timer = 0;
      this.readAgain();
    }, NEWS_PAUSE_MS);
  }

  readAgain() {
    this.grid?.refresh();
  }

  /** Whether the page reads a grid now. */
  get wants() {
    return Boolean(this.library);
  }

  /** What is asked of the list, by the names of its query; nothing stands for the default. @returns {Record<string, any>} */
  get wanted() {
    return {};
  }

  get asked() {
    return new URLSearchParams(Object.entries(this.wanted).filter(([, value]) => value)).toString();
  }

  get version() {
    return this.library ? `${this.library.id}?${this.asked}` : '';
  }

  get isCurrent() {
    return this.shown?.version === this.version;
  }

  get grid() {
    return this.renderRoot.querySelector('hm-virtual-grid');
  }

  settle() {
    const head = this.head.data;
    if (!head || (this.isCurrent && this.shown.head === head)) return;
    const isOther = !this.isCurrent;
    if (this.holds(isOther ? 0 : head.totalCount - this.shown.head.totalCount)) return;
    const { wanted } = this;
    this.shown = { version: this.version, wanted, head, page: pages(this.library.id, wanted, head) };
    if (!isOther) this.updateComplete.then(() => this.grid?.refresh());
  }

  /** Whether an answer waits until somebody wants to see it. @param {number} added how many more there are */
  holds() {
    return false;
  }

  /** The grid with its letters. @param {{kind: string, draw: (item: any) => unknown, name: string, label: string, min?: number, letters?: object | null, backwards?: boolean, click?: unknown}} how */
  area({ kind, draw, name, label, min, letters, backwards = false, click }) {
    const { version, head, page, wanted } = this.shown;
    const lettered = wanted.sort === 'title' && letters && head.totalCount >= LETTERS_FROM && !this.isPhone;
    return html`<div class="area ${lettered ? 'lettered' : ''} ${this.isCurrent ? '' : 'old'}" @click=${click}>
      <hm-virtual-grid kind=${kind} row-height="72" .min=${min} total-count=${head.totalCount} .page=${page} .version=${version} keep=${`${name}:${version}`} label=${label}
        .renderItem=${draw} @hm-range=${() => this.moved()} @hm-load-failed=${this.failed}></hm-virtual-grid>
      ${lettered ? html`<hm-letter-bar .letters=${letters} ?backwards=${backwards} value=${this.letter} @hm-change=${(event) => this.jump(event.detail)}></hm-letter-bar>` : nothing}
    </div>`;
  }

  /** Which letter stands at the top: of the first row that is not under the bars. */
  moved() {
    const { shape } = this.grid ?? {};
    if (!this.shown?.head.letters || !shape) return;
    const above = -this.grid.getBoundingClientRect().top + BARS;
    const first = Math.max(0, Math.floor((above + shape.rowHeight / 2) / shape.rowHeight)) * shape.columns;
    this.letter = this.renderRoot.querySelector('hm-letter-bar')?.letterAt?.(first) ?? this.letter;
  }

  jump({ value, index }) {
    this.grid?.scrollToIndex(index);
    this.letter = value;
  }

  jumpTo(index) {
    if (!this.grid?.totalCount) return false;
    this.grid.focusIndex(Math.min(index, this.grid.totalCount - 1));
    return true;
  }

  /** The first arrow down leads from wherever one is into what is seen of the grid. */
  intoGrid(event) {
    const inside = event.composedPath()[0] !== document.body && event.composedPath()[0].localName !== 'h1';
    const { shape, totalCount } = this.grid ?? {};
    if (inside || !shape || !totalCount) return false;
    const row = Math.max(0, Math.ceil((BARS - this.grid.getBoundingClientRect().top) / shape.rowHeight));
    this.grid.focusIndex(row * shape.columns);
    return true;
  }

  failed = ({ detail: { error } }) => {
    if (this.told) return;
    this.told = toast(say.pageFailed(error.message), { kind: 'bad', action: { label: say.again, run: () => this.grid?.requestUpdate() } });
    this.told.closed.then(() => (this.told = null));
  };
}
