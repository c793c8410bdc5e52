// Finds out what a failure was and goes on by itself where that is possible: the server or the disk comes back, a line hiccups.
import { connection } from '../api.js';
import { toSignIn } from '../router.js';
import { askWhy } from './trouble.js';

const DISK_MS = 5000;
const STALL_MS = 4000;
const FORWARD_MS = 5000;
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

  /**
   * @param {import('./stage.js').Stage} stage
   * @param {object} does
   * @param {(trouble: {kind: string, message?: string}) => void} does.fail shows it
   * @param {(trouble: object) => boolean} does.isStill whether it is still shown
   * @param {() => void} does.goOn takes it away and plays on
   * @param {() => {kind: string}} does.doubt what it is when the server has the file
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
  }

  /** @param {number | null} code of the MediaError; null: it only stands still */
  async ask(code) {
    const part = this.stage.parts[this.stage.index];
    const { signal } = this.#stop;
    if (!part || this.#isAsking) return;
    this.#isAsking = true;
    try {
      const why = await askWhy(part.address, signal);
      if (!signal.aborted) await this.#answer(why, code, part, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#isAsking = false;
    }
  }

  async #answer(why, code, part, signal) {
    if (why.kind === 'fine') return code === null ? this.#standsStill(signal) : this.#failed(code);
    if (why.kind === 'signed-out') return toSignIn();
    this.does.fail(why);
    if (why.kind === 'away') await connection.recovered();
    else if (why.kind === 'disk') await this.#diskBack(why, part, signal);
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

  async #standsStill(signal) {
    await pause(STALL_MS, signal);
    if (!signal.aborted && this.stage.isWaiting && !this.stage.isBlocked) this.stage.again();
  }

  /** The way to the file may have failed for a moment; what is in it fails always. */
  #failed(code) {
    const { time } = this.stage;
    if (Math.abs(time - this.#triedAt) > FORWARD_MS) this.#tries = 0;
    this.#triedAt = time;
    if (this.#tries < (TRIES[code] ?? 0)) {
      this.#tries += 1;
      this.stage.again();
    } else this.does.fail(this.does.doubt());
  }
}
