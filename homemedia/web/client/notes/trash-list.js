import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { ago } from '../format.js';
import { live } from '../live.js';
import { confirmDialog } from '../ui/dialog.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { signOf } from './block-card.js';
import { say } from './en.js';
import { notebooks } from './store.js';

/** What was thrown away of one notebook. */
class NotesTrash extends LitElement {
  static properties = { heap: {}, page: { state: true }, error: { state: true } };

  static styles = [shared, css`
    :host { display: block; padding-bottom: calc(24px + var(--bottom, 0px)); } .head { position: sticky; top: 0; z-index: 3; display: flex; align-items: center; gap: 8px; min-height: var(--top); padding: 0 calc(var(--margin-end) + var(--cluster, 0px) + 12px) 0 32px; background: var(--bg); font: var(--font-14); --icon: 14px; } .head > hm-icon { color: var(--text3); flex: none; } .head > a { color: var(--text2); text-decoration: none; } h1 { flex: 1; min-width: 0; margin: 0; font: var(--font-14); font-weight: 500; }
    .rows, .all { max-width: 720px; padding: 0 40px 0 32px; }
    .rows > div { display: flex; align-items: center; gap: 12px; min-height: 56px; } .rows span { flex: 1; min-width: 0; }
    @media (max-width: 719.98px) { .head { padding: 0 56px 0 8px; } .head > a, .head > hm-icon { display: none; } h1 { font: var(--font-20); font-weight: 600; } .rows, .all { padding: 0 var(--margin); } }
  `];

  connectedCallback() {
    super.connectedCallback();
    this.off = ['block.deleted', 'block.restored'].map((name) => live.on(name, (event) => event.heap_id === this.heap && this.#read()));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const off of this.off) off();
  }

  willUpdate(changed) {
    if (changed.has('heap')) this.#read();
  }

  async #read() {
    try {
      [this.page, this.error] = [await api.get(`/api/trash/${this.heap}`), null];
    } catch (error) {
      this.error = error;
    }
  }

  async #run(deed) {
    try {
      await deed();
    } catch (error) {
      toastError(error);
    }
    await this.#read();
  }

  #restore(block) {
    return this.#run(async () => {
      await notebooks.restore(this.heap, block.block_id);
      toast(say.restored(block.title || say.untitled));
    });
  }

  /** For good: one of them, or all. */
  async #erase(block = null) {
    if (!(await confirmDialog({ heading: say.eraseSure, text: say.eraseText(block ? 1 : this.page.total), action: say.erase, keep: say.keep, danger: true }))) return;
    await this.#run(() => api.delete(`/api/trash/${this.heap}`, block ? { block_id: block.block_id } : null));
  }

  render() {
    if (this.error) return html`<div class="head"></div><div class="all"><hm-error heading=${this.error.message} retry=${say.again} @hm-retry=${() => this.#read()}></hm-error></div>`;
    const canWrite = notebooks.heap(this.heap)?.role !== 'viewer';
    const heap = notebooks.heap(this.heap);
    return html`<div class="head"><span class="only-phone"><hm-icon-button icon="arrow-left" label=${say.back} href=${`/notes/${this.heap}`}></hm-icon-button></span>
        <a href=${`/notes/${this.heap}`}>${heap?.title}</a><hm-icon name="chevron-right"></hm-icon><h1 class="one-line" tabindex="-1">${say.trashName}</h1>
        ${this.page?.blocks.length && canWrite ? html`<hm-button kind="danger" @click=${() => this.#erase()}>${say.eraseAll}</hm-button>` : nothing}</div>
      ${!this.page ? html`<div class="all"><hm-skeleton kind="line" count="4"></hm-skeleton></div>` : this.page.blocks.length === 0 ? html`<div class="all"><hm-empty icon="trash" plain heading=${say.trashEmpty} text=${say.trashEmptyText}></hm-empty></div>`
      : html`<div class="rows">${this.page.blocks.map((block) => html`<div><hm-icon name=${signOf(block)}></hm-icon><span><div class="one-line">${block.title || say.untitled}</div><div class="second">${ago(block.deleted_at / 1000)}</div></span>${canWrite ? html`<hm-button size="small" @click=${() => this.#restore(block)}>${say.restore}</hm-button><hm-icon-button icon="trash" label=${say.eraseOne(block.title || say.untitled)} @click=${() => this.#erase(block)}></hm-icon-button>` : nothing}</div>`)}</div>`}`;
  }
}
customElements.define('hm-notes-trash', NotesTrash);
