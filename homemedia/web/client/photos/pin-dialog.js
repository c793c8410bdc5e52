import { css, html, LitElement, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';

const PIN = /^\d{6}$/;

/** Sets, asks for, changes or drops the PIN of the locked folder. `how`: set, enter, change, drop. */
class PinDialog extends LitElement {
  static properties = { how: { type: String }, byPassword: { state: true }, problem: { state: true }, isBusy: { state: true } };
  static styles = [shared, css`form { display: grid; gap: 16px; padding-top: 8px; } p { color: var(--text2); } .forgot { justify-self: start; }`];

  constructor() {
    super();
    this.byPassword = false;
    this.problem = null;
    this.isBusy = false;
  }

  finish(done) {
    this.done(done);
    this.remove();
  }

  firstUpdated() {
    this.updateComplete.then(() => this.renderRoot.querySelector('hm-field')?.focus());
  }

  value(name) {
    return this.renderRoot.querySelector(`[name="${name}"]`)?.value.trim() ?? '';
  }

  /** What is wrong with what was typed, before anybody is asked. */
  fault() {
    const { how } = this;
    if (how !== 'set' && !this.byPassword && !PIN.test(this.value('pin'))) return { name: 'pin', text: say.sixDigits };
    if (how !== 'set' && this.byPassword && !this.value('password')) return { name: 'password', text: say.passwordMissing };
    if (how === 'set' || how === 'change') {
      if (!PIN.test(this.value('new'))) return { name: 'new', text: say.sixDigits };
      if (this.value('new') !== this.value('again')) return { name: 'again', text: say.notTheSame };
    }
    return null;
  }

  async submit(event) {
    event.preventDefault();
    if (this.isBusy) return;
    this.problem = this.fault();
    if (this.problem) {
      await this.updateComplete;
      this.renderRoot.querySelector(`[name="${this.problem.name}"]`)?.focus();
      return;
    }
    const { how } = this;
    const proof = this.byPassword ? { password: this.value('password') } : { pinCode: this.value('pin') };
    this.isBusy = true;
    try {
      if (how === 'set') {
        await api.post('/api/auth/pin-code', { pinCode: this.value('new') }, { quiet: true });
        await api.post('/api/auth/session/unlock', { pinCode: this.value('new') }, { quiet: true });
      } else if (how === 'enter') await api.post('/api/auth/session/unlock', proof, { quiet: true });
      else if (how === 'change') await api.put('/api/auth/pin-code', { ...proof, newPinCode: this.value('new') }, { quiet: true });
      else await api.delete('/api/auth/pin-code', null, { body: proof, quiet: true });
      this.finish(true);
    } catch (error) {
      this.problem = { name: how === 'set' ? 'new' : this.byPassword ? 'password' : 'pin', text: error.status === 400 && how !== 'set' ? (this.byPassword ? say.wrongPassword : say.wrongPin) : error.message };
      await this.updateComplete;
      const field = this.renderRoot.querySelector(`[name="${this.problem.name}"]`);
      field?.focus();
      field?.select();
    }
    this.isBusy = false;
  }

  pin(name, label, more = nothing) {
    return html`<hm-field name=${name} type="password" inputmode="numeric" autocomplete="off" maxlength="6" label=${label} hint=${more} error=${this.problem?.name === name ? this.problem.text : nothing}></hm-field>`;
  }

  render() {
    const { how } = this;
    const words = say.pinWays[how];
    return html`<hm-dialog open heading=${words.title} width="400" @hm-close=${() => this.finish(false)}>
      <form @submit=${this.submit}>${words.text ? html`<p>${words.text}</p>` : nothing}
        ${how === 'set' ? nothing : this.byPassword ? html`<hm-field name="password" type="password" autocomplete="current-password" label=${say.ownPassword} error=${this.problem?.name === 'password' ? this.problem.text : nothing}></hm-field>` : this.pin('pin', say.pin)}
        ${how === 'set' || how === 'change' ? html`${this.pin('new', say.newPin, say.sixDigitsHint)}${this.pin('again', say.newPinAgain)}` : nothing}
        ${how === 'set' ? nothing : html`<button class="link forgot" type="button" @click=${() => (this.byPassword = !this.byPassword)}>${this.byPassword ? say.byPin : say.byPassword}</button>`}</form>
      <hm-button slot="actions" kind="quiet" @click=${() => this.finish(false)}>${say.cancel}</hm-button>
      <hm-button slot="actions" kind=${how === 'drop' ? 'danger' : 'primary'} ?busy=${this.isBusy} @click=${(event) => this.submit(event)}>${words.action}</hm-button></hm-dialog>`;
  }
}
customElements.define('photo-pin-dialog', PinDialog);

/** @param {'set' | 'enter' | 'change' | 'drop'} how @returns {Promise<boolean>} whether it was done */
export function askPin(how) {
  return new Promise((done) => {
    document.body.append(Object.assign(document.createElement('photo-pin-dialog'), { how, done }));
  });
}
