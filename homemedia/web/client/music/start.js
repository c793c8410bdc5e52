// Ways to begin: an album, an artist, a playlist, a song found somewhere.
import { api } from '../api.js';
import { toast, toastError } from '../ui/toast.js';
import { showBar } from './bar-host.js';
import { say } from './en.js';
import { music } from './music.js';

const AT_ONCE = 4;

/** @param {any} album card @returns {Queue['source']} */
export const ofAlbum = (album) => ({ kind: 'album', id: album.id, title: album.title, href: `/music/album/${album.id}` });
export const ofPlaylist = (playlist) => ({ kind: 'playlist', id: playlist.id, title: playlist.title, href: `/music/playlist/${playlist.id}` });
export const ofArtist = (artist) => ({ kind: 'artist', id: artist.id, title: artist.title, href: `/music/artist/${artist.id}` });

/** @param {any[]} tracks cards @param {{start?: number | null, source?: any, isShuffled?: boolean}} [how] */
export function playTracks(tracks, how) {
  showBar();
  music.play(tracks, how);
}

const tracksOf = async (id) => (await api.get(`/api/media/${id}/episodes`)).items;

/** Every song of an artist's own albums, in their order. */
async function tracksOfArtist(artist) {
  const albums = artist.albums ?? (await api.get(`/api/media/${artist.id}`)).albums ?? [];
  const found = [];
  for (let at = 0; at < albums.length; at += AT_ONCE) found.push(...(await Promise.all(albums.slice(at, at + AT_ONCE).map((album) => tracksOf(album.id)))));
  return found.flat();
}

/** Plays an artist, an album, or a song with what follows it on its album. @param {any} item card @param {{isShuffled?: boolean}} [how] */
export async function playMusic(item, { isShuffled = false } = {}) {
  music.deck.unlock();
  try {
    if (item.type === 'artist') return playTracks(await tracksOfArtist(item), { source: ofArtist(item), isShuffled });
    if (item.type === 'album') return playTracks(await tracksOf(item.id), { source: ofAlbum(item), isShuffled });
    const tracks = item.parentId ? await tracksOf(item.parentId) : [item];
    const start = tracks.findIndex((one) => one.id === item.id);
    return playTracks(tracks, { start: Math.max(0, start), source: item.parentId ? ofAlbum({ id: item.parentId, title: item.parentTitle }) : null, isShuffled });
  } catch (error) {
    return toastError(error);
  }
}

/** Puts an album or a song right behind what plays now, or at the end. @param {any} item card @param {{isNext?: boolean}} [how] */
export async function enqueue(item, { isNext = true } = {}) {
  try {
    const tracks = item.type === 'album' ? await tracksOf(item.id) : [item];
    showBar();
    music.add(tracks, { isNext });
    toast(isNext ? say.queued(item.title) : say.added(item.title));
  } catch (error) {
    toastError(error);
  }
}
