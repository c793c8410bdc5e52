import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { QueryController } from '../ui/controllers.js';
import '../ui/folder-picker.js';
import { shared } from '../ui/styles.js';
import { toast } from '../ui/toast.js';
import { say as words } from './folder-en.js';
import { say } from './en.js';
import { notebooks } from './store.js';

const MINE = '';

/**
 * A folder of the server's machine becomes a notebook with a note for each of its files. Administrators choose any, or open one to
 * a member; members choose among those that were opened to them.
 */
class FolderDialog extends LitElement {
  static properties = { chosen: { state: true }, whose: { state: true }, below: { state: true }, busy: { state: true }, writes: { state: true }, deletes: { state: true } };

  static styles = [shared, css`
    p { margin: 0 0 16px; } .wishes { display: grid; gap: 12px; margin-top: 16px; }
    hm-folder-picker { --picker-height: min(400px, 46dvh); } hm-field { display: block; } .opened { display: grid; gap: 12px; }
  `];

  opened = new QueryController(this, () => (session.user?.isAdmin ? null : '/api/home/heaps/folders'));
  members = new QueryController(this, () => (session.user?.isAdmin ? '/api/users' : null));

  constructor() {
    super();
    this.chosen = new Map();
    this.whose = MINE;
    this.below = '';
    this.busy = false;
    this.writes = false;
    this.deletes = false;
  }

  #open = async () => {
    const folders = [...this.chosen.values()];
    if (!folders.length || this.busy) return;
    this.busy = true;
    try {
      if (this.whose !== MINE) await this.#lend(folders);
      else await this.#make(folders);
    } catch (error) {
      toast(error.message, { kind: 'bad' });
      this.busy = false;
    }
  };

  async #make(folders) {
    let first = null;
    for (const { path, name } of folders) {
      const { heap } = await api.post('/api/heap/add', { type: 'folder', title: name, source: { path, read_only: !this.writes, delete_originals: this.writes && this.deletes } });
      first ??= heap;
      this.chosen = new Map([...this.chosen].filter(([, one]) => one.path !== path)); // pressed again after one that is refused, it is not opened twice
    }
    await notebooks.load();
    this.remove();
    go(`/notes/${first.id}`);
  }

  async #lend(folders) {
    const user = this.members.data.find((one) => one.id === this.whose);
    for (const { path } of folders) await api.post('/api/home/heaps/folders', { user_id: user.id, path });
    this.remove();
    toast(words.lent(user.displayName));
  }

  /** A member's choice: one of the folders that are open to him, or one inside of it. */
  #among(path, below = this.below) {
    this.below = below;
    const whole = below.trim() ? `${path}/${below.trim().replace(/^\/+|\/+$/g, '')}` : path;
    this.folder = path;
    this.chosen = path ? new Map([[whole, { path: whole, name: whole.split('/').at(-1) }]]) : new Map();
  }

  mine() {
    const folders = this.opened.data?.folders ?? [];
    if (!this.folder && folders.length) queueMicrotask(() => this.#among(folders[0].path));
    return html`<div class="opened"><hm-field type="select" label=${words.openToMe} .value=${this.folder ?? ''} .options=${folders.map(({ path }) => ({ value: path, label: path }))} @change=${(event) => this.#among(event.target.value)}></hm-field>
      <hm-field label=${words.folderInside} hint=${words.folderInsideHint} .value=${this.below} @input=${(event) => this.#among(this.folder, event.target.value)}></hm-field></div>`;
  }

  any() {
    const others = (this.members.data ?? []).filter((one) => one.id !== session.user.id && !one.isAdmin);
    return html`<hm-folder-picker anything .kinds=${false} .chosen=${this.chosen} @hm-change=${(event) => { this.chosen = new Map(event.detail.chosen); }}></hm-folder-picker>
      ${others.length ? html`<div class="wishes"><hm-field type="select" label=${words.whose} hint=${this.whose === MINE ? nothing : words.whoseHint} .value=${this.whose} .options=${[{ value: MINE, label: words.mine }, ...others.map((one) => ({ value: one.id, label: one.displayName }))]} @change=${(event) => (this.whose = event.target.value)}></hm-field></div>` : nothing}`;
  }

  render() {
    const is = (name) => (event) => {
      event.stopPropagation();
      this[name] = event.detail.checked;
    };
    return html`<hm-dialog open heading=${say.openFolder} width="880" @hm-close=${() => this.remove()}>
      <p>${say.openFolderText}</p>
      ${session.user?.isAdmin ? this.any() : this.mine()}
      ${this.whose === MINE ? html`<div class="wishes"><hm-switch label=${words.mayWrite} hint=${words.mayWriteHint} ?checked=${this.writes} @hm-change=${is('writes')}></hm-switch>
        ${this.writes ? html`<hm-switch label=${words.mayDelete} hint=${words.mayDeleteHint} ?checked=${this.deletes} @hm-change=${is('deletes')}></hm-switch>` : nothing}</div>` : nothing}
      <hm-button slot="actions" kind="quiet" @click=${() => this.remove()}>${say.cancel}</hm-button>
      <hm-button slot="actions" kind="primary" ?busy=${this.busy} ?disabled=${!this.chosen.size} @click=${this.#open}>${this.whose === MINE ? say.openFolderNow : words.lend}</hm-button></hm-dialog>`;
  }
}
customElements.define('hm-notes-folder', FolderDialog);

/** Ask for a folder, and open the notebook that is made of it. */
export function askForFolder() {
  document.body.append(document.createElement('hm-notes-folder'));
}
