// Two audio elements: one plays, the other has the next song ready. All times in ms.
import { Amplifier } from './amplifier.js';

const HAVE_METADATA = 1;

function make() {
  const audio = document.createElement('audio');
  audio.preload = 'auto';
  return audio;
}

/** Events of the one that plays: `change` (anything a drawing shows), `playing`, `pause`, `ended`, `error`, `seeked`. */
export class Deck extends EventTarget {
  audios = [make(), make()];
  level = 1;
  isMuted = false;
  isWaiting = false;
  #at = 0;
  #feeds = [null, null];
  #factors = [1, 1];
  #startAt = null;
  #amplifier = new Amplifier(this.audios, () => this.#loud());

  constructor() {
    super();
    for (const audio of this.audios) {
      const on = (name, fn) => audio.addEventListener(name, () => audio === this.audio && fn());
      on('loadedmetadata', () => this.#begin());
      for (const name of ['timeupdate', 'progress', 'durationchange', 'play']) on(name, () => this.#tell('change'));
      on('waiting', () => this.#waits(true));
      for (const name of ['playing', 'canplay']) on(name, () => this.#waits(false));
      on('playing', () => this.#tell('playing'));
      on('pause', () => !audio.ended && !audio.error && this.#tell('pause'));
      on('seeked', () => this.#tell('seeked'));
      on('ended', () => this.#tell('ended'));
      on('error', () => this.#feeds[this.#at] && audio.error && this.#tell('error'));
    }
  }

  #tell(name) {
    this.dispatchEvent(new CustomEvent(name));
    if (name !== 'change') this.dispatchEvent(new CustomEvent('change'));
  }

  #waits(is) {
    if (this.isWaiting === is) return;
    this.isWaiting = is;
    this.#tell('change');
  }

  get audio() {
    return this.audios[this.#at];
  }

  get feed() {
    return this.#feeds[this.#at];
  }

  get isPlaying() {
    return !this.audio.paused && !this.audio.ended;
  }

  get time() {
    return this.#startAt ?? this.audio.currentTime * 1000;
  }

  /** 0 while it is not known. */
  get duration() {
    const { duration } = this.audio;
    return Number.isFinite(duration) ? duration * 1000 : 0;
  }

  /** Browsers let an element sound that was touched within a press, also when the song is known a moment later. */
  unlock() {
    for (const [index, audio] of this.audios.entries()) if (!this.#feeds[index]) audio.load();
  }

  /** @param {any} feed of `sources.js` @param {{at?: number, factor?: number}} [how] */
  open(feed, { at = 0, factor = 1 } = {}) {
    this.empty();
    this.#put(this.#at, feed, factor, at);
    this.#startAt = at > 0 ? at : null;
    this.isWaiting = true;
    this.#tell('change');
  }

  #put(index, feed, factor, at) {
    this.#feeds[index] = feed;
    this.#factors[index] = factor;
    this.#loud();
    if (feed.kind === 'hls') feed.onFailure = () => index === this.#at && this.#tell('error');
    feed.attach(this.audios[index], at);
  }

  #take(index) {
    const feed = this.#feeds[index];
    const audio = this.audios[index];
    this.#feeds[index] = null;
    feed?.detach();
    feed?.end();
    audio.pause();
    if (audio.hasAttribute('src')) {
      audio.removeAttribute('src');
      audio.load();
    }
  }

  #begin() {
    if (this.#startAt === null || this.audio.readyState < HAVE_METADATA) return;
    if (this.feed?.kind !== 'hls') this.audio.currentTime = this.#startAt / 1000;
    this.#startAt = null;
  }

  /** Has the next song ready. @param {any} feed @param {number} factor */
  prepare(feed, factor) {
    this.dropPrepared();
    this.#put(1 - this.#at, feed, factor, 0);
  }

  dropPrepared() {
    this.#take(1 - this.#at);
  }

  /** Goes over to what was made ready. */
  swap() {
    const before = this.#at;
    this.#at = 1 - before;
    this.#startAt = null;
    this.isWaiting = false;
    this.#take(before);
  }

  empty() {
    this.dropPrepared();
    this.#take(this.#at);
    this.#startAt = null;
    this.isWaiting = false;
  }

  /** @returns {Promise<boolean>} false when the browser wants a press first */
  async play() {
    this.#amplifier.wake(this.#factors.some((factor) => factor > 1));
    try {
      await this.audio.play();
      return true;
    } catch (error) {
      return error.name !== 'NotAllowedError';
    }
  }

  pause() {
    this.audio.pause();
  }

  seek(at) {
    const to = Math.max(0, this.duration ? Math.min(at, this.duration - 50) : at);
    if (this.audio.readyState >= HAVE_METADATA) this.audio.currentTime = to / 1000;
    else this.#startAt = to;
    this.#tell('change');
  }

  loudness(level, isMuted) {
    Object.assign(this, { level: Math.min(1, Math.max(0, level)), isMuted });
    this.#loud();
    this.#tell('change');
  }

  /** @param {number} factor of the song that plays */
  refactor(factor) {
    this.#factors[this.#at] = factor;
    this.#loud();
  }

  #loud() {
    for (const [index, audio] of this.audios.entries()) {
      audio.volume = this.#amplifier.share(index, this.level, this.#factors[index]);
      audio.muted = this.isMuted;
    }
  }
}
