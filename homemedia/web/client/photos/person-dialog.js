import { css, html, LitElement, nothing, repeat } from '../vendor/lit.js';
import { QueryController } from '../ui/controllers.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { create, nameOf, portraitOf } from './people.js';

const MOST_SHOWN = 60;

/** Who this is: somebody who is known, or somebody new by his name. */
class PersonDialog extends LitElement {
  static properties = { heading: { type: String }, except: { attribute: false }, mayCreate: { type: Boolean }, text: { state: true }, isBusy: { state: true } };

  static styles = [shared, css`
    form { display: flex; gap: 12px; align-items: end; padding-bottom: 8px; } form hm-field { flex: 1 1 0; }
    .person { color: var(--text); display: flex; align-items: center; gap: 12px; width: calc(100% + 16px); margin: 0 -8px; padding: 6px 8px; border-radius: var(--radius); text-align: start; font: var(--font-14); min-height: 52px; }
    @media (hover: hover) { .person:hover { background: var(--hover); } }
  `];

  people = new QueryController(this, () => '/api/people?size=1000');

  constructor() {
    super();
    this.text = '';
    this.except = [];
    this.isBusy = false;
  }

  finish(person) {
    this.done(person);
    this.remove();
  }

  get shown() {
    const wanted = this.text.trim().toLocaleLowerCase();
    return (this.people.data?.people ?? []).filter((one) => !this.except.includes(one.id) && (wanted ? one.name.toLocaleLowerCase().includes(wanted) : true)).slice(0, MOST_SHOWN);
  }

  async submit(event) {
    event.preventDefault();
    const name = this.text.trim();
    if (!name || this.isBusy) return;
    const known = this.shown.find((one) => one.name.toLocaleLowerCase() === name.toLocaleLowerCase());
    if (known || !this.mayCreate) {
      if (known) this.finish(known);
      return;
    }
    this.isBusy = true;
    const made = await create(name);
    this.isBusy = false;
    if (made) this.finish({ ...made, isNew: true });
  }

  row = (person) => html`<button class="person" type="button" @click=${() => this.finish(person)}><hm-avatar name=${nameOf(person)} size="40" src=${portraitOf(person) ?? nothing}></hm-avatar><span class="one-line">${nameOf(person)}</span></button>`;

  render() {
    const shown = this.shown;
    return html`<hm-dialog open cross heading=${this.heading} width="420" @hm-close=${() => this.finish(null)}>
      <form @submit=${this.submit}><hm-field autofocus label=${say.personName} placeholder=${this.mayCreate ? say.nameOrNew : say.findPerson} maxlength="100" autocomplete="off" @input=${(event) => (this.text = event.target.value)}></hm-field>
        ${this.mayCreate ? html`<hm-button type="submit" kind="primary" ?disabled=${!this.text.trim()} ?busy=${this.isBusy}>${say.save}</hm-button>` : nothing}</form>
      ${this.people.data ? repeat(shown, (one) => one.id, this.row) : this.people.error ? html`<hm-error plain heading=${say.failedTitle} text=${this.people.error.message}></hm-error>` : html`<hm-skeleton kind="text"></hm-skeleton>`}${nothing}</hm-dialog>`;
  }
}
customElements.define('photo-person-dialog', PersonDialog);

/** @param {{heading: string, except?: string[], mayCreate?: boolean}} what @returns {Promise<any | null>} */
export function choosePerson({ heading, except = [], mayCreate = false }) {
  return new Promise((done) => {
    document.body.append(Object.assign(document.createElement('photo-person-dialog'), { heading, except, mayCreate, done }));
  });
}
