import { css, html, nothing } from '../vendor/lit.js';
import { QueryController } from '../ui/controllers.js';
import { pickFiles } from './adding.js';
import * as deeds from './deeds.js';
import { say } from './en.js';
import './memories.js';
import { PhotosPage } from './photos-page.js';
import { Months } from './source.js';

const ALL = new Months({ visibility: 'timeline', withStacked: 'true', withPartners: 'true' });

/** Everything, newest first. With `?into=<album>` what is chosen goes into that album. */
class TimelinePage extends PhotosPage {
  static styles = [PhotosPage.styles, css`
    photo-memories { padding: 4px 0 20px; }
    @media (max-width: 719.98px) { photo-memories { padding: 8px 0 12px; } }
  `];

  album = new QueryController(this, () => (this.search.into ? `/api/albums/${encodeURIComponent(this.search.into)}?withoutAssets=true` : null));

  partners = this.query(() => '/api/partners?direction=shared-with');

  /** Whose photos one may look at stands in the menu. */
  more() {
    const others = (this.partners.data ?? []).map((one) => ({ id: `partner:${one.id}`, label: say.photosOf(one.name), icon: 'user', href: `/photos/partners/${one.id}` }));
    return [...super.more(), ...(others.length ? [{ separator: true }, ...others] : [])];
  }

  async put({ detail: { photos } }) {
    const album = this.album.data;
    if (photos.length && album) await deeds.putInto(album.id, photos, album.albumName);
    this.go(`/photos/albums/${this.search.into}`, { replace: true });
  }

  render() {
    const { into, photo } = this.search;
    this.title = say.photosTitle;
    const header = into ? html`<hm-page-header back=${`/photos/albums/${into}`} heading=${say.choosingFor(this.album.data?.albumName ?? '')}></hm-page-header>` : this.tabbed('timeline');
    return html`${header}<div class="body">
      ${into ? nothing : html`<photo-memories .search=${this.search}></photo-memories>`}
      <photo-list .source=${ALL} kind="timeline" .into=${into ?? null} shown=${photo ?? nothing} @photo-into=${this.put}>
        <div slot="empty" class="few"><hm-empty icon="photos" heading=${say.noPhotos} text=${say.noPhotosText}><hm-button slot="action" kind="primary" icon="upload" @click=${() => pickFiles()}>${say.upload}</hm-button></hm-empty></div>
      </photo-list></div>${this.drops.sign()}`;
  }
}
customElements.define('photo-timeline-page', TimelinePage);
