import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { ago } from '../format.js';
import { live } from '../live.js';
import { confirmDialog } from '../ui/dialog.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { notebooks } from './store.js';

/** What was thrown away of one notebook. */
class NotesTrash extends LitElement {
  static properties = { heap: {}, page: { state: true }, error: { state: true } };

  static styles = [shared, css`
    :host { display: block; max-width: 720px; padding: 20px 40px 40px 48px; } .line { justify-content: space-between; } h1 { margin: 0; }
    .rows > div { display: flex; align-items: center; gap: 12px; min-height: 56px; } .rows span { flex: 1; min-width: 0; }
    @media (max-width: 719.98px) { :host { padding: 8px var(--margin) 24px; } }
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
    if (this.error) return html`<hm-error heading=${this.error.message} retry=${say.again} @hm-retry=${() => this.#read()}></hm-error>`;
    const canWrite = notebooks.heap(this.heap)?.role !== 'viewer';
    return html`<div class="line"><h1 class="t28" tabindex="-1">${say.trashName}</h1>${this.page?.blocks.length && canWrite ? html`<hm-button kind="danger" @click=${() => this.#erase()}>${say.eraseAll}</hm-button>` : nothing}</div>
      ${!this.page ? html`<hm-skeleton kind="line" count="4"></hm-skeleton>` : this.page.blocks.length === 0 ? html`<hm-empty icon="trash" plain heading=${say.trashEmpty} text=${say.trashEmptyText}></hm-empty>`
      : html`<div class="rows">${this.page.blocks.map((block) => html`<div><hm-icon name="notes"></hm-icon><span><div class="one-line">${block.title || say.untitled}</div><div class="second">${ago(block.deleted_at / 1000)}</div></span>${canWrite ? html`<hm-button size="small" @click=${() => this.#restore(block)}>${say.restore}</hm-button><hm-icon-button icon="trash" label=${say.eraseOne(block.title || say.untitled)} @click=${() => this.#erase(block)}></hm-icon-button>` : nothing}</div>`)}</div>`}`;
  }
}
customElements.define('hm-notes-trash', NotesTrash);
