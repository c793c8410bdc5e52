// "Why is this recommended?": the sentence the server gives for a card of a row.
import { html, LitElement } from '../vendor/lit.js';
import { say } from './en.js';

class Why extends LitElement {
  static properties = { item: { attribute: false }, open: { type: Boolean } };

  close() {
    this.open = false;
    this.remove();
  }

  render() {
    return html`<hm-dialog ?open=${this.open} cross heading=${say.why} width="440" @hm-close=${this.close}><p>${this.item.reasonText}</p></hm-dialog>`;
  }
}
customElements.define('watch-why', Why);

/** @param {{reasonText: string}} item */
export function tellWhy(item) {
  document.body.append(Object.assign(document.createElement('watch-why'), { item, open: true }));
}
