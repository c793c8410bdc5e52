import { LitElement, css, html } from '../vendor/lit.js';
import { api } from '../api.js';
import { go } from '../router.js';
import '../ui/folder-picker.js';
import { toast } from '../ui/toast.js';
import { say } from './en.js';
import { notebooks } from './store.js';

/** Administrators choose a folder of the server's machine, which becomes a notebook with a note for each of its files. */
class FolderDialog extends LitElement {
  static properties = { chosen: { state: true }, busy: { state: true } };

  static styles = css`
    p { margin: 0 0 16px; }
    hm-folder-picker { --picker-height: min(440px, 52dvh); }
  `;

  constructor() {
    super();
    this.chosen = new Map();
    this.busy = false;
  }

  #open = async () => {
    const folders = [...this.chosen.values()];
    if (!folders.length || this.busy) return;
    this.busy = true;
    try {
      let first = null;
      for (const { path, name } of folders) {
        const { heap } = await api.post('/api/heap/add', { type: 'folder', title: name, source: { path } });
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
      <hm-folder-picker .kinds=${false} .chosen=${this.chosen} @hm-change=${(event) => { this.chosen = new Map(event.detail.chosen); }}></hm-folder-picker>
      <hm-button slot="actions" kind="quiet" @click=${() => this.remove()}>${say.cancel}</hm-button>
      <hm-button slot="actions" kind="primary" ?busy=${this.busy} ?disabled=${!this.chosen.size} @click=${this.#open}>${say.openFolderNow}</hm-button></hm-dialog>`;
  }
}
customElements.define('hm-notes-folder', FolderDialog);

/** Ask for a folder, and open the notebook that is made of it. */
export function askForFolder() {
  document.body.append(document.createElement('hm-notes-folder'));
}
