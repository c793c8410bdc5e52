// What one does to a thing from anywhere: play it, mark it, dismiss it; acted on at once, with a way back.
import { api, invalidate } from '../api.js';
import { episode } from '../format.js';
import { go } from '../router.js';
import { openMenu } from '../ui/menu.js';
import { copyText } from '../ui/platform.js';
import { toast } from '../ui/toast.js';
import { say } from './en.js';
import { itemHref, playHref } from './links.js';

const TOUCHED = ['/api/libraries', '/api/media', '/api/continue-watching', '/api/home/library', '/api/discover', '/api/search'];

export const nameOf = (item) => (item.type === 'episode' && item.grandparentTitle ? `${item.grandparentTitle}, ${episode(item)}` : item.title);

/** Plays a thing; a show plays what comes next. */
export async function play(item) {
  if (item.type !== 'show' && item.type !== 'season') return go(playHref(item.id));
  const detail = await api.get(`/api/media/${item.id}`);
  const next = detail.nextUp ?? (await api.get(`/api/media/${item.id}/episodes`)).items[0];
  return next ? go(playHref(next.id)) : go(itemHref(item));
}

/** @param {import('../types.js').Summary} item @param {boolean} watched */
export async function mark(item, watched, after = () => {}) {
  const path = (is) => `/api/${is ? 'mark-watched' : 'mark-unwatched'}/${item.id}`;
  const had = { offset: item.viewOffset, watched: item.watched };
  const told = () => {
    invalidate(...TOUCHED);
    after();
  };
  try {
    await api.post(path(watched));
    told();
    const name = nameOf(item);
    toast(watched ? say.nowWatched(name) : say.nowUnwatched(name), {
      undo: async () => {
        await api.post(path(!watched));
        // What was marked may have been begun before: its place comes back too.
        if (had.offset > 0) await api.post('/api/progress', { ratingKey: item.id, offset: had.offset });
        told();
      },
    });
  } catch (error) {
    toast(error.message, { kind: 'bad' });
  }
}

export async function dismiss(item) {
  try {
    await api.post('/api/progress', { ratingKey: item.id, offset: item.viewOffset, hidden: true });
    invalidate(...TOUCHED);
    toast(say.dismissed(item.title), {
      undo: async () => {
        await api.post('/api/progress', { ratingKey: item.id, offset: item.viewOffset, hidden: false });
        invalidate(...TOUCHED);
      },
    });
  } catch (error) {
    toast(error.message, { kind: 'bad' });
  }
}

export async function copyLink(item) {
  if (await copyText(`${location.origin}${itemHref(item)}`)) toast(say.copied);
}

/** The menu of a card at a place. @param {import('../types.js').Summary} item @param {{x: number, y: number}} at */
export async function itemMenu(item, at, { dismissable = false } = {}) {
  const isDone = item.unwatchedCount === undefined ? item.watched : item.unwatchedCount === 0;
  const items = [
    { id: 'play', label: say.play, icon: 'play', key: 'P' },
    { id: 'mark', label: isDone ? say.markUnwatched : say.markWatched, icon: 'check', key: 'W' },
    ...(dismissable ? [{ id: 'dismiss', label: say.dismiss, icon: 'x' }] : []),
    { id: 'link', label: say.copyLink, icon: 'link' },
  ];
  const chosen = await openMenu(at, items, { label: nameOf(item) });
  if (chosen === 'play') await play(item);
  if (chosen === 'mark') await mark(item, !isDone);
  if (chosen === 'dismiss') await dismiss(item);
  if (chosen === 'link') await copyLink(item);
}
