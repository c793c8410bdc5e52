import { css, html, nothing } from '../vendor/lit.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { sound } from './sound.js';
import { mediaUrl, thumbnailUrl } from './store.js';

const LIKE = 1.25; // shapes so near each other are cut rather than framed
const SLOW_MS = 500;

/**
 * The moving picture of one clip, or the cover of a song. `near`: its first frame is made ready; `active`: it plays.
 * Emits `hm-stage` {what: 'frame' | 'ended' | 'refused' | 'state'}; the place it is at is asked for (`position`, `duration`, both seconds).
 */
class Stage extends Widget {
  static properties = {
    clip: { attribute: false },
    near: { type: Boolean },
    active: { type: Boolean },
    loops: { type: Boolean },
    paused: { type: Boolean },
    isThere: { state: true },
    isSlow: { state: true },
    hasFailed: { state: true },
    shape: { state: true },
    box: { state: true },
  };

  static styles = [reset, css`
    :host { display: block; position: absolute; inset: 0; overflow: hidden; background: oklch(.13 .005 70); color: #fff; }
    .cover, video, .behind { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
    .cut .cover, .cut video { object-fit: cover; }
    .behind { object-fit: cover; filter: blur(32px) brightness(.42) saturate(.9); transform: scale(1.15); }
    video { opacity: 0; } video.there { opacity: 1; }
    .song { position: absolute; inset: 0; display: grid; place-items: center; padding: 72px 24px 200px; }
    .song .art { width: min(100%, 320px); max-height: 100%; aspect-ratio: 1; border-radius: var(--radius-place); overflow: hidden; background: rgb(255 255 255 / .1); display: grid; place-items: center; color: rgb(255 255 255 / .7); --icon: 56px; }
    .song img { width: 100%; height: 100%; object-fit: cover; }
    .slow { position: absolute; inset: 0; display: grid; place-items: center; pointer-events: none; }
  `];

  constructor() {
    super();
    this.isThere = false;
    this.isSlow = false;
    this.hasFailed = false;
    this.shape = 0;
    this.box = 0;
    this.sized = new ResizeObserver(([{ contentRect: { width, height } }]) => (this.box = height ? width / height : 0));
  }

  connectedCallback() {
    super.connectedCallback();
    this.sized.observe(this);
    this.offSound = sound.subscribe(() => this.settle());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.sized.disconnect();
    this.offSound();
    clearTimeout(this.slow);
    this.free();
  }

  get film() {
    return this.renderRoot?.querySelector('video, audio') ?? null;
  }

  get isSong() {
    return this.clip.contentType === 'music';
  }

  get position() {
    return this.film?.currentTime ?? 0;
  }

  get duration() {
    const { film } = this;
    return Number.isFinite(film?.duration) ? film.duration : (this.clip.durationSeconds ?? 0);
  }

  get isPlaying() {
    const { film } = this;
    return Boolean(film) && !film.paused && !film.ended;
  }

  willUpdate(changed) {
    if (changed.has('near') && !this.near) {
      this.free();
      this.isThere = false;
      this.hasFailed = false;
    }
    if (changed.has('clip') && this.clip.width && this.clip.height) this.shape = this.clip.width / this.clip.height;
    if (changed.has('clip') && changed.get('clip') && mediaUrl(changed.get('clip')) !== mediaUrl(this.clip)) this.isThere = false;
  }

  updated(changed) {
    if (changed.has('active') && this.active) this.look();
    if (changed.has('active') || changed.has('near') || changed.has('paused') || changed.has('loops')) this.settle();
  }

  /** A decoder held by a clip nobody sees is one too few for the next. */
  free() {
    const { film } = this;
    if (!film) return;
    film.pause();
    film.removeAttribute('src');
    film.load();
  }

  /** Plays or rests, heard or not, as it should be by now. */
  settle() {
    const { film } = this;
    if (!film) return;
    if (film.muted && !sound.muted && this.isPlaying) window.dispatchEvent(new Event('hm-heard'));
    film.muted = sound.muted;
    film.loop = Boolean(this.loops);
    if (!this.active) {
      film.pause();
      if (film.currentTime > 0) film.currentTime = 0; // who comes back sees it from the start
    } else if (this.paused) film.pause();
    else if (film.paused) this.play(film);
  }

  async play(film) {
    try {
      await film.play();
      if (!film.muted) window.dispatchEvent(new Event('hm-heard')); // the music that plays makes room
    } catch (error) {
      if (error.name !== 'NotAllowedError' || film !== this.film) return; // gone on meanwhile, or 'error' says it
      if (!film.muted) sound.refused(); // the listener plays it again, muted
      else this.emit('hm-stage', { what: 'refused' });
    }
  }

  /** Says when the first frame is on the screen; with the mark of the swipe that is what a person waits for. */
  look() {
    const { film } = this;
    if (!film) return;
    const shown = () => this.active && this.emit('hm-stage', { what: 'frame' });
    if (this.isThere) requestAnimationFrame(() => requestAnimationFrame(shown)); // it stands there already, made ready before
    else if (film.requestVideoFrameCallback) film.requestVideoFrameCallback(shown);
    else film.addEventListener('playing', shown, { once: true });
  }

  seek(seconds) {
    const { film } = this;
    if (film) film.currentTime = Math.max(0, Math.min(seconds, this.duration - 0.05));
  }

  loaded({ target }) {
    this.isThere = true;
    this.hasFailed = false;
    if (target.videoWidth) this.shape = target.videoWidth / target.videoHeight;
    this.settle();
  }

  pictured({ target }) {
    if (!this.shape && target.naturalHeight) this.shape = target.naturalWidth / target.naturalHeight;
  }

  waits(is) {
    clearTimeout(this.slow);
    if (is) this.slow = setTimeout(() => (this.isSlow = this.active), SLOW_MS);
    else this.isSlow = false;
  }

  again() {
    this.hasFailed = false;
    this.film?.load();
    this.settle();
    this.emit('hm-stage', { what: 'state' });
  }

  get isCut() {
    if (!this.shape || !this.box) return false;
    return Math.max(this.shape / this.box, this.box / this.shape) <= LIKE;
  }

  tag(src) {
    const state = () => this.emit('hm-stage', { what: 'state' });
    const going = () => {
      this.waits(false);
      state();
    };
    const failed = () => {
      if (!this.film?.hasAttribute('src')) return; // it was let go
      this.hasFailed = true;
      this.waits(false);
      state();
    };
    if (this.isSong) return html`<audio .src=${src} preload="auto" @loadeddata=${this.loaded} @play=${state} @pause=${state} @playing=${going} @waiting=${() => this.waits(true)} @ended=${() => this.emit('hm-stage', { what: 'ended' })} @error=${failed}></audio>`;
    return html`<video class=${this.isThere ? 'there' : ''} .src=${src} preload="auto" playsinline disablepictureinpicture aria-hidden="true" tabindex="-1" @loadeddata=${this.loaded} @play=${state} @pause=${state} @playing=${going} @waiting=${() => this.waits(true)} @ended=${() => this.emit('hm-stage', { what: 'ended' })} @error=${failed}></video>`;
  }

  render() {
    const { clip } = this;
    const picture = thumbnailUrl(clip);
    const src = this.near && clip.status === 'ready' ? mediaUrl(clip) : null;
    const framed = picture && !this.isCut;
    const cover = this.isSong
      ? html`<div class="song"><div class="art">${picture ? html`<img src=${picture} alt="" decoding="async">` : html`<hm-icon name="music"></hm-icon>`}</div></div>`
      : picture ? html`<img class="cover" src=${picture} alt="" decoding="async" @load=${this.pictured}>` : nothing;
    return html`<div class=${this.isCut ? 'cut' : 'framed'}>
      ${framed ? html`<img class="behind" src=${picture} alt="" decoding="async">` : nothing}${cover}${src ? this.tag(src) : nothing}</div>
      ${this.isSlow && !this.hasFailed ? html`<div class="slow"><hm-spinner size="24"></hm-spinner></div>` : nothing}`;
  }
}
customElements.define('hm-clip-stage', Stage);
