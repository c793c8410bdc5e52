// The video itself: plays one part after the other as one film. Draws nothing but its box; all times in ms over the whole.
import { keepLoudness, setLoudness } from './loudness.js';
import { lengthOf, locate, readUntil, startOf } from './parts.js';

const AHEAD_MS = 20_000;
const STALL_MS = 4000;
const HAVE_CURRENT_DATA = 2;

/**
 * Events: `change` (anything a drawing shows), `loaded` (a part's length is known), `playing`, `pause`, `seeked`, `ended` (of the whole), `trouble` ({detail: MediaError code}), `stall`.
 */
export class Stage extends EventTarget {
  box = document.createElement('div');
  /** @type {HTMLVideoElement} */
  video;
  /** @type {import('./parts.js').Part[]} */
  parts = [];
  index = 0;
  isWaiting = false;
  isBlocked = false;
  isEnded = false;
  #spare = null;
  #wants = false;
  #startAt = null;
  #stall = 0;

  constructor() {
    super();
    this.box.className = 'stage-box';
    this.video = this.#make();
    this.box.append(this.video);
  }

  #make() {
    const video = document.createElement('video');
    video.playsInline = true;
    video.preload = 'auto';
    video.disableRemotePlayback = false;
    setLoudness(video);
    const on = (name, fn) => video.addEventListener(name, () => video === this.video && fn());
    on('loadedmetadata', () => this.#loaded());
    for (const name of ['timeupdate', 'progress', 'durationchange', 'ratechange']) on(name, () => this.#tell('change'));
    on('timeupdate', () => this.#moved());
    on('waiting', () => this.#waits(true));
    on('stalled', () => !video.paused && video.readyState < HAVE_CURRENT_DATA && this.#waits(true));
    for (const name of ['playing', 'canplay', 'seeked']) on(name, () => this.#waits(false));
    on('playing', () => this.#tell('playing'));
    on('seeking', () => this.#waits(true));
    on('seeked', () => this.#tell('seeked'));
    on('pause', () => !video.ended && !video.error && this.#paused());
    on('play', () => {
      this.isBlocked = false;
      this.#wants = true;
      this.#tell('change');
    });
    on('ended', () => this.#advance());
    on('error', () => {
      if (!video.getAttribute('src')) return; // emptied by us
      this.#waits(false);
      this.#tell('trouble', video.error?.code ?? 0);
    });
    on('volumechange', () => {
      keepLoudness(video);
      this.#tell('change');
    });
    return video;
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
    if (name !== 'change') this.dispatchEvent(new CustomEvent('change'));
  }

  // what is

  get time() {
    const within = this.#startAt ?? this.video.currentTime * 1000;
    return startOf(this.parts, this.index) + within;
  }

  get duration() {
    return this.parts.length ? lengthOf(this.parts) : 0;
  }

  get isPlaying() {
    return !this.video.paused && !this.video.ended;
  }

  /** Whether pictures really come. */
  get isShowing() {
    return this.isPlaying && !this.isWaiting && this.video.readyState > HAVE_CURRENT_DATA;
  }

  /** Whether pictures come or are wished for; what the play button shows. */
  get isWanted() {
    return this.#wants && !this.isBlocked;
  }

  get hasStarted() {
    return this.video.readyState > 0;
  }

  get readUntil() {
    const { buffered } = this.video;
    const base = startOf(this.parts, this.index);
    const ranges = Array.from({ length: buffered.length }, (_, i) => [base + buffered.start(i) * 1000, base + buffered.end(i) * 1000]);
    return readUntil(ranges, this.time);
  }

  /** Where in the present part, as reports want it. */
  get place() {
    const part = this.parts[this.index];
    return part ? { fileId: part.fileId, offset: this.#startAt ?? this.video.currentTime * 1000, duration: part.duration } : null;
  }

  // what is done

  /** @param {import('./parts.js').Part[]} parts @param {number} at @param {{play?: boolean}} [how] */
  load(parts, at, { play = true } = {}) {
    this.#dropSpare();
    this.parts = parts.map((part) => ({ ...part }));
    const { index, offset } = locate(this.parts, at);
    this.#wants = play;
    this.isEnded = false;
    this.#open(index, offset);
  }

  #open(index, offset) {
    this.index = index;
    this.#startAt = offset;
    this.video.src = this.parts[index].address;
    this.#waits(true);
    if (this.#wants) this.play();
  }

  /** Asks for the present part again and goes on where it was: after the server was away. */
  again() {
    const { time } = this;
    const { index, offset } = locate(this.parts, time);
    this.#dropSpare();
    this.#open(index, offset);
  }

  unload() {
    this.#dropSpare();
    clearTimeout(this.#stall);
    this.#wants = false;
    this.#startAt = null;
    this.parts = [];
    this.video.pause();
    this.video.removeAttribute('src');
    this.video.load();
  }

  async play() {
    this.#wants = true;
    if (this.isEnded) this.seek(0);
    try {
      await this.video.play();
    } catch (error) {
      if (error.name !== 'NotAllowedError') return; // replaced by another address meanwhile, or 'trouble' tells of it
      this.isBlocked = true;
      this.#wants = false;
      this.#waits(false);
      this.#tell('change');
    }
  }

  /** A picture in place of the video there is none of: music. @param {string | null} src */
  showCover(src) {
    if (src) this.video.poster = src;
    else this.video.removeAttribute('poster');
  }

  pause() {
    this.#wants = false;
    this.video.pause();
    this.#tell('change');
  }

  toggle() {
    if (this.isPlaying || this.isWanted) this.pause();
    else this.play();
  }

  seek(at) {
    if (!this.parts.length) return;
    const most = this.duration || Infinity;
    const { index, offset } = locate(this.parts, Math.min(Math.max(0, at), most));
    this.isEnded = false;
    if (index !== this.index) {
      this.#dropSpare();
      this.#open(index, offset);
    } else if (this.video.readyState === 0) this.#startAt = offset;
    else {
      this.video.currentTime = offset / 1000;
      if (this.#wants && this.video.paused) this.play();
    }
    this.#tell('change');
  }

  // what happens

  #loaded() {
    const seconds = this.video.duration;
    if (Number.isFinite(seconds) && seconds > 0) this.parts[this.index].duration = seconds * 1000;
    if (this.#startAt > 0) this.video.currentTime = Math.min(this.#startAt / 1000, Number.isFinite(seconds) ? Math.max(0, seconds - 0.1) : Infinity);
    this.#startAt = null;
    this.#tell('loaded');
  }

  #moved() {
    clearTimeout(this.#stall);
    const part = this.parts[this.index];
    const isNear = part?.duration > 0 && part.duration - this.video.currentTime * 1000 < AHEAD_MS;
    // In the small window the element that is shown must stay the same one.
    if (isNear && this.index + 1 < this.parts.length && !this.#spare && document.pictureInPictureElement !== this.video) {
      this.#spare = this.#make();
      this.#spare.src = this.parts[this.index + 1].address;
    }
  }

  #waits(is) {
    clearTimeout(this.#stall);
    if (is) this.#stall = setTimeout(() => this.#tell('stall'), STALL_MS);
    if (is === this.isWaiting) return;
    this.isWaiting = is;
    this.#tell('change');
  }

  #paused() {
    if (this.video.readyState > 0) this.#wants = false; // else the pause of a new address, not of a person
    this.#waits(false);
    this.#tell('pause');
  }

  #advance() {
    const next = this.index + 1;
    if (next >= this.parts.length) {
      this.isEnded = true;
      this.#wants = false;
      this.#tell('ended');
    } else if (this.#spare?.readyState >= HAVE_CURRENT_DATA) this.#swap(next);
    else {
      this.#dropSpare();
      this.#open(next, 0);
    }
  }

  /** The next part has been read ahead in a second element: it only has to be shown. */
  #swap(next) {
    const before = this.video;
    const after = this.#spare;
    this.#spare = null;
    after.playbackRate = before.playbackRate;
    setLoudness(after);
    this.video = after;
    this.index = next;
    this.#startAt = null;
    this.#loaded();
    this.box.append(after);
    empty(before);
    this.play();
  }

  #dropSpare() {
    if (this.#spare) empty(this.#spare);
    this.#spare = null;
  }
}

function empty(video) {
  video.pause();
  video.removeAttribute('src');
  video.load();
  video.remove();
}
