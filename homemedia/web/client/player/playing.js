// One thing being played: what it is, which file of it, where one is, what went wrong and how it goes on. Draws nothing.
import { api, connection, invalidate } from '../api.js';
import { nextCard, segments, skippable } from './chapters.js';
import { firstOf, keepsPlace, readItem } from './item.js';
import { Recovery } from './recovery.js';
import { Reporter } from './reporter.js';
import { chooseVersion, sourceOf, versionsOf } from './source.js';
import { Stage } from './stage.js';

const SEEK_REST_MS = 400;
const TOLD = ['/api/media', '/api/continue-watching', '/api/home/library', '/api/libraries', '/api/discover', '/api/search'];

/** Events: `change`; `opened` (an item is there); `instead` ({detail: key}: play this one, for shows); `finished`. */
export class Playing extends EventTarget {
  stage = new Stage();
  item = null;
  /** @type {import('../types.js').MediaFile[][]} */
  versions = [];
  source = null;
  /** @type {{kind: string, message?: string} | null} */
  trouble = null;
  nextItem = null;
  info = null;
  resumedAt = 0;
  isNotTonight = false;
  #reporter = null;
  #stop = new AbortController();
  #seekTimer = 0;
  #wantedAt = 0;
  #isTrying = false;
  #pieces = { of: null, duration: 0, list: [] };

  constructor() {
    super();
    const { stage } = this;
    const on = (name, fn) => stage.addEventListener(name, fn);
    on('change', () => {
      if (stage.isShowing) this.#tell('playing');
      this.#changed();
    });
    on('loaded', () => this.#loaded());
    on('playing', () => this.#tell('playing'));
    on('pause', () => this.#tell('paused'));
    on('seeked', () => this.#seeked());
    this.recovery = new Recovery(stage, {
      fail: (trouble) => this.#fail(trouble),
      isStill: (trouble) => this.trouble === trouble,
      goOn: () => this.retry(),
      doubt: () => this.#doubt(),
    });
    on('ended', () => {
      this.#tell('stopped');
      this.dispatchEvent(new CustomEvent('finished'));
    });
  }

  #changed() {
    this.dispatchEvent(new CustomEvent('change'));
  }

  #tell(state, how) {
    return this.#reporter?.tell(state, how) ?? Promise.resolve(false);
  }

  /** A key held down seeks thirty times a second: the last of a row is told. */
  #seeked() {
    clearTimeout(this.#seekTimer);
    this.#seekTimer = setTimeout(() => this.stage.hasStarted && this.tellNow(false), SEEK_REST_MS);
  }

  /** The page is going or hidden: says so now, since there may be no later. @param {boolean} isEnd */
  tellNow(isEnd) {
    return this.#tell(isEnd ? 'stopped' : this.stage.isPlaying ? 'playing' : 'paused', { force: true });
  }

  get shownTrouble() {
    return this.trouble ?? (!this.item && !connection.ok ? { kind: 'away' } : null);
  }

  get file() {
    return this.source?.files[this.stage.index] ?? this.source?.files[0] ?? null;
  }

  get pieces() {
    const { duration } = this.stage;
    const of = this.item?.chapters ?? null;
    if (this.#pieces.of !== of || this.#pieces.duration !== duration) this.#pieces = { of, duration, list: segments(of, duration) };
    return this.#pieces.list;
  }

  get card() {
    if (!this.nextItem || this.item.type === 'track' || this.isNotTonight || this.trouble) return { shown: false, seconds: null };
    return nextCard({ at: this.stage.time, duration: this.stage.duration, markers: this.item.markers });
  }

  get skippable() {
    return this.item && !this.trouble ? skippable(this.item.markers, this.stage.time) : null;
  }

  /** @param {string} key @param {{fileId?: number | null, at?: number | null}} [how] at: ms; null: where one was */
  async open(key, { fileId = null, at = null } = {}) {
    this.close();
    const { signal } = (this.#stop = new AbortController());
    Object.assign(this, { item: null, versions: [], source: null, trouble: null, nextItem: null, info: null, resumedAt: 0, isNotTonight: false });
    this.#isTrying = false;
    this.#changed();
    try {
      const item = await readItem(key, fileId, signal);
      if (['show', 'season', 'album'].includes(item.type)) this.#instead(await firstOf(item, signal));
      else if (!signal.aborted) this.#opened(item, fileId, at);
    } catch (error) {
      if (signal.aborted) return;
      this.#fail(error.status === 404 ? { kind: 'unknown' } : { kind: 'refused', message: error.message });
    }
  }

  #instead(key) {
    if (key) this.dispatchEvent(new CustomEvent('instead', { detail: key }));
    else this.#fail({ kind: 'empty' });
  }

  #opened(item, fileId, at) {
    this.item = item;
    this.versions = versionsOf(item.files ?? []);
    this.#reporter = keepsPlace(item) ? new Reporter(item.id, () => this.stage.place) : null;
    const begin = at ?? item.viewOffset ?? 0;
    this.resumedAt = begin;
    this.dispatchEvent(new CustomEvent('opened'));
    this.#begin(chooseVersion(this.versions, { fileId }), begin);
    if (item.next) this.#readNext(item.next, this.#stop.signal);
  }

  /** Only for the card: without it the next one is still there by its key. */
  async #readNext(key, signal) {
    try {
      this.nextItem = await api.get(`/api/media/${key}`, null, { signal });
      this.#changed();
    } catch {
      this.nextItem = null;
    }
  }

  #begin(version, at) {
    this.source = sourceOf(this.versions, version);
    this.trouble = null;
    this.#wantedAt = at;
    if (this.source && (this.source.plays || this.#isTrying)) this.stage.load(this.source.parts, at);
    else {
      this.#fail({ kind: this.source ? 'codec' : 'empty' });
      this.stage.unload();
    }
    this.#changed();
  }

  #fail(trouble) {
    this.trouble = trouble;
    if (!['away', 'disk'].includes(trouble.kind)) this.#tell('stopped');
    this.#changed();
  }

  /** @param {number} index of a version; goes on where one is */
  useVersion(index) {
    const at = this.stage.parts.length ? this.stage.time : this.#wantedAt;
    this.info = null;
    this.#isTrying = false;
    this.#begin(index, at);
  }

  tryAnyway() {
    this.#isTrying = true;
    this.#begin(this.source.version, this.#wantedAt);
  }

  retry() {
    this.trouble = null;
    if (this.stage.parts.length) this.stage.again();
    else if (this.source) this.#begin(this.source.version, this.#wantedAt);
    this.#changed();
  }

  skipDamage(ms) {
    this.trouble = null;
    const at = this.stage.time + ms;
    this.stage.load(this.source.parts, at);
  }

  /** What the server knows of the tracks; asked only when the browser offers several. */
  async readInfo() {
    const { file } = this;
    if (this.info || !file) return;
    try {
      this.info = await api.get(`/api/media/${file.id}/info`, null, { signal: this.#stop.signal });
      this.#changed();
    } catch {
      this.info = null; // then the browser's own names of the tracks stand
    }
  }

  #loaded() {
    // A picture whose codec is unknown here is left black while the sound plays: better said than shown.
    if (this.file?.videoCodec && this.stage.video.videoWidth === 0 && !this.#isTrying) {
      this.#wantedAt = this.stage.time;
      this.stage.unload();
      this.#fail({ kind: 'codec' });
    } else this.#changed();
  }

  /** The server has the file, the browser makes nothing of it. */
  #doubt() {
    const hasPlayed = this.stage.hasStarted || this.#reporter?.hasTold;
    return hasPlayed ? { kind: 'damaged' } : { kind: 'codec', isTried: this.#isTrying };
  }

  /** Ends what plays; lists read before know it anew. */
  close() {
    this.#stop.abort();
    this.recovery.forget();
    clearTimeout(this.#seekTimer);
    const told = this.tellNow(true);
    this.#reporter = null;
    this.stage.unload();
    told.then((heard) => heard && invalidate(...TOLD));
  }
}
