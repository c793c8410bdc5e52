// Photos as the pages keep them: one shape, whether they came in a month's columns or as assets.
import { address } from '../api.js';

const HOUR = 3_600_000;

/**
 * @typedef {object} Photo
 * @property {string} id
 * @property {string} ownerId
 * @property {number} ratio width : height
 * @property {boolean} isImage
 * @property {boolean} isFavorite
 * @property {boolean} isTrashed
 * @property {'timeline'|'archive'|'locked'|'hidden'} visibility
 * @property {string|null} thumbhash
 * @property {number|null} duration ms
 * @property {string|null} live id of the moving part
 * @property {string|null} city
 * @property {string|null} country
 * @property {number} at the clock where it was taken, ms as if it were UTC
 * @property {string} section its day, "2024-01-31"
 * @property {number} stacked how many lie under it, itself included; 0 without a stack
 * @property {string|null} stackId
 */

const dayOf = (ms) => new Date(ms).toISOString().slice(0, 10);

/** A month as it comes, in columns. @param {Record<string, any[]>} columns @returns {Photo[]} */
export function fromColumns(columns) {
  return columns.id.map((id, i) => {
    const at = Date.parse(`${columns.fileCreatedAt[i].replace(/Z$/, '')}Z`) + (columns.localOffsetHours?.[i] ?? 0) * HOUR;
    return {
      id,
      ownerId: columns.ownerId[i],
      ratio: columns.ratio[i] || 1,
      isImage: columns.isImage[i],
      isFavorite: columns.isFavorite[i],
      isTrashed: columns.isTrashed[i],
      visibility: columns.visibility[i],
      thumbhash: columns.thumbhash[i],
      duration: columns.duration[i],
      live: columns.livePhotoVideoId[i],
      city: columns.city?.[i] ?? null,
      country: columns.country?.[i] ?? null,
      stacked: Number(columns.stack?.[i]?.[1] ?? 0),
      stackId: columns.stack?.[i]?.[0] ?? null,
      at,
      section: dayOf(at),
    };
  });
}

/** @param {any} asset @returns {Photo} */
export function fromAsset(asset) {
  const at = Date.parse(asset.localDateTime);
  return {
    id: asset.id,
    ownerId: asset.ownerId,
    ratio: asset.width && asset.height ? asset.width / asset.height : 1,
    isImage: asset.type === 'IMAGE',
    isFavorite: asset.isFavorite,
    isTrashed: asset.isTrashed,
    visibility: asset.visibility,
    thumbhash: asset.thumbhash,
    duration: asset.duration,
    live: asset.livePhotoVideoId,
    city: asset.exifInfo?.city ?? null,
    country: asset.exifInfo?.country ?? null,
    stacked: asset.stack?.assetCount ?? 0,
    stackId: asset.stack?.id ?? null,
    at,
    section: dayOf(at),
  };
}

/** @param {{id: string, thumbhash?: string | null}} photo @param {'thumbnail' | 'preview' | 'fullsize'} [size] */
export const pictureUrl = (photo, size = 'thumbnail') => address(`/api/assets/${photo.id}/thumbnail`, { size, c: photo.thumbhash });
export const videoUrl = (id) => `/api/assets/${id}/video/playback`;
export const originalUrl = (id) => `/api/assets/${id}/original`;

/** A member's own picture, or null. */
export const faceOf = (user) => (user.profileImagePath ? address(`/api/users/${user.id}/profile-image`, { v: user.profileChangedAt }) : null);

/** "Arezzo", or the country alone. */
export const placeOf = (photo) => photo.city ?? photo.country ?? null;

/** The place most of them were taken at, with its country where that is the only one. @param {Photo[]} photos */
export function commonPlace(photos) {
  const counts = new Map();
  for (const one of photos) {
    const place = placeOf(one);
    if (place) counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const [found] = [...counts].sort((a, b) => b[1] - a[1]);
  return found && found[1] * 3 >= photos.length ? found[0] : null;
}

/** The address of a town's photos; its country tells it from others of the name. @param {{city: string, country?: string | null}} place */
export const townHref = ({ city, country }) => `/photos/places/${encodeURIComponent(city)}${country ? `?country=${encodeURIComponent(country)}` : ''}`;
