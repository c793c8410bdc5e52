import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { MOST, Selection } from '../edit/selection.js';
import { count, counted } from '../format.js';
import { onKey } from '../ui/controllers.js';
import { toast } from '../ui/toast.js';
import { Deeds, onItemKeys } from './actions.js';
import { bone, boneStyles, loading, stateStyles } from './bones.js';
import { lineOf, poster, still } from './cards.js';
import { say } from './en.js';
import { askedFor, chips, howMany, isBackwards, isFiltered, NAMES, NOTHING_CHOSEN, sheet, sortButton } from './filters.js';
import { withMark } from './items.js';
import './item-row.js';
import { KindPage } from './kind-page.js';
import { isBelowTheFold, newsChip, newsStyles } from './news.js';

const LETTERS_FROM = 28; // less than four rows need no letters
const HEAD = 60;
const BARS = 140; // px of the window that the two bars take
const NEWS_PAUSE_MS = 700;
const OTHERS = '…'; // other alphabets, behind Z

/** The letters as they stand beside the list: what is no letter before A, other alphabets behind Z. */
function lettersOf({ letters, lettersBehind }) {
  if (!letters || !lettersBehind) return letters;
  return { ...letters, '#': letters['#'] - lettersBehind, [OTHERS]: lettersBehind };
}

/** Reads any part of one list; its beginning is here already. */
const pages = (id, filters, head) => async (offset, limit) => {
  if (offset === 0 && head.items.length >= Math.min(limit, head.totalCount)) return head.items.slice(0, limit);
  return (await api.get(`/api/libraries/${id}/items`, { ...filters, offset, limit })).items;
};

/** One kind of thing as a grid of any length: filters, sorts and the view stand in the address. */
class LibraryPage extends KindPage {
  static properties = { ...KindPage.properties, shown: { state: true }, letter: { state: true }, filtering: { state: true } };

  static styles = [KindPage.styles, stateStyles, boneStyles, newsStyles, css`
    .tools { display: flex; align-items: center; gap: 8px; padding: 8px 0 20px; position: sticky; top: var(--top); z-index: 10; background: var(--bg); }
    .views { margin-right: 8px; } .chips { display: flex; gap: 8px; align-items: center; min-width: 0; flex-wrap: wrap; }
    .right { margin-left: auto; padding-left: 8px; display: flex; align-items: center; gap: 8px; font: var(--font-14); color: var(--text2); white-space: nowrap; }
    .right hm-segmented { margin-left: 8px; } .right hm-button hm-icon { margin: -2px -4px -2px 0; vertical-align: middle; }
    .area { display: grid; grid-template-columns: minmax(0, 1fr); }
    .area.lettered { grid-template-columns: minmax(0, 1fr) 24px; gap: 12px; } .area hm-letter-bar { margin-right: -12px; margin-left: 12px; top: calc(var(--top) + 68px); }
    @media (min-width: 720px) { .area hm-virtual-grid { --top: 140px; } } /* both bars: what is jumped to lies under them */
    .old { opacity: .55; transition: opacity var(--fast) ease-out; }
    .bone-chips { display: flex; gap: 8px; align-items: center; min-height: 40px; padding: 8px 0 20px; box-sizing: content-box; }
    .sheet { display: flex; flex-direction: column; gap: 20px; padding: 8px 0 4px; } .sheet h3 { font: var(--font-14); font-weight: 500; margin-bottom: 10px; } .sheet-chips { display: flex; flex-wrap: wrap; gap: 12px 8px; }
    @media (max-width: 719.98px) {
      .tools { position: static; min-height: 44px; padding: 8px 0 8px; flex-wrap: wrap; } .tools .grow { font: var(--font-14); color: var(--text2); } .tools hm-icon-button { margin-right: -10px; } .views { flex: 1 0 100%; margin: 0; }
      .chips { flex: 1 0 100%; padding-bottom: 4px; } .bone-chips { padding: 8px 0; }
      .area.lettered { grid-template-columns: minmax(0, 1fr); gap: 0; }
    }
    @media (max-width: 1099.98px) { .area hm-letter-bar { margin-right: -8px; } .chips { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; padding: 2px 0; } }
  `];

  constructor() {
    super();
    /** What is drawn: `{version, head}`. Stays until the answer for another address, or news that may show, is here. */
    this.shown = null;
    this.letter = '';
    this.filtering = false;
    this.news = 0;
    this.live({ 'library.changed': ({ library_id: id }) => (!id || id === this.library?.id) && this.heard() });
    new Deeds(this, (deed) => deed.kind === 'mark' && this.marked(deed));
    onItemKeys(this);
    this.selection = new Selection(this, () => this.everything());
    this.addController({ hostUpdate: () => this.settle() }); // after the queries have looked at the address, before drawing
    onKey(this, { Home: () => this.jumpTo(0), End: () => this.jumpTo(Infinity), ArrowDown: (event) => this.intoGrid(event) });
    this.scrolled = () => this.held && !isBelowTheFold() && this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('scroll', this.scrolled, { passive: true });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('scroll', this.scrolled);
    clearTimeout(this.timer);
    this.timer = 0;
  }

  /** Something changed, perhaps only a picture far down: what is seen is read again, soon and once. */
  heard() {
    this.timer ||= setTimeout(() => {
      this.timer = 0;
      if (!this.held) this.grid?.refresh();
    }, NEWS_PAUSE_MS);
  }

  get grid() {
    return this.renderRoot.querySelector('hm-virtual-grid');
  }

  head = this.query(() => (this.library ? `/api/libraries/${this.library.id}/items?${this.asked}&limit=${HEAD}` : null));

  get asked() {
    const entries = Object.entries(askedFor(this.search)).filter(([, value]) => value);
    return new URLSearchParams(entries).toString();
  }

  get version() {
    return this.library ? `${this.library.id}?${this.asked}` : '';
  }

  settle() {
    const head = this.head.data;
    const version = this.version;
    if (!head || (this.shown?.version === version && this.shown.head === head)) return;
    const isOther = this.shown?.version !== version;
    const added = isOther ? 0 : head.totalCount - this.shown.head.totalCount;
    this.held = added !== 0 && isBelowTheFold();
    this.news = this.held ? Math.max(0, added) : 0;
    if (this.held) return;
    this.shown = { version, head, page: pages(this.library.id, askedFor(this.search), head) };
    if (!isOther) this.updateComplete.then(() => this.grid?.refresh());
  }

  marked({ item, watched }) {
    this.head.update((data) => withMark(data, item, watched));
    if (this.shown && this.head.data) this.shown = { ...this.shown, head: this.head.data }; // the grid has it already: nothing to read again
    const grid = this.grid;
    for (const [number, items] of grid?.pages ?? []) {
      const at = items.findIndex((one) => one?.id === item.id);
      if (at >= 0) grid.patch(number * HEAD + at, withMark(items[at], item, watched));
    }
  }

  render() {
    this.title = say.kinds[this.type];
    return html`${this.header()}
      ${newsChip(this.news, () => this.showNew())}
      <div class="body">${this.library ? this.filled() : this.nothingYet()}</div>${this.selection.bar()}`;
  }

  filled() {
    const isCurrent = this.shown?.version === this.version;
    const isSameType = this.shown?.head.library.type === this.type;
    if (!isCurrent && this.head.error) return html`${isSameType ? this.tools(this.shown.head) : nothing}${this.head.render({ data: () => nothing })}`;
    if (!this.shown || !isSameType) return this.bones();
    const { head } = this.shown;
    return html`${this.tools(head)}${head.totalCount === 0 && isCurrent ? (isFiltered(this.search) ? this.noneLeft() : this.nothingYet()) : this.things(head, isCurrent)}${this.filtering ? this.filterSheet(head) : nothing}`;
  }

  bones() {
    return loading(html`<div class="bone-chips">${bone('chip')}${bone('chip')}${bone('chip')}</div><hm-skeleton kind=${this.type === 'video' ? 'cards' : 'grid'} count=${this.type === 'video' ? 4 : 21} aria-hidden="true"></hm-skeleton>`);
  }

  words(head) {
    const [one, many] = say.counts[this.type];
    const shown = this.news ? head.totalCount : (this.head.data?.totalCount ?? head.totalCount);
    return isFiltered(this.search) && this.library.itemCount > shown ? say.ofAll(count(shown), counted(this.library.itemCount, one, many)) : counted(shown, one, many);
  }

  async change(asked) {
    const changes = await asked;
    if (!changes) return;
    this.setSearch(changes);
    window.scrollTo({ top: 0 });
  }

  tools(head) {
    const change = (asked) => this.change(asked);
    const made = chips({ search: this.search, filters: this.filters.data, change });
    const sort = sortButton(this.search, change);
    if (this.isPhone) {
      const chosen = NAMES.filter((name) => this.search[name]);
      const several = this.all.length > 1;
      return html`<div class="tools">${this.views('all')}<span class="grow tabular" role="status">${several ? `${this.library.name} · ` : ''}${this.words(head)}</span>${sort}${this.selection.button()}
        <hm-icon-button icon="filter" label=${say.filters} ?badge=${howMany(this.search) > 0} @click=${() => (this.filtering = true)}></hm-icon-button>
        ${chosen.length ? html`<div class="chips">${chosen.map((name) => made[name])}</div>` : nothing}</div>`;
    }
    return html`<div class="tools">${this.views('all')}
      <div class="chips">${this.libraryChip()}${NAMES.map((name) => made[name])}${made.more}${head.totalCount ? made.clear : nothing}</div>
      <div class="right"><span class="tabular" role="status">${this.words(head)}</span>${sort}${this.selection.button()}
        <hm-segmented label=${say.view} value=${this.search.view ?? 'grid'} .options=${[{ value: 'grid', label: say.grid, icon: 'grid' }, { value: 'list', label: say.list, icon: 'list' }]}
          @hm-change=${(event) => this.setSearch({ view: event.detail.value === 'list' ? 'list' : null })}></hm-segmented>
      </div></div>`;
  }

  filterSheet(head) {
    return sheet({ search: this.search, libraries: this.all, library: this.library, filters: this.filters.data, words: this.words(head), set: (changes) => this.setSearch(changes), close: () => (this.filtering = false) });
  }

  things(head, isCurrent) {
    const kind = this.search.view === 'list' ? 'list' : this.type === 'video' ? 'still' : 'poster';
    const { version } = this.shown;
    const letters = askedFor(this.search).sort === 'title' && head.totalCount >= LETTERS_FROM && !this.isPhone ? lettersOf(head) : null;
    return html`<div class="area ${letters ? 'lettered' : ''} ${isCurrent ? '' : 'old'}" @click=${this.selection.capture}>
      <hm-virtual-grid kind=${kind} row-height="72" total-count=${head.totalCount} .page=${this.shown.page} .version=${version} keep=${`library:${version}`} label=${say.kinds[this.type]}
        .renderItem=${this.selection.drawn(this.cards[kind])} @hm-range=${() => this.moved()} @hm-load-failed=${this.failed}></hm-virtual-grid>
      ${letters ? html`<hm-letter-bar .letters=${letters} ?backwards=${isBackwards(this.search)} value=${this.letter} @hm-change=${(event) => this.jump(event.detail)}></hm-letter-bar>` : nothing}
    </div>`;
  }

  cards = {
    list: (item) => html`<watch-item-row .item=${item} .pick=${this.selection.pick(item)}></watch-item-row>`,
    still: (item) => still(item, { role: null, pick: this.selection.pick(item) }), // the grid's own cells are the items of the list
    poster: (item) => poster(item, { second: lineOf(item, { short: this.isPhone }), role: null, pick: this.selection.pick(item) }),
  };

  /** Which letter stands at the top: of the first row that is not under the bars. */
  moved() {
    const { shape } = this.grid ?? {};
    const letters = this.shown?.head.letters;
    if (!letters || !shape) return;
    const above = -this.grid.getBoundingClientRect().top + BARS;
    const first = Math.max(0, Math.floor((above + shape.rowHeight / 2) / shape.rowHeight)) * shape.columns;
    const bar = this.renderRoot.querySelector('hm-letter-bar');
    this.letter = bar?.letterAt?.(first) ?? this.letter;
  }

  jump({ value, index }) {
    this.grid?.scrollToIndex(index);
    this.letter = value;
  }

  jumpTo(index) {
    if (!this.grid || !this.shown?.head.totalCount) return false;
    const last = this.shown.head.totalCount - 1;
    this.grid.focusIndex(Math.min(index, last));
    return true;
  }

  /** The first arrow down leads from wherever one is into what is seen of the grid. */
  intoGrid(event) {
    const inside = event.composedPath()[0] !== document.body && event.composedPath()[0].localName !== 'h1';
    const { shape } = this.grid ?? {};
    if (inside || !shape || !this.shown.head.totalCount) return false;
    const row = Math.max(0, Math.ceil((BARS - this.grid.getBoundingClientRect().top) / shape.rowHeight));
    this.grid.focusIndex(row * shape.columns);
    return true;
  }

  failed = ({ detail: { error } }) => {
    if (this.told) return;
    this.told = toast(say.pageFailed(error.message), { kind: 'bad', action: { label: say.again, run: () => this.grid?.requestUpdate() } });
    this.told.closed.then(() => (this.told = null));
  };

  /** Newest first is where they are. */
  showNew() {
    this.news = 0;
    if (askedFor(this.search).sort !== 'added') this.setSearch({ sort: 'added', order: null }, { push: true });
    window.scrollTo({ top: 0 });
    this.requestUpdate();
  }

  /** All that the filters leave, for choosing it; the answers are 200 long at most. */
  async everything() {
    const found = [];
    const wanted = Math.min(this.shown.head.totalCount, MOST + 1);
    while (found.length < wanted) {
      const { items } = await api.get(`/api/libraries/${this.library.id}/items`, { ...askedFor(this.search), offset: found.length, limit: 200 });
      if (!items.length) break;
      found.push(...items);
    }
    return found;
  }

  noneLeft() {
    return html`<hm-empty icon="filter" heading=${say.noneLeft} text=${say.noneLeftText}>
      <hm-button slot="action" @click=${() => this.setSearch(NOTHING_CHOSEN)}>${say.clear}</hm-button></hm-empty>`;
  }
}
customElements.define('library-page', LibraryPage);
