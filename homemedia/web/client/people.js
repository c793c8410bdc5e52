// The members' own pictures: where each lies. An address changes with its picture, so that a browser may keep it.
/** @param {{profileImagePath?: string, profileChangedAt?: string | number} | null | undefined} member @returns {string | null} */
export function pictureOf(member) {
  if (!member?.profileImagePath) return null;
  return `/api/profile/avatar/${encodeURIComponent(member.profileImagePath)}?v=${encodeURIComponent(member.profileChangedAt)}`;
}

/** By id, out of the list of all members. @param {{id: string}[] | undefined} members @param {string} id */
export const pictureById = (members, id) => pictureOf(members?.find((member) => member.id === id));
