// The service worker: shows what is pushed while no page is open, and leads to it. Caches nothing.
// It is no module and imports nothing: what is pushed must be shown even while the server is away.

const ICON = '/assets/now/icons/icon-192.png'; // whatever build this was: an old address leads to today's file

/** A push may come from an older server: a page of this house, or the inbox. @param {unknown} text */
function pageOf(text) {
  try {
    const url = new URL(String(text), self.location.origin);
    if (url.origin === self.location.origin) return url.pathname + url.search + url.hash;
  } catch {
    // no address
  }
  return '/inbox';
}

/** @param {PushMessageData | null} data */
function read(data) {
  try {
    return data?.json() ?? {};
  } catch {
    return {};
  }
}

async function show(pushed) {
  const { title = 'HomeMedia', body = '', url = '/inbox', tag = '', icon, image, badgeCount } = pushed;
  const options = { body, icon: icon ?? ICON, data: { url: pageOf(url) } };
  if (tag) Object.assign(options, { tag, renotify: true });
  if (image) options.image = image;
  if (typeof badgeCount === 'number' && self.navigator.setAppBadge) await self.navigator.setAppBadge(badgeCount).catch(() => {});
  await self.registration.showNotification(title, options);
}

async function open(url) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find((one) => one.visibilityState === 'visible') ?? pages[0];
  if (!page) return self.clients.openWindow(url);
  page.postMessage({ type: 'open', url });
  return page.focus().catch(() => self.clients.openWindow(url));
}

async function closeShown(prefix) {
  const shown = await self.registration.getNotifications();
  for (const one of shown) if (one.tag.startsWith(prefix)) one.close();
}

/** The browser has another subscription than before: the server must not go on with the old one. */
async function renew(event) {
  const key = event.oldSubscription?.options.applicationServerKey;
  const fresh = event.newSubscription ?? (key && (await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })));
  if (!fresh) return;
  await fetch('/api/push/subscribe', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...fresh.toJSON(), oldEndpoint: event.oldSubscription?.endpoint }),
  });
}

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('push', (event) => event.waitUntil(show(read(event.data))));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(pageOf(event.notification.data?.url)));
});
self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(event)));
self.addEventListener('message', (event) => {
  if (event.data?.type === 'close') event.waitUntil(closeShown(String(event.data.prefix ?? '')));
});
