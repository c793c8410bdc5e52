import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { go } from '../router.js';
import '../ui/folder-picker.js';
import { toast } from '../ui/toast.js';
import { say as words } from './folder-en.js';
import { say } from './en.js';
import { notebooks } from './store.js';

/** Administrators choose a folder of the server's machine, which becomes a notebook with a note for each of its files. */
class FolderDialog extends LitElement {
  static properties = { chosen: { state: true }, busy: { state: true }, writes: { state: true }, deletes: { state: true } };

  static styles = css`
    p { margin: 0 0 16px; } .wishes { display: grid; gap: 12px; margin-top: 16px; }
    hm-folder-picker { --picker-height: min(440px, 52dvh); }
  `;

  constructor() {
    super();
    this.chosen = new Map();
    this.busy = false;
    this.writes = false;
    this.deletes = false;
  }

  #open = async () => {
    const folders = [...this.chosen.values()];
    if (!folders.length || this.busy) return;
    this.busy = true;
    try {
      let first = null;
      for (const { path, name } of folders) {
        const { heap } = await api.post('/api/heap/add', { type: 'folder', title: name, source: { path, read_only: !this.writes, delete_originals: this.writes && this.deletes } });
        first ??= heap;
      }
      await notebooks.load();
      this.remove();
      go(`/notes/${first.id}`);
    } catch (error) {
      toast(error.message, { kind: 'bad' });
      this.busy = false;
    }
  };

  render() {
    return html`<hm-dialog open heading=${say.openFolder} width="880" @hm-close=${() => this.remove()}>
      <p>${say.openFolderText}</p>
      <hm-folder-picker anything .kinds=${false} .chosen=${this.chosen} @hm-change=${(event) => { this.chosen = new Map(event.detail.chosen); }}></hm-folder-picker>
      <div class="wishes"><hm-switch label=${words.mayWrite} hint=${words.mayWriteHint} ?checked=${this.writes} @hm-change=${(event) => { event.stopPropagation(); this.writes = event.detail.checked; }}></hm-switch>
        ${this.writes ? html`<hm-switch label=${words.mayDelete} hint=${words.mayDeleteHint} ?checked=${this.deletes} @hm-change=${(event) => { event.stopPropagation(); this.deletes = event.detail.checked; }}></hm-switch>` : nothing}</div>
      <hm-button slot="actions" kind="quiet" @click=${() => this.remove()}>${say.cancel}</hm-button>
      <hm-button slot="actions" kind="primary" ?busy=${this.busy} ?disabled=${!this.chosen.size} @click=${this.#open}>${say.openFolderNow}</hm-button></hm-dialog>`;
  }
}
customElements.define('hm-notes-folder', FolderDialog);

/** Ask for a folder, and open the notebook that is made of it. */
export function askForFolder() {
  document.body.append(document.createElement('hm-notes-folder'));
}
