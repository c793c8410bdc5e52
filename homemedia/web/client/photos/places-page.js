import { css, html, nothing } from '../vendor/lit.js';
import './card.js';
import { say } from './en.js';
import { townHref } from './items.js';
import './map.js';
import { PhotosPage } from './photos-page.js';

const countryOf = (asset) => asset.exifInfo.country ?? '';

/** Towns: the map over them, and cards that lead to their photos, country by country. */
class PlacesPage extends PhotosPage {
  static styles = [PhotosPage.styles, css`
    .map { display: block; position: relative; margin-top: 4px; border-radius: var(--radius-place); overflow: hidden; } .map photo-map { height: 232px; pointer-events: none; } .map span { position: absolute; right: 12px; bottom: 12px; display: flex; align-items: center; gap: 8px; height: 40px; padding: 0 16px; border-radius: var(--radius); background: var(--raised); box-shadow: var(--shadow); font: var(--font-14); font-weight: 600; }
    h2 { font: var(--font-16); letter-spacing: -0.008em; margin: 28px 0 0; }
    .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(148px, 1fr)); gap: 28px 24px; padding-top: 12px; }
    @media (max-width: 719.98px) { .grid { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 20px 12px; } }
  `];

  more() {
    return super.more().slice(2);
  }

  cities = this.query(() => '/api/search/cities');

  cards(assets) {
    const towns = assets.filter((one) => one.exifInfo?.city);
    if (!towns.length) return html`<div class="few"><hm-empty icon="pin" heading=${say.noPlaces} text=${say.noPlacesText}></hm-empty></div>`;
    const countries = new Map();
    for (const one of towns) countries.set(countryOf(one), [...(countries.get(countryOf(one)) ?? []), one]);
    const sorted = [...countries].sort(([a, those], [b, others]) => others.length - those.length || a.localeCompare(b));
    const card = (asset) => html`<photo-card .asset=${asset} href=${townHref(asset.exifInfo)} name=${asset.exifInfo.city} second=${asset.exifInfo.state ?? nothing}></photo-card>`;
    return html`${this.map(towns)}${sorted.map(([country, those]) => html`<h2>${country || say.elsewhere}</h2><div class="grid">${those.sort((a, b) => a.exifInfo.city.localeCompare(b.exifInfo.city)).map(card)}</div>`)}`;
  }

  /** A look at the map: one mark a town. */
  map(towns) {
    if (this.marked?.key !== this.cities.data) {
      const points = towns.filter(({ exifInfo }) => exifInfo.latitude !== null).map(({ id, exifInfo }) => ({ id, lat: exifInfo.latitude, lon: exifInfo.longitude, city: exifInfo.city, country: exifInfo.country }));
      this.marked = { key: this.cities.data, points };
    }
    return html`<a class="map" href="/photos/map" aria-label=${say.openMap}><photo-map still label=${say.map} .points=${this.marked.points}></photo-map><span aria-hidden="true"><hm-icon name="map"></hm-icon>${say.map}</span></a>`;
  }

  render() {
    this.title = say.places;
    return html`${this.tabbed('places')}<div class="body">${this.cities.render({ loading: () => html`<hm-skeleton kind="covers"></hm-skeleton>`, data: (all) => this.cards(all) })}</div>${this.drops.sign()}`;
  }
}
customElements.define('photo-places-page', PlacesPage);
