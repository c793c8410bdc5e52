import { css, html, LitElement, nothing } from '../vendor/lit.js';
import { count } from '../format.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { describe, rate } from './edits.js';
import './stars.js';

/** Words or stars for chosen photos. */
class WordsDialog extends LitElement {
  static properties = { photos: { attribute: false }, what: { type: String }, rating: { state: true } };
  static styles = [shared, css`form { padding-top: 8px; } photo-stars { --icon: 24px; }`];

  finish(done) {
    this.done(done);
    this.remove();
  }

  submit(event) {
    event.preventDefault();
    if (this.what === 'words') describe(this.photos, this.renderRoot.querySelector('hm-field').value.trim());
    else rate(this.photos, this.rating ?? null);
    this.finish(true);
  }

  render() {
    const n = this.photos.length;
    const isWords = this.what === 'words';
    return html`<hm-dialog open heading=${isWords ? say.describeThese(n, count(n)) : say.rateThese(n, count(n))} width="420" @hm-close=${() => this.finish(false)}>
      <form @submit=${this.submit}>${isWords ? html`<hm-field type="textarea" rows="4" hide-label label=${say.description} placeholder=${say.describe} hint=${n > 1 ? say.replacesText : nothing} maxlength="20000"></hm-field>` : html`<photo-stars .value=${this.rating ?? 0} @photo-rated=${(event) => (this.rating = event.detail.rating)}></photo-stars>`}</form>
      <hm-button slot="actions" kind="quiet" @click=${() => this.finish(false)}>${say.cancel}</hm-button>
      <hm-button slot="actions" kind="primary" @click=${(event) => this.submit(event)}>${say.save}</hm-button></hm-dialog>`;
  }
}
customElements.define('photo-words-dialog', WordsDialog);

/** @param {{id: string}[]} photos @param {'words' | 'stars'} what @returns {Promise<boolean>} */
export function changeWords(photos, what) {
  return new Promise((done) => {
    document.body.append(Object.assign(document.createElement('photo-words-dialog'), { photos, what, done }));
  });
}
