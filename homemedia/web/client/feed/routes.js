import { registerPlace, registerRoute } from '../router.js';
import { say } from './en.js';
import { clips } from './store.js';

const feed = (pattern) => registerRoute(pattern, () => import('./feed-page.js'), { tag: 'feed-page', place: 'feed', slim: true });

feed('/feed');
feed('/feed/watched');
feed('/feed/favorites');
registerRoute('/feed/mine', () => import('./mine-page.js'), { tag: 'feed-mine-page', place: 'feed', slim: true });
registerRoute('/feed/add', () => import('./add-page.js'), { tag: 'feed-add-page', place: 'feed' });
registerRoute('/feed/setup', () => import('./setup-page.js'), { tag: 'feed-setup-page', place: 'feed' });
for (const path of ['/settings/feed', '/admin/feed']) registerRoute(path, () => import('./host-page.js'), { tag: 'feed-host-page', admin: true });

// Every member may send something in, so the place is there before the first clip is.
registerPlace({ id: 'feed', label: say.feed, icon: 'feed', href: '/feed', order: 40, shown: (session) => Boolean(session.user), badge: () => clips.unwatched ?? 0, badgeLabel: say.unseen });
