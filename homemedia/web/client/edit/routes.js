import { registerRoute } from '../router.js';

registerRoute('/edit/:key', () => import('./edit-page.js'), { tag: 'edit-page', place: 'watch', admin: true });
registerRoute('/match/:key', () => import('./match-page.js'), { tag: 'match-page', place: 'watch', admin: true });
