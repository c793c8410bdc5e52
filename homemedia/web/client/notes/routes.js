import { registerPlace, registerRoute } from '../router.js';
import { session } from '../session.js';
import { say } from './en.js';
import { forget, kept } from './kept.js';

const page = () => import('./notes-page.js');
for (const pattern of ['/notes', '/notes/:heap', '/notes/:heap/:block']) registerRoute(pattern, page, { tag: 'notes-page', place: 'notes', slim: true, lean: true });

registerPlace({ id: 'notes', label: say.notes, icon: 'notes', href: '/notes', order: 50, shown: (one) => Boolean(one.user) });

// Who signs out leaves nothing here; whose session merely ended finds what he wrote without the server.
let last = null;
session.subscribe(() => {
  const left = last;
  last = session.user?.id ?? null;
  if (last && last !== left && kept.isAnythingLeft) import('./uploads.js').then(({ uploads }) => uploads.resume()).catch(() => {}); // asked again by the next page
  if (left && !last && session.hasLeft) forget(left).catch(() => {}); // a browser that keeps nothing has nothing to forget
});
