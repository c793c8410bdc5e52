import { css, html, keyed, nothing } from '../vendor/lit.js';
import { Page } from '../ui/page.js';
import { media, newId, onPhoneChange } from '../ui/platform.js';
import { toast } from '../ui/toast.js';
import './all-list.js';
import { say } from './en.js';
import { typeOf } from './folder-model.js';
import './folder-view.js';
import './note-view.js';
import './side-list.js';
import { notebooks } from './store.js';
import './trash-list.js';

const TRASH = 'trash';
const ALL = 'all';

/** Notes: the list at the left, one note beside it; on phones one of the two. */
class NotesPage extends Page {
  static properties = { ...Page.properties, isPhone: { state: true }, naming: { state: true }, busy: { state: true } };

  static styles = [Page.styles, css`
    .split { display: grid; grid-template-columns: 284px minmax(0, 1fr); min-height: 100vh; }
    .side { position: sticky; top: 0; height: 100vh; border-right: 1px solid var(--line); }
    .none { display: grid; place-content: center; padding: 40px; min-height: 60vh; }
    hm-dialog hm-field { display: block; }
    @media (max-width: 1099.98px) { .split { grid-template-columns: 232px minmax(0, 1fr); } }
    @media (max-width: 719.98px) { .split { display: block; min-height: 0; } .side { position: static; height: auto; border: 0; } .none { padding: 24px var(--margin); } }
  `];

  constructor() {
    super();
    this.isPhone = media.isPhone();
    this.again = () => this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    notebooks.addEventListener('change', this.again);
    this.off = onPhoneChange((is) => (this.isPhone = is));
    notebooks.load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    notebooks.removeEventListener('change', this.again);
    this.off();
  }

  /** The note that is shown: the one the address names, or the first page of its notebook. */
  get block() {
    return this.params.block ?? notebooks.heap(this.params.heap)?.block_id;
  }

  /** Whether a folder of the server is open: the notebook's own, or one in it. */
  get isFolder() {
    const heap = notebooks.heap(this.params.heap);
    if (heap?.type !== 'folder') return false;
    return this.block === heap.block_id || (typeOf(heap.id, this.block) ?? notebooks.block(heap.id, this.block)?.type ?? 'folder') === 'folder';
  }

  #new(heap, tag) {
    const writable = (notebooks.heaps ?? []).filter((one) => one.role !== 'viewer');
    const where = writable.find((one) => one.id === heap) ?? writable[0];
    if (!where) return this.#ask();
    const id = newId();
    notebooks.fresh = { id, tag }; // the page of the new address is another element
    return this.go(`/notes/${where.id}/${id}`);
  }

  #ask() {
    this.naming = true;
  }

  async #make(event) {
    event.preventDefault();
    const title = this.renderRoot.querySelector('hm-field[name=title]').value.trim();
    if (!title || this.busy) return;
    this.busy = true;
    try {
      const heap = await notebooks.make(title);
      this.naming = false;
      await this.updateComplete;
      await this.renderRoot.querySelector('hm-dialog').updateComplete; // it gives the focus back before the new note takes it
      this.#new(heap.id);
    } catch (error) {
      toast(error.message, { kind: 'bad' });
    } finally {
      this.busy = false;
    }
  }

  main() {
    const { heap } = this.params;
    if (notebooks.error && !notebooks.heaps) return html`<div class="none"><hm-error heading=${notebooks.error.message} retry=${say.again} @hm-retry=${() => notebooks.load()}></hm-error></div>`;
    if (notebooks.heaps?.length === 0 && !heap) return html`<div class="none"><hm-empty icon="notes" heading=${say.noHeaps} text=${say.noHeapsText}><hm-button slot="action" kind="primary" icon="plus" @click=${this.#ask}>${say.newHeap}</hm-button></hm-empty></div>`;
    if (heap && this.params.block === TRASH) return html`<hm-notes-trash .heap=${heap}></hm-notes-trash>`;
    if (heap && this.params.block === ALL) return keyed(heap, html`<hm-notes-all .heap=${heap} .search=${this.search}></hm-notes-all>`);
    if (this.isFolder) return keyed(heap, html`<hm-folder .heap=${heap} .block=${this.block} @hm-no-folder=${() => this.requestUpdate()}></hm-folder>`);
    if (heap && this.block) return keyed(this.block, html`<hm-note .heap=${heap} .block=${this.block} .heading=${this.search.at ?? null} @hm-heading=${(event) => this.setSearch({ at: event.detail.slug })}></hm-note>`);
    if (heap && notebooks.heaps) return html`<div class="none"><hm-empty icon="notes" plain heading=${say.goneHeap} text=${say.goneText}><hm-button slot="action" href="/notes">${say.back}</hm-button></hm-empty></div>`;
    return this.isPhone ? nothing : html`<div class="none"><p class="second">${notebooks.heaps ? say.pick : ''}</p></div>`;
  }

  render() {
    const { heap, block } = this.params;
    this.title = notebooks.block(heap, this.block)?.title || notebooks.heap(heap)?.title || say.notes;
    const showsList = !this.isPhone || !heap;
    const isEmpty = notebooks.heaps?.length === 0;
    return html`<div class="split" @hm-new-note=${(event) => this.#new(event.detail.heap, event.detail.tag)} @hm-new-heap=${this.#ask}>
        ${showsList ? html`<div class="side"><hm-notes-side .heap=${heap} .block=${block}></hm-notes-side></div>` : nothing}
        ${showsList && this.isPhone && !isEmpty ? nothing : html`<div>${this.main()}</div>`}
        ${heap ? nothing : html`<h1 class="visually-hidden" tabindex="-1">${say.notes}</h1>`}
      </div>
      <hm-dialog ?open=${this.naming} heading=${say.newHeap} @hm-close=${() => (this.naming = false)}>
        <form id="heap" @submit=${this.#make}><hm-field name="title" label=${say.heapName} hint=${say.heapHint} maxlength="200" required></hm-field></form>
        <hm-button slot="actions" kind="quiet" @click=${() => (this.naming = false)}>${say.cancel}</hm-button>
        <hm-button slot="actions" kind="primary" ?busy=${this.busy} @click=${this.#make}>${say.heapMade}</hm-button>
      </hm-dialog>`;
  }
}
customElements.define('notes-page', NotesPage);
