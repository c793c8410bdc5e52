import { css, html } from '../vendor/lit.js';
import { Page } from '../ui/page.js';
import { api } from '../api.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { toast } from '../ui/toast.js';
import { adoptOnce } from './adopt.js';
import { say } from './en.js';
import { start } from './styles.js';
import { startTop } from './top.js';

const words = say.provider;

/** Where the provider leads back to: finishes what was begun in this browser, and goes on. */
class ReturnPage extends Page {
  static properties = { ...Page.properties, problem: { state: true } };

  static local = css`
    sign-in-return-page .start-column { max-width: 400px; margin-top: clamp(20px, 9vh, 96px); }
    sign-in-return-page .waits { display: flex; align-items: center; gap: 12px; font: var(--font-16); color: var(--text2); }
    sign-in-return-page .ways { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 24px; }
  `;

  constructor() {
    super();
    this.problem = null;
    adoptOnce(start, ReturnPage.local);
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    const url = location.href;
    history.replaceState(history.state, '', location.pathname); // what came back is used once, and stays in no history
    this.finish(url);
  }

  async finish(url) {
    try {
      const { did, next } = await api.post('/api/home/accounts/oidc/finish', { url }, { quiet: true });
      await session.enter();
      go(next, { replace: true });
      if (did === 'linked') toast(words.linked);
    } catch (error) {
      this.problem = error;
    }
  }

  render() {
    this.title = say.signIn;
    const { problem } = this;
    const message = problem?.code === 'rate_limited' ? say.tooMany(problem.retryAfter ?? 900) : problem?.message;
    return html`${startTop()}<main class="start-column">${problem
      ? html`<h1 class="t28" tabindex="-1">${words.failed}</h1><p role="alert">${message}</p>
        <div class="ways"><hm-button kind="primary" size="large" href=${session.user ? '/settings' : '/sign-in?autoLaunch=0'}>${session.user ? words.again : words.toSignIn}</hm-button></div>`
      : html`<h1 class="visually-hidden" tabindex="-1">${words.finishing}</h1><p class="waits" role="status"><hm-spinner size="24"></hm-spinner>${words.finishing}</p>`}</main>`;
  }
}
customElements.define('sign-in-return-page', ReturnPage);
