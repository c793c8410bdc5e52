import { html } from '../vendor/lit.js';
import { Page } from '../ui/page.js';
import { say } from './en.js';

class FeedPage extends Page {
  render() {
    this.title = say.feed;
    return html`<hm-page-header heading=${say.feed}></hm-page-header>`;
  }
}
customElements.define('feed-page', FeedPage);
