import { registerPlace, registerRoute } from '../router.js';
import { session } from '../session.js';
import { say } from './en.js';
import { forget, kept } from './kept.js';

const page = () => import('./notes-page.js');
for (const pattern of ['/notes', '/notes/:heap', '/notes/:heap/:block']) registerRoute(pattern, page, { tag: 'notes-page', place: 'notes', slim: true, lean: true });

registerPlace({ id: 'notes', label: say.notes, icon: 'notes', href: '/notes', order: 50, shown: (one) => Boolean(one.user) });

// Who signs out leaves nothing here; whose session merely ended finds what he wrote without the server. What a reload has
// interrupted goes on with who began it.
let last = null;
function met() {
  const left = last;
  last = session.user?.id ?? null;
  if (last && last !== left && kept.isAnythingLeft) import('./uploads.js').then(({ uploads }) => uploads.resume()).catch(() => {}); // no answer: the next page asks again
  if (left && !last && session.hasLeft) forget(left).catch(() => {}); // a browser that keeps nothing has nothing to forget
}
session.subscribe(met);
met();
