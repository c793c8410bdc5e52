import { css, html, nothing } from '../vendor/lit.js';
import { Page } from '../ui/page.js';
import { media, onPhoneChange } from '../ui/platform.js';
import { say } from './en.js';
import './own-clips.js';

const TABS = { '/feed': 'unwatched', '/feed/favorites': 'favorites', '/feed/watched': 'watched', '/feed/mine': 'uploads' };

/** What one has sent in, as a list: the feed's fourth tab. */
class FeedMinePage extends Page {
  static properties = { ...Page.properties, isPhone: { state: true } };

  static styles = [Page.styles, css`
    .body { max-width: 860px; padding-top: 12px; } .head { display: flex; align-items: center; height: 60px; padding: 0 52px 0 var(--margin); }
    nav { display: flex; gap: clamp(8px, 2.6vw, 16px); flex: 1 1 0; min-width: 0; overflow-x: auto; scrollbar-width: none; } nav::-webkit-scrollbar { display: none; }
    nav a { display: flex; align-items: center; height: 44px; font: var(--font-16); letter-spacing: -0.008em; color: var(--text2); white-space: nowrap; } nav a[aria-current] { color: var(--text); }
  `];

  constructor() {
    super();
    this.isPhone = media.isPhone();
  }

  connectedCallback() {
    super.connectedCallback();
    this.isPhone = media.isPhone();
    this.off = onPhoneChange((is) => (this.isPhone = is));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.off();
  }

  head() {
    const tabs = Object.entries(TABS).map(([href, id]) => ({ id, href, label: (this.isPhone && say.tabsShort[id]) || say.tabs[id] }));
    if (!this.isPhone) return html`<hm-page-header heading=${say.feed}><hm-tabs label=${say.lists} .tabs=${tabs} value="uploads"></hm-tabs><hm-button slot="end" kind="plain" icon="plus" href="/feed/add">${say.add}</hm-button></hm-page-header>`;
    return html`<div class="head"><h1 class="visually-hidden" tabindex="-1">${say.tabs.uploads}</h1><nav aria-label=${say.lists}>${tabs.map((tab) => html`<a href=${tab.href} aria-current=${tab.id === 'uploads' ? 'page' : nothing}>${tab.label}</a>`)}</nav>
      <hm-icon-button icon="plus" icon-size="24" label=${say.add} href="/feed/add"></hm-icon-button></div>`;
  }

  render() {
    this.title = say.tabs.uploads;
    return html`${this.head()}<div class="body"><hm-own-clips></hm-own-clips></div>`;
  }
}
customElements.define('feed-mine-page', FeedMinePage);
