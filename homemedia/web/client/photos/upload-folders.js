import { css, html, LitElement, nothing, repeat } from '../vendor/lit.js';
import { count, counted } from '../format.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';

/** The folders files lie in, and how many in each. @param {import('../ui/given-files.js').Given[]} given @returns {{folder: string, name: string, count: number}[]} `name`: its last part, or as much as tells it from others */
function foldersOf(given) {
  const counts = new Map();
  for (const { path } of given) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (folder) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const last = (folder) => folder.slice(folder.lastIndexOf('/') + 1);
  const times = new Map();
  for (const folder of counts.keys()) times.set(last(folder), (times.get(last(folder)) ?? 0) + 1);
  return [...counts].map(([folder, count]) => ({ folder, name: times.get(last(folder)) > 1 ? folder.split('/').join(' – ') : last(folder), count })).sort((a, b) => a.folder.localeCompare(b.folder));
}

const MOST_SHOWN = 100;

/** What becomes of folders: nothing, an album for each that is ticked. */
class FoldersDialog extends LitElement {
  static properties = { folders: { attribute: false }, total: { type: Number }, isEach: { state: true }, left: { state: true } };

  static styles = [shared, css`
    hm-segmented { margin: 8px 0 4px; } ul { padding-top: 8px; } li { display: flex; align-items: center; min-height: 44px; } li hm-checkbox { flex: 1 1 0; min-width: 0; } p { color: var(--text2); padding-top: 8px; }
  `];

  constructor() {
    super();
    this.isEach = false;
    this.left = new Set();
  }

  finish(albumOf) {
    this.done(albumOf);
    this.remove();
  }

  add() {
    if (!this.isEach) return this.finish(() => null);
    const names = new Map(this.folders.filter((one) => !this.left.has(one.folder)).map((one) => [one.folder, { albumName: one.name }]));
    return this.finish(({ path }) => names.get(path.slice(0, Math.max(0, path.lastIndexOf('/')))) ?? null);
  }

  tick(folder, isOn) {
    const left = new Set(this.left);
    if (isOn) left.delete(folder);
    else left.add(folder);
    this.left = left;
  }

  render() {
    const { folders } = this;
    return html`<hm-dialog open heading=${say.addFolders(folders.length, count(folders.length))} @hm-close=${() => this.finish(null)}>
      <p>${say.filesIn(counted(this.total, say.file, say.files))}</p>
      <hm-segmented wide label=${say.albums} value=${this.isEach ? 'each' : 'none'} .options=${[{ value: 'none', label: say.onlyTimeline }, { value: 'each', label: say.albumEach }]} @hm-change=${(event) => (this.isEach = event.detail.value === 'each')}></hm-segmented>
      ${this.isEach ? html`<ul>${repeat(folders.slice(0, MOST_SHOWN), (one) => one.folder, (one) => html`<li><hm-checkbox label=${one.name} hint=${counted(one.count, say.file, say.files)} ?checked=${!this.left.has(one.folder)} @hm-change=${(event) => this.tick(one.folder, event.detail.checked)}></hm-checkbox></li>`)}</ul>${folders.length > MOST_SHOWN ? html`<p class="hint">${say.andMore(count(folders.length - MOST_SHOWN))}</p>` : nothing}` : nothing}
      <hm-button slot="actions" kind="quiet" @click=${() => this.finish(null)}>${say.cancel}</hm-button>
      <hm-button slot="actions" kind="primary" autofocus @click=${() => this.add()}>${say.addThem}</hm-button></hm-dialog>`;
  }
}
customElements.define('photo-folders-dialog', FoldersDialog);

/** @param {import('../ui/given-files.js').Given[]} given @returns {Promise<((one: import('../ui/given-files.js').Given) => {albumName: string} | null) | null>} which album each goes into; null: none are added */
export function chooseFolders(given) {
  return new Promise((done) => {
    document.body.append(Object.assign(document.createElement('photo-folders-dialog'), { folders: foldersOf(given), total: given.length, done }));
  });
}
