import { registerPlace, registerRoute } from '../router.js';
import { say } from './en.js';

const page = (pattern, load, tag) => registerRoute(pattern, load, { tag, place: 'photos' });
const kept = () => import('./kept-page.js');
const cards = () => import('./places-page.js');
const named = () => import('./place-page.js');

page('/photos', () => import('./timeline-page.js'), 'photo-timeline-page');
for (const path of ['/photos/favourites', '/photos/archive', '/photos/trash']) page(path, kept, 'photo-kept-page');
page('/photos/albums', () => import('./albums-page.js'), 'photo-albums-page');
page('/photos/albums/:id', () => import('./album-page.js'), 'photo-album-page');
page('/photos/people', cards, 'photo-people-page');
page('/photos/people/:id', named, 'photo-person-page');
page('/photos/places', cards, 'photo-places-page');
page('/photos/places/:name', named, 'photo-place-page');
page('/photos/search', () => import('./search-page.js'), 'photo-search-page');

// Every member may bring photos; somebody who only looks on by a link has no account to keep them in.
registerPlace({ id: 'photos', label: say.photosTitle, icon: 'photos', href: '/photos', order: 30, search: { href: '/photos/search', hint: say.searchHint }, shown: (session) => Boolean(session.user) });
