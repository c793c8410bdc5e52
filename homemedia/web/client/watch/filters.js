// What narrows a grid: read from the address, chosen in menus on wide screens and in one sheet on phones.
import { html, nothing } from '../vendor/lit.js';
import { count } from '../format.js';
import { openMenu } from '../ui/menu.js';
import { say } from './en.js';

const ORDERED = { added: 'desc', rating: 'desc', watched: 'desc', year: 'desc', released: 'desc' };
const FIRST_DECADE = 1920;
const GENRES = 60;

/** @param {Record<string, string>} search the address @returns {Record<string, string | null>} what the server is asked for, without the window */
export function askedFor({ sort = 'title', order, genre, year, unwatched }) {
  const known = say.sorts[sort] ? sort : 'title';
  return { sort: known, order: order ?? ORDERED[known] ?? null, genre: genre || null, year: year || null, unwatched: unwatched ? '1' : null };
}

export const isFiltered = ({ genre, year, unwatched }) => Boolean(genre || year || unwatched);
export const howMany = ({ genre, year, unwatched }) => [genre, year, unwatched].filter(Boolean).length;
export const NOTHING_CHOSEN = { genre: null, year: null, unwatched: null };

/** "1990–1999" for "1990-1999". */
export const yearName = (year) => year?.replace('-', '–');

export function decades(now = new Date().getFullYear()) {
  const all = [];
  for (let from = now - (now % 10); from >= FIRST_DECADE; from -= 10) all.push({ id: `${from}-${from + 9}`, label: say.decade(from) });
  return all;
}

/** Genres of this type, the most frequent first. @param {{name: string, types: Record<string, number>}[]} found @param {string} type */
export const genresOf = (found, type) => found.filter((genre) => genre.types[type]).sort((a, b) => b.types[type] - a.types[type]).slice(0, GENRES);

/** Menus at a chip; each answers what changes in the address, or null. */
export const ask = {
  async library(at, all, chosen) {
    const library = await openMenu(at, all.map((one) => ({ id: one.id, label: one.name, checked: one.id === chosen.id })), { label: say.library });
    return library && { library, genre: null };
  },
  async genre(at, genres, type, chosen) {
    const genre = await openMenu(at, genres.map((one) => ({ id: one.name, label: one.name, key: count(one.types[type]), checked: one.name === chosen })), { label: say.genre });
    return genre && { genre };
  },
  async year(at, chosen) {
    const year = await openMenu(at, decades().map((one) => ({ ...one, checked: one.id === chosen })), { label: say.year });
    return year && { year };
  },
  async sort(at, chosen) {
    const sort = await openMenu(at, Object.entries(say.sorts).map(([id, label]) => ({ id, label, checked: id === chosen })), { label: say.sort });
    return sort && { sort: sort === 'title' ? null : sort, order: null };
  },
};

/**
 * The sheet of a phone: everything that narrows, chosen by touch.
 * @param {{search: Record<string, string>, libraries: any[], library: any, genres: any[], type: string, words: string, set: (changes: object) => void, close: () => void}} has
 */
export function sheet({ search, libraries, library, genres, type, words, set, close }) {
  const chip = (label, chosen, changes) => html`<hm-chip fixed ?chosen=${chosen} @click=${() => set(changes)}>${label}</hm-chip>`;
  const group = (heading, chips) => html`<section class="sheet-group" aria-label=${heading}><h3>${heading}</h3><div class="sheet-chips">${chips}</div></section>`;
  const one = (name, id, label) => chip(label, search[name] === id, { [name]: search[name] === id ? null : id });
  return html`<hm-dialog open heading=${say.filters} @hm-close=${close}><div class="sheet">
    ${libraries.length > 1 ? group(say.library, libraries.map((other) => chip(other.name, other.id === library.id, { library: other.id, genre: null }))) : nothing}
    ${group(say.show, chip(say.unwatched, Boolean(search.unwatched), { unwatched: search.unwatched ? null : '1' }))}
    ${genres.length ? group(say.genre, genres.map((genre) => one('genre', genre.name, genre.name))) : nothing}
    ${group(say.year, decades().map((decade) => one('year', decade.id, decade.label)))}</div>
    <hm-button slot="actions" kind="quiet" ?disabled=${!isFiltered(search)} @click=${() => set(NOTHING_CHOSEN)}>${say.clear}</hm-button>
    <hm-button slot="actions" kind="primary" @click=${close}>${say.showThem(words)}</hm-button></hm-dialog>`;
}
