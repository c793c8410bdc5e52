import { css, html, nothing, repeat } from '../vendor/lit.js';
import { api } from '../api.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { join } from '../format.js';
import { secondOf, signOf, titleOf } from './block-card.js';
import { say } from './en.js';

const MOST = 12;

/** Notes and their files that hold the words of `query`, below what else was found; `hm-found` {detail: how many} tells once it is known. */
class FoundNotes extends Widget {
  static properties = { query: {}, some: { state: true } };

  static styles = [shared, css`
    :host { display: block; } .panel { padding: 6px; }
    a { display: flex; align-items: center; gap: 14px; min-height: 56px; padding: 6px 12px; border-radius: var(--radius); color: inherit; text-decoration: none; } a + a { margin-top: 2px; } a > span { min-width: 0; } a b { display: block; font: var(--font-14); font-weight: 500; } a hm-icon { color: var(--text2); flex: none; }
    @media (hover: hover) { a:hover { background: var(--hover); } }
  `];

  constructor() {
    super();
    this.some = [];
  }

  willUpdate(changed) {
    if (changed.has('query')) this.#find();
  }

  async #find() {
    const { query } = this;
    const { blocks, heaps } = await api.get(`/api/home/heaps/found?${new URLSearchParams({ q: query, limit: MOST })}`).catch(() => ({ blocks: [], heaps: {} })); // the other things that were found stand without them
    if (query !== this.query) return;
    this.some = blocks.map((one) => ({ ...one, of: { id: one.heap_id, title: heaps[one.heap_id] } }));
    this.emit('hm-found', this.some.length);
  }

  render() {
    if (!this.some.length) return nothing;
    return html`<hm-section heading=${say.notes}><div class="panel">${repeat(this.some, (one) => one.block_id, (one) => html`<a href="/notes/${one.of.id}/${one.block_id}"><hm-icon name=${signOf(one)}></hm-icon><span><b class="one-line">${titleOf(one)}</b><span class="second one-line">${join(one.of.title === one.title ? '' : one.of.title, secondOf(one))}</span></span></a>`)}</div></hm-section>`;
  }
}
customElements.define('hm-found-notes', FoundNotes);
