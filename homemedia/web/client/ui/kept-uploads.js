// What was to be sent, kept over a reload: names, hashes and, where the platform gives them, handles to the files themselves.
// Large files are not kept: that would copy gigabytes. Everything here may fail (private windows); then the list lasts as long as the page.
import { store } from './platform.js';

/**
 * @typedef {object} Kept
 * @property {string} id
 * @property {string} user whose it is
 * @property {string} name @property {number} size @property {number} modified
 * @property {string | null} hash
 * @property {string | null} rootId of a handle
 * @property {string[]} steps from it to the file
 */

const answered = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

/** One list of such files, in a database of its own. */
class Keeper {
  #opening = null;

  /** @param {string} name of the database @param {string} flag says without opening it that something may be left */
  constructor(name, flag) {
    this.name = name;
    this.flag = flag;
  }

  #opened() {
    this.#opening ??= new Promise((done, fail) => {
      const asked = indexedDB.open(this.name, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore('files', { keyPath: 'id' });
        asked.result.createObjectStore('roots', { keyPath: 'id' });
      };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    });
    return this.#opening;
  }

  /** One transaction; what cannot be kept is not kept. */
  async #write(names, work) {
    try {
      const db = await this.#opened();
      await new Promise((done, fail) => {
        const tx = db.transaction(names, 'readwrite');
        tx.oncomplete = done;
        tx.onerror = tx.onabort = () => fail(tx.error);
        work(tx);
      });
    } catch {
      this.#opening = null;
    }
  }

  /** Whether something may be left of before. */
  get isAnythingLeft() {
    return Boolean(store.get(this.flag));
  }

  /** @param {Kept[]} files @param {{id: string, handle: FileSystemHandle}[]} roots */
  keep(files, roots) {
    store.set(this.flag, true);
    return this.#write(['files', 'roots'], (tx) => {
      for (const one of roots) tx.objectStore('roots').put(one);
      for (const one of files) tx.objectStore('files').put(one);
    });
  }

  /** @param {string[]} ids that are dealt with */
  forget(ids) {
    return this.#write(['files'], (tx) => {
      for (const id of ids) tx.objectStore('files').delete(id);
    });
  }

  async forgetAll() {
    store.set(this.flag, null);
    await this.#write(['files', 'roots'], (tx) => {
      tx.objectStore('files').clear();
      tx.objectStore('roots').clear();
    });
  }

  /** @returns {Promise<{files: Kept[], roots: Map<string, FileSystemHandle>}>} */
  async left() {
    try {
      const tx = (await this.#opened()).transaction(['files', 'roots']);
      const [files, roots] = await Promise.all([answered(tx.objectStore('files').getAll()), answered(tx.objectStore('roots').getAll())]);
      return { files, roots: new Map(roots.map((one) => [one.id, one.handle])) };
    } catch {
      return { files: [], roots: new Map() };
    }
  }
}

/** @param {string} name of the database @param {string} flag */
export const keeper = (name, flag) => new Keeper(name, flag);

/** The file a handle and the steps from it lead to. @param {any} handle @param {string[]} steps @returns {Promise<File>} */
export async function fileAt(handle, steps) {
  let at = handle;
  for (const [i, name] of steps.entries()) at = i === steps.length - 1 ? await at.getFileHandle(name) : await at.getDirectoryHandle(name);
  return at.getFile();
}
