import { LitElement, html } from '../vendor/lit.js';
import { say } from './en.js';

/** Asks for the name of something; how it ends stays: what is chosen at first is the part before it. */
class NameDialog extends LitElement {
  static properties = { name: {} };

  firstUpdated() {
    const field = this.renderRoot.querySelector('hm-field');
    field.updateComplete.then(() => field.focus());
  }

  #answer(name) {
    this.done(name);
    this.remove();
  }

  #take = (event) => {
    event.preventDefault();
    const name = this.renderRoot.querySelector('hm-field').value.trim();
    if (name) this.#answer(name);
  };

  render() {
    return html`<hm-dialog open heading=${say.rename} @hm-close=${() => this.#answer(null)}>
      <form @submit=${this.#take}><hm-field name="name" label=${say.nameOf} maxlength="200" required .value=${this.name}></hm-field></form>
      <hm-button slot="actions" kind="quiet" @click=${() => this.#answer(null)}>${say.cancel}</hm-button>
      <hm-button slot="actions" kind="primary" @click=${this.#take}>${say.renameNow}</hm-button></hm-dialog>`;
  }
}
customElements.define('hm-name-dialog', NameDialog);

/** @param {string} name as it is @returns {Promise<string | null>} as it shall be */
export const askName = (name) => new Promise((done) => document.body.append(Object.assign(document.createElement('hm-name-dialog'), { name, done })));
