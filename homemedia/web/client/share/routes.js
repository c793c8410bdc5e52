import { registerRoute } from '../router.js';

const page = () => import('./shared-page.js');
registerRoute('/shared', page, { tag: 'shared-page' });
registerRoute('/shared/:side', page, { tag: 'shared-page' });
