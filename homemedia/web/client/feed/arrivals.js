// What was sent in from this window: told by a toast when it is there, or why not, wherever one has gone meanwhile.
import { live } from '../live.js';
import { go, router } from '../router.js';
import { session } from '../session.js';
import { toast } from '../ui/toast.js';
import { retry } from './deeds.js';
import { adding as say } from './en.js';
import { clips } from './store.js';

const awaited = new Set();
/** Ids whose coming is drawn where one looks, so that no toast says it again. */
const shown = new Set();

/** @param {string} id of a clip on its way */
export function follow(id) {
  awaited.add(id);
}

/** @param {string} id @returns {() => void} ends it */
export function showHere(id) {
  shown.add(id);
  return () => shown.delete(id);
}

async function look(id) {
  const clip = await clips.load(id).catch(() => undefined);
  if (clip === undefined) return; // the server is away: the next frame asks again
  if (clip === null || clip.status === 'deleted') awaited.delete(id);
  else if (clip.status !== 'downloading') {
    awaited.delete(id);
    tell(clip);
  }
}

function tell(clip) {
  if (shown.has(clip.id)) return;
  if (clip.status === 'failed') toast(say.failedToast(clip.failureReason ?? say.unknownReason), { kind: 'bad', action: { label: say.again, run: () => again(clip) } });
  else if (router.current.search.clip !== clip.id) toast(say.readyToast(clip.title), { action: { label: say.look, run: () => go(`/feed?clip=${encodeURIComponent(clip.id)}`) } });
}

async function again(clip) {
  if (await retry(clip)) awaited.add(clip.id);
}

live.on('clips.changed', ({ ids, what }) => {
  if (what !== 'status') return;
  for (const id of ids) if (awaited.has(id)) look(id);
});
live.on('connected', ({ again: isAgain }) => isAgain && [...awaited].forEach(look));
session.subscribe(() => !session.user && awaited.clear());
