import { css, html, nothing, repeat } from '../vendor/lit.js';
import { api } from '../api.js';
import { count, join, size } from '../format.js';
import { session } from '../session.js';
import { QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { toastError } from '../ui/toast.js';
import { readAgain } from './changes.js';
import { say } from './en.js';
import { whenWords } from './words.js';

const MEGA = 1e6;

/** "f/1.8 · 1/887 s · 4 mm · ISO 20". */
function exposure({ fNumber, exposureTime, focalLength, iso }) {
  const lens = focalLength ? `${Math.round(focalLength * 10) / 10} mm` : '';
  return join(fNumber ? `f/${fNumber}` : '', exposureTime ? `${exposureTime} s` : '', lens, iso ? `ISO ${iso}` : '');
}

/** What is known of a photo: words, day, place, camera, file, albums, people, tags. Its owner changes words, day and place. */
class PhotoInfo extends Widget {
  static properties = { asset: { attribute: false }, photo: { attribute: false }, isDating: { state: true } };

  static styles = [shared, css`
    :host { display: block; padding: 8px 20px 28px; }
    header { display: flex; align-items: center; height: 56px; margin-right: -10px; } header h2 { font: var(--font-20); letter-spacing: -0.014em; flex: 1 1 0; }
    .row { display: flex; gap: 12px; padding: 10px 0; } .row > hm-icon { color: var(--text2); margin-top: 1px; flex: none; }
    .row .words { min-width: 0; flex: 1 1 0; overflow-wrap: anywhere; } .row .name, .row .second { display: block; } .row button.name { text-align: start; cursor: pointer; }
    .chips { display: flex; flex-wrap: wrap; gap: 8px; } .albums a { display: block; padding: 2px 0; }
    hm-field { margin: 4px 0 8px; } form { display: grid; gap: 8px; } .end { display: flex; gap: 8px; justify-content: flex-end; }
  `];

  albums = new QueryController(this, () => (this.photo && this.isOwn ? `/api/albums?assetId=${this.photo.id}` : null));

  get isOwn() {
    return this.photo?.ownerId === session.user?.id;
  }

  willUpdate(changed) {
    if (changed.has('photo') && changed.get('photo')?.id !== this.photo?.id) this.isDating = false;
  }

  async change(body) {
    const { id } = this.asset;
    try {
      const next = await api.put(`/api/assets/${id}`, body);
      if (this.asset?.id === id) this.asset = { ...this.asset, ...next };
      if ('dateTimeOriginal' in body) readAgain();
    } catch (error) {
      toastError(error);
      this.requestUpdate();
    }
  }

  described(event) {
    const text = event.target.value.trim();
    if (text !== this.asset.exifInfo.description) this.change({ description: text });
  }

  dated(event) {
    event.preventDefault();
    const day = this.renderRoot.querySelector('[name="day"]').value;
    const time = this.renderRoot.querySelector('[name="time"]').value || '00:00';
    if (!day) return;
    const ahead = Math.round((Date.parse(this.asset.localDateTime) - Date.parse(this.asset.fileCreatedAt)) / 60_000); // minutes, as it was
    const two = (n) => String(Math.floor(n)).padStart(2, '0');
    const zone = `${ahead < 0 ? '-' : '+'}${two(Math.abs(ahead) / 60)}:${two(Math.abs(ahead) % 60)}`;
    this.isDating = false;
    this.change({ dateTimeOriginal: `${day}T${time.length === 5 ? `${time}:00` : time}${zone}` });
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
    return html`<form @submit=${this.dated}><hm-field name="day" type="date" label=${say.day} .value=${asset.localDateTime.slice(0, 10)}></hm-field>
      <hm-field name="time" type="time" label=${say.time} .value=${asset.localDateTime.slice(11, 16)}></hm-field>
      <div class="end"><hm-button kind="quiet" size="small" @click=${() => (this.isDating = false)}>${say.cancel}</hm-button><hm-button kind="primary" size="small" type="submit">${say.save}</hm-button></div></form>`;
  }

  where({ exifInfo: { city, state, country, latitude, longitude } }) {
    const position = latitude === null || longitude === null ? '' : `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
    if (city) return this.row('pin', html`<a class="link" href=${`/photos/places/${encodeURIComponent(city)}`}>${city}</a>`, join(state, country), position);
    return this.row('pin', country ?? position, country ? position : '');
  }

  body(asset) {
    const exif = asset.exifInfo;
    const pixels = asset.width && asset.height ? `${asset.width} × ${asset.height}` : '';
    const mega = pixels ? `${count(Math.max(1, Math.round((asset.width * asset.height) / MEGA)))} MP` : '';
    const albums = this.albums.data ?? [];
    const { people = [], tags = [] } = asset;
    return html`${this.isOwn
      ? html`<hm-field type="textarea" rows="2" label=${say.description} placeholder=${say.describe} .value=${exif.description ?? ''} @change=${this.described}></hm-field>`
      : exif.description ? html`<p>${exif.description}</p>` : nothing}
      ${this.when(asset)}${this.where(asset)}
      ${this.row('photos', join(exif.make && !exif.model?.startsWith(exif.make) ? exif.make : '', exif.model).replace(' · ', ' '), exif.lensModel, exposure(exif))}
      ${this.row('folder', asset.originalFileName, join(asset.type === 'IMAGE' ? mega : '', pixels, exif.fileSizeInByte ? size(exif.fileSizeInByte) : ''))}
      ${people.length ? html`<div class="row"><hm-icon name="users"></hm-icon><div class="words chips">${people.map((one) => html`<hm-chip @click=${() => this.emit('photo-person', { person: one })}>${one.name || say.somebody}</hm-chip>`)}</div></div>` : nothing}
      ${tags.length ? html`<div class="row"><hm-icon name="bookmark"></hm-icon><div class="words">${join(...tags.map((tag) => tag.value))}</div></div>` : nothing}
      ${albums.length ? html`<div class="row"><hm-icon name="album"></hm-icon><div class="words albums">${repeat(albums, (one) => one.id, (one) => html`<a class="link" href=${`/photos/albums/${one.id}`}>${one.albumName || say.untitled}</a>`)}</div></div>` : nothing}
      ${this.isOwn || !asset.owner ? nothing : this.row('user', asset.owner.name)}`;
  }

  render() {
    return html`<header><h2>${say.info}</h2><hm-icon-button icon="x" label=${say.closeInfo} @click=${() => this.emit('photo-info-close')}></hm-icon-button></header>
      ${this.asset ? this.body(this.asset) : html`<hm-skeleton kind="text" count="6"></hm-skeleton>`}`;
  }
}
customElements.define('photo-info', PhotoInfo);
