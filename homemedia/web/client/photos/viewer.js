import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { join } from '../format.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { openDialogs } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { media } from '../ui/platform.js';
import { openSwipe, sizeOf } from '../ui/swipe.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { showFilm } from './film.js';
import { furtherItems } from './further.js';
import './info.js';
import { fromAsset, pictureUrl, placeOf, videoUrl } from './items.js';
import { lead, leave } from './stack-strip.js';
import { whenWords } from './words.js';

const SHARP = 1.25; // from this on the whole picture is asked for instead of its preview
const PREVIEW_EDGE = 1440;

// It stands in the document itself, as its stage must.
const dress = css`
  photo-viewer .photo-live { pointer-events: none; background: none; z-index: 1; }
  photo-viewer .photo-side { position: absolute; z-index: 3; inset: 0 0 0 auto; width: 360px; max-width: 100vw; overflow-y: auto; background: var(--bg); color: var(--text); }
  photo-viewer .photo-talk { display: flex; flex-direction: column; min-height: 100%; padding: 8px 20px; box-sizing: border-box; } photo-viewer .photo-talk header { display: flex; align-items: center; height: 56px; margin-right: -10px; } photo-viewer .photo-talk h2 { font: var(--font-20); flex: 1 1 0; margin: 0; } photo-viewer .photo-talk photo-talk { flex: 1 1 auto; --talk-ground: var(--bg); }
  photo-viewer .with-side .hm-stage, photo-viewer .with-side photo-faces { right: 360px; } photo-viewer hm-viewer.with-side { --viewer-side: 360px; }
  photo-viewer photo-stack-strip { position: absolute; z-index: 2; left: 16px; bottom: 16px; max-width: max(240px, calc(50% - 272px)); /* beside where toasts stand */ transition: opacity var(--slow) ease-out; } photo-viewer hm-viewer[asleep] photo-stack-strip { opacity: 0; pointer-events: none; }
  @media (max-width: 719.98px) { photo-viewer photo-stack-strip { left: 0; right: 0; bottom: calc(76px + env(safe-area-inset-bottom, 0px)); max-width: none; } }
  @media (max-width: 719.98px) { photo-viewer .photo-film { height: calc(100% - 84px); } photo-viewer .photo-side { inset: auto 0 0; width: auto; height: 62dvh; border-radius: 12px 12px 0 0; box-shadow: var(--shadow); } photo-viewer .with-side .hm-stage, photo-viewer .with-side photo-faces { right: 0; bottom: 62dvh; } photo-viewer .with-side photo-stack-strip { display: none; } photo-viewer hm-viewer.with-side { --viewer-side: 0px; } }
`;

document.adoptedStyleSheets = [...document.adoptedStyleSheets, dress.styleSheet];

/** One photo over the whole window, and its neighbours by keys and swipes. Emits `photo-shown {id}` and `photo-closed`. */
class PhotoViewer extends Widget {
  static properties = { list: { attribute: false }, photoId: { attribute: false }, kind: { type: String }, photo: { state: true }, asset: { state: true }, isInfo: { state: true }, isTalking: { state: true }, marking: { state: true }, isPlaying: { state: true }, isAlone: { state: true } };

  createRenderRoot() {
    return this;
  }

  constructor() {
    super();
    this.isInfo = false;
    this.isTalking = false;
    this.marking = null; // where the picture lies while faces are marked
    this.single = null;
    /** Another of the stack that lies at a place. @type {{index: number, photo: import('./items.js').Photo} | null} */
    this.instead = null;
    this.heard = (event) => this.keyed(event);
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('keydown', this.heard);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.heard);
    this.isClosing = true; // destroying says "close" first
    this.swipe?.destroy();
    this.swipe = null;
  }

  get grid() {
    return this.single ? null : this.list.grid;
  }

  get total() {
    return this.single ? 1 : (this.grid?.totalCount ?? 0);
  }

  async firstUpdated() {
    await this.updateComplete;
    const index = await this.find(this.photoId);
    if (!this.isConnected) return;
    if (index === null) this.close();
    else this.begin(index);
  }

  /** Where a photo stands in the list; one that is not in it is shown alone. */
  async find(id) {
    const at = () => {
      const things = this.grid?.things.find((one) => one.id === id);
      return things ? this.grid.indexOf(things) : -1;
    };
    if (this.grid && at() >= 0) return at();
    try {
      this.asset = await api.get(`/api/assets/${id}`);
    } catch (error) {
      toastError(error);
      return null;
    }
    const month = `${this.asset.localDateTime.slice(0, 7)}-01`;
    if (this.grid?.groups.some((one) => one.id === month)) {
      await this.grid.load(month);
      if (at() >= 0) return at();
    }
    const stack = this.asset.stack;
    const top = stack && stack.primaryAssetId !== id ? this.grid?.things.find((one) => one.id === stack.primaryAssetId) : null;
    if (top) {
      const index = this.grid.indexOf(top);
      this.instead = { index, photo: fromAsset(this.asset) };
      return index;
    }
    this.single = fromAsset(this.asset);
    this.isAlone = true;
    return 0;
  }

  photoAt(index) {
    if (this.instead?.index === index) return this.instead.photo;
    return this.single ?? this.grid?.itemAt(index);
  }

  /** Another of the stack, at the same place. */
  ofStack({ detail: { photo } }) {
    const { stackId, stacked } = this.photo;
    const index = this.swipe.currIndex;
    const top = this.single ?? this.grid?.itemAt(index);
    this.instead = photo.id === top?.id ? null : { index, photo: { ...photo, stackId, stacked } };
    this.swipe.refreshSlideContent(index);
    this.changedTo(index);
  }

  get strip() {
    return this.querySelector('photo-stack-strip');
  }

  begin(index) {
    const swipe = openSwipe(this.querySelector('.hm-stage'), index, {
      count: () => this.total, data: (at) => this.dataAt(at), film: (box, data, content) => { content.wake = showFilm(box, data.photo); },
      flip: () => this.flip(), changed: (at) => this.changedTo(at), closed: () => this.swipe === swipe && this.close(), noPicture: say.noPicture,
    });
    this.swipe = swipe;
    swipe.on('contentActivate', ({ content }) => content.wake?.());
    swipe.on('zoomPanUpdate', ({ slide }) => (this.sharpen(slide), this.measure()));
    swipe.init();
    this.changedTo(index);
  }

  dataAt(at) {
    const photo = this.photoAt(at);
    if (!photo) {
      this.grid?.thingAt(at).then(() => this.swipe?.refreshSlideContent(at));
      return { type: 'waits' };
    }
    const known = this.asset?.id === photo.id && this.asset.width;
    const ratio = photo.ratio || 1;
    const { width } = known ? this.asset : sizeOf(ratio);
    const height = width / ratio;
    const alt = join(whenWords(photo.at), placeOf(photo));
    if (!photo.isImage) return { type: 'film', photo, width, height, alt };
    return { src: pictureUrl(photo, 'preview'), msrc: pictureUrl(photo), photo, width, height, alt };
  }

  /** Near enough, the preview no longer suffices. */
  sharpen(slide) {
    const { content, currZoomLevel, width, height } = slide;
    const { photo } = slide.data;
    if (!photo?.isImage || content.isSharp || !content.element || content.state !== 'loaded') return;
    if (Math.min(width, height) * currZoomLevel * Math.min(window.devicePixelRatio || 1, 2) < PREVIEW_EDGE * SHARP) return;
    content.isSharp = true;
    const whole = new Image();
    whole.onload = () => {
      if (content.element) content.element.src = whole.src;
    };
    whole.src = pictureUrl(photo, 'fullsize');
  }

  changedTo(index) {
    const left = this.instead?.index;
    if (left !== undefined && left !== index) {
      this.instead = null; // it is the top one's place again
      this.swipe?.refreshSlideContent(left);
    }
    const photo = this.photoAt(index);
    this.stopLive();
    this.marking = null;
    if (!photo) {
      this.photo = null;
      this.grid?.thingAt(index).then(() => this.swipe?.currIndex === index && this.changedTo(index)).catch(toastError);
      return;
    }
    this.photo = photo;
    if (photo.id !== this.photoId) {
      this.photoId = photo.id;
      this.emit('photo-shown', { id: photo.id });
    }
    if (this.asset?.id !== photo.id) {
      this.asset = null;
      if (this.isInfo) this.read();
    }
  }

  async read() {
    const { id } = this.photo;
    try {
      const asset = await api.get(`/api/assets/${id}`);
      if (this.photo?.id === id) this.asset = asset;
    } catch (error) {
      toastError(error);
    }
  }

  /** Something was done to photos while one looks. */
  changed(ids, now, goes) {
    if (!this.photo || !this.swipe) return;
    if (this.single) {
      if (ids.has(this.single.id)) this.photo = this.single = { ...this.single, ...now };
      return;
    }
    if (!ids.has(this.photo.id)) return;
    if (!goes(this.photo)) {
      this.photo = { ...this.photo, ...now };
      return;
    }
    if (this.total === 0) {
      this.close();
      return;
    }
    const at = Math.min(this.swipe.currIndex, this.total - 1);
    const { swipe } = this;
    this.instead = null;
    this.swipe = null;
    swipe.destroy(); // its places are numbered: one less, all anew
    this.querySelector('.hm-stage').replaceChildren();
    this.begin(at);
  }

  close() {
    if (this.isClosing) return;
    this.isClosing = true;
    this.emit('photo-closed');
  }

  toPerson({ detail: { person } }) {
    this.unmark();
    go(`/photos/people/${person.id}`);
  }

  flip() {
    const viewer = this.querySelector('hm-viewer');
    if (viewer.asleep) viewer.wake();
    else viewer.asleep = true;
  }

  step(by) {
    if (by > 0) this.swipe?.next();
    else this.swipe?.prev();
  }

  get isOwn() {
    return this.photo?.ownerId === session.user?.id;
  }

  keyed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.composedPath()[0].matches?.('input, textarea')) return;
    if (this.marking) return;
    if (!this.photo || [...openDialogs].at(-1) !== this.querySelector('hm-viewer')) return; // a dialog lies over it
    const own = (fn) => () => this.isOwn && fn();
    const run = { i: () => this.info(), f: own(() => this.act('favourite')), a: own(() => this.act(this.photo.visibility === 'archive' ? 'unarchive' : 'archive')), d: () => this.act('download'), l: () => this.playLive(), t: own(() => this.kind !== 'trash' && this.act('tag')), ArrowDown: () => this.strip?.step(1), ArrowUp: () => this.strip?.step(-1), Delete: own(() => this.discard()), '#': own(() => this.discard()) }[event.key];
    if (!run) return;
    event.preventDefault();
    run();
  }

  act(what) {
    this.list.act(what, [this.photo]);
  }

  discard() {
    this.list.discard([this.photo]);
  }

  info() {
    this.isInfo = !this.isInfo;
    this.isTalking = false;
    if (this.isInfo && this.asset?.id !== this.photo?.id) this.read();
    this.updateComplete.then(() => this.swipe?.updateSize(true));
  }

  /** What members say of this photo in the album one looks at. */
  async talk() {
    await import('./talk.js');
    this.isTalking = !this.isTalking;
    this.isInfo = false;
    this.updateComplete.then(() => this.swipe?.updateSize(true));
  }

  get mayTalk() {
    const { album } = this.list;
    return Boolean(album?.isActivityEnabled && (album.shared || album.albumUsers.length > 1));
  }

  /** Where the picture lies in the stage. */
  measure() {
    const slide = this.swipe?.currSlide;
    if (!this.marking || !slide) return;
    this.marking = { x: slide.pan.x, y: slide.pan.y, width: slide.width * slide.currZoomLevel, height: slide.height * slide.currZoomLevel };
  }

  /** Boxes around faces over the whole picture, until Done. */
  async mark() {
    if (!this.photo?.isImage) return;
    await import('./faces.js');
    if (this.asset?.id !== this.photo.id) await this.read();
    if (media.isPhone()) this.isInfo = false;
    await this.updateComplete;
    this.swipe.updateSize(true);
    const slide = this.swipe.currSlide;
    slide.zoomTo(slide.zoomLevels.initial, undefined, 0);
    this.marking = {};
    this.measure();
    await this.updateComplete;
    this.querySelector('photo-faces')?.updateComplete.then(() => this.querySelector('photo-faces')?.renderRoot.querySelector('hm-button')?.focus());
  }

  unmark() {
    this.marking = null;
  }

  /** The moving part of a live photo, over the still. */
  playLive() {
    if (this.isPlaying) {
      this.stopLive();
      return;
    }
    if (!this.photo?.live) return;
    const film = Object.assign(document.createElement('video'), { className: 'photo-live hm-stage-film', autoplay: true, playsInline: true, src: videoUrl(this.photo.live) });
    film.addEventListener('ended', () => this.stopLive());
    film.addEventListener('error', () => this.stopLive());
    this.querySelector('.hm-stage').append(film);
    this.isPlaying = true;
  }

  stopLive() {
    this.querySelector('.photo-live')?.remove();
    this.isPlaying = false;
  }

  menu() {
    const { photo } = this;
    const inAlbum = this.list.album;
    return [
      ...(this.kind === 'locked' ? [{ id: 'unlock', label: say.takeOutOfLocked, icon: 'unlock' }] : []),
      ...(this.isOwn && this.kind !== 'locked' ? [{ id: 'album', label: say.addToAlbum, icon: 'add-to-album' }] : []),
      ...(inAlbum && this.isOwn ? [{ id: 'take-out', label: say.takeOut, icon: 'minus' }, { id: 'cover', label: say.asCover, icon: 'image' }] : []),
      ...(this.isOwn && photo.isImage && this.kind !== 'locked' ? [{ id: 'faces', label: say.markFaces, icon: 'face' }] : []),
      ...furtherItems([photo], { own: this.isOwn, kind: this.kind, person: this.list.person }).filter((one) => !['date', 'place', 'words', 'stars'].includes(one.id)), // those stand in the details
      ...(this.isOwn && this.kind !== 'locked' ? [photo.visibility === 'archive' ? { id: 'unarchive', label: say.unarchive, icon: 'archive', key: 'A' } : { id: 'archive', label: say.archive, icon: 'archive', key: 'A' }] : []),
      { id: 'download', label: say.download, icon: 'download', key: 'D' },
      ...this.stackMenu(),
    ];
  }

  stackMenu() {
    const { photo } = this;
    if (!this.isOwn || !photo.stackId || photo.stacked < 2) return [];
    const isTop = this.strip?.primaryId === photo.id;
    return [
      { separator: true },
      ...(isTop ? [] : [{ id: 'stack-cover', label: say.stackCover, icon: 'stack' }, { id: 'stack-out', label: say.outOfStack, icon: 'minus' }]),
      { id: 'unstack', label: say.unstack, icon: 'stack' },
    ];
  }

  async chosen({ detail: { id } }) {
    const { photo } = this;
    if (id === 'stack-cover') {
      await lead(photo.stackId, photo.id);
      return;
    }
    if (id === 'stack-out') {
      this.ofStack({ detail: { photo: this.grid?.itemAt(this.swipe.currIndex) ?? photo } });
      await leave(photo.stackId, photo.id);
      return;
    }
    if (id === 'faces') {
      this.mark();
      return;
    }
    if (id !== 'cover') {
      this.act(id);
      return;
    }
    try {
      await api.patch(`/api/albums/${this.list.album.id}`, { albumThumbnailAssetId: this.photo.id });
      toast(say.coverChanged);
    } catch (error) {
      toastError(error);
    }
  }

  top() {
    const { photo } = this;
    if (!photo || this.marking) return nothing;
    const trashed = this.kind === 'trash';
    const at = media.isPhone() ? 'bottom' : 'top'; // where the thumb is
    const button = (icon, label, run, more = {}) => html`<hm-icon-button slot=${at} on-picture icon=${icon} label=${label} ?toggle=${more.toggle} ?pressed=${more.pressed} @click=${run}></hm-icon-button>`;
    return html`<div slot="top" class="photo-words hm-stage-words"><p class="one-line">${whenWords(photo.at)}</p><p class="second one-line">${placeOf(photo) ?? nothing}</p></div>
      ${photo.live ? button('live', say.playLive, () => this.playLive(), { toggle: true, pressed: this.isPlaying }) : nothing}
      ${this.isOwn && !trashed ? button(photo.isFavorite ? 'heart-filled' : 'heart', photo.isFavorite ? say.unfavourite : say.favourite, () => this.act('favourite'), { toggle: true, pressed: photo.isFavorite }) : nothing}
      ${this.mayTalk ? button('talk', say.talk, () => this.talk(), { toggle: true, pressed: this.isTalking }) : nothing}
      ${button('info', say.info, () => this.info(), { toggle: true, pressed: this.isInfo })}
      ${trashed && this.isOwn ? button('refresh', say.restore, () => this.act('restore')) : nothing}
      ${this.isOwn ? button('trash', trashed || this.kind === 'locked' ? say.deleteForGood : say.delete, () => this.discard()) : nothing}
      ${trashed ? nothing : html`<hm-menu slot="top" align="end" label=${say.more} .items=${this.menu()} @hm-select=${this.chosen}><hm-icon-button on-picture icon="dots" label=${say.more}></hm-icon-button></hm-menu>`}`;
  }

  render() {
    return html`<hm-viewer open class=${this.isInfo || this.isTalking ? 'with-side' : ''} label=${say.viewer} own-gestures ?steps=${!this.isAlone && !this.marking} ?awake=${this.isInfo || this.isTalking || this.marking || this.isPlaying} @hm-close=${(event) => {
      event.preventDefault();
      if (this.marking) this.unmark();
      else this.close();
    }} @hm-step=${(event) => this.step(event.detail.by)}>
      <div class="hm-stage"></div>
      ${this.isOwn && this.photo.stackId && this.kind !== 'trash' ? html`<photo-stack-strip .stackId=${this.photo.stackId} .shown=${this.photo.id} @photo-of-stack=${this.ofStack}></photo-stack-strip>` : nothing}
      ${this.marking?.width && this.photo ? html`<photo-faces .photo=${this.photo} .asset=${this.asset} .rect=${this.marking} @photo-faces-close=${() => this.unmark()} @photo-faces-changed=${() => this.read()} @photo-person=${(event) => this.toPerson(event)}></photo-faces>` : nothing}
      ${this.isInfo ? html`<div class="photo-side"><photo-info .asset=${this.asset} .photo=${this.photo} kind=${this.kind ?? nothing} @photo-asset=${(event) => event.detail.asset.id === this.photo?.id && (this.asset = event.detail.asset)} @photo-mark-faces=${() => this.mark()} @photo-info-close=${() => this.info()}></photo-info></div>` : nothing}
      ${this.isTalking && this.photo ? html`<div class="photo-side"><div class="photo-talk"><header><h2>${say.talk}</h2><hm-icon-button icon="x" label=${say.closeTalk} @click=${() => this.talk()}></hm-icon-button></header><photo-talk .album=${this.list.album} photo-id=${this.photo.id}></photo-talk></div></div>` : nothing}
      ${this.top()}</hm-viewer>`;
  }
}
customElements.define('photo-viewer', PhotoViewer);
