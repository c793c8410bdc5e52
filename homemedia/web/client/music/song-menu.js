// What one does with a song in a list: hear it next or at the end, go to where it is from.
import { go } from '../router.js';
import { openMenu } from '../ui/menu.js';
import { say } from './en.js';
import { albumHref } from './parts.js';
import { enqueue } from './start.js';

/** @param {any} song card @param {Element | {x: number, y: number}} at */
export async function songMenu(song, at) {
  const items = [
    { id: 'next', label: say.playNext, icon: 'next' },
    { id: 'end', label: say.addToEnd, icon: 'list' },
    { separator: true },
    ...(song.parentId ? [{ id: 'album', label: say.toAlbum, icon: 'album' }] : []),
    ...(song.grandparentId ? [{ id: 'artist', label: say.toArtist, icon: 'user' }] : []),
  ];
  const chosen = await openMenu(at, items, { label: song.title });
  if (chosen === 'next') await enqueue(song);
  if (chosen === 'end') await enqueue(song, { isNext: false });
  if (chosen === 'album') go(albumHref(song));
  if (chosen === 'artist') go(`/music/artist/${song.grandparentId}`);
}
