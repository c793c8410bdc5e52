import { css, html, nothing, repeat } from '../vendor/lit.js';
import '../feed/home-news.js';
import { dayPart } from '../format.js';
import '../notes/home-notes.js';
import '../photos/memories.js';
import { session } from '../session.js';
import { Page } from '../ui/page.js';
import { Deeds, onItemKeys } from './actions.js';
import { bone, boneStyles, loading, stateStyles } from './bones.js';
import { begun, fresh, poster, still } from './cards.js';
import './elsewhere.js';
import { say } from './en.js';
import { withListed, withMark, withoutBegun } from './items.js';
import { libraryHref, WATCHLIST } from './links.js';
import { cover } from './music-cards.js';
import { isBelowTheFold, newsChip, newsStyles } from './news.js';

const BESIDE = 3;
const POSTER = 148;
const POSTER_BESIDE = 132; // where the household's column takes its share
const STILL = 232;
const GAP = 20;

/** The watchlist of the answer with one thing more or less. */
function withWish(data, item, listed) {
  const others = (data.watchlist ?? []).filter((one) => one.id !== item.id);
  return { ...data, watchlist: listed ? [{ ...item, watchlisted: true }, ...others] : others };
}

class HomePage extends Page {
  static properties = { ...Page.properties, shown: { state: true }, width: { state: true }, isBeside: { state: true } };

  static styles = [Page.styles, stateStyles, boneStyles, newsStyles, css`
    .body { max-width: 1760px; }
    .home { display: grid; grid-template-columns: minmax(0, 1fr); gap: 40px; } .home:has(> .family > :not([hidden])) { grid-template-columns: minmax(0, 1fr) 348px; --row-bleed: 0px; }
    .family { display: flex; flex-direction: column; gap: 36px; padding-top: 12px; --row-bleed: 0px; } .family:not(:has(> :not([hidden]))) { display: none; }
    .shelves { container-type: inline-size; display: flex; flex-direction: column; gap: 36px; padding-top: 12px; }
    .lead { display: grid; grid-template-columns: minmax(0, 1.92fr) minmax(0, 1fr); gap: 24px; }
    .lead > :first-child { aspect-ratio: 16 / 9; align-self: stretch; }
    .beside { display: grid; gap: 20px 24px; grid-template-rows: repeat(3, minmax(0, 1fr)); grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); min-width: 0; align-items: center; }
    .lead.alone { grid-template-columns: minmax(0, 640px); }
    @container (max-width: 760px) { .beside { --art-width: 108px; gap: 12px; } }
    @container (min-width: 1060px) {
      .lead.many { grid-template-columns: minmax(0, 1fr) minmax(0, 1.194fr); }
      .lead.few { grid-template-columns: minmax(0, 1.16fr) minmax(0, 1fr); } .lead.few .beside { --art-width: 34%; }
    }
    .row-bones { display: flex; gap: 20px; overflow: hidden; } .row-bones .bone { flex: 1 0 148px; height: auto; aspect-ratio: 2 / 3; border-radius: var(--radius); }
    @media (max-width: 719.98px) { .shelves { gap: 28px; padding-top: 8px; } .row-bones { gap: 12px; } .row-bones .bone { flex: 0 0 112px; } .phone-lead .bone { flex: 0 0 272px; aspect-ratio: 16 / 9; } }
  `];

  home = this.query(() => '/api/home/library/home');

  constructor() {
    super();
    this.shown = null;
    this.width = 0;
    this.seen = new Set();
    this.live({ 'scan.finished': () => this.home.refresh(), 'playback.progress': () => this.home.refresh() });
    new Deeds(this, ({ kind, item, watched, listed }) => {
      if (kind === 'list') this.home.update((data) => withWish(withListed(data, item.id, listed), item, listed));
      if (kind === 'mark') this.home.update((data) => withMark(watched ? withoutBegun(data, item.id) : data, item, watched));
      if (kind === 'dismiss') this.home.update((data) => withoutBegun(data, item.id));
    });
    onItemKeys(this);
    this.addController({ hostUpdate: () => this.settle() }); // after the query has looked, before drawing
    this.roomy = matchMedia('(min-width: 1280px)');
    this.isBeside = this.roomy.matches;
    this.fitted = () => (this.isBeside = this.roomy.matches);
    this.sized = new ResizeObserver(([entry]) => (this.width = Math.round(entry.contentRect.width)));
    this.scrolled = () => this.waiting > 0 && !isBelowTheFold() && this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('scroll', this.scrolled, { passive: true });
    this.roomy.addEventListener('change', this.fitted);
    this.fitted();
    this.offSession = session.subscribe(() => this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('scroll', this.scrolled);
    this.roomy.removeEventListener('change', this.fitted);
    this.offSession();
    this.sized.disconnect();
    this.measured = null;
  }

  /** The column of films is measured: how much of the page it has is the household's column's affair. */
  updated() {
    const column = this.renderRoot.querySelector('.shelves');
    if (column === this.measured) return;
    this.sized.disconnect();
    this.measured = column;
    if (column) this.sized.observe(column);
  }

  /** New things wait while one is further down; everything else shows at once. */
  settle() {
    const now = this.home.data;
    if (!now || now === this.shown) return;
    this.waiting = this.shown ? now.recent.filter((item) => !this.seen.has(item.id)).length : 0;
    if (this.waiting > 0 && isBelowTheFold()) return;
    this.isFirst = this.shown === null;
    this.before = new Set(this.seen);
    for (const item of now.recent) this.seen.add(item.id);
    this.shown = now;
    this.waiting = 0;
  }

  showNew() {
    window.scrollTo({ top: 0 });
    this.requestUpdate();
  }

  render() {
    this.title = say.home;
    return html`
      <hm-page-header heading=${dayPart()}></hm-page-header>
      ${newsChip(this.waiting ?? 0, () => this.showNew())}
      <div class="body">${this.shown ? this.rows(this.shown) : this.home.render({ loading: () => this.bones(), data: () => nothing })}</div>`;
  }

  bones() {
    const posters = html`<div>${bone('heading')}<div class="row-bones">${Array.from({ length: 7 }, () => bone(''))}</div></div>`;
    return loading(html`<div class="shelves">
      <div class="not-phone">${bone('heading')}<div class="lead"><span class="bone lead"></span><div></div></div></div>
      <div class="only-phone">${bone('heading')}<div class="row-bones phone-lead">${bone('')}${bone('')}</div></div>${posters}${posters}</div>`);
  }

  /** How many cards of a kind fill the width; they grow so that the last one ends where the page does. */
  fit(least) {
    return Math.max(3, Math.floor(((this.width || window.innerWidth - 152) + GAP) / (least + GAP)));
  }

  /** What the household has to say: beside the films where there is room, else among them. */
  family() {
    return html`<photo-memories .search=${this.search} ?column=${this.isBeside}></photo-memories><hm-feed-news ?column=${this.isBeside}></hm-feed-news><hm-home-notes></hm-home-notes>`;
  }

  beside(main) {
    return html`<div class="home">${main}${this.isBeside ? html`<aside class="family">${this.family()}</aside>` : nothing}</div>`;
  }

  rows({ continueWatching, nextUp, watchlist = [], recent, libraries }) {
    const there = (items) => items.filter((item) => item.available !== false || item.type === 'show' || item.type === 'season');
    const shelves = libraries.map(({ library, items }) => ({ library, items: there(items) })).filter((shelf) => shelf.items.length > 0);
    const hasMusic = shelves.some((shelf) => shelf.library.type === 'music');
    const hasVideos = shelves.some((shelf) => shelf.library.type === 'video');
    const isNews = (item) => item.available !== false && !(hasVideos && item.type === 'video') && item.type !== 'album'; // home videos and music have rows of their own
    const news = recent.filter(isNews);
    const begunOnes = [...continueWatching, ...nextUp];
    const wishes = there(watchlist);
    if (!begunOnes.length && !wishes.length && !recent.length && !shelves.length) return this.nothingYet();
    const posters = this.isBeside && this.width < 1060 ? POSTER_BESIDE : POSTER;
    return this.beside(html`<div class="shelves">
      <watch-elsewhere></watch-elsewhere>
      ${this.begun(begunOnes)}
      ${news.length ? html`<hm-row heading=${say.recentlyAdded} href="/recent" fit=${this.fit(posters)}>${repeat(news, (item) => item.id, (item, index) => fresh(item, { eager: index < 7, isNew: !this.isFirst && !this.before.has(item.id) }))}</hm-row>` : nothing}
      ${this.isBeside ? nothing : this.family()}
      ${wishes.length ? html`<hm-row heading=${say.watchlist} href=${WATCHLIST} fit=${this.fit(posters)}>${repeat(wishes, (item) => item.id, (item) => poster(item))}</hm-row>` : nothing}
      ${repeat(shelves.length > 1 || hasVideos || hasMusic ? shelves : [], (shelf) => shelf.library.id, (shelf) => this.shelf(shelf, posters))}
    </div>`);
  }

  begun(items) {
    if (!items.length) return nothing;
    const room = this.width >= 1060 && items.length > BESIDE + 2 ? 2 * BESIDE : BESIDE;
    const [first, ...others] = items;
    const beside = others.slice(0, room);
    return html`
      <hm-section class="not-phone" heading=${say.continueWatching} href="/continue">
        <div class="lead ${beside.length ? (beside.length > BESIDE ? 'many' : 'few') : 'alone'}">${begun(first, { lead: true, eager: true })}
          ${beside.length ? html`<div class="beside" role="list">${repeat(beside, (item) => item.id, (item) => begun(item, { horizontal: true, eager: true }))}</div>` : nothing}</div>
      </hm-section>
      <hm-row class="only-phone" kind="still" heading=${say.continueWatching} href="/continue">${repeat(items, (item) => item.id, (item) => begun(item))}</hm-row>`;
  }

  shelf({ library, items }, posters) {
    const href = libraryHref(library, session.libraries);
    if (library.type === 'video') return html`<hm-row kind="still" heading=${library.name} href=${href} fit=${this.fit(STILL)}>${repeat(items, (item) => item.id, (item) => still(item))}</hm-row>`;
    if (library.type === 'music') return html`<hm-row heading=${library.name} href=${`${href}${href.includes('?') ? '&' : '?'}view=albums&sort=added`} fit=${this.fit(posters)}>${repeat(items, (item) => item.id, (item) => cover(item))}</hm-row>`;
    return html`<hm-row heading=${library.name} href=${href} fit=${this.fit(posters)}>${repeat(items, (item) => item.id, (item) => (library.type === 'show' ? fresh(item) : poster(item)))}</hm-row>`;
  }

  nothingYet() {
    const reading = session.libraries.some((library) => library.scanning);
    if (reading) return html`<hm-empty icon="folder-open" heading=${say.reading} text=${say.readingText}><hm-progress slot="action" label=${say.reading}></hm-progress></hm-empty>`;
    const admin = session.user?.isAdmin;
    const has = session.watched.length > 0;
    return this.beside(html`<div class="shelves">${this.isBeside ? nothing : this.family()}<hm-empty icon="film" heading=${say.emptyHouse} text=${admin ? (has ? say.emptyLibraries : say.emptyHouseAdmin) : say.emptyHouseMember}>
      ${admin ? html`<hm-button slot="action" kind="primary" href=${has ? '/admin/libraries' : '/admin/libraries/new'}>${has ? say.toLibraries : say.addFolders}</hm-button>` : nothing}</hm-empty></div>`);
  }
}
customElements.define('home-page', HomePage);
