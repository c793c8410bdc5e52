// What menus, keys and bars ask to be done with photos, by name: the rows, the viewer, the map all mean the same by it.
import * as deeds from './deeds.js';
import { further } from './further.js';

/** After these what was chosen is dealt with, and the choice ends. */
export const ENDING = new Set(['archive', 'unarchive', 'restore', 'take-out', 'stack', 'unstack', 'unlock']);

/** These ask first; what was chosen stays chosen when nothing came of it. */
export const ASKING = new Set(['album', 'give', 'tag', 'date', 'place', 'words', 'stars', 'lock', 'not-him', 'feature']);

/** Asks for an album and puts them into it. @returns {Promise<boolean>} whether they went somewhere */
async function intoAlbum(photos) {
  const { chooseAlbum } = await import('./album-dialog.js');
  const album = await chooseAlbum(photos.map((one) => one.id));
  if (!album) return false;
  if (!album.isNew) await deeds.putInto(album.id, photos, album.albumName);
  return true;
}

/**
 * @param {string} what @param {import('./items.js').Photo[]} photos @param {{album?: {id: string} | null, person?: any}} [place] the album or the person one looks at
 * @returns {unknown} of those that ask: whether it was done
 */
export function perform(what, photos, { album = null, person = null } = {}) {
  switch (what) {
    case 'favourite': return deeds.favourite(photos, !photos.every((one) => one.isFavorite));
    case 'archive': return deeds.archive(photos, true);
    case 'unarchive': return deeds.archive(photos, false);
    case 'download': return deeds.download(photos);
    case 'restore': return deeds.restore(photos);
    case 'take-out': return deeds.takeOut(photos, album.id);
    case 'stack': return deeds.stack(photos);
    case 'unstack': return deeds.unstack(photos);
    case 'album': return intoAlbum(photos);
    default: return further(what, photos, { person });
  }
}
