// Small pictures beside a notice: the photos it is about, the clip, or the film that was shared.
const SHOWN = 3;
const OVER = new Set(['share_revoked', 'share_expired']);
const isPhoto = (id) => id.includes('-'); // rating keys are letters and digits alone

const photo = (id) => `/api/assets/${encodeURIComponent(id)}/thumbnail`;

/** @param {any} notice @returns {string[]} addresses */
export function thumbs(notice) {
  if (OVER.has(notice.type)) return [];
  const { clipThumbnail } = notice.details;
  if (clipThumbnail) return [`/api/thumbnails/${encodeURIComponent(clipThumbnail)}`];
  const ids = notice.details.photoIds;
  if (Array.isArray(ids)) return ids.slice(-SHOWN).map(photo);
  if (notice.targetType !== 'media' || !notice.targetId) return [];
  return [isPhoto(notice.targetId) ? photo(notice.targetId) : `/api/artwork/${encodeURIComponent(notice.targetId)}/thumb?w=120`];
}
