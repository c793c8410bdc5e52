// What is to be played: read anew each time, because a kept answer would resume at an old place.
import { api } from '../api.js';
import { episode, join } from '../format.js';
import { itemHref } from '../watch/links.js';
import { say } from './en.js';
import { fileOf } from './source.js';

const WATCHED = ['movie', 'episode', 'video'];

/** Whether places are kept for it; trailers and other extras have none. */
export const keepsPlace = (item) => WATCHED.includes(item?.type) && Boolean(item.libraryId);

/**
 * @param {string} key @param {number | null} fileId of an extra, about which there may be nothing but its file
 * @param {AbortSignal} signal
 * @throws {import('../api.js').ApiError} 404 when there is neither
 */
export async function readItem(key, fileId, signal) {
  try {
    return await api.get(`/api/media/${encodeURIComponent(key)}`, null, { signal });
  } catch (error) {
    if (error.status !== 404 || fileId === null) throw error;
    const info = await api.get(`/api/media/${fileId}/info`, null, { signal });
    return { id: key, type: 'extra', title: say.clip, files: [fileOf(info)], duration: info.duration, chapters: info.chapters ?? [], markers: [], viewOffset: 0 };
  }
}

/** A show or season plays what comes next in it, an album its first song. @returns {Promise<string | null>} a rating key */
export async function firstOf(item, signal) {
  if (item.nextUp) return item.nextUp.id;
  const all = await api.get(`/api/media/${item.id}/episodes`, null, { signal });
  return (all.items.find((one) => !one.watched) ?? all.items[0])?.id ?? null;
}

/** Title and second line, top left. */
export function namesOf(item) {
  if (item.type === 'episode' && item.grandparentTitle) return { title: item.grandparentTitle, second: episode(item) };
  if (item.type === 'track') return { title: item.title, second: join(item.artists?.join(', ') || item.grandparentTitle, item.parentTitle) };
  return { title: item.title, second: item.type === 'movie' && item.year ? String(item.year) : '' };
}

/** Where leaving leads when there is no way back in history. */
export function wayOut(item) {
  if (!item) return '/';
  if (item.type === 'episode' && item.grandparentId) return `/shows/${item.grandparentId}?season=${item.parentId}`;
  if (item.type === 'track' || keepsPlace(item)) return itemHref(item);
  return item.parentId ? `/films/${item.parentId}` : '/';
}
