import { media } from '../ui/platform.js';

/** The cursor begins in a field, its text marked; not where that would bring up the keyboard. @param {HTMLElement} page @param {string} name */
export async function begin(page, name) {
  if (media.isTouch) return;
  const field = page.querySelector(`hm-field[name="${name}"]`);
  await field?.updateComplete;
  if (page.contains(document.activeElement) && document.activeElement.localName !== 'h1') return; // somebody was quicker; the frame's heading gives way
  mark(field);
}

/** The cursor into a field, all its text marked. @param {any} field */
export function mark(field) {
  field?.focus();
  field?.select();
}
