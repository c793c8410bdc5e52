import { css, html, nothing } from '../vendor/lit.js';
import { Page } from '../ui/page.js';
import { Deeds, onItemKeys } from './actions.js';
import { stateStyles } from './bones.js';
import { fresh, still } from './cards.js';
import { say } from './en.js';
import { withMark } from './items.js';
import { cover } from './music-cards.js';

/** The page behind a row: the same things, all of them. */
export class WallPage extends Page {
  static styles = [Page.styles, stateStyles, css`
    .walls { display: flex; flex-direction: column; gap: 36px; padding-top: 12px; }
    .wall { display: grid; grid-template-columns: repeat(auto-fill, minmax(var(--least, 148px), 1fr)); gap: var(--gap-rows) var(--gap); }
    .wall.still { --least: 232px; }
    @media (max-width: 719.98px) { .wall { grid-template-columns: repeat(3, minmax(0, 1fr)); } .wall.still { grid-template-columns: minmax(0, 1fr); } }
  `];

  constructor() {
    super();
    onItemKeys(this);
  }

  /** @param {string} heading @param {unknown} inner */
  framed(heading, inner) {
    this.title = heading;
    return html`<hm-page-header heading=${heading} back="/"></hm-page-header><div class="body"><div class="walls">${inner}</div></div>`;
  }

  wall(items, card, isStill = false) {
    return html`<div class="wall ${isStill ? 'still' : ''}" role="list">${items.map(card)}</div>`;
  }
}

class RecentPage extends WallPage {
  recent = this.query(() => '/api/discover/recent?limit=200');

  constructor() {
    super();
    new Deeds(this, ({ kind, item, watched }) => kind === 'mark' && this.recent.update((data) => withMark(data, item, watched)));
  }

  render() {
    return this.framed(say.recentlyAdded, this.recent.render({
      loading: () => html`<hm-skeleton kind="grid" count="21"></hm-skeleton>`,
      data: ({ items }) => this.filled(items.filter((item) => item.type !== 'video' && item.type !== 'album' && item.available !== false), items.filter((item) => item.type === 'video'), items.filter((item) => item.type === 'album')),
    }));
  }

  filled(films, videos, albums) {
    if (!films.length && !videos.length && !albums.length) return html`<hm-empty icon="film" heading=${say.emptyHouse} text=${say.emptyKindText}></hm-empty>`;
    return html`${films.length ? this.wall(films, (item) => fresh(item)) : nothing}
      ${videos.length ? (films.length ? html`<hm-section heading=${say.kinds.video}>${this.wall(videos, (item) => still(item), true)}</hm-section>` : this.wall(videos, (item) => still(item), true)) : nothing}
      ${albums.length ? html`<hm-section heading=${say.kinds.music}>${this.wall(albums, (item) => cover(item))}</hm-section>` : nothing}`;
  }
}
customElements.define('recent-page', RecentPage);
