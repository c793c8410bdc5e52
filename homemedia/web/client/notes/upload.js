// One file on its way into a notebook, in pieces that go on where they stopped.
import { Y } from '../vendor/editor.js';
import { api, connection } from '../api.js';
import { sha256 } from '../ui/platform.js';
import { say } from './en.js';
import { push } from './push.js';

const MIB = 1 << 20;
const PIECES = 100; // about as many steps as a progress bar shows
const AT_ONCE = 2;
const FILES_AT_ONCE = 3;
const POLL_MS = 1000;
const AWAY = new Set([0, 429, 502, 503, 504]); // it is worth trying again by itself
const SOON = new Set(['chunk_in_progress', 'heap_busy', 'chunk_conflict']); // what a page that was left still sends

/** How large the pieces of a file are. @param {number} size */
const pieceOf = (size) => Math.min(8, Math.max(1, Math.ceil(size / PIECES / MIB))) * MIB;

let running = 0;
const waiting = [];

/** A turn among the files that are sent at once. @returns {Promise<() => void>} gives it back */
async function turn() {
  if (running >= FILES_AT_ONCE) await new Promise((next) => waiting.push(next));
  running += 1;
  return () => {
    running -= 1;
    waiting.shift()?.();
  };
}

const pause = (ms, signal) =>
  new Promise((done, fail) => {
    const stopped = () => {
      clearTimeout(timer);
      fail(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stopped); // a long check of a file pauses thousands of times
      done();
    }, ms);
    signal.addEventListener('abort', stopped, { once: true });
  });

/**
 * @typedef {'waiting' | 'reading' | 'sending' | 'paused' | 'lost' | 'failed' | 'done'} State lost: the file has to be chosen again
 */

export class Upload {
  /** @type {State} */
  state = 'waiting';
  part = 0;
  error = null;
  /** Why it waits, where it is not its turn that it waits for. @type {string | null} */
  why = null;
  #control = null;
  #restarts = false;

  /**
   * @param {{heap: string, block: string, name: string, size: number, modified: number, mime: string, file: File | null, hash?: string | null, find?: (() => Promise<File>) | null, handle?: any, inFolder?: boolean, page?: string | null}} what page: the note or folder it was put in; inFolder: its name is that of the file on the server, which may be another
   * @param {(upload: Upload) => void} tell
   */
  constructor(what, tell) {
    Object.assign(this, { hash: null, find: null, handle: null, ...what });
    this.tell = tell;
  }

  get isOpen() {
    return this.state !== 'done' && this.state !== 'failed';
  }

  get isGoing() {
    return this.state === 'waiting' || this.state === 'reading' || this.state === 'sending';
  }

  pause() {
    this.#control?.abort();
    this.#now('paused');
  }

  /** It is not wanted any more. */
  stop() {
    this.#control?.abort();
    this.state = 'done';
  }

  async start() {
    this.#control?.abort();
    const control = new AbortController();
    this.#control = control;
    this.error = null;
    this.#now('waiting');
    const back = await turn();
    try {
      while (!control.signal.aborted) if (await this.#tried(control.signal)) break;
    } catch (error) {
      if (control.signal.aborted) return;
      this.error = error;
      this.#now('failed');
    } finally {
      back();
    }
  }

  /** @returns {Promise<boolean>} whether it is through; what is worth it is tried again */
  async #tried(signal) {
    try {
      await this.#send(signal);
      return true;
    } catch (error) {
      if (signal.aborted) throw error;
      if (error.code === 'hash_mismatch') this.#restarts = true;
      const isSoon = SOON.has(error.code) || error.code === 'upload_expired';
      if (!isSoon && !AWAY.has(error.status)) throw error;
      this.#now('waiting', isSoon ? null : say.waitsForServer);
      await Promise.race([pause(isSoon ? POLL_MS : POLL_MS * 30, signal), error.status === 0 ? connection.recovered() : new Promise(() => {})]);
      return false;
    }
  }

  async #read(signal) {
    try {
      this.file ??= await this.find();
      this.hash ??= await sha256(this.file);
    } catch {
      throw new Error(say.unreadableFile); // moved or taken away since it was chosen
    }
    signal.throwIfAborted();
  }

  async #send(signal) {
    if (!this.hash || !this.file) {
      this.#now('reading');
      await this.#read(signal);
    }
    const { file, hash, name, size } = this;
    const at = `${this.heap}/${this.block}`;
    const facts = { name, mime: this.mime || null, modified_at: this.modified };
    const begun = await api.post(`/api/upload/init/${at}`, { hash, size, chunk_size: pieceOf(size), restart: this.#restarts, ...facts }, { signal });
    this.#restarts = false;
    if (begun.status !== 'exists') {
      await this.#sendPieces(begun, (index, piece) => api.put(`/api/upload/chunk/${at}/${hash}/${index}`, piece, { signal }), file);
      let end = await api.post(`/api/upload/complete/${at}/${hash}`, facts, { signal });
      while (end.status === 'verifying') {
        await pause(POLL_MS, signal);
        end = await api.post(`/api/upload/complete/${at}/${hash}`, facts, { signal });
      }
    }
    await this.#write();
    this.part = 1;
    this.#now('done');
  }

  /** The pieces that are not there yet, some at once. */
  async #sendPieces({ received, total_chunks: total, chunk_size: length }, send, file) {
    const has = (index) => received.some(([first, last]) => index >= first && index <= last);
    const missing = Array.from({ length: total }, (_, index) => index).filter((index) => !has(index));
    let through = total - missing.length;
    const step = () => {
      this.part = total ? through / total : 0;
      this.#now('sending');
    };
    step();
    const one = async () => {
      for (let index = missing.shift(); index !== undefined; index = missing.shift()) {
        await send(index, file.slice(index * length, (index + 1) * length));
        through += 1;
        step();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  }

  /** The block's own document. */
  async #write() {
    const { name, size, mime, hash } = this;
    await push(this.heap, this.block, new Y.Doc(), (doc) => {
      for (const [key, value] of Object.entries({ ...(this.inFolder ? {} : { title: name }), type: 'file', created_at: Date.now() })) doc.getMap('meta').set(key, value);
      doc.getMap('files').set(hash, { name, size, mime, added_at: Date.now() });
    });
  }

  /** @param {State} state */
  #now(state, why = null) {
    [this.state, this.why] = [state, why];
    this.tell(this);
  }
}
