// Items as the pages keep them: one shape for the widgets, and changes made at once in what is already shown.

import { say } from './en.js';

const shapes = new WeakMap();

/**
 * The one place where an answer's item becomes what widgets draw: `thumbPoint` "0.5,0.4" is a pair there.
 * The same item gives the same object, so that nothing redraws.
 * @param {any} item @returns {import('../types.js').Summary}
 */
export function shaped(item) {
  if (typeof item?.thumbPoint !== 'string') return item;
  const known = shapes.get(item);
  if (known) return known;
  const point = item.thumbPoint.split(',').map(Number);
  const made = { ...item, thumbPoint: point.length === 2 && point.every(Number.isFinite) ? point : null };
  shapes.set(item, made);
  return made;
}

/** Whether everything of it was seen: a film, or all that is below a show or season. */
export const isDone = (item) => (item.unwatchedCount === undefined ? Boolean(item.watched) : item.unwatchedCount === 0);

/** Why it does not play: its file is gone, or there and no film. */
export const whyGone = (item) => (item.unreadable ? say.unreadableFile : say.missingFile);

/** How far, 0–1; null when not begun. */
export const fraction = (item) => (item?.viewOffset > 0 && item.duration ? Math.min(1, item.viewOffset / item.duration) : null);

function marked(item, watched) {
  const changed = { ...item, watched, viewOffset: 0, viewCount: watched ? Math.max(1, item.viewCount ?? 0) : 0 };
  if (item.unwatchedCount !== undefined) changed.unwatchedCount = watched ? 0 : (item.episodeCount ?? 0);
  return changed;
}

function counted(item, touched, watched) {
  const unwatchedCount = Math.max(0, Math.min(item.episodeCount ?? Infinity, item.unwatchedCount + (watched ? -1 : 1)));
  return { ...item, unwatchedCount, watched: unwatchedCount === 0 };
}

/**
 * An answer of any form with one thing marked: itself, what lies below it, and the counts above it.
 * What does not change stays the same object.
 * @template T @param {T} data @param {any} touched the item as it was @param {boolean} watched @returns {T}
 */
export function withMark(data, touched, watched) {
  if (Array.isArray(data)) {
    const next = data.map((one) => withMark(one, touched, watched));
    return next.some((one, i) => one !== data[i]) ? next : data;
  }
  if (data === null || typeof data !== 'object') return data;
  let next = data;
  for (const [key, value] of Object.entries(data)) {
    const changed = withMark(value, touched, watched);
    if (changed !== value) next = { ...next, [key]: changed };
  }
  if (!('watched' in data)) return next;
  if (data.id === touched.id || data.parentId === touched.id || data.grandparentId === touched.id) return marked(next, watched);
  const isAbove = data.unwatchedCount !== undefined && (data.id === touched.parentId || data.id === touched.grandparentId);
  return isAbove && touched.type === 'episode' && touched.watched !== watched ? counted(next, touched, watched) : next;
}

/** An answer of any form with one thing on the watchlist, or off it. What does not change stays the same object. */
export function withListed(data, id, listed) {
  if (Array.isArray(data)) {
    const next = data.map((one) => withListed(one, id, listed));
    return next.some((one, i) => one !== data[i]) ? next : data;
  }
  if (data === null || typeof data !== 'object') return data;
  let next = data.id === id && 'watchlisted' in data && data.watchlisted !== listed ? { ...data, watchlisted: listed } : data;
  for (const [key, value] of Object.entries(data)) {
    const changed = withListed(value, id, listed);
    if (changed !== value) next = { ...next, [key]: changed };
  }
  return next;
}

/** A home answer or a continue answer without one thing under "Continue watching". */
export function withoutBegun(data, id) {
  const rest = (items) => items?.filter((item) => item.id !== id);
  return { ...data, ...(data.continueWatching ? { continueWatching: rest(data.continueWatching) } : { items: rest(data.items) }), nextUp: rest(data.nextUp) };
}
