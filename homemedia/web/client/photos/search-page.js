import { css, html, nothing } from '../vendor/lit.js';
import { counted } from '../format.js';
import { QueryController } from '../ui/controllers.js';
import { openMenu } from '../ui/menu.js';
import { say } from './en.js';
import './card.js';
import { PhotosPage } from './photos-page.js';
import { Found } from './source.js';

const FILTERS = { city: 'city', country: 'country', make: 'camera-make', model: 'camera-model' };
const TYPES = ['IMAGE', 'VIDEO'];

/** What is asked for, from the address: words, and what the chips say. */
export function askedFor(search) {
  const asked = {};
  if (search.q?.trim()) asked.query = search.q.trim();
  for (const name of Object.keys(FILTERS)) if (search[name]) asked[name] = search[name];
  if (TYPES.includes(search.type)) asked.type = search.type;
  if (search.favourite) asked.isFavorite = true;
  if (/^\d{4}$/.test(search.year ?? '')) Object.assign(asked, { takenAfter: `${search.year}-01-01T00:00:00.000Z`, takenBefore: `${search.year}-12-31T23:59:59.999Z` });
  return asked;
}

/** Words, places, cameras, years: what is found, in the same rows. */
class PhotoSearchPage extends PhotosPage {
  static properties = { ...PhotosPage.properties, total: { state: true }, text: { state: true } };

  static styles = [PhotosPage.styles, css`
    .chips { display: flex; gap: 8px; align-items: center; flex-wrap: wrap; padding: 4px 0 16px; } .chips .total { margin-left: auto; font: var(--font-14); color: var(--text2); }
    form { padding-bottom: 12px; } .explore { display: grid; gap: 28px; padding-top: 8px; } .cities { display: grid; grid-template-columns: repeat(auto-fill, minmax(148px, 1fr)); gap: 20px; }
    h2 { font: var(--font-16); margin-bottom: 12px; }
    @media (max-width: 719.98px) { .chips { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; margin: 0 -16px; padding-inline: 16px; } .chips > * { flex: none; } .cities { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 12px; } }
  `];

  explore = new QueryController(this, () => (Object.keys(askedFor(this.search)).length ? null : '/api/search/explore'));
  months = new QueryController(this, () => '/api/timeline/buckets?visibility=timeline&withStacked=true');
  suggestions = Object.fromEntries(Object.entries(FILTERS).map(([name, type]) => [name, new QueryController(this, () => (this.asks?.[name] ? `/api/search/suggestions?type=${type}` : null))]));

  willUpdate(changed) {
    if (!changed.has('search')) return;
    const asked = askedFor(this.search);
    const key = JSON.stringify(asked);
    if (key === this.key) return;
    this.key = key;
    this.total = null;
    this.source = Object.keys(asked).length ? new Found(asked) : null;
  }

  async choose(name, event) {
    const anchor = event.currentTarget;
    if (name === 'type') return this.pick(name, await openMenu(anchor, TYPES.map((type) => ({ id: type, label: say.types[type] })), { label: say.filters.type }));
    if (name === 'year') {
      const years = [...new Set((this.months.data ?? []).map((one) => one.timeBucket.slice(0, 4)))];
      return this.pick(name, await openMenu(anchor, years.map((year) => ({ id: year, label: year })), { label: say.filters.year }));
    }
    this.asks = { ...this.asks, [name]: true };
    this.requestUpdate();
    await this.updateComplete;
    await this.suggestions[name].refresh();
    const values = (this.suggestions[name].data ?? []).filter(Boolean);
    const items = values.length ? values.map((value) => ({ id: value, label: value })) : [{ id: '', label: say.noneKnown, disabled: true }];
    return this.pick(name, await openMenu(anchor, items, { label: say.filters[name] }));
  }

  pick(name, value) {
    if (value) this.setSearch({ [name]: value, photo: null });
  }

  chip(name) {
    const value = this.search[name];
    const words = name === 'type' ? say.types[value] : value;
    return value
      ? html`<hm-chip chosen @hm-remove=${() => this.setSearch({ [name]: null })} @click=${() => this.setSearch({ [name]: null })}>${words}</hm-chip>`
      : html`<hm-chip menu @click=${(event) => this.choose(name, event)}>${say.filters[name]}</hm-chip>`;
  }

  sought(event) {
    event.preventDefault();
    this.setSearch({ q: this.renderRoot.querySelector('hm-field').value.trim() || null, photo: null });
  }

  explored() {
    const places = this.explore.data?.find((one) => one.fieldName === 'exifInfo.city')?.items ?? [];
    if (!places.length) return html`<div class="few"><hm-empty icon="search" heading=${say.searchTitle} text=${say.searchText}></hm-empty></div>`;
    return html`<div class="explore"><section><h2>${say.places}</h2><div class="cities">${places.map(({ value, data }) => html`<photo-card .asset=${data} name=${value}></photo-card>`)}</div></section></div>`;
  }

  render() {
    this.title = say.searchTitle;
    const asked = this.source !== null;
    const isFavourite = Boolean(this.search.favourite);
    return html`<hm-page-header heading=${this.search.q && !this.isPhone ? say.resultsFor(this.search.q) : say.searchTitle} back="/photos"></hm-page-header><div class="body">
      ${this.isPhone ? html`<form role="search" @submit=${this.sought}><hm-field type="search" name="q" label=${say.searchHint} hide-label icon="search" placeholder=${say.searchHint} .value=${this.search.q ?? ''}></hm-field></form>` : nothing}
      <div class="chips">${this.chip('type')}${this.chip('year')}${this.chip('city')}${this.chip('country')}${this.chip('model')}
        <hm-chip ?chosen=${isFavourite} icon="heart" @click=${() => this.setSearch({ favourite: isFavourite ? null : '1' })} @hm-remove=${() => this.setSearch({ favourite: null })}>${say.favourites}</hm-chip>
        ${asked && this.total ? html`<span class="total tabular" role="status">${counted(this.total, say.photo, say.photos)}</span>` : nothing}</div>
      ${asked ? html`<photo-list .source=${this.source} kind="found" label=${say.searchTitle} shown=${this.search.photo ?? nothing} @photo-total=${(event) => (this.total = event.detail.total)}>
        <div slot="empty" class="few"><hm-empty icon="search" heading=${say.nothingFound} text=${say.nothingFoundText}></hm-empty></div></photo-list>` : this.explored()}</div>`;
  }
}
customElements.define('photo-search-page', PhotoSearchPage);
