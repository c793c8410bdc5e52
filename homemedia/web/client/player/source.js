// Which files make up what is played. How each is played the server decides (`streams.js`).
import { playsHere } from '../watch/playable.js';

/**
 * @typedef {object} Source
 * @property {number} version index into `versionsOf`
 * @property {import('./parts.js').Part[]} parts in order
 * @property {import('../types.js').MediaFile[]} files the same, as the server told them
 */

/** Versions as lists of parts, in the order of the answer (the default first). @param {import('../types.js').MediaFile[]} files */
export function versionsOf(files) {
  const versions = new Map();
  for (const file of files) versions.set(file.versionIndex, [...(versions.get(file.versionIndex) ?? []), file]);
  return [...versions.values()];
}

/** A file nobody has looked into yet may well play: only what is known is judged. */
const mayPlay = (file, plays) => !file.container || !(file.videoCodec || file.audioCodec) || plays(file);

/**
 * The version to play: the wished one, else the first that is there and plays here, else the first that is there.
 * @param {import('../types.js').MediaFile[][]} versions
 * @param {{fileId?: number | null, plays?: (file: any) => boolean}} [wish]
 * @returns {number} -1 when there is nothing at all
 */
export function chooseVersion(versions, { fileId = null, plays = playsHere } = {}) {
  const asked = versions.findIndex((parts) => parts.some((file) => file.id === fileId));
  if (asked >= 0) return asked;
  const isThere = (parts) => parts.every((file) => file.available !== false);
  const good = versions.findIndex((parts) => isThere(parts) && parts.every((file) => mayPlay(file, plays)));
  if (good >= 0) return good;
  const there = versions.findIndex(isThere);
  return there >= 0 ? there : versions.length - 1 < 0 ? -1 : 0;
}

/**
 * @param {import('../types.js').MediaFile[][]} versions
 * @param {number} version
 * @returns {Source | null}
 */
export function sourceOf(versions, version) {
  const files = versions[version];
  if (!files) return null;
  return {
    version,
    files,
    parts: files.map((file) => ({ fileId: file.id, address: file.streamUrl, duration: file.duration })),
  };
}

/** A file of which no item tells (a trailer), from `/api/media/{fileId}/info`. */
export function fileOf(info) {
  return {
    id: info.fileId,
    streamUrl: `/api/stream/${info.fileId}`,
    container: info.container,
    videoCodec: info.video?.[0]?.codec ?? null,
    audioCodec: info.audio?.[0]?.codec ?? null,
    duration: info.duration,
    size: info.size,
    versionIndex: 0,
    part: 1,
    partCount: 1,
    available: true,
  };
}
