import { css, html, nothing } from '../vendor/lit.js';
import { Page } from '../ui/page.js';
import { api } from '../api.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { adoptOnce } from './adopt.js';
import { begin, mark } from './begin.js';
import { say } from './en.js';
import { leave, offer } from './provider.js';
import { start } from './styles.js';
import { startTop } from './top.js';

const LONG_ENOUGH = 6;
const NEEDED = ['serverName', 'username', 'password'];

/** First step of the first run: the house gets a name, and its first member a password. Light DOM, for password managers. */
class SetupPage extends Page {
  static properties = { ...Page.properties, busy: { state: true }, problem: { state: true }, length: { state: true }, asksCode: { state: true }, provider: { state: true }, leaving: { state: true } };

  static local = css`
    setup-page .fine .field-hint { color: var(--good); }
    setup-page .others { margin-top: 12px; }
  `;

  constructor() {
    super();
    this.busy = false;
    this.problem = null;
    this.length = 0;
    this.asksCode = false;
    this.provider = null;
    this.leaving = false;
    adoptOnce(start, SetupPage.local);
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    if (!session.server || session.server.setupRequired) {
      offer().then((found) => (this.provider = found), () => {}); // without it there is a password
      return;
    }
    const isNew = session.user?.isAdmin && session.libraries.length === 0; // came back in the middle of the first run
    go(isNew ? '/setup/folders' : session.user ? '/' : '/sign-in', { replace: true });
  }

  firstUpdated() {
    begin(this, 'serverName');
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const form = Object.fromEntries([...new FormData(event.target)].map(([name, value]) => [name, name === 'password' ? value : String(value).trim()]));
    const wrong = Object.fromEntries(NEEDED.filter((name) => !form[name]).map((name) => [name, say.missing]));
    if (form.password && form.password.length < LONG_ENOUGH) wrong.password = say.tooShort;
    if (Object.keys(wrong).length) {
      await this.refuse({ code: 'missing', message: '', field: (name) => wrong[name] ?? null });
      return;
    }
    this.busy = true;
    this.problem = null;
    try {
      await api.post('/api/auth/setup', { ...form, setupCode: form.setupCode || undefined }, { quiet: true });
      await session.load();
      go('/setup/folders', { replace: true });
    } catch (error) {
      await this.failed(error);
    } finally {
      this.busy = false;
    }
  }

  /** The first administrator comes from the provider, which was named from outside: no password is made. */
  async toProvider() {
    const { serverName, setupCode } = Object.fromEntries(new FormData(this.querySelector('form')));
    if (!serverName.trim()) {
      await this.refuse({ code: 'missing', message: '', field: (name) => (name === 'serverName' ? say.missing : null) });
      return;
    }
    this.leaving = true;
    this.problem = null;
    try {
      await leave({ serverName: serverName.trim(), setupCode: setupCode?.trim() || undefined, next: '/setup/folders' }, 'setup');
    } catch (error) {
      await this.failed(error);
    } finally {
      this.leaving = false;
    }
  }

  async failed(error) {
    if (error.code === 'setup_closed') {
      await session.load();
      go('/sign-in?from=setup', { replace: true });
      return;
    }
    this.asksCode ||= error.code.startsWith('setup_code');
    await this.refuse(error);
  }

  /** Says what is wrong where it is wrong, and puts the cursor there. */
  async refuse(problem) {
    this.problem = problem;
    this.busy = false;
    await this.updateComplete;
    const name = this.isCode ? 'setupCode' : NEEDED.find((one) => problem.field(one));
    const field = name && this.querySelector(`hm-field[name="${name}"]`);
    await field?.updateComplete;
    mark(field);
  }

  get isCode() {
    return this.problem?.code?.startsWith('setup_code') ?? false;
  }

  render() {
    this.title = say.steps[0];
    const { problem, isCode } = this;
    const at = (name) => problem?.field?.(name) ?? '';
    const isPlaced = NEEDED.some((name) => at(name));
    const isFine = this.length >= LONG_ENOUGH;
    const isAsking = isCode && problem.code === 'setup_code_required';
    const message = problem?.code === 'rate_limited' ? say.tooMany(problem.retryAfter ?? 3600) : problem?.message;
    return html`
      ${startTop(0)}
      <main class="start-column">
        <h1 class="t40" tabindex="-1">${say.youTitle}</h1>
        <p>${say.youText}</p>
        <form class="start-form" novalidate @submit=${this.submit}>
          <hm-field label=${say.houseName} name="serverName" .value=${session.server?.name ?? ''} hint=${say.houseHint} error=${at('serverName')} maxlength="64" required autocomplete="off"></hm-field>
          <hm-field label=${say.yourName} name="username" error=${at('username')} maxlength="64" required autocomplete="username" autocapitalize="none"></hm-field>
          <hm-field class=${isFine ? 'fine' : ''} label=${say.yourPassword} name="password" type="password" autocomplete="new-password" required error=${at('password')}
            hint=${at('password') ? '' : isFine ? say.longEnough : say.passwordHint} @input=${(event) => (this.length = event.target.value.length)}></hm-field>
          ${this.asksCode ? html`<hm-field label=${say.setupCode} name="setupCode" inputmode="numeric" maxlength="16" autocomplete="one-time-code" hint=${say.setupCodeHint} error=${isCode && !isAsking ? message : ''}></hm-field>` : nothing}
          ${message && !isPlaced && !isCode ? html`<hm-notice tone="bad" role="alert">${message}</hm-notice>` : nothing}
          <hm-button kind="primary" size="large" wide type="submit" ?busy=${this.busy}>${this.busy ? say.saving : say.next}</hm-button>
        </form>
        ${this.provider ? html`<div class="others"><hm-button size="large" wide icon="user" ?busy=${this.leaving} @click=${this.toProvider}>${say.provider.setUp(this.provider.name)}</hm-button></div>` : nothing}
        <p class="start-foot"><hm-icon name="lock" size="16"></hm-icon><span>${say.promise}</span></p>
      </main>`;
  }
}
customElements.define('setup-page', SetupPage);
