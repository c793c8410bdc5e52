import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { live } from '../live.js';
import { pictureById } from '../people.js';
import { go } from '../router.js';
import { QueryController } from '../ui/controllers.js';
import { confirmDialog } from '../ui/dialog.js';
import { copyText, media } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { openMenu } from '../ui/menu.js';
import { toast, toastError } from '../ui/toast.js';
import { vars } from '../ui/vars.js';
import { Note, toneOf } from './doc.js';
import { say } from './en.js';
import './history-list.js';
import './note-editor.js';
import { notebooks } from './store.js';

/** One note: its head, its words, and at the right what is on it and what leads to it. */
class NoteView extends LitElement {
  static properties = { heap: {}, block: {}, heading: {}, past: { state: true }, isUnknown: { state: true }, around: { state: true }, headings: { state: true }, current: { state: true } };

  static styles = [shared, css`
    :host { display: block; min-width: 0; }
    .top { position: sticky; top: 0; z-index: 3; display: flex; align-items: center; gap: 12px; height: var(--top); padding: 0 calc(var(--margin-end) + var(--cluster, 0px) + 12px) 0 32px; background: var(--bg); }
    .crumbs { flex: 1; min-width: 0; display: flex; align-items: center; gap: 8px; font: var(--font-14); } .crumbs a { color: var(--text2); text-decoration: none; } .crumbs b { font-weight: 500; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .crumbs hm-icon { --icon: 14px; color: var(--text3); flex: none; } .state { margin-left: 4px; color: var(--text3); font: var(--font-12); white-space: nowrap; }
    .people { display: flex; } .people hm-avatar { margin-left: -6px; border-radius: 50%; box-shadow: 0 0 0 2px var(--tone); }
    .sheet { display: grid; grid-template-columns: minmax(0, 640px) 200px; gap: 76px; justify-content: center; padding: 20px 40px 0 48px; }
    textarea { display: block; width: 100%; border: 0; padding: 0; margin: 0 0 16px; background: none; color: var(--text); font: var(--font-40); font-weight: 600; letter-spacing: -0.028em; resize: none; overflow: hidden; outline: none; field-sizing: content; }
    textarea::placeholder { color: var(--text3); }
    aside { margin-top: 18px; position: sticky; top: calc(var(--top) + 20px); align-self: start; font: var(--font-14); } aside h2 { margin: 0 0 8px; font: var(--font-12); font-weight: 400; color: var(--text2); } aside section + section { margin-top: 20px; }
    .outline { border-left: 2px solid var(--line); } .outline button { display: block; width: 100%; padding: 5px 12px; margin-left: -2px; border: 0; border-left: 2px solid transparent; background: none; color: var(--text2); font: inherit; text-align: left; cursor: pointer; } .outline button:hover, .outline [aria-current] { color: var(--text); } .outline [aria-current] { border-color: var(--accent); font-weight: 500; } .outline .deep { padding-left: 24px; }
    .links a { display: flex; align-items: center; gap: 8px; padding: 4px 0; color: var(--text2); text-decoration: none; --icon: 16px; } .links a:hover { color: var(--text); }
    .wait { padding: 20px 40px 0 48px; max-width: 640px; margin: 0 auto; }
    hm-notice { margin-bottom: 16px; } .own { margin-bottom: 16px; }
    @media (max-width: 1179.98px) { .sheet { grid-template-columns: minmax(0, 640px); } aside { display: none; } }
    @media (max-width: 719.98px) { .top { padding: 0 52px 0 8px; gap: 4px; } .crumbs a, .crumbs hm-icon, .state { display: none; } .sheet { padding: 8px var(--margin) 0; } textarea { font: var(--font-28); font-weight: 600; } .share { display: none; } }
  `];

  constructor() {
    super();
    this.headings = [];
    this.again = () => this.requestUpdate();
    this.met = () => {
      notebooks.tellPeople(this.block, this.note.people);
      this.requestUpdate();
    };
    this.fell = (event) => this.#fell(event);
    this.scrolled = () => this.headings.length && this.#follow();
    this.told = () => {
      this.requestUpdate();
      if (this.note.state === 'replaced') this.#open();
    };
  }

  connectedCallback() {
    super.connectedCallback();
    this.off = live.on('blocks.derived', (event) => event.heap_id === this.heap && this.#look());
    notebooks.addEventListener('change', this.again);
    window.addEventListener('scroll', this.scrolled, { passive: true });
    for (const name of ['dragover', 'drop']) window.addEventListener(name, this.fell);
    if (this.hasUpdated) this.#open();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.off();
    notebooks.removeEventListener('change', this.again);
    window.removeEventListener('scroll', this.scrolled);
    for (const name of ['dragover', 'drop']) window.removeEventListener(name, this.fell);
    this.#close();
  }

  willUpdate(changed) {
    if (changed.has('block') || changed.has('heap')) this.#open();
  }

  members = new QueryController(this, () => '/api/users');

  #close() {
    if (this.note && notebooks.here.block === this.note.block) notebooks.tellPeople(null, []);
    this.note?.close();
    this.note = null;
  }

  #open() {
    this.#close();
    this.around = null;
    this.isUnknown = false;
    this.headings = [];
    this.note = new Note(this.heap, this.block);
    this.note.addEventListener('state', this.told);
    this.note.addEventListener('people', this.met);
    this.note.meta.observe(this.again);
    this.note.tags.observe(this.again);
    const fresh = notebooks.fresh?.id === this.block ? notebooks.fresh : null;
    this.fresh = Boolean(fresh);
    if (fresh) {
      notebooks.fresh = null; // begun once: whoever comes back to it finds what is written
      this.note.set({ title: '', type: 'document', created_at: Date.now() });
      if (fresh.tag) this.note.toggleTag(fresh.tag);
    }
    if (!fresh) this.#look();
    this.requestUpdate();
  }

  /** What hangs on the note, as the server sees it. */
  async #look() {
    const { block } = this;
    const page = await api.post(`/api/block/${block}`, { include: ['relations'] }, { quiet: true }).catch((error) => error); // a note of this moment is not there yet
    if (block !== this.block) return;
    this.isUnknown = page.status === 404;
    this.fileName = page.block?.file?.name ?? '';
    this.around = page.relations ?? null;
  }

  updated() {
    const field = this.renderRoot.querySelector('textarea');
    if (!field) return;
    if (!CSS.supports('field-sizing', 'content')) {
      field.style.setProperty('height', 'auto');
      field.style.setProperty('height', `${field.scrollHeight}px`);
    }
    if (this.fresh && !this.focused) {
      this.focused = true;
      field.focus();
    }
  }

  /** Whether the address names nothing: the server knows no such note, and nobody begins it here. */
  get isMissing() {
    return this.isUnknown && !this.fresh && this.note.isThere && this.note.isEmpty;
  }

  get canWrite() {
    return (notebooks.heap(this.heap)?.role ?? 'owner') !== 'viewer';
  }

  /** Files that fall beside the words come at their end; the browser would leave the page for them. */
  #fell(event) {
    if (event.defaultPrevented || ![...(event.dataTransfer?.types ?? [])].includes('Files')) return;
    event.preventDefault();
    if (event.type === 'drop') this.renderRoot.querySelector('hm-note-editor')?.take(event.dataTransfer);
  }

  #titleKey(event) {
    if (event.key !== 'Enter' && event.key !== 'ArrowDown') return;
    if (event.key === 'ArrowDown' && event.target.selectionEnd < event.target.value.length) return;
    event.preventDefault();
    this.renderRoot.querySelector('hm-note-editor')?.focus();
  }

  /** What it is called: a file without a title of its own by its name. */
  get name() {
    return this.note.title || this.fileName || say.untitled;
  }

  /** The folder of the server in which its file lies. */
  get folder() {
    return notebooks.heap(this.heap)?.type === 'folder' ? this.around?.tags?.find((one) => one.type === 'folder') : null;
  }

  async #share() {
    const heap = notebooks.heap(this.heap);
    const { openShareDialog } = await import('../share/share-dialog.js');
    return openShareDialog({ type: 'heap', id: heap.id, title: heap.title, use: 'heap', page: `/notes/${heap.id}` });
  }

  async #picked(id) {
    try {
      await this.#pick(id);
    } catch (error) {
      toastError(error);
    }
  }

  async #tag() {
    const tags = notebooks.tagsOf(this.heap).filter((one) => one.block_id !== this.block);
    const items = tags.length ? tags.map((one) => ({ id: one.block_id, label: one.title || say.untitled, icon: 'tag', checked: this.note.tags.has(one.block_id) })) : [{ id: '', label: say.noTags, disabled: true }];
    const id = await openMenu(this.renderRoot.querySelector('.top hm-menu'), items, { label: say.tagWith });
    if (id) this.note.toggleTag(id);
  }

  #writeBack({ content, title }) {
    this.past = false;
    const { note } = this;
    const before = note.title;
    this.renderRoot.querySelector('hm-note-editor').replace(content);
    if (title !== before) note.set({ title });
    toast(say.writtenBack, {
      undo: () => {
        this.renderRoot.querySelector('hm-note-editor')?.undo();
        if (title !== before) note.set({ title: before });
      },
    });
  }

  /** The heading of the address comes into view once it is there. */
  #outline(headings) {
    this.headings = headings;
    this.#follow();
    const wanted = this.heading && this.shown !== this.heading && headings.find((one) => one.slug === this.heading);
    if (!wanted) return;
    this.shown = this.heading;
    requestAnimationFrame(() => this.renderRoot.querySelector('hm-note-editor')?.show(wanted.at));
  }

  /** The heading that is read: the last one above the upper third of the window. */
  #follow() {
    const editor = this.renderRoot.querySelector('hm-note-editor');
    this.current = this.headings.findLast((one) => editor?.topOf(one.at) < innerHeight / 3) ?? this.headings[0] ?? null;
  }

  #go(one) {
    this.shown = one.slug;
    this.dispatchEvent(new CustomEvent('hm-heading', { detail: { slug: one.slug }, bubbles: true, composed: true }));
    this.renderRoot.querySelector('hm-note-editor').show(one.at);
  }

  async #pick(id) {
    const { heap, block, note } = this;
    const title = note.title || say.untitled;
    if (id === 'trash') {
      await notebooks.trash(heap, block);
      go(`/notes/${heap}`);
      toast(say.trashed(title), { undo: () => notebooks.restore(heap, block).then(() => go(`/notes/${heap}/${block}`)) });
    } else if (id === 'link') toast((await copyText(location.href)) ? say.copied : say.notCopied);
    else if (id === 'pin') note.set({ pinned: note.meta.get('pinned') === true ? null : true });
    else if (id === 'past') this.past = true;
    else if (id === 'share') await this.#share();
    else if (id === 'tags') await this.#tag();
    else if (id === 'tag') note.set({ type: note.meta.get('type') === 'tag' ? 'document' : 'tag' });
    else if (id === 'heap') await removeHeap(notebooks.heap(heap));
    else if (id === 'all') go(`/notes/${heap}/all`);
    else if (id === 'bin') go(`/notes/${heap}/trash`);
  }

  menu() {
    const { note } = this;
    const heap = notebooks.heap(this.heap);
    const isFirst = heap?.block_id === this.block;
    return [
      { id: 'link', label: say.copyLink, icon: 'link' },
      ...(this.canWrite && !isFirst ? [{ id: 'pin', label: note.meta.get('pinned') ? say.unpin : say.pin, icon: 'pin' }, { id: 'tag', label: note.meta.get('type') === 'tag' ? say.asNote : say.asTag, icon: 'tag' }] : []),
      ...(this.canWrite ? [{ id: 'tags', label: say.tagWith, icon: 'bookmark-filled' }] : []),
      { id: 'past', label: say.history, icon: 'clock' },
      { id: 'all', label: say.everything, icon: 'grid' },
      ...(media.isPhone() && heap?.role === 'owner' ? [{ id: 'share', label: say.share, icon: 'share' }] : []),
      { id: 'bin', label: say.trashName, icon: 'trash' },
      ...(this.canWrite && !isFirst ? [{ separator: true }, { id: 'trash', label: say.trash, icon: 'trash', danger: true }] : []),
      ...(isFirst && heap?.role === 'owner' ? [{ separator: true }, { id: 'heap', label: say.removeHeap, icon: 'trash', danger: true }] : []),
    ];
  }

  top(heap) {
    const { note } = this;
    const words = this.isMissing ? '' : ({ saving: say.saving, saved: say.saved, full: say.keptHere, large: say.keptHere }[note.state] ?? '');
    return html`<div class="top"><span class="only-phone"><hm-icon-button icon="arrow-left" label=${say.back} href="/notes"></hm-icon-button></span>
      <div class="crumbs">${heap && heap.block_id !== this.block ? html`<a href="/notes/${heap.id}">${heap.title}</a><hm-icon name="chevron-right"></hm-icon>${this.folder ? html`<a href=${`/notes/${heap.id}/${this.folder.block_id}`}>${this.folder.title}</a><hm-icon name="chevron-right"></hm-icon>` : nothing}` : nothing}<b>${this.isMissing ? '' : this.name}</b><span class="state" role="status">${words}</span></div>
      ${note.people.length ? html`<span class="people" role="img" aria-label=${say.here(note.people.map((one) => one.name).join(', '))}>${note.people.slice(0, 5).map((one) => html`<hm-avatar size="32" name=${one.name} src=${pictureById(this.members.data, one.id) ?? nothing} ${vars({ '--tone': toneOf(one.id) })}></hm-avatar>`)}</span>` : nothing}
      ${heap?.block_id === this.block ? html`<hm-icon-button icon="grid" label=${say.everything} href=${`/notes/${heap.id}/all`}></hm-icon-button>` : nothing}
      ${heap?.role === 'owner' ? html`<hm-button class="share" kind="outline" icon="share" @click=${() => this.#share()}>${say.share}</hm-button>` : nothing}
      <hm-menu .items=${this.menu()} label=${say.more} align="end" @hm-select=${(event) => this.#picked(event.detail.id)}><hm-icon-button icon="dots" label=${say.more}></hm-icon-button></hm-menu></div>`;
  }

  side() {
    const tags = notebooks.tagsOf(this.heap).filter((one) => this.note.tags.has(one.block_id));
    const links = (heading, list) => (list?.length ? html`<section class="links"><h2>${heading}</h2>${list.map((one) => html`<a href="/notes/${this.heap}/${one.block_id}"><hm-icon name=${one.type === 'tag' ? 'tag' : 'notes'}></hm-icon>${one.title || say.untitled}</a>`)}</section>` : nothing);
    return html`<aside>
      ${this.headings.length ? html`<section><h2>${say.onThisPage}</h2><div class="outline">${this.headings.map((one) => html`<button type="button" class=${one.level > 2 ? 'deep' : ''} aria-current=${one === this.current ? 'true' : nothing} @click=${() => this.#go(one)}>${one.text}</button>`)}</div></section>` : nothing}
      ${links(say.taggedWith, tags)}${links(say.linkedFrom, this.around?.backlinks)}${links(say.tags, this.around?.children)}
      ${this.canWrite && this.note.meta.get('type') === 'tag' ? html`<section><hm-button kind="quiet" size="small" icon="plus" @click=${() => this.dispatchEvent(new CustomEvent('hm-new-note', { detail: { heap: this.heap, tag: this.block }, bubbles: true, composed: true }))}>${say.newTagged}</hm-button></section>` : nothing}</aside>`;
  }

  render() {
    const { note } = this;
    if (!note) return nothing;
    const heap = notebooks.heap(this.heap);
    if (note.state === 'gone' || note.state === 'out' || this.isMissing) return html`${this.top(heap)}<div class="wait"><hm-empty icon="notes" heading=${say.gone} text=${say.goneText}><hm-button slot="action" href="/notes">${say.back}</hm-button></hm-empty></div>`;
    if (!note.isThere && !this.fresh) return html`${this.top(heap)}<div class="wait" aria-busy="true" aria-label=${say.loading}><hm-skeleton kind="text" count="6"></hm-skeleton></div>`;
    const isTrashed = Boolean(note.meta.get('deleted_at'));
    return html`${this.top(heap)}
      <div class="sheet"><div>
        ${note.state === 'offline' ? html`<hm-notice tone="warn">${say.offline}</hm-notice>` : nothing}
        ${note.state === 'full' || note.state === 'large' ? html`<hm-notice tone="warn">${say[note.state]}</hm-notice>` : nothing}
        ${isTrashed ? html`<hm-notice tone="info">${say.inTrash}<hm-button slot="action" size="small" @click=${() => notebooks.restore(this.heap, this.block)}>${say.restore}</hm-button></hm-notice>` : nothing}
        ${this.canWrite ? nothing : html`<hm-notice tone="info">${say.readOnly}</hm-notice>`}
        <h1 class="visually-hidden" tabindex="-1">${this.name}</h1>
        <textarea rows="1" aria-label=${say.title} placeholder=${this.fileName || say.untitled} maxlength="200" ?readonly=${!this.canWrite} .value=${note.title} @input=${(event) => note.set({ title: event.target.value.replaceAll('\n', ' ') })} @keydown=${this.#titleKey}></textarea>
        ${note.meta.get('type') === 'file' ? html`<hm-file-block class="own" .block=${this.block} name=${note.title} .wide=${'full'}></hm-file-block>` : nothing}
        <hm-note-editor .note=${note} ?read-only=${!this.canWrite} @hm-outline=${(event) => this.#outline(event.target.headings)}></hm-note-editor>
      </div>${this.side()}</div>
      ${this.past ? html`<hm-dialog open cross width="960" heading=${say.history} @hm-close=${() => (this.past = false)}><hm-note-history .note=${note} ?canWrite=${this.canWrite} @hm-write-back=${(event) => this.#writeBack(event.detail)}></hm-note-history></hm-dialog>` : nothing}`;
  }
}
customElements.define('hm-note', NoteView);

/** Delete a notebook, after asking: it goes for everybody. */
export async function removeHeap(heap) {
  const is = await confirmDialog({ heading: say.removeSure(heap.title), text: say.removeText, action: say.removeHeap, keep: say.keep, danger: true });
  if (!is) return;
  await notebooks.remove(heap.id);
  go('/notes');
  toast(say.removed(heap.title), { undo: () => api.post('/api/heap/add', { id: heap.id }).then(() => notebooks.load()) });
}
