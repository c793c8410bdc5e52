import { html, nothing } from '../vendor/lit.js';
import { date, join } from '../format.js';
import { Widget } from '../ui/element.js';
import { media } from '../ui/platform.js';
import { openSwipe, sizeOf } from '../ui/swipe.js';
import { say } from './en.js';
import { showFilm } from './link-film.js';

/** One thing of a link over the whole window, and its neighbours by keys and swipes. Emits `link-shown {id}` and `link-closed`. */
class LinkViewer extends Widget {
  static properties = { things: { attribute: false }, at: { attribute: false }, item: { state: true } };

  createRenderRoot() {
    return this;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.isClosing = true; // destroying says "close" first
    this.swipe?.destroy();
    this.swipe = null;
  }

  async firstUpdated() {
    await this.updateComplete;
    if (this.isConnected) this.begin(this.at);
  }

  begin(index) {
    const swipe = openSwipe(this.querySelector('.hm-stage'), index, {
      count: () => this.things.count, data: (at) => this.dataAt(at), film: (box, data, content) => { content.film = showFilm(box, data.item); },
      flip: () => this.flip(), changed: (at) => this.changedTo(at), closed: () => this.swipe === swipe && this.close(), noPicture: say.noPicture,
    });
    this.swipe = swipe;
    swipe.on('contentActivate', ({ content }) => content.film?.begin());
    swipe.on('contentRemove', ({ content }) => content.film?.end());
    swipe.init();
    this.changedTo(index);
  }

  dataAt(at) {
    const item = this.things.at(at);
    if (!item) {
      this.things.read(at).then(() => this.swipe?.refreshSlideContent(at));
      return { type: 'waits' };
    }
    const { width, height } = item.width && item.height ? item : sizeOf(item.ratio);
    if (item.type !== 'image') return { type: 'film', item, width, height, alt: item.title };
    return { src: item.preview_url, msrc: item.thumbnail_url, item, width, height, alt: item.title };
  }

  changedTo(index) {
    const item = this.things.at(index);
    if (!item) {
      this.things.read(index).then(() => this.swipe?.currIndex === index && this.changedTo(index));
      return;
    }
    if (this.item?.id === item.id) return;
    this.item = item;
    this.emit('link-shown', { id: item.id });
  }

  flip() {
    const viewer = this.querySelector('hm-viewer');
    if (viewer.asleep) viewer.wake();
    else viewer.asleep = true;
  }

  close() {
    if (this.isClosing) return;
    this.isClosing = true;
    this.emit('link-closed');
  }

  step(by) {
    if (by > 0) this.swipe?.next();
    else this.swipe?.prev();
  }

  top() {
    const { item } = this;
    if (!item) return nothing;
    const at = media.isPhone() ? 'bottom' : 'top'; // where the thumb is
    return html`<div slot="top" class="hm-stage-words"><p class="one-line">${item.title}</p><p class="second one-line">${join(item.taken_at && date(Date.parse(item.taken_at) / 1000), item.metadata?.city, item.metadata?.country)}</p></div>
      ${item.download_url ? html`<hm-icon-button slot=${at} on-picture icon="download" label=${say.download} href=${item.download_url} download></hm-icon-button>` : nothing}`;
  }

  render() {
    return html`<hm-viewer open label=${say.viewer} own-gestures ?steps=${this.things.count > 1} @hm-close=${(event) => {
      event.preventDefault();
      this.close();
    }} @hm-step=${(event) => this.step(event.detail.by)}><div class="hm-stage"></div>${this.top()}</hm-viewer>`;
  }
}
customElements.define('link-viewer', LinkViewer);
