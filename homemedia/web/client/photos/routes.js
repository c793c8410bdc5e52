import { registerPlace, registerRoute } from '../router.js';
import { session } from '../session.js';
import { store } from '../ui/platform.js';
import { say } from './en.js';

const page = (pattern, load, tag) => registerRoute(pattern, load, { tag, place: 'photos' });
const kept = () => import('./kept-page.js');

page('/photos', () => import('./timeline-page.js'), 'photo-timeline-page');
for (const path of ['/photos/favourites', '/photos/archive', '/photos/trash']) page(path, kept, 'photo-kept-page');
page('/photos/albums', () => import('./albums-page.js'), 'photo-albums-page');
page('/photos/albums/:id', () => import('./album-page.js'), 'photo-album-page');
page('/photos/people', () => import('./people-page.js'), 'photo-people-page');
page('/photos/people/:id', () => import('./person-page.js'), 'photo-person-page');
page('/photos/tags', () => import('./tags-page.js'), 'photo-tags-page');
page('/photos/tags/:id', () => import('./tag-page.js'), 'photo-tag-page');
page('/photos/locked', () => import('./locked-page.js'), 'photo-locked-page');
page('/photos/partners/:id', () => import('./partner-page.js'), 'photo-partner-page');
registerRoute('/settings/partners', () => import('./partners-page.js'), { tag: 'photo-partners-page' });
page('/photos/map', () => import('./map-page.js'), 'photo-map-page');
page('/photos/memories', () => import('./memories-page.js'), 'photo-memories-page');
page('/photos/duplicates', () => import('./duplicates-page.js'), 'photo-duplicates-page');
page('/photos/places', () => import('./places-page.js'), 'photo-places-page');
page('/photos/places/:name', () => import('./place-page.js'), 'photo-place-page');
page('/photos/search', () => import('./search-page.js'), 'photo-search-page');

// Every member may bring photos; somebody who only looks on by a link has no account to keep them in.
registerPlace({ id: 'photos', label: say.photosTitle, icon: 'photos', href: '/photos', order: 30, search: { href: '/photos/search', hint: say.searchHint }, shown: (session) => Boolean(session.user) });

// Adding that a reload has interrupted goes on, whichever page is opened.
const off = session.subscribe(() => {
  if (!session.user || !store.get('uploads.open')) return;
  off();
  import('./adding.js').then((adding) => adding.goOnAdding());
});
