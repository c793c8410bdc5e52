import { css, html, nothing } from '../vendor/lit.js';
import { count, counted, date, duration, episodeCode, join, left } from '../format.js';
import { editItems, mayEdit, onEditKey, pickedEdit } from '../edit/menu.js';
import { go } from '../router.js';
import { onKey } from '../ui/controllers.js';
import { openMenu } from '../ui/menu.js';
import { Page } from '../ui/page.js';
import { Deeds, itemMenu, mark, onItemKeys, shareLink, toggleListed } from './actions.js';
import { bone, boneStyles, bones, stateStyles } from './bones.js';
import { say } from './en.js';
import { gone } from './gone.js';
import { about, backdrop, heroBones, heroStyles, howFar, meta, quick, quickList, quickMark, quickShare, sideActions } from './hero.js';
import { fraction, isDone, shaped, whyGone, withListed, withMark } from './items.js';
import { itemHref, playHref } from './links.js';
import { people, peopleStyles } from './people.js';
import { sourcesLine, tags, tagStyles } from './tags.js';

/** A show: what comes next, its seasons as tabs, the episodes of one. `/seasons/KEY` leads here too. */
class ShowPage extends Page {
  static properties = { ...Page.properties, allCast: { state: true }, unfolded: { state: true } };

  static styles = [Page.styles, stateStyles, heroStyles, boneStyles, peopleStyles, tagStyles, css`
    .acts hm-button { max-width: 100%; } .next { margin-top: 12px; }
    .body { position: relative; }
    .seasons { display: flex; align-items: center; gap: 12px; min-height: 40px; margin-bottom: 8px; }
    .seasons h2, .seasons hm-tabs { min-width: 0; flex: 0 1 auto; } .seasons hm-tabs { margin-left: -2px; }
    .seasons .end { margin-left: auto; display: flex; align-items: center; gap: 12px; white-space: nowrap; min-width: 0; } .seasons .end hm-button { flex: 0 1 auto; min-width: 0; } .seasons .end .second { flex: none; }
    .episode { position: relative; display: grid; grid-template-columns: 220px minmax(0, 1fr) auto; gap: 24px; align-items: start; padding: 16px 0; border-top: 1px solid var(--line); }
    .episode:first-child { border-top: 0; }
    .episode h3 { font: var(--font-14); font-weight: 600; } .episode h3 a { border-radius: 2px; } .episode h3 a:hover { text-decoration: underline; text-underline-offset: 3px; }
    .episode .text { font: var(--font-14); color: var(--text2); margin-top: 8px; max-width: 72ch; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; text-wrap: pretty; }
    .facts-line { display: flex; gap: 6px; align-items: center; margin-top: 2px; }
    .people, .tags, .sources { margin-top: 36px; }
    @media (max-width: 719.98px) {
      .episode { grid-template-columns: 132px minmax(0, 1fr) 44px; gap: 8px 12px; padding: 12px 0; } .episode hm-icon-button { margin: -8px -8px 0 0; }
      .episode .text { grid-column: 1 / -1; margin: 0; } .episode h3 { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
      .seasons { flex-wrap: wrap; gap: 8px; } .seasons hm-tabs { flex: 1 0 100%; margin: 0; } .seasons .end { margin: 0; width: 100%; gap: 8px; } .seasons .end .second { flex: 1 0 auto; } .seasons .end hm-icon-button { margin-right: -10px; }
    }
  `];

  first = this.query(() => `/api/media/${this.params.key}`);
  show = this.query(() => (this.first.data?.type === 'season' ? `/api/media/${this.first.data.parentId}` : this.first.data ? `/api/media/${this.params.key}` : null));
  episodes = this.query(() => (this.season ? `/api/media/${this.season.id}/episodes` : null));
  sources = this.query(() => '/api/home/library/sources', { maxAge: 300_000 });
  cast = this.query(() => (this.show.data ? `/api/cast/${this.show.data.id}` : null));

  constructor() {
    super();
    this.allCast = false;
    this.unfolded = false;
    this.live({ 'playback.progress': () => this.renew() });
    new Deeds(this, ({ kind, item, watched, listed }) => {
      if (kind === 'list') this.show.update((data) => withListed(data, item.id, listed));
      if (kind !== 'mark') return;
      for (const one of [this.show, this.episodes]) one.update((data) => withMark(data, item, watched));
    });
    onItemKeys(this);
    onEditKey(this, () => this.show.data);
    onKey(this, { p: () => this.next && go(playHref(this.next.id)), b: () => this.show.data && toggleListed(this.show.data) });
  }

  willUpdate(changed) {
    if (changed.has('params')) {
      this.allCast = false;
      this.unfolded = false;
    }
  }

  renew() {
    this.show.refresh();
    this.episodes.refresh();
  }

  get next() {
    const items = this.episodes.data?.items ?? [];
    return this.show.data?.nextUp ?? items.find((item) => !item.watched && item.available !== false) ?? items[0] ?? null;
  }

  /** The season of the address, else the one of the next episode, else the first that is not the specials. */
  get season() {
    const seasons = this.show.data?.seasons ?? [];
    const asked = this.search.season ?? (this.first.data?.type === 'season' ? this.first.data.id : null);
    return seasons.find((season) => season.id === asked) ?? seasons.find((season) => season.id === this.show.data?.nextUp?.parentId) ?? seasons.find((season) => season.index !== 0) ?? seasons[0] ?? null;
  }

  render() {
    const waiting = () => html`<hm-page-header back="/shows" over></hm-page-header>${heroBones(html`${bone('heading')}${this.listBones()}`)}`;
    const failed = (error) => gone(this, error, '/shows', () => Promise.all([this.first.refresh(), this.show.refresh()]));
    return this.first.render({ loading: waiting, error: failed, data: () => this.show.render({ loading: waiting, error: failed, data: (show) => this.shown(show) }) });
  }

  listBones() {
    return Array.from({ length: 4 }, () => html`<div class="episode"><span class="bone still"></span><div class="bones">${bones('line', 'half', 'long')}</div></div>`);
  }

  shown(show) {
    this.title = show.title;
    const several = show.seasons.filter((season) => season.index !== 0).length > 1;
    return html`
      <hm-page-header back="/shows" over></hm-page-header>
      <section class="hero">
        ${backdrop(show)}
        <div class="hero-words">
          <h1 class="t40" tabindex="-1">${show.title}</h1>
          ${meta([show.year, several ? counted(show.seasonCount, say.seasonWord, say.seasonWords) : null, counted(show.episodeCount, say.episodeWord, say.episodeWords), show.genres.slice(0, 2).join(', '), show.contentRating, say.status[show.status]])}
          ${about(show.summary ?? show.tagline, this.unfolded, () => (this.unfolded = !this.unfolded))}
          ${this.actions(show)}
        </div>
      </section>
      <div class="body">${this.seasons(show)}${this.list()}<div class="people">${people(this.cast.data, this.allCast, () => (this.allCast = true))}</div>${tags(show)}${sourcesLine(show, this.sources.data)}</div>`;
  }

  actions(show) {
    const next = this.next;
    const isThere = next && next.available !== false;
    const code = next ? episodeCode(next.parentIndex, next.index, next.indexEnd) || next.title : '';
    return html`<div class="acts">
        <hm-button class="first" kind="primary" size="large" icon="play" ?disabled=${!isThere} href=${isThere ? playHref(next.id) : nothing}>${next?.viewOffset > 0 ? say.resumeEpisode(code) : say.playEpisode(code)}</hm-button>
        ${sideActions(show, mayEdit() ? (at) => this.menu(at, show) : null)}</div>
      ${next ? (next.viewOffset > 0 ? howFar(next) : html`<p class="second next">${join(next.title === code ? '' : next.title, duration(next.duration))}</p>`) : nothing}
      ${quick([quickList(show), quickMark(show), quickShare(show), mayEdit() ? { icon: 'dots', label: say.more, run: (event) => this.menu(event.currentTarget, show) } : null])}`;
  }

  async menu(at, item) {
    const share = item.type === 'show' ? [{ id: 'share', label: say.share, icon: 'share' }] : [];
    const items = [...share, ...editItems(item)];
    const chosen = await openMenu(at, items[0].separator ? items.slice(1) : items, { label: say.moreOf(item.title) });
    if (chosen === 'share') shareLink(item);
    pickedEdit(chosen, item);
  }

  seasons(show) {
    const season = this.season;
    if (!season) return nothing;
    const name = (one) => one.title || say.season(one.index);
    const done = isDone(season);
    return html`<div class="seasons">
      ${show.seasons.length > 1
        ? html`<hm-tabs label=${say.seasons} .tabs=${show.seasons.map((one) => ({ id: one.id, label: name(one) }))} value=${season.id} @hm-change=${(event) => this.choose(event.detail.value)}></hm-tabs>`
        : html`<h2 class="t16">${name(season)}</h2>`}
      <div class="end"><span class="second">${season.unwatchedCount > 0 ? say.left(season.unwatchedCount, count(season.unwatchedCount)) : say.allWatched}</span>
        <hm-button size="small" icon="check" @click=${() => mark(season, !done)}>${done ? say.seasonUnwatched : say.seasonWatched}</hm-button>
        ${mayEdit() ? html`<hm-icon-button size="small" icon="dots" label=${say.moreOf(name(season))} @click=${(event) => this.menu(event.currentTarget, season)}></hm-icon-button>` : nothing}</div></div>`;
  }

  choose(id) {
    this.setSearch({ season: id });
  }

  list() {
    return this.episodes.render({
      loading: () => html`<div role="status" aria-label=${say.loading}>${this.listBones()}</div>`,
      data: ({ items }) => html`<div class="episodes" role="list">${items.map((item) => this.episode(item))}</div>`,
    });
  }

  episode(item) {
    const number = item.index === null || item.index === undefined ? '' : item.indexEnd && item.indexEnd !== item.index ? `${item.index}–${item.indexEnd}` : `${item.index}`;
    const isThere = item.available !== false;
    const rest = item.viewOffset > 0 ? left(item.duration - item.viewOffset) : duration(item.duration);
    const second = isThere ? join(item.airDate ? date(Date.parse(item.airDate) / 1000) : '', rest) : whyGone(item);
    return html`<article class="episode" role="listitem" .item=${item}>
      <hm-card bare .item=${shaped(item)} .progress=${fraction(item)} href=${isThere ? playHref(item.id) : itemHref(item)} heading=${isThere ? say.playTitle(item.title) : item.title} .missing=${isThere ? null : whyGone(item)} ?playable=${isThere} kind="thumb"
        @hm-play=${() => go(playHref(item.id))} @hm-context=${(event) => this.context(event, item)}></hm-card>
      <div><h3><a href=${itemHref(item)}>${join(number, item.title)}</a></h3>
        <p class="second facts-line ${isThere ? '' : 'bad'}">${item.watched && !(item.viewOffset > 0) ? html`<hm-icon name="check" size="16" title=${say.watched}></hm-icon>` : nothing}<span>${second}</span></p>
        ${item.summary ? html`<p class="text not-phone">${item.summary}</p>` : nothing}</div>
      <hm-icon-button icon="dots" label=${say.moreOf(item.title)} @click=${(event) => itemMenu(item, event.currentTarget)}></hm-icon-button>
      ${item.summary ? html`<p class="text only-phone">${item.summary}</p>` : nothing}</article>`;
  }

  context(event, item) {
    event.preventDefault();
    itemMenu(item, { x: event.detail.x, y: event.detail.y });
  }
}
customElements.define('show-page', ShowPage);
