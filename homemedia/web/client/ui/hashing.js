// What the hashes of files share: bytes in pieces of any length, cut into blocks of 64, and the worker that reads a file.
// Plain JavaScript beside the page: browsers keep crypto.subtle from plain http, and it wants a whole file in memory.

const PIECE = 4 << 20;

/** A hash of FIPS 180-4 that works on blocks of 64 bytes; one of its kind adds `block`. */
export class BlockHash {
  /** @param {Int32Array} state what it begins with @param {number} words how many a block is spread over */
  constructor(state, words) {
    this.state = state;
    this.words = new Int32Array(words);
    this.rest = new Uint8Array(64);
    this.restLength = 0;
    this.length = 0;
  }

  /** @param {Uint8Array} bytes */
  update(bytes) {
    this.length += bytes.length;
    let at = 0;
    if (this.restLength) {
      at = Math.min(64 - this.restLength, bytes.length);
      this.rest.set(bytes.subarray(0, at), this.restLength);
      this.restLength += at;
      if (this.restLength < 64) return;
      this.block(this.rest, 0);
      this.restLength = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) this.block(bytes, at);
    this.rest.set(bytes.subarray(at));
    this.restLength = bytes.length - at;
  }

  /** @returns {string} in hex */
  digest() {
    const bits = this.length * 8;
    const end = new Uint8Array(this.restLength < 56 ? 64 - this.restLength : 128 - this.restLength);
    end[0] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(end.length - 8, Math.floor(bits / 2 ** 32));
    view.setUint32(end.length - 4, bits >>> 0);
    this.update(end);
    return Array.from(this.state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

/** @param {Blob} blob @param {BlockHash} sum */
async function hashOf(blob, sum) {
  for (let at = 0; at < blob.size; at += PIECE) sum.update(new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer()));
  return sum.digest();
}

/**
 * Answers as a worker: asked with {id, blob}, it says {id, hash} or {id, failed}.
 * @param {new () => BlockHash} Hash
 */
export function answerWith(Hash) {
  let before = Promise.resolve(); // one after another: two at once only share the same core

  globalThis.addEventListener?.('message', ({ data: { id, blob } }) => {
    before = before.then(async () => {
      try {
        postMessage({ id, hash: await hashOf(blob, new Hash()) });
      } catch {
        postMessage({ id, failed: true }); // moved or taken away since it was chosen
      }
    });
  });
}
