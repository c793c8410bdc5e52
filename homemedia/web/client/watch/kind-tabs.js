// Films, shows, home videos, music, what one wants to see: the tabs over every grid.
import { html, nothing } from '../vendor/lit.js';
import { session } from '../session.js';
import { say } from './en.js';
import { GRIDS, WATCHLIST } from './links.js';

/** @param {string} current type of library, or 'watchlist'; nothing where there is one thing alone to look at */
export function kindTabs(current) {
  const kinds = Object.keys(GRIDS).filter((kind) => session.libraries.some((library) => library.type === kind));
  const tabs = kinds.map((kind) => ({ id: kind, label: say.kinds[kind], href: GRIDS[kind] }));
  if (kinds.some((kind) => kind !== 'music') || current === 'watchlist') tabs.push({ id: 'watchlist', label: say.watchlist, href: WATCHLIST });
  if (tabs.length < 2) return nothing;
  return html`<hm-tabs .tabs=${tabs} value=${current} label=${say.watch}></hm-tabs>`;
}
