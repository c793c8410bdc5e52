// Finds out what a failure was and goes on by itself where that is possible: the server or the disk comes back, a line hiccups.
import { connection } from '../api.js';
import { toSignIn } from '../router.js';
import { askStream, askWhy } from './trouble.js';

const DISK_MS = 5000;
const STALL_MS = 4000;
const FORWARD_MS = 5000;
const BUSY_MS = 10_000;
/** How often a stream that ended is opened anew within a minute before something else must be wrong. */
const REOPENS = 4;
const MINUTE_MS = 60_000;
/** How often an error (its code) is answered by asking again before it is believed: network, decoding, unsupported. */
const TRIES = { 2: 3, 3: 0, 4: 1 };

const pause = (ms, signal) =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      done();
    }, { once: true });
  });

export class Recovery {
  #stop = new AbortController();
  #isAsking = false;
  #tries = 0;
  #triedAt = 0;
  #reopened = [];

  /**
   * @param {import('./stage.js').Stage} stage
   * @param {object} does
   * @param {(trouble: {kind: string, message?: string}) => void} does.fail shows it
   * @param {(trouble: object) => boolean} does.isStill whether it is still shown
   * @param {() => void} does.goOn takes it away and plays on
   * @param {(message: string) => {kind: string} | null} does.doubt what it is when the server has the file; null: something else is tried
   */
  constructor(stage, does) {
    this.stage = stage;
    this.does = does;
    stage.addEventListener('trouble', ({ detail }) => this.ask(detail));
    stage.addEventListener('stall', () => this.ask(null));
  }

  /** Another thing plays now: answers about the old one count no more. */
  forget() {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#tries = 0;
    this.#reopened = [];
  }

  /** @param {{code?: number, cause?: string, status?: number, address?: string | null} | null} failure of the video or its stream; null: it only stands still */
  async ask(failure) {
    const part = this.stage.parts[this.stage.index];
    const { signal } = this.#stop;
    if (!part || this.#isAsking) return;
    this.#isAsking = true;
    try {
      const { feed } = this.stage;
      const why = feed?.sessionId ? await askStream(feed.address, failure, signal) : await askWhy(part.address, signal);
      if (!signal.aborted) await this.#answer(why, failure, part, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#isAsking = false;
    }
  }

  /** The server would not open it. @param {import('./streams.js').Refusal} refusal */
  async refused(refusal) {
    const part = this.stage.parts[this.stage.index];
    const { signal } = this.#stop;
    if (part && refusal.kind) return this.#answer(refusal, null, part, signal);
    if (part) this.does.fail({ kind: 'refused', message: '' });
    throw refusal; // a fault of ours: said in the console as well
  }

  async #answer(why, failure, part, signal) {
    if (why.kind === 'fine') return failure === null ? this.#standsStill(signal) : failure.cause ? this.#streamFailed(failure) : this.#failed(failure.code);
    if (why.kind === 'gone') return this.#reopen();
    if (why.kind === 'failed') return this.#tryAgain(1) || this.#doubt(why.message);
    if (why.kind === 'signed-out') return toSignIn();
    this.does.fail(why);
    if (why.kind === 'away') await connection.recovered();
    else if (why.kind === 'disk') await this.#diskBack(why, part, signal);
    else if (why.kind === 'busy' || why.kind === 'limit') await pause(why.wait ? why.wait * 1000 : BUSY_MS, signal);
    else return undefined;
    return !signal.aborted && this.does.isStill(why) ? this.does.goOn() : undefined;
  }

  async #diskBack(why, part, signal) {
    for (;;) {
      await pause(DISK_MS, signal);
      if (signal.aborted || !this.does.isStill(why)) return;
      const { kind } = await askWhy(part.address, signal);
      if (kind === 'fine') return;
    }
  }

  /** A stream takes the time its first segment takes to be made; of a file nothing comes late. */
  async #standsStill(signal) {
    if (this.stage.feed?.kind !== 'direct') return;
    await pause(STALL_MS, signal);
    if (!signal.aborted && this.stage.isWaiting && !this.stage.isBlocked) this.stage.again();
  }

  /** The server ended the stream (a restart, a long pause): another one from here. */
  #reopen() {
    const now = performance.now();
    this.#reopened = [...this.#reopened.filter((at) => now - at < MINUTE_MS), now];
    if (this.#reopened.length > REOPENS) this.does.fail({ kind: 'refused', message: '' });
    else this.stage.again();
  }

  #streamFailed(failure) {
    if (failure.cause === 'network') this.#reopen();
    else this.#doubt('');
  }

  #doubt(message) {
    const trouble = this.does.doubt(message);
    if (trouble) this.does.fail(trouble);
    else this.#tries = 0; // another way is tried, which may fail once, too
  }

  /** The way to a file may have failed for a moment, a converter may stumble once; what is in a file fails always. */
  #failed(code) {
    if (!this.#tryAgain(TRIES[code] ?? 0)) this.#doubt('');
  }

  /** @param {number} most how often at about one place @returns {boolean} whether it was */
  #tryAgain(most) {
    const { time } = this.stage;
    if (Math.abs(time - this.#triedAt) > FORWARD_MS) this.#tries = 0;
    this.#triedAt = time;
    if (this.#tries >= most) return false;
    this.#tries += 1;
    this.stage.again();
    return true;
  }
}
