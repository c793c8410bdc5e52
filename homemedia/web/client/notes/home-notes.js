import { css, html, nothing, repeat } from '../vendor/lit.js';
import { api } from '../api.js';
import { ago, join } from '../format.js';
import { LiveController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';

const MOST = 3;

/** The notes touched last, on the first page; nothing at all where there is none. */
class HomeNotes extends Widget {
  static properties = { some: { state: true } };

  static styles = [shared, css`
    :host { display: block; } .panel { padding: 6px; }
    a { display: flex; align-items: center; gap: 14px; min-height: 56px; padding: 6px 12px; border-radius: var(--radius); color: inherit; text-decoration: none; } a + a { margin-top: 2px; } a > span { min-width: 0; } a b { display: block; font: var(--font-14); font-weight: 500; } a hm-icon { color: var(--text2); flex: none; }
    @media (hover: hover) { a:hover { background: var(--hover); } }
  `];

  constructor() {
    super();
    this.some = [];
    this.hidden = true;
    const again = () => this.#read();
    new LiveController(this, { 'blocks.derived': again, 'block.deleted': again, 'block.restored': again, 'shares.changed': again });
  }

  connectedCallback() {
    super.connectedCallback();
    this.#read();
  }

  /** The notebooks used last are asked for their last notes. */
  async #read() {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const { heaps } = await api.post('/api/heaps', { limit: MOST }).catch(() => ({ heaps: [] })); // the first page goes on without them
      const pages = await Promise.all(heaps.map((heap) => api.post('/api/heap', { heap_id: heap.id, limit: MOST + 1 }).then(({ blocks }) => blocks.filter((one) => one.block_id !== heap.block_id || one.has_content).map((one) => ({ ...one, of: heap })), () => [])));
      this.some = pages.flat().toSorted((one, other) => other.updated_at - one.updated_at).slice(0, MOST);
    }, 100);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  render() {
    this.hidden = !this.some.length; // takes no room where there is nothing
    if (this.hidden) return nothing;
    return html`<hm-section heading=${say.leftOpen} href="/notes"><div class="panel">${repeat(this.some, (one) => one.block_id, (one) => html`<a href="/notes/${one.of.id}/${one.block_id}"><hm-icon name=${one.type === 'tag' ? 'tag' : 'notes'}></hm-icon><span><b class="one-line">${one.title || say.untitled}</b><span class="second one-line">${join(one.of.title === one.title ? '' : one.of.title, ago(one.updated_at / 1000))}</span></span></a>`)}</div></hm-section>`;
  }
}
customElements.define('hm-home-notes', HomeNotes);
