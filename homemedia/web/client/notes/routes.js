import { registerPlace, registerRoute } from '../router.js';
import { say } from './en.js';

const page = () => import('./notes-page.js');
for (const pattern of ['/notes', '/notes/:heap', '/notes/:heap/:block']) registerRoute(pattern, page, { tag: 'notes-page', place: 'notes', slim: true, lean: true });

registerPlace({ id: 'notes', label: say.notes, icon: 'notes', href: '/notes', order: 50, shown: (session) => Boolean(session.user) });
