// Files on their way into notebooks: one list for the whole window, which goes on while one looks at other pages and after a reload.
import { session } from '../session.js';
import { fileAt } from '../ui/kept-uploads.js';
import { newId, store } from '../ui/platform.js';
import { kept } from './kept.js';
import { Upload } from './upload.js';

// Small ones are kept whole, so that they go on by themselves where the platform gives no handles.
const KEPT_WHOLE = 32 << 20;
const ALIVE_MS = 5000;
const HERE = 'notes.uploads.here';

const recordOf = (one) => ({ id: one.block, user: session.user?.id ?? '', heap: one.heap, name: one.name, size: one.size, modified: one.modified, mime: one.mime, hash: one.hash, rootId: one.root?.id ?? null, steps: one.steps ?? [], inFolder: one.inFolder ?? false, page: one.page ?? null, isPaused: one.state === 'paused', bytes: one.size <= KEPT_WHOLE && !one.root ? one.file : null });

/** By block. `change` {detail: block} tells of each step. */
class Uploads extends EventTarget {
  /** @type {Map<string, Upload>} */
  #all = new Map();
  #tab = newId();
  #heart = 0;
  #resuming = null;

  /** @param {string} block */
  of(block) {
    return this.#all.get(block) ?? null;
  }

  /** @param {string} heap @param {string} block @param {import('../ui/given-files.js').Given} given */
  begin(heap, block, { file, root, steps }, { inFolder = false, page = null } = {}) {
    const made = this.#made({ heap, block, name: file.name, size: file.size, modified: file.lastModified, mime: file.type, file, root, steps, inFolder, page });
    kept.keep([recordOf(made)], root ? [root] : []);
    made.start();
    return made;
  }

  #made(what) {
    const made = new Upload(what, (one) => this.#tell(one));
    this.#all.set(made.block, made);
    return made;
  }

  /** What a reload has left: files that can be found again go on, the others are to be chosen again. */
  resume() {
    this.#resuming ??= this.#resume().finally(() => (this.#resuming = null));
    return this.#resuming;
  }

  async #resume() {
    const here = store.get(HERE);
    if (!kept.isAnythingLeft || (here && here.tab !== this.#tab && Date.now() - here.at < ALIVE_MS * 3)) return; // another window sends them
    const { files, roots } = await kept.left();
    for (const one of files) {
      if (one.user !== session.user?.id || this.#all.has(one.id)) continue;
      const handle = roots.get(one.rootId) ?? null;
      const may = handle ? await (handle.queryPermission?.({ mode: 'read' }).catch(() => 'denied') ?? 'granted') : 'denied';
      const made = this.#made({ ...one, block: one.id, file: one.bytes ?? null, root: handle ? { id: one.rootId, handle } : null, handle, find: handle ? () => fileAt(handle, one.steps) : null });
      if (!made.file && may !== 'granted') made.state = 'lost';
      else if (one.isPaused) made.state = 'paused';
      else made.start();
      this.#tell(made);
    }
  }

  /** Go on with one whose file has to be read again; needs a press. @returns {Promise<boolean>} false: it is to be chosen */
  async askAgain(block) {
    const one = this.of(block);
    if ((await one.handle?.requestPermission?.({ mode: 'read' }).catch(() => 'denied')) !== 'granted') return false;
    one.start();
    return true;
  }

  /** The file that was asked for again. @param {string} block @param {File} file @returns {boolean} whether it is that one */
  chosen(block, file) {
    const one = this.of(block);
    if (file.size !== one.size || file.name !== one.name) return false;
    Object.assign(one, { file, hash: one.modified === file.lastModified ? one.hash : null, modified: file.lastModified });
    one.start();
    return true;
  }

  /** It is not wanted any more. @param {string} block */
  forget(block) {
    this.of(block)?.stop();
    this.#all.delete(block);
    kept.forget([block]);
    this.dispatchEvent(new CustomEvent('change', { detail: block }));
  }

  /** What is not through yet. @returns {Upload[]} */
  get open() {
    return [...this.#all.values()].filter((one) => one.state !== 'done');
  }

  get isBusy() {
    return [...this.#all.values()].some((one) => one.isGoing);
  }

  /** Whether something is sent that nobody finds again after a reload. */
  get isLoose() {
    return [...this.#all.values()].some((one) => one.isGoing && !one.root && one.size > KEPT_WHOLE);
  }

  #tell(one) {
    if (one.state === 'done') kept.forget([one.block]);
    else if (one.state === 'paused' || (one.state === 'sending' && one.hash !== one.toldHash)) {
      one.toldHash = one.hash;
      kept.keep([recordOf(one)], []);
    }
    this.#beat();
    this.dispatchEvent(new CustomEvent('change', { detail: one.block }));
  }

  /** Other windows see that this one is at it. */
  #beat() {
    if (!this.isBusy && this.#heart) {
      clearInterval(this.#heart);
      this.#heart = 0;
      store.set(HERE, null);
      if (!this.open.length) kept.forgetAll();
    } else if (this.isBusy && !this.#heart) {
      const beat = () => store.set(HERE, { tab: this.#tab, at: Date.now() });
      beat();
      this.#heart = setInterval(beat, ALIVE_MS);
    }
  }
}

export const uploads = new Uploads();

window.addEventListener('beforeunload', (event) => uploads.isLoose && event.preventDefault());
window.addEventListener('pagehide', () => uploads.isBusy && store.set(HERE, null));
