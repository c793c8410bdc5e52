// Tags in levels ("Places/Rome"), and what can be done with them. Each acts at once and can be undone where that is possible.
import { api, invalidate } from '../api.js';
import { count } from '../format.js';
import { confirmDialog } from '../ui/dialog.js';
import { toast, toastError } from '../ui/toast.js';
import { readAgain } from './changes.js';
import { say } from './en.js';

/** @typedef {{id: string, name: string, value: string, parentId?: string, color?: string}} Tag */

/** Colours that are told apart in both themes; a tag made elsewhere may have any. */
export const SHADES = { red: '#d9534f', orange: '#d98032', yellow: '#c9a227', green: '#4c9a5f', teal: '#2f9c9c', blue: '#4a7fc1', purple: '#8a63b8', pink: '#c2608f' };

const TAGS = '/api/tags';

/** The tags below each other, with how deep each lies and whether any lies below it. @param {Tag[]} tags @returns {{tag: Tag, depth: number, hasBelow: boolean}[]} */
export function levels(tags) {
  const key = (tag) => tag.value.toLocaleLowerCase().split('/').join('\u0000'); // a level ends before any letter
  const sorted = [...tags].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return sorted.map((tag, at) => ({ tag, depth: tag.value.split('/').length - 1, hasBelow: Boolean(sorted[at + 1]?.value.startsWith(`${tag.value}/`)) }));
}

/** Those directly below one. @param {Tag[]} tags @param {Tag} above */
export const below = (tags, above) => tags.filter((one) => one.parentId === above.id);

async function done(ask) {
  try {
    const answer = await ask();
    invalidate(TAGS);
    return answer ?? true;
  } catch (error) {
    toastError(error);
    invalidate(TAGS);
    return null;
  }
}

/** @param {string} value whole name @returns {Promise<Tag | null>} made with all above it, where it is not there */
export async function haveTag(value) {
  const made = await done(() => api.put(TAGS, { tags: [value] }));
  return made?.[0] ?? null;
}

/** @param {Tag} tag @param {string} value whole name */
export async function rename(tag, value) {
  const next = await done(() => api.put(`${TAGS}/${tag.id}`, { name: value }));
  if (next) toast(say.tagRenamed(next.value), { undo: () => done(() => api.put(`${TAGS}/${tag.id}`, { name: tag.value })) });
  return next;
}

/** @param {Tag} tag @param {string | null} color */
export async function paint(tag, color) {
  const before = tag.color ?? null;
  const next = await done(() => api.put(`${TAGS}/${tag.id}`, { color }));
  if (next) toast(say.tagPainted, { undo: () => done(() => api.put(`${TAGS}/${tag.id}`, { color: before })) });
  return next;
}

/** A tag and all below it. @param {Tag} tag @returns {Promise<boolean>} whether it was done */
export async function remove(tag) {
  if (!(await confirmDialog({ heading: say.deleteTagTitle(tag.value), text: say.deleteTagText, action: say.deleteTag, danger: true }))) return false;
  const gone = await done(() => api.delete(`${TAGS}/${tag.id}`));
  if (gone) readAgain();
  return Boolean(gone);
}

/** @param {Tag} tag @param {{id: string}[]} photos */
export async function give(tag, photos, { quiet = false } = {}) {
  const results = await done(() => api.put(`${TAGS}/${tag.id}/assets`, { ids: photos.map((one) => one.id) }));
  if (!results) return;
  const fresh = photos.filter((_, at) => results[at].success);
  readAgain();
  if (quiet) return;
  if (fresh.length === 0) toast(say.hasTag(tag.name));
  else toast(say.tagged(fresh.length, count(fresh.length), tag.name), { undo: () => take(tag, fresh, { quiet: true }) });
}

/** @param {Tag} tag @param {{id: string}[]} photos */
export async function take(tag, photos, { quiet = false } = {}) {
  const results = await done(() => api.delete(`${TAGS}/${tag.id}/assets`, null, { body: { ids: photos.map((one) => one.id) } }));
  if (!results) return;
  const gone = photos.filter((_, at) => results[at].success);
  readAgain();
  if (!quiet) toast(say.untagged(gone.length, count(gone.length), tag.name), { undo: () => give(tag, gone, { quiet: true }) });
}
