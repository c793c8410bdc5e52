// What can be done with chosen photos beside what stands in the bar: behind its dots, and behind those of the viewer. Each part is loaded when it is asked for.
import { say } from './en.js';

/**
 * @param {import('./items.js').Photo[]} photos
 * @param {{own: boolean, kind?: string, person?: any}} where `own`: all of them are one's own
 * @returns {import('../ui/menu.js').MenuItem[]}
 */
export function furtherItems(photos, { own, kind = 'timeline', person = null }) {
  if (!own || kind === 'trash' || !photos.length) return [];
  if (kind === 'locked') return [{ id: 'date', label: say.changeDate, icon: 'calendar' }, { id: 'words', label: say.addDescription, icon: 'pencil' }];
  return [
    { id: 'give', label: say.share, icon: 'share' },
    { id: 'tag', label: say.addTag, icon: 'tag' },
    { id: 'date', label: say.changeDate, icon: 'calendar' },
    { id: 'place', label: say.changePlace, icon: 'pin' },
    { id: 'words', label: say.addDescription, icon: 'pencil' },
    { id: 'stars', label: say.rate, icon: 'star' },
    ...(person && photos.length === 1 ? [{ id: 'feature', label: say.asPortrait, icon: 'face' }] : []),
    ...(person ? [{ id: 'not-him', label: say.notHim(person.name || say.somebody), icon: 'minus' }] : []),
    { id: 'lock', label: say.lockAway, icon: 'lock' },
  ];
}

/** @param {string} what @param {import('./items.js').Photo[]} photos @param {{person?: any}} [place] @returns {Promise<unknown>} */
export async function further(what, photos, { person = null } = {}) {
  switch (what) {
    case 'give': return (await import('./giving.js')).givePhotos(photos);
    case 'tag': return (await import('./tag-dialog.js')).tagPhotos(photos);
    case 'date': return (await import('./date-dialog.js')).changeDates(photos);
    case 'place': return (await import('./place-dialog.js')).changePlace(photos);
    case 'words': case 'stars': return (await import('./words-dialog.js')).changeWords(photos, what);
    case 'feature': return (await import('./people.js')).feature(person, photos[0]);
    case 'not-him': return (await import('./people.js')).notHim(person, photos);
    case 'lock': return (await import('./locking.js')).lockAway(photos);
    case 'unlock': return (await import('./locking.js')).bringBack(photos);
    default: return undefined;
  }
}
