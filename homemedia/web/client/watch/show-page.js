import { css, html, nothing } from '../vendor/lit.js';
import { artUrl } from '../api.js';
import { count, counted, date, duration, episodeCode, join } from '../format.js';
import { onKey } from '../ui/controllers.js';
import { Page } from '../ui/page.js';
import { openMenu } from '../ui/menu.js';
import { go } from '../router.js';
import { copyLink, itemMenu, mark } from './actions.js';
import { say } from './en.js';
import { heroStyles } from './hero.js';
import { itemHref, playHref } from './links.js';

/** A show: what comes next, its seasons as tabs, the episodes of one. `/seasons/KEY` leads here too. */
class ShowPage extends Page {
  static styles = [Page.styles, heroStyles, css`
    .seasons { display: flex; align-items: center; gap: 12px; flex-wrap: wrap; margin-bottom: 16px; }
    .seasons .end { margin-left: auto; display: flex; align-items: center; gap: 12px; }
    .episodes { display: flex; flex-direction: column; max-width: 1100px; }
    .episode { position: relative; display: grid; grid-template-columns: 220px minmax(0, 1fr) auto; gap: 20px; align-items: start; padding: 16px 0; border-bottom: 1px solid var(--line); }
    .episode .name { font-weight: 600; }
    .episode .summary { font: var(--font-14); color: var(--text2); margin-top: 6px; -webkit-line-clamp: 3; }
    .number { display: flex; gap: 8px; align-items: center; }
    .people { margin-top: 36px; }
    .cast { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 20px 24px; }
    .person { display: flex; align-items: center; gap: 12px; min-width: 0; }
    @media (max-width: 719.98px) {
      .episode { grid-template-columns: 132px minmax(0, 1fr) auto; gap: 12px; }
      .episode .summary { grid-column: 1 / -1; margin: 0; }
      .seasons hm-tabs { margin: 0 calc(-1 * var(--margin)); padding-inline: var(--margin); max-width: 100vw; }
    }
  `];

  first = this.query(() => `/api/media/${this.params.key}`);
  show = this.query(() => (this.first.data?.type === 'season' ? `/api/media/${this.first.data.parentId}` : `/api/media/${this.params.key}`), { keep: true });
  episodes = this.query(() => (this.season ? `/api/media/${this.season.id}/episodes` : null), { keep: true });
  cast = this.query(() => (this.show.data ? `/api/cast/${this.show.data.id}` : null));

  constructor() {
    super();
    this.live({ 'playback.progress': () => this.renew() });
    onKey(this, { p: () => this.next && go(playHref(this.next.id)) });
  }

  renew() {
    this.show.refresh();
    this.episodes.refresh();
  }

  get next() {
    return this.show.data?.nextUp ?? this.episodes.data?.items[0] ?? null;
  }

  /** The season of the address, else the one of the next episode, else the first that is not the specials. */
  get season() {
    const seasons = this.show.data?.seasons ?? [];
    const asked = this.first.data?.type === 'season' ? this.first.data.id : this.search.season;
    return seasons.find((season) => season.id === asked) ?? seasons.find((season) => season.id === this.show.data?.nextUp?.parentId) ?? seasons.find((season) => season.index !== 0) ?? seasons[0] ?? null;
  }

  render() {
    return this.show.render({
      loading: () => html`<hm-page-header back="/shows" over></hm-page-header><div class="hero waiting"></div>`,
      error: (error) => this.gone(error),
      data: (show) => this.shown(show),
    });
  }

  gone(error) {
    this.title = say.unknownItem;
    return html`<hm-page-header back="/shows" heading=${say.unknownItem}></hm-page-header><div class="body">
      <hm-empty icon="question" heading=${say.unknownItem} text=${error.status === 404 ? say.unknownItemText : error.message}><hm-button slot="action" href="/">${say.backTo}</hm-button></hm-empty></div>`;
  }

  shown(show) {
    this.title = show.title;
    const kind = show.art ? 'art' : 'thumb';
    return html`
      <hm-page-header back="/shows" over></hm-page-header>
      <section class="hero">
        <hm-art class="backdrop" ratio="fill" radius="none" src=${artUrl(show, { kind, width: Math.min(window.innerWidth, 1920) }) ?? nothing} tone=${show.thumbTone ?? nothing} .point=${show.thumbPoint ?? null} eager></hm-art><div class="fade"></div>
        <div class="hero-words">
          <h1 class="t40" tabindex="-1">${show.title}</h1>
          <p class="meta">${[show.year, show.seasonCount > 1 ? counted(show.seasonCount, 'season', 'seasons') : null, counted(show.episodeCount, 'episode', 'episodes'), show.genres.slice(0, 2).join(', '), show.contentRating, say.status[show.status]].filter(Boolean).map((word) => html`<span>${word}</span>`)}</p>
          ${show.summary ? html`<p class="prose summary">${show.summary}</p>` : nothing}
          ${this.actions(show)}
        </div>
      </section>
      <div class="body">${this.seasons(show)}${this.list()}${this.people()}</div>`;
  }

  actions(show) {
    const next = this.next;
    const code = next ? episodeCode(next.parentIndex, next.index, next.indexEnd) || next.title : '';
    const isDone = show.unwatchedCount === 0;
    return html`<div class="acts">
      <hm-button class="first" kind="primary" size="large" icon="play" on-picture ?disabled=${!next} href=${next ? playHref(next.id) : nothing}>${next?.viewOffset > 0 ? say.resumeEpisode(code) : say.playEpisode(code)}</hm-button>
      <hm-icon-button square size="large" on-picture icon="check" label=${isDone ? say.markUnwatched : say.markWatched} ?pressed=${isDone} toggle @click=${() => mark(show, !isDone, () => this.renew())}></hm-icon-button>
      <hm-icon-button square size="large" on-picture icon="dots" label=${say.more} @click=${(event) => this.menu(event.currentTarget, show)}></hm-icon-button></div>
      ${next?.title && next.title !== code ? html`<p class="second">${next.title}</p>` : nothing}`;
  }

  async menu(at, show) {
    const chosen = await openMenu(at, [{ id: 'link', label: say.copyLink, icon: 'link' }], { label: say.more });
    if (chosen === 'link') copyLink(show);
  }

  seasons(show) {
    const season = this.season;
    if (!season) return nothing;
    const name = (one) => one.title || say.season(one.index);
    const isDone = season.unwatchedCount === 0;
    return html`<div class="seasons">
      ${show.seasons.length > 1
        ? html`<hm-tabs label=${say.seasons} .tabs=${show.seasons.map((one) => ({ id: one.id, label: name(one) }))} value=${season.id} @hm-change=${(event) => this.choose(event.detail.value)}></hm-tabs>`
        : html`<h2 class="t16">${name(season)}</h2>`}
      <div class="end">${season.unwatchedCount > 0 ? html`<span class="second">${say.left(count(season.unwatchedCount))}</span>` : nothing}
        <hm-button class="not-phone" size="small" icon="check" @click=${() => mark(season, !isDone, () => this.renew())}>${isDone ? say.seasonUnwatched : say.seasonWatched}</hm-button></div></div>`;
  }

  choose(id) {
    if (this.params.key === this.show.data.id) this.setSearch({ season: id });
    else go(`/shows/${this.show.data.id}?season=${id}`, { replace: true });
  }

  list() {
    return this.episodes.render({
      loading: () => html`<hm-skeleton kind="line" count="6"></hm-skeleton>`,
      data: ({ items }) => html`<div class="episodes">${items.map((item) => this.episode(item))}</div>`,
    });
  }

  episode(item) {
    const number = item.index === null ? '' : item.indexEnd ? `${item.index}–${item.indexEnd}` : `${item.index}`;
    const isThere = item.available !== false;
    return html`<article class="episode">
      <hm-card bare .item=${item} href=${isThere ? playHref(item.id) : itemHref(item)} heading=${item.title} .missing=${isThere ? null : say.missingFile} ?playable=${isThere} kind="thumb" @hm-play=${() => go(playHref(item.id))}></hm-card>
      <div><h3 class="name"><a href=${itemHref(item)}>${join(number, item.title)}</a></h3>
        <p class="second number">${item.watched ? html`<hm-icon name="check" size="16" title=${say.watched}></hm-icon>` : nothing}<span>${join(item.airDate ? date(Date.parse(item.airDate) / 1000) : '', duration(item.duration))}</span></p>
        ${item.summary ? html`<p class="summary not-phone">${item.summary}</p>` : nothing}</div>
      <hm-icon-button icon="dots" label=${`${say.more}: ${item.title}`} @click=${(event) => itemMenu(item, event.currentTarget)}></hm-icon-button>
      ${item.summary ? html`<p class="summary only-phone">${item.summary}</p>` : nothing}</article>`;
  }

  people() {
    const cast = this.cast.data?.cast ?? [];
    if (!cast.length) return nothing;
    return html`<hm-section class="people" heading=${say.cast}><div class="cast">${cast.slice(0, 12).map((one) => html`<div class="person"><hm-avatar name=${one.name} src=${one.thumb ? `${one.thumb}?w=120&h=120` : nothing} size="56"></hm-avatar>
      <div class="grow"><p class="name one-line">${one.name}</p><p class="second one-line">${one.role}</p></div></div>`)}</div></hm-section>`;
  }
}
customElements.define('show-page', ShowPage);
