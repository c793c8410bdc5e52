// Where a thing's own page is, and where it plays.

const FOLDERS = { movie: 'films', show: 'shows', season: 'seasons', episode: 'episodes', video: 'videos', artist: 'music/artist', album: 'music/album' };
export const GRIDS = { movie: '/films', show: '/shows', video: '/videos', music: '/music' };

/** @param {import('../types.js').Summary} item */
export function itemHref(item) {
  if (item.type === 'season' && item.parentId) return `/shows/${item.parentId}?season=${item.id}`;
  if (item.type === 'track' && item.parentId) return `/music/album/${item.parentId}?track=${item.id}`;
  return `/${FOLDERS[item.type] ?? 'films'}/${item.id}`;
}

/** @param {string} key rating key @param {{file?: number | null, at?: number | null, audio?: number | null, subtitle?: number | 'none' | null}} [how] file id; at: ms to start at, 0 for the beginning; audio, subtitle: numbers of the file's tracks */
export function playHref(key, { file = null, at = null, audio = null, subtitle = null } = {}) {
  const query = new URLSearchParams();
  if (file !== null) query.set('file', String(file));
  if (at !== null) query.set('at', String(at));
  if (audio !== null) query.set('audio', String(audio));
  if (subtitle !== null) query.set('subtitle', String(subtitle));
  const text = query.toString();
  return `/play/${key}${text ? `?${text}` : ''}`;
}

/** @param {import('../types.js').Library} library @param {import('../types.js').Library[]} all */
export function libraryHref(library, all = []) {
  const alone = all.filter((other) => other.type === library.type).length < 2;
  return alone ? GRIDS[library.type] : `${GRIDS[library.type]}?library=${library.id}`;
}

/** A way to look at a kind: 'all', 'recommended', 'collections'. @param {string} type @param {import('../types.js').Library | null} [library] where there are several */
export const viewHref = (type, view, library = null) => `${GRIDS[type]}${view === 'all' ? '' : `/${view}`}${library ? `?library=${library.id}` : ''}`;

/** @param {string} name @param {string | null} [library] id; without it of the whole house */
export const collectionHref = (name, library = null) => `/collections/${encodeURIComponent(name)}${library ? `?library=${library}` : ''}`;

export const WATCHLIST = '/watchlist';
export const personHref = (id) => `/people/${id}`;
