import { css, html, nothing } from '../vendor/lit.js';
import { go } from '../router.js';
import { episode, join } from '../format.js';
import { Page } from '../ui/page.js';
import { poster, still } from './cards.js';
import { say } from './en.js';

const ORDER = ['movie', 'show', 'episode', 'video'];
const PAUSE_MS = 200;

/** Search as one types; the frame's field writes `?q=`, narrow screens have a field here. */
class SearchPage extends Page {
  static styles = [Page.styles, css`
    .field { padding: 4px 0 20px; max-width: 560px; }
    .groups { display: flex; flex-direction: column; gap: 36px; }
    .wall { display: grid; grid-template-columns: repeat(auto-fill, minmax(148px, 1fr)); gap: var(--gap-rows) var(--gap); }
    .stills { grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); }
    @media (min-width: 1100px) { .field { display: none; } }
    @media (max-width: 719.98px) { .wall { grid-template-columns: repeat(3, minmax(0, 1fr)); } .stills { grid-template-columns: minmax(0, 1fr); } }
  `];

  found = this.query(() => (this.asked ? `/api/search?q=${encodeURIComponent(this.asked)}&limit=60` : null), { keep: true });

  get asked() {
    return (this.search.q ?? '').trim().slice(0, 200);
  }

  firstUpdated() {
    if (!this.asked) this.renderRoot.querySelector('hm-field')?.focus();
  }

  typed(event) {
    clearTimeout(this.timer);
    const text = event.target.value.trim();
    this.timer = setTimeout(() => go(text ? `/search?q=${encodeURIComponent(text)}` : '/search', { replace: true }), PAUSE_MS);
  }

  render() {
    this.title = this.asked || say.search;
    return html`<hm-page-header heading=${say.search} back="/"></hm-page-header>
      <div class="body">
        <div class="field"><hm-field type="search" icon="search" hide-label label=${say.search} placeholder=${say.searchHint} .value=${this.search.q ?? ''} @input=${this.typed}></hm-field></div>
        ${this.asked
          ? this.found.render({ loading: () => html`<hm-skeleton kind="row" count="6"></hm-skeleton>`, data: (found) => this.groups(found) })
          : html`<hm-empty plain icon="search" heading=${say.searchEmpty} text=${say.searchEmptyText}></hm-empty>`}
      </div>`;
  }

  groups({ results, query }) {
    if (!results.length) return html`<hm-empty plain icon="search" heading=${say.nothingFound(query)} text=${say.nothingFoundText}></hm-empty>`;
    return html`<div class="groups" aria-live="polite">${ORDER.map((type) => this.group(type, results.filter((item) => item.type === type)))}</div>`;
  }

  group(type, items) {
    if (!items.length) return nothing;
    const isStill = type === 'episode' || type === 'video';
    const card = type === 'episode' ? (item) => still(item, { heading: item.grandparentTitle ?? item.title, second: episode(item) }) : isStill ? (item) => still(item) : (item) => poster(item);
    return html`<hm-section heading=${join(say.found[type])}><div class="wall ${isStill ? 'stills' : ''}" role="list">${items.map(card)}</div></hm-section>`;
  }
}
customElements.define('search-page', SearchPage);
