// One note open in this page: its document, kept in the browser, in step with the server and everybody who has it open.
import { session } from '../session.js';
import { IndexeddbPersistence, WebsocketProvider, Y } from '../vendor/editor.js';
import { keptName } from './kept.js';

// A pause in the writing, and how long the server may take to say that it has all of it.
const PAUSE_MS = 400;
const ANSWER_MS = 4000;
const ENDS = ['gone', 'replaced', 'out', 'full', 'large'];
const GONE = { 4404: 'gone', 4410: 'gone', 4401: 'out', 4409: 'replaced', 4413: 'large' };
/** Why the server took nothing more, where the code of the end says too little. */
const endOf = ({ code, reason }) => (reason === 'quota_exceeded' ? 'full' : GONE[code]);
// Quiet tones that carry white words; each member keeps his own.
const TONES = ['#43609c', '#9b4a3e', '#3d7350', '#7b4a94', '#6d6422', '#1d6a72', '#8d4c22', '#8b3a63'];

/** The colour of a member's cursor. @param {string} id */
export const toneOf = (id) => TONES[[...id].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7) % TONES.length];

/** What a member is called beside his cursor. */
export const nameOf = (user) => user.displayName || user.name || user.username;

/**
 * @typedef {object} OpenNote
 * @property {Y.Doc} doc
 * @property {any} provider
 * @property {'loading' | 'saved' | 'saving' | 'offline' | 'gone' | 'replaced' | 'out' | 'full' | 'large'} state full: the member's room is used up; large: the note, or what was put into it at once
 */

export class Note extends EventTarget {
  state = 'loading';
  isReadOnly = false;
  #kept;
  #hasMet = false;

  /** @param {string} heap @param {string} block */
  constructor(heap, block) {
    super();
    this.heap = heap;
    this.block = block;
    this.doc = new Y.Doc();
    this.meta = this.doc.getMap('meta');
    this.content = this.doc.getXmlFragment('content');
    this.tags = this.doc.getMap('tags');
    this.#kept = new IndexeddbPersistence(keptName(session.user?.id, block), this.doc);
    const base = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}`;
    this.provider = new WebsocketProvider(base, 'ws', this.doc, { params: { block_id: block, heap_id: heap }, disableBc: true });
    // The provider names the room in the path; here it stands in the query alone.
    this.awareness = this.provider.awareness;
    const user = session.user;
    if (user) this.awareness.setLocalStateField('user', { id: user.id, name: nameOf(user), color: toneOf(user.id) });
    this.#kept.whenSynced.then(() => this.#look()).catch(() => {}); // a browser that keeps nothing: the server does
    this.provider.on('sync', (is) => {
      this.#hasMet ||= is;
      this.#look();
    });
    this.provider.on('status', ({ status }) => status === 'disconnected' && this.#look());
    this.provider.on('closed', (end) => this.#end(endOf(end) ?? 'offline'));
    this.provider.on('connection-close', (end) => end && endOf(end) && this.#end(endOf(end)));
    this.awareness.on('change', () => this.dispatchEvent(new Event('people')));
    this.doc.on('update', (_update, origin) => origin !== this.provider && origin !== this.#kept && this.#write());
  }

  /** Members who have the note open too, each once. */
  get people() {
    const own = session.user?.id;
    const found = new Map();
    for (const { user } of this.awareness.getStates().values()) if (user?.id && user.id !== own) found.set(user.id, user);
    return [...found.values()];
  }

  /** Whether there is something to show: from here or from the server. */
  get isThere() {
    return this.#hasMet || this.meta.size > 0 || this.content.length > 0;
  }

  /** Whether nothing was ever written in it. */
  get isEmpty() {
    return this.meta.size === 0 && this.content.length === 0 && this.tags.size === 0;
  }

  get title() {
    return String(this.meta.get('title') ?? '');
  }

  /** @param {Record<string, unknown>} fields null takes one out */
  set(fields) {
    this.doc.transact(() => {
      for (const [name, value] of Object.entries(fields)) value === null ? this.meta.delete(name) : this.meta.set(name, value);
    });
  }

  /** Tag it with another note, or no longer. @param {string} tag */
  toggleTag(tag) {
    if (this.tags.has(tag)) this.tags.delete(tag);
    else this.tags.set(tag, { added_at: Date.now() });
  }

  /** Let go of it; what is not sent yet is kept in the browser. */
  close() {
    clearTimeout(this.timer);
    this.provider.destroy();
    this.#kept.destroy();
    this.doc.destroy();
  }

  #write() {
    if (!ENDS.includes(this.state)) this.#tell(this.provider.wsconnected && navigator.onLine ? 'saving' : 'offline');
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  /** Ask the server what this side lacks: its answer says that it has taken all that was sent before. */
  #ask() {
    const { provider } = this;
    if (!provider.wsconnected) return this.#look();
    provider.synced = false;
    const vector = Y.encodeStateVector(this.doc);
    provider.ws.send(new Uint8Array([0, 0, ...varUint(vector.length), ...vector]));
    this.timer = setTimeout(() => !provider.synced && this.#tell('offline'), ANSWER_MS);
    return undefined;
  }

  #look() {
    if (ENDS.includes(this.state)) return;
    if (this.provider.synced) this.#tell('saved');
    else if (this.isThere && !this.provider.wsconnected) this.#tell('offline');
  }

  #end(state) {
    this.provider.shouldConnect = false;
    this.#tell(state);
  }

  #tell(state) {
    this.state = state;
    this.dispatchEvent(new Event('state'));
  }
}

/** A length as the protocol writes it: seven bits a byte, the lowest first. @param {number} n */
function varUint(n) {
  const bytes = [];
  for (let rest = n; bytes.push(rest > 127 ? (rest & 127) | 128 : rest) && rest > 127; ) rest = Math.floor(rest / 128);
  return bytes;
}
