// Words that lead to more of the same: collection, genres, labels. And where descriptions come from.
import { css, html, nothing } from '../vendor/lit.js';
import { editHref, matchHref, mayEdit } from '../edit/menu.js';
import { say as edit } from '../edit/en.js';
import { session } from '../session.js';
import { say } from './en.js';
import { GRIDS } from './links.js';

const MATCHED = new Set(['movie', 'show']);

export const tagStyles = css`
  .tags { display: flex; flex-wrap: wrap; gap: 8px; } .tags a { display: inline-flex; align-items: center; gap: 6px; height: 32px; padding: 0 12px; border-radius: var(--round); box-shadow: inset 0 0 0 1px var(--line); font: var(--font-14); font-weight: 500; white-space: nowrap; max-width: 100%; overflow: hidden; text-overflow: ellipsis; }
  @media (hover: hover) { .tags a:hover { background: var(--hover); } }
  .sources { display: flex; flex-direction: column; gap: 6px; font: var(--font-12); color: var(--text3); } .sources a { font-weight: 500; }
  @media (max-width: 719.98px) { .tags a { height: 40px; padding: 0 14px; } }
`;

/** Of an item, or of the show an episode belongs to: each word leads to its grid. @param {any} item detail */
export function tags(item) {
  const kind = item.type === 'episode' || item.type === 'season' ? 'show' : item.type;
  const grid = GRIDS[kind] ?? '/films';
  const several = session.libraries.filter((one) => one.type === kind).length > 1;
  const to = (name, value) => `${grid}?${new URLSearchParams({ ...(several ? { library: item.libraryId } : {}), [name]: value })}`;
  const labels = item.labels ?? [];
  if (!item.collection && !item.genres?.length && !labels.length) return nothing;
  return html`<nav class="tags" aria-label=${say.moreOfSame}>
    ${item.collection ? html`<a href="/collections/${encodeURIComponent(item.collection)}?library=${item.libraryId}"><hm-icon name="grid" size="16"></hm-icon>${item.collection}</a>` : nothing}
    ${(item.genres ?? []).map((genre) => html`<a href=${to('genre', genre)}>${genre}</a>`)}
    ${labels.map((label) => html`<a href=${to('label', label)}><hm-icon name="pin" size="16"></hm-icon>${label}</a>`)}</nav>`;
}

/** The foot of a page: who described it, and for administrators the way to better words. @param {any} item detail @param {{tmdb?: boolean} | undefined} sources */
export function sourcesLine(item, sources) {
  if (!sources?.tmdb) return nothing;
  const isUnknown = MATCHED.has(item.type) && item.matched === false && mayEdit();
  return html`<footer class="sources">
    ${isUnknown ? html`<p>${edit.unmatched} <a class="link" href=${matchHref(item)}>${edit.fixMatch}</a> · <a class="link" href=${editHref(item)}>${edit.byHand}</a></p>` : nothing}
    <p>${edit.attribution}</p></footer>`;
}
