// What is being added: one queue for the whole window, which goes on while one looks at other pages and after a reload.
import { api, connection } from '../api.js';
import { session } from '../session.js';
import { fileAt } from '../ui/kept-uploads.js';
import { newId, sha1, store, wakeLock } from '../ui/platform.js';
import { readAgain } from './changes.js';
import { say } from './en.js';
import { forgetMade, putIn } from './upload-albums.js';
import { kept } from './upload-store.js';

const AT_ONCE = 3;
const CHECKED_AT_ONCE = 50;
const TRIES = 3;
const TELL_MS = 120;
const ALIVE_MS = 5000;
const AWAY = new Set([0, 429, 502, 503, 504]); // it is worth trying again by itself
const QUOTA = 'Quota has been exceeded!';
const LEFT_OUT = /^(\.|thumbs\.db$|desktop\.ini$)/i;
const DEALT = new Set(['added', 'known', 'failed']);
const HERE = 'uploads.here';

/**
 * @typedef {object} Sent one file on its way
 * @property {string} id
 * @property {string} name @property {string} path @property {number} size @property {number} modified
 * @property {File | null} file null: after a reload, until it is there again
 * @property {(() => Promise<File>) | null} find how it is found again
 * @property {Blob | null} sidecar
 * @property {'waiting'|'reading'|'sending'|'added'|'known'|'failed'|'lost'} state lost: it has to be chosen again
 * @property {number} done 0–1 of its bytes
 * @property {string | null} problem
 * @property {string | null} assetId
 * @property {boolean} [isTrashed] known, and in the trash
 * @property {{id?: string, albumName: string} | null} album
 */

const ending = (name) => (/\.[^.]+$/.exec(name)?.[0] ?? '').toLowerCase();
// Phones give a chosen picture another time each time it is chosen.
const sameFile = (name, size) => `${size} ${name}`;

class Uploads {
  /** @type {Sent[]} */
  all = [];
  isPaused = false;
  pausedBy = null;
  /** How many files were found so far in folders that are looked through; 0: none are. */
  looking = 0;
  #kinds = null;
  #listeners = new Set();
  #running = new Map();
  #toRead = [];
  #ready = [];
  #timer = 0;
  #checking = false;
  #leftOut = 0;
  #done = [];
  #awake = null;
  #heart = 0;
  #tab = newId();

  subscribe(fn) {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  #tell() {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      for (const fn of [...this.#listeners]) fn();
    }, TELL_MS);
  }

  /** @param {number} found */
  look(found) {
    this.looking = found;
    this.#tell();
  }

  get counts() {
    const counts = { all: this.all.length, added: 0, known: 0, failed: 0, lost: 0, trashed: 0, open: 0, bytes: 0, doneBytes: 0, leftOut: this.#leftOut };
    for (const one of this.all) {
      counts.bytes += one.size;
      counts.doneBytes += one.size * (DEALT.has(one.state) ? 1 : one.done);
      if (one.isTrashed) counts.trashed += 1;
      if (one.state in counts) counts[one.state] += 1;
      else counts.open += 1;
    }
    return counts;
  }

  get isBusy() {
    return this.all.some((one) => !DEALT.has(one.state) && one.state !== 'lost');
  }

  async #readKinds() {
    const { image, video } = await api.get('/api/server/media-types');
    this.#kinds = new Set([...image, ...video]);
  }

  /**
   * @param {import('../ui/given-files.js').Given[]} given
   * @param {(given: import('../ui/given-files.js').Given) => {id?: string, albumName: string} | null} [albumOf]
   */
  async add(given, albumOf = () => null) {
    if (!this.#kinds) await this.#readKinds();
    this.looking = 0;
    if (!this.isBusy) {
      this.all = this.all.filter((one) => one.state === 'failed' || one.state === 'lost');
      this.#leftOut = 0;
    }
    const usable = given.filter(({ file }) => !LEFT_OUT.test(file.name));
    const sidecars = new Map(usable.filter(({ file }) => ending(file.name) === '.xmp').map(({ file, path }) => [path.toLowerCase(), file]));
    const lost = new Map();
    for (const one of this.all) if (one.state === 'lost') lost.set(sameFile(one.name, one.size), [...(lost.get(sameFile(one.name, one.size)) ?? []), one]);
    const roots = new Map();
    const made = [];
    const found = [];
    for (const one of usable) {
      const { file, path, root, steps } = one;
      const kind = ending(file.name);
      if (kind === '.xmp') continue;
      if (!this.#kinds.has(kind)) {
        this.#leftOut += 1;
        continue;
      }
      const known = lost.get(sameFile(file.name, file.size))?.shift();
      if (known) {
        Object.assign(known, { file, state: 'waiting', hash: known.modified === file.lastModified ? known.hash : undefined, modified: file.lastModified });
        found.push(known);
        continue;
      }
      const whole = path.toLowerCase();
      const sidecar = sidecars.get(`${whole}.xmp`) ?? sidecars.get(`${whole.slice(0, -kind.length)}.xmp`) ?? null;
      if (root) roots.set(root.id, root);
      made.push({ id: newId(), name: file.name, path, size: file.size, modified: file.lastModified, file, find: null, sidecar, album: albumOf(one), rootId: root?.id ?? null, steps, state: 'waiting', done: 0, problem: null, assetId: null, tries: 0, hash: undefined });
    }
    this.all = [...this.all, ...made];
    this.#enqueue([...found, ...made]);
    const user = session.user?.id ?? '';
    kept.keep(made.map(({ id, name, path, size, modified, album, rootId, steps, sidecar }) => ({ id, user, name, path, size, modified, hash: null, album, rootId, steps, sidecar })), [...roots.values()]);
    this.go();
    return made.length + found.length;
  }

  #enqueue(some) {
    for (const one of some) (one.hash ? this.#ready : this.#toRead).push(one);
  }

  /** What a reload has left: files that can be found again go on, the others are to be chosen again. */
  async resume() {
    const { files, roots } = await kept.left();
    const own = files.filter((one) => one.user === session.user?.id && !this.all.some((other) => other.id === one.id));
    if (!own.length) {
      if (!files.length) kept.forgetAll();
      return;
    }
    const may = new Map();
    for (const [id, handle] of roots) may.set(id, (await handle.queryPermission?.({ mode: 'read' }).catch(() => 'denied')) ?? 'granted');
    const back = own.map((one) => {
      const handle = one.rootId ? roots.get(one.rootId) : null;
      return { ...one, file: null, find: handle ? () => fileAt(handle, one.steps) : null, handle, state: handle && may.get(one.rootId) === 'granted' ? 'waiting' : 'lost', done: 0, problem: null, assetId: null, tries: 0, hash: one.hash ?? undefined };
    });
    this.all = [...this.all, ...back];
    this.#enqueue(back.filter((one) => one.state === 'waiting'));
    this.go();
  }

  /** How many of those that are lost need no more than a yes. */
  get mayAsk() {
    return this.all.filter((one) => one.state === 'lost' && one.handle).length;
  }

  /** Asks to read again what was being read before the reload; needs a press. */
  async askAgain() {
    const answers = new Map();
    for (const one of this.all) {
      if (one.state !== 'lost' || !one.handle) continue;
      if (!answers.has(one.rootId)) answers.set(one.rootId, await one.handle.requestPermission({ mode: 'read' }).catch(() => 'denied'));
      if (answers.get(one.rootId) !== 'granted') continue;
      one.state = 'waiting';
      this.#enqueue([one]);
    }
    this.go();
  }

  go() {
    if (this.isPaused) return;
    this.#beat();
    this.#check();
    while (this.#running.size < AT_ONCE && this.#ready.length) {
      const next = this.#ready.shift();
      if (next.state === 'waiting') this.#send(next);
    }
    this.#tell();
    if (!this.isBusy && this.#running.size === 0) this.#ended();
  }

  /** Other windows see that this one is at it; the screen stays on. */
  #beat() {
    if (this.#heart || !this.isBusy) return;
    const beat = () => store.set(HERE, { tab: this.#tab, at: Date.now() });
    beat();
    this.#heart = setInterval(beat, ALIVE_MS);
    this.#awake = wakeLock();
  }

  /** Whether another window adds what is left. */
  static get isElsewhere() {
    const here = store.get(HERE);
    return Boolean(here && Date.now() - here.at < ALIVE_MS * 3);
  }

  /** Reads the fingerprints of those that are next, and asks which of them are there already. */
  async #check() {
    if (this.#checking || this.isPaused || !this.#toRead.length || this.#ready.length > CHECKED_AT_ONCE) return;
    this.#checking = true;
    const next = this.#toRead.splice(0, CHECKED_AT_ONCE).filter((one) => one.state === 'waiting');
    const asked = [];
    for (const [at, one] of next.entries()) {
      if (this.isPaused || !this.all.includes(one)) {
        this.#toRead.unshift(...next.slice(at).filter((other) => this.all.includes(other)));
        break;
      }
      one.state = 'reading';
      this.#tell();
      try {
        one.file ??= await one.find();
        one.hash = await sha1(one.file);
        one.state = 'waiting';
        asked.push(one);
      } catch {
        this.#dealt(one, { state: 'failed', problem: say.unreadableFile, hash: null }); // moved or taken away since it was chosen
      }
    }
    if (asked.length) {
      try {
        const { results } = await api.post('/api/assets/bulk-upload-check', { assets: asked.map(({ id, hash }) => ({ id, checksum: hash })) });
        const known = new Map(results.filter((one) => one.action === 'reject' && one.reason === 'duplicate').map((one) => [one.id, one]));
        for (const one of asked) if (known.has(one.id)) this.#dealt(one, { state: 'known', done: 1, assetId: known.get(one.id).assetId, isTrashed: known.get(one.id).isTrashed === true });
        await this.#intoAlbums(asked.filter((one) => one.state === 'known'));
      } catch {
        // not answered: each is asked for again when it is sent
      }
      this.#ready.push(...asked.filter((one) => one.state === 'waiting'));
    }
    this.#checking = false;
    this.go();
  }

  async #send(one) {
    one.state = 'sending';
    one.problem = null;
    try {
      one.file ??= await one.find();
      const { id, duplicate } = await this.#request(one);
      this.#dealt(one, { state: duplicate ? 'known' : 'added', done: 1, assetId: id });
      await this.#intoAlbums([one]);
    } catch (error) {
      this.#failed(one, error);
    }
    this.#running.delete(one.id);
    this.go();
  }

  #request(one) {
    const form = new FormData();
    const taken = new Date(one.modified || Date.now()).toISOString();
    form.append('fileCreatedAt', taken);
    form.append('fileModifiedAt', taken);
    form.append('filename', one.name);
    if (one.sidecar) form.append('sidecarData', one.sidecar, one.sidecar.name ?? `${one.name}.xmp`);
    form.append('assetData', one.file, one.name);
    const request = new XMLHttpRequest(); // fetch tells nothing of how far an upload is
    this.#running.set(one.id, request);
    return new Promise((done, fail) => {
      request.open('POST', '/api/assets');
      if (one.hash) request.setRequestHeader('x-immich-checksum', one.hash);
      request.responseType = 'json';
      request.upload.addEventListener('progress', (event) => {
        one.done = event.lengthComputable && event.total ? Math.min(0.99, event.loaded / event.total) : one.done;
        this.#tell();
      });
      request.addEventListener('load', () => {
        const body = request.response ?? {};
        if (request.status < 300) done({ id: body.id, duplicate: body.status === 'duplicate' });
        else fail(Object.assign(new Error(body.message ?? say.refused), { status: request.status }));
      });
      request.addEventListener('error', () => fail(Object.assign(new Error(say.interrupted), { status: 0 })));
      request.addEventListener('abort', () => fail(Object.assign(new Error(''), { isAborted: true })));
      request.send(form);
    });
  }

  #dealt(one, now) {
    Object.assign(one, now);
    one.file = DEALT.has(one.state) && one.state !== 'failed' ? null : one.file; // a picture that is here need not be held
    if (one.state === 'failed') return;
    this.#done.push(one.id);
    if (this.#done.length >= CHECKED_AT_ONCE || !this.isBusy) kept.forget(this.#done.splice(0));
  }

  #failed(one, error) {
    one.done = 0;
    if (error.isAborted) {
      if (!this.all.includes(one)) return;
      one.state = 'waiting';
      this.#ready.unshift(one);
      return;
    }
    if (error.message === QUOTA) {
      one.state = 'waiting';
      this.#ready.unshift(one);
      this.pause(say.quotaFull);
      return;
    }
    one.tries += 1;
    if (AWAY.has(error.status) && one.tries < TRIES) {
      one.state = 'waiting';
      this.#ready.unshift(one);
      this.pause(say.waitsForServer);
      connection.recovered().then(() => this.pausedBy === say.waitsForServer && this.resumeAll());
      return;
    }
    one.state = 'failed';
    one.problem = error.status === undefined ? say.unreadableFile : error.message || say.interrupted;
  }

  async #intoAlbums(sent) {
    const albums = new Map();
    for (const one of sent) if (one.album) albums.set(one.album.id ?? one.album.albumName, [...(albums.get(one.album.id ?? one.album.albumName) ?? []), one]);
    for (const some of albums.values()) {
      try {
        await putIn(some[0].album, some.map((one) => one.assetId));
      } catch (error) {
        for (const one of some) Object.assign(one, { state: 'failed', problem: error.message });
      }
    }
  }

  #ended() {
    clearTimeout(this.later);
    this.later = setTimeout(readAgain, 300);
    clearInterval(this.#heart);
    this.#heart = 0;
    store.set(HERE, null);
    this.#awake?.then((release) => release());
    this.#awake = null;
    if (!this.all.some((one) => one.state === 'failed' || one.state === 'lost')) {
      this.#done = [];
      kept.forgetAll();
      forgetMade();
    } else if (this.#done.length) kept.forget(this.#done.splice(0));
  }

  pause(why = null) {
    this.isPaused = true;
    this.pausedBy = why;
    for (const request of this.#running.values()) request.abort();
    this.#tell();
  }

  resumeAll() {
    this.isPaused = false;
    this.pausedBy = null;
    this.go();
  }

  retry(one = null) {
    const some = (one ? [one] : this.all).filter((each) => each.state === 'failed');
    for (const each of some) Object.assign(each, { state: 'waiting', problem: null, done: 0, tries: 0, hash: each.hash ?? undefined });
    this.#enqueue(some.filter((each) => !this.#toRead.includes(each)));
    this.resumeAll();
  }

  /** What is here already, but in the trash, comes back. */
  async restore() {
    const trashed = this.all.filter((one) => one.isTrashed);
    await api.post('/api/trash/restore/assets', { ids: trashed.map((one) => one.assetId) });
    for (const one of trashed) one.isTrashed = false;
    this.#tell();
    readAgain();
  }

  /** What has to be chosen again is let be. */
  letBe() {
    const lost = this.all.filter((one) => one.state === 'lost');
    this.all = this.all.filter((one) => one.state !== 'lost');
    kept.forget(lost.map((one) => one.id));
    this.#tell();
    if (!this.isBusy) this.#ended();
  }

  /** Ends what has not come in yet, and forgets the list. */
  clear() {
    const running = [...this.#running.values()];
    this.all = [];
    this.#toRead = [];
    this.#ready = [];
    this.#done = [];
    this.isPaused = false;
    this.pausedBy = null;
    this.looking = 0;
    this.#leftOut = 0;
    for (const request of running) request.abort();
    clearInterval(this.#heart);
    this.#heart = 0;
    store.set(HERE, null);
    this.#awake?.then((release) => release());
    this.#awake = null;
    kept.forgetAll();
    this.#tell();
  }
}

export const uploads = new Uploads();

/** Goes on with what a reload has left, unless another window does. @returns {Promise<boolean>} whether there is something to show */
export async function goOn() {
  if (Uploads.isElsewhere) return false;
  await uploads.resume();
  return uploads.all.length > 0;
}

// Those that are found again by themselves go on after a reload; for the others it is asked whether to leave.
window.addEventListener('beforeunload', (event) => uploads.isBusy && uploads.all.some((one) => !DEALT.has(one.state) && !one.rootId) && event.preventDefault());
window.addEventListener('pagehide', () => uploads.isBusy && store.set(HERE, null));
