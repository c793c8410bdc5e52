// Changes to documents of blocks that are not open: one message to the server, and no socket.
import { Y } from '../vendor/editor.js';
import { api } from '../api.js';

const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** Change a block's document without opening it. @param {string} heap @param {string} block @param {any} doc as it is @param {(doc: any) => void} change */
export async function push(heap, block, doc, change) {
  const before = Y.encodeStateVector(doc);
  doc.transact(() => change(doc));
  const update = base64(Y.encodeStateAsUpdate(doc, before));
  doc.destroy();
  const answer = await api.post('/api/sync/push', { blocks: [{ block_id: block, workspace_id: heap, update }] });
  const [{ success, message, status }] = answer.results;
  if (!success) throw new Error(message ?? status);
}

/** Give a block that is not open another name. @param {string} heap @param {string} block @param {string} title */
export async function rename(heap, block, title) {
  const { ydoc } = await api.post(`/api/block/${block}`, { include: ['ydoc'] });
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Uint8Array.from(atob(ydoc), (char) => char.charCodeAt(0)));
  await push(heap, block, doc, () => doc.getMap('meta').set('title', title));
}
