// Which libraries somebody may see: all, also those to come, or some.
import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { listed } from '../format.js';
import { session } from '../session.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';

const words = say.memberWords;

/** In words. @param {'all' | string[]} libraries ids */
export function libraryNames(libraries) {
  if (libraries === 'all') return words.allLibraries;
  const names = session.watched.filter((library) => libraries.includes(library.id)).map((library) => library.name);
  return names.length ? listed(names) : words.noLibraries;
}

/** `value` is "all" or a list of ids, never changed in place; `hm-change {value}` brings the new one. */
class LibraryChoice extends LitElement {
  static properties = { value: { attribute: false }, disabled: { type: Boolean } };

  static styles = [shared, css`
    :host { display: block; }
    .some { display: flex; flex-direction: column; margin-top: 12px; } .some hm-checkbox { padding: 8px 0; }
    .hint { margin-top: 8px; }
    @media (max-width: 719.98px) { .some hm-checkbox { padding: 12px 0; } }
  `];

  constructor() {
    super();
    this.value = 'all';
  }

  change(value) {
    this.value = value;
    this.dispatchEvent(new CustomEvent('hm-change', { detail: { value }, bubbles: true, composed: true }));
  }

  render() {
    const isAll = this.value === 'all';
    const options = Object.entries(words.libraryOptions).map(([value, label]) => ({ value, label }));
    const pick = (event) => {
      event.stopPropagation();
      this.change(event.detail.value === 'all' ? 'all' : session.watched.map((library) => library.id));
    };
    return html`<hm-segmented label=${words.libraries} .options=${options} value=${isAll ? 'all' : 'some'} @hm-change=${pick}></hm-segmented>
      ${isAll ? html`<p class="hint">${words.allHint}</p>` : html`<div class="some">${session.watched.map((library) => this.one(library))}</div>
        ${this.value.length ? nothing : html`<p class="hint">${words.noneHint}</p>`}`}`;
  }

  one(library) {
    const flip = (event) => {
      event.stopPropagation();
      const { checked } = event.detail;
      this.change(session.watched.map((one) => one.id).filter((id) => (id === library.id ? checked : this.value.includes(id))));
    };
    return html`<hm-checkbox label=${library.name} ?checked=${this.value.includes(library.id)} @hm-change=${flip}></hm-checkbox>`;
  }
}
customElements.define('library-choice', LibraryChoice);
