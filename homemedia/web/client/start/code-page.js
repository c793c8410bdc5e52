import { css, html, nothing } from '../vendor/lit.js';
import { Page } from '../ui/page.js';
import { api } from '../api.js';
import { go, nextAddress } from '../router.js';
import { session } from '../session.js';
import { adoptOnce } from './adopt.js';
import { begin, mark } from './begin.js';
import { say } from './en.js';
import { otherWays } from './provider.js';
import { start } from './styles.js';
import { startTop } from './top.js';

const PAUSE_S = 30; // the server sends no second code sooner
const words = say.code;

/** What somebody typed, as the server knows it. @param {string} text @returns {{email: string} | {phone: string}} */
export function whoIs(text) {
  if (text.includes('@')) return { email: text.trim() };
  return { phone: text.replaceAll(/[\s().\-/]/g, '').replace(/^00/, '+') };
}

/** Signing in by a code: who, then the six digits. Drawn in light DOM, so that phones offer the code they received. */
class CodePage extends Page {
  static properties = { ...Page.properties, ways: { state: true }, who: { state: true }, typed: { state: true }, busy: { state: true }, fault: { state: true }, problem: { state: true }, wait: { state: true } };

  static local = css`
    code-sign-in-page { display: block; min-height: 100dvh; }
    code-sign-in-page .start-column { margin-top: clamp(20px, 9vh, 96px); max-width: 400px; }
    code-sign-in-page .said:empty { display: none; }
    code-sign-in-page .digits input { font: 600 28px/1.2 var(--mono); letter-spacing: .18em; min-height: 56px; }
    code-sign-in-page .others { display: grid; gap: 8px; margin-top: 12px; }
  `;

  constructor() {
    super();
    this.ways = null;
    this.who = null;
    this.typed = '';
    this.busy = false;
    this.fault = '';
    this.problem = '';
    this.wait = 0;
    adoptOnce(start, CodePage.local);
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    if (session.server?.setupRequired) go('/setup', { replace: true });
    else if (session.user) go(nextAddress(), { replace: true });
    else this.look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  firstUpdated() {
    begin(this, 'who');
  }

  /** How codes come here; without an answer the page says nothing of it. */
  async look() {
    this.ways = (await api.get('/api/home/accounts/codes', null, { quiet: true }).catch(() => null))?.by ?? null;
  }

  async ask(event) {
    event?.preventDefault();
    if (this.busy || (this.who && this.wait)) return;
    const who = this.who ?? whoIs(this.typed);
    this.fault = this.typed.trim() ? '' : say.missing;
    if (this.fault) return this.into('who');
    const sent = await this.act({ action: 'login-send-code', ...who });
    if (!sent) return undefined;
    this.who = who;
    this.countDown(PAUSE_S);
    return this.into('code');
  }

  async enter(event) {
    event.preventDefault();
    const code = new FormData(event.target).get('code').replaceAll(/\D/g, '');
    this.fault = code.length === 6 ? '' : words.six;
    if (this.fault) {
      this.into('code');
      return;
    }
    if (!(await this.act({ action: 'login-verify-code', ...this.who, code }))) return;
    try {
      await session.enter();
      go(nextAddress(), { replace: true });
    } catch (error) {
      this.problem = error.message;
    }
  }

  /** @returns {Promise<boolean>} whether it went well; else the page says why */
  async act(body) {
    if (this.busy) return false;
    this.busy = true;
    this.problem = '';
    try {
      await api.post('/api/auth', body, { quiet: true });
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  failed(error) {
    const isMine = Boolean(this.who);
    const atField = { wrong_code: words.wrong, not_found: isMine ? null : words.nobody, invalid_request: isMine ? null : words.form }[error.code];
    if (atField) this.fault = atField;
    else this.problem = { rate_limited: isMine ? words.later(error.retryAfter ?? 30) : say.tooMany(error.retryAfter ?? 900), code_dead: words.dead, no_code: words.over }[error.code] ?? error.message;
    this.into(isMine ? 'code' : 'who');
  }

  async into(name) {
    await this.updateComplete;
    mark(this.querySelector(`hm-field[name="${name}"]`));
  }

  countDown(seconds) {
    clearInterval(this.timer);
    this.wait = seconds;
    this.timer = setInterval(() => {
      this.wait -= 1;
      if (this.wait <= 0) clearInterval(this.timer);
    }, 1000);
  }

  another() {
    clearInterval(this.timer);
    Object.assign(this, { who: null, wait: 0, fault: '', problem: '' });
    this.into('who');
  }

  render() {
    this.title = words.title;
    const next = this.search.next ? `?next=${encodeURIComponent(this.search.next)}` : '';
    return html`
      ${startTop()}
      <main class="start-column">
        <h1 class="t28" tabindex="-1">${this.who ? words.enterTitle : words.title}</h1>
        <p>${this.who ? words.sent(this.ways, this.typed.trim()) : words.text(this.ways)}</p>
        ${this.who ? this.second() : this.first()}
        <div class="others" role="group" aria-label=${say.others}>
          ${this.who ? html`<hm-button size="large" wide ?disabled=${this.wait > 0 || this.busy} @click=${() => this.ask()}>${this.wait > 0 ? words.againIn(this.wait) : words.again}</hm-button>
            <hm-button size="large" wide kind="quiet" @click=${this.another}>${words.other}</hm-button>`
            : html`<hm-button size="large" wide href="/sign-in${next}">${otherWays()}</hm-button>`}
        </div>
      </main>`;
  }

  first() {
    return html`<form class="start-form" novalidate @submit=${this.ask}>
      <hm-field label=${words.who} name="who" inputmode="email" autocomplete="username" autocapitalize="none" required .value=${this.typed} error=${this.fault} hint=${this.fault ? '' : words.whoHint}
        @input=${(event) => (this.typed = event.target.value)}></hm-field>
      ${this.said()}
      <hm-button kind="primary" size="large" wide type="submit" ?busy=${this.busy}>${this.busy ? words.sending : words.send}</hm-button></form>`;
  }

  second() {
    return html`<form class="start-form" novalidate @submit=${this.enter}>
      <hm-field class="digits" label=${words.code} name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="9" required error=${this.fault}></hm-field>
      ${this.said()}
      <hm-button kind="primary" size="large" wide type="submit" ?busy=${this.busy}>${this.busy ? say.signingIn : say.signIn}</hm-button></form>`;
  }

  said() {
    return html`<div class="said" role="alert">${this.problem ? html`<hm-notice tone="bad">${this.problem}</hm-notice>` : nothing}</div>`;
  }
}
customElements.define('code-sign-in-page', CodePage);
