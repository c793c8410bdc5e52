// Words, stars, dates and places of photos, of one or of many: each acts at once, and Undo brings back what each had.
import { api } from '../api.js';
import { count } from '../format.js';
import { toast, toastError } from '../ui/toast.js';
import { readAgain } from './changes.js';
import { say } from './en.js';
import { aheadOf, offsetText, takenOf } from './zones.js';

const UNDONE_MOST = 200; // what each had is asked for one by one
const AT_ONCE = 6;

/** @param {{id: string}[]} photos @returns {Promise<any[] | null>} null when they are too many to ask */
async function assetsOf(photos) {
  if (photos.length > UNDONE_MOST) return null;
  const assets = [];
  for (let at = 0; at < photos.length; at += AT_ONCE) assets.push(...(await Promise.all(photos.slice(at, at + AT_ONCE).map((one) => api.get(`/api/assets/${one.id}`)))));
  return assets;
}

const put = (ids, body) => api.put('/api/assets', { ids, ...body });

/** Gives each back what it had: those that had the same together. */
async function giveBack(assets, had) {
  const groups = new Map();
  for (const asset of assets) {
    const key = JSON.stringify(had(asset));
    groups.set(key, [...(groups.get(key) ?? []), asset.id]);
  }
  try {
    for (const [key, ids] of groups) {
      const body = JSON.parse(key);
      if (body) await put(ids, body);
    }
  } catch (error) {
    toastError(error);
  }
  readAgain();
}

/**
 * @param {{id: string}[]} photos @param {Record<string, unknown>} body
 * @param {{words: string, had?: (asset: any) => Record<string, unknown> | null, undo?: () => unknown}} how `had`: what an asset is to be given back; null: it cannot
 * @returns {Promise<boolean>} whether it was done
 */
async function edit(photos, body, { words, had, undo }) {
  const ids = photos.map((one) => one.id);
  try {
    const before = had ? await assetsOf(photos) : null;
    await put(ids, body);
    readAgain();
    const canUndo = before?.every((asset) => had(asset) !== null);
    toast(words, { undo: canUndo ? () => giveBack(before, had) : undo });
    return true;
  } catch (error) {
    toastError(error);
    readAgain();
    return false;
  }
}

export const describe = (photos, description) => edit(photos, { description }, { words: description ? say.described(photos.length, count(photos.length)) : say.descriptionGone, had: (asset) => ({ description: asset.exifInfo.description ?? '' }) });

/** @param {number | null} rating 1–5, null for none */
export const rate = (photos, rating) => edit(photos, { rating }, { words: rating ? say.rated(rating) : say.ratingGone, had: (asset) => ({ rating: asset.exifInfo.rating ?? null }) });

const dateOf = (asset) => ({ dateTimeOriginal: takenOf(asset), timeZone: asset.exifInfo.timeZone ?? `UTC${offsetText(aheadOf(asset))}` });

/** @param {string} taken "2024-07-01T18:30:00+02:00" @param {string | null} zone its name */
export const redate = (photos, taken, zone) => edit(photos, { dateTimeOriginal: taken, ...(zone ? { timeZone: zone } : {}) }, { words: say.redated(photos.length, count(photos.length)), had: dateOf });

/** @param {number} minutes later; below 0 earlier */
export function shift(photos, minutes, { quiet = false } = {}) {
  if (quiet) return put(photos.map((one) => one.id), { dateTimeRelative: minutes }).catch(toastError).then(readAgain);
  return edit(photos, { dateTimeRelative: minutes }, { words: say.redated(photos.length, count(photos.length)), undo: () => shift(photos, -minutes, { quiet: true }) });
}

/** The same instants on the clocks of a zone. @param {string} timeZone */
export const rezone = (photos, timeZone) => edit(photos, { timeZone }, { words: say.redated(photos.length, count(photos.length)), had: dateOf });

const positionOf = ({ exifInfo: { latitude, longitude } }) => (latitude === null || longitude === null || latitude === undefined ? null : { latitude, longitude });

/** @param {{latitude: number, longitude: number, name?: string}} where */
export const place = (photos, { latitude, longitude, name }) => edit(photos, { latitude, longitude }, { words: name ? say.placedAt(name) : say.placed, had: positionOf });
