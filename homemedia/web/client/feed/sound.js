// Whether clips are heard: one choice for all of them, kept for an evening on this device; then the preference counts again.
import { store } from '../ui/platform.js';

const KEY = 'feed.sound';
const EVENING_MS = 6 * 3600_000;

const listeners = new Set();

export const sound = {
  muted: true,
  /** The browser lets nothing be heard before somebody has touched the page. */
  isRefused: false,

  /** @param {() => void} fn @returns {() => void} */
  subscribe(fn) {
    listeners.add(fn);
    return () => listeners.delete(fn);
  },

  /** @param {boolean | undefined} byDefault what the member prefers; unknown counts as muted */
  begin(byDefault = true) {
    const kept = store.get(KEY);
    const isFresh = kept && Date.now() - kept.at < EVENING_MS;
    this.put(isFresh ? kept.muted : byDefault);
  },

  /** Somebody chose. @param {boolean} muted */
  set(muted) {
    store.set(KEY, { muted, at: Date.now() });
    this.isRefused = false;
    this.put(muted);
  },

  toggle() {
    this.set(!this.muted);
  },

  /** Muted for now; the choice stays as it was. */
  refused() {
    this.isRefused = true;
    this.put(true);
  },

  put(muted) {
    this.muted = muted;
    for (const fn of [...listeners]) fn();
  },
};
