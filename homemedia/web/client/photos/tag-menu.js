// What can be done with one tag, on its page and in the tree.
import { say } from './en.js';
import { askTagName } from './tag-name-dialog.js';
import { haveTag, paint, remove, rename, SHADES } from './tags.js';

/** @param {import('./tags.js').Tag} tag */
export function tagItems(tag) {
  return [
    { id: 'rename', label: say.renameTag, icon: 'pencil' },
    { id: 'below', label: say.tagBelow, icon: 'plus' },
    { separator: true },
    { group: say.tagColor },
    ...Object.entries(SHADES).map(([name, color]) => ({ id: `color:${color}`, label: say.shades[name], checked: tag.color === color })),
    { id: 'color:', label: say.noColor, checked: !tag.color },
    { separator: true },
    { id: 'delete', label: say.deleteTag, icon: 'trash', danger: true },
  ];
}

/** @param {string} id of an item @param {import('./tags.js').Tag} tag @returns {Promise<unknown>} the tag that came of it; true when it is gone */
export async function runTagItem(id, tag) {
  if (id.startsWith('color:')) return paint(tag, id.slice(6) || null);
  if (id === 'delete') return remove(tag);
  const isBelow = id === 'below';
  const value = await askTagName(isBelow ? { heading: say.tagBelowOf(tag.name), value: `${tag.value}/`, action: say.create } : { heading: say.renameTag, value: tag.value, action: say.save });
  if (!value || value.replace(/\/+$/, '') === tag.value) return null;
  return isBelow ? haveTag(value) : rename(tag, value);
}
