import { css, html, nothing, repeat } from '../vendor/lit.js';
import { api } from '../api.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { toastError } from '../ui/toast.js';
import { say } from './en.js';
import { fromColumns, pictureUrl } from './items.js';

const MOST_COVERS = 60;

/** How an album is: comments and likes, in which order, its cover. Emits `photo-album-change {body}` and `hm-close`. */
class AlbumOptions extends Widget {
  static properties = { album: { attribute: false }, photos: { state: true } };

  static styles = [shared, css`
    .part { padding: 12px 0; } .part > p { font: var(--font-14); font-weight: 500; margin-bottom: 8px; }
    .covers { display: grid; grid-template-columns: repeat(auto-fill, minmax(84px, 1fr)); gap: 8px; max-height: 300px; overflow-y: auto; padding: 3px; }
    .covers button { position: relative; aspect-ratio: 1; border-radius: var(--radius); overflow: hidden; background: var(--hover); } .covers img { width: 100%; height: 100%; object-fit: cover; }
    .covers button[aria-pressed="true"] { outline: 2px solid var(--accent); outline-offset: 1px; }
  `];

  constructor() {
    super();
    this.photos = null;
  }

  firstUpdated() {
    this.read(); // the album is here only now: this part may be loaded after it was drawn
  }

  /** Those the album begins with. */
  async read() {
    const filters = { albumId: this.album.id, order: this.album.order };
    try {
      const months = await api.get('/api/timeline/buckets', filters);
      const photos = [];
      for (const { timeBucket } of months) {
        photos.push(...fromColumns(await api.get('/api/timeline/bucket', { ...filters, timeBucket })));
        if (photos.length >= MOST_COVERS) break;
      }
      this.photos = photos.slice(0, MOST_COVERS);
    } catch (error) {
      toastError(error);
    }
  }

  change(body) {
    this.emit('photo-album-change', { body });
  }

  render() {
    const { album } = this;
    return html`<hm-dialog open cross heading=${say.albumOptions}>
      <div class="part"><hm-switch label=${say.talkOn} hint=${say.talkOnHint} ?checked=${album.isActivityEnabled} @hm-change=${(event) => this.change({ isActivityEnabled: event.detail.checked })}></hm-switch></div>
      <div class="part"><p>${say.order}</p><hm-segmented label=${say.order} value=${album.order} .options=${['desc', 'asc'].map((value) => ({ value, label: say.orders[value] }))} @hm-change=${(event) => this.change({ order: event.detail.value })}></hm-segmented></div>
      ${this.photos?.length ? html`<div class="part"><p>${say.cover}</p><div class="covers">${repeat(this.photos, (one) => one.id, (one, at) => html`<button type="button" aria-label=${say.coverNumber(at + 1)} aria-pressed=${String(one.id === album.albumThumbnailAssetId)} @click=${() => this.change({ albumThumbnailAssetId: one.id })}><img src=${pictureUrl(one)} alt="" loading="lazy"></button>`)}</div></div>` : nothing}</hm-dialog>`;
  }
}
customElements.define('photo-album-options', AlbumOptions);
