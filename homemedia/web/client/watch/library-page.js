import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { count, counted } from '../format.js';
import { session } from '../session.js';
import { Page } from '../ui/page.js';
import { media } from '../ui/platform.js';
import { openMenu } from '../ui/menu.js';
import { lineOf, poster, still } from './cards.js';
import { say } from './en.js';
import { itemHref } from './links.js';

const TYPES = { '/films': 'movie', '/shows': 'show', '/videos': 'video' };
const PATHS = { movie: '/films', show: '/shows', video: '/videos' };
const ORDERED = { added: 'desc', rating: 'desc', watched: 'desc', year: 'desc', released: 'desc' };
const FIRST_DECADE = 1920;
const GENRES = 40;

/** One kind of thing as a grid of any length: filters, sorts and the view stand in the address. */
class LibraryPage extends Page {
  static properties = { ...Page.properties, first: { state: true }, letters: { state: true }, letter: { state: true } };

  static styles = [Page.styles, css`
    .tools { display: flex; align-items: center; gap: 8px; padding: 6px 0 14px; position: sticky; top: var(--top); z-index: 10; background: var(--bg); }
    .chips { display: flex; gap: 8px; align-items: center; min-width: 0; flex-wrap: wrap; }
    .right { margin-left: auto; display: flex; align-items: center; gap: 12px; font: var(--font-14); color: var(--text2); white-space: nowrap; }
    .area { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 24px; }
    .area hm-letter-bar { margin-right: calc(-1 * (var(--margin-end) - 12px)); }
    .row { display: grid; grid-template-columns: 48px minmax(0, 1fr) auto; gap: 16px; align-items: center; height: 72px; border-bottom: 1px solid var(--line); }
    .row hm-art { width: 40px; }
    .row.video { grid-template-columns: 96px minmax(0, 1fr) auto; } .row.video hm-art { width: 88px; }
    .row a { display: contents; }
    @media (max-width: 719.98px) {
      .tools { position: static; padding-top: 4px; }
      .chips { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; margin: 0 calc(-1 * var(--margin)); padding-inline: var(--margin); }
      .right { display: none; }
      .area { grid-template-columns: minmax(0, 1fr); gap: 0; }
    }
  `];

  constructor() {
    super();
    this.letters = null;
    this.letter = '';
    this.live({ 'library.changed': ({ library_id: id }) => id === this.library?.id && this.renew() });
  }

  get type() {
    return TYPES[location.pathname] ?? 'movie';
  }

  get all() {
    return session.libraries.filter((library) => library.type === this.type);
  }

  get library() {
    return this.all.find((library) => library.id === this.search.library) ?? this.all[0] ?? null;
  }

  /** The address of the list without its window. */
  get filters() {
    const { sort = 'title', order, genre, year, unwatched } = this.search;
    return { sort, order: order ?? ORDERED[sort] ?? null, genre, year, unwatched };
  }

  head = this.query(() => (this.library ? `/api/libraries/${this.library.id}/items?${this.asked()}&limit=60` : null), { keep: true });
  genres = this.query(() => (session.user?.isAdmin ? '/api/genres' : null));

  asked() {
    const entries = Object.entries(this.filters).filter(([, value]) => value);
    return new URLSearchParams(entries).toString();
  }

  page = async (offset, limit) => {
    const known = this.head.data;
    if (offset === 0 && known && known.items.length >= Math.min(limit, known.totalCount)) return known.items.slice(0, limit);
    return (await api.get(`/api/libraries/${this.library.id}/items`, { ...this.filters, offset, limit })).items;
  };

  renew() {
    this.head.refresh();
    this.renderRoot.querySelector('hm-virtual-grid')?.refresh();
  }

  render() {
    this.title = say.kinds[this.type];
    return html`
      <hm-page-header heading=${say.kinds[this.type]}>${this.tabs()}</hm-page-header>
      <div class="body">${this.library ? this.filled() : this.empty()}</div>`;
  }

  tabs() {
    const kinds = Object.keys(PATHS).filter((kind) => session.libraries.some((library) => library.type === kind));
    if (kinds.length < 2) return nothing;
    return html`<hm-tabs .tabs=${kinds.map((kind) => ({ id: kind, label: say.kinds[kind], href: PATHS[kind] }))} value=${this.type} label=${say.watch}></hm-tabs>`;
  }

  filled() {
    return this.head.render({
      loading: () => html`<hm-skeleton kind="grid"></hm-skeleton>`,
      data: (head) => html`
        ${this.tools(head)}
        ${head.totalCount === 0 ? this.empty(this.isFiltered) : this.grid(head)}`,
    });
  }

  get isFiltered() {
    const { genre, year, unwatched } = this.search;
    return Boolean(genre || year || unwatched);
  }

  tools(head) {
    const { genre, year, unwatched, sort = 'title', view } = this.search;
    const [one, many] = say.counts[this.type];
    const total = this.library.itemCount;
    const words = this.isFiltered ? say.ofAll(count(head.totalCount), counted(total, one, many)) : counted(head.totalCount, one, many);
    const chip = (name, value, label, choose) => html`<hm-chip ?chosen=${Boolean(value)} ?menu=${!value} @click=${(event) => choose(event.currentTarget)} @hm-remove=${() => this.setSearch({ [name]: null })}>${value ? label : say[name]}</hm-chip>`;
    return html`<div class="tools">
      <div class="chips">
        ${this.all.length > 1 ? html`<hm-chip menu @click=${(event) => this.chooseLibrary(event.currentTarget)}>${this.library.name}</hm-chip>` : nothing}
        <hm-chip ?chosen=${Boolean(unwatched)} @click=${() => this.setSearch({ unwatched: unwatched ? null : '1' })} @hm-remove=${() => this.setSearch({ unwatched: null })}>${say.unwatched}</hm-chip>
        ${this.genreNames().length ? chip('genre', genre, genre, (at) => this.chooseGenre(at)) : nothing}
        ${chip('year', year, year?.replace('-', '–'), (at) => this.chooseYear(at))}
        <hm-chip class="only-phone" menu @click=${(event) => this.chooseSort(event.currentTarget)}>${say.sorts[sort]}</hm-chip>
      </div>
      <div class="right">
        <span class="tabular">${words}</span>
        <hm-button kind="quiet" @click=${(event) => this.chooseSort(event.currentTarget)}>${say.sorts[sort]} <hm-icon name="chevron-down" size="16"></hm-icon></hm-button>
        <hm-segmented label=${say.view} value=${view ?? 'grid'} .options=${[{ value: 'grid', label: say.grid, icon: 'grid' }, { value: 'list', label: say.list, icon: 'list' }]}
          @hm-change=${(event) => this.setSearch({ view: event.detail.value === 'list' ? 'list' : null })}></hm-segmented>
      </div></div>`;
  }

  genreNames() {
    const found = this.genres.data?.genres ?? [];
    return found.filter((genre) => genre.types[this.type]).sort((a, b) => b.count - a.count).slice(0, GENRES);
  }

  grid(head) {
    const kind = this.search.view === 'list' ? 'list' : this.type === 'video' ? 'still' : 'poster';
    const version = `${this.library.id}?${this.asked()}`;
    const byTitle = (this.search.sort ?? 'title') === 'title' && head.letters;
    return html`<div class="area">
      <hm-virtual-grid kind=${kind} row-height="72" total-count=${head.totalCount} .page=${this.page} .version=${version} keep=${`library:${version}`} label=${say.kinds[this.type]}
        .renderItem=${kind === 'list' ? this.row : kind === 'still' ? (item) => still(item) : (item) => poster(item, { second: lineOf(item, { short: media.isPhone() }) })}
        @hm-range=${(event) => this.moved(event.detail.first, head.letters)}></hm-virtual-grid>
      ${byTitle && head.totalCount > 60 ? html`<hm-letter-bar .letters=${head.letters} value=${this.letter} @hm-change=${(event) => this.jump(event.detail)}></hm-letter-bar>` : nothing}
    </div>`;
  }

  row = (item) => html`<div class="row ${item.type}"><a href=${itemHref(item)} aria-label=${item.title}>
    <hm-art ratio=${item.type === 'video' ? '16/9' : '2/3'} src=${item.thumb ? `${item.thumb}?w=180&v=${item.thumbTag}` : nothing} tone=${item.thumbTone ?? nothing}></hm-art>
    <span class="name one-line">${item.title}</span></a><span class="second tabular">${lineOf(item)}</span></div>`;

  moved(first, letters) {
    if (!letters) return;
    let before = 0;
    for (const letter of ['#', ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']) {
      before += letters[letter] ?? 0;
      if (first < before) {
        this.letter = letter;
        return;
      }
    }
  }

  jump({ value, index }) {
    this.letter = value;
    this.renderRoot.querySelector('hm-virtual-grid')?.scrollToIndex(index);
  }

  async chooseLibrary(at) {
    const id = await openMenu(at, this.all.map((library) => ({ id: library.id, label: library.name, checked: library.id === this.library.id })), { label: say.library });
    if (id) this.setSearch({ library: id });
  }

  async chooseGenre(at) {
    const name = await openMenu(at, this.genreNames().map((genre) => ({ id: genre.name, label: genre.name, key: count(genre.types[this.type]) })), { label: say.genre });
    if (name) this.setSearch({ genre: name });
  }

  async chooseYear(at) {
    const now = new Date().getFullYear();
    const decades = [];
    for (let from = now - (now % 10); from >= FIRST_DECADE; from -= 10) decades.push({ id: `${from}-${from + 9}`, label: say.decade(from) });
    const years = await openMenu(at, decades, { label: say.year });
    if (years) this.setSearch({ year: years });
  }

  async chooseSort(at) {
    const now = this.search.sort ?? 'title';
    const id = await openMenu(at, Object.entries(say.sorts).map(([sort, label]) => ({ id: sort, label, checked: sort === now })), { label: say.sort });
    if (id) this.setSearch({ sort: id === 'title' ? null : id });
  }

  empty(isFiltered = false) {
    if (isFiltered) {
      return html`<hm-empty icon="filter" heading=${say.noneLeft} text=${say.noneLeftText}>
        <hm-button slot="action" @click=${() => this.setSearch({ genre: null, year: null, unwatched: null })}>${say.clear}</hm-button></hm-empty>`;
    }
    const reading = this.all.some((library) => library.scanning);
    return html`<hm-empty icon=${this.type === 'movie' ? 'film' : this.type} heading=${reading ? say.reading : say.emptyKind[this.type]} text=${reading ? say.readingText : say.emptyKindText}>
      ${session.user?.isAdmin && !reading ? html`<hm-button slot="action" kind="primary" href="/admin/libraries/new">${say.addFolders}</hm-button>` : nothing}</hm-empty>`;
  }
}
customElements.define('library-page', LibraryPage);
