// What plays one after the other. Pure: no sound, no drawing, no storing.

/** @typedef {'off' | 'all' | 'one'} Repeat */

export const REPEATS = /** @type {const} */ (['off', 'all', 'one']);

/** A new order of places by chance, `first` (a place) at the front. @param {number} count @param {number | null} first @param {() => number} chance 0–1 */
export function shuffledOrder(count, first = null, chance = Math.random) {
  const order = Array.from({ length: count }, (_, place) => place).filter((place) => place !== first);
  for (let i = order.length - 1; i > 0; i -= 1) {
    const other = Math.floor(chance() * (i + 1));
    [order[i], order[other]] = [order[other], order[i]];
  }
  return first === null ? order : [first, ...order];
}

/** `tracks` as they were put in; `order` their places as they are played; `at` is a place in `order`. */
export class Queue {
  tracks = [];
  order = [];
  at = -1;
  isShuffled = false;
  /** @type {Repeat} */
  repeat = 'off';
  /** What it was taken from. @type {{kind: 'album' | 'playlist' | 'artist', id: string | number, title: string, href: string} | null} */
  source = null;

  get length() {
    return this.order.length;
  }

  get current() {
    return this.tracks[this.order[this.at]] ?? null;
  }

  /** Tracks as they are played. */
  get list() {
    return this.order.map((place) => this.tracks[place]);
  }

  /** @param {any[]} tracks @param {{start?: number | null, source?: Queue['source'], isShuffled?: boolean}} [how] start: place in `tracks`; null: the first, or any when shuffled */
  set(tracks, { start = null, source = null, isShuffled = false } = {}) {
    this.tracks = [...tracks];
    this.source = source;
    this.isShuffled = isShuffled;
    this.order = isShuffled ? shuffledOrder(tracks.length, start) : tracks.map((_, place) => place);
    this.at = tracks.length === 0 ? -1 : isShuffled ? 0 : (start ?? 0);
  }

  clear() {
    this.set([]);
  }

  /** The place in `order` that comes after the present one; null at the end. @param {{isAuto?: boolean}} [how] isAuto: by itself, so that one song may be repeated */
  #after({ isAuto = false } = {}) {
    if (this.at < 0) return null;
    if (isAuto && this.repeat === 'one') return this.at;
    if (this.at + 1 < this.length) return this.at + 1;
    return this.repeat === 'off' ? null : 0;
  }

  /** What comes next, without going there. */
  peek(how) {
    const place = this.#after(how);
    return place === null ? null : this.tracks[this.order[place]];
  }

  next(how) {
    const place = this.#after(how);
    if (place === null) return null;
    this.at = place;
    return this.current;
  }

  previous() {
    if (this.at < 0) return null;
    this.at = this.at > 0 ? this.at - 1 : this.repeat === 'all' ? this.length - 1 : 0;
    return this.current;
  }

  /** @param {number} at a place in `list` */
  jump(at) {
    if (at >= 0 && at < this.length) this.at = at;
    return this.current;
  }

  /** At the end, or right behind the present one. @param {any[]} tracks @param {{isNext?: boolean}} [how] */
  add(tracks, { isNext = false } = {}) {
    const places = tracks.map((_, index) => this.tracks.length + index);
    this.tracks = [...this.tracks, ...tracks];
    const at = isNext ? this.at + 1 : this.length;
    this.order = [...this.order.slice(0, at), ...places, ...this.order.slice(at)];
    if (this.at < 0 && this.length) this.at = 0;
    if (!this.isShuffled) this.#settle();
  }

  /** What is played one after the other now is the order that shuffling comes back to. */
  #settle() {
    this.tracks = this.list;
    this.order = this.tracks.map((_, place) => place);
  }

  /** Puts one that comes to another place among those that come; what plays stays. @param {number} from @param {number} to places in `list` @returns {boolean} whether anything moved */
  move(from, to) {
    const isComing = (at) => at > this.at && at < this.length;
    if (from === to || !isComing(from) || !isComing(to)) return false;
    const order = [...this.order];
    order.splice(to, 0, ...order.splice(from, 1));
    this.order = order;
    if (!this.isShuffled) this.#settle();
    return true;
  }

  /** Takes out all that comes. @returns {() => void} puts it back */
  clearComing() {
    const before = this.order;
    this.order = this.order.slice(0, this.at + 1);
    const after = this.order;
    return () => {
      if (this.order === after) this.order = before;
    };
  }

  /** @param {number} at a place in `list`, not the present one's @returns {() => void} puts it back */
  remove(at) {
    const before = { order: this.order, at: this.at };
    this.order = this.order.filter((_, index) => index !== at);
    if (at < this.at) this.at -= 1;
    const after = this.order;
    return () => {
      if (this.order === after) Object.assign(this, before);
    };
  }

  /** What plays goes on; only what comes changes. @param {boolean} is */
  shuffle(is) {
    if (is === this.isShuffled || this.at < 0) {
      this.isShuffled = is;
      return;
    }
    const here = this.order[this.at];
    const rest = this.order.filter((place) => place !== here);
    this.isShuffled = is;
    if (is) {
      this.order = [here, ...shuffledOrder(rest.length).map((index) => rest[index])];
      this.at = 0;
    } else {
      this.order = [...this.order].sort((a, b) => a - b);
      this.at = this.order.indexOf(here);
    }
  }

  turnRepeat() {
    this.repeat = REPEATS[(REPEATS.indexOf(this.repeat) + 1) % REPEATS.length];
  }

  toJSON() {
    const { tracks, order, at, isShuffled, repeat, source } = this;
    return { tracks, order, at, isShuffled, repeat, source };
  }

  /** @param {any} kept of `toJSON` @returns {boolean} whether it could be read */
  restore(kept) {
    const { tracks, order, at } = kept ?? {};
    if (!Array.isArray(tracks) || !Array.isArray(order) || !tracks[order[at]] || order.some((place) => !tracks[place])) return false;
    Object.assign(this, { tracks, order, at, isShuffled: Boolean(kept.isShuffled), repeat: REPEATS.includes(kept.repeat) ? kept.repeat : 'off', source: kept.source ?? null });
    return true;
  }
}
