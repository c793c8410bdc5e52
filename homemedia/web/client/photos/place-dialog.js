import { css, html, LitElement, nothing, repeat } from '../vendor/lit.js';
import { api } from '../api.js';
import { count, join } from '../format.js';
import { QueryController } from '../ui/controllers.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { place } from './edits.js';

const WAIT_MS = 250;
const POSITION = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/;

/** "43.46, 11.88" as a place; null for anything else. @param {string} text */
export function positionIn(text) {
  const found = POSITION.exec(text);
  if (!found) return null;
  const [latitude, longitude] = [Number(found[1]), Number(found[2])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}

/** Where chosen photos were taken: a town by its name, one where others were taken, or a position. */
class PlaceDialog extends LitElement {
  static properties = { photos: { attribute: false }, text: { state: true }, found: { state: true }, problem: { state: true } };

  static styles = [shared, css`
    .town { color: var(--text); display: flex; align-items: center; gap: 12px; width: calc(100% + 16px); min-height: 48px; margin: 0 -8px; padding: 4px 8px; border-radius: var(--radius); text-align: start; } .town > hm-icon { color: var(--text2); flex: none; } .town span { display: block; }
    @media (hover: hover) { .town:hover { background: var(--hover); } } .list { padding-top: 8px; }
  `];

  cities = new QueryController(this, () => '/api/search/cities');

  constructor() {
    super();
    this.text = '';
    this.found = null;
    this.problem = null;
  }

  finish(where) {
    clearTimeout(this.timer);
    if (where) place(this.photos, where);
    this.done(Boolean(where));
    this.remove();
  }

  typed(event) {
    this.text = event.target.value;
    this.problem = null;
    clearTimeout(this.timer);
    const name = this.text.trim();
    if (!name || positionIn(name)) {
      this.found = null;
      return;
    }
    this.timer = setTimeout(() => this.look(name), WAIT_MS);
  }

  async look(name) {
    try {
      const found = await api.get('/api/search/places', { name });
      if (this.text.trim() === name) this.found = found.map((one) => ({ ...one, second: join(one.admin2name, one.admin1name) }));
    } catch (error) {
      this.problem = error.message;
    }
  }

  /** Towns of one's own photos that fit what is typed. */
  get own() {
    const wanted = this.text.trim().toLocaleLowerCase();
    return (this.cities.data ?? [])
      .map(({ exifInfo: { city, state, country, latitude, longitude } }) => ({ name: city, second: join(state, country), latitude, longitude }))
      .filter((one) => one.name && one.latitude !== null && one.name.toLocaleLowerCase().includes(wanted));
  }

  submit(event) {
    event.preventDefault();
    const position = positionIn(this.text);
    const [first] = position ? [position] : (this.found ?? this.own);
    if (first) this.finish(first);
  }

  row = (one, icon) => html`<button class="town" type="button" @click=${() => this.finish(one)}><hm-icon name=${icon}></hm-icon><span><span class="name">${one.name ?? join(one.latitude, one.longitude)}</span>${one.second ? html`<span class="second">${one.second}</span>` : nothing}</span></button>`;

  list() {
    const position = positionIn(this.text);
    if (position) return this.row({ ...position, name: `${position.latitude}, ${position.longitude}`, second: '' }, 'pin');
    const own = this.own;
    const others = (this.found ?? []).filter((one) => !own.some((other) => other.name === one.name && Math.abs(other.latitude - one.latitude) < 0.5));
    if (!own.length && !others.length) return this.problem ? html`<p class="bad">${this.problem}</p>` : this.text && this.found ? html`<p class="hint">${say.noSuchTown}</p>` : nothing;
    return html`${repeat(own, (one) => `own ${one.name} ${one.second}`, (one) => this.row(one, 'photos'))}${repeat(others, (one) => `${one.name} ${one.latitude} ${one.longitude}`, (one) => this.row(one, 'pin'))}`;
  }

  render() {
    return html`<hm-dialog open cross heading=${say.placeOf(this.photos.length, count(this.photos.length))} @hm-close=${() => this.finish(null)}>
      <form @submit=${this.submit}><hm-field autofocus type="search" label=${say.town} placeholder=${say.townHint} maxlength="100" @input=${this.typed}></hm-field></form><div class="list">${this.list()}</div></hm-dialog>`;
  }
}
customElements.define('photo-place-dialog', PlaceDialog);

/** @param {{id: string}[]} photos @returns {Promise<boolean>} whether they have a place now */
export function changePlace(photos) {
  return new Promise((done) => {
    document.body.append(Object.assign(document.createElement('photo-place-dialog'), { photos, done }));
  });
}
