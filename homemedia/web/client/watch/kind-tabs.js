// Films, shows, home videos, music: the tabs over every grid.
import { html, nothing } from '../vendor/lit.js';
import { session } from '../session.js';
import { say } from './en.js';
import { GRIDS } from './links.js';

/** @param {string} current type of library; nothing where the house has one kind alone */
export function kindTabs(current) {
  const kinds = Object.keys(GRIDS).filter((kind) => session.libraries.some((library) => library.type === kind));
  if (kinds.length < 2) return nothing;
  return html`<hm-tabs .tabs=${kinds.map((kind) => ({ id: kind, label: say.kinds[kind], href: GRIDS[kind] }))} value=${current} label=${say.watch}></hm-tabs>`;
}
