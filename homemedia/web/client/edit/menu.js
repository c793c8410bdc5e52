// What administrators find in the menu of a thing: edit, fix match, why it is here.
import { html, nothing } from '../vendor/lit.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { onKey } from '../ui/controllers.js';
import { openMenu } from '../ui/menu.js';
import { say } from './en.js';
import { isMatchable } from './fields.js';

const MATCHED_BY_SHOW = new Set(['season', 'episode']);
const REFRESHED = new Set(['movie', 'show']);

export const mayEdit = () => Boolean(session.user?.isAdmin);
export const editHref = (item) => `/edit/${item.id}`;

/** Seasons and episodes are matched with their show. */
export const matchHref = (item) => `/match/${MATCHED_BY_SHOW.has(item.type) ? (item.grandparentId ?? item.parentId ?? item.id) : item.id}`;

/** To stand at the end of an item's menu; nothing for members. @param {import('../types.js').Summary} item */
export function editItems(item) {
  if (!mayEdit()) return [];
  return [
    { separator: true },
    { id: 'edit', label: say.edit, icon: 'edit', key: 'E' },
    ...(isMatchable(item.type) ? [{ id: 'match', label: say.fixMatch, icon: 'search' }] : []),
    ...(item.matched && REFRESHED.has(item.type) ? [{ id: 'refresh', label: say.refresh, icon: 'refresh' }] : []),
    { id: 'why-here', label: say.why, icon: 'question' },
  ];
}

/** Does what was picked of `editItems`. @param {string | null} id @param {import('../types.js').Summary} item @returns {Promise<boolean>} whether it was one of them */
export async function pickedEdit(id, item) {
  if (id === 'edit') go(editHref(item));
  else if (id === 'match') go(matchHref(item));
  else if (id === 'refresh') await (await import('./deeds.js')).refresh(item);
  else if (id === 'why-here') (await import('./why.js')).showWhy(item);
  else return false;
  return true;
}

/** A button with nothing but these, for pages without a menu of their own. @param {any} item @param {string} label */
export function editButton(item, label) {
  if (!mayEdit()) return nothing;
  const open = async (event) => pickedEdit(await openMenu(event.currentTarget, editItems(item).slice(1), { label }), item);
  return html`<hm-icon-button square size="large" icon="dots" label=${label} @click=${open}></hm-icon-button>`;
}

/** `e` on the page of a thing. @param {any} host @param {() => any} item the thing, once it is known */
export const onEditKey = (host, item) => onKey(host, { e: () => (mayEdit() && item() ? go(editHref(item())) : false) });
