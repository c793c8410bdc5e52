import { LitElement, css, html, nothing, repeat } from '../vendor/lit.js';
import { Editor, Y } from '../vendor/editor.js';
import { api } from '../api.js';
import { shortDate, time } from '../format.js';
import { pictureById } from '../people.js';
import { QueryController } from '../ui/controllers.js';
import { shared } from '../ui/styles.js';
import { toastError } from '../ui/toast.js';
import { say } from './en.js';
import { prose } from './prose.js';
import { words } from './words.js';

const SITTING_MS = 5 * 60_000;
const PAGE = 200;

/** Updates of one member on one device without a longer pause are one sitting. @param {any[]} updates the newest first */
export function sittings(updates) {
  const found = [];
  for (const one of updates) {
    const last = found.at(-1);
    if (last && last.user_id === one.user_id && last.device === one.device && last.created_at - one.until <= SITTING_MS) last.created_at = one.created_at;
    else found.push({ ...one });
  }
  return found;
}

const bytesOf = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/** Who wrote what when, and the note as it was then. `note` is a `Note`; `hm-write-back {content, title}` asks to have that again. */
class NoteHistory extends LitElement {
  static properties = { note: { attribute: false }, canWrite: { type: Boolean }, updates: { state: true }, next: { state: true }, chosen: { state: true }, error: { state: true }, title: { state: true } };

  static styles = [shared, prose, css`
    :host { display: grid; grid-template-columns: 260px minmax(0, 1fr); gap: 32px; min-height: 60vh; }
    .list { border-right: 1px solid var(--line); padding-right: 12px; max-height: 70vh; overflow-y: auto; } .list > button { display: flex; align-items: center; gap: 10px; width: 100%; min-height: 52px; padding: 6px 10px; border-radius: var(--radius); text-align: left; } .list > button:hover, .list > button[aria-current] { background: var(--hover); }
    .list span { min-width: 0; } .list b, .list i { display: block; font: var(--font-14); } .list i { font: var(--font-12); color: var(--text2); }
    .was { max-height: 70vh; overflow-y: auto; } .name { margin: 0 0 12px; font: var(--font-28); font-weight: 600; letter-spacing: -0.02em; } .ProseMirror { min-height: 0; padding-bottom: 0; }
    .foot { display: flex; justify-content: flex-end; margin-top: 16px; }
    @media (max-width: 719.98px) { :host { grid-template-columns: minmax(0, 1fr); gap: 12px; } .list { max-height: 34vh; border: 0; padding: 0; } }
  `];

  members = new QueryController(this, () => '/api/users');

  willUpdate(changed) {
    if (changed.has('note')) this.#read();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#shut();
  }

  #shut() {
    this.editor?.destroy();
    this.doc?.destroy();
    this.editor = this.doc = null;
  }

  async #read(before = null) {
    try {
      const page = await api.post(`/api/block_updates/${this.note.block}`, { limit: PAGE, before });
      this.updates = [...(before ? this.updates : []), ...page.updates];
      this.next = page.next_before;
      this.error = null;
      if (!before && this.updates.length) await this.#show(sittings(this.updates)[0]);
    } catch (error) {
      this.error = error;
    }
  }

  async #show(one) {
    this.chosen = one.id;
    try {
      const page = await api.post(`/api/block_updates/${this.note.block}`, { limit: 1, as_of: one.id });
      if (this.chosen !== one.id) return;
      this.#shut();
      this.doc = new Y.Doc();
      Y.applyUpdate(this.doc, bytesOf(page.ydoc));
      this.title = String(this.doc.getMap('meta').get('title') ?? '');
      await this.updateComplete;
      this.editor = new Editor({ element: this.renderRoot.querySelector('.words'), editable: false, injectCSS: false, editorProps: { attributes: { 'aria-label': say.asItWas } }, extensions: words(this.note.heap, this.doc.getXmlFragment('content')) });
    } catch (error) {
      toastError(error);
    }
  }

  #back() {
    this.dispatchEvent(new CustomEvent('hm-write-back', { detail: { content: this.editor.getJSON(), title: this.title }, bubbles: true, composed: true }));
  }

  sitting(one) {
    const name = one.user_name ?? say.theHouse;
    const [from, to] = [one.created_at / 1000, one.until / 1000];
    const at = time(from) === time(to) ? time(to) : `${time(from)} – ${time(to)}`;
    return html`<button type="button" aria-current=${one.id === this.chosen ? 'true' : nothing} @click=${() => this.#show(one)}><hm-avatar size="32" name=${name} src=${pictureById(this.members.data, one.user_id) ?? nothing}></hm-avatar>
      <span><b class="one-line">${name}</b><i class="one-line">${shortDate(to)}, ${at}${one.kind === 'base' ? ` · ${say.andBefore}` : ''}</i></span></button>`;
  }

  render() {
    if (this.error) return html`<hm-error heading=${this.error.message} retry=${say.again} @hm-retry=${() => this.#read()}></hm-error>`;
    if (!this.updates) return html`<hm-skeleton kind="line" count="5"></hm-skeleton>`;
    if (!this.updates.length) return html`<hm-empty plain icon="clock" heading=${say.noHistory}></hm-empty>`;
    return html`<div class="list">${repeat(sittings(this.updates), (one) => one.id, (one) => this.sitting(one))}${this.next ? html`<hm-button kind="quiet" size="small" @click=${() => this.#read(this.next)}>${say.earlier}</hm-button>` : nothing}</div>
      <div><div class="was"><h2 class="name">${this.title || say.untitled}</h2><div class="words"></div></div>
      ${this.canWrite ? html`<div class="foot"><hm-button kind="primary" icon="refresh" @click=${this.#back}>${say.writeBack}</hm-button></div>` : nothing}</div>`;
  }
}
customElements.define('hm-note-history', NoteHistory);
