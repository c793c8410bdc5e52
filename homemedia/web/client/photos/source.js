// Where a page of photos gets them: months of the timeline, or pages of a search.
import { address, api } from '../api.js';
import { fromAsset, fromColumns } from './items.js';

const SIZE = 250;

/** Months of whatever the filters leave (photos §10.1). */
export class Months {
  isHeaded = true;

  /** @param {Record<string, string | boolean>} filters of the timeline's routes, booleans as words */
  constructor(filters) {
    this.filters = filters;
    this.path = address('/api/timeline/buckets', filters);
    this.key = this.path;
  }

  /** @param {{timeBucket: string, count: number}[]} answer */
  groups = (answer) => answer.map(({ timeBucket, count }) => ({ id: timeBucket, count }));

  group = async (id) => fromColumns(await api.get('/api/timeline/bucket', { ...this.filters, timeBucket: id }));
}

/** Pages of what a search finds (photos §6.5). */
export class Found {
  isHeaded = false;
  #first = null;

  /** @param {Record<string, unknown>} asked the search's own body */
  constructor(asked) {
    this.asked = asked;
    this.key = `search ${JSON.stringify(asked)}`;
    this.path = null;
  }

  #page(page, signal) {
    const { query, ...filters } = this.asked;
    if (query) return api.post('/api/search/smart', { query, ...filters, page, size: SIZE, withExif: true }, { signal });
    return api.post('/api/search/metadata', { ...filters, page, size: SIZE, withExif: true }, { signal });
  }

  /** @returns {Promise<{id: string, count: number}[]>} */
  async read() {
    const { assets } = await this.#page(1);
    this.#first = assets.items.map(fromAsset);
    const total = assets.nextPage ? Math.max(assets.total, this.#first.length + 1) : this.#first.length;
    return Array.from({ length: Math.ceil(total / SIZE) }, (_, i) => ({ id: String(i + 1), count: Math.min(SIZE, total - i * SIZE) }));
  }

  group = async (id) => {
    if (id === '1' && this.#first) {
      const first = this.#first;
      this.#first = null; // asked again only when it may have changed
      return first;
    }
    return (await this.#page(Number(id))).assets.items.map(fromAsset);
  };
}
