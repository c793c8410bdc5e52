// One's own phone number: proved by a code, then good for signing in without a password.
import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { whoIs } from '../start/code-page.js';
import { QueryController } from '../ui/controllers.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';

const words = say.phoneWords;
const PATH = '/api/home/accounts/phone';

class OwnPhone extends LitElement {
  static properties = { step: { state: true }, number: { state: true }, busy: { state: true }, problem: { state: true } };

  static styles = [shared, css`
    :host { display: block; } h2 { font: var(--font-16); letter-spacing: -0.008em; } .second { margin-top: 2px; text-wrap: pretty; }
    .line { display: flex; flex-wrap: wrap; align-items: center; gap: 12px; margin-top: 12px; min-height: 40px; } .line > span { flex: 1; min-width: 160px; overflow-wrap: anywhere; }
    form { display: flex; flex-direction: column; gap: 16px; max-width: 520px; margin-top: 16px; } .actions { display: flex; flex-wrap: wrap; gap: 12px; }
  `];

  own = new QueryController(this, () => PATH, { maxAge: 0 });

  ways = new QueryController(this, () => '/api/home/accounts/codes', { maxAge: 0 });

  constructor() {
    super();
    this.step = '';
    this.number = '';
    this.busy = false;
    this.problem = null;
  }

  async act(work) {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      await work();
    } catch (error) {
      this.problem = error;
      await this.updateComplete;
      this.renderRoot.querySelector('hm-field')?.focus();
    } finally {
      this.busy = false;
    }
  }

  async go(step) {
    this.step = step;
    this.problem = null;
    await this.updateComplete;
    this.renderRoot.querySelector('hm-field')?.focus();
  }

  ask(event) {
    event.preventDefault();
    const { phone } = whoIs(this.number);
    return this.act(async () => {
      await api.post('/api/auth', { action: 'send-code', phone: phone ?? this.number });
      this.number = phone;
      await this.go('code');
    });
  }

  prove(event) {
    event.preventDefault();
    const code = new FormData(event.target).get('code');
    return this.act(async () => {
      await api.post('/api/auth', { action: 'verify-code', phone: this.number, code });
      await this.put(this.number);
      toast(words.taken);
    });
  }

  async put(phone) {
    const found = await api.put(PATH, { phone });
    this.own.update(() => found);
    this.step = '';
  }

  /** A number that is given up has to be proved again, so there is nothing to undo. */
  drop() {
    return this.put(null).then(() => toast(words.dropped), toastError);
  }

  render() {
    const phone = this.own.data?.phone ?? null;
    const by = this.ways.data?.by;
    return html`<section class="panel"><h2>${words.title}</h2><p class="second">${words.text} ${by ? words.by(by) : ''}</p>
      ${this.step === 'number' ? this.first() : this.step === 'code' ? this.second(by) : html`<div class="line"><span>${phone ?? words.none}</span>
        <div class="actions"><hm-button size="small" ?disabled=${!this.own.data} @click=${() => this.start()}>${phone ? words.change : words.add}</hm-button>
        ${phone ? html`<hm-button size="small" kind="quiet" @click=${this.drop}>${words.drop}</hm-button>` : nothing}</div></div>`}</section>`;
  }

  start() {
    this.number = '';
    return this.go('number');
  }

  first() {
    const { problem } = this;
    const atField = problem?.field?.('phone') || (problem?.code === 'phone_taken' ? problem.message : '');
    return html`<form novalidate @submit=${this.ask}>
      <hm-field type="tel" label=${words.number} name="phone" autocomplete="tel" .value=${this.number} error=${atField ? words.refused[problem.code] ?? words.form : ''} hint=${atField ? '' : words.hint}
        @input=${(event) => (this.number = event.target.value)}></hm-field>
      ${problem && !atField ? this.said(problem) : nothing}
      <div class="actions"><hm-button kind="primary" type="submit" ?disabled=${!this.number.trim()} ?busy=${this.busy}>${words.send}</hm-button><hm-button kind="quiet" @click=${() => this.go('')}>${say.cancel}</hm-button></div></form>`;
  }

  second(by) {
    const { problem } = this;
    const atField = problem?.code === 'wrong_code' ? words.wrong : '';
    return html`<form novalidate @submit=${this.prove}>
      <hm-field label=${words.code} name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="9" error=${atField} hint=${atField ? '' : words.sent(by ?? [], this.number)}></hm-field>
      ${problem && !atField ? this.said(problem) : nothing}
      <div class="actions"><hm-button kind="primary" type="submit" ?busy=${this.busy}>${words.prove}</hm-button><hm-button kind="quiet" @click=${() => this.go('number')}>${words.back}</hm-button></div></form>`;
  }

  said(problem) {
    return html`<hm-notice tone="bad" role="alert">${problem.code === 'rate_limited' ? words.later(problem.retryAfter ?? 30) : problem.message}</hm-notice>`;
  }
}
customElements.define('own-phone', OwnPhone);
