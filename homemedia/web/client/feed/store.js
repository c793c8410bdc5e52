// The feed's clips in memory: one object per clip, whichever list shows it; lists by filter, page by page; live frames applied.
import { ApiError, api, invalidate, query } from '../api.js';
import { live } from '../live.js';
import { session } from '../session.js';

const PAGE = 20;
const MANY = 20; // so many changed at once are read as a page rather than one by one
const GATHER_MS = 200; // a batch of frames is read once
const COUNT_MS = 600;
const COUNT = '/api/clips/unwatched-count';
const ME = '/api/auth';
const BELONGS = {
  unwatched: (clip) => !clip.watched,
  watched: (clip) => clip.watched,
  favorites: (clip) => clip.favorited,
  uploads: (clip) => clip.addedBy === session.user?.id,
};

/** One list of the feed. What was loaded stays where it is while one looks, also after it was watched. */
class ClipList {
  ids = [];
  hasMore = true;
  isLoading = false;
  isStarted = false;
  /** @type {ApiError | null} */
  error = null;
  /** Ids that came while one looked on, the first that nobody has reached yet first. */
  fresh = [];
  #running = null;
  #passed = 0;

  constructor(store, filter) {
    this.store = store;
    this.filter = filter;
  }

  get clips() {
    return this.ids.map((id) => this.store.get(id)).filter(Boolean);
  }

  get isEmpty() {
    return this.isStarted && !this.isLoading && !this.error && this.ids.length === 0;
  }

  /** Reads the first page, once. */
  start() {
    return this.isStarted ? this.#running : this.more();
  }

  /** The next page; two callers share one request. Errors stand in `error`. */
  more() {
    if (!this.hasMore) return null;
    this.#running ??= this.#read().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #read() {
    this.isLoading = true;
    this.error = null;
    this.store.tell({ what: 'list', filter: this.filter });
    try {
      const { clips, hasMore } = await this.store.page(this.filter, this.#offset());
      const fresh = this.#take(clips);
      this.#passed = fresh.length || !hasMore ? 0 : this.#passed + clips.length; // all known: look further
      this.hasMore = hasMore && clips.length > 0;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.error = error;
    }
    this.isStarted = true;
    this.isLoading = false;
    this.store.tell({ what: 'list', filter: this.filter });
  }

  /** What one has watched meanwhile is no more in the server's list, so it does not count. */
  #offset() {
    return this.clips.filter(BELONGS[this.filter]).length + this.#passed;
  }

  #take(clips, { first = false } = {}) {
    const known = new Set(this.ids);
    const fresh = clips.map((clip) => this.store.keep(clip).id).filter((id) => !known.has(id));
    this.ids = first ? [...fresh, ...this.ids] : [...this.ids, ...fresh];
    return fresh;
  }

  /** From the beginning; what is shown stays until the answer is there. */
  async refresh() {
    await this.#running;
    this.ids = [];
    this.fresh = [];
    this.hasMore = true;
    this.#passed = 0;
    return this.more();
  }

  /** A clip that came while one looks on: at the end of what is watched from the oldest, else at the front. */
  came(clip) {
    if (!this.isStarted || this.ids.includes(clip.id) || !BELONGS[this.filter](clip)) return;
    if (this.filter === 'unwatched' && this.hasMore) return; // a later page brings it
    this.#take([clip], { first: this.filter !== 'unwatched' });
    if (this.filter === 'unwatched') this.fresh = [...this.fresh, clip.id];
    this.store.tell({ what: 'list', filter: this.filter });
  }

  /** The chip of new ones has done its work for this one. */
  reached(id) {
    const at = this.fresh.indexOf(id);
    if (at >= 0) this.fresh = this.fresh.slice(at + 1);
  }

  drop(ids) {
    const left = this.ids.filter((id) => !ids.includes(id));
    if (left.length === this.ids.length) return;
    this.ids = left;
    this.fresh = this.fresh.filter((id) => !ids.includes(id));
    this.store.tell({ what: 'list', filter: this.filter });
  }
}

class Clips {
  /** How many wait to be watched; null while nobody has asked. */
  unwatched = null;
  #clips = new Map();
  #lists = new Map();
  #progress = new Map();
  #listeners = new Set();
  #asked = new Map();
  #waiting = new Set();
  #timer = 0;
  #counting = 0;
  #whose = null;
  #off = () => {};

  /**
   * @param {(change: {what: 'clip' | 'list' | 'progress' | 'removed' | 'unwatched', id?: string, filter?: string}) => void} fn
   * @returns {() => void} stops listening
   */
  subscribe(fn) {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  tell(change) {
    for (const fn of [...this.#listeners]) fn(change);
  }

  /** @param {string} id @returns {object | undefined} the clip as the server sends it */
  get(id) {
    return this.#clips.get(id);
  }

  /** How far its download is: `{stage, percent, bytesDone, bytesTotal}`, or undefined. */
  progress(id) {
    return this.#progress.get(id);
  }

  /** @param {'unwatched' | 'watched' | 'favorites' | 'uploads'} filter @returns {ClipList} */
  list(filter) {
    if (!this.#lists.has(filter)) this.#lists.set(filter, new ClipList(this, filter));
    return this.#lists.get(filter);
  }

  /** Remembers a clip as the server sent it; the object of a clip is replaced, never changed in place. */
  keep(clip) {
    const before = this.#clips.get(clip.id);
    const now = { ...before, ...clip };
    this.#clips.set(clip.id, now);
    if (now.status !== 'downloading') this.#progress.delete(clip.id);
    return now;
  }

  /**
   * Acting at once: shows `fields` before the server confirms.
   * @param {string} id @param {object} fields
   * @returns {object | null} the former values of those fields, to be given back with another `patch` when it failed
   */
  patch(id, fields) {
    const before = this.#clips.get(id);
    if (!before) return null;
    this.#clips.set(id, { ...before, ...fields });
    this.tell({ what: 'clip', id });
    return Object.fromEntries(Object.keys(fields).map((key) => [key, before[key]]));
  }

  /** Asks the server for one clip. @returns {Promise<object | null>} null when it is gone; @throws {ApiError} of any other kind */
  load(id) {
    if (!this.#asked.has(id)) this.#asked.set(id, this.#loaded(id).finally(() => this.#asked.delete(id)));
    return this.#asked.get(id);
  }

  async #loaded(id) {
    try {
      const clip = this.keep(await api.get(`/api/clips/${encodeURIComponent(id)}`));
      if (clip.status === 'deleted') this.#drop([id]); // its time is over: the server's lists have it no more
      this.tell({ what: 'clip', id });
      return clip;
    } catch (error) {
      if (error.status !== 404) throw error;
      this.forget([id]);
      return null;
    }
  }

  page(filter, offset) {
    const sort = filter === 'unwatched' ? this.order : null;
    return api.get('/api/clips', { filter, offset: offset || null, limit: PAGE, sort });
  }

  /** What the member prefers: `{user, group, gifEnabled}` as `GET /api/auth` says; undefined until it has answered. */
  get me() {
    return query(ME).data;
  }

  readMe() {
    const me = query(ME);
    return me.data ? Promise.resolve(me.data) : me.refresh();
  }

  get order() {
    return this.me?.user?.feedSortOrder === 'round-robin' ? 'round-robin' : null;
  }

  /** A clip one has just sent in, or that was found again: shown among one's own at once. */
  async added(id) {
    const clip = await this.load(id);
    if (clip) this.list('uploads').came(clip);
    return clip;
  }

  /** @param {string[]} ids clips that are no more */
  forget(ids) {
    for (const id of ids) {
      this.#clips.delete(id);
      this.#progress.delete(id);
    }
    this.#drop(ids);
    for (const id of ids) this.tell({ what: 'removed', id });
  }

  #drop(ids) {
    for (const list of this.#lists.values()) list.drop(ids);
  }

  /** One watched, at once in every place that counts; the server's own number follows. */
  watched(id) {
    const clip = this.#clips.get(id);
    if (!clip || clip.watched) return;
    this.patch(id, { watched: true, viewCount: (clip.viewCount ?? 0) + 1 });
    if (this.unwatched) this.#count(this.unwatched - 1);
  }

  /** The server's own number, once for whatever happens within a second. */
  recount() {
    clearTimeout(this.#counting);
    this.#counting = setTimeout(() => session.user && query(COUNT).refresh(), COUNT_MS);
  }

  #count(n) {
    if (n === this.unwatched) return;
    this.unwatched = n;
    this.tell({ what: 'unwatched' });
    window.dispatchEvent(new Event('hm-places')); // the frame draws the number at the place
  }

  /** Somebody signed in or out: his own feed, or none. */
  follow() {
    const who = session.user?.id ?? null;
    if (who === this.#whose) return;
    this.#whose = who;
    this.#off();
    this.#off = () => {};
    this.#clips.clear();
    this.#progress.clear();
    this.#lists.clear();
    this.#waiting.clear();
    this.#count(null);
    if (!who) return;
    const count = query(COUNT);
    this.#off = count.subscribe(() => this.#whose === who && count.data && this.#count(count.data.count));
  }

  /** A frame named these: read those that matter here, a batch at once. */
  #look(ids) {
    for (const id of ids) this.#waiting.add(id);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lookNow().catch((error) => console.error(error)), GATHER_MS);
  }

  async #lookNow() {
    const ids = [...this.#waiting];
    this.#waiting.clear();
    if (ids.length > MANY) return this.again();
    const read = await Promise.allSettled(ids.map((id) => this.load(id)));
    for (const { value: clip } of read) {
      if (!clip || clip.status === 'deleted') continue;
      if (clip.status === 'ready') this.#lists.get('unwatched')?.came(clip);
      this.#lists.get('uploads')?.came(clip);
    }
    return undefined;
  }

  /** After a gap in the live channel: what came meanwhile, without moving what is shown. */
  async again() {
    for (const [filter, list] of this.#lists) {
      if (!list.isStarted || filter === 'watched' || filter === 'favorites') continue;
      if (list.error || (filter === 'unwatched' && list.hasMore)) continue; // asked again, or brought by a later page
      const answer = await this.page(filter, 0).catch(() => null);
      for (const clip of answer?.clips ?? []) list.came(this.keep(clip));
    }
    this.tell({ what: 'list', filter: 'unwatched' });
  }

  heardChanged({ ids, what }) {
    if (what === 'removed') this.forget(ids);
    else if (this.#lists.size) this.#look(what === 'changed' ? ids.filter((id) => this.#clips.has(id)) : ids);
  }

  heardProgress({ id, stage, percent, bytesDone, bytesTotal }) {
    this.#progress.set(id, { stage, percent, bytesDone, bytesTotal });
    this.tell({ what: 'progress', id });
  }

  heardTalk({ id, what, by }) {
    const clip = this.#clips.get(id);
    if (what === 'watch') {
      invalidate(`/api/clips/${id}/views`);
      if (by === session.user?.id) this.watched(id); // on another device, perhaps
      else if (clip) this.patch(id, { viewCount: (clip.viewCount ?? 0) + 1, seenByOthers: true, canEditCaption: false });
      return;
    }
    invalidate(`/api/clips/${id}/`);
    if (clip) this.#look([id]);
  }
}

/** The one store of the feed. */
export const clips = new Clips();

session.subscribe(() => clips.follow());
clips.follow(); // who is here may have been read before this was
live.on('clips.changed', (event) => clips.heardChanged(event));
live.on('clips.progress', (event) => clips.heardProgress(event));
live.on('clips.talk', (event) => clips.heardTalk(event));
live.on('clips.unwatched', () => clips.recount());
live.on('connected', ({ again }) => again && clips.again());

/** Where a clip's files lie. @returns {string | null} */
export const mediaUrl = (clip) => (clip.videoPath ?? clip.audioPath ? `/api/videos/${encodeURIComponent(clip.videoPath ?? clip.audioPath)}` : null);
export const thumbnailUrl = (clip) => (clip.thumbnailPath ? `/api/thumbnails/${encodeURIComponent(clip.thumbnailPath)}` : null);
/** @param {string | null} file bare name @returns {string | null} */
export const avatarUrl = (file) => (file ? `/api/profile/avatar/${encodeURIComponent(file)}` : null);
/** Unix seconds of a time as this API sends it. */
export const seconds = (iso) => Date.parse(iso) / 1000;
