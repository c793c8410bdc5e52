import { css, html } from '../vendor/lit.js';
import { Page } from '../ui/page.js';
import { fresh } from './cards.js';
import { say } from './en.js';

/** The page behind a row: the same things, all of them. */
export class WallPage extends Page {
  static styles = [Page.styles, css`
    .wall { display: grid; grid-template-columns: repeat(auto-fill, minmax(var(--least, 148px), 1fr)); gap: var(--gap-rows) var(--gap); padding-top: 8px; }
    .wall.still { --least: 240px; }
    @media (max-width: 719.98px) { .wall { grid-template-columns: repeat(3, minmax(0, 1fr)); } .wall.still { grid-template-columns: minmax(0, 1fr); } }
  `];

  wall(heading, back, items, card, { still = false } = {}) {
    this.title = heading;
    return html`<hm-page-header heading=${heading} back=${back}></hm-page-header>
      <div class="body"><div class="wall ${still ? 'still' : ''}" role="list">${items.map(card)}</div></div>`;
  }
}

class RecentPage extends WallPage {
  recent = this.query(() => '/api/discover/recent?limit=200');

  render() {
    return this.recent.render({
      loading: () => html`<hm-page-header heading=${say.recentlyAdded} back="/"></hm-page-header><div class="body"><hm-skeleton kind="grid"></hm-skeleton></div>`,
      data: ({ items }) => this.wall(say.recentlyAdded, '/', items, (item) => fresh(item)),
    });
  }
}
customElements.define('recent-page', RecentPage);
