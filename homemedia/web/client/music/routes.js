// No pages of its own: brings back what played before the window was loaded anew.
import { session } from '../session.js';

const KEEP = 'homemedia.music';

function isKept() {
  try {
    return sessionStorage.getItem(KEEP) !== null;
  } catch {
    return false; // storage withheld: nothing was kept
  }
}

if (isKept()) {
  const off = session.subscribe(async () => {
    if (!session.user) return;
    off();
    const [{ music }] = await Promise.all([import('./music.js'), import('./bar-host.js').then(({ showBar }) => showBar())]);
    music.restore();
  });
}
