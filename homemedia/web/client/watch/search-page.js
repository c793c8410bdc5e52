import { css, html, nothing } from '../vendor/lit.js';
import { counted, episodeCode, join } from '../format.js';
import '../notes/found-notes.js';
import { Page } from '../ui/page.js';
import { Deeds, onItemKeys } from './actions.js';
import { stateStyles } from './bones.js';
import { poster, still } from './cards.js';
import { say } from './en.js';
import { withMark } from './items.js';
import { cover } from './music-cards.js';
import { stepTracks } from './tracks.js';

const PAUSE_MS = 150;

/** Search as one types; the frame's field writes `?q=`, narrow screens have a field here. */
class SearchPage extends Page {
  static properties = { ...Page.properties, notes: { state: true } };

  static styles = [Page.styles, stateStyles, css`
    .field { padding: 4px 0 20px; max-width: 560px; }
    .groups { display: flex; flex-direction: column; gap: 36px; padding-top: 12px; }
    .wall { display: grid; grid-template-columns: repeat(auto-fill, minmax(148px, 1fr)); gap: var(--gap-rows) var(--gap); }
    .stills { grid-template-columns: repeat(auto-fill, minmax(232px, 1fr)); }
    hm-found-notes { margin-top: 36px; }
    @media (min-width: 1100px) { .field { display: none; } }
    @media (max-width: 719.98px) { .groups { padding-top: 0; gap: 28px; } .wall { grid-template-columns: repeat(3, minmax(0, 1fr)); } .stills { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
  `];

  found = this.query(() => (this.asked ? `/api/search?q=${encodeURIComponent(this.asked)}&limit=60` : null), { keep: true });

  constructor() {
    super();
    this.text = null;
    this.notes = 0;
    onItemKeys(this);
    new Deeds(this, ({ kind, item, watched }) => kind === 'mark' && this.found.update((data) => withMark(data, item, watched)));
  }

  get asked() {
    return (this.search.q ?? '').trim().slice(0, 200);
  }

  firstUpdated() {
    const field = this.renderRoot.querySelector('hm-field');
    if (!this.asked && field.offsetParent) field.updateComplete.then(() => field.focus());
  }

  typed(event) {
    clearTimeout(this.timer);
    this.text = event.target.value;
    this.timer = setTimeout(() => this.setSearch({ q: this.text.trim() || null }), PAUSE_MS);
  }

  /** What stands in the field: as typed, blanks at the end too, unless the address was changed elsewhere. */
  get shownText() {
    return this.text !== null && this.text.trim() === (this.search.q ?? '').trim() ? this.text : (this.search.q ?? '');
  }

  render() {
    this.title = this.asked || say.search;
    return html`<hm-page-header heading=${say.search} back="/"></hm-page-header>
      <div class="body">
        <div class="field"><hm-field type="search" icon="search" hide-label label=${say.search} placeholder=${say.searchHint} .value=${this.shownText} @input=${this.typed}></hm-field></div>
        ${this.asked
          ? html`${this.found.render({ loading: () => html`<div class="groups"><hm-skeleton kind="row" count="6"></hm-skeleton></div>`, data: (found) => this.groups(found) })}<hm-found-notes .query=${this.asked} @hm-found=${(event) => (this.notes = event.detail)}></hm-found-notes>`
          : html`<hm-empty plain icon="search" heading=${say.searchEmpty} text=${say.searchEmptyText}></hm-empty>`}
      </div>`;
  }

  groups({ results, query, totalCount }) {
    const said = html`<p class="visually-hidden" role="status">${results.length + this.notes ? counted(totalCount + this.notes, say.result, say.results) : say.nothingFound(query)}</p>`;
    if (!results.length && this.notes) return said;
    if (!results.length) return html`${said}<hm-empty plain icon="search" heading=${say.nothingFound(query)} text=${say.nothingFoundText}></hm-empty>`;
    const types = [...new Set(results.map((item) => item.type))]; // the best match leads its whole group to the top
    return html`${said}<div class="groups">${types.map((type) => this.group(type, results.filter((item) => item.type === type)))}</div>`;
  }

  group(type, items) {
    if (type === 'track') return html`<hm-section heading=${say.found.track}><div class="tracks" role="list" @keydown=${(event) => stepTracks(event, event.currentTarget)}>${items.map((item) => html`<watch-track role="listitem" with-cover .item=${item}></watch-track>`)}</div></hm-section>`;
    const isStill = type === 'episode' || type === 'video';
    const episode = (item) => still(item, { heading: item.title, second: join(item.grandparentTitle, episodeCode(item.parentIndex, item.index, item.indexEnd)) });
    const card = type === 'episode' ? episode : isStill ? (item) => still(item) : type === 'artist' || type === 'album' ? (item) => cover(item) : (item) => poster(item);
    return html`<hm-section heading=${say.found[type] ?? nothing}><div class="wall ${isStill ? 'stills' : ''}" role="list">${items.map(card)}</div></hm-section>`;
  }
}
customElements.define('search-page', SearchPage);
