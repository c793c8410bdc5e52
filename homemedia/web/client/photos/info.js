import { css, html, nothing, repeat } from '../vendor/lit.js';
import { api } from '../api.js';
import { count, join, size } from '../format.js';
import { session } from '../session.js';
import { QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { onChange } from './changes.js';
import * as edits from './edits.js';
import { say } from './en.js';
import './map.js';
import { placeText } from './mercator.js';
import { faceOf, townHref } from './items.js';
import { nameOf, portraitOf } from './people.js';
import './stars.js';
import { give, haveTag, take } from './tags.js';
import { whenWords } from './words.js';
import { withOffset, zoneNames } from './zones.js';

const MEGA = 1e6;
const LITTLE_ZOOM = 4.5; // a country or two
const MAP_ZOOM = 9;

/** "f/1.8 · 1/887 s · 4 mm · ISO 20". */
function exposure({ fNumber, exposureTime, focalLength, iso }) {
  const lens = focalLength ? `${Math.round(focalLength * 10) / 10} mm` : '';
  return join(fNumber ? `f/${fNumber}` : '', exposureTime ? `${exposureTime} s` : '', lens, iso ? `ISO ${iso}` : '');
}

/** What is known of a photo: words, stars, day, place, camera, file, people, tags, albums. Its owner changes what a file may have wrong. Emits `photo-mark-faces`, `photo-asset {asset}`. */
class PhotoInfo extends Widget {
  static properties = { asset: { attribute: false }, photo: { attribute: false }, kind: { type: String }, isDating: { state: true } };

  static styles = [shared, css`
    :host { display: block; padding: 8px 20px 28px; }
    header { display: flex; align-items: center; height: 56px; margin-right: -10px; } header h2 { font: var(--font-20); letter-spacing: -0.014em; flex: 1 1 0; }
    .row { display: flex; gap: 12px; padding: 10px 0; } .row > hm-icon { color: var(--text2); margin-top: 1px; flex: none; } .row > hm-icon-button { margin: -8px -6px -8px 0; flex: none; }
    .row .words { min-width: 0; flex: 1 1 0; overflow-wrap: anywhere; } .row .name, .row .second { display: block; } .row button.name { text-align: start; cursor: pointer; }
    .map { display: block; margin: 2px 0 10px; border-radius: var(--radius-place); overflow: hidden; } .map photo-map { height: 152px; }
    .albums a { display: block; padding: 2px 0; }
    .people { display: flex; flex-wrap: wrap; gap: 12px; } .people a { display: grid; justify-items: center; gap: 4px; width: 64px; font: var(--font-12); text-align: center; } .people a span { max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .owner { display: flex; align-items: center; gap: 12px; padding: 10px 0; font: var(--font-14); }
    hm-field { margin: 4px 0 8px; } form { display: grid; gap: 8px; } .end { display: flex; gap: 8px; justify-content: flex-end; } photo-stars { padding: 2px 0; }
  `];

  albums = new QueryController(this, () => (this.photo && this.isOwn && this.kind !== 'locked' ? `/api/albums?assetId=${this.photo.id}` : null));
  tags = new QueryController(this, () => (this.photo && this.isOwn ? '/api/tags' : null));

  connectedCallback() {
    super.connectedCallback();
    this.off = onChange(({ again }) => again && this.read());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.off();
  }

  get isOwn() {
    return this.photo?.ownerId === session.user?.id;
  }

  willUpdate(changed) {
    if (changed.has('photo') && changed.get('photo')?.id !== this.photo?.id) this.isDating = false;
  }

  /** What was done to it here or elsewhere is shown. */
  async read() {
    const { id } = this.photo ?? {};
    if (!id) return;
    try {
      const asset = await api.get(`/api/assets/${id}`, null, { quiet: true });
      if (this.photo?.id === id) this.emit('photo-asset', { asset });
    } catch {
      // gone, or locked meanwhile: whoever shows it hears of that by itself
    }
  }

  described(event) {
    const text = event.target.value.trim();
    if (text !== (this.asset.exifInfo.description ?? '')) edits.describe([this.photo], text);
  }

  dated(event) {
    event.preventDefault();
    const value = (name) => this.renderRoot.querySelector(`[name="${name}"]`).value;
    const [day, time, zone] = [value('day'), value('time') || '00:00', value('zone')];
    if (!day) return;
    this.isDating = false;
    edits.redate([this.photo], withOffset(`${day}T${time.length === 5 ? `${time}:00` : time}`, zone), zone);
  }

  async tagged({ detail: { values } }) {
    const before = this.asset.tags ?? [];
    const have = new Set(values.map((one) => one.toLocaleLowerCase()));
    for (const tag of before) if (!have.has(tag.value.toLocaleLowerCase())) await take(tag, [this.photo]);
    const known = new Set(before.map((tag) => tag.value.toLocaleLowerCase()));
    for (const value of values) {
      if (known.has(value.toLocaleLowerCase())) continue;
      const tag = await haveTag(value);
      if (tag) await give(tag, [this.photo]);
    }
  }

  async placing() {
    const { changePlace } = await import('./place-dialog.js');
    changePlace([this.photo]);
  }

  row(icon, ...lines) {
    const [first, ...others] = lines.filter((line) => line && line !== nothing);
    if (!first) return nothing;
    return html`<div class="row"><hm-icon name=${icon}></hm-icon><div class="words"><span class="name">${first}</span>${others.map((line) => html`<span class="second">${line}</span>`)}</div></div>`;
  }

  when(asset) {
    const exif = asset.exifInfo;
    if (!this.isDating) {
      const zone = exif.timeZone ? html`<span class="second">${exif.timeZone}</span>` : nothing;
      return html`<div class="row"><hm-icon name="calendar"></hm-icon><div class="words"><span class="name">${whenWords(Date.parse(asset.localDateTime))}</span>${zone}</div>
        ${this.isOwn ? html`<hm-icon-button size="small" icon="pencil" label=${say.changeDate} @click=${() => (this.isDating = true)}></hm-icon-button>` : nothing}</div>`;
    }
    const here = exif.timeZone ?? 'UTC';
    const zones = [{ value: here, label: say.zoneAsIs(here) }, ...zoneNames().filter((one) => one !== here).map((value) => ({ value, label: value.replaceAll('_', ' ') }))];
    return html`<form @submit=${this.dated}><hm-field name="day" type="date" label=${say.day} .value=${asset.localDateTime.slice(0, 10)}></hm-field>
      <hm-field name="time" type="time" label=${say.time} step="1" .value=${asset.localDateTime.slice(11, 19)}></hm-field>
      <hm-field name="zone" type="select" label=${say.timeZone} .value=${here} .options=${zones}></hm-field>
      <div class="end"><hm-button kind="quiet" size="small" @click=${() => (this.isDating = false)}>${say.cancel}</hm-button><hm-button kind="primary" size="small" type="submit">${say.save}</hm-button></div></form>`;
  }

  where({ exifInfo: { city, state, country, latitude, longitude } }) {
    const position = latitude === null || longitude === null ? '' : `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
    const [first, ...others] = city ? [html`<a class="link" href=${townHref({ city, country })}>${city}</a>`, join(state, country), position] : [country ?? position, country ? position : ''];
    if (!first && !this.isOwn) return nothing;
    if (!first) return html`<div class="row"><hm-icon name="pin"></hm-icon><div class="words"><button class="link name" type="button" @click=${() => this.placing()}>${say.addPlace}</button></div></div>`;
    return html`<div class="row"><hm-icon name="pin"></hm-icon><div class="words"><span class="name">${first}</span>${others.filter(Boolean).map((line) => html`<span class="second">${line}</span>`)}</div>
      ${this.isOwn ? html`<hm-icon-button size="small" icon="pencil" label=${say.changePlace} @click=${() => this.placing()}></hm-icon-button>` : nothing}</div>${this.little(latitude, longitude)}`;
  }

  people({ people = [], type }) {
    const mayMark = this.isOwn && type === 'IMAGE' && this.kind !== 'trash' && this.kind !== 'locked';
    if (!people.length && !mayMark) return nothing;
    return html`<div class="row"><hm-icon name="users"></hm-icon><div class="words">${people.length ? html`<div class="people">${repeat(people, (one) => one.id, (one) => html`<a href=${`/photos/people/${one.id}`}><hm-avatar name=${nameOf(one)} size="56" src=${portraitOf(one) ?? nothing}></hm-avatar><span>${nameOf(one)}</span></a>`)}</div>` : html`<button class="link name" type="button" @click=${() => this.emit('photo-mark-faces')}>${say.markFaces}</button>`}</div>
      ${mayMark && people.length ? html`<hm-icon-button size="small" icon="face" label=${say.markFaces} @click=${() => this.emit('photo-mark-faces')}></hm-icon-button>` : nothing}</div>`;
  }

  tagsOf({ tags = [] }) {
    if (this.isOwn) return html`<div class="row"><hm-icon name="tag"></hm-icon><div class="words"><hm-chips-field hide-label label=${say.tags} placeholder=${say.addTag} maxlength="300" .values=${tags.map((tag) => tag.value)} .suggestions=${(this.tags.data ?? []).map((tag) => tag.value)} @hm-change=${this.tagged}></hm-chips-field></div></div>`;
    return tags.length ? this.row('tag', join(...tags.map((tag) => tag.value))) : nothing;
  }

  /** Where that is; a press opens the map there. */
  little(lat, lon) {
    if (lat === null || lon === null) return nothing;
    if (this.spot?.lat !== lat || this.spot.lon !== lon) this.spot = { lat, lon, zoom: LITTLE_ZOOM, points: [{ id: this.asset.id, lat, lon, city: null, country: null }] };
    return html`<a class="map" href=${`/photos/map?at=${placeText({ lat, lon, zoom: MAP_ZOOM })}`} aria-label=${say.openMap}><photo-map still label=${say.map} .at=${this.spot} .points=${this.spot.points}></photo-map></a>`;
  }

  body(asset) {
    const exif = asset.exifInfo;
    const pixels = asset.width && asset.height ? `${asset.width} × ${asset.height}` : '';
    const mega = pixels ? `${count(Math.max(1, Math.round((asset.width * asset.height) / MEGA)))} MP` : '';
    const albums = this.albums.data ?? [];
    return html`${this.isOwn
      ? html`<hm-field type="textarea" rows="2" label=${say.description} placeholder=${say.describe} .value=${exif.description ?? ''} @change=${this.described}></hm-field>
        <photo-stars role="group" aria-label=${say.rating} .value=${exif.rating ?? 0} @photo-rated=${(event) => edits.rate([this.photo], event.detail.rating)}></photo-stars>`
      : html`${exif.description ? html`<p>${exif.description}</p>` : nothing}${exif.rating ? html`<photo-stars fixed .value=${exif.rating}></photo-stars>` : nothing}`}
      ${this.when(asset)}${this.where(asset)}
      ${this.row('camera', join(exif.make && !exif.model?.startsWith(exif.make) ? exif.make : '', exif.model).replace(' · ', ' '), exif.lensModel, exposure(exif))}
      ${this.row('folder', asset.originalFileName, join(asset.type === 'IMAGE' ? mega : '', pixels, exif.fileSizeInByte ? size(exif.fileSizeInByte) : ''))}
      ${this.people(asset)}${this.tagsOf(asset)}
      ${albums.length ? html`<div class="row"><hm-icon name="photos"></hm-icon><div class="words albums">${repeat(albums, (one) => one.id, (one) => html`<a class="link" href=${`/photos/albums/${one.id}`}>${one.albumName || say.untitled}</a>`)}</div></div>` : nothing}
      ${this.isOwn || !asset.owner ? nothing : html`<div class="owner"><hm-avatar name=${asset.owner.name} size="24" src=${faceOf(asset.owner) ?? nothing}></hm-avatar><span>${asset.owner.name}</span></div>`}`;
  }

  render() {
    return html`<header><h2>${say.info}</h2><hm-icon-button icon="x" label=${say.closeInfo} @click=${() => this.emit('photo-info-close')}></hm-icon-button></header>
      ${this.asset ? this.body(this.asset) : html`<hm-skeleton kind="text" count="6"></hm-skeleton>`}`;
  }
}
customElements.define('photo-info', PhotoInfo);
