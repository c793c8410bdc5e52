import { LitElement, css, html, keyed, nothing } from '../vendor/lit.js';
import { Y } from '../vendor/editor.js';
import { api } from '../api.js';
import { ago, join } from '../format.js';
import { live } from '../live.js';
import { go } from '../router.js';
import { chosen, dropped } from '../ui/given-files.js';
import { media, newId, onPhoneChange } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import './block-card.js';
import { secondOf, titleOf } from './block-card.js';
import { say } from './folder-en.js';
import { modelOf } from './folder-model.js';
import './folder-scan.js';
import './folder-tree.js';
import { removeHeap } from './note-view.js';
import { push } from './push.js';
import { notebooks } from './store.js';
import { uploads } from './uploads.js';

const SOON_MS = 1000;

/** A block for a file that is about to come, so that the server knows into which folder it goes. */
async function blockIn(heap, folder) {
  const block = newId();
  await push(heap, block, new Y.Doc(), (doc) => {
    doc.getMap('meta').set('type', 'file');
    doc.getMap('tags').set(folder, { added_at: Date.now() });
  });
  return block;
}

/** A folder of a notebook that stands for one on the server: the tree of all folders, and what lies in the open one. */
class FolderView extends LitElement {
  static properties = { heap: {}, block: {}, path: { state: true }, error: { state: true }, isPhone: { state: true }, isTreeOpen: { state: true }, isOver: { state: true }, scans: { state: true }, sending: { state: true } };

  static styles = [shared, css`
    :host { display: block; min-width: 0; padding-bottom: calc(24px + var(--bottom, 0px)); }
    .head { position: sticky; top: 0; z-index: 3; display: flex; align-items: center; gap: 12px; min-height: var(--top); padding: 0 calc(var(--margin-end) + var(--cluster, 0px) + 12px) 0 24px; background: var(--bg); }
    nav { flex: 1; min-width: 0; } ol { display: flex; align-items: center; gap: 4px; margin: 0; padding: 0; list-style: none; min-width: 0; overflow: hidden; } li { display: flex; align-items: center; gap: 4px; min-width: 28px; flex: 0 1 auto; } li:last-child { flex-shrink: 0.4; } li hm-icon { --icon: 14px; color: var(--text3); flex: none; }
    li a { color: var(--text2); text-decoration: none; font: var(--font-14); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; border-radius: 4px; padding: 4px; } li a:hover { color: var(--text); } h1 { margin: 0; font: var(--font-16); font-weight: 600; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding: 4px; }
    .panes { display: grid; grid-template-columns: 264px minmax(0, 1fr); } .tree { position: sticky; top: var(--top); align-self: start; height: calc(100vh - var(--top)); border-right: 1px solid var(--line); padding-bottom: var(--bottom, 0px); box-sizing: border-box; }
    .main { position: relative; padding: 4px 40px 0 24px; min-height: 60vh; } .facts { display: flex; align-items: center; gap: 12px; min-height: 36px; margin-bottom: 12px; } .facts .second { flex: 1; min-width: 0; }
    .over { position: absolute; inset: 0 24px 0 12px; z-index: 4; display: grid; place-content: center; border: 2px dashed var(--accent); border-radius: var(--radius-place); background: var(--soft); color: var(--accent); font: var(--font-16); font-weight: 600; pointer-events: none; }
    hm-notice { margin-bottom: 16px; } input[type='file'] { display: none; } .sending { display: block; margin-bottom: 16px; }
    @media (max-width: 1279.98px) { .panes { grid-template-columns: 220px minmax(0, 1fr); } .main { padding: 4px 24px 0 20px; } }
    @media (max-width: 979.98px) { .panes { display: block; } .tree { position: static; height: min(46vh, 420px); border: 1px solid var(--line); border-radius: var(--radius-place); margin: 0 var(--margin) 12px; padding: 0; overflow: hidden; } .main { padding: 0 var(--margin); } }
    @media (max-width: 719.98px) { .head { padding: 0 56px 0 8px; gap: 4px; } .facts { margin-bottom: 8px; } li:not(:nth-last-child(-n + 2)), li:nth-last-child(2) hm-icon { display: none; } }
  `];

  constructor() {
    super();
    this.path = [];
    this.isPhone = media.isPhone();
    this.isTreeOpen = false;
    this.isOver = false;
    this.scans = { running: [], last: null };
    this.sending = [];
    this.again = () => this.requestUpdate();
    this.narrow = matchMedia('(max-width: 979.98px)');
  }

  connectedCallback() {
    super.connectedCallback();
    notebooks.addEventListener('change', this.again);
    uploads.addEventListener('change', this.#sent);
    this.narrow.addEventListener('change', this.again);
    this.offPhone = onPhoneChange((is) => (this.isPhone = is));
    this.off = ['blocks.derived', 'block.deleted', 'block.restored', 'file.updated'].map((name) => live.on(name, (event) => event.heap_id === this.heap && this.#soon()));
    if (this.model) this.model.addEventListener('change', this.again);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    notebooks.removeEventListener('change', this.again);
    uploads.removeEventListener('change', this.#sent);
    this.narrow.removeEventListener('change', this.again);
    this.model?.removeEventListener('change', this.again);
    this.offPhone();
    for (const off of this.off) off();
    clearTimeout(this.timer);
  }

  willUpdate(changed) {
    if (!changed.has('block') && !changed.has('heap')) return;
    this.model?.removeEventListener('change', this.again);
    this.model = modelOf(this.heap, this.of.block_id);
    this.model.addEventListener('change', this.again);
    this.#reveal();
  }

  /** The notebook. */
  get of() {
    return notebooks.heap(this.heap);
  }

  get here() {
    return this.model.nodes.get(this.block);
  }

  get title() {
    return this.block === this.of.block_id ? this.of.title : (this.here?.block ? titleOf(this.here.block) : '');
  }

  get canWrite() {
    return this.of.role !== 'viewer' && !this.of.source?.read_only;
  }

  async #reveal() {
    const { block } = this;
    this.error = null;
    try {
      const path = await this.model.pathTo(block);
      if (block !== this.of.block_id && this.model.types.get(block) !== 'folder') return void this.dispatchEvent(new CustomEvent('hm-no-folder', { bubbles: true, composed: true }));
      await this.model.reveal(block);
      if (block === this.block) this.path = path;
    } catch (error) {
      if (block === this.block) this.error = error;
    }
  }

  #soon() {
    if (this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = 0;
      this.model.refresh(this.path);
    }, SOON_MS);
  }

  /** What the look of the grid hangs on: pages that were read are still good while nothing of this folder changed. */
  get kept() {
    return `${this.block} ${this.here.version}`;
  }

  page = (offset, limit) => this.model.part(this.block, offset, limit);

  // Files on their way

  async #take(given) {
    if (!given.length) return;
    const { heap, block, title } = this;
    for (const one of given) {
      try {
        const made = uploads.begin(heap, await blockIn(heap, block), one, { inFolder: true, page: block });
        this.sending = [...this.sending, { made, title }];
      } catch (error) {
        toast(join(say.notSent(one.file.name), error.message), { kind: 'bad' });
      }
    }
  }

  #sent = () => {
    if (!this.sending.length) return;
    const failed = this.sending.filter(({ made }) => made.state === 'failed');
    this.sending = this.sending.filter(({ made }) => made.state !== 'failed');
    for (const { made } of failed) this.#failed(made);
    const left = this.sending.filter(({ made }) => made.isOpen);
    if (!left.length) {
      const done = this.sending.filter(({ made }) => made.state === 'done');
      if (done.length) toast(say.sent(done.length, done[0].title));
      this.#soon();
    }
    if (!left.length) this.sending = [];
  };

  /** What a pattern of the folder leaves out cannot come under this name: nothing of it stays. */
  async #failed(made) {
    toast(join(say.notSent(made.name), made.error?.message), { kind: 'bad' });
    if (made.error?.code !== 'ignored_name') return;
    uploads.forget(made.block);
    await api.post(`/api/home/heaps/${made.heap}/trash`, { block_ids: [made.block] }, { quiet: true }).then(() => api.delete(`/api/trash/${made.heap}?block_id=${made.block}`)).catch(() => {}); // an empty block: the trash shows it
  }

  #choose() {
    this.renderRoot.querySelector('input[type=file]').click();
  }

  async #dropped(event) {
    event.preventDefault();
    this.isOver = false;
    if (this.canWrite) this.#take(await dropped(event.dataTransfer));
  }

  #dragged(event) {
    if (!this.canWrite || ![...event.dataTransfer.types].includes('Files')) return;
    event.preventDefault();
    this.isOver = true;
  }

  // What can be done

  menu() {
    const { of } = this;
    const isOwner = of.role === 'owner';
    return [
      { id: 'all', label: say.all, icon: 'list', href: `/notes/${of.id}/all` },
      { id: 'trash', label: say.trash, icon: 'trash', href: `/notes/${of.id}/trash` },
      ...(isOwner ? [{ separator: true }, { id: 'scan', label: say.scanNow, icon: 'refresh' }, { group: say.rebuild }, ...Object.entries(say.rebuilds).map(([id, label]) => ({ id, label, icon: { metadata: 'info', thumbnails: 'image', hash: 'copy', search: 'search' }[id] }))] : []),
      ...(isOwner ? [{ separator: true }, { id: 'share', label: say.share, icon: 'share' }, { id: 'heap', label: say.removeHeap, icon: 'trash', danger: true }] : []),
    ];
  }

  async #picked(id) {
    const { of } = this;
    try {
      if (id === 'scan') await api.post('/api/scan_folder', { heap_id: of.id });
      else if (id in say.rebuilds) {
        await api.post('/api/reindex_files', { heap_id: of.id, mode: id });
        toast(say.rebuilding);
      } else if (id === 'share') {
        const { openShareDialog } = await import('../share/share-dialog.js');
        openShareDialog({ type: 'heap', id: of.id, title: of.title, use: 'heap', page: `/notes/${of.id}` });
      } else if (id === 'heap') await removeHeap(of);
    } catch (error) {
      toastError(error);
    }
    this.renderRoot.querySelector('hm-folder-scan')?.look();
  }

  // What is seen

  crumbs() {
    const path = this.path.length ? this.path : [this.of.block_id];
    const name = (id) => (id === this.of.block_id ? this.of.title : titleOf(this.model.nodes.get(id).block));
    return html`<nav aria-label=${say.whereYouAre}><ol>${path.map((id, at) => html`<li>${at ? html`<hm-icon name="chevron-right"></hm-icon>` : nothing}${at === path.length - 1
      ? html`<h1 tabindex="-1" title=${name(id)}>${name(id)}</h1>` : html`<a href=${id === this.of.block_id ? `/notes/${this.heap}` : `/notes/${this.heap}/${id}`} title=${name(id)}>${name(id)}</a>`}</li>`)}</ol></nav>`;
  }

  card(block) {
    const second = block.type === 'folder' ? say.inside(block.counts.children) : block.file ? join(say.sizeOf(block.file.size), ago(block.created_at / 1000)) : secondOf(block);
    return html`<hm-block-card .block=${block} href=${`/notes/${this.heap}/${block.block_id}`} second=${second}></hm-block-card>`;
  }

  list() {
    const { here } = this;
    const error = this.error ?? (here?.state === 'error' ? here.error : null);
    if (error) return html`<hm-error heading=${error.message} retry=${say.again} @hm-retry=${() => this.#reveal()}></hm-error>`;
    const total = this.model.countOf(this.block);
    if (total === undefined) return html`<hm-skeleton kind="covers" count="8"></hm-skeleton>`;
    if (this.isAway) return html`<hm-notice tone="warn" heading=${say.away(this.of.source.path ?? this.of.title)}>${say.awayText}<hm-button slot="action" kind="quiet" size="small" @click=${() => this.#picked('scan')}>${say.lookAgain}</hm-button></hm-notice>${this.grid(total)}`;
    if (!total && this.scans.running.length) return html`<hm-empty plain icon="folder-open" heading=${say.beingRead} text=${say.beingReadText}></hm-empty>`;
    if (!total) return html`<hm-empty plain icon="folder-open" heading=${say.empty} text=${this.canWrite ? say.emptyWritable : this.of.source?.path ? say.emptyText(this.of.source.path) : ''}>${this.canWrite ? html`<hm-button slot="action" icon="upload" @click=${() => this.#choose()}>${say.addFiles}</hm-button>` : nothing}</hm-empty>`;
    return this.grid(total);
  }

  /** Whether the folder itself was away when it was last looked for. */
  get isAway() {
    return !this.scans.running.length && this.scans.last?.error === 'source_unavailable';
  }

  grid(total) {
    return keyed(this.block, html`<hm-virtual-grid kind="square" .min=${innerWidth < 720 ? 140 : 168} total-count=${total} label=${say.content(this.title)} .version=${this.kept} .page=${this.page} .renderItem=${(block) => this.card(block)}></hm-virtual-grid>`);
  }

  facts() {
    const { here, of } = this;
    const when = of.source?.last_scan_at;
    const isRunning = this.scans.running.length > 0;
    return html`<div class="facts">${this.narrow.matches ? html`<hm-button kind="outline" size=${this.isPhone ? nothing : 'small'} icon=${this.isTreeOpen ? 'chevron-up' : 'folder'} @click=${() => (this.isTreeOpen = !this.isTreeOpen)}>${this.isTreeOpen ? say.hideFolders : say.folders}</hm-button>` : nothing}
      <span class="second">${join(here?.state === 'ready' ? say.many(here.folders.length, here.files.length) : '', isRunning ? '' : when ? say.last(ago(when / 1000)) : say.never, of.source?.read_only ? say.readOnlyFolder : '')}</span></div>`;
  }

  render() {
    if (!this.of) return nothing;
    const tree = html`<hm-folder-tree .model=${this.model} .here=${this.block} @hm-go=${(event) => go(`/notes/${this.heap}/${event.detail.id}`)}></hm-folder-tree>`;
    const part = this.sending.reduce((sum, { made }) => sum + made.part, 0) / (this.sending.length || 1);
    return html`<div class="head"><span class="only-phone"><hm-icon-button icon="arrow-left" label=${say.back} href="/notes"></hm-icon-button></span>${this.crumbs()}
        ${this.canWrite ? (this.isPhone ? html`<hm-icon-button icon="upload" label=${say.addFiles} @click=${() => this.#choose()}></hm-icon-button>` : html`<hm-button kind="outline" icon="upload" @click=${() => this.#choose()}>${say.addFiles}</hm-button>`) : nothing}
        <hm-menu .items=${this.menu()} label=${say.more} align="end" @hm-select=${(event) => this.#picked(event.detail.id)}><hm-icon-button icon="dots" label=${say.more}></hm-icon-button></hm-menu></div>
      <input type="file" multiple @change=${(event) => { this.#take(chosen(event.target.files)); event.target.value = ''; }}>
      <div class="panes">${this.narrow.matches ? (this.isTreeOpen ? html`<div class="tree">${tree}</div>` : nothing) : html`<div class="tree">${tree}</div>`}
        <div class="main" @dragover=${this.#dragged} @dragleave=${(event) => event.currentTarget.contains(event.relatedTarget) || (this.isOver = false)} @drop=${this.#dropped}>
          ${this.facts()}<hm-folder-scan .heap=${this.heap} @hm-scans=${(event) => (this.scans = event.detail)} @hm-scanned=${() => { notebooks.load(); this.model.refresh(); }}></hm-folder-scan>
          ${this.sending.length ? html`<hm-progress class="sending" .value=${part} label=${say.sending(this.sending.length, part)}></hm-progress>` : nothing}
          ${this.list()}${this.isOver ? html`<div class="over">${say.dropHere(this.title)}</div>` : nothing}</div></div>`;
  }
}
customElements.define('hm-folder', FolderView);
