// Many wait: the best are kept, the others hidden, and all of it can be taken back.
import { api } from '../api.js';
import { store as kept } from '../ui/platform.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { clips } from './store.js';

export const MANY = 30;
export const BEST = 30;
const PAGE = 50;
const KEY = 'feed.offer';
const LATER = 20; // so many more before it is offered again

/** Whether so many wait that one is asked; who declined is left alone until there are a good deal more. */
export const isOffered = (unwatched) => unwatched >= MANY && unwatched >= (kept.get(KEY) ?? 0) + (kept.get(KEY) === null ? 0 : LATER);

export function decline() {
  kept.set(KEY, clips.unwatched ?? 0);
}

const best = () => api.get('/api/clips', { filter: 'unwatched', sort: 'best', limit: BEST });

/** A few of what would be kept, to be looked at before one decides. */
export const someOfTheBest = async () => (await best()).clips.slice(0, 3);

/** @returns {Promise<boolean>} */
export async function keepBest() {
  try {
    const { clips: wanted } = await best();
    const { dismissed } = await api.post('/api/clips/dismiss', { keepIds: wanted.map((clip) => clip.id) });
    await again();
    toast(say.hidden(dismissed), { undo: () => bringBack(dismissed) });
    return true;
  } catch (error) {
    toastError(error);
    return false;
  }
}

const again = () => {
  clips.recount();
  return clips.list('unwatched').refresh();
};

/** Those hidden last, and no others that were hidden before. */
async function bringBack(n) {
  try {
    const ids = [];
    while (ids.length < n) {
      const page = await api.get('/api/clips/dismissed', { limit: PAGE, offset: ids.length || null });
      ids.push(...page.clips.map((clip) => clip.id));
      if (page.clips.length === 0) break;
    }
    decline(); // who wants them all is not asked at once
    await api.delete('/api/clips/dismiss', null, { body: { clipIds: ids.slice(0, n) } });
    await again();
  } catch (error) {
    toastError(error);
  }
}
