// Documents kept in this browser: whose they are, and how they go when he signs out.

const PREFIX = 'homemedia-note-';

/** @param {string | undefined} user @param {string} block */
export const keptName = (user, block) => `${PREFIX}${user}-${block}`;

/** Forget what a member wrote here and in other notebooks alike: the next one at this browser reads none of it. @param {string} user */
export async function forget(user) {
  const all = (await indexedDB.databases?.()) ?? [];
  for (const { name } of all) if (name?.startsWith(`${PREFIX}${user}-`)) indexedDB.deleteDatabase(name);
}
