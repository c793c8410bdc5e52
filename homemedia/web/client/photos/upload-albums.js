// Albums that files go into once they are here: one that was chosen, or one per folder, made when its first file has come.
import { api } from '../api.js';
import { session } from '../session.js';

const made = new Map();

/** The album of that name that is one's own, or a new one. @param {string} name @returns {Promise<{id: string, albumName: string}>} */
function byName(name) {
  if (!made.has(name)) {
    const asked = (async () => {
      const own = (await api.get('/api/albums', { name })).find((one) => one.ownerId === session.user?.id && one.albumName === name);
      return own ?? api.post('/api/albums', { albumName: name });
    })();
    asked.catch(() => made.delete(name));
    made.set(name, asked);
  }
  return made.get(name);
}

/** @param {{id?: string, albumName: string}} album @param {string[]} ids */
export async function putIn(album, ids) {
  const { id } = album.id ? album : await byName(album.albumName);
  await api.put(`/api/albums/${id}/assets`, { ids });
  return id;
}

/** Another time they may be gone. */
export const forgetMade = () => made.clear();
