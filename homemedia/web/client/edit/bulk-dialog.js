// Changing many things at once: what is left empty stays as it is, unless one says that it is to be empty.
import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { count } from '../format.js';
import '../ui/chips-field.js';
import { shared } from '../ui/styles.js';
import { done } from './deeds.js';
import { say } from './en.js';
import { reasonFor } from './fields.js';

const LISTS = ['addLabels', 'removeLabels', 'addGenres', 'removeGenres'];
const WORDS = { movie: ['contentRating', 'collection', 'studio'], show: ['contentRating', 'collection', 'studio'], video: ['contentRating', 'collection'] };

class EditBulk extends LitElement {
  static properties = { items: { attribute: false }, open: { type: Boolean }, lists: { state: true }, words: { state: true }, isTyping: { state: true }, known: { state: true }, busy: { state: true }, problem: { state: true } };

  static styles = [shared, css`
    .form { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 20px; padding-top: 16px; padding-bottom: 4px; } .text { font: var(--font-14); color: var(--text2); }
    .form > .whole { grid-column: 1 / -1; } .word hm-checkbox { margin-top: 8px; --icon: 16px; }
    @media (max-width: 719.98px) { .form { grid-template-columns: minmax(0, 1fr); gap: 16px; } }
  `];

  constructor() {
    super();
    this.lists = {};
    this.words = {};
    this.known = null;
    this.busy = false;
    this.problem = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.read();
  }

  /** Words the library knows, for choosing instead of typing; without them one types. */
  async read() {
    const libraries = new Set(this.items.map((item) => item.libraryId));
    if (libraries.size !== 1) return;
    const [library] = libraries;
    try {
      this.known = await api.get('/api/home/library/filters', { library });
    } catch {
      this.known = null;
    }
  }

  names(list) {
    return (this.known?.[list] ?? []).map((one) => one.name);
  }

  get body() {
    const set = Object.fromEntries(Object.entries(this.words).map(([field, text]) => [field, text?.trim() ?? null]).filter(([, text]) => text !== ''));
    const lists = Object.fromEntries(LISTS.filter((name) => this.lists[name]?.length).map((name) => [name, this.lists[name]]));
    return { ...(Object.keys(set).length ? { set } : {}), ...lists };
  }

  finish(is) {
    this.open = false;
    this.remove();
    this.answer(is);
  }

  async apply(event) {
    event?.preventDefault();
    for (const field of this.renderRoot.querySelectorAll('hm-chips-field')) field.commit();
    const { body } = this;
    if (this.busy || !Object.keys(body).length) return;
    this.busy = true;
    this.problem = null;
    try {
      const { changed, editId } = await api.post('/api/home/library/edits', { ratingKeys: this.items.map((item) => item.id), ...body });
      done(say.bulkDone(changed, count(changed)), editId);
      this.finish(true);
    } catch (error) {
      this.problem = error;
      this.busy = false;
    }
  }

  chips(name, suggestions) {
    return html`<hm-chips-field label=${say[name]} .values=${this.lists[name] ?? []} .suggestions=${suggestions} error=${reasonFor(this.problem, name) ?? ''} maxlength="100" @hm-typing=${(event) => (this.isTyping = event.detail.text.trim() !== '')}
      @hm-change=${(event) => { this.isTyping = false; this.lists = { ...this.lists, [name]: event.detail.values }; }}></hm-chips-field>`;
  }

  /** A field for words; null stands for none at all. */
  word(field) {
    const text = this.words[field] ?? '';
    const isEmptied = this.words[field] === null;
    const put = (value) => (this.words = { ...this.words, [field]: value });
    return html`<div class="word"><hm-field label=${say.fields[field]} name=${field} .value=${text} ?disabled=${isEmptied} error=${reasonFor(this.problem, field) ?? ''} autocomplete="off" @input=${(event) => put(event.target.value)}></hm-field>
      <hm-checkbox label=${say.bulkEmpty} aria-name=${say.bulkEmptyOf(say.fields[field])} ?checked=${isEmptied} @hm-change=${(event) => put(event.detail.checked ? null : '')}></hm-checkbox></div>`;
  }

  render() {
    const n = this.items.length;
    const fields = WORDS[this.items[0]?.type] ?? [];
    const there = [...new Set(this.items.flatMap((item) => item.genres ?? []))].sort();
    const isPlaced = [...LISTS, ...fields].some((name) => reasonFor(this.problem, name));
    const isEmpty = Object.keys(this.body).length === 0 && !this.isTyping;
    return html`<hm-dialog ?open=${this.open} heading=${say.bulkTitle(n, count(n))} width="600" @hm-close=${() => this.finish(false)}>
      <p class="text">${say.bulkText}</p>
      <form class="form" novalidate @submit=${this.apply}>
        ${this.chips('addLabels', this.names('labels'))}${this.chips('removeLabels', this.names('labels'))}
        ${this.chips('addGenres', this.names('genres'))}${this.chips('removeGenres', there)}
        ${fields.map((field) => this.word(field))}
        ${this.problem && !isPlaced ? html`<hm-notice class="whole" tone="bad" role="alert">${this.problem.message}</hm-notice>` : nothing}
      </form>
      <hm-button slot="actions" kind="quiet" ?disabled=${this.busy} @click=${() => this.finish(false)}>${say.cancel}</hm-button>
      <hm-button slot="actions" kind="primary" ?disabled=${isEmpty} ?busy=${this.busy} @click=${() => this.apply()}>${this.busy ? say.saving : say.bulkApply(n, count(n))}</hm-button></hm-dialog>`;
  }
}
customElements.define('edit-bulk', EditBulk);

/** @param {any[]} items @returns {Promise<boolean>} whether they were changed */
export function editMany(items) {
  return new Promise((answer) => document.body.append(Object.assign(document.createElement('edit-bulk'), { items, open: true, answer })));
}
