// Into the locked folder and out of it.
import { api, invalidate } from '../api.js';
import { count } from '../format.js';
import { toast, toastError } from '../ui/toast.js';
import { readAgain, tell } from './changes.js';
import { say } from './en.js';

const STATUS = '/api/auth/status';

/** The session opens what is locked; asks for the PIN where it does not, and for a new one where there is none. @returns {Promise<boolean>} */
export async function opened() {
  const { pinCode, isElevated } = await api.get(STATUS);
  if (isElevated) return true;
  const { askPin } = await import('./pin-dialog.js');
  const done = await askPin(pinCode ? 'enter' : 'set');
  invalidate(STATUS);
  return done;
}

async function put(photos, visibility) {
  const ids = photos.map((one) => one.id);
  tell({ ids: new Set(ids), now: { visibility } });
  try {
    await api.put('/api/assets', { ids, visibility }, { quiet: true });
    return true;
  } catch (error) {
    toastError(error);
    return false;
  } finally {
    readAgain();
  }
}

/** @param {import('./items.js').Photo[]} photos @returns {Promise<boolean>} */
export async function lockAway(photos) {
  try {
    if (!(await api.get(STATUS)).pinCode) {
      const { askPin } = await import('./pin-dialog.js');
      if (!(await askPin('set'))) return false;
      invalidate(STATUS);
    }
  } catch (error) {
    toastError(error);
    return false;
  }
  const undo = async () => (await opened()) && put(photos, photos.every((one) => one.visibility === 'archive') ? 'archive' : 'timeline');
  if (!(await put(photos, 'locked'))) return false;
  toast(say.lockedAway(photos.length, count(photos.length)), { undo });
  return true;
}

/** @param {import('./items.js').Photo[]} photos @returns {Promise<boolean>} */
export async function bringBack(photos) {
  if (!(await put(photos, 'timeline'))) return false;
  toast(say.broughtBack(photos.length, count(photos.length)), { undo: () => put(photos, 'locked') });
  return true;
}
