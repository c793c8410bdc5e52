import { html } from '../vendor/lit.js';
import { Deeds } from './actions.js';
import { begun } from './cards.js';
import { say } from './en.js';
import { withMark, withoutBegun } from './items.js';
import { WallPage } from './recent-page.js';

/** Everything begun, then the next episode of each show. */
class ContinuePage extends WallPage {
  begun = this.query(() => '/api/continue-watching?limit=100');

  constructor() {
    super();
    new Deeds(this, ({ kind, item, watched }) => {
      if (kind === 'mark') this.begun.update((data) => withMark(watched ? withoutBegun(data, item.id) : data, item, watched));
      if (kind === 'dismiss') this.begun.update((data) => withoutBegun(data, item.id));
    });
  }

  render() {
    return this.framed(say.continueWatching, this.begun.render({
      loading: () => html`<hm-skeleton kind="cards" count="4"></hm-skeleton>`,
      data: ({ items, nextUp }) => (items.length + nextUp.length === 0
        ? html`<hm-empty icon="play" heading=${say.nothingBegun} text=${say.nothingBegunText}><hm-button slot="action" href="/">${say.backTo}</hm-button></hm-empty>`
        : this.wall([...items, ...nextUp], (item) => begun(item), true)),
    }));
  }
}
customElements.define('continue-page', ContinuePage);
