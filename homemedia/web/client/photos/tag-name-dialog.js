import { html, LitElement } from '../vendor/lit.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';

/** Asks for the whole name of a tag. */
class TagName extends LitElement {
  static properties = { heading: { type: String }, value: { type: String }, action: { type: String } };
  static styles = shared;

  finish(value) {
    this.done(value);
    this.remove();
  }

  submit(event) {
    event.preventDefault();
    const value = this.renderRoot.querySelector('hm-field').value.trim();
    if (value) this.finish(value);
  }

  firstUpdated() {
    this.updateComplete.then(() => {
      const field = this.renderRoot.querySelector('hm-field');
      field.focus();
      field.input?.setSelectionRange(field.value.length, field.value.length);
    });
  }

  render() {
    return html`<hm-dialog open heading=${this.heading} width="420" @hm-close=${() => this.finish(null)}>
      <form id="name" @submit=${this.submit}><hm-field label=${say.tagName} hint=${say.tagNameHint} maxlength="300" autocomplete="off" .value=${this.value}></hm-field></form>
      <hm-button slot="actions" kind="quiet" @click=${() => this.finish(null)}>${say.cancel}</hm-button>
      <hm-button slot="actions" kind="primary" @click=${(event) => this.submit(event)}>${this.action}</hm-button></hm-dialog>`;
  }
}
customElements.define('photo-tag-name', TagName);

/** @param {{heading: string, value?: string, action: string}} what @returns {Promise<string | null>} */
export function askTagName({ heading, value = '', action }) {
  return new Promise((done) => {
    document.body.append(Object.assign(document.createElement('photo-tag-name'), { heading, value, action, done }));
  });
}
