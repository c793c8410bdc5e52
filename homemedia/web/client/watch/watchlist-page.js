import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { counted } from '../format.js';
import { session } from '../session.js';
import { onPhoneChange } from '../ui/platform.js';
import { Page } from '../ui/page.js';
import { Deeds, onItemKeys } from './actions.js';
import { loading, stateStyles } from './bones.js';
import { lineOf, poster } from './cards.js';
import { say } from './en.js';
import { withListed, withMark } from './items.js';
import { kindTabs } from './kind-tabs.js';
import { GRIDS } from './links.js';

const HEAD = 60;
const MANY = 20; // from here on one may want to see a kind alone
const KINDS = ['movie', 'show', 'video'];

/** `/watchlist?type=`: what one wants to see, the newest wish first; what was watched leaves by itself. */
class WatchlistPage extends Page {
  static properties = { ...Page.properties, isPhone: { state: true } };

  static styles = [Page.styles, stateStyles, css`
    .tools { display: flex; align-items: center; gap: 8px; flex-wrap: wrap; padding: 8px 0 20px; } .count { margin-left: auto; font: var(--font-14); color: var(--text2); }
    @media (max-width: 719.98px) { .tools { padding: 8px 0 12px; } }
  `];

  head = this.query(() => `/api/watchlist?limit=${HEAD}${this.kind ? `&type=${this.kind}` : ''}`, { keep: true });

  constructor() {
    super();
    this.isPhone = window.innerWidth < 720;
    new Deeds(this, ({ kind, item, watched, listed }) => {
      if (kind === 'mark') this.head.update((data) => withMark(data, item, watched));
      if (kind === 'list') this.head.update((data) => (listed ? withListed(data, item.id, listed) : without(data, item.id)));
    });
    onItemKeys(this);
  }

  connectedCallback() {
    super.connectedCallback();
    this.offPhone = onPhoneChange((is) => (this.isPhone = is));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.offPhone();
  }

  get kind() {
    return KINDS.includes(this.search.type) ? this.search.type : null;
  }

  render() {
    this.title = say.watchlist;
    return html`<hm-page-header heading=${this.isPhone ? say.watch : say.watchlist}>${kindTabs('watchlist')}</hm-page-header>
      <div class="body">${this.head.render({
        loading: () => loading(html`<hm-skeleton kind="grid" count=${this.isPhone ? 9 : 14} aria-hidden="true"></hm-skeleton>`),
        data: (head) => (head.totalCount || this.kind ? html`${this.tools(head)}${head.totalCount ? this.wall(head) : this.empty()}` : this.empty()),
      })}</div>`;
  }

  tools({ totalCount }) {
    const kinds = KINDS.filter((kind) => session.libraries.some((library) => library.type === kind));
    const words = this.kind ? counted(totalCount, ...say.counts[this.kind]) : counted(totalCount, ...say.counts.title);
    return html`<div class="tools">
      ${kinds.length > 1 && (this.kind || totalCount > MANY) ? html`<hm-segmented label=${say.watchlist} value=${this.kind ?? ''} .options=${[{ value: '', label: say.allKinds }, ...kinds.map((value) => ({ value, label: say.kinds[value] }))]}
        @hm-change=${(event) => this.setSearch({ type: event.detail.value || null })}></hm-segmented>` : nothing}
      <span class="count tabular" role="status">${words}</span></div>`;
  }

  wall(head) {
    if (this.pagesOf !== head) {
      this.pagesOf = head;
      this.page = async (offset, limit) => (offset + limit <= head.items.length || head.items.length >= head.totalCount
        ? head.items.slice(offset, offset + limit)
        : (await api.get('/api/watchlist', { type: this.kind, offset, limit })).items);
    }
    return html`<hm-virtual-grid kind="poster" total-count=${head.totalCount} .page=${this.page} .version=${head} keep=${`watchlist:${this.kind ?? ''}`} label=${say.watchlist} .renderItem=${this.card}></hm-virtual-grid>`;
  }

  card = (item) => poster(item, { second: lineOf(item, { short: this.isPhone }), role: null }); // the grid's own cells are the items of the list

  empty() {
    const first = [this.kind, ...KINDS].find((kind) => kind && session.libraries.some((library) => library.type === kind));
    return html`<hm-empty icon="bookmark" heading=${this.kind ? say.emptyWatchlistKind[this.kind] : say.emptyWatchlist} text=${say.emptyWatchlistText}>
      ${first ? html`<hm-button slot="action" href=${GRIDS[first]}>${say.browseKind}</hm-button>` : nothing}</hm-empty>`;
  }
}
customElements.define('watchlist-page', WatchlistPage);

function without(data, id) {
  const items = data.items.filter((item) => item.id !== id);
  return { ...data, items, totalCount: data.totalCount - (data.items.length - items.length) };
}
