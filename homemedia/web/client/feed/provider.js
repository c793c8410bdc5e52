// What fetches clips: read, switched on and off, brought up to date.
import { api, invalidate, query } from '../api.js';
import { session } from '../session.js';

export const PROVIDER = '/api/group/provider';

/** Whether one may switch it: whoever runs the house. @param {{createdBy?: string | null} | undefined} group */
export const isHost = (group) => Boolean(session.user && (session.user.isAdmin || group?.createdBy === session.user.id));

const changed = () => {
  query(PROVIDER).refresh();
  return query('/api/auth').refresh();
};

/** Brings the newest copy if there is a way out, and begins to use it. @param {string} [id] */
export async function switchOn(id = 'ytdlp') {
  const { version } = await api.post(`${PROVIDER}/install`, { providerId: id });
  await api.patch(PROVIDER, { providerId: id });
  await changed();
  return version;
}

/** Looks for a newer copy; whether it is used stays as it was. @param {string} [id] @returns {Promise<string>} the version that is used */
export async function update(id = 'ytdlp') {
  const { version } = await api.post(`${PROVIDER}/install`, { providerId: id });
  await changed();
  return version;
}

/** @param {string | null} id null: nothing is fetched for now */
export async function use(id) {
  await api.patch(PROVIDER, { providerId: id });
  await changed();
}

/** @param {string} [id] */
export async function switchOff(id = 'ytdlp') {
  await api.delete(`${PROVIDER}/install`, null, { body: { providerId: id } });
  invalidate('/api/group/');
  await changed();
}
