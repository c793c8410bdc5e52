// What the dialog and the pages know of a share: its rights as levels of words, its end, who it is for.
import { shortDate } from '../format.js';
import { media } from '../ui/platform.js';
import { say } from './en.js';

export const SHARES = '/api/v1/shares';
export const HOUR_H = { day: 24, week: 168, month: 720, year: 8760 };

/** Rights by level; the last that fits is what a share is called. */
const RIGHTS = {
  look: { can_download: false, can_add: false, can_edit: false, can_remove: false },
  take: { can_download: true, can_add: false, can_edit: false, can_remove: false },
  add: { can_download: true, can_add: true, can_edit: false, can_remove: false },
  edit: { can_download: true, can_add: true, can_edit: true, can_remove: true },
};
const ONLY = { watch: ['look', 'take'], listen: ['look', 'take'], photos: ['look', 'take'], album: ['look', 'take', 'add', 'edit'], heap: ['take', 'edit'] };
/** Uses in which people change what they were given. */
const CHANGED = ['album', 'heap'];

/** Words belong to what is done with a thing; an album's are those of pictures. */
const kindOf = (use) => (use === 'album' ? 'photos' : use);

/** @param {string} use watch, listen, photos, album or heap */
export const levelsOf = (use) => ONLY[use].map((id) => ({ id, label: say.levels[kindOf(use)][id] }));

/** A level in few words on phones. @param {string} use @param {string} level */
export const levelName = (use, level) => (media.isPhone() ? say.short[kindOf(use)] : say.levels[kindOf(use)])[level] ?? '';

/** What to ask for at a level; rights that mean nothing for a thing must not be named. */
export const rightsOf = (use, level) => Object.fromEntries(Object.entries(RIGHTS[level]).filter(([name]) => CHANGED.includes(use) || name === 'can_download'));

/** @param {object} permissions of a share @param {string} use */
export function levelOf(permissions, use) {
  const fits = ONLY[use].filter((id) => Object.entries(rightsOf(use, id)).every(([name, is]) => permissions[name] === is));
  return fits.at(-1) ?? (permissions.can_edit ? 'edit' : permissions.can_add ? 'add' : permissions.can_download ? 'take' : 'look');
}

const seconds = (iso) => Date.parse(iso) / 1000;

/** "Until 27 November", "Over", "Waits until it is back"; else since when. */
export function standing(share) {
  if (share.status === 'expired') return say.isOver;
  if (share.status === 'exhausted') return say.usedUp;
  if (share.status === 'suspended') return say.waits;
  return share.expires_at ? say.untilDay(shortDate(seconds(share.expires_at))) : say.since(shortDate(seconds(share.created_at)));
}

export const endOf = (share) => (share.expires_at ? (share.status === 'expired' ? say.isOver : say.untilDay(shortDate(seconds(share.expires_at)))) : say.noEnd);

/** The menu of ends. */
export const endItems = (share) => [
  ...Object.entries(say.ends).map(([id, label]) => ({ id, label, checked: id === 'none' ? !share?.expires_at : undefined })),
  { id: 'on', label: say.endOn, icon: 'calendar' },
];

/** A day "2026-12-31" lasts until its midnight here. */
export const endOfDay = (day) => {
  const at = new Date(`${day}T00:00:00`);
  at.setDate(at.getDate() + 1);
  return at.toISOString();
};

/** For PATCH and POST. @param {string} id of `endItems` */
export const endBody = (id) => (id === 'none' ? { expires_at: null } : { expires_in_hours: HOUR_H[id] });

export const nameOf = (user) => user.name || user.displayName || user.username;

/** Titles have keys of their own form; one picture has an id like an album's. */
export const isPhoto = (share) => share.target_type === 'media' && /^[0-9a-f]{8}-/.test(share.target_id);

/** Where a shared thing is opened by its recipient; null where no page of ours shows it. */
export function hrefOf(share) {
  const id = encodeURIComponent(share.target_id);
  switch (share.target_type) {
    case 'collection': return `/photos/albums/${id}`;
    case 'user_library': return `/photos/partners/${id}`;
    case 'media': return isPhoto(share) ? `/photos?photo=${id}` : `/films/${id}`;
    case 'clip': return `/feed?clip=${id}`;
    case 'heap': return `/notes/${id}`;
    default: return null;
  }
}
