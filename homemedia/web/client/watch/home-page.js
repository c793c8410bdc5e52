import { css, html, nothing } from '../vendor/lit.js';
import { dayPart } from '../format.js';
import { session } from '../session.js';
import { Page } from '../ui/page.js';
import { begun, fresh, poster, still } from './cards.js';
import { say } from './en.js';
import { libraryHref } from './links.js';

const BESIDE = 3;

class HomePage extends Page {
  static styles = [Page.styles, css`
    .rows { display: flex; flex-direction: column; gap: 36px; padding-top: 8px; }
    .rows > * + * { border: 0; }
    .lead { display: grid; grid-template-columns: minmax(0, 1.94fr) minmax(0, 1fr); gap: 24px; }
    .lead > :first-child { aspect-ratio: 575 / 324; }
    .lead.alone { grid-template-columns: minmax(0, 720px); }
    .beside { display: flex; flex-direction: column; justify-content: space-between; gap: 16px; min-width: 0; }
    .empty { max-width: 560px; }
    @media (max-width: 719.98px) { .rows { gap: 28px; padding-top: 0; } }
  `];

  home = this.query(() => '/api/home/library/home');

  constructor() {
    super();
    this.live({ 'scan.finished': () => this.home.refresh(), 'playback.progress': () => this.home.refresh() });
  }

  render() {
    this.title = say.home;
    return html`
      <hm-page-header heading=${dayPart()}></hm-page-header>
      <div class="body">${this.home.render({
        loading: () => html`<div class="rows"><hm-skeleton kind="row" count="6"></hm-skeleton><hm-skeleton kind="row" count="6"></hm-skeleton></div>`,
        data: (home) => this.rows(home),
      })}</div>`;
  }

  rows({ continueWatching, nextUp, recent, libraries }) {
    const shelves = libraries.filter((shelf) => shelf.items.length > 0);
    if (!continueWatching.length && !recent.length && !shelves.length) return this.nothingYet();
    return html`<div class="rows">
      ${this.begun(continueWatching)}
      ${nextUp.length ? html`<hm-row kind="still" heading=${say.nextUp} href="/continue">${nextUp.map((item) => begun(item))}</hm-row>` : nothing}
      ${recent.length ? html`<hm-row heading=${say.recentlyAdded} href="/recent" fit="6">${recent.map((item, index) => fresh(item, { eager: index < 6 }))}</hm-row>` : nothing}
      ${shelves.length > 1 || shelves[0]?.library.type === 'video' ? shelves.map((shelf) => this.shelf(shelf)) : nothing}
    </div>`;
  }

  begun(items) {
    if (!items.length) return nothing;
    const [first, ...others] = items;
    const beside = others.slice(0, BESIDE);
    return html`
      <hm-section class="not-phone" heading=${say.continueWatching} href="/continue">
        <div class="lead ${beside.length ? '' : 'alone'}">${begun(first, { lead: true, eager: true })}
          ${beside.length ? html`<div class="beside" role="list">${beside.map((item) => begun(item, { horizontal: true, eager: true }))}</div>` : nothing}</div>
      </hm-section>
      <hm-row class="only-phone" kind="still" heading=${say.continueWatching} href="/continue">${items.map((item) => begun(item))}</hm-row>`;
  }

  shelf({ library, items }) {
    const href = libraryHref(library, session.libraries);
    if (library.type === 'video') return html`<hm-row kind="still" heading=${library.name} href=${href}>${items.map((item) => still(item))}</hm-row>`;
    return html`<hm-row heading=${library.name} href=${href} fit="6">${items.map((item) => (library.type === 'show' ? fresh(item) : poster(item)))}</hm-row>`;
  }

  nothingYet() {
    const reading = session.libraries.some((library) => library.scanning);
    if (reading) return html`<hm-empty class="empty" icon="folder-open" heading=${say.reading} text=${say.readingText}><hm-progress slot="action" label=${say.reading}></hm-progress></hm-empty>`;
    const admin = session.user?.isAdmin;
    return html`<hm-empty class="empty" icon="film" heading=${say.emptyHouse} text=${admin ? say.emptyHouseAdmin : say.emptyHouseMember}>
      ${admin ? html`<hm-button slot="action" kind="primary" href="/admin/libraries/new">${say.addFolders}</hm-button>` : nothing}</hm-empty>`;
  }
}
customElements.define('home-page', HomePage);
