import { html, nothing } from '../vendor/lit.js';
import { say } from './en.js';
import { placeText } from './mercator.js';
import { PhotosPage } from './photos-page.js';
import { Found } from './source.js';

const MAP_ZOOM = 10;

/** The photos of one town. */
class PlacePage extends PhotosPage {
  cities = this.query(() => '/api/search/cities');

  willUpdate() {
    const { name } = this.params;
    const { country } = this.search;
    const key = `${name} ${country}`;
    if (key === this.key) return;
    this.key = key;
    this.source = new Found({ city: name, ...(country ? { country } : {}) });
  }

  /** Where it lies, by one of its photos. */
  get where() {
    const found = (this.cities.data ?? []).find(({ exifInfo }) => exifInfo?.city === this.params.name && exifInfo.latitude !== null);
    return found ? `/photos/map?at=${placeText({ lat: found.exifInfo.latitude, lon: found.exifInfo.longitude, zoom: MAP_ZOOM })}` : '/photos/map';
  }

  more() {
    return [{ id: 'select', label: say.select, icon: 'tick-circle' }, { id: 'map', label: say.openMap, icon: 'map', href: this.where }];
  }

  render() {
    const { name } = this.params;
    this.title = name;
    return html`<hm-page-header heading=${name} sub=${(!this.isPhone && this.search.country) || nothing} back="/photos/places">
        <hm-icon-button slot="end" class="not-phone" icon="map" icon-size="24" label=${say.openMap} href=${this.where}></hm-icon-button>
        <hm-menu slot="end" align="end" label=${say.more} .items=${this.more()} @hm-select=${(event) => this.did(event.detail.id)}><hm-icon-button icon="dots" icon-size="24" label=${say.more}></hm-icon-button></hm-menu></hm-page-header><div class="body">
      <photo-list .source=${this.source} kind="found" label=${name} shown=${this.search.photo ?? nothing}>
        <div slot="empty" class="few"><hm-empty icon="pin" heading=${say.nothingHere} text=${say.nothingFoundText}></hm-empty></div></photo-list></div>`;
  }
}
customElements.define('photo-place-page', PlacePage);
