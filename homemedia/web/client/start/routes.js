import { registerRoute } from '../router.js';

registerRoute('/sign-in', () => import('./sign-in-page.js'), { tag: 'sign-in-page', frame: false, public: true });
registerRoute('/welcome', () => import('./welcome-page.js'), { tag: 'welcome-page', frame: false, public: true });
registerRoute('/welcome/folders', () => import('./folders-page.js'), { tag: 'welcome-folders-page', frame: false, admin: true });
registerRoute('/welcome/ready', () => import('./ready-page.js'), { tag: 'welcome-ready-page', frame: false, admin: true });
