// Tells the server where one is. Whatever becomes of a report, playing goes on.

const EVERY_MS = 10_000;
const STILL_MS = 1000;

/**
 * Whether something new is to be told.
 * @param {{state: string, offset: number, at: number} | null} last what was told, `at` by the same clock as `now`
 * @param {{state: 'playing' | 'paused' | 'stopped', offset: number}} now
 * @param {number} nowMs
 * @returns {boolean}
 */
export function isDue(last, now, nowMs) {
  if (!last) return now.state === 'playing';
  if (last.state === 'stopped' && now.state !== 'playing') return false;
  if (last.state !== now.state) return true;
  return now.state === 'playing' ? nowMs - last.at >= EVERY_MS : now.state === 'paused' && Math.abs(now.offset - last.offset) >= STILL_MS;
}

/** What is sent. Offsets count within the part; the server knows the others. */
export function bodyOf({ key, fileId, offset, duration, state, sessionId = null, audioTrack = null, subtitleTrack = null }) {
  const body = { ratingKey: key, fileId, offset: Math.max(0, Math.round(offset)), state };
  if (duration > 0) body.duration = Math.round(duration);
  if (sessionId) body.sessionId = sessionId;
  if (audioTrack !== null) body.audioTrack = audioTrack; // remembered for the next time; only what somebody chose
  if (subtitleTrack !== null) body.subtitleTrack = subtitleTrack;
  return body;
}

function send(body, isLast) {
  const text = JSON.stringify(body);
  const options = { method: 'POST', credentials: 'same-origin', headers: { 'Content-Type': 'application/json' }, body: text, keepalive: isLast };
  try {
    // Not by api.js: a report that finds no server must neither raise the banner nor wait for it.
    return fetch('/api/progress', options).then(() => true, () => false);
  } catch {
    const blob = new Blob([text], { type: 'application/json' });
    return Promise.resolve(navigator.sendBeacon?.('/api/progress', blob) ?? false); // a browser that knows no keepalive
  }
}

export class Reporter {
  #last = null;

  /**
   * @param {string} key rating key
   * @param {() => {fileId: number, offset: number, duration: number, sessionId?: string | null} | null} where within the present part; null: nothing plays yet
   */
  constructor(key, where) {
    this.key = key;
    this.where = where;
  }

  /** Whether anything has played. */
  get hasTold() {
    return this.#last !== null;
  }

  /**
   * @param {'playing' | 'paused' | 'stopped'} state
   * @param {{force?: boolean}} [how] force: tell even if the time has not come (the end of a seek)
   * @returns {Promise<boolean>} whether the server heard it; never rejects
   */
  tell(state, { force = false } = {}) {
    const where = this.where();
    const nowMs = performance.now();
    if (!where || (!this.#last && state !== 'playing')) return Promise.resolve(false);
    const isForced = force && this.#last && this.#last.state !== 'stopped';
    if (!isForced && !isDue(this.#last, { state, offset: where.offset }, nowMs)) return Promise.resolve(false);
    this.#last = { state, offset: where.offset, at: nowMs };
    return send(bodyOf({ key: this.key, ...where, state }), state === 'stopped');
  }
}
