import { css, html, nothing } from '../vendor/lit.js';
import { Page } from '../ui/page.js';
import { api } from '../api.js';
import { go, nextAddress } from '../router.js';
import { session } from '../session.js';
import { begin, mark } from './begin.js';
import { say } from './en.js';
import { leave, offer } from './provider.js';
import { start } from './styles.js';
import { adoptOnce } from './adopt.js';
import { startTop } from './top.js';

/** Drawn in light DOM, so that password managers find the two fields. */
class SignInPage extends Page {
  static properties = { ...Page.properties, busy: { state: true }, problem: { state: true }, port: { state: true }, provider: { state: true }, leaving: { state: true }, empty: { state: true }, message: { state: true } };

  static local = css`
    sign-in-page .start-column { margin-top: clamp(20px, 9vh, 96px); max-width: 400px; }
    sign-in-page .said:empty { display: none; }
    sign-in-page .alone { margin-top: 28px; } sign-in-page .alone + .others { margin-top: 28px; }
    sign-in-page .others { display: grid; gap: 8px; margin-top: 12px; }
    sign-in-page .message { margin-top: 12px; font-size: 16px; line-height: 24px; white-space: pre-line; overflow-wrap: anywhere; color: var(--text); }
    sign-in-page code { display: block; font: 12px/16px var(--mono); color: var(--text); margin-top: 4px; overflow-wrap: anywhere; }
  `;

  constructor() {
    super();
    this.busy = false;
    this.problem = '';
    this.port = null;
    this.provider = null;
    this.leaving = false;
    this.empty = '';
    this.message = '';
    adoptOnce(start, SignInPage.local);
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

  /** Whether the house has a provider to sign in with, and whether it leads there by itself. */
  async look() {
    api.get('/api/public/config', null, { quiet: true }).then((config) => { this.message = config.server.loginPageMessage.trim(); }, () => {}); // a greeting is no reason to keep anybody waiting
    this.provider = await offer().catch(() => null); // without it there is still the password
    if (this.provider?.autoLaunch && this.search.autoLaunch !== '0' && !session.hasLeft) await this.toProvider();
  }

  async toProvider() {
    this.leaving = true;
    this.problem = '';
    try {
      await leave({ next: nextAddress() });
    } catch (error) {
      this.problem = error.code === 'rate_limited' ? say.tooMany(error.retryAfter ?? 60) : error.message;
      this.leaving = false;
    }
  }

  firstUpdated() {
    begin(this, 'username');
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const { username, password } = Object.fromEntries(new FormData(event.target));
    this.problem = '';
    this.empty = !username.trim() ? 'username' : !password ? 'password' : '';
    if (this.empty) {
      this.querySelector(`hm-field[name="${this.empty}"]`).focus();
      return;
    }
    this.busy = true;
    try {
      await api.post('/api/auth/login', { username, password }, { quiet: true });
      await session.enter();
      go(nextAddress(), { replace: true });
    } catch (error) {
      await this.failed(error);
    } finally {
      this.busy = false;
    }
  }

  async failed(error) {
    if (error.code === 'setup_required') {
      await session.load();
      go('/setup', { replace: true });
      return;
    }
    const words = { bad_credentials: say.wrongPair, rate_limited: say.tooMany(error.retryAfter ?? 900) };
    this.problem = words[error.code] ?? error.message;
    this.busy = false;
    if (error.code === 'no_cookie' && location.protocol === 'http:') this.port = (await api.get('/api/home/server/https')).port;
    await this.updateComplete;
    mark(this.querySelector('hm-field[name="password"]'));
  }

  /** A household may do without passwords. */
  get hasPasswords() {
    return session.server?.auth?.password ?? true;
  }

  /** Ways in beside the password, a row each. */
  others() {
    const next = this.search.next ? `?next=${encodeURIComponent(this.search.next)}` : '';
    return [
      this.provider ? html`<hm-button size="large" wide icon="user" kind=${this.hasPasswords ? 'plain' : 'primary'} ?busy=${this.leaving} @click=${this.toProvider}>${say.provider.goOn(this.provider.name)}</hm-button>` : nothing,
      this.port ? html`<hm-button size="large" wide icon="lock" href="https://${location.hostname}:${this.port}/sign-in${next}">${say.toSecure}</hm-button>` : nothing,
      html`<hm-button size="large" wide icon="phone" href="/sign-in/code${next}">${say.code.way}</hm-button>`,
      html`<hm-button size="large" wide icon="tv" href="/pair${next}">${say.pair.way}</hm-button>`];
  }

  form(needed) {
    return html`<form class="start-form" novalidate @submit=${this.submit}>
        <hm-field label=${say.user} name="username" autocomplete="username" autocapitalize="none" required error=${needed('username')}></hm-field>
        <hm-field label=${say.password} name="password" type="password" autocomplete="current-password" required error=${needed('password')}></hm-field>
        <div class="said" role="alert">${this.problem ? html`<hm-notice tone="bad">${this.problem}</hm-notice>` : nothing}</div>
        <hm-button kind="primary" size="large" wide type="submit" ?busy=${this.busy}>${this.busy ? say.signingIn : say.signIn}</hm-button>
      </form>`;
  }

  render() {
    this.title = say.signIn;
    const needed = (name) => (this.empty === name ? say.missing : '');
    return html`
      ${startTop()}
      <main class="start-column">
        <h1 class="t28" tabindex="-1">${say.signInTitle(session.server?.name ?? '')}</h1>
        <p>${this.hasPasswords ? say.signInText : say.noPasswords}</p>
        ${this.message ? html`<p class="message">${this.message}</p>` : nothing}
        ${this.search.from === 'setup' ? html`<hm-notice class="early">${say.already}</hm-notice>` : nothing}
        ${this.hasPasswords ? this.form(needed) : html`<div class="said alone" role="alert">${this.problem ? html`<hm-notice tone="bad">${this.problem}</hm-notice>` : nothing}</div>`}
        <div class="others" role="group" aria-label=${say.others}>${this.others()}</div>
        ${this.hasPasswords ? html`<p class="start-foot"><hm-icon name="lock" size="16"></hm-icon><span>${say.forgot}<code>${say.forgotCommand}</code></span></p>` : nothing}
      </main>`;
  }
}
customElements.define('sign-in-page', SignInPage);
