// One share in a list: its picture, its name, with whom or from whom, what can be done.
import { css, html, nothing } from '../vendor/lit.js';
import { artUrl } from '../api.js';
import { QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { itemHref } from '../watch/links.js';
import { say } from './en.js';
import { hrefOf, isPhoto } from './shares.js';

const SIGNS = { library: 'folder', folder: 'folder', user_library: 'photos', media_set: 'photos', collection: 'album', media: 'film', clip: 'feed', heap: 'notes', block: 'notes' };
const assetUrl = (id) => `/api/assets/${encodeURIComponent(id)}/thumbnail`;

/** `share`, `second` (the line under its name), `items` (its menu; `hm-select`), `selectable`, `chosen` (`hm-choose`). */
class ShareCard extends Widget {
  static properties = { share: { attribute: false }, second: { type: String }, items: { attribute: false }, selectable: { type: Boolean }, chosen: { type: Boolean } };

  static styles = [shared, css`
    :host { display: flex; align-items: center; gap: 14px; min-height: 76px; }
    .picture { display: grid; place-items: center; width: 56px; height: 56px; flex: none; border-radius: var(--radius); overflow: hidden; background: var(--hover); color: var(--text2); --icon: 24px; } .picture img { width: 100%; height: 100%; object-fit: cover; }
    .words { flex: 1 1 0; min-width: 0; } .name { font: var(--font-14); font-weight: 600; display: block; } .second { display: block; } a.name { color: inherit; } :host([dim]) .picture, :host([dim]) .name { opacity: .6; }
    @media (hover: hover) { a.name:hover { text-decoration: underline; } }
  `];

  /** What only its slice knows: a film's picture and page, an album's cover. */
  thing = new QueryController(this, () => {
    const { share } = this;
    if (!share || isPhoto(share)) return null;
    if (share.target_type === 'media') return `/api/media/${encodeURIComponent(share.target_id)}`;
    return share.target_type === 'collection' ? `/api/albums/${encodeURIComponent(share.target_id)}?withoutAssets=true` : null;
  });

  get picture() {
    const { share } = this;
    if (isPhoto(share)) return assetUrl(share.target_id);
    if (share.target_type === 'media_set' && share.target_ids?.length) return assetUrl(share.target_ids[0]);
    const thing = this.thing.data;
    if (share.target_type === 'collection') return thing?.albumThumbnailAssetId ? assetUrl(thing.albumThumbnailAssetId) : null;
    return thing ? artUrl(thing.item ?? thing, { width: 112 }) : null;
  }

  get href() {
    const thing = this.thing.data;
    if (this.share.target_type === 'media' && !isPhoto(this.share)) return thing ? itemHref(thing.item ?? thing) : null;
    return hrefOf(this.share);
  }

  render() {
    const { share, picture, href } = this;
    const name = share.target_title ?? say.kinds[share.target_type];
    this.toggleAttribute('dim', share.status !== 'active');
    return html`${this.selectable ? html`<hm-checkbox aria-name=${name} ?checked=${this.chosen} @hm-change=${() => this.emit('hm-choose')}></hm-checkbox>` : nothing}
      <span class="picture">${picture ? html`<img src=${picture} alt="" loading="lazy">` : html`<hm-icon name=${SIGNS[share.target_type] ?? 'share'}></hm-icon>`}</span>
      <div class="words">${href && share.status !== 'suspended' ? html`<a class="name one-line" href=${href}>${name}</a>` : html`<span class="name one-line">${name}</span>`}<span class="second one-line">${this.second}</span></div>
      <hm-menu label=${name} .items=${this.items}><hm-icon-button icon="dots" label=${name}></hm-icon-button></hm-menu>`;
  }
}
customElements.define('share-card', ShareCard);
