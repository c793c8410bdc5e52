// Files on their way in: what was dropped with what lies in folders, and what was chosen. Each `Given` says where it lay.
import { newId } from './platform.js';

/**
 * @typedef {object} Given
 * @property {File} file
 * @property {string} path with its folders, "Italy/a.jpg"
 * @property {{id: string, handle: FileSystemHandle} | null} root a handle that outlives the page, where the platform gives one
 * @property {string[]} steps from it to the file
 */

const asked = (fn) => new Promise((done, fail) => fn(done, fail));

async function under(entry, folders, root, found, told) {
  if (entry.isFile) {
    const file = await asked((done, fail) => entry.file(done, fail));
    found.push({ file, path: [...folders, file.name].join('/'), root, steps: folders.length ? [...folders.slice(1), file.name] : [] });
    if (found.length % 100 === 0) told(found.length);
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await asked((done, fail) => reader.readEntries(done, fail)); // a hundred at a time
    if (!some.length) return;
    await Promise.all(some.filter((one) => one.isFile).map((one) => under(one, [...folders, entry.name], root, found, told)));
    for (const one of some) if (one.isDirectory) await under(one, [...folders, entry.name], root, found, told);
  }
}

/** Everything that was dropped. @param {DataTransfer} data @param {(count: number) => void} [told] how many were found so far @returns {Promise<Given[]>} */
export async function dropped(data, told = () => {}) {
  const items = [...data.items].filter((item) => item.kind === 'file');
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null); // both only while the drop is told
  const handles = items.map((item) => item.getAsFileSystemHandle?.()?.catch(() => null) ?? null);
  if (!entries.some(Boolean)) return chosen(data.files);
  const found = [];
  for (const [i, entry] of entries.entries()) {
    const handle = entry ? await handles[i] : null;
    if (entry) await under(entry, [], handle ? { id: newId(), handle } : null, found, told);
  }
  return found;
}

/** @param {Iterable<File>} files of a field @returns {Given[]} */
export const chosen = (files) => [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name, root: null, steps: [] }));

/** @param {FileSystemFileHandle[]} handles of the platform's own picker @returns {Promise<Given[]>} */
export const ofHandles = (handles) => Promise.all(handles.map(async (handle) => {
  const file = await handle.getFile();
  return { file, path: file.name, root: { id: newId(), handle }, steps: [] };
}));
