import { css, html, nothing } from '../vendor/lit.js';
import { Page } from '../ui/page.js';
import { api } from '../api.js';
import { go, nextAddress } from '../router.js';
import { session } from '../session.js';
import { say } from './en.js';
import { otherWays } from './provider.js';
import { start } from './styles.js';
import { startTop } from './top.js';

const PATIENCE_MS = 5000; // when the server did not answer

/** Shown on a television: a code, until somebody who is signed in elsewhere lets this screen in. Read from the sofa. */
class PairPage extends Page {
  static properties = { ...Page.properties, asked: { state: true }, problem: { state: true } };

  static styles = [Page.styles, start, css`
    main { display: grid; gap: 28px 56px; align-items: center; } main p { text-wrap: pretty; }
    .code { font: 600 clamp(40px, 11vw, 88px)/1.1 var(--mono); letter-spacing: .04em; white-space: nowrap; margin-top: 4px; }
    ol { display: grid; gap: 20px; margin-top: 28px; } li { display: grid; gap: 2px; } li .prose { color: var(--text2); }
    .where { color: var(--text); font-weight: 600; overflow-wrap: anywhere; }
    hm-qr { width: min(320px, 100%); justify-self: center; } hm-skeleton { width: 320px; max-width: 100%; }
    .ways { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 28px; }
    @media (min-width: 960px) { main { grid-template-columns: minmax(0, 1fr) auto; min-height: calc(100dvh - 200px); } }
    @media (max-width: 959.98px) { hm-qr { justify-self: start; width: min(240px, 100%); } }
  `];

  constructor() {
    super();
    this.asked = null;
    this.problem = null;
  }

  connectedCallback() {
    super.connectedCallback();
    if (session.server?.setupRequired) go('/setup', { replace: true });
    else if (session.user) go(nextAddress(), { replace: true });
    else this.begin();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    this.asked = null;
  }

  async begin() {
    clearTimeout(this.timer);
    this.problem = null;
    this.asked = null;
    try {
      this.asked = await api.post('/api/home/accounts/pairing', {}, { quiet: true });
      this.wait(this.asked.interval * 1000);
    } catch (error) {
      this.problem = error;
      const isPassing = error.code === 'offline' || error.retryAfter;
      if (isPassing) this.wait(error.retryAfter ? error.retryAfter * 1000 : PATIENCE_MS, () => this.begin());
    }
  }

  wait(ms, then = () => this.look()) {
    if (this.isConnected) this.timer = setTimeout(then, ms);
  }

  /** Whether somebody has decided. A code that has ended is followed by a new one, however long the screen is left on. */
  async look() {
    const { asked } = this;
    if (!asked) return;
    try {
      const found = await api.post('/api/home/accounts/pairing/session', { secret: asked.secret }, { quiet: true });
      if (found.state !== 'done') {
        this.wait(asked.interval * 1000);
        return;
      }
      await session.enter();
      go(nextAddress(), { replace: true });
    } catch (error) {
      if (error.code === 'offline' || error.code === 'rate_limited') this.wait((error.retryAfter ?? PATIENCE_MS / 1000) * 1000);
      else if (error.code === 'pairing_expired' || error.code === 'pairing_not_found') this.begin();
      else this.problem = error;
    }
  }

  render() {
    this.title = say.pair.title;
    return html`${startTop()}<main class="start-wide">${this.problem && !this.asked ? this.trouble() : this.problem ? this.refused() : this.code()}</main>`;
  }

  code() {
    const { asked } = this;
    const words = say.pair;
    return html`<div>
        <h1 class="t28" tabindex="-1">${words.heading(session.server?.name ?? '')}</h1>
        <p class="prose">${words.text}</p>
        <ol><li><span class="prose">${words.scan}</span></li>
          <li><span class="prose">${words.orOpen} <span class="where">${location.host}/tv</span> ${words.andEnter}</span>
            <span class="code" aria-live="polite">${asked?.code ?? html`<hm-skeleton kind="line"></hm-skeleton>`}</span></li></ol>
        <div class="ways"><hm-button size="large" href="/sign-in">${otherWays()}</hm-button></div></div>
      ${asked ? html`<hm-qr .svg=${asked.qr} label=${words.qr}></hm-qr>` : nothing}`;
  }

  refused() {
    const isRefused = this.problem.code === 'pairing_refused';
    return this.closed(isRefused ? say.pair.refused : say.pair.trouble, isRefused ? say.pair.refusedText : this.problem.message);
  }

  trouble() {
    return this.closed(say.pair.trouble, this.problem.code === 'rate_limited' ? say.tooMany(this.problem.retryAfter ?? 900) : this.problem.message);
  }

  closed(heading, text) {
    return html`<div><h1 class="t28" tabindex="-1">${heading}</h1><p class="prose" role="alert">${text}</p>
      <div class="ways"><hm-button kind="primary" size="large" @click=${this.begin}>${say.pair.again}</hm-button>
        <hm-button size="large" href="/sign-in">${otherWays()}</hm-button></div></div>`;
  }
}
customElements.define('pair-page', PairPage);
