// The video itself: plays one part after the other as one film. Draws nothing but its box; all times in ms over the whole.
import { keepLoudness, setLoudness } from './loudness.js';
import { lengthOf, locate, readUntil, startOf } from './parts.js';

const AHEAD_MS = 20_000;
const STALL_MS = 4000;
const HAVE_CURRENT_DATA = 2;
const LATER_S = 0.5;

/**
 * Events: `change` (anything a drawing shows), `loaded` (a part's length is known), `playing`, `pause`, `seeked`, `ended` (of the whole), `feed` (another feed plays), `stall`,
 * `trouble` ({detail: {code: of the MediaError} or a feed's failure}), `refused` ({detail: why a part could not be opened}).
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
  waitsSince = 0;
  /** @type {import('./feeds.js').FileFeed | import('./feeds.js').HlsFeed | null} what feeds the video now */
  feed = null;
  rate = 1;
  #spare = null;
  #turn = new AbortController();
  #still = null;
  #wants = false;
  #startAt = null;
  #reached = 0;
  #stall = 0;
  #asked = -1;
  #shown = null;

  /** @param {(part: import('./parts.js').Part, at: number, signal: AbortSignal) => Promise<any>} opener */
  constructor(opener) {
    super();
    this.opener = opener;
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
    for (const name of ['timeupdate', 'seeking']) on(name, () => this.#reach());
    on('waiting', () => this.#waits(true));
    on('stalled', () => !video.paused && video.readyState < HAVE_CURRENT_DATA && this.#waits(true));
    for (const name of ['playing', 'canplay', 'seeked']) on(name, () => this.#waits(false));
    for (const name of ['playing', 'loadeddata', 'seeked']) on(name, () => this.#startAt === null && video.readyState >= HAVE_CURRENT_DATA && !video.seeking && this.#dropPicture());
    on('playing', () => this.#tell('playing'));
    on('seeking', () => this.#waits(true));
    on('seeking', () => this.#awaitPicture());
    on('seeked', () => this.#checkPicture());
    on('seeked', () => this.#tell('seeked'));
    on('pause', () => !video.ended && !video.error && this.#paused());
    on('play', () => {
      this.isBlocked = false;
      this.#wants = true;
      this.#tell('change');
    });
    on('ended', () => this.#advance());
    on('error', () => {
      if (!this.feed || !video.error) return; // emptied by us
      this.#startAt = this.#reached;
      if (this.feed.mend?.()) return;
      this.#waits(false);
      this.#tell('trouble', { code: video.error.code });
    });
    on('volumechange', () => {
      keepLoudness(video);
      this.#tell('change');
    });
    return video;
  }

  /**
   * Chromium, sent to where nothing is loaded yet in a film whose pictures stand for seconds, shows a later picture than the one that stands there
   * (it joins stretches that lie no further apart than twice a picture's length): asked once more, it finds the right one.
   */
  #awaitPicture() {
    this.#shown = null;
    this.video.requestVideoFrameCallback?.((_now, { mediaTime }) => {
      this.#shown = mediaTime;
      this.#checkPicture();
    });
  }

  /** The picture comes before it is said that the place is found, or after. */
  #checkPicture() {
    const { video } = this;
    const at = video.currentTime;
    if (this.#shown === null || !video.paused || video.seeking || this.#shown < at + LATER_S || this.#asked === at) return;
    this.#asked = at;
    video.currentTime = at;
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

  /** How well it goes: ms read ahead, pictures shown and lost, size of the picture, bits/s the line gives (null: nobody measures). */
  get health() {
    const { video } = this;
    const shown = video.getVideoPlaybackQuality?.();
    return { ahead: Math.max(0, this.readUntil - this.time), pictures: shown?.totalVideoFrames ?? 0, lost: shown?.droppedVideoFrames ?? 0, width: video.videoWidth, height: video.videoHeight, line: this.feed?.line ?? null };
  }

  /** Where in the present part, as reports want it. */
  get place() {
    const part = this.parts[this.index];
    return part ? { fileId: part.fileId, offset: this.#startAt ?? this.video.currentTime * 1000, duration: part.duration, sessionId: this.feed?.sessionId ?? null } : null;
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

  async #open(index, offset) {
    const before = this.feed;
    const part = this.parts[index];
    const isSame = index === this.index;
    this.#turn.abort();
    const { signal } = (this.#turn = new AbortController());
    if (isSame) this.#keepPicture();
    this.index = index;
    this.#startAt = offset;
    this.#reached = offset;
    this.feed = null;
    this.#empty();
    before?.detach();
    if (!isSame) before?.end();
    this.#waits(true);
    try {
      const feed = await this.opener(part, offset, signal);
      // The server itself ends the stream of this file that was before, in favour of another.
      if (isSame && !feed.sessionId) before?.end();
      if (signal.aborted) feed.end();
      else this.#take(feed, offset);
    } catch (error) {
      if (isSame) before?.end();
      if (signal.aborted) return;
      this.#waits(false);
      this.#dropPicture();
      this.#tell('refused', error);
    }
  }

  #take(feed, offset) {
    this.#use(feed);
    feed.attach(this.video, this.#startAt ?? offset);
    this.#fed();
    if (this.#wants) this.play();
  }

  /** What the video is fed with from now on. */
  #use(feed) {
    this.feed = feed;
    feed.onFailure = (failure) => {
      if (this.video.error) this.#startAt = this.#reached;
      this.#waits(false);
      this.#tell('trouble', failure);
    };
  }

  #fed() {
    this.setRate(this.rate); // another source takes it back
    this.#tell('feed');
  }

  /** The last picture stands while another stream of the same is begun. */
  #keepPicture() {
    const { video } = this;
    if (this.#still || video.readyState < HAVE_CURRENT_DATA || !video.videoWidth) return;
    const still = document.createElement('canvas');
    Object.assign(still, { className: 'still', width: video.videoWidth, height: video.videoHeight });
    still.getContext('2d')?.drawImage(video, 0, 0);
    this.#still = still;
    this.box.append(still);
  }

  #dropPicture() {
    this.#still?.remove();
    this.#still = null;
  }

  /** Without pausing it first: nobody paused, and nobody is to be told so. */
  #empty() {
    this.video.removeAttribute('src');
    this.video.load();
  }

  /** Asks for the present part again and goes on where it was: after the server was away, or with another choice. */
  again() {
    if (!this.parts.length) return;
    const { index, offset } = locate(this.parts, this.time);
    this.#dropSpare();
    this.#open(index, offset);
  }

  /** @param {number} rate 1 is as it was made */
  setRate(rate) {
    this.rate = rate;
    this.video.defaultPlaybackRate = rate;
    this.video.playbackRate = rate;
  }

  unload() {
    const { feed } = this;
    this.#turn.abort();
    this.#dropSpare();
    this.#dropPicture();
    clearTimeout(this.#stall);
    this.#wants = false;
    this.#startAt = null;
    this.parts = [];
    this.feed = null;
    this.video.pause();
    this.#empty();
    feed?.detach();
    feed?.end();
  }

  async play() {
    this.#wants = true;
    if (this.isEnded) this.seek(0);
    if (!this.feed) return; // begins by itself when it is opened
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
    } else if (this.video.readyState === 0) {
      this.#startAt = offset;
      this.feed?.begin?.(offset);
    } else {
      this.#reached = offset;
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

  /** A decoder that gives up takes the time back to nought before it says so: what is mended goes on from here. */
  #reach() {
    const { video } = this;
    if (this.#startAt === null && !video.error && video.readyState > 0) this.#reached = video.currentTime * 1000;
  }

  #moved() {
    clearTimeout(this.#stall);
    const part = this.parts[this.index];
    const isNear = part?.duration > 0 && part.duration - this.video.currentTime * 1000 < AHEAD_MS;
    // In the small window the element that is shown must stay the same one.
    if (isNear && this.index + 1 < this.parts.length && !this.#spare && document.pictureInPictureElement !== this.video) this.#prepare(this.parts[this.index + 1]);
  }

  async #prepare(part) {
    const spare = (this.#spare = { video: this.#make(), feed: null });
    const { signal } = this.#turn;
    try {
      const feed = await this.opener(part, 0, signal);
      if (this.#spare !== spare || signal.aborted) return feed.end();
      spare.feed = feed;
      feed.attach(spare.video, 0);
    } catch {
      if (this.#spare === spare) spare.feed = null; // then it is opened, and its failure told, when its time comes
    }
    return undefined;
  }

  #waits(is) {
    clearTimeout(this.#stall);
    if (is) this.#stall = setTimeout(() => this.#tell('stall'), STALL_MS);
    if (is === this.isWaiting) return;
    this.isWaiting = is;
    this.waitsSince = performance.now();
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
    } else if (this.#spare?.feed && this.#spare.video.readyState >= HAVE_CURRENT_DATA) this.#swap(next);
    else {
      this.#dropSpare();
      this.#open(next, 0);
    }
  }

  /** The next part has been read ahead in a second element: it only has to be shown. */
  #swap(next) {
    const { video: before, feed: over } = this;
    const { video: after, feed } = this.#spare;
    this.#spare = null;
    setLoudness(after);
    this.video = after;
    this.index = next;
    this.#startAt = null;
    this.#reached = 0;
    this.#loaded();
    this.box.append(after);
    over?.detach();
    over?.end();
    empty(before);
    this.#use(feed);
    this.#fed();
    this.play();
  }

  #dropSpare() {
    const spare = this.#spare;
    this.#spare = null;
    if (!spare) return;
    spare.feed?.detach();
    spare.feed?.end();
    empty(spare.video);
  }
}

function empty(video) {
  video.pause();
  video.removeAttribute('src');
  video.load();
  video.remove();
}
