// Pure: several files, one timeline over their sum. All times in ms.

/** @typedef {{fileId: number, address: string, duration: number | null}} Part duration null: not known before the browser has read it */

/** @param {Part[]} parts @param {number} index @returns {number} where part `index` begins on the whole timeline */
export const startOf = (parts, index) => parts.slice(0, index).reduce((sum, part) => sum + (part.duration ?? 0), 0);

/** @param {Part[]} parts @returns {number} the whole length; 0 while the length of one is unknown */
export const lengthOf = (parts) => (parts.every((part) => part.duration > 0) ? startOf(parts, parts.length) : 0);

/**
 * Which part plays at a time of the whole, and where in it. A boundary belongs to the part that begins there.
 * @param {Part[]} parts never empty
 * @param {number} at
 * @returns {{index: number, offset: number}}
 */
export function locate(parts, at) {
  let offset = Math.max(0, at);
  for (let index = 0; index < parts.length - 1; index += 1) {
    const { duration } = parts[index];
    if (!(duration > 0) || offset < duration) return { index, offset };
    offset -= duration;
  }
  const last = parts[parts.length - 1].duration;
  return { index: parts.length - 1, offset: last > 0 ? Math.min(offset, last) : offset };
}

/**
 * How far is read ahead without a gap from `at`.
 * @param {[number, number][]} ranges ascending
 * @param {number} at
 * @returns {number} `at` when nothing is there
 */
export function readUntil(ranges, at) {
  const SLACK_MS = 250; // browsers' ranges begin a frame late
  const here = ranges.find(([from, to]) => from <= at + SLACK_MS && at <= to);
  return here ? here[1] : at;
}
