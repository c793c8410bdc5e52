import { css, html, nothing } from '../vendor/lit.js';
import { Page } from '../ui/page.js';
import './add-clip.js';
import { adding as say } from './en.js';
import { sharedLink } from './sites.js';

/** A link to send, by hand or out of another app's share sheet: `?url=&text=&title=`. */
class FeedAddPage extends Page {
  static styles = [Page.styles, css`
    .body { max-width: 640px; display: flex; flex-direction: column; gap: 16px; } .body hm-notice { margin-bottom: 0; }
    .else { display: flex; align-items: center; gap: 16px; color: inherit; } .else div { flex: 1 1 0; } .else > hm-icon { color: var(--text2); }
  `];

  render() {
    this.title = say.title;
    const link = sharedLink(this.search);
    const isEmpty = !link && (this.search.text || this.search.title || this.search.url);
    return html`<hm-page-header heading=${say.title} back="/feed"></hm-page-header>
      <div class="body">${isEmpty ? html`<hm-notice tone="warn">${say.noLinkShared}</hm-notice>` : nothing}
        <section class="panel"><hm-add-clip no-close url=${link}></hm-add-clip></section>
        <a class="panel else" href="/feed/setup"><hm-icon name="phone" size="24"></hm-icon><div><p class="name">${say.setup}</p><p class="second">${say.setupHint}</p></div><hm-icon name="chevron-right"></hm-icon></a></div>`;
  }
}
customElements.define('feed-add-page', FeedAddPage);
