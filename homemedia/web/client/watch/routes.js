import { registerPlace, registerRoute } from '../router.js';
import { say } from './en.js';

const grid = () => import('./library-page.js');

registerRoute('/', () => import('./home-page.js'), { tag: 'home-page', place: 'home' });
for (const path of ['/films', '/shows', '/videos']) registerRoute(path, grid, { tag: 'library-page', place: 'watch' });
for (const path of ['/films', '/shows']) {
  registerRoute(`${path}/recommended`, () => import('./recommended-page.js'), { tag: 'recommended-page', place: 'watch' });
  registerRoute(`${path}/collections`, () => import('./collections-page.js'), { tag: 'collections-page', place: 'watch' });
}
registerRoute('/collections/:name', () => import('./collection-page.js'), { tag: 'collection-page', place: 'watch' });
registerRoute('/people/:id', () => import('./person-page.js'), { tag: 'person-page', place: 'watch' });
registerRoute('/recent', () => import('./recent-page.js'), { tag: 'recent-page', place: 'home' });
registerRoute('/continue', () => import('./continue-page.js'), { tag: 'continue-page', place: 'home' });
registerRoute('/films/:key', () => import('./film-page.js'), { tag: 'film-page', place: 'watch' });
registerRoute('/videos/:key', () => import('./film-page.js'), { tag: 'film-page', place: 'watch' });
registerRoute('/episodes/:key', () => import('./film-page.js'), { tag: 'film-page', place: 'watch' });
registerRoute('/shows/:key', () => import('./show-page.js'), { tag: 'show-page', place: 'watch' });
registerRoute('/seasons/:key', () => import('./show-page.js'), { tag: 'show-page', place: 'watch' });
registerRoute('/music', () => import('./music-page.js'), { tag: 'music-page', place: 'watch' });
registerRoute('/music/artist/:key', () => import('./artist-page.js'), { tag: 'artist-page', place: 'watch' });
registerRoute('/music/album/:key', () => import('./album-page.js'), { tag: 'album-page', place: 'watch' });
registerRoute('/music/playlist/:id', () => import('./playlist-page.js'), { tag: 'playlist-page', place: 'watch' });
registerRoute('/watchlist', () => import('./watchlist-page.js'), { tag: 'watchlist-page', place: 'watch' });
registerRoute('/search', () => import('./search-page.js'), { tag: 'search-page', place: 'watch' });

const KINDS = ['movie', 'show', 'video', 'music'];
const HREFS = { movie: '/films', show: '/shows', video: '/videos', music: '/music' };
registerPlace({ id: 'home', label: say.home, icon: 'home', href: '/', order: 10 });
registerPlace({
  id: 'watch',
  label: say.watch,
  icon: 'watch',
  get href() {
    return HREFS[this.first] ?? '/films';
  },
  order: 20,
  shown(session) {
    this.first = KINDS.find((kind) => session.libraries.some((library) => library.type === kind));
    return Boolean(this.first);
  },
});
