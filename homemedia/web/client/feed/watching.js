// Tells the server what was watched: after a few seconds that it was, on leaving how much of it.
import { api } from '../api.js';
import { session } from '../session.js';
import { push } from '../ui/platform.js';
import { clips } from './store.js';

export const SEEN_MS = 3000;
const HALF = 0.5; // of a clip shorter than that
const JUMP_MS = 1000; // more between two looks at the clock is no playing

export class Watching {
  #clip = null;
  #told = 0;
  #sent = Promise.resolve();

  constructor() {
    this.hid = () => document.visibilityState === 'hidden' && this.leave();
  }

  connect() {
    document.addEventListener('visibilitychange', this.hid);
    window.addEventListener('pagehide', this.hid);
  }

  disconnect() {
    this.end();
    document.removeEventListener('visibilitychange', this.hid);
    window.removeEventListener('pagehide', this.hid);
  }

  /** @param {any | null} clip what plays from now on */
  begin(clip) {
    if (clip?.id === this.#clip?.id) return;
    this.end();
    this.#clip = clip;
    this.#told = 0;
    this.played = 0;
    this.most = 0;
    this.isSeen = Boolean(clip?.watched);
  }

  /** @param {number} passed ms since the last call, while it played @param {number} fraction how far it is, 0–1 */
  tick(passed, fraction) {
    if (!this.#clip) return;
    if (passed > 0 && passed < JUMP_MS) this.played += passed;
    if (fraction > this.most) this.most = Math.min(1, fraction);
    if (!this.isSeen && (this.played >= SEEN_MS || (this.most >= HALF && this.played > 0))) this.seen();
  }

  seen() {
    this.isSeen = true;
    clips.watched(this.#clip.id);
    push.close(`new-clip-${this.#clip.id}`);
    this.#sent = this.#tell(this.#clip.id);
  }

  async #tell(id) {
    try {
      await api.post(`/api/clips/${id}/watched`);
    } catch {
      clips.patch(id, { watched: false }); // away or refused: it is not watched, and the count is the server's
      clips.recount();
    }
  }

  get percent() {
    return Math.round(this.most * 100);
  }

  /** Only what is more than was told already, and not of one's own: those are watched whole from the start. */
  #due() {
    const clip = this.#clip;
    return clip && this.isSeen && clip.addedBy !== session.user?.id && this.percent > this.#told ? clip : null;
  }

  /** On to another one. */
  end() {
    const clip = this.#due();
    const watchPercent = this.percent;
    this.#clip = null;
    if (!clip) return;
    const tell = () => api.patch(`/api/clips/${clip.id}/watched`, { watchPercent });
    this.#sent.then(tell).catch(() => {}); // how much is nothing to complain about
  }

  /** The page goes, perhaps for good: a beacon arrives all the same, on plain http too. */
  leave() {
    const clip = this.#due();
    if (!clip) return;
    this.#told = this.percent;
    const body = new Blob([JSON.stringify({ watchPercent: this.percent })], { type: 'application/json' });
    navigator.sendBeacon(`/api/clips/${clip.id}/watched`, body);
  }
}
