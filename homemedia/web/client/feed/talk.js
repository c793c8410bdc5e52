// What is said about a clip, as data: nothing here asks the server or draws.

/** The six that the server takes, in the order they are shown. */
export const REACTIONS = ['❤️', '👍', '👎', '😂', '‼️', '❓'];
export const HEART = REACTIONS[0];
export const MAX_COMMENT = 500;

const at = (comment) => Date.parse(comment.createdAt);

/** @param {any[]} comments top level @param {'time' | 'hearts'} order */
export function ordered(comments, order) {
  const byTime = (one, other) => at(one) - at(other);
  return [...comments].sort(order === 'hearts' ? (one, other) => other.heartCount - one.heartCount || byTime(one, other) : byTime);
}

/** Replies included. @param {{comments: any[]} | undefined} talk */
export const counted = (talk) => (talk?.comments ?? []).reduce((sum, comment) => sum + 1 + (comment.replies?.length ?? 0), 0);

/** An answer of the server brings less of a comment than the list has. */
const whole = (comment) => ({ heartUsers: [], canEdit: true, replies: [], replyCount: 0, ...comment });

/** @param {any} talk @param {any} comment new, of either level */
export function withComment(talk, comment) {
  if (find(talk, comment.id)) return talk;
  const made = whole(comment);
  if (!made.parentId) return { ...talk, comments: [...talk.comments, made] };
  return { ...talk, comments: talk.comments.map((one) => (one.id === made.parentId ? { ...one, replyCount: one.replies.length + 1, replies: [...one.replies, made] } : one)) };
}

/** @param {any} talk @param {string} id */
export function find(talk, id) {
  for (const one of talk?.comments ?? []) {
    if (one.id === id) return one;
    const reply = one.replies?.find((other) => other.id === id);
    if (reply) return reply;
  }
  return null;
}

/** @param {any} talk @param {string} id @param {object} fields */
export function changed(talk, id, fields) {
  const change = (one) => (one.id === id ? { ...one, ...fields } : one);
  return { ...talk, comments: talk.comments.map((one) => ({ ...change(one), replies: one.replies.map(change) })) };
}

/** @param {any} talk @param {string} id */
export function without(talk, id) {
  const left = talk.comments.filter((one) => one.id !== id).map((one) => {
    const replies = one.replies.filter((other) => other.id !== id);
    return replies.length === one.replies.length ? one : { ...one, replies, replyCount: replies.length };
  });
  return { ...talk, comments: left };
}

/** One reaction per person: the same again takes it away, another takes its place. @param {Record<string, {count: number, reacted: boolean}>} reactions @param {string} emoji */
export function reacted(reactions, emoji) {
  const next = {};
  const isOff = reactions[emoji]?.reacted;
  for (const one of REACTIONS) {
    const { count = 0, reacted: mine = false } = reactions[one] ?? {};
    const now = { count: count - (mine ? 1 : 0) + (one === emoji && !isOff ? 1 : 0), reacted: one === emoji && !isOff };
    if (now.count > 0) next[one] = now;
  }
  return next;
}

const isWord = (letter) => letter !== undefined && /[\p{L}\p{N}_]/u.test(letter);
/** "@ann." names Ann, "@ann.b" does not: as the server reads it. */
const goesOn = (text, at) => isWord(text[at]) || (/[.-]/.test(text[at] ?? '') && isWord(text[at + 1]));

/**
 * The name being written before the caret: "Look @an|" gives {start: 5, word: "an"}.
 * @param {string} text @param {number} caret @returns {{start: number, word: string} | null}
 */
export function mentionAt(text, caret) {
  const start = text.lastIndexOf('@', caret - 1);
  if (start < 0 || isWord(text[start - 1])) return null;
  const word = text.slice(start + 1, caret);
  return /^[\p{L}\p{N}._-]{0,30}$/u.test(word) ? { start, word } : null;
}

/**
 * A text in pieces; those with `name` are members named in it. The longest name wins, so that "a.b" is not "a".
 * @param {string} text @param {string[]} names @returns {{text: string, name?: string}[]}
 */
export function pieces(text, names) {
  const byLength = [...names].sort((one, other) => other.length - one.length);
  const found = [];
  let from = 0;
  for (let i = text.indexOf('@'); i >= 0; i = text.indexOf('@', i + 1)) {
    if (isWord(text[i - 1])) continue;
    const rest = text.slice(i + 1);
    const name = byLength.find((one) => rest.toLocaleLowerCase().startsWith(one.toLocaleLowerCase()) && !goesOn(rest, one.length));
    if (name === undefined) continue;
    if (i > from) found.push({ text: text.slice(from, i) });
    found.push({ text: text.slice(i, i + 1 + name.length), name });
    from = i + 1 + name.length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}

/** Who fits what was written after "@": begins with it first, by sign-in name or shown name. @param {import('./faces.js').Face[]} faces @param {string} word */
export function fitting(faces, word) {
  const low = word.toLocaleLowerCase();
  const begins = ({ username, name }) => username.toLocaleLowerCase().startsWith(low) || name.toLocaleLowerCase().split(' ').some((part) => part.startsWith(low));
  const holds = ({ username, name }) => username.toLocaleLowerCase().includes(low) || name.toLocaleLowerCase().includes(low);
  return [...faces.filter(begins), ...faces.filter((face) => !begins(face) && holds(face))].slice(0, 6);
}
