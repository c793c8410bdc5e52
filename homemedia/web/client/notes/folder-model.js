// The folders of a notebook and what lies in them, read as they are opened; it outlives the page, so that Back finds it as it was.
import { api } from '../api.js';

const FOLDERS = 500;
const FILES = 200;
const KEPT = 4;
const NOT_FOLDERS = ['file', 'document', 'tag'];

/**
 * @typedef {object} Node
 * @property {any} block null: only its id is known
 * @property {string | null} parent
 * @property {any[]} folders
 * @property {any[]} files with holes, where nobody has looked yet
 * @property {'ready' | 'loading' | 'error'} state
 * @property {number} [version] another one when what lies in it has changed
 */

/** One row of the tree; without a block it is still to come. @typedef {{id: string, parent: string, block: any, at: number, of: number, level: number, isFolder: boolean, isOpen: boolean, index: number}} Row */

/** The name of a row that is still to come. */
const hole = (folder, index) => `${folder}-${index}`;

/** What of a listing is seen: equal where nothing would be drawn anew. */
const lookOf = (blocks, total) => `${total} ${blocks.map(({ block_id: id, title, file, counts, pinned }) => [id, title, file?.hash, file?.available, counts.children, pinned].join()).join(';')}`;

export class FolderModel extends EventTarget {
  /** @type {Map<string, Node>} */
  nodes = new Map();
  /** What is known of each block: its type. @type {Map<string, string>} */
  types = new Map();
  open = new Set();
  /** Where the tree was scrolled to, and which row has the keys. */
  top = 0;
  active = null;
  version = 0;
  #rows = null;
  #asked = new Map();

  /** @param {string} heap @param {string} root its first block */
  constructor(heap, root) {
    super();
    Object.assign(this, { heap, root });
    this.open.add(root);
  }

  async #ask(tag, type, limit, offset) {
    const page = await api.post('/api/heap', { heap_id: this.heap, tag, type, sort: 'title', order: 'asc', limit, offset });
    for (const block of page.blocks) this.types.set(block.block_id, block.type);
    return page;
  }

  /** Once, however many ask. */
  #once(key, work) {
    if (!this.#asked.has(key)) this.#asked.set(key, work().finally(() => this.#asked.delete(key)));
    return this.#asked.get(key);
  }

  /** What lies in a folder: its folders, and its first files. @param {string} id */
  load(id) {
    return this.#once(id, async () => {
      const before = this.nodes.get(id);
      if (!before) this.nodes.set(id, { block: null, parent: null, folders: [], files: [], state: 'loading' });
      try {
        const folders = [];
        for (let more = true; more; ) {
          const page = await this.#ask(id, 'folder', FOLDERS, folders.length);
          folders.push(...page.blocks);
          more = page.has_more;
        }
        const first = await this.#ask(id, NOT_FOLDERS, FILES, 0);
        const files = new Array(first.total);
        first.blocks.forEach((block, at) => (files[at] = block));
        const looks = lookOf([...folders, ...first.blocks], first.total);
        const known = this.nodes.get(id);
        if (known.state === 'ready' && known.looks === looks) return;
        this.nodes.set(id, { ...known, folders, files, looks, state: 'ready', version: (known.version ?? 0) + 1 });
        for (const block of folders) this.#known(block, id);
      } catch (error) {
        this.nodes.set(id, { ...this.nodes.get(id), state: 'error', error });
      }
      this.#tell();
    });
  }

  #known(block, parent) {
    const node = this.nodes.get(block.block_id);
    if (node) Object.assign(node, { block, parent });
    else this.nodes.set(block.block_id, { block, parent, folders: [], files: [], state: 'loading' });
  }

  /** Files of a folder from a place on. @param {string} id @param {number} at */
  fill(id, at) {
    const number = Math.floor(at / FILES);
    return this.#once(`${id} ${number}`, async () => {
      const { blocks } = await this.#ask(id, NOT_FOLDERS, FILES, number * FILES);
      const { files } = this.nodes.get(id);
      blocks.forEach((block, index) => {
        files[number * FILES + index] = block;
        if (this.active === hole(id, number * FILES + index)) this.active = block.block_id;
      });
      this.#tell();
    });
  }

  /** Of a folder what stands from a place on, folders first. */
  async part(id, offset, limit) {
    const { folders, files } = this.nodes.get(id);
    const end = Math.min(offset + limit, folders.length + files.length);
    for (let at = Math.max(offset, folders.length); at < end; at += 1) if (!files[at - folders.length]) await this.fill(id, at - folders.length);
    return [...folders, ...this.nodes.get(id).files].slice(offset, end);
  }

  countOf(id) {
    const node = this.nodes.get(id);
    return node?.state === 'ready' ? node.folders.length + node.files.length : undefined;
  }

  isOpen(id) {
    return this.open.has(id);
  }

  toggle(id, is = !this.open.has(id)) {
    if (is) this.open.add(id);
    else this.open.delete(id);
    if (is && this.nodes.get(id)?.state !== 'ready') this.load(id);
    this.#tell();
  }

  /** The folders above one, the root first, itself last; asked for where nobody has been yet. @param {string} id */
  async pathTo(id) {
    const path = [];
    for (let at = id; at && path.length < 64; ) {
      if (!this.nodes.get(at)?.block || (at !== this.root && !this.nodes.get(at).parent)) await this.#look(at);
      path.unshift(at);
      at = this.nodes.get(at).parent;
    }
    return path;
  }

  async #look(id) {
    const { block, relations } = await api.post(`/api/block/${id}`, {});
    this.types.set(id, block.type);
    const above = relations.tags.find((one) => one.type === 'folder' || one.block_id === this.root || one.type === 'index');
    const node = this.nodes.get(id) ?? { folders: [], files: [], state: 'loading' };
    this.nodes.set(id, { ...node, block, parent: id === this.root ? null : (above?.block_id ?? this.root) });
  }

  /** Open everything above a folder, and itself. @param {string} id */
  async reveal(id) {
    const path = await this.pathTo(id);
    for (const one of path) {
      this.open.add(one);
      if (this.nodes.get(one)?.state !== 'ready') await this.load(one);
    }
    this.#tell();
    return path;
  }

  /** Something has changed: read again what is unfolded, or some of it. */
  async refresh(ids = [...this.open]) {
    for (const id of ids) if (this.nodes.get(id)?.state === 'ready') await this.load(id);
  }

  /** The tree as it is unfolded, from the top down. @returns {Row[]} */
  rows() {
    if (!this.#rows) {
      this.#rows = [];
      this.#unfold(this.root, 1);
    }
    return this.#rows;
  }

  #unfold(id, level) {
    const node = this.nodes.get(id);
    if (!node) return;
    const of = node.folders.length + node.files.length;
    node.folders.forEach((block, index) => {
      const isOpen = this.open.has(block.block_id);
      this.#rows.push({ id: block.block_id, parent: id, block, at: index + 1, of, level, isFolder: true, isOpen, index });
      if (isOpen) this.#unfold(block.block_id, level + 1);
    });
    for (let index = 0; index < node.files.length; index += 1) {
      const block = node.files[index];
      this.#rows.push({ id: block?.block_id ?? hole(id, index), parent: id, block, at: node.folders.length + index + 1, of, level, isFolder: false, isOpen: false, index });
    }
  }

  #tell() {
    this.#rows = null;
    this.version += 1;
    this.dispatchEvent(new Event('change'));
  }
}

/** @type {Map<string, FolderModel>} */
const models = new Map();

/** What sort of block it is, as far as somebody has looked. @param {string} heap @param {string} block */
export const typeOf = (heap, block) => models.get(heap)?.types.get(block);

/** @param {string} heap @param {string} root */
export function modelOf(heap, root) {
  const found = models.get(heap) ?? new FolderModel(heap, root);
  models.delete(heap);
  models.set(heap, found);
  if (models.size > KEPT) models.delete(models.keys().next().value);
  return found;
}
