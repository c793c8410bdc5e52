import { css, html, LitElement, nothing, repeat } from '../vendor/lit.js';
import { api } from '../api.js';
import { count } from '../format.js';
import { session } from '../session.js';
import { QueryController } from '../ui/controllers.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { readAgain } from './changes.js';
import { say } from './en.js';
import { pictureUrl } from './items.js';
import { albumLine } from './words.js';

const SEARCHED_FROM = 8;

class AlbumDialog extends LitElement {
  static properties = { ids: { attribute: false }, text: { state: true }, isBusy: { state: true } };

  static styles = [shared, css`
    .album { color: var(--text); display: flex; width: 100%; align-items: center; gap: 12px; padding: 8px; margin: 0 -8px; border-radius: var(--radius); text-align: start; width: calc(100% + 16px); }
    @media (hover: hover) { .album:hover { background: var(--hover); } }
    .picture { display: grid; place-items: center; flex: none; width: 48px; height: 48px; border-radius: var(--radius); background: var(--hover); color: var(--text2); overflow: hidden; } .picture img { width: 100%; height: 100%; object-fit: cover; }
    .words { min-width: 0; } .words span { display: block; } form { display: flex; gap: 12px; align-items: end; padding-bottom: 12px; } form hm-field { flex: 1 1 0; }
  `];

  albums = new QueryController(this, () => '/api/albums');

  finish(album) {
    this.done(album);
    this.remove();
  }

  async create(event) {
    event.preventDefault();
    const albumName = this.renderRoot.querySelector('[name="album"]').value.trim();
    if (!albumName || this.isBusy) return;
    this.isBusy = true;
    try {
      const album = await api.post('/api/albums', { albumName, assetIds: this.ids });
      readAgain();
      toast(say.addedTo(this.ids.length, count(this.ids.length), albumName));
      this.finish({ ...album, isNew: true });
    } catch (error) {
      toastError(error);
    }
    this.isBusy = false;
  }

  mayAdd(album) {
    return album.albumUsers.some(({ user, role }) => user.id === session.user?.id && role !== 'viewer');
  }

  row = (album) => html`<button class="album" type="button" @click=${() => this.finish(album)}><span class="picture">${album.albumThumbnailAssetId ? html`<img src=${pictureUrl({ id: album.albumThumbnailAssetId })} alt="">` : html`<hm-icon name="photos"></hm-icon>`}</span>
    <span class="words"><span class="name one-line">${album.albumName || say.untitled}</span><span class="second">${albumLine(album)}</span></span></button>`;

  render() {
    const all = (this.albums.data ?? []).filter((one) => this.mayAdd(one));
    const wanted = (this.text ?? '').toLowerCase();
    const shown = all.filter((one) => one.albumName.toLowerCase().includes(wanted));
    return html`<hm-dialog open cross heading=${say.addTo(this.ids.length, count(this.ids.length))} @hm-close=${() => this.finish(null)}>
      <form @submit=${this.create}><hm-field name="album" label=${say.newAlbum} placeholder=${say.albumName} maxlength="200" @input=${(event) => (this.text = all.length >= SEARCHED_FROM ? event.target.value : '')}></hm-field><hm-button type="submit" kind="primary" ?busy=${this.isBusy}>${say.create}</hm-button></form>
      ${this.albums.data ? repeat(shown, (one) => one.id, this.row) : this.albums.error ? html`<hm-error plain heading=${say.failedTitle} text=${this.albums.error.message}></hm-error>` : html`<hm-skeleton kind="text"></hm-skeleton>`}${nothing}</hm-dialog>`;
  }
}
customElements.define('photo-album-dialog', AlbumDialog);

/** Which album these go into; a new one holds them already. @param {string[]} ids @returns {Promise<any | null>} */
export function chooseAlbum(ids) {
  return new Promise((done) => {
    document.body.append(Object.assign(document.createElement('photo-album-dialog'), { ids, done }));
  });
}
