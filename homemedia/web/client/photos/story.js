import { css, html, nothing } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { go } from '../router.js';
import { Widget } from '../ui/element.js';
import { media } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { vars } from '../ui/vars.js';
import { say } from './en.js';
import { fromAsset, pictureUrl, placeOf, videoUrl } from './items.js';
import { yearWords } from './memories.js';
import { placeholder } from './thumbhash.js';
import { whenWords } from './words.js';

const EACH_MS = 5000;
const HELD_MS = 220;
const SWIPE_PX = 56;
const BACK_PART = 0.33; // of the width: a tap there goes back

/** Memories one after another over the whole window. A tap goes on, a finger that rests holds it; emits `photo-story-closed`. */
class Story extends Widget {
  static properties = { memories: { attribute: false }, at: { type: Number }, index: { state: true }, isPaused: { state: true }, isThere: { state: true }, isMuted: { state: true } };

  static styles = [shared, css`
    .stage { position: absolute; inset: 0; touch-action: none; background: #000 center / cover no-repeat; user-select: none; -webkit-touch-callout: none; }
    .stage::before { content: ''; position: absolute; inset: 0; background: var(--hash, none) center / cover no-repeat; opacity: .45; }
    img, video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; opacity: 0; transition: opacity var(--slow) ease-out; pointer-events: none; -webkit-user-drag: none; } .there { opacity: 1; }
    .gone { position: absolute; inset: 0; display: grid; place-items: center; color: rgb(255 255 255 / .7); --icon: 24px; }
    .bars { position: absolute; left: 16px; right: 16px; top: calc(10px + env(safe-area-inset-top, 0px)); display: flex; gap: 3px; } .bars i { flex: 1 1 0; height: 3px; border-radius: 2px; overflow: hidden; background: rgb(255 255 255 / .32); } .bars b { display: block; height: 100%; background: #fff; transform: scaleX(var(--part, 0)); transform-origin: left; }
    .words { min-width: 0; flex: 1 1 0; } .words p { font: var(--font-14); font-weight: 500; } .words .second { color: rgb(255 255 255 / .8); }
    hm-viewer { --viewer-top: 22px; }
  `];

  constructor() {
    super();
    this.index = 0;
    this.passed = 0;
    this.isPaused = media.reducedMotion;
    this.isThere = false;
    this.heard = (event) => this.keyed(event);
    this.hid = () => document.hidden && (this.isPaused = true);
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('keydown', this.heard);
    document.addEventListener('visibilitychange', this.hid);
    this.run();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.heard);
    document.removeEventListener('visibilitychange', this.hid);
    cancelAnimationFrame(this.frame);
    clearTimeout(this.holding);
  }

  get memory() {
    return this.memories[this.at];
  }

  get photo() {
    return this.memory && fromAsset(this.memory.assets[this.index]);
  }

  get film() {
    return this.renderRoot?.querySelector('video') ?? null;
  }

  willUpdate(changed) {
    if (changed.has('at')) this.seen();
  }

  updated(changed) {
    if (changed.has('at') || changed.has('index')) this.ahead();
    const { film } = this;
    if (!film) return;
    if (this.isStill) film.pause();
    else if (film.paused) film.play().catch(() => (this.isMuted = true)); // sound is not given without a touch
  }

  /** Whoever looks is told to the server once. */
  seen() {
    const { memory } = this;
    if (!memory || memory.seenAt) return;
    memory.seenAt = new Date().toISOString();
    api.put(`/api/memories/${memory.id}`, { seenAt: memory.seenAt }).catch(() => (memory.seenAt = undefined));
  }

  /** The next picture is on its way before it is wanted. */
  ahead() {
    const next = this.memory?.assets[this.index + 1] ?? this.memories[this.at + 1]?.assets[0];
    if (next?.type === 'IMAGE') new Image().src = pictureUrl(next, 'preview');
  }

  get isStill() {
    return this.isPaused || this.isHeld || !this.isThere;
  }

  run() {
    let before = performance.now();
    const step = (now) => {
      const { film } = this;
      if (film?.duration) this.passed = film.currentTime / film.duration;
      else if (!this.isStill && !film) this.passed += (now - before) / EACH_MS;
      before = now;
      this.renderRoot?.querySelectorAll('.bars b').forEach((bar, i) => bar.style.setProperty('--part', i < this.index ? 1 : i > this.index ? 0 : Math.min(1, this.passed)));
      if (this.passed >= 1) this.next();
      this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  to(at, index) {
    if (at < 0) index = 0;
    if (at >= this.memories.length) {
      this.close();
      return;
    }
    const isSame = Math.max(0, at) === this.at && index === this.index;
    this.at = Math.max(0, at);
    this.index = Math.max(0, Math.min(index, this.memory.assets.length - 1));
    this.passed = 0;
    if (!isSame) this.isThere = false;
    else if (this.film) this.film.currentTime = 0;
  }

  next() {
    if (this.index + 1 < this.memory.assets.length) this.to(this.at, this.index + 1);
    else this.to(this.at + 1, 0);
  }

  previous() {
    if (this.index > 0) this.to(this.at, this.index - 1);
    else if (this.at > 0) this.to(this.at - 1, this.memories[this.at - 1].assets.length - 1);
    else this.to(0, 0);
  }

  close() {
    this.emit('photo-story-closed');
  }

  keyed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.composedPath().some((node) => node.localName === 'hm-icon-button' || node.localName === 'hm-menu')) return; // the key is theirs
    const run = { ' ': () => (this.isPaused = !this.isPaused), k: () => (this.isPaused = !this.isPaused), s: () => this.keep() }[event.key];
    if (!run) return;
    event.preventDefault();
    run();
  }

  down(event) {
    if (event.button > 0) return;
    this.from = { x: event.clientX, y: event.clientY, at: performance.now() };
    this.holding = setTimeout(() => this.hold(true), HELD_MS);
  }

  hold(is) {
    clearTimeout(this.holding);
    if (Boolean(this.isHeld) === is) return;
    this.isHeld = is;
    this.requestUpdate();
  }

  up(event) {
    const { from } = this;
    this.from = null;
    const wasHeld = this.isHeld;
    this.hold(false);
    if (!from) return;
    const [across, down] = [event.clientX - from.x, event.clientY - from.y];
    if (down > SWIPE_PX && down > Math.abs(across)) this.close();
    else if (Math.abs(across) > SWIPE_PX) this.to(this.at + (across < 0 ? 1 : -1), 0);
    else if (!wasHeld && event.clientX < window.innerWidth * BACK_PART) this.previous();
    else if (!wasHeld) this.next();
  }

  async keep() {
    const { memory } = this;
    memory.isSaved = !memory.isSaved;
    this.requestUpdate();
    try {
      await api.put(`/api/memories/${memory.id}`, { isSaved: memory.isSaved });
      toast(memory.isSaved ? say.memoryKept : say.memoryNotKept);
    } catch (error) {
      memory.isSaved = !memory.isSaved;
      this.requestUpdate();
      toastError(error);
    }
    invalidate('/api/memories');
  }

  /** Not shown again; who takes it back has it made once more. */
  async hide() {
    const { memory } = this;
    const { type, data, memoryAt, showAt, hideAt, seenAt, isSaved } = memory;
    const assetIds = memory.assets.map((one) => one.id);
    try {
      await api.delete(`/api/memories/${memory.id}`);
      toast(say.memoryHidden, {
        undo: () => api.post('/api/memories', { type, data, memoryAt, showAt, hideAt, seenAt, isSaved, assetIds }).catch(toastError).then(() => invalidate('/api/memories')),
      });
    } catch (error) {
      toastError(error);
      return;
    }
    this.memories = this.memories.filter((one) => one !== memory);
    invalidate('/api/memories');
    this.to(Math.min(this.at, this.memories.length), 0);
    if (this.memory) {
      this.isThere = false;
      this.seen();
    }
  }

  pick(id) {
    if (id === 'hide') this.hide();
    if (id === 'timeline') go(`/photos?photo=${this.photo.id}`, { replace: true });
  }

  picture(photo) {
    if (this.failed === photo.id) return html`<span class="gone"><hm-icon name="image" size="24"></hm-icon></span>`;
    const there = () => (this.isThere = true);
    const failed = () => {
      this.failed = photo.id;
      this.isThere = true;
    };
    if (!photo.isImage) return html`<video class=${this.isThere ? 'there' : ''} .src=${videoUrl(photo.id)} poster=${pictureUrl(photo, 'preview')} playsinline .muted=${Boolean(this.isMuted)} @loadeddata=${there} @ended=${() => this.next()} @error=${failed}></video>`;
    return html`<img class=${this.isThere ? 'there' : ''} .src=${pictureUrl(photo, 'preview')} alt=${whenWords(photo.at)} draggable="false" @load=${there} @error=${failed}>`;
  }

  render() {
    const { memory, photo } = this;
    if (!memory) return nothing;
    const hash = placeholder(photo.thumbhash);
    const button = (icon, label, run, pressed) => html`<hm-icon-button slot="top" on-picture icon=${icon} label=${label} ?toggle=${pressed !== undefined} ?pressed=${pressed} @click=${run}></hm-icon-button>`;
    const items = [{ id: 'timeline', label: say.showInTimeline, icon: 'photos' }, { id: 'hide', label: say.hideMemory, icon: 'eye-off' }];
    return html`<hm-viewer open awake steps own-gestures label=${`${say.onThisDay}, ${yearWords(memory)}`} @hm-close=${(event) => {
      event.preventDefault();
      this.close();
    }} @hm-step=${(event) => (event.detail.by > 0 ? this.next() : this.previous())}>
      <div class="stage ${this.isHeld ? 'held' : ''}" @pointerdown=${this.down} @pointerup=${this.up} @pointercancel=${() => this.hold(false)} @contextmenu=${(event) => event.preventDefault()} ${vars({ '--hash': hash ? `url(${hash})` : null })}>${this.picture(photo)}</div>
      <div slot="top" class="bars" role="progressbar" aria-label=${say.storyProgress} aria-valuemin="1" aria-valuemax=${memory.assets.length} aria-valuenow=${this.index + 1}>${memory.assets.map(() => html`<i><b></b></i>`)}</div>
      <div slot="top" class="words"><p class="one-line">${yearWords(memory)}</p><p class="second one-line">${[whenWords(photo.at), placeOf(photo)].filter(Boolean).join(' · ')}</p></div>
      ${button(this.isPaused ? 'play' : 'pause', this.isPaused ? say.goOn : say.pause, () => (this.isPaused = !this.isPaused))}
      ${button(memory.isSaved ? 'bookmark-filled' : 'bookmark', memory.isSaved ? say.keepNoMore : say.keepMemory, () => this.keep(), Boolean(memory.isSaved))}
      <hm-menu slot="top" align="end" label=${say.more} .items=${items} @hm-select=${(event) => this.pick(event.detail.id)}><hm-icon-button on-picture icon="dots" label=${say.more}></hm-icon-button></hm-menu></hm-viewer>`;
  }
}
customElements.define('photo-story', Story);
