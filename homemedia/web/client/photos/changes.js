// What is done to photos, told to every list that shows them: at once, before the server has answered.
import { invalidate } from '../api.js';

const listeners = new Set();
const READ_ANEW = ['/api/timeline', '/api/albums', '/api/assets', '/api/search', '/api/people', '/api/map', '/api/memories', '/api/duplicates', '/api/stacks', '/api/tags'];

/**
 * @typedef {object} Change
 * @property {Set<string>} [ids] photos that are different now
 * @property {Record<string, unknown>} [now] in what
 * @property {string} [leaves] id of an album they are no longer in
 * @property {boolean} [again] read everything anew
 */

/** @param {(change: Change) => void} fn @returns {() => void} */
export function onChange(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

/** @param {Change} change */
export function tell(change) {
  for (const fn of [...listeners]) fn(change);
}

/** After the server has answered, or somebody else did something: everything shown is read again. */
export function readAgain() {
  invalidate(...READ_ANEW);
  tell({ again: true });
}
