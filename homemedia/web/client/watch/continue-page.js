import { html } from '../vendor/lit.js';
import { begun } from './cards.js';
import { say } from './en.js';
import { WallPage } from './recent-page.js';

class ContinuePage extends WallPage {
  begun = this.query(() => '/api/continue-watching?limit=100');

  render() {
    return this.begun.render({
      loading: () => html`<hm-page-header heading=${say.continueWatching} back="/"></hm-page-header><div class="body"><hm-skeleton kind="grid"></hm-skeleton></div>`,
      data: ({ items, nextUp }) => this.wall(say.continueWatching, '/', [...items, ...nextUp], (item) => begun(item), { still: true }),
    });
  }
}
customElements.define('continue-page', ContinuePage);
