import { css, html, nothing } from '../vendor/lit.js';
import { PhotoSwipe, sheet } from '../vendor/photoswipe.js';
import { date, join } from '../format.js';
import { Widget } from '../ui/element.js';
import { media } from '../ui/platform.js';
import { say } from './en.js';
import { showFilm } from './link-film.js';

const LONG_EDGE = 4000;
const CONTROLS_PX = 88;

// PhotoSwipe looks at what was touched, so its elements stand in the document itself.
const dress = css`
  link-viewer .link-stage { position: absolute; inset: 0; }
  link-viewer .link-stage .pswp { position: absolute; --pswp-root-z-index: 0; --pswp-placeholder-bg: transparent; }
  link-viewer .pswp__top-bar, link-viewer .pswp__button { display: none; }
  link-viewer .pswp__img--placeholder { object-fit: cover; }
  link-viewer .link-film { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; background: #000; }
  link-viewer .link-waits { position: absolute; inset: 0; display: grid; place-items: center; color: #fff; }
  link-viewer .link-note { position: absolute; inset: auto 16px 112px; padding: 12px 16px; border-radius: 6px; max-width: 420px; margin: 0 auto; text-align: center; font: var(--font-14); color: #fff; background: rgb(0 0 0 / .7); } link-viewer .link-note[hidden] { display: none; }
  link-viewer .link-words { min-width: 0; flex: 1 1 0; } link-viewer .link-words p { font: var(--font-14); font-weight: 500; } link-viewer .link-words .second { font: var(--font-12); font-weight: 400; color: rgb(255 255 255 / .8); }
`;

function dressUp() {
  const own = new CSSStyleSheet();
  own.replaceSync(sheet);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, own, dress.styleSheet];
}
dressUp();

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
    const stage = this.querySelector('.link-stage');
    const swipe = new PhotoSwipe({
      dataSource: [], appendToEl: stage, index, bgOpacity: 1, loop: false, trapFocus: false, returnFocus: false, escKey: false, arrowKeys: false, preload: [1, 2], wheelToZoom: false,
      showHideAnimationType: 'none', zoomAnimationDuration: media.reducedMotion ? 0 : 200, tapAction: () => this.flip(), imageClickAction: 'zoom-or-close', clickToCloseNonZoomable: false, bgClickAction: () => this.flip(), doubleTapAction: 'zoom',
      maxZoomLevel: (zoom) => Math.max(1, zoom.fit * 6), secondaryZoomLevel: (zoom) => Math.max(zoom.fit * 2.5, Math.min(1, zoom.fit * 4)), arrowPrev: false, arrowNext: false, zoom: false, close: false, counter: false, errorMsg: say.noPicture,
      getViewportSizeFn: () => ({ x: stage.clientWidth, y: stage.clientHeight }),
    });
    this.swipe = swipe;
    swipe.addFilter('numItems', () => this.things.count);
    swipe.addFilter('itemData', (_, at) => this.dataAt(at));
    swipe.addFilter('preventPointerEvent', (prevent, event) => prevent && !event.target.closest?.('video'));
    swipe.addFilter('isContentZoomable', (can, content) => can && content.type === 'image');
    swipe.on('contentLoad', (event) => this.load(event));
    swipe.on('contentActivate', ({ content }) => content.film?.begin());
    swipe.on('contentDeactivate', ({ content }) => content.element?.querySelector?.('video')?.pause());
    swipe.on('contentRemove', ({ content }) => content.film?.end());
    swipe.on('pointerDown', (event) => {
      const film = event.originalEvent.target.closest?.('video');
      if (film && event.originalEvent.clientY > film.getBoundingClientRect().bottom - CONTROLS_PX) event.preventDefault(); // its own controls
    });
    swipe.on('change', () => this.changedTo(swipe.currIndex));
    swipe.on('close', () => this.swipe === swipe && this.close());
    swipe.init();
    this.changedTo(index);
  }

  dataAt(at) {
    const item = this.things.at(at);
    if (!item) {
      this.things.read(at).then(() => this.swipe?.refreshSlideContent(at));
      return { type: 'waits' };
    }
    const width = item.width ?? (item.ratio >= 1 ? LONG_EDGE : LONG_EDGE * item.ratio);
    const height = item.height ?? width / item.ratio;
    if (item.type !== 'image') return { type: 'film', item, width, height, alt: item.title };
    return { src: item.preview_url, msrc: item.thumbnail_url, item, width, height, alt: item.title };
  }

  /** What PhotoSwipe does not know: videos, and what has not come yet. */
  load(event) {
    const { content } = event;
    if (content.type !== 'film' && content.type !== 'waits') return;
    event.preventDefault();
    const box = document.createElement('div');
    box.className = 'link-waits';
    if (content.type === 'waits') box.append(document.createElement('hm-spinner'));
    else content.film = showFilm(box, content.data.item);
    content.element = box;
    content.state = 'loaded';
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
    return html`<div slot="top" class="link-words"><p class="one-line">${item.title}</p><p class="second one-line">${join(item.taken_at && date(Date.parse(item.taken_at) / 1000), item.metadata?.city, item.metadata?.country)}</p></div>
      ${item.download_url ? html`<hm-icon-button slot=${at} on-picture icon="download" label=${say.download} href=${item.download_url} download></hm-icon-button>` : nothing}`;
  }

  render() {
    return html`<hm-viewer open label=${say.viewer} own-gestures ?steps=${this.things.count > 1} @hm-close=${(event) => {
      event.preventDefault();
      this.close();
    }} @hm-step=${(event) => this.step(event.detail.by)}><div class="link-stage"></div>${this.top()}</hm-viewer>`;
  }
}
customElements.define('link-viewer', LinkViewer);
