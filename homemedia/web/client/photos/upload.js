// What is being added: one queue for the whole window, which goes on while one looks at other pages.
import { api, connection } from '../api.js';
import { newId, sha1 } from '../ui/platform.js';
import { readAgain } from './changes.js';
import { say } from './en.js';

const AT_ONCE = 3;
const CHECKED_AT_ONCE = 25;
const TRIES = 3;
const TELL_MS = 120;
const QUOTA = 'Quota has been exceeded!';
const LEFT_OUT = /^(\.|thumbs\.db$|desktop\.ini$)/i;

/**
 * @typedef {object} Sent one file on its way
 * @property {string} id
 * @property {File} file
 * @property {File | null} sidecar
 * @property {'waiting'|'reading'|'sending'|'added'|'known'|'failed'} state
 * @property {number} done 0–1 of its bytes
 * @property {string | null} problem
 * @property {string | null} assetId
 */

class Uploads {
  /** @type {Sent[]} */
  all = [];
  isPaused = false;
  pausedBy = null;
  /** Album everything goes into, {id, albumName}. */
  #kinds = null;
  #listeners = new Set();
  #running = new Map();
  #timer = 0;
  #checking = false;
  #leftOut = 0;

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

  get counts() {
    const counts = { all: this.all.length, added: 0, known: 0, failed: 0, open: 0, bytes: 0, doneBytes: 0, leftOut: this.#leftOut };
    for (const one of this.all) {
      counts.bytes += one.file.size;
      counts.doneBytes += one.file.size * (['added', 'known', 'failed'].includes(one.state) ? 1 : one.done);
      if (one.state in counts) counts[one.state] += 1;
      else counts.open += 1;
    }
    return counts;
  }

  get isBusy() {
    return this.all.some((one) => !['added', 'known', 'failed'].includes(one.state));
  }

  async #readKinds() {
    const { image, video } = await api.get('/api/server/media-types');
    this.#kinds = new Set([...image, ...video]);
  }

  /** @param {Iterable<File>} files @param {{id: string, albumName: string} | null} [album] */
  async add(files, album = null) {
    if (!this.#kinds) await this.#readKinds();
    if (!this.isBusy) {
      this.all = this.all.filter((one) => one.state === 'failed');
      this.#leftOut = 0;
    }
    const given = [...files].filter((file) => !LEFT_OUT.test(file.name));
    const ending = (name) => (/\.[^.]+$/.exec(name)?.[0] ?? '').toLowerCase();
    const path = (file) => file.path ?? file.webkitRelativePath ?? file.name;
    const sidecars = new Map(given.filter((file) => ending(file.name) === '.xmp').map((file) => [path(file).toLowerCase(), file]));
    const made = [];
    for (const file of given) {
      const kind = ending(file.name);
      if (kind === '.xmp') continue;
      if (!this.#kinds.has(kind)) {
        this.#leftOut += 1;
        continue;
      }
      const whole = path(file).toLowerCase();
      const sidecar = sidecars.get(`${whole}.xmp`) ?? sidecars.get(`${whole.slice(0, -kind.length)}.xmp`) ?? null;
      made.push({ id: newId(), file, sidecar, album, state: 'waiting', done: 0, problem: null, assetId: null, tries: 0, hash: undefined });
    }
    this.all = [...this.all, ...made];
    this.#tell();
    this.go();
    return made.length;
  }

  go() {
    if (this.isPaused) return;
    this.#check();
    while (this.#running.size < AT_ONCE) {
      const next = this.all.find((one) => one.state === 'waiting' && one.hash !== undefined && !one.checks);
      if (!next) break;
      this.#send(next);
    }
    this.#tell();
    if (!this.isBusy && this.#running.size === 0) this.#ended();
  }

  /** Reads the fingerprints of those that are next, and asks which of them are there already. Plain http has none: the server tells after the bytes. */
  async #check() {
    if (this.#checking) return;
    const next = this.all.filter((one) => one.state === 'waiting' && one.hash === undefined).slice(0, CHECKED_AT_ONCE);
    const ready = this.all.filter((one) => one.state === 'waiting' && one.hash !== undefined).length;
    if (!next.length || ready > CHECKED_AT_ONCE) return;
    this.#checking = true;
    for (const one of next) {
      one.state = 'reading';
      try {
        one.hash = await sha1(one.file);
        one.state = 'waiting';
        one.checks = one.hash !== null;
      } catch {
        Object.assign(one, { state: 'failed', problem: say.unreadableFile, hash: null }); // moved or taken away since it was chosen
      }
      this.#tell();
    }
    const asked = next.filter((one) => one.checks);
    if (asked.length) {
      try {
        const { results } = await api.post('/api/assets/bulk-upload-check', { assets: asked.map(({ id, hash }) => ({ id, checksum: hash })) });
        const known = new Map(results.filter((one) => one.action === 'reject').map((one) => [one.id, one]));
        for (const one of asked) if (known.get(one.id)?.reason === 'duplicate') Object.assign(one, { state: 'known', done: 1, assetId: known.get(one.id).assetId });
        await this.#intoAlbum(asked.filter((one) => one.state === 'known'));
      } catch {
        // not answered: each is asked for again when it is sent
      }
    }
    for (const one of next) one.checks = false;
    this.#checking = false;
    this.go();
  }

  async #send(one) {
    one.state = 'sending';
    one.problem = null;
    try {
      const { id, duplicate } = await this.#request(one);
      Object.assign(one, { state: duplicate ? 'known' : 'added', done: 1, assetId: id });
      await this.#intoAlbum([one]);
    } catch (error) {
      this.#failed(one, error);
    }
    this.#running.delete(one.id);
    this.go();
  }

  #request(one) {
    const form = new FormData();
    const taken = new Date(one.file.lastModified || Date.now()).toISOString();
    form.append('fileCreatedAt', taken);
    form.append('fileModifiedAt', taken);
    form.append('filename', one.file.name);
    if (one.sidecar) form.append('sidecarData', one.sidecar, one.sidecar.name);
    form.append('assetData', one.file, one.file.name);
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

  #failed(one, error) {
    one.done = 0;
    if (error.isAborted) {
      one.state = this.all.includes(one) ? 'waiting' : 'failed';
      return;
    }
    if (error.message === QUOTA) {
      one.state = 'waiting';
      this.pause(say.quotaFull);
      return;
    }
    one.tries += 1;
    if (error.status === 0 && one.tries < TRIES) {
      one.state = 'waiting';
      this.pause(say.waitsForServer);
      connection.recovered().then(() => this.pausedBy === say.waitsForServer && this.resume());
      return;
    }
    one.state = 'failed';
    one.problem = error.message || say.interrupted;
  }

  async #intoAlbum(sent) {
    const album = sent[0]?.album;
    if (!album) return;
    try {
      await api.put(`/api/albums/${album.id}/assets`, { ids: sent.map((one) => one.assetId) });
    } catch (error) {
      for (const one of sent) Object.assign(one, { state: 'failed', problem: error.message });
    }
  }

  #ended() {
    clearTimeout(this.later);
    this.later = setTimeout(readAgain, 300);
  }

  pause(why = null) {
    this.isPaused = true;
    this.pausedBy = why;
    for (const request of this.#running.values()) request.abort();
    this.#tell();
  }

  resume() {
    this.isPaused = false;
    this.pausedBy = null;
    this.go();
  }

  retry(one = null) {
    for (const each of one ? [one] : this.all) if (each.state === 'failed') Object.assign(each, { state: 'waiting', problem: null, done: 0, tries: 0, hash: each.hash ?? undefined });
    this.isPaused = false;
    this.pausedBy = null;
    this.go();
  }

  /** Ends what has not come in yet, and forgets the list. */
  clear() {
    const running = [...this.#running.values()];
    this.all = [];
    this.isPaused = false;
    this.pausedBy = null;
    this.#leftOut = 0;
    for (const request of running) request.abort();
    this.#tell();
  }
}

export const uploads = new Uploads();
window.addEventListener('beforeunload', (event) => uploads.isBusy && event.preventDefault());

async function under(entry, path, found) {
  if (entry.isFile) {
    const file = await new Promise((done, fail) => entry.file(done, fail));
    file.path = path + file.name;
    found.push(file);
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail)); // a hundred at a time
    if (!some.length) return;
    for (const one of some) await under(one, `${path}${entry.name}/`, found);
  }
}

/** Everything that was dropped, with what lies in folders. @param {DataTransfer} data @returns {Promise<File[]>} */
export async function filesIn(data) {
  const entries = [...data.items].map((item) => (item.kind === 'file' ? item.webkitGetAsEntry?.() : null)).filter(Boolean);
  if (!entries.length) return [...data.files];
  const found = [];
  for (const entry of entries) await under(entry, '', found);
  return found;
}
