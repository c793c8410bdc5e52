import { css, html, nothing, repeat } from '../vendor/lit.js';
import { count } from '../format.js';
import { Deeds, onItemKeys } from './actions.js';
import { bone, boneStyles, loading, stateStyles } from './bones.js';
import { begun, poster } from './cards.js';
import { say } from './en.js';
import { choices } from './filters.js';
import { withMark } from './items.js';
import { KindPage } from './kind-page.js';
import { viewHref } from './links.js';

const POSTER = 148;
const STILL = 232;
const GAP = 20;
const PAUSE_MS = 700;
const STILLS = new Set(['continue', 'nextUp']);
const SORTS = { new: 'added', topRated: 'rating', random: 'random' };
const TILES = 18;

/** `/films/recommended`: rows chosen for whoever looks, each card with its reason in the menu. */
class RecommendedPage extends KindPage {
  static properties = { ...KindPage.properties, width: { state: true } };

  static styles = [KindPage.styles, stateStyles, boneStyles, css`
    .tools { display: flex; align-items: center; gap: 8px; padding: 8px 0 20px; flex-wrap: wrap; }
    .shelves { display: flex; flex-direction: column; gap: 36px; }
    .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(168px, 1fr)); gap: 12px; }
    .tile { display: flex; align-items: center; justify-content: space-between; gap: 12px; min-height: 56px; padding: 0 16px; border-radius: var(--radius); background: var(--sunken); font: var(--font-14); font-weight: 500; transition: background-color var(--fast) ease-out; }
    @media (hover: hover) { .tile:hover { background: var(--hover); } }
    .row-bones { display: flex; gap: 20px; overflow: hidden; } .row-bones .bone { flex: 1 0 148px; height: auto; aspect-ratio: 2 / 3; border-radius: var(--radius); }
    @media (max-width: 719.98px) { .tools { padding: 8px 0 16px; } .views { flex: 1 0 100%; } .shelves { gap: 28px; } .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); } .row-bones { gap: 12px; } .row-bones .bone { flex: 0 0 112px; } }
  `];

  found = this.query(() => (this.library ? `/api/libraries/${this.library.id}/recommended?limit=24` : null), { keep: true });

  constructor() {
    super();
    this.width = 0;
    this.live({ 'library.changed': () => this.heard(), 'playback.progress': () => this.heard() });
    new Deeds(this, ({ kind, item, watched }) => {
      if (kind === 'mark') this.found.update((data) => withMark(data, item, watched));
      if (kind === 'dismiss') this.found.update((data) => ({ ...data, hubs: data.hubs.map((hub) => (STILLS.has(hub.id) ? { ...hub, items: hub.items.filter((one) => one.id !== item.id) } : hub)) }));
    });
    onItemKeys(this);
    this.sized = new ResizeObserver(([entry]) => (this.width = Math.round(entry.contentRect.width)));
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.hasUpdated) this.sized.observe(this.renderRoot.querySelector('.body'));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.sized.disconnect();
    clearTimeout(this.timer);
    this.timer = 0;
  }

  firstUpdated() {
    this.sized.observe(this.renderRoot.querySelector('.body'));
  }

  heard() {
    this.timer ||= setTimeout(() => {
      this.timer = 0;
      this.found.refresh();
    }, PAUSE_MS);
  }

  fit(least) {
    return Math.max(3, Math.floor(((this.width || window.innerWidth - 152) + GAP) / (least + GAP)));
  }

  render() {
    this.title = `${say.kinds[this.type]} · ${say.views.recommended}`;
    return html`${this.header()}<div class="body">${this.library ? html`<div class="tools">${this.views('recommended')}${this.libraryChip()}</div>${this.filled()}` : this.nothingYet()}</div>`;
  }

  filled() {
    const isOther = this.found.data && this.found.data.library.id !== this.library.id;
    return isOther ? this.bones() : this.found.render({ loading: () => this.bones(), data: ({ hubs }) => this.rows(hubs) });
  }

  bones() {
    const row = html`<div>${bone('heading')}<div class="row-bones">${Array.from({ length: 7 }, () => bone(''))}</div></div>`;
    return loading(html`<div class="shelves">${row}${row}${row}</div>`);
  }

  rows(hubs) {
    if (this.library.itemCount === 0) return this.nothingYet();
    const shown = this.worthShowing(hubs);
    return html`<div class="shelves">
      ${shown.length ? repeat(shown, (hub) => hub.id, (hub, at) => this.row(hub, at)) : html`<hm-empty icon="star" heading=${say.nothingToRecommend} text=${say.nothingToRecommendText}>
        <hm-button slot="action" href=${this.viewAddress('all')}>${say.toAll[this.type]}</hm-button></hm-empty>`}
      ${this.genres()}</div>`;
  }

  /** In a small library the picks of the day would only repeat the rows above. */
  worthShowing(hubs) {
    const above = new Set(hubs.filter((hub) => hub.id !== 'random').flatMap((hub) => hub.items.map((item) => item.id)));
    return hubs.filter((hub) => hub.items.length > 0 && (hub.id !== 'random' || hub.items.some((item) => !above.has(item.id))));
  }

  row(hub, at) {
    const isStill = STILLS.has(hub.id);
    const eager = at < 2;
    return html`<hm-row kind=${isStill ? 'still' : nothing} heading=${hub.title} href=${this.more(hub) ?? nothing} fit=${this.fit(isStill ? STILL : POSTER)}>
      ${repeat(hub.items, (item) => item.id, (item) => (isStill ? begun(item, { eager }) : poster(item, { eager })))}</hm-row>`;
  }

  /** Where the rest of a row is. */
  more(hub) {
    if (hub.id === 'continue') return '/continue';
    const sort = SORTS[hub.id];
    if (!sort) return null;
    const address = viewHref(this.type, 'all', this.all.length > 1 ? this.library : null);
    return `${address}${address.includes('?') ? '&' : '?'}sort=${sort}`;
  }

  /** The way into the grid by genre, the most frequent first. */
  genres() {
    const all = choices(this.filters.data, 'genre').slice(0, TILES);
    if (all.length < 2) return nothing;
    const address = viewHref(this.type, 'all', this.all.length > 1 ? this.library : null);
    return html`<hm-section heading=${say.genres}><div class="tiles">${all.map((genre) => html`<a class="tile" href=${`${address}${address.includes('?') ? '&' : '?'}genre=${encodeURIComponent(genre.id)}`}><span class="one-line">${genre.label}</span><span class="second tabular">${count(genre.count)}</span></a>`)}</div></hm-section>`;
  }
}
customElements.define('recommended-page', RecommendedPage);
