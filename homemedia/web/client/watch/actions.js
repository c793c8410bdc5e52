// What one does to a thing from anywhere: play it, mark it, dismiss it; acted on at once, with a way back.
import { api, artUrl, invalidate } from '../api.js';
import { episode } from '../format.js';
import { editHref, editItems, mayEdit, pickedEdit } from '../edit/menu.js';
import { playMusic } from '../music/start.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { onKey } from '../ui/controllers.js';
import { openMenu } from '../ui/menu.js';
import { share } from '../ui/platform.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { isDone } from './items.js';
import { itemHref, playHref } from './links.js';
import { tellWhy } from './why.js';

const TOUCHED = ['/api/libraries', '/api/media', '/api/continue-watching', '/api/home/library', '/api/discover', '/api/search', '/api/watchlist'];
const heard = new Set();

/** "The Brook", "Well-Diggers, S2 · E4 — The Well", "Well-Diggers, Season 2". */
export function nameOf(item) {
  if (item.type === 'episode' && item.grandparentTitle) return `${item.grandparentTitle}, ${episode(item)}`;
  return item.type === 'season' && item.parentTitle ? `${item.parentTitle}, ${item.title}` : item.title;
}

/** Hears what is done here before the server answers, while the host is connected: `{kind: 'mark' | 'dismiss' | 'list', item, watched, listed}`. */
export class Deeds {
  constructor(host, fn) {
    this.fn = fn;
    host.addController(this);
  }

  hostConnected() {
    heard.add(this.fn);
  }

  hostDisconnected() {
    heard.delete(this.fn);
  }
}

const tell = (deed) => {
  for (const fn of [...heard]) fn(deed);
};
const settled = () => invalidate(...TOUCHED);

/** Plays a thing; a show or season plays what comes next. */
export async function play(item) {
  if (['artist', 'album', 'track'].includes(item.type)) return playMusic(item);
  if (item.type !== 'show' && item.type !== 'season') return go(playHref(item.id, { file: item.fileId ?? null }));
  try {
    const detail = item.type === 'show' ? await api.get(`/api/media/${item.id}`) : null;
    const { items } = detail?.nextUp ? { items: [detail.nextUp] } : await api.get(`/api/media/${item.id}/episodes`);
    const next = items.find((one) => !one.watched) ?? items[0];
    return next ? go(playHref(next.id)) : go(itemHref(item));
  } catch (error) {
    return toastError(error);
  }
}

const markPath = (item, watched) => `/api/${watched ? 'mark-watched' : 'mark-unwatched'}/${item.id}`;

/** Sets one film or episode back to what it was, its place and the time of the last view with it. */
async function restore(was) {
  await api.post(markPath(was, was.watched));
  // A second later than the last view, which the server keeps finer than it tells: an older report would not count.
  if (was.viewOffset > 0) await api.post('/api/progress', { ratingKey: was.id, offset: was.viewOffset, at: was.lastViewedAt ? was.lastViewedAt + 1 : undefined });
}

/** What a mark will change: the thing itself, or the episodes below it that are not so already. */
async function touchedBy(item, watched) {
  if (item.type !== 'show' && item.type !== 'season') return [item];
  const { items } = await api.get(`/api/media/${item.id}/episodes`);
  return items.filter((one) => one.watched !== watched || one.viewOffset > 0);
}

/** @param {import('../types.js').Summary} item @param {boolean} watched */
export async function mark(item, watched) {
  tell({ kind: 'mark', item, watched });
  try {
    const before = await touchedBy(item, watched);
    await api.post(markPath(item, watched));
    settled();
    const undo = async () => {
      tell({ kind: 'mark', item: { ...item, watched }, watched: !watched });
      try {
        for (const was of before) await restore(was);
        if (item.watchlisted) await api.post(listPath(item)); // watching took it off
      } catch (error) {
        toastError(error);
      }
      settled();
    };
    toast(watched ? say.nowWatched(nameOf(item)) : say.nowUnwatched(nameOf(item)), { undo });
  } catch (error) {
    toastError(error);
    settled(); // shows again what the server knows
  }
}

const listPath = (item) => `/api/watchlist/${item.id}`;

/** Films, shows and home videos are wished for; an episode stands for its show, which has a page of its own. */
export const isListable = (item) => ['movie', 'show', 'video'].includes(item?.type);

/** Puts it on the member's watchlist or takes it off. @param {import('../types.js').Summary} item @param {boolean} listed */
export async function list(item, listed) {
  const set = async (to) => {
    tell({ kind: 'list', item, listed: to });
    try {
      await (to ? api.post(listPath(item)) : api.delete(listPath(item)));
      settled();
      return true;
    } catch (error) {
      toastError(error);
      settled(); // shows again what the server knows
      return false;
    }
  };
  if (await set(listed)) toast(listed ? say.nowListed(nameOf(item)) : say.nowUnlisted(nameOf(item)), { undo: () => set(!listed) });
}

export const toggleListed = (item) => isListable(item) && list(item, !item.watchlisted);

/** Music is heard again and again: nothing of it is watched. */
const isMarked = (item) => !['artist', 'album', 'track'].includes(item.type);

export const toggle = (item) => isMarked(item) && mark(item, !isDone(item));

export async function dismiss(item) {
  const report = (hidden) => api.post('/api/progress', { ratingKey: item.id, offset: item.viewOffset, hidden, at: hidden || !item.lastViewedAt ? undefined : item.lastViewedAt + 1 });
  tell({ kind: 'dismiss', item });
  try {
    await report(true);
    settled();
    const undo = () => report(false).then(settled, toastError);
    toast(say.dismissed(item.type === 'episode' ? (item.grandparentTitle ?? item.title) : item.title), item.viewOffset > 0 ? { undo } : {});
  } catch (error) {
    toastError(error);
    settled();
  }
}

const HEARD = new Set(['artist', 'album', 'track']);

/** Who keeps the libraries says who sees it; others hand its address to the device's share sheet, or copy it. */
export async function shareLink(item) {
  if (session.user?.isAdmin) {
    const { openShareDialog } = await import('../share/share-dialog.js');
    const use = HEARD.has(item.type) ? 'listen' : 'watch';
    return openShareDialog({ type: 'media', id: item.id, title: nameOf(item), use, picture: artUrl(item, { width: 112 }), page: itemHref(item) });
  }
  const how = await share({ title: nameOf(item), url: `${location.origin}${itemHref(item)}` });
  if (how === 'copied') toast(say.copied);
  return undefined;
}

/** The menu of a card at an element or a place. @param {import('../types.js').Summary} item @param {Element | {x: number, y: number}} at */
export async function itemMenu(item, at, { dismissable = false } = {}) {
  const done = isDone(item);
  const isThere = item.available !== false;
  const items = [
    { id: 'play', label: say.play, icon: 'play', key: 'P', disabled: !isThere },
    { id: 'mark', label: done ? say.markUnwatched : say.markWatched, icon: 'check', key: 'W' },
    ...(isListable(item) ? [{ id: 'list', label: item.watchlisted ? say.unlist : say.list, icon: item.watchlisted ? 'bookmark-filled' : 'bookmark', key: 'B' }] : []),
    { id: 'about', label: say.about[item.type], icon: 'info' },
    ...(item.reasonText ? [{ id: 'why', label: say.why, icon: 'question' }] : []),
    ...(dismissable ? [{ id: 'dismiss', label: say.dismiss, icon: 'x' }] : []),
    { id: 'share', label: say.share, icon: 'share' },
    ...editItems(item),
  ];
  const chosen = await openMenu(at, items, { label: nameOf(item) });
  if (chosen === 'play') await play(item);
  if (chosen === 'mark') await mark(item, !done);
  if (chosen === 'list') await list(item, !item.watchlisted);
  if (chosen === 'about') go(itemHref(item));
  if (chosen === 'why') tellWhy(item);
  if (chosen === 'dismiss') await dismiss(item);
  if (chosen === 'share') await shareLink(item);
  await pickedEdit(chosen, item);
}

/** `w`, `b`, `p` and `e` act on the card that has the focus; cards carry their thing as `item`. */
export const onItemKeys = (host) => {
  const of = (event) => event.composedPath().find((node) => node.item?.id)?.item ?? null;
  const act = (fn) => (event) => {
    const item = of(event);
    if (!item) return false;
    fn(item);
    return true;
  };
  return onKey(host, { w: act(toggle), b: act(toggleListed), p: act((item) => item.available !== false && play(item)), e: act((item) => mayEdit() && go(editHref(item))) });
};
