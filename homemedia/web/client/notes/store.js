// The notebooks of the member and the notes in each, read again when something in them changes.
import { api } from '../api.js';
import { live } from '../live.js';
import { newId } from '../ui/platform.js';

const PER_HEAP = 500;

class Notebooks extends EventTarget {
  /** @type {any[] | null} */
  heaps = null;
  /** @type {Map<string, any[]>} */
  blocks = new Map();
  error = null;
  /** The note that was begun just now and is nowhere but here. @type {{id: string, tag?: string} | null} */
  fresh = null;
  /** Who has the note open that is open here. @type {{block: string | null, people: any[]}} */
  here = { block: null, people: [] };
  #due = new Map();

  constructor() {
    super();
    for (const name of ['blocks.derived', 'block.deleted', 'block.restored']) live.on(name, (event) => this.#soon(event.heap_id));
    for (const name of ['heap.created', 'heap.updated', 'heap.deleted', 'shares.changed']) live.on(name, () => this.heaps && this.load());
    live.on('connected', ({ again }) => again && this.heaps && this.load());
  }

  async load() {
    try {
      const { heaps } = await api.post('/api/heaps', {});
      this.heaps = heaps.toSorted((one, other) => one.title.localeCompare(other.title));
      this.error = null;
      await Promise.all(heaps.map((heap) => this.read(heap.id)));
    } catch (error) {
      this.error = error;
    }
    this.#tell();
  }

  /** Read the notes of one notebook. */
  async read(heap) {
    const type = this.heap(heap)?.type === 'folder' ? ['document', 'tag', 'index'] : undefined; // the server's folders and files are read as they are opened
    const { blocks } = await api.post('/api/heap', { heap_id: heap, type, sort: 'title', order: 'asc', limit: PER_HEAP });
    this.blocks.set(heap, blocks);
    this.#tell();
  }

  /** @param {string | null} block @param {any[]} people */
  tellPeople(block, people) {
    this.here = { block, people };
    this.#tell();
  }

  heap(id) {
    return this.heaps?.find((heap) => heap.id === id);
  }

  /** What stands in the list below a notebook: all but its own first page. */
  notesOf(id) {
    const { block_id: first, type } = this.heap(id) ?? {};
    return (this.blocks.get(id) ?? []).filter((block) => block.block_id !== first && block.type !== 'file' && (type !== 'folder' || (block.type !== 'folder' && (block.title || block.has_content)))); // files stand in the notes that have them, folders of the server in their tree
  }

  block(heap, id) {
    return this.blocks.get(heap)?.find((block) => block.block_id === id);
  }

  async make(title) {
    const { heap } = await api.post('/api/heap/add', { id: newId(), title });
    await this.load();
    return heap;
  }

  async find(query) {
    const found = await Promise.all((this.heaps ?? []).map((heap) => api.post('/api/heap', { heap_id: heap.id, query, limit: 50 })));
    return found.flatMap((page) => page.blocks);
  }

  /** Notes that others are tagged with. */
  tagsOf(id) {
    return this.notesOf(id).filter((one) => one.type === 'tag');
  }

  async trash(heap, block) {
    await api.post(`/api/home/heaps/${heap}/trash`, { block_ids: [block] });
    await this.read(heap);
  }

  async restore(heap, block) {
    await api.post(`/api/trash/${heap}/restore`, { block_ids: [block] });
    await this.read(heap);
  }

  async remove(heap) {
    await api.delete(`/api/heap/${heap}`);
    await this.load();
  }

  /** Several changes of a moment are one question. */
  #soon(heap) {
    if (!this.heaps || this.#due.has(heap)) return;
    this.#due.set(heap, setTimeout(() => {
      this.#due.delete(heap);
      this.read(heap).catch(() => {}); // asked again with the next change
    }, 150));
  }

  #tell() {
    this.dispatchEvent(new Event('change'));
  }
}

export const notebooks = new Notebooks();
