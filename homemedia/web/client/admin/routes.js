import { registerRoute } from '../router.js';
import './code-toast.js';

for (const path of ['/admin', '/admin/activity']) registerRoute(path, () => import('./activity-page.js'), { tag: 'activity-page', admin: true });
registerRoute('/admin/libraries', () => import('./libraries-page.js'), { tag: 'libraries-page', admin: true });
registerRoute('/admin/libraries/new', () => import('./library-page.js'), { tag: 'library-edit-page', admin: true });
registerRoute('/admin/libraries/:id', () => import('./library-page.js'), { tag: 'library-edit-page', admin: true });
registerRoute('/admin/libraries/:id/problems', () => import('./problems-page.js'), { tag: 'library-problems-page', admin: true });
for (const path of ['/admin/metadata', '/settings/metadata']) registerRoute(path, () => import('./metadata-page.js'), { tag: 'metadata-page', admin: true });
for (const path of ['/admin/edits', '/settings/edits']) registerRoute(path, () => import('./edits-page.js'), { tag: 'edits-page', admin: true });
registerRoute('/admin/members', () => import('./members-page.js'), { tag: 'members-page', admin: true });
registerRoute('/admin/members/:id', () => import('./member-page.js'), { tag: 'member-page', admin: true });
registerRoute('/admin/senders', () => import('./senders-page.js'), { tag: 'senders-page', admin: true });
registerRoute('/admin/invites', () => import('./invites-page.js'), { tag: 'invites-page', admin: true });
registerRoute('/admin/hardware', () => import('./hardware-page.js'), { tag: 'hardware-page', admin: true });
registerRoute('/admin/house', () => import('./house-page.js'), { tag: 'house-page', admin: true });
registerRoute('/admin/https', () => import('./https-page.js'), { tag: 'admin-https-page', admin: true });
registerRoute('/admin/sign-in', () => import('./sign-in-page.js'), { tag: 'admin-sign-in-page', admin: true });
registerRoute('/admin/backups', () => import('./backups-page.js'), { tag: 'backups-page', admin: true });
for (const path of ['/admin/updates', '/settings/updates']) registerRoute(path, () => import('./updates-page.js'), { tag: 'updates-page', admin: true });
registerRoute('/admin/log', () => import('./log-page.js'), { tag: 'log-page', admin: true });
registerRoute('/admin/about', () => import('./about-page.js'), { tag: 'about-page', admin: true });
registerRoute('/settings', () => import('./account-page.js'), { tag: 'account-page' });
registerRoute('/settings/devices', () => import('./devices-page.js'), { tag: 'devices-page' });
registerRoute('/settings/keys', () => import('./api-keys-page.js'), { tag: 'api-keys-page' });
// The short one is typed by hand, from a television's screen.
for (const path of ['/settings/pair', '/tv']) registerRoute(path, () => import('./pair-page.js'), { tag: 'confirm-pair-page' });
