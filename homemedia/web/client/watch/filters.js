// What narrows a grid: read from the address, chosen in menus on wide screens and in one sheet on phones.
import { html, nothing } from '../vendor/lit.js';
import { count } from '../format.js';
import { openMenu } from '../ui/menu.js';
import { say } from './en.js';

const ORDERED = { added: 'desc', rating: 'desc', watched: 'desc', year: 'desc', released: 'desc' };
const MOST_CHOICES = 60;
const MOST_CHIPS = 24; // of one kind in the sheet

/** What narrows, in the order of the chips; those behind "More" come last. */
export const NAMES = ['unwatched', 'genre', 'year', 'resolution', 'contentRating', 'collection', 'label'];
const BEHIND_MORE = ['resolution', 'contentRating', 'collection', 'label'];

/** @param {string | undefined} sort @returns {string} one the server knows */
const sortOf = (sort) => (say.sorts[sort] ? sort : 'title');

/** @param {Record<string, string>} search the address @returns {Record<string, string | null>} what the server is asked for, without the window */
export function askedFor(search) {
  const sort = sortOf(search.sort);
  const order = ['asc', 'desc'].includes(search.order) && sort !== 'random' ? search.order : (ORDERED[sort] ?? null);
  return { sort, order, ...Object.fromEntries(NAMES.map((name) => [name, search[name] || null])), unwatched: search.unwatched ? '1' : null };
}

export const isFiltered = (search) => NAMES.some((name) => search[name]);
export const howMany = (search) => NAMES.filter((name) => search[name]).length;
export const NOTHING_CHOSEN = Object.fromEntries(NAMES.map((name) => [name, null]));

/** Whether the order is not the one a sort begins with. */
const isReversed = (search) => {
  const { sort, order } = askedFor(search);
  return sort !== 'random' && (order ?? 'asc') !== (ORDERED[sort] ?? 'asc');
};

/** By title from Z, else from A: where the letters lead. */
export const isBackwards = (search) => askedFor(search).order === 'desc';

export const sortName = (search) => (isReversed(search) ? say.sortsReversed : say.sorts)[sortOf(search.sort)];

/** "1990–1999" for "1990-1999", "4K" for "4k". */
export const valueName = (name, value) => (name === 'year' ? value.replace('-', '–') : name === 'resolution' ? (say.resolutions[value] ?? value) : value);

/** Genres of this type, the most frequent first. @param {{name: string, types: Record<string, number>}[]} found @param {string} type */
export const genresOf = (found, type) => found.filter((genre) => genre.types[type]).sort((a, b) => b.types[type] - a.types[type]).slice(0, MOST_CHOICES);

const LISTS = { genre: 'genres', resolution: 'resolutions', contentRating: 'contentRatings', collection: 'collections', label: 'labels' };

const ALIKE = new Set(['resolution', 'contentRating']);

/** What can be chosen of one kind. @param {any} filters the server's, or undefined while they are read @returns {{id: string, label: string, count: number}[]} */
export function choices(filters, name) {
  if (!filters) return [];
  if (name === 'year') return filters.decades.map(({ first, count: n }) => ({ id: `${first}-${first + 9}`, label: say.decade(first), count: n })).reverse();
  const found = filters[LISTS[name]];
  if (found.length < 2 && ALIKE.has(name)) return []; // all of one quality: nothing to choose
  return found.map((one) => ({ id: one.name, label: valueName(name, one.name), count: one.count }));
}

/** Kinds behind "More" that this library knows and that are not chosen yet. */
const more = (filters, search) => BEHIND_MORE.filter((name) => !search[name] && choices(filters, name).length > 0);

/** Menus at a chip; each answers what changes in the address, or null. */
const ask = {
  async value(at, filters, name, chosen) {
    const items = choices(filters, name).slice(0, MOST_CHOICES).map((one) => ({ id: one.id, label: one.label, key: count(one.count), checked: one.id === chosen }));
    const value = await openMenu(at, items, { label: say[name] });
    return value && { [name]: value };
  },
  async more(at, filters, search) {
    const name = await openMenu(at, more(filters, search).map((id) => ({ id, label: say[id] })), { label: say.moreFilters });
    return name && ask.value(at, filters, name, null);
  },
  async sort(at, search) {
    const { sort, order } = askedFor(search);
    const sorts = Object.entries(say.sorts).map(([id, label]) => ({ id, label, checked: id === sort }));
    const turn = sort === 'random' ? [] : [{ separator: true }, { id: 'turn', label: say.turn, icon: 'sort', checked: isReversed(search) }];
    const chosen = await openMenu(at, [...sorts, ...turn], { label: say.sort });
    if (chosen === 'turn') return { order: isReversed(search) ? null : order === 'desc' ? 'asc' : 'desc' };
    return chosen && { sort: chosen === 'title' ? null : chosen, order: null };
  },
};

/**
 * The chips over a grid, each by its name; `more` opens what has no chip of its own.
 * @param {{search: Record<string, string>, filters: any, change: (asked: Promise<object | null> | object) => void}} has
 * @returns {Record<string, unknown>}
 */
export function chips({ search, filters, change }) {
  const clear = (name) => () => change({ [name]: null });
  const made = { unwatched: html`<hm-chip ?chosen=${Boolean(search.unwatched)} @click=${() => change({ unwatched: search.unwatched ? null : '1' })} @hm-remove=${clear('unwatched')}>${say.unwatched}</hm-chip>` };
  for (const name of NAMES.slice(1)) {
    const value = search[name];
    const isOffered = value || (!BEHIND_MORE.includes(name) && choices(filters, name).length > 0);
    made[name] = isOffered ? html`<hm-chip ?chosen=${Boolean(value)} ?menu=${!value} @click=${(event) => change(ask.value(event.currentTarget, filters, name, value))} @hm-remove=${clear(name)}>${value ? valueName(name, value) : say[name]}</hm-chip>` : nothing;
  }
  made.more = more(filters, search).length ? html`<hm-chip menu @click=${(event) => change(ask.more(event.currentTarget, filters, search))}>${say.moreFilters}</hm-chip>` : nothing;
  made.clear = howMany(search) > 1 ? html`<hm-button kind="quiet" size="small" @click=${() => change(NOTHING_CHOSEN)}>${say.clear}</hm-button>` : nothing;
  return made;
}

/** How the grid is ordered, with its menu. */
export const sortButton = (search, change) =>
  html`<hm-button kind="quiet" @click=${(event) => change(ask.sort(event.currentTarget, search))}>${sortName(search)} <hm-icon name="chevron-down" size="16"></hm-icon></hm-button>`;

/**
 * The sheet of a phone: everything that narrows, chosen by touch.
 * @param {{search: Record<string, string>, libraries: any[], library: any, filters: any, words: string, set: (changes: object) => void, close: () => void}} has
 */
export function sheet({ search, libraries, library, filters, words, set, close }) {
  const chip = (label, chosen, changes) => html`<hm-chip fixed ?chosen=${chosen} @click=${() => set(changes)}>${label}</hm-chip>`;
  const group = (heading, inner) => html`<section class="sheet-group" aria-label=${heading}><h3>${heading}</h3><div class="sheet-chips">${inner}</div></section>`;
  const one = (name, { id, label }) => chip(label, search[name] === id, { [name]: search[name] === id ? null : id });
  const groupOf = (name) => {
    const all = choices(filters, name).filter((choice, at) => at < MOST_CHIPS || choice.id === search[name]);
    return all.length ? group(say[name], all.map((choice) => one(name, choice))) : nothing;
  };
  return html`<hm-dialog open heading=${say.filters} @hm-close=${close}><div class="sheet">
    ${libraries.length > 1 ? group(say.library, libraries.map((other) => chip(other.name, other.id === library.id, { library: other.id, ...NOTHING_CHOSEN }))) : nothing}
    ${group(say.show, chip(say.unwatched, Boolean(search.unwatched), { unwatched: search.unwatched ? null : '1' }))}
    ${NAMES.slice(1).map(groupOf)}</div>
    <hm-button slot="actions" kind="quiet" ?disabled=${!isFiltered(search)} @click=${() => set(NOTHING_CHOSEN)}>${say.clear}</hm-button>
    <hm-button slot="actions" kind="primary" @click=${close}>${say.showThem(words)}</hm-button></hm-dialog>`;
}
