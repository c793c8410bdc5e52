// What is kept in this browser: documents, and files on their way; whose they are, and how they go when he signs out.
import { keeper } from '../ui/kept-uploads.js';

const PREFIX = 'homemedia-note-';

/** @param {string | undefined} user @param {string} block */
export const keptName = (user, block) => `${PREFIX}${user}-${block}`;

/** Files on their way into notes. Beside what every list keeps: `heap`, `mime`, `isPaused`, and `bytes` of small ones. */
export const kept = keeper('homemedia-uploads-notes', 'notes.uploads.open');

/** Forget what a member wrote here and in other notebooks alike: the next one at this browser reads none of it. @param {string} user */
export async function forget(user) {
  const gone = kept.isAnythingLeft ? kept.forgetAll() : null;
  const all = (await indexedDB.databases?.()) ?? [];
  for (const { name } of all) if (name?.startsWith(`${PREFIX}${user}-`)) indexedDB.deleteDatabase(name);
  await gone;
}
