// What was to be added, kept over a reload: names, fingerprints and, where the platform gives them, handles to the files themselves.
// Files are not kept: that would copy gigabytes. Everything here may fail (private windows); then the list lasts as long as the page.
import { store } from '../ui/platform.js';

const NAME = 'homemedia-uploads';
const OPEN = 'uploads.open';

/**
 * @typedef {object} Kept
 * @property {string} id
 * @property {string} user whose they are
 * @property {string} name @property {string} path @property {number} size @property {number} modified
 * @property {string | null} hash
 * @property {{id?: string, albumName: string} | null} album
 * @property {string | null} rootId of a handle
 * @property {string[]} steps from it to the file
 * @property {Blob | null} sidecar
 */

let opening = null;

function opened() {
  opening ??= new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('files', { keyPath: 'id' });
      asked.result.createObjectStore('roots', { keyPath: 'id' });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  return opening;
}

/** One transaction; what cannot be kept is not kept. */
async function write(names, work) {
  try {
    const db = await opened();
    await new Promise((done, fail) => {
      const tx = db.transaction(names, 'readwrite');
      tx.oncomplete = done;
      tx.onerror = tx.onabort = () => fail(tx.error);
      work(tx);
    });
  } catch {
    opening = null;
  }
}

const answered = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

/** Whether something may be left of before. */
export const isAnythingLeft = () => Boolean(store.get(OPEN));

/** @param {Kept[]} files @param {{id: string, handle: FileSystemHandle}[]} roots */
export function keep(files, roots) {
  store.set(OPEN, true);
  return write(['files', 'roots'], (tx) => {
    for (const one of roots) tx.objectStore('roots').put(one);
    for (const one of files) tx.objectStore('files').put(one);
  });
}

/** @param {string[]} ids that are dealt with */
export const forget = (ids) => write(['files'], (tx) => {
  for (const id of ids) tx.objectStore('files').delete(id);
});

export async function forgetAll() {
  store.set(OPEN, null);
  await write(['files', 'roots'], (tx) => {
    tx.objectStore('files').clear();
    tx.objectStore('roots').clear();
  });
}

/** @returns {Promise<{files: Kept[], roots: Map<string, FileSystemHandle>}>} */
export async function left() {
  try {
    const tx = (await opened()).transaction(['files', 'roots']);
    const [files, roots] = await Promise.all([answered(tx.objectStore('files').getAll()), answered(tx.objectStore('roots').getAll())]);
    return { files, roots: new Map(roots.map((one) => [one.id, one.handle])) };
  } catch {
    return { files: [], roots: new Map() };
  }
}

/** The file a handle and the steps from it lead to. @param {any} handle @param {string[]} steps @returns {Promise<File>} */
export async function fileAt(handle, steps) {
  let at = handle;
  for (const [i, name] of steps.entries()) at = i === steps.length - 1 ? await at.getFileHandle(name) : await at.getDirectoryHandle(name);
  return at.getFile();
}
