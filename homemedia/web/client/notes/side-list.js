import { LitElement, css, html, nothing, repeat } from '../vendor/lit.js';
import { counted } from '../format.js';
import { pictureById } from '../people.js';
import { session } from '../session.js';
import { QueryController } from '../ui/controllers.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { notebooks } from './store.js';
import './uploads-list.js';

/** Notebooks and their notes, at the left of a note; on phones a page of its own. */
class NotesSide extends LitElement {
  static properties = { heap: {}, block: {}, query: { state: true }, found: { state: true }, shut: { state: true } };

  static styles = [shared, css`
    :host { display: flex; flex-direction: column; min-height: 0; height: 100%; }
    header { display: flex; align-items: center; gap: 8px; height: var(--top); padding: 0 12px 0 20px; } header h2 { flex: 1; margin: 0; font: var(--font-16); font-weight: 600; }
    .find { padding: 0 12px 12px; }
    nav { flex: 1; min-height: 0; overflow-y: auto; padding: 0 12px calc(24px + var(--bottom, 0px)); }
    .row { display: flex; align-items: center; gap: 10px; min-height: 38px; padding: 0 8px 0 14px; border-radius: var(--radius); color: var(--text); font: var(--font-14); text-decoration: none; --icon: 18px; }
    .row:hover { background: var(--hover); } .row[aria-current] { background: var(--hover); font-weight: 600; } .row[aria-current] hm-icon { color: var(--accent); }
    .row span { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .row hm-icon { color: var(--text2); flex: none; }
    .row.of { padding-left: 34px; } .head { position: relative; } .head hm-icon-button { position: absolute; right: 0; top: 50%; transform: translateY(-50%); opacity: 0; } .head:hover hm-icon-button, .head:focus-within hm-icon-button { opacity: 1; }
    .row span.here { flex: none; display: flex; overflow: visible; } .here hm-avatar + hm-avatar { margin-left: -6px; }
    .pin { color: var(--text3); --icon: 14px; }
    .nothing { padding: 4px 8px 10px 34px; color: var(--text3); font: var(--font-12); }
    @media (max-width: 719.98px) { .row { min-height: 48px; } .head hm-icon-button { opacity: 1; } header { padding: 0 52px 0 var(--margin); } }
  `];

  members = new QueryController(this, () => '/api/users');
  opened = new QueryController(this, () => (session.user?.isAdmin ? null : '/api/home/heaps/folders'));

  constructor() {
    super();
    this.query = '';
    this.shut = new Set();
    this.again = () => this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    notebooks.addEventListener('change', this.again);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    notebooks.removeEventListener('change', this.again);
    clearTimeout(this.timer);
  }

  #find(query) {
    this.query = query;
    clearTimeout(this.timer);
    if (!query.trim()) return void (this.found = null);
    this.timer = setTimeout(async () => {
      const found = await notebooks.find(query).catch(() => []);
      if (this.query === query) this.found = found;
    }, 200);
  }

  #ask(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  async #picked(id) {
    if (id === 'folder') return void (await import('./folder-dialog.js')).askForFolder();
    this.#ask(id === 'heap' ? 'hm-new-heap' : 'hm-new-note', { heap: this.heap });
  }

  #toggle(event, id) {
    // The name of the notebook that is open folds it in and out; any other opens it.
    if (this.heap !== id) return;
    event.preventDefault();
    const shut = new Set(this.shut);
    shut.has(id) ? shut.delete(id) : shut.add(id);
    this.shut = shut;
  }

  note(heap, one) {
    const here = notebooks.here.block === one.block_id ? notebooks.here.people.slice(0, 3) : [];
    const icon = one.type === 'tag' ? 'tag' : one.has_file ? 'file' : 'notes';
    return html`<a class="row of" href="/notes/${heap}/${one.block_id}" aria-current=${one.block_id === this.block ? 'page' : nothing}>
      <hm-icon name=${icon}></hm-icon><span>${one.title || say.untitled}</span>${here.length ? html`<span class="here">${here.map((person) => html`<hm-avatar size="24" name=${person.name} src=${pictureById(this.members.data, person.id) ?? nothing}></hm-avatar>`)}</span>` : nothing}${one.pinned ? html`<hm-icon class="pin" name="pin"></hm-icon>` : nothing}</a>`;
  }

  notebook(heap) {
    const notes = notebooks.notesOf(heap.id).toSorted((one, other) => Number(other.pinned) - Number(one.pinned));
    const isShut = this.shut.has(heap.id);
    return html`<section aria-label=${heap.title}>
      <div class="head"><a class="row" href="/notes/${heap.id}" aria-expanded=${!isShut} aria-current=${heap.id === this.heap && !this.block ? 'page' : nothing} @click=${(event) => this.#toggle(event, heap.id)}><hm-icon name=${isShut ? 'folder' : 'folder-open'}></hm-icon><span>${heap.title}</span>${heap.role === 'owner' ? nothing : html`<hm-icon class="pin" name="users"></hm-icon>`}</a>
        ${heap.role === 'viewer' ? nothing : html`<hm-icon-button icon="plus" size="small" label=${`${say.newNote}: ${heap.title}`} @click=${() => this.#ask('hm-new-note', { heap: heap.id })}></hm-icon-button>`}</div>
      ${isShut ? nothing : notes.length ? repeat(notes, (one) => one.block_id, (one) => this.note(heap.id, one)) : heap.type === 'folder' ? nothing : html`<div class="nothing">${say.emptyHeap}</div>`}
    </section>`;
  }

  list() {
    if (!notebooks.heaps) return html`<hm-skeleton kind="text" count="8"></hm-skeleton>`;
    if (this.found) return html`<p class="hint t12" role="status">${say.found(this.found.length)}</p>${this.found.map((one) => this.note(one.heap_id, one))}`;
    return repeat(notebooks.heaps, (heap) => heap.id, (heap) => this.notebook(heap));
  }

  render() {
    const items = [{ id: 'note', label: say.newNote, icon: 'notes', disabled: !notebooks.heaps?.some((heap) => heap.role !== 'viewer') }, { id: 'heap', label: say.newHeap, icon: 'folder' }, ...(session.user?.isAdmin || this.opened.data?.folders.length ? [{ id: 'folder', label: say.openFolder, icon: 'drive' }] : [])];
    return html`<header><h2>${say.notes}</h2>
        <hm-menu .items=${items} label=${say.add} align="end" @hm-select=${(event) => this.#picked(event.detail.id)}><hm-icon-button icon="plus" label=${say.add}></hm-icon-button></hm-menu></header>
      ${notebooks.heaps?.length ? html`<div class="find"><hm-field type="search" icon="search" label=${say.search} placeholder=${say.search} hide-label .value=${this.query} @input=${(event) => this.#find(event.target.value)}></hm-field></div>` : nothing}
      <nav aria-label=${say.list}>${this.list()}</nav><hm-notes-uploads .here=${this.block ?? notebooks.heap(this.heap)?.block_id}></hm-notes-uploads>
      <span class="visually-hidden" role="status">${notebooks.heaps ? counted(notebooks.heaps.length, 'notebook', 'notebooks') : ''}</span>`;
  }
}
customElements.define('hm-notes-side', NotesSide);
