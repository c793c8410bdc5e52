// Start: shared styles, the session, every folder's routes, then the frame and the first page.
import { api, connection, invalidate, onUnauthorized } from './api.js';
import { live } from './live.js';
import { go, registerRoute, router, startRouter, toSignIn } from './router.js';
import { session } from './session.js';
import './ui/frame.js';
import './ui/install.js';
import { shared } from './ui/styles.js';
import { theme } from './ui/theme.js';
import './ui/widgets.js';

document.adoptedStyleSheets = [...document.adoptedStyleSheets, ...shared.map((sheet) => sheet.styleSheet)];
theme.apply();

registerRoute('/settings/widgets', () => import('./ui/widgets-page.js'), { tag: 'widgets-page', frame: false, admin: true });

/** One folder that fails to load must not take the house with it. */
async function readFolders() {
  const folders = await Promise.allSettled([import('./start/routes.js'), import('./watch/routes.js'), import('./player/routes.js'), import('./music/routes.js'), import('./admin/routes.js'), import('./edit/routes.js'), import('./photos/routes.js'), import('./link/routes.js'), import('./inbox/routes.js'), import('./share/routes.js'), import('./feed/routes.js'), import('./notes/routes.js')]);
  for (const folder of folders) if (folder.status === 'rejected') console.error(folder.reason);
}

onUnauthorized(() => {
  if (!session.user) return;
  session.end();
  if (!router.current.route?.public) toSignIn();
});

const READ_ANEW = ['/api/libraries', '/api/media', '/api/continue-watching', '/api/discover', '/api/home', '/api/search', '/api/watchlist'];
live.on('library.changed', () => invalidate(...READ_ANEW));
live.on('libraries.changed', () => invalidate(...READ_ANEW));
live.on('ended', () => api.get('/api/auth/me').catch(() => {})); // its 401 leads to sign-in
live.on('playback.progress', () => invalidate('/api/continue-watching', '/api/watchlist'));
live.on('playback.watchlist', () => invalidate('/api/watchlist', '/api/home/library', '/api/media', '/api/libraries'));
live.on('member.*', () => invalidate('/api/users', '/api/admin/users', '/api/home/accounts/members/'));
live.on('sessions.changed', () => invalidate('/api/sessions', '/api/home/accounts/members/', '/api/users'));
live.on('invites.changed', () => invalidate('/api/invites', '/api/home/accounts/standing-invite'));
live.on('connected', ({ again }) => again && invalidate('/api/'));
connection.subscribe((ok) => ok && invalidate('/api/'));

/** The link of a TV, "#/share?token=…": exchanged for a session, and out of the address before anything else is asked. */
async function takeLink() {
  const token = /^#\/share\?(?:.*&)?token=([^&]+)/.exec(location.hash)?.[1];
  if (!token) return;
  history.replaceState(null, '', location.pathname + location.search);
  try {
    await api.post('/api/auth/login', { shareToken: decodeURIComponent(token) }, { quiet: true });
  } catch (error) {
    console.error(error.message); // ended or void: sign-in says the rest
  }
}

async function start() {
  try {
    await takeLink();
    await Promise.all([readFolders(), session.load()]);
  } catch (error) {
    console.error(error);
    document.querySelector('hm-app').fail(error);
    return;
  }
  startRouter();
  if (session.server.setupRequired && !router.current.route?.public) go('/setup', { replace: true });
}

start();
