// Small pictures beside a notice: the photos it is about.
const SHOWN = 3;

/** @param {any} notice @returns {string[]} addresses */
export function thumbs(notice) {
  const ids = notice.details.photoIds;
  if (!Array.isArray(ids) || notice.type === 'share_revoked') return [];
  return ids.slice(-SHOWN).map((id) => `/api/assets/${encodeURIComponent(id)}/thumbnail`);
}
