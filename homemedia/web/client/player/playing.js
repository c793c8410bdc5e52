// One thing being played: what it is, which file of it, where one is, what went wrong and how it goes on. Draws nothing.
import { api, connection, invalidate } from '../api.js';
import { nextCard, segments, skippable } from './chapters.js';
import { firstOf, keepsPlace, readItem } from './item.js';
import { Recovery } from './recovery.js';
import { Reporter } from './reporter.js';
import { chooseVersion, sourceOf, versionsOf } from './source.js';
import { Stage } from './stage.js';
import { Streams } from './streams.js';
import { qualities } from './tracks.js';

const SEEK_REST_MS = 400;
const CLEARLY = 0.8; // of the file's bits: less is not worth a conversion
const PREPARES_MS = 12_000; // before the end: about what a slow machine needs for a first segment
const TOLD = ['/api/media', '/api/continue-watching', '/api/home/library', '/api/libraries', '/api/discover', '/api/search'];

/** Events: `change`; `opened` (an item is there); `instead` ({detail: key}: play this one, for shows); `finished`. */
export class Playing extends EventTarget {
  streams = new Streams();
  stage = new Stage((part, at, signal) => this.streams.open(part.fileId, at, signal));
  item = null;
  /** @type {import('../types.js').MediaFile[][]} */
  versions = [];
  source = null;
  /** @type {{kind: string, message?: string} | null} */
  trouble = null;
  nextItem = null;
  resumedAt = 0;
  isNotTonight = false;
  #reporter = null;
  #stop = new AbortController();
  #seekTimer = 0;
  #wantedAt = 0;
  #refusedInfo = null;
  #pieces = { of: null, duration: 0, list: [] };

  constructor() {
    super();
    const { stage } = this;
    const on = (name, fn) => stage.addEventListener(name, fn);
    on('change', () => {
      if (stage.isShowing) this.#tell('playing');
      this.#prepareNext();
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
      doubt: (message) => this.#doubt(message),
    });
    on('refused', ({ detail }) => this.recovery.refused(detail));
    on('feed', () => {
      if (this.trouble) this.trouble = null;
      this.#changed();
    });
    on('ended', () => {
      this.#tell('stopped');
      this.dispatchEvent(new CustomEvent('finished'));
    });
  }

  #prepareNext() {
    const { stage, nextItem } = this;
    const isNear = stage.duration > 0 && stage.isShowing && stage.duration - stage.time < Math.min(PREPARES_MS, stage.duration / 2);
    if (!nextItem || !isNear || this.isNotTonight) return;
    const versions = versionsOf(nextItem.files ?? []);
    const file = versions[chooseVersion(versions)]?.[0];
    const isOther = this.source?.files.every((one) => one.id !== file?.id); // two episodes may share a file, and with it a stream
    if (file && file.available !== false && isOther) this.streams.prepare(file.id, nextItem.viewOffset ?? 0);
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

  /** The window closes: nothing is to go on for nobody. */
  closeNow() {
    this.tellNow(true);
    this.streams.dropPrepared();
    this.stage.feed?.end();
  }

  get shownTrouble() {
    return this.trouble ?? (!this.item && !connection.ok ? { kind: 'away' } : null);
  }

  get file() {
    return this.source?.files[this.stage.index] ?? this.source?.files[0] ?? null;
  }

  /** How the present part is played, as the server decided it; null before that is known. */
  get info() {
    return this.stage.feed?.info ?? this.#refusedInfo;
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

  /** @param {string} key @param {{fileId?: number | null, at?: number | null, wish?: object}} [how] at: ms; null: where one was; wish: tracks chosen before */
  async open(key, { fileId = null, at = null, wish = {} } = {}) {
    this.close();
    const { signal } = (this.#stop = new AbortController());
    Object.assign(this, { item: null, versions: [], source: null, trouble: null, nextItem: null, resumedAt: 0, isNotTonight: false });
    this.streams.forget();
    Object.assign(this.streams.wish, wish);
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
    this.#reporter = keepsPlace(item) ? new Reporter(item.id, () => this.#place()) : null;
    const begin = at ?? item.viewOffset ?? 0;
    this.resumedAt = begin;
    this.dispatchEvent(new CustomEvent('opened'));
    this.#begin(chooseVersion(this.versions, { fileId }), begin);
    if (item.next) this.#readNext(item.next, this.#stop.signal);
  }

  /** The next smaller quality; null: there is none. */
  get lower() {
    const { maxHeight } = this.streams.wish;
    const all = this.info?.video ? qualities(this.file) : [];
    return all.find((one) => (maxHeight ? one.height < maxHeight : one.bitrate < (this.file.bitrate ?? Infinity) * CLEARLY)) ?? null;
  }

  /** The subtitle that is shown, or drawn into the picture, by its number; null: none. */
  get caption() {
    const { info } = this;
    const { subtitleTrack } = this.streams.wish;
    if (subtitleTrack !== null) return subtitleTrack === 'none' ? null : subtitleTrack;
    return info?.subtitle && info.subtitle.action !== 'none' ? info.subtitle.track : null;
  }

  /** What reports tell; tracks only when somebody chose one here: what he did not choose stays as it was remembered. */
  #place() {
    const { audioTrack, subtitleTrack } = this.streams.wish;
    const { place } = this.stage;
    return place && { ...place, audioTrack, subtitleTrack };
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
    this.#refusedInfo = null;
    if (this.source) this.stage.load(this.source.parts, at);
    else this.#fail({ kind: 'empty' });
    this.#changed();
  }

  #fail(trouble) {
    this.trouble = trouble;
    if (trouble.info) this.#refusedInfo = trouble.info;
    if (!['away', 'disk', 'busy', 'limit'].includes(trouble.kind)) this.#tell('stopped');
    if (['codec', 'impossible', 'failed', 'stopped'].includes(trouble.kind)) {
      this.#wantedAt = this.stage.parts.length ? this.stage.time : this.#wantedAt;
      this.stage.unload();
    }
    this.#changed();
  }

  /** @param {number} index of a version; goes on where one is */
  useVersion(index) {
    const at = this.stage.parts.length ? this.stage.time : this.#wantedAt;
    Object.assign(this.streams.wish, { audioTrack: null, subtitleTrack: null });
    this.streams.force = null;
    this.#begin(index, at);
  }

  /** Another sound, quality or burnt-in subtitle: the same place in another stream. @param {Partial<Streams['wish']>} wish */
  choose(wish, { isSame = false } = {}) {
    Object.assign(this.streams.wish, wish);
    if (this.stage.hasStarted) this.tellNow(false);
    if (!isSame) {
      this.streams.force = null;
      this.stage.again();
    }
    this.#changed();
  }

  /** Somebody ended it from another place. @param {{session_id: string | null, file_id: number | null, message: string}} event */
  stopped(event) {
    const { feed, place } = this.stage;
    const isThis = event.session_id ? event.session_id === feed?.sessionId : feed && !feed.sessionId && event.file_id === place?.fileId;
    if (isThis) this.#fail({ kind: 'stopped', message: event.message });
  }

  /** As it is, whatever is thought of it. */
  tryAnyway() {
    this.streams.force = 'direct';
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

  #loaded() {
    // A picture whose codec is unknown here is left black while the sound plays: better converted than shown.
    const { feed, video } = this.stage;
    if (feed?.kind === 'direct' && this.file?.videoCodec && video.videoWidth === 0 && this.streams.force !== 'direct') this.#doubtAloud();
    else this.#changed();
  }

  #doubtAloud() {
    const trouble = this.#doubt('');
    if (trouble) this.#fail(trouble);
  }

  /** The server has the file, the browser makes nothing of it: the next harder way, else what is to be said. */
  #doubt(message) {
    const { feed } = this.stage;
    const isTried = this.streams.force === 'direct';
    if (feed && !isTried && this.streams.harder(feed)) {
      this.stage.again();
      return null;
    }
    if (message) return { kind: 'failed', message, info: feed?.info };
    const hasPlayed = this.stage.hasStarted || this.#reporter?.hasTold;
    return hasPlayed ? { kind: 'damaged' } : { kind: 'codec', isTried };
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
