// What can be done with photos. Each acts at once, says so in a toast, and can be undone where that is possible.
import { api } from '../api.js';
import { count } from '../format.js';
import { confirmDialog } from '../ui/dialog.js';
import { saveBlob } from '../ui/platform.js';
import { toast, toastError } from '../ui/toast.js';
import { readAgain, tell } from './changes.js';
import { say } from './en.js';
import { originalUrl } from './items.js';

const ARCHIVE_BYTES = 1 << 30; // one browser download each

/** @param {Iterable<{id: string}>} photos */
const idsOf = (photos) => [...photos].map((one) => one.id);

/** Changes what is shown, then the server; what the server refuses is shown as it is. */
async function act(ids, now, ask, done) {
  tell({ ids: new Set(ids), now });
  try {
    await ask();
    done?.();
  } catch (error) {
    toastError(error);
  }
  readAgain();
}

const put = (ids, body) => api.put('/api/assets', { ids, ...body });

export function favourite(photos, isFavorite) {
  const ids = idsOf(photos);
  return act(ids, { isFavorite }, () => put(ids, { isFavorite }));
}

export function archive(photos, away) {
  const ids = idsOf(photos);
  const to = (visibility) => act(ids, { visibility }, () => put(ids, { visibility }));
  const words = away ? say.archived(ids.length, count(ids.length)) : say.unarchived(ids.length, count(ids.length));
  return to(away ? 'archive' : 'timeline').then(() => toast(words, { undo: () => to(away ? 'timeline' : 'archive') }));
}

export function trash(photos) {
  const ids = idsOf(photos);
  return act(ids, { isTrashed: true }, () => api.delete('/api/assets', null, { body: { ids } }), () => toast(say.trashed(ids.length, count(ids.length)), { undo: () => restore(photos, { quiet: true }) }));
}

export function restore(photos, { quiet = false } = {}) {
  const ids = idsOf(photos);
  return act(ids, { isTrashed: false }, () => api.post('/api/trash/restore/assets', { ids }), () => !quiet && toast(say.restored(ids.length, count(ids.length)), { undo: () => trash(photos) }));
}

/** @returns {Promise<boolean>} whether it was done */
export async function deleteForGood(photos) {
  const ids = idsOf(photos);
  const sure = await confirmDialog({ heading: say.deleteTitle(ids.length, count(ids.length)), text: say.deleteText, action: say.deleteForGood, danger: true });
  if (sure) await act(ids, { isGone: true }, () => api.delete('/api/assets', null, { body: { ids, force: true } }));
  return sure;
}

export async function emptyTrash() {
  const sure = await confirmDialog({ heading: say.emptyTrashTitle, text: say.deleteText, action: say.emptyTrash, danger: true });
  if (!sure) return;
  try {
    const { count: gone } = await api.post('/api/trash/empty');
    toast(say.emptied(gone, count(gone)));
  } catch (error) {
    toastError(error);
  }
  readAgain();
}

export function takeOut(photos, albumId) {
  const ids = idsOf(photos);
  tell({ ids: new Set(ids), leaves: albumId });
  return act(ids, {}, async () => {
    const results = await api.delete(`/api/albums/${albumId}/assets`, null, { body: { ids } });
    const refused = results.filter((one) => !one.success).length;
    if (refused) toast(say.notTakenOut(refused, count(refused)), { kind: 'bad' });
    else toast(say.takenOut(ids.length, count(ids.length)), { undo: () => putInto(albumId, photos) });
  });
}

/** @returns {Promise<void>} */
export async function putInto(albumId, photos, name = '') {
  try {
    const results = await api.put(`/api/albums/${albumId}/assets`, { ids: idsOf(photos) });
    const added = results.filter((one) => one.success).length;
    const refused = results.filter((one) => !one.success && one.error !== 'duplicate').length;
    if (refused) toast(say.notAdded(refused, count(refused)), { kind: 'bad' });
    else if (added === 0) toast(say.alreadyIn(name));
    else if (name) toast(say.addedTo(added, count(added), name));
  } catch (error) {
    toastError(error);
  }
  readAgain();
}

/** One as it is, several as archives. */
export async function download(photos) {
  const ids = idsOf(photos);
  if (ids.length === 1) {
    const link = document.createElement('a');
    link.href = originalUrl(ids[0]);
    link.download = '';
    link.click();
    return;
  }
  const note = toast(say.packing(ids.length, count(ids.length)));
  try {
    const { archives } = await api.post('/api/download/info', { assetIds: ids, archiveSize: ARCHIVE_BYTES });
    for (const [at, { assetIds }] of archives.entries()) {
      const response = await api.bytes('POST', '/api/download/archive', { assetIds });
      saveBlob(await response.blob(), archives.length > 1 ? `photos-${at + 1}.zip` : 'photos.zip');
    }
  } catch (error) {
    toastError(error);
  }
  note.close();
}

/** The first of them, as they were chosen, lies on top. */
export async function stack(photos) {
  const ids = idsOf(photos);
  try {
    const made = await api.post('/api/stacks', { assetIds: ids });
    toast(say.stacked(made.assets.length, count(made.assets.length)), { undo: () => dissolve([made.id]) });
  } catch (error) {
    toastError(error);
  }
  readAgain();
}

async function dissolve(ids) {
  try {
    await api.delete('/api/stacks', null, { body: { ids } });
  } catch (error) {
    toastError(error);
  }
  readAgain();
}

/** Takes whole stacks apart; what was stacked can be stacked again. */
export async function unstack(photos) {
  const ids = [...new Set(photos.map((one) => one.stackId).filter(Boolean))];
  try {
    const stacks = await Promise.all(ids.map((id) => api.get(`/api/stacks/${id}`)));
    await api.delete('/api/stacks', null, { body: { ids } });
    tell({ ids: new Set(stacks.flatMap(({ assets }) => idsOf(assets))), now: { stackId: null, stacked: 0 } });
    const again = async () => {
      for (const { assets } of stacks) await api.post('/api/stacks', { assetIds: idsOf(assets) }).catch(toastError);
      readAgain();
    };
    toast(say.unstacked, { undo: again });
  } catch (error) {
    toastError(error);
  }
  readAgain();
}
