import { css, html, nothing, repeat } from '../vendor/lit.js';
import { api } from '../api.js';
import { session } from '../session.js';
import { toastError } from '../ui/toast.js';
import './card.js';
import { readAgain } from './changes.js';
import { say } from './en.js';
import { PhotosPage } from './photos-page.js';
import { albumLine } from './words.js';

const SORTS = { changed: (a, b) => (b.lastModifiedAssetTimestamp ?? b.updatedAt).localeCompare(a.lastModifiedAssetTimestamp ?? a.updatedAt), name: (a, b) => a.albumName.localeCompare(b.albumName), taken: (a, b) => (b.endDate ?? '').localeCompare(a.endDate ?? '') };

/** Albums of one's own, and those others share. */
class AlbumsPage extends PhotosPage {
  static styles = [PhotosPage.styles, css`
    .tools { display: flex; gap: 12px; align-items: center; padding: 4px 0 16px; } .tools .grow { flex: 1 1 0; }
    .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(172px, 1fr)); gap: 28px 24px; } h2 { font: var(--font-16); margin: 28px 0 12px; }
    @media (max-width: 719.98px) { .grid { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 20px 12px; } }
  `];

  albums = this.query(() => '/api/albums');

  constructor() {
    super();
    this.live({ 'album.*': () => this.albums.refresh(), 'photos.*': () => this.albums.refresh() });
  }

  async create() {
    try {
      const album = await api.post('/api/albums', { albumName: '' });
      readAgain();
      this.go(`/photos/albums/${album.id}?new=1`);
    } catch (error) {
      toastError(error);
    }
  }

  card = (album) => html`<photo-card .asset=${album.albumThumbnailAssetId ? { id: album.albumThumbnailAssetId } : null} icon="photos" href=${`/photos/albums/${album.id}`} name=${album.albumName || say.untitled} second=${albumLine(album)}></photo-card>`;

  section(heading, albums) {
    if (!albums.length) return nothing;
    return html`${heading ? html`<h2>${heading}</h2>` : nothing}<div class="grid">${repeat(albums, (one) => one.id, this.card)}</div>`;
  }

  filled(all) {
    if (!all.length) return html`<div class="few"><hm-empty icon="photos" heading=${say.noAlbums} text=${say.noAlbumsText}><hm-button slot="action" kind="primary" icon="plus" @click=${() => this.create()}>${say.newAlbum}</hm-button></hm-empty></div>`;
    const sort = this.search.sort in SORTS ? this.search.sort : 'changed';
    const albums = [...all].sort(SORTS[sort]);
    const own = albums.filter((one) => one.ownerId === session.user?.id);
    const others = albums.filter((one) => one.ownerId !== session.user?.id);
    return html`<div class="tools"><hm-button icon="plus" @click=${() => this.create()}>${say.newAlbum}</hm-button><span class="grow"></span>
        <hm-menu align="end" label=${say.sort} .items=${Object.keys(SORTS).map((id) => ({ id, label: say.sorts[id], checked: id === sort }))} @hm-select=${(event) => this.setSearch({ sort: event.detail.id })}><hm-icon-button icon="sort" label=${say.sort}></hm-icon-button></hm-menu></div>
      ${this.section('', own)}${this.section(own.length || others.length ? say.sharedWithMe : '', others)}`;
  }

  render() {
    this.title = say.albums;
    const items = this.more().slice(2);
    return html`${this.tabbed('albums', items)}<div class="body">${this.albums.render({ loading: () => html`<hm-skeleton kind="covers"></hm-skeleton>`, data: (all) => this.filled(all) })}</div>${this.drops.sign()}`;
  }
}
customElements.define('photo-albums-page', AlbumsPage);
