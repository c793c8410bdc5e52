import { css, html, nothing } from '../vendor/lit.js';
import './card.js';
import { say } from './en.js';
import { PhotosPage } from './photos-page.js';

/** Towns: cards that lead to their photos. */
class CardsPage extends PhotosPage {
  static styles = [PhotosPage.styles, css`
    .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(148px, 1fr)); gap: 28px 24px; padding-top: 12px; }
    @media (max-width: 719.98px) { .grid { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 20px 12px; } }
  `];

  more() {
    return super.more().slice(2);
  }

  grid(cards) {
    return html`<div class="grid">${cards}</div>`;
  }

  bones() {
    return html`<div class="grid"><hm-skeleton kind="cover" count="1"></hm-skeleton></div>`;
  }
}

class PlacesPage extends CardsPage {
  cities = this.query(() => '/api/search/cities');

  cards(assets) {
    const towns = assets.filter((one) => one.exifInfo?.city).sort((a, b) => a.exifInfo.city.localeCompare(b.exifInfo.city));
    if (!towns.length) return html`<div class="few"><hm-empty icon="pin" heading=${say.noPlaces} text=${say.noPlacesText}></hm-empty></div>`;
    return this.grid(towns.map((asset) => html`<photo-card .asset=${asset} name=${asset.exifInfo.city} second=${asset.exifInfo.country ?? nothing}></photo-card>`));
  }

  render() {
    this.title = say.places;
    return html`${this.tabbed('places')}<div class="body">${this.cities.render({ loading: () => html`<hm-skeleton kind="covers"></hm-skeleton>`, data: (all) => this.cards(all) })}</div>${this.drops.sign()}`;
  }
}
customElements.define('photo-places-page', PlacesPage);
