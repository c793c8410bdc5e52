// One cache of answers in memory: shows what it has, asks again behind (stale while revalidate), so that Back is instant.

const KEPT = 300;
const FRESH_MS = 15_000;

export class Query {
  data = undefined;
  error = null;
  loading = false;
  at = 0;
  #text = '';
  #subscribers = new Set();
  #running = null;
  #again = false;

  constructor(path, load, { maxAge = FRESH_MS } = {}) {
    this.path = path;
    this.load = load;
    this.maxAge = maxAge;
  }

  get stale() {
    return Date.now() - this.at > this.maxAge;
  }

  get watched() {
    return this.#subscribers.size > 0;
  }

  /** @param {() => void} fn called after each change; asks the server if what is here is old. @returns {() => void} */
  subscribe(fn) {
    this.#subscribers.add(fn);
    if (this.stale && !this.#running) this.refresh();
    return () => this.#subscribers.delete(fn);
  }

  #tell() {
    for (const fn of [...this.#subscribers]) fn();
  }

  /** Asks now; two callers share one request. @returns {Promise<unknown>} the data; rejects never (see `error`) */
  refresh() {
    this.#running ??= this.#ask().finally(() => {
      this.#running = null;
      if (!this.#again) return;
      this.#again = false; // what was on its way may have been read before the change
      if (this.watched) this.refresh();
    });
    return this.#running;
  }

  async #ask() {
    this.loading = true;
    this.#tell();
    const before = this.at;
    try {
      const data = await this.load();
      if (this.at !== before && this.at !== 0) return this.data; // set() came meanwhile and knows better
      this.#keep(data);
      this.error = null;
    } catch (error) {
      this.error = error;
    }
    this.loading = false;
    this.#tell();
    return this.data;
  }

  #keep(data) {
    const text = JSON.stringify(data) ?? '';
    if (text !== this.#text || this.data === undefined) this.data = data; // the same answer keeps the same object: nothing redraws
    this.#text = text;
    this.at = Date.now();
  }

  /** Acting at once: shows `data` before the server confirms. */
  set(data) {
    this.#text = '';
    this.data = data;
    this.at = Date.now();
    this.loading = false;
    this.#tell();
  }

  /** @param {(data: any) => any} change given the present data, returns the new; nothing happens when there is none yet */
  update(change) {
    if (this.data !== undefined) this.set(change(this.data));
  }

  expire() {
    this.at = 0;
    if (this.#running) this.#again = true;
    else if (this.watched) this.refresh();
  }
}

export class Queries {
  #kept = new Map();

  get(path, load, options) {
    let found = this.#kept.get(path);
    if (found) this.#kept.delete(path); // set again below: the map's order is the order of use
    else found = new Query(path, load, options);
    this.#kept.set(path, found);
    if (this.#kept.size > KEPT) this.#forget();
    return found;
  }

  #forget() {
    for (const [path, one] of this.#kept) {
      if (this.#kept.size <= KEPT) return;
      if (!one.watched) this.#kept.delete(path);
    }
  }

  invalidate(prefixes) {
    for (const [path, one] of this.#kept) if (prefixes.some((prefix) => path.startsWith(prefix))) one.expire();
  }

  clear() {
    this.#kept.clear();
  }
}

export const queries = new Queries();
