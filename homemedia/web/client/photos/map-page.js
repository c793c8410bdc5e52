import { css, html, nothing } from '../vendor/lit.js';
import { count } from '../format.js';
import { QueryController } from '../ui/controllers.js';
import { say } from './en.js';
import { Loose, Shown } from './loose.js';
import './map.js';
import { placeIn, placeText } from './mercator.js';
import { PhotosPage } from './photos-page.js';

const NONE = [];

/** All photos that know where they were taken, on a map of our own. */
class MapPage extends PhotosPage {
  static styles = [PhotosPage.styles, css`
    .hold { position: relative; margin: 0 var(--margin-end) 0 var(--margin); height: calc(100dvh - var(--top) - var(--bottom) - 24px); min-height: 320px; }
    photo-map { position: absolute; inset: 0; border-radius: var(--radius-place); }
    .over { position: absolute; z-index: 4; left: 16px; top: 16px; display: flex; gap: 8px; } .over hm-chip { background: var(--raised); border-radius: 16px; }
    .told { position: absolute; inset: 0; display: grid; place-items: center; padding: 16px; z-index: 4; pointer-events: none; } .told > * { pointer-events: auto; max-width: 480px; }
    @media (max-width: 719.98px) { .hold { margin: 0; height: calc(100dvh - var(--top) - var(--bottom)); } photo-map { border-radius: 0; } }
  `];

  constructor() {
    super();
    this.shown = new Shown(this);
  }

  markers = new QueryController(this, () => `/api/map/markers?withPartners=true${this.search.favourite ? '&isFavorite=true' : ''}`, { keep: true });

  moved({ detail }) {
    this.setSearch({ at: placeText(detail) });
  }

  willUpdate() {
    const { at } = this.search;
    if (at !== this.atText) {
      this.atText = at;
      this.at = placeIn(at);
    }
  }

  told() {
    const { data, error } = this.markers;
    if (data?.length) return nothing;
    if (error && !data) return html`<div class="told"><hm-error heading=${say.failedTitle} text=${error.message} retry=${say.retry} @hm-retry=${() => this.markers.refresh()}></hm-error></div>`;
    if (!data) return nothing;
    return html`<div class="told">${this.search.favourite
      ? html`<hm-empty icon="heart" heading=${say.nothingHere} text=${say.noFavouritesHere}></hm-empty>`
      : html`<hm-empty icon="map" heading=${say.noPlaces} text=${say.noMarkersText}></hm-empty>`}</div>`;
  }

  render() {
    this.title = say.map;
    const isFavourite = Boolean(this.search.favourite);
    const all = this.markers.data;
    return html`<hm-page-header back="/photos/places" heading=${say.map} sub=${all?.length && !this.isPhone ? say.onMap(all.length, count(all.length), '') : nothing}></hm-page-header>
      <div class="hold"><photo-map label=${say.map} .points=${all ?? NONE} .at=${this.at} @photo-map-moved=${this.moved} @photo-mark=${(event) => this.shown.open(new Loose(event.detail.ids))}></photo-map>
        <div class="over"><hm-chip ?chosen=${isFavourite} icon="heart" @click=${() => this.setSearch({ favourite: isFavourite ? null : '1' })} @hm-remove=${() => this.setSearch({ favourite: null })}>${say.favourites}</hm-chip></div>
        ${this.told()}</div>`;
  }
}
customElements.define('photo-map-page', MapPage);
