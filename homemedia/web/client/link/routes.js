import { registerRoute } from '../router.js';

const page = () => import('./link-page.js');

for (const path of ['/share/:name', '/s/:name']) registerRoute(path, page, { tag: 'link-page', frame: false, public: true });
