// Pure: which fields a thing has, what a form makes of them, and what of it goes to the server.

/** Fields of each kind of thing, in groups as they stand on the page. What follows from the name of a file (the season of an episode) is none of them. */
const KINDS = {
  movie: { what: ['title', 'originalTitle', 'year', 'releaseDate', 'summary', 'tagline', 'contentRating', 'rating'], people: ['directors', 'writers', 'studio'], sorting: ['genres', 'labels', 'collection', 'sortTitle'] },
  show: { what: ['title', 'originalTitle', 'year', 'releaseDate', 'status', 'summary', 'tagline', 'contentRating', 'rating'], people: ['studio'], sorting: ['genres', 'labels', 'collection', 'sortTitle'] },
  season: { what: ['title', 'year', 'releaseDate', 'summary', 'contentRating'], sorting: ['labels'] },
  episode: { what: ['title', 'index', 'airDate', 'summary', 'contentRating', 'rating'], people: ['directors', 'writers'], sorting: ['labels'] },
  video: { what: ['title', 'releaseDate', 'year', 'summary', 'contentRating'], sorting: ['genres', 'labels', 'collection', 'sortTitle'] },
  artist: { what: ['title', 'summary'], sorting: ['genres', 'labels', 'sortTitle'] },
  album: { what: ['title', 'year', 'releaseDate', 'summary', 'studio'], sorting: ['genres', 'labels', 'sortTitle'] },
  track: { what: ['title', 'index', 'year'], sorting: ['genres', 'labels'] },
};

export const LISTS = new Set(['genres', 'labels', 'directors', 'writers']);
const NUMBERS = new Set(['year', 'index', 'parentIndex', 'rating']);
const DATES = new Set(['releaseDate', 'airDate']);
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Kinds that TMDb knows. */
export const isMatchable = (type) => type === 'movie' || type === 'show' || type === 'season' || type === 'episode';

/** Groups with the fields that both the kind and the answer have. @param {{type: string, fields: Record<string, unknown>}} item */
export function groupsOf({ type, fields }) {
  return Object.entries(KINDS[type] ?? KINDS.video).map(([name, list]) => ({ name, fields: list.filter((field) => field in fields) })).filter((group) => group.fields.length);
}

/** How a field is drawn. @param {string} field @returns {'list' | 'number' | 'date' | 'long' | 'choice' | 'text'} */
export function formOf(field) {
  if (field === 'status') return 'choice';
  if (LISTS.has(field)) return 'list';
  if (NUMBERS.has(field)) return 'number';
  if (DATES.has(field)) return 'date';
  return field === 'summary' ? 'long' : 'text';
}

/** What stands in a field for a value of the answer. */
export function shownAs(field, value) {
  if (LISTS.has(field)) return value ?? [];
  return value === null || value === undefined ? '' : String(value);
}

/** The same the other way: '' is nothing known. */
export function meantBy(field, shown) {
  if (LISTS.has(field)) return shown;
  const text = shown.trim();
  if (text === '') return null;
  return NUMBERS.has(field) ? Number(text.replace(',', '.')) : text;
}

const alike = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * What of a draft differs from the answer.
 * @param {{fields: Record<string, any>, ids: Record<string, any>, locked: string[]}} item
 * @param {{fields: Record<string, any>, ids: Record<string, string>, locks: Record<string, boolean>}} draft what was typed, by field
 */
export function changesOf(item, draft) {
  const fields = Object.fromEntries(Object.entries(draft.fields).filter(([field, shown]) => !alike(meantBy(field, shown), meantBy(field, shownAs(field, item.fields[field])))));
  const ids = Object.fromEntries(Object.entries(draft.ids).filter(([name, text]) => text.trim() !== shownAs(name, item.ids?.[name])));
  const locks = Object.fromEntries(Object.entries(draft.locks).filter(([field, is]) => !(field in fields) && is !== item.locked.includes(field)));
  return { fields, ids, locks, count: Object.keys(fields).length + Object.keys(ids).length + Object.keys(locks).length };
}

/** What is wrong before anybody is asked, by field. @param {ReturnType<typeof changesOf>} changes @param {Record<string, string>} say */
export function wrongIn(changes, say) {
  const wrong = {};
  for (const [field, shown] of Object.entries(changes.fields)) {
    const meant = meantBy(field, shown);
    if (field === 'title' && meant === null) wrong[field] = say.needed;
    else if (NUMBERS.has(field) && meant !== null && !Number.isFinite(meant)) wrong[field] = say.noNumber;
    else if (DATES.has(field) && meant !== null && !DAY.test(meant)) wrong[field] = say.noDate;
  }
  for (const name of ['tmdb']) if (changes.ids[name]?.trim() && !/^\d+$/.test(changes.ids[name].trim())) wrong[`ids.${name}`] = say.noNumber;
  return wrong;
}

/** The body of PUT /api/media-item. @param {ReturnType<typeof changesOf>} changes */
export function bodyOf(changes) {
  const names = Object.entries(changes.locks);
  const body = Object.fromEntries(Object.entries(changes.fields).map(([field, shown]) => [field, meantBy(field, shown)]));
  if (names.some(([, is]) => is)) body.locked = names.filter(([, is]) => is).map(([field]) => field);
  if (names.some(([, is]) => !is)) body.unlock = names.filter(([, is]) => !is).map(([field]) => field);
  const ids = Object.entries(changes.ids).map(([name, text]) => [name, text.trim() === '' ? null : name === 'tmdb' ? Number(text) : text.trim()]);
  if (ids.length) body.ids = Object.fromEntries(ids);
  return body;
}

/** The reason the server gives for one field; it may name it alone or inside `fields` or `set`. @param {any} problem @param {string} field */
export function reasonFor(problem, field) {
  const at = (problem?.details ?? []).find((detail) => {
    const name = String(detail?.field ?? '').replace(/^(fields|set)\./, '');
    return name === field || name.startsWith(`${field}[`);
  });
  return at?.reason ?? null;
}

/** "Very likely" for 0.97, with its tone. @param {number} score @param {[number, string, string][]} scores falling */
export const likely = (score, scores) => scores.find(([from]) => score >= from) ?? scores.at(-1);
