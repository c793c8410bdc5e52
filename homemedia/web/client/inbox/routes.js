import { registerRoute } from '../router.js';

registerRoute('/inbox', () => import('./inbox-page.js'), { tag: 'inbox-page' });
registerRoute('/settings/notices', () => import('./notices-page.js'), { tag: 'notices-page' });
