import { css, html, nothing } from '../vendor/lit.js';
import { count, counted } from '../format.js';
import { openMenu } from '../ui/menu.js';
import { loading } from './bones.js';
import { say } from './en.js';
import { genresOf } from './filters.js';
import { GridPage } from './grid-page.js';
import { cover, musicLine, playlistCover } from './music-cards.js';

const VIEWS = { artists: 'artist', albums: 'album', playlists: 'playlist' };
const SORTS = { artists: ['title', 'added'], albums: ['title', 'added', 'year', 'random'] };
const DOWN = new Set(['added', 'year']);
const ALBUM_MIN = 150;

/** `/music`: artists, albums and playlists as covers. View, sort and genre stand in the address. */
class MusicPage extends GridPage {
  static styles = [GridPage.styles, css`
    @media (max-width: 719.98px) { .right { padding: 0; margin-right: -10px; } .count { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } }
  `];

  playlists = this.query(() => (this.library ? `/api/home/library/playlists?libraryId=${this.library.id}` : null), { keep: true });
  genres = this.query(() => (this.library ? `/api/home/library/genres?library=${this.library.id}` : null), { keep: true });

  get type() {
    return 'music';
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

  get wants() {
    return super.wants && this.view !== 'playlists';
  }

  get wanted() {
    return { type: VIEWS[this.view], sort: this.sort, order: DOWN.has(this.sort) ? 'desc' : null, genre: this.genre };
  }

  render() {
    this.title = say.kinds.music;
    return html`${this.header()}<div class="body">${this.library ? this.filled() : this.nothingYet()}</div>`;
  }

  filled() {
    if (this.library.itemCount === 0 && this.head.data?.totalCount === 0 && !this.playlists.data?.playlists.length) return this.nothingYet();
    if (this.view === 'playlists') return html`${this.tools(this.playlists.data?.playlists.length)}${this.playlists.render({ loading: () => this.bones(), data: ({ playlists }) => this.lists(playlists) })}`;
    const { isCurrent } = this;
    if (!isCurrent && this.head.error) return html`${this.tools()}${this.head.render({ data: () => nothing })}`;
    if (this.shown?.wanted.type !== VIEWS[this.view]) return html`${this.tools()}${this.bones()}`;
    const { head } = this.shown;
    if (head.totalCount === 0 && isCurrent) {
      return html`${this.tools(0)}<hm-empty icon="filter" heading=${say.noneLeft} text=${say.music.noneLeftText}><hm-button slot="action" @click=${() => this.setSearch({ genre: null })}>${say.clear}</hm-button></hm-empty>`;
    }
    return html`${this.tools(head.totalCount)}${this.things(head)}`;
  }

  bones() {
    return loading(html`<hm-skeleton kind="covers" count=${this.isPhone ? 8 : 21} aria-hidden="true"></hm-skeleton>`);
  }

  tools(total) {
    const views = ['artists', 'albums', ...(this.playlists.data?.playlists.length || this.view === 'playlists' ? ['playlists'] : [])];
    const genres = this.view === 'albums' ? genresOf(this.genres.data?.genres ?? [], 'album') : [];
    return html`<div class="tools">
      <hm-segmented label=${say.music.by} value=${this.view} .options=${views.map((value) => ({ value, label: say.music.views[value] }))} @hm-change=${(event) => this.change({ view: event.detail.value === 'artists' ? null : event.detail.value, sort: null, genre: null })}></hm-segmented>
      ${this.libraryChip()}
      ${genres.length || this.genre ? html`<hm-chip ?chosen=${Boolean(this.genre)} ?menu=${!this.genre} @click=${(event) => this.chooseGenre(event.currentTarget, genres)} @hm-remove=${() => this.change({ genre: null })}>${this.genre ?? say.genre}</hm-chip>` : nothing}
      <div class="right">${total === undefined ? nothing : html`<span class="tabular count" role="status">${counted(total, ...say.counts[VIEWS[this.view]])}</span>`}
        ${!SORTS[this.view] ? nothing : this.isPhone ? html`<hm-icon-button icon="sort" label=${`${say.sort}: ${say.music.sorts[this.sort]}`} @click=${(event) => this.chooseSort(event.currentTarget)}></hm-icon-button>` : html`<hm-button kind="quiet" @click=${(event) => this.chooseSort(event.currentTarget)}>${say.music.sorts[this.sort]} <hm-icon name="chevron-down" size="16"></hm-icon></hm-button>`}</div></div>`;
  }

  change(changes) {
    this.setSearch(changes);
    window.scrollTo({ top: 0 });
  }

  async chooseGenre(at, genres) {
    const genre = await openMenu(at, genres.map((one) => ({ id: one.name, label: one.name, key: count(one.types.album), checked: one.name === this.genre })), { label: say.genre });
    if (genre) this.change({ genre });
  }

  async chooseSort(at) {
    const sort = await openMenu(at, SORTS[this.view].map((id) => ({ id, label: say.music.sorts[id], checked: id === this.sort })), { label: say.sort });
    if (sort) this.change({ sort: sort === 'title' ? null : sort });
  }

  things(head) {
    const min = this.view === 'albums' && this.isPhone ? ALBUM_MIN : undefined;
    return this.area({ kind: 'square', name: 'music', label: say.music.views[this.view], draw: this.card, letters: head.letters, min });
  }

  card = (item) => cover(item, { second: musicLine(item, { short: this.isPhone }), role: null }); // the grid's own cells are the items of the list

  lists(playlists) {
    if (!playlists.length) return html`<hm-empty icon="list" heading=${say.music.noPlaylists} text=${say.music.noPlaylistsText}></hm-empty>`;
    this.listPage = this.listsOf === playlists ? this.listPage : async (offset, limit) => playlists.slice(offset, offset + limit);
    this.listsOf = playlists;
    return html`<hm-virtual-grid kind="square" .min=${this.isPhone ? ALBUM_MIN : undefined} total-count=${playlists.length} .page=${this.listPage} .version=${playlists} label=${say.music.views.playlists} .renderItem=${(one) => playlistCover(one, { role: null })}></hm-virtual-grid>`;
  }
}
customElements.define('music-page', MusicPage);
