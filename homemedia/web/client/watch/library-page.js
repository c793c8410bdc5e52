import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { MOST, Selection } from '../edit/selection.js';
import { count, counted } from '../format.js';
import { Deeds, onItemKeys } from './actions.js';
import { bone, loading } from './bones.js';
import { lineOf, poster, still } from './cards.js';
import { say } from './en.js';
import { askedFor, chips, howMany, isBackwards, isFiltered, NAMES, NOTHING_CHOSEN, sheet, sortButton } from './filters.js';
import { GridPage, HEAD } from './grid-page.js';
import { withMark } from './items.js';
import './item-row.js';
import { isBelowTheFold, newsChip, newsStyles } from './news.js';

const OTHERS = '…'; // other alphabets, behind Z

/** The letters as they stand beside the list: what is no letter before A, other alphabets behind Z. */
function lettersOf({ letters, lettersBehind }) {
  if (!letters || !lettersBehind) return letters;
  return { ...letters, '#': letters['#'] - lettersBehind, [OTHERS]: lettersBehind };
}

/** One kind of thing as a grid of any length: filters, sorts and the view stand in the address. */
class LibraryPage extends GridPage {
  static properties = { ...GridPage.properties, filtering: { state: true } };

  static styles = [GridPage.styles, newsStyles, css`
    .views { margin-right: 8px; } .chips { display: flex; gap: 8px; align-items: center; min-width: 0; flex-wrap: wrap; }
    .right hm-segmented { margin-left: 8px; }
    .bone-chips { display: flex; gap: 8px; align-items: center; min-height: 40px; padding: 8px 0 20px; box-sizing: content-box; }
    .sheet { display: flex; flex-direction: column; gap: 20px; padding: 8px 0 4px; } .sheet h3 { font: var(--font-14); font-weight: 500; margin-bottom: 10px; } .sheet-chips { display: flex; flex-wrap: wrap; gap: 12px 8px; }
    @media (max-width: 719.98px) {
      .tools { min-height: 44px; } .tools .grow { font: var(--font-14); color: var(--text2); } .tools hm-icon-button { margin-right: -10px; } .views { flex: 1 0 100%; margin: 0; }
      .chips { flex: 1 0 100%; padding-bottom: 4px; } .bone-chips { padding: 8px 0; }
    }
    @media (max-width: 1099.98px) { .chips { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; padding: 2px 0; } }
  `];

  constructor() {
    super();
    this.filtering = false;
    this.news = 0;
    new Deeds(this, (deed) => deed.kind === 'mark' && this.marked(deed));
    onItemKeys(this);
    this.selection = new Selection(this, () => this.everything());
    this.scrolled = () => this.held && !isBelowTheFold() && this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('scroll', this.scrolled, { passive: true });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('scroll', this.scrolled);
  }

  readAgain() {
    if (!this.held) super.readAgain();
  }

  get wanted() {
    return askedFor(this.search);
  }

  /** More than before wait above the fold. */
  holds(added) {
    this.held = added !== 0 && isBelowTheFold();
    this.news = this.held ? Math.max(0, added) : 0;
    return this.held;
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
    const { isCurrent } = this;
    const isSameType = this.shown?.head.library.type === this.type;
    if (!isCurrent && this.head.error) return html`${isSameType ? this.tools(this.shown.head) : nothing}${this.head.render({ data: () => nothing })}`;
    if (!this.shown || !isSameType) return this.bones();
    const { head } = this.shown;
    return html`${this.tools(head)}${head.totalCount === 0 && isCurrent ? (isFiltered(this.search) ? this.noneLeft() : this.nothingYet()) : this.things(head)}${this.filtering ? this.filterSheet(head) : nothing}`;
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

  things(head) {
    const kind = this.search.view === 'list' ? 'list' : this.type === 'video' ? 'still' : 'poster';
    return this.area({
      kind, name: 'library', label: say.kinds[this.type], draw: this.selection.drawn(this.cards[kind]),
      letters: lettersOf(head), backwards: isBackwards(this.search), click: this.selection.capture,
    });
  }

  cards = {
    list: (item) => html`<watch-item-row .item=${item} .pick=${this.selection.pick(item)}></watch-item-row>`,
    still: (item) => still(item, { role: null, pick: this.selection.pick(item) }), // the grid's own cells are the items of the list
    poster: (item) => poster(item, { second: lineOf(item, { short: this.isPhone }), role: null, pick: this.selection.pick(item) }),
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
