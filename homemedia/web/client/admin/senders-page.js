import { css, html, nothing } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { live } from '../live.js';
import { copyText } from '../ui/platform.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { SectionPage } from './section-page.js';

const words = say.senderWords;
const PATH = '/api/home/accounts/senders';
const KINDS = ['smtp', 'http', 'verify'];
const ICONS = { smtp: 'mail', http: 'phone', verify: 'shield' };
const PORTS = { tls: 465, starttls: 587, none: 25 };
const NEW = {
  smtp: { host: '', port: 465, security: 'tls', user: '', from: '' },
  http: { url: '', method: 'POST', headers: {}, body: '', user: '', successStatuses: [] },
  verify: { account: '', service: '' }, // the server knows the service's own address
};
const linesOf = (headers) => Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join('\n');
const headersOf = (text) => Object.fromEntries(text.split('\n').filter((line) => line.includes(':')).map((line) => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]));

/** What brings one-time codes to members: the log as long as nothing is set, else e-mail, a gateway, a verify service. */
class SendersPage extends SectionPage {
  static properties = { ...SectionPage.properties, open: { state: true }, draft: { state: true }, busy: { state: true }, problem: { state: true }, tested: { state: true } };

  static styles = [SectionPage.styles, css`
    .text { font: var(--font-14); color: var(--text2); text-wrap: pretty; max-width: 64ch; }
    .row { display: flex; align-items: center; gap: 8px 16px; min-height: 64px; padding: 12px 0; } .row > hm-icon, .row > hm-button { flex: none; } .row + .row, .row + form + .row { border-top: 1px solid var(--line); }
    .row > hm-icon { color: var(--text2); } .row .words { flex: 1; min-width: 0; } .name { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; } .words .second { overflow-wrap: anywhere; }
    .waiting { display: flex; align-items: center; gap: 4px 12px; padding: 12px 0; } .waiting + .waiting { border-top: 1px solid var(--line); } .waiting .words { flex: 1; min-width: 0; overflow-wrap: anywhere; }
    .digits { font: 600 28px/1.2 var(--mono); letter-spacing: .04em; white-space: nowrap; } @media (max-width: 719.98px) { .digits { font-size: 20px; } }
    form { padding: 4px 0 20px; } .pair { display: grid; grid-template-columns: minmax(0, 1fr) 120px; gap: 16px; } .test { display: flex; flex-wrap: wrap; gap: 12px; align-items: end; } .test hm-field { flex: 1 1 220px; }
    .form { max-width: 560px; } textarea { font-family: var(--mono); }
  `];

  state = this.query(() => PATH, { maxAge: 0 });

  constructor() {
    super();
    this.open = '';
    this.draft = {};
    this.busy = '';
    this.problem = null;
    this.tested = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.off = live.on('codes.changed', () => invalidate(PATH));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.off();
  }

  begin(kind, card) {
    this.open = this.open === kind ? '' : kind;
    this.draft = { ...NEW[kind], ...card };
    this.problem = null;
    this.tested = '';
  }

  set(change) {
    this.draft = { ...this.draft, ...change };
  }

  async put(body, done) {
    this.busy = 'save';
    this.problem = null;
    try {
      const state = await api.put(PATH, body);
      this.state.update(() => state);
      invalidate('/api/home/accounts/codes');
      toast(done);
      return state;
    } catch (error) {
      this.problem = error;
      return null;
    } finally {
      this.busy = '';
    }
  }

  async save(event, kind) {
    event.preventDefault();
    const { hasPassword, hasSecret, ...body } = this.draft;
    if (this.open === 'verify' && !body.url) delete body.url;
    for (const name of ['password', 'secret']) if (!body[name]) delete body[name];
    const state = await this.put({ [kind]: body }, words.saved);
    if (state) this.draft = { ...NEW[kind], ...state[kind] };
  }

  /** Its secret is gone with it, so there is no way back but entering it again. */
  async remove(kind) {
    if (await this.put({ [kind]: null }, words.removed[kind])) this.open = '';
  }

  async test(kind) {
    const to = this.renderRoot.querySelector('hm-field[name="to"]').value;
    this.busy = 'test';
    this.problem = null;
    this.tested = '';
    try {
      await api.post(`${PATH}/test`, { by: kind, to });
      this.tested = words.tested(to);
    } catch (error) {
      this.problem = error;
    } finally {
      this.busy = '';
    }
  }

  async copy(code) {
    if (await copyText(code)) toast(words.copied);
    else toastError(new Error(words.notCopied));
  }

  render() {
    return this.framed('administration', 'senders', this.state.render({
      loading: () => html`<hm-skeleton kind="panel" count="2"></hm-skeleton>`,
      data: (state) => html`
        ${this.log(state)}
        <section class="panel"><h2>${words.title}</h2><p class="second">${words.text}</p>${KINDS.map((kind) => this.kind(kind, state))}</section>`,
    }));
  }

  log({ order, waiting }) {
    if (order[0] !== 'console' && !waiting.length) return nothing;
    return html`<section class="panel"><h2>${words.waiting}</h2><p class="second">${words.waitingText}</p>
      ${waiting.length ? waiting.map((one) => html`<div class="waiting"><div class="words"><p class="strong">${one.who || words.somebody}</p><p class="second">${one.to}</p></div>
          <span class="digits">${one.code.slice(0, 3)} ${one.code.slice(3)}</span><hm-icon-button icon="copy" label=${words.copy(one.who || one.to)} @click=${() => this.copy(one.code)}></hm-icon-button></div>`)
        : html`<p class="text">${words.noneWaiting}</p>`}</section>`;
  }

  kind(kind, state) {
    const card = state[kind];
    const isOpen = this.open === kind;
    const second = card ? { smtp: () => words.letters(card.from, card.host), http: () => card.url, verify: () => card.service }[kind]() : words.kinds[kind].text;
    return html`<div class="row"><hm-icon name=${ICONS[kind]} size="24"></hm-icon>
        <div class="words"><p class="name strong">${words.kinds[kind].name}${card ? html`<hm-badge tone="good">${words.on}</hm-badge>` : nothing}</p><p class="second">${second}</p></div>
        <hm-button size="small" aria-expanded=${isOpen} @click=${() => this.begin(kind, card)}>${isOpen ? words.close : card ? words.change : words.setUp}</hm-button></div>
      ${isOpen ? this.form(kind, card) : nothing}`;
  }

  form(kind, card) {
    return html`<form class="form" novalidate @submit=${(event) => this.save(event, kind)}>
      ${{ smtp: () => this.smtp(card), http: () => this.http(card), verify: () => this.verify(card) }[kind]()}
      ${this.problem ? html`<hm-notice tone="bad" role="alert">${this.problem.message}</hm-notice>` : nothing}
      <div class="actions"><hm-button kind="primary" type="submit" ?busy=${this.busy === 'save'}>${this.busy === 'save' ? say.saving : say.save}</hm-button>
        ${card ? html`<hm-button kind="quiet" ?disabled=${Boolean(this.busy)} @click=${() => this.remove(kind)}>${words.remove}</hm-button>` : nothing}</div>
      ${card ? html`<div class="test"><hm-field name="to" label=${words.testTo} type=${kind === 'smtp' ? 'email' : 'tel'} .value=${kind === 'smtp' ? this.user.email ?? '' : ''} placeholder=${kind === 'smtp' ? '' : '+49 …'}></hm-field>
          <hm-button ?busy=${this.busy === 'test'} @click=${() => this.test(kind)}>${words.test}</hm-button></div>
        ${this.tested ? html`<hm-notice tone="good" role="status">${this.tested}</hm-notice>` : nothing}` : nothing}
    </form>`;
  }

  text(name, label, { hint = '', type = 'text', placeholder = '', rows } = {}) {
    return html`<hm-field type=${type} name=${name} label=${label} .value=${String(this.draft[name] ?? '')} hint=${hint} placeholder=${placeholder} rows=${rows ?? nothing} autocomplete="off" autocapitalize="none"
      error=${this.at(name)} @input=${(event) => this.set({ [name]: event.target.value })}></hm-field>`;
  }

  /** What is wrong with a field; the server names it with its sender, or by itself. */
  at(name) {
    const reason = this.problem?.details?.find(({ field }) => field && field.split('.').at(-1) === name)?.reason;
    return reason ? words.look : '';
  }

  secret(name, label, isThere) {
    return html`<hm-field type="password" name=${name} label=${label} .value=${this.draft[name] ?? ''} autocomplete="new-password" hint=${isThere ? words.kept : ''} error=${this.at(name)}
      @input=${(event) => this.set({ [name]: event.target.value })}></hm-field>`;
  }

  smtp(card) {
    const { security } = this.draft;
    return html`<div class="pair">${this.text('host', words.host, { placeholder: 'smtp.example.org' })}
        <hm-field type="number" label=${words.port} name="port" min="1" max="65535" .value=${String(this.draft.port)} error=${this.at('port')} @input=${(event) => this.set({ port: Number(event.target.value) || 0 })}></hm-field></div>
      <hm-field type="select" label=${words.security} .value=${security} .options=${Object.entries(words.securities).map(([value, label]) => ({ value, label }))} hint=${security === 'none' ? words.plain : ''}
        @change=${(event) => this.set({ security: event.target.value, port: PORTS[event.target.value] })}></hm-field>
      ${this.text('from', words.from, { type: 'email', hint: words.fromHint })}
      ${this.text('user', words.user, { hint: words.userHint })}
      ${this.secret('password', words.password, card?.hasPassword)}`;
  }

  http(card) {
    return html`${this.text('url', words.url, { placeholder: 'sms.example.org/send', hint: words.places })}
      <hm-field type="select" label=${words.method} .value=${this.draft.method} .options=${['POST', 'PUT', 'GET'].map((value) => ({ value, label: value }))} @change=${(event) => this.set({ method: event.target.value })}></hm-field>
      ${this.draft.method === 'GET' ? nothing : this.text('body', words.body, { type: 'textarea', rows: 4, placeholder: 'to={to}&text={text}', hint: words.bodyHint })}
      <hm-field type="textarea" name="headers" label=${words.headers} rows="2" .value=${linesOf(this.draft.headers)} placeholder="Content-Type: application/json" error=${this.at('headers')} @change=${(event) => this.set({ headers: headersOf(event.target.value) })}></hm-field>
      ${this.text('user', words.basicUser, { hint: words.basicHint })}
      ${this.secret('secret', words.secret, card?.hasSecret)}`;
  }

  verify(card) {
    return html`${this.text('account', words.account, { placeholder: 'AC…' })}
      ${this.secret('secret', words.token, card?.hasSecret)}
      ${this.text('service', words.service, { placeholder: 'VA…' })}
      ${this.text('url', words.verifyUrl, { placeholder: 'verify.twilio.com/v2' })}`;
  }
}
customElements.define('senders-page', SendersPage);
