import { css, html, nothing } from '../vendor/lit.js';
import { count, counted, duration } from '../format.js';
import { Page } from '../ui/page.js';
import { Deeds, onItemKeys, play } from './actions.js';
import { boneStyles, stateStyles } from './bones.js';
import { poster } from './cards.js';
import { span } from './collections-page.js';
import { say } from './en.js';
import { gone } from './gone.js';
import { backdrop, heroBones, heroStyles, meta } from './hero.js';
import { isDone, withMark } from './items.js';
import { playHref, viewHref } from './links.js';

/** `/collections/<name>`: what belongs together, in the order it came out. */
class CollectionPage extends Page {
  static styles = [Page.styles, stateStyles, heroStyles, boneStyles, css`
    .hero { min-height: min(420px, 52vh); }
    .wall { display: grid; grid-template-columns: repeat(auto-fill, minmax(148px, 1fr)); gap: var(--gap-rows) var(--gap); padding-top: 8px; }
    @media (max-width: 719.98px) { .wall { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
  `];

  found = this.query(() => `/api/home/library/collection?${new URLSearchParams({ name: this.params.name, ...(this.search.library ? { library: this.search.library } : {}) })}`);

  constructor() {
    super();
    this.live({ 'playback.progress': () => this.found.refresh(), 'library.changed': () => this.found.refresh() });
    new Deeds(this, ({ kind, item, watched }) => kind === 'mark' && this.found.update((data) => withMark(data, item, watched)));
    onItemKeys(this);
  }

  render() {
    return this.found.render({
      loading: () => html`<hm-page-header back="/films/collections" over></hm-page-header>${heroBones(html`<hm-skeleton kind="grid" count="7"></hm-skeleton>`)}`,
      error: (error) => gone(this, error, '/films/collections', () => this.found.refresh()),
      data: (found) => this.shown(found),
    });
  }

  shown({ name, items, years }) {
    this.title = name;
    const [first] = items;
    const type = items.every((item) => item.type === first.type) ? first.type : 'movie';
    const back = viewHref(type === 'video' ? 'movie' : type, 'collections');
    const done = items.filter(isDone).length; // counted here, so that a mark shows at once
    const words = [counted(items.length, ...say.counts[type]), span(years), this.length(items), done ? say.watchedOf(count(done), count(items.length)) : null];
    return html`
      <hm-page-header back=${back} over></hm-page-header>
      <section class="hero">${backdrop(items.find((item) => item.art) ?? first)}
        <div class="hero-words"><a class="over-title" href=${back}>${say.collection}</a><h1 class="t40" tabindex="-1">${name}</h1>
          ${meta(words)}${this.actions(items)}
          ${done && done < items.length ? html`<div class="how-far"><hm-progress .value=${done / items.length} label=${say.soFar}></hm-progress></div>` : nothing}</div></section>
      <div class="body"><div class="wall" role="list" aria-label=${name}>${items.map((item, at) => poster(item, { eager: at < 8 }))}</div></div>`;
  }

  length(items) {
    const all = items.reduce((sum, item) => sum + (item.type === 'show' ? 0 : (item.duration ?? 0)), 0);
    return all ? duration(all) : null;
  }

  /** Plays what one has not seen yet, the first in order; all seen: from the beginning. */
  actions(items) {
    const there = items.filter((item) => item.available !== false);
    const next = there.find((item) => item.viewOffset > 0) ?? there.find((item) => !isDone(item)) ?? there[0];
    if (!next) return nothing;
    const isShow = next.type === 'show';
    return html`<div class="acts"><hm-button class="first" kind="primary" size="large" icon="play" href=${isShow ? nothing : playHref(next.id)} @click=${isShow ? () => play(next) : nothing}>${say.playNext(next.title)}</hm-button></div>`;
  }
}
customElements.define('collection-page', CollectionPage);
