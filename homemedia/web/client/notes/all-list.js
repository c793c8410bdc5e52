import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { live } from '../live.js';
import { setSearch } from '../router.js';
import { store } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { toastError } from '../ui/toast.js';
import './block-card.js';
import { secondOf } from './block-card.js';
import './block-row.js';
import { say } from './en.js';
import { notebooks } from './store.js';

const VIEW = 'notes.view';
const KINDS = {
  all: { type: ['document', 'tag', 'folder', 'file'] },
  notes: { type: ['document'] },
  files: { filter: 'files' },
  tags: { type: ['tag', 'folder'] },
};
const SORTS = { title: 'asc', updated_at: 'desc', created_at: 'desc', size: 'desc' };
const BELOW = 500;
const MOST_BELOW = 5000;

/** Everything of one notebook: an outline that unfolds, or cards with what each looks like. `search` is the page's. */
class NotesAll extends LitElement {
  static properties = { heap: {}, search: { attribute: false }, total: { state: true }, error: { state: true }, version: { state: true } };

  static styles = [shared, css`
    :host { display: block; padding-bottom: calc(24px + var(--bottom, 0px)); }
    h1 { font: var(--font-28); font-weight: 600; letter-spacing: -0.02em; } .head { position: sticky; top: 0; z-index: 3; display: flex; align-items: center; gap: 12px; min-height: var(--top); padding: 0 calc(var(--margin-end) + var(--cluster, 0px) + 12px) 0 32px; background: var(--bg); } h1 { flex: 1; min-width: 0; margin: 0; display: flex; align-items: baseline; gap: 12px; } h1 span { min-width: 0; } h1 .second { font-weight: 400; letter-spacing: 0; white-space: nowrap; }
    .bar { display: flex; align-items: center; gap: 12px; padding: 4px 40px 12px 32px; } hm-tabs { flex: 1; }
    hm-virtual-grid { margin: 8px 40px 0 32px; }
    .wide { padding: 0 40px 0 32px; }
    @media (max-width: 719.98px) {
      .head { padding: 0 56px 0 8px; gap: 4px; } h1 { font: var(--font-20); font-weight: 600; } .bar { flex-wrap: wrap; padding: 0 var(--margin) 8px; } hm-tabs { flex: 1 0 100%; } .bar .end { margin-left: auto; } hm-virtual-grid { margin: 0 var(--margin); } .wide { padding: 0 var(--margin); }
    }
  `];

  constructor() {
    super();
    this.version = 0;
    this.#forget();
    this.search = {};
    this.again = () => this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    notebooks.addEventListener('change', this.again);
    this.off = ['blocks.derived', 'block.deleted', 'block.restored', 'file.updated'].map((name) => live.on(name, (event) => (event.heap_id === this.heap || event.block_ids) && this.#soon()));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    notebooks.removeEventListener('change', this.again);
    for (const off of this.off) off();
    clearTimeout(this.timer);
  }

  get view() {
    return (this.search.view ?? store.get(VIEW)) === 'grid' ? 'grid' : 'outline';
  }

  get what() {
    return KINDS[this.search.what] ? this.search.what : 'all';
  }

  get sort() {
    return SORTS[this.search.sort] ? this.search.sort : 'title';
  }

  /** What is asked of the server; an outline begins with what stands below nothing. */
  get wish() {
    const tops = this.view === 'outline' && this.what === 'all' ? { filter: 'roots' } : {};
    return { heap_id: this.heap, ...KINDS[this.what], ...tops, sort: this.sort, order: SORTS[this.sort] };
  }

  willUpdate() {
    const asked = JSON.stringify(this.wish);
    if (asked === this.asked) return;
    this.asked = asked;
    this.total = undefined;
    this.#forget();
    this.#ask();
  }

  #forget() {
    this.tops = new Map();
    /** What is unfolded: by block, what stands below it. @type {Map<string, any[]>} */
    this.open = new Map();
  }

  async #ask() {
    const { asked } = this;
    try {
      const first = await api.post('/api/heap', { ...this.wish, limit: 60 });
      if (asked !== this.asked) return;
      this.tops = new Map([[0, first.blocks]]);
      this.total = first.total;
      this.error = null;
      for (const block of this.open.keys()) this.open.set(block, await this.#below(block));
      this.version += 1;
    } catch (error) {
      if (asked === this.asked) this.error = error;
    }
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), 250);
  }

  async #top(number) {
    const page = await api.post('/api/heap', { ...this.wish, limit: 60, offset: number * 60 });
    this.tops.set(number, page.blocks);
  }

  async #below(block) {
    const found = [];
    for (let more = true; more && found.length < MOST_BELOW; ) {
      const page = await api.post('/api/heap', { heap_id: this.heap, tag: block, sort: this.sort, order: SORTS[this.sort], limit: BELOW, offset: found.length });
      found.push(...page.blocks);
      more = page.has_more;
    }
    return found;
  }

  /** A block with all that is unfolded below it, each with its depth; what contains itself is unfolded once. */
  *#unfolded(block, depth = 0, above = []) {
    yield { ...block, depth };
    if (above.includes(block.block_id)) return;
    for (const one of this.open.get(block.block_id) ?? []) yield* this.#unfolded(one, depth + 1, [...above, block.block_id]);
  }

  /** How many rows stand below those at the top that are unfolded, by their place. */
  get #spread() {
    const found = [];
    if (this.view !== 'outline') return found;
    for (const [number, blocks] of this.tops) blocks.forEach((block, at) => this.open.has(block.block_id) && found.push([number * 60 + at, [...this.#unfolded(block)].length - 1]));
    return found.sort(([one], [other]) => one - other);
  }

  /** Rows of the list: those at the top, and between them what is unfolded. */
  rows = async (offset, limit) => {
    const spread = this.#spread;
    const rows = [];
    let [top, at] = [0, 0];
    for (const [place, below] of spread) {
      // Whole stretches above the asked rows are stepped over; within them nothing is unfolded.
      if (at + (place - top) + 1 + below <= offset) [top, at] = [place + 1, at + (place - top) + 1 + below];
      else break;
    }
    const skipped = Math.max(0, offset - at);
    const next = spread.find(([place]) => place >= top)?.[0] ?? Infinity;
    const jump = Math.min(skipped, next - top);
    [top, at] = [top + jump, at + jump];
    for (; rows.length < limit + (offset - at) && top < this.total; top += 1) {
      const number = Math.floor(top / 60);
      if (!this.tops.has(number)) await this.#top(number);
      const block = this.tops.get(number)[top % 60];
      if (!block) break;
      rows.push(...(this.view === 'outline' ? this.#unfolded(block) : [{ ...block, depth: 0 }]));
    }
    return rows.slice(offset - at, offset - at + limit);
  };

  async #fold(block) {
    try {
      if (!this.open.delete(block)) this.open.set(block, await this.#below(block));
      this.version += 1;
    } catch (error) {
      toastError(error);
    }
  }

  row(block) {
    return html`<hm-block-row .block=${block} href=${`/notes/${this.heap}/${block.block_id}`} ?is-open=${this.open.has(block.block_id)} @hm-fold=${(event) => this.#fold(event.detail.block)}></hm-block-row>`;
  }

  card(block) {
    return html`<hm-block-card .block=${block} href=${`/notes/${this.heap}/${block.block_id}`} second=${secondOf(block)}></hm-block-card>`;
  }

  get canWrite() {
    return (notebooks.heap(this.heap)?.role ?? 'viewer') !== 'viewer';
  }

  #begin() {
    this.dispatchEvent(new CustomEvent('hm-new-note', { detail: { heap: this.heap }, bubbles: true, composed: true }));
  }

  list() {
    if (this.error) return html`<div class="wide"><hm-error heading=${this.error.message} retry=${say.again} @hm-retry=${() => this.#ask()}></hm-error></div>`;
    if (this.total === undefined) return html`<div class="wide"><hm-skeleton kind=${this.view === 'grid' ? 'covers' : 'line'} count="8"></hm-skeleton></div>`;
    if (!this.total) return html`<div class="wide"><hm-empty plain icon="notes" heading=${say.nothingOf[this.what]}>${this.canWrite && this.what !== 'files' ? html`<hm-button slot="action" icon="plus" @click=${this.#begin}>${say.newNote}</hm-button>` : nothing}</hm-empty></div>`;
    const isGrid = this.view === 'grid';
    const total = this.total + this.#spread.reduce((sum, [, below]) => sum + below, 0);
    const kept = `${this.asked} ${this.version}`;
    return isGrid
      ? html`<hm-virtual-grid kind="square" .min=${innerWidth < 720 ? 148 : 180} total-count=${total} label=${say.everything} .version=${kept} .page=${this.rows} .renderItem=${(block) => this.card(block)}></hm-virtual-grid>`
      : html`<hm-virtual-grid kind="list" row-height="52" total-count=${total} label=${say.everything} .version=${kept} .page=${this.rows} .renderItem=${(block) => this.row(block)}></hm-virtual-grid>`;
  }

  render() {
    const heap = notebooks.heap(this.heap);
    const sorts = Object.keys(SORTS).map((id) => ({ id, label: say.sorts[id], checked: id === this.sort }));
    const look = (value) => {
      store.set(VIEW, value);
      setSearch({ view: value });
    };
    return html`<div class="head"><span class="only-phone"><hm-icon-button icon="arrow-left" label=${say.back} href="/notes"></hm-icon-button></span>
        <h1 tabindex="-1"><span class="one-line">${heap?.title ?? ''}</span>${this.total === undefined ? nothing : html`<span class="second">${say.manyOf[this.view === 'outline' && this.what === 'all' ? 'tops' : this.what](this.total)}</span>`}</h1>
        ${this.canWrite ? html`<hm-icon-button icon="plus" label=${say.newNote} @click=${this.#begin}></hm-icon-button>` : nothing}<hm-icon-button icon="notes" label=${say.firstPage} href=${`/notes/${this.heap}`}></hm-icon-button></div>
      <div class="bar"><hm-tabs label=${say.everything} .tabs=${Object.keys(KINDS).map((id) => ({ id, label: say.kinds[id] }))} value=${this.what} @hm-change=${(event) => setSearch({ what: event.detail.value === 'all' ? null : event.detail.value })}></hm-tabs>
        <hm-menu class="end" .items=${sorts} label=${say.sortBy} align="end" @hm-select=${(event) => setSearch({ sort: event.detail.id === 'title' ? null : event.detail.id })}><hm-button kind="quiet" icon="sort">${say.sorts[this.sort]}</hm-button></hm-menu>
        <hm-segmented label=${say.view} .options=${[{ value: 'outline', label: say.outline, icon: 'list' }, { value: 'grid', label: say.cards, icon: 'grid' }]} value=${this.view} @hm-change=${(event) => look(event.detail.value)}></hm-segmented></div>
      ${this.list()}`;
  }
}
customElements.define('hm-notes-all', NotesAll);
