import { registerRoute } from '../router.js';

registerRoute('/play/:key', () => import('./player-page.js'), { tag: 'player-page', frame: false });
