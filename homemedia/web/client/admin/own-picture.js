// One's own picture: shown, chosen from a file or dropped upon it, taken away; all of it can be undone.
import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { pictureOf } from '../people.js';
import { session } from '../session.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';

const words = say.pictureWords;
const PATH = '/api/users/profile-image';
const KINDS = 'image/jpeg,image/png,image/webp,image/avif,image/heic,image/heif';

class OwnPicture extends LitElement {
  static properties = { name: { type: String }, busy: { state: true }, over: { state: true }, problem: { state: true } };

  static styles = [shared, css`
    :host { display: flex; flex-wrap: wrap; align-items: center; gap: 16px; position: relative; min-width: 0; }
    .face { position: relative; flex: none; border-radius: 50%; } .face hm-avatar { --side: 80px; display: block; } .face:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    .veil { position: absolute; inset: 0; display: grid; place-items: center; border-radius: 50%; background: rgb(0 0 0 / .45); color: #fff; opacity: 0; transition: opacity var(--fast) ease-out; }
    .busy .veil { opacity: 1; }
    @media (hover: hover) { .face:hover .veil { opacity: 1; } }
    .face:focus-visible .veil { opacity: 1; }
    .words { flex: 1 1 200px; min-width: 0; }
    .buttons { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 12px; }
    .wrong { display: flex; gap: 6px; margin-top: 8px; font: var(--font-12); color: var(--bad); }
    .drop { position: absolute; z-index: 5; inset: -8px; display: grid; place-items: center; border-radius: var(--radius-place); background: var(--soft); color: var(--accent); font: var(--font-14); font-weight: 600; box-shadow: inset 0 0 0 2px var(--accent); pointer-events: none; }
    input { display: none; }
  `];

  constructor() {
    super();
    this.busy = false;
    this.over = false;
    this.problem = '';
    this.addEventListener('dragover', (event) => this.dragged(event));
    this.addEventListener('dragleave', (event) => this.renderRoot.contains(event.relatedTarget) || (this.over = false));
    this.addEventListener('drop', (event) => this.dropped(event));
  }

  connectedCallback() {
    super.connectedCallback();
    this.off = session.subscribe(() => this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.off();
  }

  dragged(event) {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    this.over = true;
  }

  dropped(event) {
    event.preventDefault();
    this.over = false;
    const [file] = event.dataTransfer.files;
    if (file) this.take(file);
  }

  choose() {
    this.renderRoot.querySelector('input').click();
  }

  picked(event) {
    const [file] = event.target.files;
    event.target.value = ''; // the same file may be chosen twice
    if (file) this.take(file);
  }

  /** What is shown now, kept for Undo. @returns {Promise<Blob | null>} */
  async before() {
    const path = pictureOf(session.user);
    const answer = path && (await fetch(path));
    return answer?.ok ? answer.blob() : null;
  }

  async put(picture) {
    if (!picture) await api.delete(PATH);
    else {
      const form = new FormData();
      form.append('file', picture, picture.name ?? 'picture.jpg');
      await api.post(PATH, form);
    }
    await session.readUser();
  }

  /** @param {File | null} picture null: none any more */
  async take(picture) {
    if (this.busy) return;
    this.busy = true;
    this.problem = '';
    try {
      const before = await this.before();
      await this.put(picture);
      toast(picture ? words.changed : words.removed, { undo: () => this.put(before).catch(toastError) });
    } catch (error) {
      this.problem = words.refused[error.code] ?? error.message;
    } finally {
      this.busy = false;
    }
  }

  render() {
    const path = pictureOf(session.user);
    return html`<button class="face ${this.busy ? 'busy' : ''}" type="button" aria-label=${path ? words.change : words.choose} @click=${this.choose}>
        <hm-avatar name=${this.name} src=${path ?? nothing} aria-hidden="true"></hm-avatar>
        <span class="veil">${this.busy ? html`<hm-spinner size="24"></hm-spinner>` : html`<hm-icon name="image" size="24"></hm-icon>`}</span></button>
      <div class="words"><slot></slot>
        <div class="buttons"><hm-button size="small" ?busy=${this.busy} @click=${this.choose}>${path ? words.other : words.choose}</hm-button>
          ${path ? html`<hm-button size="small" kind="quiet" ?disabled=${this.busy} @click=${() => this.take(null)}>${words.remove}</hm-button>` : nothing}</div>
        ${this.problem ? html`<p class="wrong" role="alert"><hm-icon name="warning" size="16"></hm-icon><span>${this.problem}</span></p>` : nothing}</div>
      <input type="file" accept=${KINDS} tabindex="-1" aria-hidden="true" @change=${this.picked}>
      ${this.over ? html`<div class="drop">${words.drop}</div>` : nothing}`;
  }
}
customElements.define('own-picture', OwnPicture);
