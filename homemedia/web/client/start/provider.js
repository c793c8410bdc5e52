// The household's sign-in provider, as the pages before the frame use it.
import { api } from '../api.js';
import { session } from '../session.js';
import { say } from './en.js';

/** @returns {Promise<{name: string, takesInvites: boolean, autoLaunch: boolean} | null>} null while there is none */
export async function offer() {
  if (!session.server?.auth?.cloud) return null;
  const found = await api.get('/api/home/accounts/oidc/offer', null, { quiet: true });
  return found.name ? found : null;
}

/** What leads back to the sign-in page says where it leads: to a password, unless the household has none. */
export const otherWays = () => (session.server?.auth?.password === false ? say.provider.toSignIn : say.pair.password);

/**
 * Begins and leaves for the provider; comes back only when that fails.
 * @param {{inviteToken?: string, next?: string, serverName?: string, setupCode?: string}} body @param {'begin' | 'link' | 'setup'} [what]
 */
export async function leave(body, what = 'begin') {
  const { url } = await api.post(`/api/home/accounts/oidc/${what}`, body, { quiet: what !== 'link' });
  if (!/^https?:\/\//.test(url)) throw new TypeError('not an address of a provider');
  location.assign(url);
  return new Promise(() => {}); // the page is on its way out; what waits shows so until then
}
