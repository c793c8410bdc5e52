import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { count, counted } from '../format.js';
import { session } from '../session.js';
import { onKey } from '../ui/controllers.js';
import { openMenu } from '../ui/menu.js';
import { Page } from '../ui/page.js';
import { onPhoneChange } from '../ui/platform.js';
import { toast } from '../ui/toast.js';
import { bone, boneStyles, loading, stateStyles } from './bones.js';
import { say } from './en.js';
import { genresOf } from './filters.js';
import { kindTabs } from './kind-tabs.js';
import { cover, musicLine, playlistCover } from './music-cards.js';

const VIEWS = { artists: 'artist', albums: 'album', playlists: 'playlist' };
const SORTS = { artists: ['title', 'added'], albums: ['title', 'added', 'year', 'random'] };
const DOWN = new Set(['added', 'year']);
const HEAD = 60; // as the grid's own pages
const LETTERS_FROM = 28;
const BARS = 140; // px of the window that the two bars take
const PAUSE_MS = 700;
const ALBUM_MIN = 150;

/** `/music`: artists, albums and playlists as covers. View, sort and genre stand in the address. */
class MusicPage extends Page {
  static properties = { ...Page.properties, shown: { state: true }, letter: { state: true }, isPhone: { state: true } };

  static styles = [Page.styles, stateStyles, boneStyles, css`
    .tools { display: flex; align-items: center; gap: 8px; padding: 8px 0 20px; position: sticky; top: var(--top); z-index: 10; background: var(--bg); }
    .right { margin-left: auto; padding-left: 8px; display: flex; align-items: center; gap: 8px; font: var(--font-14); color: var(--text2); white-space: nowrap; }
    .right hm-button hm-icon { margin: -2px -4px -2px 0; vertical-align: middle; }
    .area { display: grid; grid-template-columns: minmax(0, 1fr); }
    .area.lettered { grid-template-columns: minmax(0, 1fr) 24px; gap: 12px; } .area hm-letter-bar { margin-right: -12px; margin-left: 12px; top: calc(var(--top) + 68px); }
    @media (min-width: 720px) { .area hm-virtual-grid { --top: 140px; } }
    .old { opacity: .55; transition: opacity var(--fast) ease-out; }
    @media (max-width: 719.98px) { .tools { position: static; flex-wrap: wrap; padding: 8px 0; } .area.lettered { grid-template-columns: minmax(0, 1fr); gap: 0; } .right { padding: 0; margin-right: -10px; } .count { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } }
    @media (max-width: 1099.98px) { .area hm-letter-bar { margin-right: -8px; } }
  `];

  head = this.query(() => (this.library && this.view !== 'playlists' ? `/api/libraries/${this.library.id}/items?${this.asked}&limit=${HEAD}` : null));
  playlists = this.query(() => (this.library ? `/api/home/library/playlists?libraryId=${this.library.id}` : null), { keep: true });
  genres = this.query(() => (this.library ? `/api/home/library/genres?library=${this.library.id}` : null), { keep: true });

  constructor() {
    super();
    /** What is drawn: `{version, head, page}`; stays until the answer for another address is here. */
    this.shown = null;
    this.letter = '';
    this.isPhone = window.innerWidth < 720;
    this.live({ 'library.changed': ({ library_id: id }) => (!id || id === this.library?.id) && this.heard() });
    this.addController({ hostUpdate: () => this.settle() }); // after the queries have looked at the address, before drawing
    onKey(this, { Home: () => this.jumpTo(0), End: () => this.jumpTo(Infinity), ArrowDown: (event) => this.intoGrid(event) });
  }

  connectedCallback() {
    super.connectedCallback();
    this.offSession = session.subscribe(() => this.requestUpdate());
    this.offPhone = onPhoneChange((is) => (this.isPhone = is));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.offSession();
    this.offPhone();
    clearTimeout(this.timer);
    this.timer = 0;
  }

  heard() {
    this.timer ||= setTimeout(() => {
      this.timer = 0;
      this.grid?.refresh();
    }, PAUSE_MS);
  }

  get all() {
    return session.libraries.filter((library) => library.type === 'music');
  }

  get library() {
    return this.all.find((library) => library.id === this.search.library) ?? this.all[0] ?? null;
  }

  get view() {
    return VIEWS[this.search.view] ? this.search.view : 'artists';
  }

  get sort() {
    return SORTS[this.view]?.includes(this.search.sort) ? this.search.sort : 'title';
  }

  get genre() {
    return this.view === 'albums' ? (this.search.genre ?? null) : null;
  }

  get filters() {
    return { type: VIEWS[this.view], sort: this.sort, order: DOWN.has(this.sort) ? 'desc' : null, genre: this.genre };
  }

  get asked() {
    return new URLSearchParams(Object.entries(this.filters).filter(([, value]) => value)).toString();
  }

  get version() {
    return this.library ? `${this.library.id}?${this.asked}` : '';
  }

  get grid() {
    return this.renderRoot.querySelector('hm-virtual-grid');
  }

  settle() {
    const head = this.head.data;
    const { version } = this;
    if (!head || (this.shown?.version === version && this.shown.head === head)) return;
    const isOther = this.shown?.version !== version;
    const { id } = this.library;
    const { filters } = this;
    const page = async (offset, limit) => {
      if (offset === 0 && head.items.length >= Math.min(limit, head.totalCount)) return head.items.slice(0, limit);
      return (await api.get(`/api/libraries/${id}/items`, { ...filters, offset, limit })).items;
    };
    this.shown = { version, view: this.view, head, page };
    if (!isOther) this.updateComplete.then(() => this.grid?.refresh());
  }

  render() {
    this.title = say.kinds.music;
    return html`<hm-page-header heading=${this.isPhone ? say.watch : say.kinds.music}>${kindTabs('music')}</hm-page-header>
      <div class="body">${this.library ? this.filled() : this.empty()}</div>`;
  }

  filled() {
    if (this.library.itemCount === 0 && this.head.data?.totalCount === 0 && !this.playlists.data?.playlists.length) return this.empty();
    if (this.view === 'playlists') return html`${this.tools(this.playlists.data?.playlists.length)}${this.playlists.render({ loading: () => this.bones(), data: ({ playlists }) => this.lists(playlists) })}`;
    const isCurrent = this.shown?.version === this.version;
    if (!isCurrent && this.head.error) return html`${this.tools()}${this.head.render({ data: () => nothing })}`;
    if (!this.shown || this.shown.view !== this.view) return html`${this.tools()}${this.bones()}`;
    const { head } = this.shown;
    if (head.totalCount === 0 && isCurrent) {
      return html`${this.tools(0)}<hm-empty icon="filter" heading=${say.noneLeft} text=${say.music.noneLeftText}><hm-button slot="action" @click=${() => this.setSearch({ genre: null })}>${say.clear}</hm-button></hm-empty>`;
    }
    return html`${this.tools(head.totalCount)}${this.things(head, isCurrent)}`;
  }

  bones() {
    return loading(html`<hm-skeleton kind="covers" count=${this.isPhone ? 8 : 21} aria-hidden="true"></hm-skeleton>`);
  }

  tools(total) {
    const views = ['artists', 'albums', ...(this.playlists.data?.playlists.length || this.view === 'playlists' ? ['playlists'] : [])];
    const genres = this.view === 'albums' ? genresOf(this.genres.data?.genres ?? [], 'album') : [];
    return html`<div class="tools">
      <hm-segmented label=${say.music.by} value=${this.view} .options=${views.map((value) => ({ value, label: say.music.views[value] }))} @hm-change=${(event) => this.change({ view: event.detail.value === 'artists' ? null : event.detail.value, sort: null, genre: null })}></hm-segmented>
      ${this.all.length > 1 ? html`<hm-chip menu @click=${(event) => this.chooseLibrary(event.currentTarget)}>${this.library.name}</hm-chip>` : nothing}
      ${genres.length || this.genre ? html`<hm-chip ?chosen=${Boolean(this.genre)} ?menu=${!this.genre} @click=${(event) => this.chooseGenre(event.currentTarget, genres)} @hm-remove=${() => this.change({ genre: null })}>${this.genre ?? say.genre}</hm-chip>` : nothing}
      <div class="right">${total === undefined ? nothing : html`<span class="tabular count" role="status">${counted(total, ...say.counts[VIEWS[this.view]])}</span>`}
        ${!SORTS[this.view] ? nothing : this.isPhone ? html`<hm-icon-button icon="sort" label=${`${say.sort}: ${say.music.sorts[this.sort]}`} @click=${(event) => this.chooseSort(event.currentTarget)}></hm-icon-button>` : html`<hm-button kind="quiet" @click=${(event) => this.chooseSort(event.currentTarget)}>${say.music.sorts[this.sort]} <hm-icon name="chevron-down" size="16"></hm-icon></hm-button>`}</div></div>`;
  }

  change(changes) {
    this.setSearch(changes);
    window.scrollTo({ top: 0 });
  }

  async chooseLibrary(at) {
    const library = await openMenu(at, this.all.map((one) => ({ id: one.id, label: one.name, checked: one.id === this.library.id })), { label: say.library });
    if (library) this.change({ library, genre: null });
  }

  async chooseGenre(at, genres) {
    const genre = await openMenu(at, genres.map((one) => ({ id: one.name, label: one.name, key: count(one.types.album), checked: one.name === this.genre })), { label: say.genre });
    if (genre) this.change({ genre });
  }

  async chooseSort(at) {
    const sort = await openMenu(at, SORTS[this.view].map((id) => ({ id, label: say.music.sorts[id], checked: id === this.sort })), { label: say.sort });
    if (sort) this.change({ sort: sort === 'title' ? null : sort });
  }

  things(head, isCurrent) {
    const { version } = this.shown;
    const letters = this.sort === 'title' && head.letters && head.totalCount >= LETTERS_FROM && !this.isPhone;
    const isAlbums = this.view === 'albums';
    return html`<div class="area ${letters ? 'lettered' : ''} ${isCurrent ? '' : 'old'}">
      <hm-virtual-grid kind="square" .min=${isAlbums && this.isPhone ? ALBUM_MIN : undefined} total-count=${head.totalCount} .page=${this.shown.page} .version=${version} keep=${`music:${version}`} label=${say.music.views[this.view]}
        .renderItem=${this.card} @hm-range=${() => this.moved()} @hm-load-failed=${this.failed}></hm-virtual-grid>
      ${letters ? html`<hm-letter-bar .letters=${head.letters} value=${this.letter} @hm-change=${(event) => this.jump(event.detail)}></hm-letter-bar>` : nothing}</div>`;
  }

  card = (item) => cover(item, { second: musicLine(item, { short: this.isPhone }), role: null }); // the grid's own cells are the items of the list

  lists(playlists) {
    if (!playlists.length) return html`<hm-empty icon="list" heading=${say.music.noPlaylists} text=${say.music.noPlaylistsText}></hm-empty>`;
    this.listPage = this.listsOf === playlists ? this.listPage : async (offset, limit) => playlists.slice(offset, offset + limit);
    this.listsOf = playlists;
    return html`<hm-virtual-grid kind="square" .min=${this.isPhone ? ALBUM_MIN : undefined} total-count=${playlists.length} .page=${this.listPage} .version=${playlists} label=${say.music.views.playlists} .renderItem=${(one) => playlistCover(one, { role: null })}></hm-virtual-grid>`;
  }

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
    if (inside || !totalCount) return false;
    const row = Math.max(0, Math.ceil((BARS - this.grid.getBoundingClientRect().top) / shape.rowHeight));
    this.grid.focusIndex(row * shape.columns);
    return true;
  }

  failed = ({ detail: { error } }) => {
    if (this.told) return;
    this.told = toast(say.pageFailed(error.message), { kind: 'bad', action: { label: say.again, run: () => this.grid?.requestUpdate() } });
    this.told.closed.then(() => (this.told = null));
  };

  empty() {
    const reading = this.all.some((library) => library.scanning);
    const admin = session.user?.isAdmin && !reading;
    return html`<hm-empty icon="music" heading=${reading ? say.music.reading : say.music.empty} text=${say.music.emptyText}>
      ${reading ? html`<hm-progress slot="action" label=${say.music.reading}></hm-progress>` : nothing}
      ${admin ? html`<hm-button slot="action" kind="primary" href=${this.library ? '/admin/libraries' : '/admin/libraries/new'}>${this.library ? say.toLibraries : say.addFolders}</hm-button>` : nothing}</hm-empty>`;
  }
}
customElements.define('music-page', MusicPage);
