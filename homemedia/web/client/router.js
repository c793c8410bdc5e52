// Addresses, history, places. Draws nothing: the frame listens and shows what `current` says.
import { compile, find, readSearch, safeReturn, writeSearch } from './route-match.js';

const routes = [];
const places = [];
const settings = [];
const listeners = new Set();
const holds = new Set();
const SCROLLS = 'homemedia.scrolls';

/**
 * @typedef {object} RouteOptions
 * @property {string} tag the page's element
 * @property {string} [place] id of the place that is lit
 * @property {boolean} [frame] false: without rail and bars
 * @property {boolean} [public] needs no session
 * @property {boolean} [admin] administrators only
 * @property {boolean} [lean] only one's own picture stands at the top right: the page has a top of its own
 * @property {boolean} [slim] on phones only one's own picture stands at the top right
 */

/** @param {string} pattern @param {() => Promise<unknown>} load @param {RouteOptions} options */
export function registerRoute(pattern, load, options) {
  routes.push({ ...compile(pattern), load, frame: true, ...options });
}

/** @param {{id: string, label: string, icon: string, href: string, order: number, shown?: (session: any) => boolean, search?: {href: string, hint: string}, badge?: () => number, badgeLabel?: (n: number) => string}} place `search`: where one looks for things from its pages; `badge`: how much waits there, drawn anew after the event `hm-places` */
export function registerPlace(place) {
  places.push(place);
  places.sort((a, b) => a.order - b.order);
}

/** A page behind the picture: `{label, icon, href, order, admin?}`. */
export function registerSetting(entry) {
  settings.push(entry);
  settings.sort((a, b) => (a.order ?? 50) - (b.order ?? 50));
}

export const allPlaces = () => places;
export const allSettings = () => settings;
export const hasRoute = (path) => find(routes, path) !== null;

/** What is shown now: `route` (null: unknown address), `params`, `search`, `path`, `key` of the history entry, `how` it came. */
export const router = {
  current: { route: null, params: {}, search: {}, path: '/', key: '', how: 'load' },
  subscribe(fn) {
    listeners.add(fn);
    return () => listeners.delete(fn);
  },
};

const scrolls = new Map();
try {
  for (const [key, y] of JSON.parse(sessionStorage.getItem(SCROLLS) ?? '[]')) scrolls.set(key, y);
} catch {
  scrolls.clear(); // unreadable or withheld: scroll positions begin anew
}

function keepScrolls() {
  scrolls.set(router.current.key, window.scrollY);
  try {
    sessionStorage.setItem(SCROLLS, JSON.stringify([...scrolls].slice(-60)));
  } catch {
    scrolls.delete(''); // storage withheld: positions live as long as the page
  }
}

/** @returns {number} where the present entry was scrolled to when it was last left */
export const keptScroll = () => scrolls.get(router.current.key) ?? 0;

function show(how) {
  const found = find(routes, location.pathname);
  router.current = {
    route: found?.route ?? null,
    params: found?.params ?? {},
    search: readSearch(location.search),
    path: location.pathname,
    key: history.state?.key ?? '',
    index: history.state?.index ?? 0,
    how,
  };
  for (const fn of [...listeners]) fn(router.current);
}

const newState = (index) => ({ key: `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`, index });
const held = () => [...holds].map((ask) => ask()).find(Boolean);

/** @param {string} path @param {{replace?: boolean}} [options] @returns {boolean} false when the page held it */
export function go(path, { replace = false } = {}) {
  const sentence = held();
  if (sentence && !window.confirm(sentence)) return false;
  keepScrolls();
  const index = router.current.index ?? 0;
  if (replace) history.replaceState({ ...newState(index), key: newState(0).key }, '', path);
  else history.pushState(newState(index + 1), '', path);
  show('go');
  return true;
}

/** History back, or to `fallback` when this page was the first. @param {string} [fallback] */
export function back(fallback = '/') {
  if ((router.current.index ?? 0) > 0) history.back();
  else go(fallback, { replace: true });
}

/** Shows the present address anew. */
export const reload = () => show('reload');

/**
 * Rewrites the `?query` of the present address; the page stays and gets the new `search`.
 * @param {Record<string, unknown>} changes null leaves a key out @param {{push?: boolean}} [options]
 */
export function setSearch(changes, { push = false } = {}) {
  const target = location.pathname + writeSearch({ ...router.current.search, ...changes });
  if (target === location.pathname + location.search) return;
  if (push) {
    keepScrolls();
    history.pushState(newState((router.current.index ?? 0) + 1), '', target);
  } else history.replaceState(history.state, '', target);
  show('search');
}

/** Asks before leaving: `ask` returns a sentence while something is unsaved. @returns {() => void} */
export function holdNavigation(ask) {
  holds.add(ask);
  return () => holds.delete(ask);
}

/** Where sign-in leads back to. */
export const nextAddress = () => safeReturn(router.current.search.next ?? null);

/** Leads to sign-in and remembers the way back. */
export function toSignIn() {
  const { pathname, search } = location;
  if (pathname === '/sign-in') return;
  const next = pathname === '/' ? '' : `?next=${encodeURIComponent(pathname + search)}`;
  go(`/sign-in${next}`, { replace: true });
}

function linkOf(event) {
  const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement && node.hasAttribute('href'));
  if (!link || link.hasAttribute('download') || (link.target && link.target !== '_self')) return null;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin || /^\/(api|assets|ws)(\/|$)/.test(url.pathname)) return null;
  if (url.pathname === location.pathname && url.search === location.search && url.hash) return null;
  return url;
}

function clicked(event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const url = linkOf(event);
  if (!url) return;
  event.preventDefault();
  const same = url.pathname === location.pathname && url.search === location.search;
  if (!same) go(url.pathname + url.search + url.hash);
  else window.scrollTo({ top: 0 });
}

/** Starts listening; called once by app.js after the routes stand. */
export function startRouter() {
  history.scrollRestoration = 'manual';
  if (!history.state?.key) history.replaceState(newState(0), '');
  document.addEventListener('click', clicked);
  window.addEventListener('pagehide', keepScrolls);
  window.addEventListener('beforeunload', (event) => held() && event.preventDefault());
  window.addEventListener('popstate', () => {
    const steps = (router.current.index ?? 0) - (history.state?.index ?? 0);
    const sentence = steps === 0 ? null : held();
    if (sentence && !window.confirm(sentence)) {
      history.go(steps); // back to where it was; that arrival finds steps 0 and is the same entry
      return;
    }
    const samePath = location.pathname === router.current.path;
    keepScrolls();
    show(samePath && history.state?.key === router.current.key ? 'search' : 'back');
  });
  show('load');
}
