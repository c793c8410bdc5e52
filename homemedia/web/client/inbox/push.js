// Being told on this device while no page is open: the browser's permission, its subscription, and the server's list.
import { api } from '../api.js';
import { push } from '../ui/platform.js';

const WORKER = '/sw.js';
const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
const tell = (subscription) => api.post('/api/push/subscribe', subscription.toJSON());

/** What this browser is subscribed with, or null. @returns {Promise<PushSubscription | null>} */
export async function subscription() {
  if (!push.canBe) return null;
  const worker = await push.registration();
  return (await worker?.pushManager.getSubscription()) ?? null;
}

/**
 * Asks the person, subscribes, tells the server.
 * @param {string} key the server's public key
 * @returns {Promise<'on' | 'denied' | 'dismissed'>}
 */
export async function turnOn(key) {
  const answer = push.permission === 'default' ? await push.ask() : push.permission;
  if (answer !== 'granted') return answer === 'denied' ? 'denied' : 'dismissed';
  await push.register(WORKER);
  const worker = await push.ready();
  const how = { userVisibleOnly: true, applicationServerKey: bytes(key) };
  const before = await worker.pushManager.getSubscription();
  const made = await worker.pushManager.subscribe(how).catch(async (error) => {
    if (!before) throw error;
    await before.unsubscribe(); // made with the key of another house, or of this one before it was set up anew
    return worker.pushManager.subscribe(how);
  });
  await tell(made);
  return 'on';
}

export async function turnOff() {
  const made = await subscription();
  if (!made) return;
  await api.delete('/api/push/subscribe', null, { body: { endpoint: made.endpoint } });
  await made.unsubscribe();
}

/** A subscription ends with the sign-in it was made in; whoever signs in on this device again goes on being told. */
export async function renewSubscription() {
  try {
    const made = push.permission === 'granted' ? await subscription() : null;
    if (made) await tell(made);
  } catch (error) {
    console.error(error); // told when a page is open, as ever
  }
}
