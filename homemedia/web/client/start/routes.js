import { registerRoute } from '../router.js';

registerRoute('/sign-in', () => import('./sign-in-page.js'), { tag: 'sign-in-page', frame: false, public: true });
registerRoute('/sign-in/code', () => import('./code-page.js'), { tag: 'code-sign-in-page', frame: false, public: true });
registerRoute('/pair', () => import('./pair-page.js'), { tag: 'pair-page', frame: false, public: true });
registerRoute('/https', () => import('./https-page.js'), { tag: 'https-page', frame: false, public: true });
registerRoute('/sign-in/return', () => import('./return-page.js'), { tag: 'sign-in-return-page', frame: false, public: true });
registerRoute('/join/:token', () => import('./join-page.js'), { tag: 'join-page', frame: false, public: true });
registerRoute('/setup', () => import('./setup-page.js'), { tag: 'setup-page', frame: false, public: true });
registerRoute('/setup/folders', () => import('./folders-page.js'), { tag: 'setup-folders-page', frame: false, admin: true });
registerRoute('/setup/ready', () => import('./ready-page.js'), { tag: 'setup-ready-page', frame: false, admin: true });
