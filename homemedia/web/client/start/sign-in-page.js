import { css, html, nothing } from '../vendor/lit.js';
import { Page } from '../ui/page.js';
import { api } from '../api.js';
import { go, nextAddress } from '../router.js';
import { session } from '../session.js';
import { say } from './en.js';
import { start } from './styles.js';
import { adoptOnce } from './adopt.js';
import { startTop } from './top.js';

/** Drawn in light DOM, so that password managers find the two fields. */
class SignInPage extends Page {
  static properties = { ...Page.properties, busy: { state: true }, problem: { state: true } };

  static local = css`
    sign-in-page .problem { display: flex; gap: 8px; align-items: flex-start; font: var(--font-14); color: var(--bad); }
  `;

  constructor() {
    super();
    this.busy = false;
    this.problem = '';
    adoptOnce(start, SignInPage.local);
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    if (session.server?.setupRequired) go('/setup', { replace: true });
    else if (session.user) go(nextAddress(), { replace: true });
  }

  async submit(event) {
    event.preventDefault();
    const { username, password } = Object.fromEntries(new FormData(event.target));
    this.busy = true;
    this.problem = '';
    try {
      await api.post('/api/auth/login', { username, password }, { quiet: true });
      await session.load();
      go(nextAddress(), { replace: true });
    } catch (error) {
      this.problem = error.code === 'bad_credentials' ? say.wrongPair : error.code === 'rate_limited' ? say.tooMany(error.retryAfter ?? 900) : error.message;
      if (error.code === 'setup_required') go('/setup', { replace: true });
      await this.updateComplete;
      this.querySelector('hm-field[name="password"]')?.select();
    } finally {
      this.busy = false;
    }
  }

  render() {
    this.title = say.signIn;
    return html`
      ${startTop()}
      <main class="start-column">
        <h1 class="t28" tabindex="-1">${say.signInTitle(session.server?.name ?? '')}</h1>
        <p>${say.signInText}</p>
        <form class="start-form" @submit=${this.submit}>
          <hm-field label=${say.user} name="username" autocomplete="username" required></hm-field>
          <hm-field label=${say.password} name="password" type="password" autocomplete="current-password" required></hm-field>
          <div role="alert">${this.problem ? html`<p class="problem"><hm-icon name="warning"></hm-icon><span>${this.problem}</span></p>` : nothing}</div>
          <hm-button kind="primary" size="large" wide type="submit" ?busy=${this.busy}>${this.busy ? say.signingIn : say.signIn}</hm-button>
        </form>
        <p class="start-foot"><hm-icon name="lock" size="16"></hm-icon><span>${say.forgot}</span></p>
      </main>`;
  }
}
customElements.define('sign-in-page', SignInPage);
