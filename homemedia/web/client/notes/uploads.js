// Files on their way into a notebook: each becomes a block of its own, in pieces that go on where they stopped.
import { Y } from '../vendor/editor.js';
import { api } from '../api.js';
import { sha256 } from '../ui/platform.js';

const PIECE = 1 << 20;
const POLL_MS = 1000;

const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** One file on its way. `state`: reading, sending, paused, done or failed. */
class Upload extends EventTarget {
  state = 'reading';
  part = 0;
  error = null;
  #isPaused = false;

  /** @param {string} heap @param {string} block @param {File} file */
  constructor(heap, block, file) {
    super();
    Object.assign(this, { heap, block, file });
  }

  pause() {
    this.#isPaused = true;
    this.#tell('paused');
  }

  async start() {
    this.#isPaused = false;
    this.error = null;
    try {
      this.#tell('reading');
      this.hash ??= await sha256(this.file);
      if (this.#isPaused) return;
      await this.#send();
    } catch (error) {
      this.error = error;
      this.#tell('failed');
    }
  }

  async #send() {
    const { file, hash } = this;
    const at = `${this.heap}/${this.block}`;
    const facts = { name: file.name, mime: file.type || null, modified_at: file.lastModified };
    const begun = await api.post(`/api/upload/init/${at}`, { hash, size: file.size, chunk_size: PIECE, ...facts });
    if (begun.status !== 'exists') {
      const has = (index) => begun.received.some(([first, last]) => index >= first && index <= last);
      for (let index = 0; index < begun.total_chunks; index += 1) {
        if (this.#isPaused) return;
        this.part = index / begun.total_chunks;
        this.#tell('sending');
        if (!has(index)) await api.put(`/api/upload/chunk/${at}/${hash}/${index}`, file.slice(index * begun.chunk_size, (index + 1) * begun.chunk_size));
      }
      let end = await api.post(`/api/upload/complete/${at}/${hash}`, facts);
      while (end.status === 'verifying') {
        await new Promise((done) => setTimeout(done, POLL_MS));
        end = await api.post(`/api/upload/complete/${at}/${hash}`, facts);
      }
    }
    await this.#write();
    this.part = 1;
    this.#tell('done');
  }

  /** The block's own document. */
  async #write() {
    const { file, hash } = this;
    const doc = new Y.Doc();
    doc.transact(() => {
      for (const [name, value] of Object.entries({ title: file.name, type: 'file', created_at: Date.now() })) doc.getMap('meta').set(name, value);
      doc.getMap('files').set(hash, { name: file.name, size: file.size, mime: file.type, added_at: Date.now() });
    });
    const answer = await api.post('/api/sync/push', { blocks: [{ block_id: this.block, workspace_id: this.heap, update: base64(Y.encodeStateAsUpdate(doc)) }] });
    doc.destroy();
    const [{ success, message, status }] = answer.results;
    if (!success) throw new Error(message ?? status);
  }

  #tell(state) {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}

/** By block; those that are done are forgotten with the page. @type {Map<string, Upload>} */
const all = new Map();

export const uploads = {
  of: (block) => all.get(block) ?? null,

  /** @param {string} heap @param {string} block @param {File} file */
  begin(heap, block, file) {
    const made = new Upload(heap, block, file);
    all.set(block, made);
    made.start();
    return made;
  },
};
