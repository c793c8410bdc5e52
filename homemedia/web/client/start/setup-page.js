import { html, nothing } from '../vendor/lit.js';
import { Page } from '../ui/page.js';
import { api } from '../api.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { adoptOnce } from './adopt.js';
import { say } from './en.js';
import { start } from './styles.js';
import { startTop } from './top.js';

const LONG_ENOUGH = 6;

/** First step of the first run: the house gets a name, and its first member a password. */
class SetupPage extends Page {
  static properties = { ...Page.properties, busy: { state: true }, problem: { state: true }, length: { state: true }, asksCode: { state: true } };

  constructor() {
    super();
    this.busy = false;
    this.problem = null;
    this.length = 0;
    this.asksCode = false;
    adoptOnce(start);
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    if (session.server && !session.server.setupRequired) go(session.user ? '/' : '/sign-in', { replace: true });
  }

  async submit(event) {
    event.preventDefault();
    const form = Object.fromEntries(new FormData(event.target));
    if (form.password.length < LONG_ENOUGH) {
      this.querySelector('hm-field[name="password"]').focus();
      this.problem = { code: 'short', message: say.passwordHint, field: (name) => (name === 'password' ? say.passwordHint : null) };
      return;
    }
    this.busy = true;
    this.problem = null;
    try {
      await api.post('/api/auth/setup', { ...form, setupCode: form.setupCode || undefined }, { quiet: true });
      await session.load();
      go('/setup/folders', { replace: true });
    } catch (error) {
      if (error.code === 'setup_closed') {
        await session.load();
        go('/sign-in', { replace: true });
      }
      this.asksCode ||= error.code.startsWith('setup_code');
      this.problem = error;
    } finally {
      this.busy = false;
    }
  }

  render() {
    this.title = say.steps[0];
    const problem = this.problem;
    const at = (name) => problem?.field?.(name) ?? '';
    const isPlaced = ['serverName', 'username', 'password'].some((name) => at(name));
    const isCode = problem?.code?.startsWith('setup_code');
    return html`
      ${startTop(0)}
      <main class="start-column">
        <h1 class="t40" tabindex="-1">${say.youTitle}</h1>
        <p>${say.youText}</p>
        <form class="start-form" @submit=${this.submit}>
          <hm-field label=${say.houseName} name="serverName" .value=${session.server?.name ?? ''} hint=${say.houseHint} error=${at('serverName')} maxlength="64" required autocomplete="off"></hm-field>
          <hm-field label=${say.yourName} name="username" error=${at('username')} maxlength="64" required autocomplete="username"></hm-field>
          <hm-field label=${say.yourPassword} name="password" type="password" autocomplete="new-password" required error=${at('password')}
            hint=${this.length >= LONG_ENOUGH ? say.longEnough : say.passwordHint} @input=${(event) => (this.length = event.target.value.length)}></hm-field>
          ${this.asksCode ? html`<hm-field label=${say.setupCode} name="setupCode" inputmode="numeric" autocomplete="one-time-code" hint=${say.setupCodeHint} error=${isCode ? problem.message : ''}></hm-field>` : nothing}
          ${problem && !isPlaced && !isCode ? html`<hm-notice tone="bad" role="alert">${problem.message}</hm-notice>` : nothing}
          <hm-button kind="primary" size="large" wide type="submit" ?busy=${this.busy}>${this.busy ? say.saving : say.next}</hm-button>
        </form>
        <p class="start-foot"><hm-icon name="lock" size="16"></hm-icon><span>${say.promise}</span></p>
      </main>`;
  }
}
customElements.define('setup-page', SetupPage);
