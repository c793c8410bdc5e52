// What one does to a clip: shown at once, taken back when the server refuses.
import { ApiError, api, invalidate } from '../api.js';
import { copyText, share as handOver } from '../ui/platform.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { clips } from './store.js';
import { HEART, reacted } from './talk.js';

/** @param {string} id @param {object} fields shown until the answer is there @param {() => Promise<object | void>} ask gives what the server says instead */
async function atOnce(id, fields, ask) {
  const before = clips.patch(id, fields);
  try {
    const said = await ask();
    if (said) clips.patch(id, said);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (before) clips.patch(id, before);
    toastError(error);
    return false;
  }
}

export const hasHeart = (clip) => Boolean(clip?.reactions?.[HEART]?.reacted);
export const hearts = (clip) => Object.values(clip?.reactions ?? {}).reduce((sum, { count }) => sum + count, 0);

/** Mine given or taken back; another one of mine is replaced. */
export function react(clip, emoji) {
  return atOnce(clip.id, { reactions: reacted(clip.reactions ?? {}, emoji) }, async () => {
    const { reactions } = await api.post(`/api/clips/${clip.id}/reactions`, { emoji });
    invalidate(`/api/clips/${clip.id}/`);
    return { reactions };
  });
}

export const heart = (clip) => react(clip, HEART);

/** Kept among one's own favourites; the server gives a heart with it. */
export async function save(clip) {
  const favorited = !clip.favorited;
  const done = await atOnce(clip.id, { favorited, favoriteCount: Math.max(0, (clip.favoriteCount ?? 0) + (favorited ? 1 : -1)) }, () => api.post(`/api/clips/${clip.id}/favorite`));
  if (!done) return;
  clips.load(clip.id).catch(() => {}); // the heart that came or went with it
  if (favorited) clips.list('favorites').came({ ...clip, favorited });
  toast(favorited ? say.saved : say.unsaved, { undo: () => save(clips.get(clip.id)) });
}

/** An address that opens it here. */
export const addressOf = (clip) => `${location.origin}/feed?clip=${encodeURIComponent(clip.id)}`;

/** To somebody of the house. */
export async function pass(clip) {
  const done = await handOver({ title: clip.title ?? say.feed, url: addressOf(clip) });
  if (done === 'copied') toast(say.linkCopied);
}

/** What is asked first, or is for people outside of the house, is loaded when it is wanted. */
const further = (name) => async (clip) => {
  try {
    await (await import('./own-deeds.js'))[name](clip);
  } catch (error) {
    toastError(error);
  }
};
export const share = further('shareClip');
export const edit = further('editCaption');
export const remove = further('removeClip');

export async function copyOriginal(clip) {
  toast((await copyText(clip.originalUrl)) ? say.linkCopied : say.notCopied);
}

export const retry = (clip) => atOnce(clip.id, { status: 'downloading', failureReason: null }, () => api.post(`/api/clips/${clip.id}/retry`));

/** Back among what waits. */
export async function unwatch(clip) {
  const done = await atOnce(clip.id, { watched: false }, () => api.delete(`/api/clips/${clip.id}/watched`));
  if (done) toast(say.unwatched);
}
