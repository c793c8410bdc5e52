// Where the key of TMDb is entered: in the administration and, quietly, in the wizard.
import { LitElement, css, html } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { reasonFor } from './fields.js';

const WHERE = 'www.themoviedb.org/settings/api';

/** Sends the key; `hm-key {state}` once TMDb took it. `quiet`: the button is not the one thing to press. Slot: further buttons. */
class EditKeyForm extends LitElement {
  static properties = { quiet: { type: Boolean }, busy: { state: true }, problem: { state: true }, key: { state: true } };

  static styles = [shared, css`
    :host { display: block; } form { display: flex; flex-direction: column; gap: 16px; max-width: 520px; }
    .buttons { display: flex; flex-wrap: wrap; gap: 12px; } .how { font: var(--font-14); color: var(--text2); text-wrap: pretty; }
  `];

  constructor() {
    super();
    this.key = '';
  }

  async save(event) {
    event.preventDefault();
    const key = this.key.trim();
    if (!key || this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      const state = await api.put('/api/home/library/tmdb', { key });
      this.key = '';
      invalidate('/api/home/library');
      this.dispatchEvent(new CustomEvent('hm-key', { detail: { state }, bubbles: true, composed: true }));
    } catch (error) {
      this.problem = error;
      await this.updateComplete;
      this.renderRoot.querySelector('hm-field')?.focus();
    } finally {
      this.busy = false;
    }
  }

  render() {
    const { problem } = this;
    const error = problem ? (problem.code === 'tmdb_unreachable' ? say.keyUnreachable : (reasonFor(problem, 'key') ?? problem.message)) : '';
    return html`<form novalidate @submit=${this.save}>
      <p class="how">${say.keyHow} <a class="link" href=${`https://${WHERE}`} target="_blank" rel="noopener noreferrer">${WHERE}</a></p>
      <hm-field label=${say.key} name="tmdb-key" type="password" autocomplete="off" .value=${this.key} error=${error} hint=${say.keyHint} @input=${(event) => (this.key = event.target.value)}></hm-field>
      <div class="buttons"><hm-button kind=${this.quiet ? 'plain' : 'primary'} type="submit" ?disabled=${!this.key.trim()} ?busy=${this.busy}>${this.busy ? say.keyTrying : say.keySave}</hm-button><slot></slot></div>
    </form>`;
  }
}
customElements.define('edit-key-form', EditKeyForm);
