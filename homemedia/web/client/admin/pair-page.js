import { css, html, nothing } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { ago, join } from '../format.js';
import { setSearch } from '../router.js';
import { deviceName } from './device-rows.js';
import { say } from './en.js';
import { SectionPage } from './section-page.js';

const words = say.pairWords;
const LETTERS = 6;

/** A television shows a code: who is signed in here lets it in, after a look at what asks. */
class ConfirmPairPage extends SectionPage {
  static properties = { ...SectionPage.properties, found: { state: true }, done: { state: true }, problem: { state: true }, busy: { state: true }, trusted: { state: true } };

  static styles = [SectionPage.styles, css`
    .device { display: flex; align-items: center; gap: 16px; } .device > hm-icon { color: var(--text2); } .device .name { font: var(--font-16); }
    .code { font: 600 28px/36px var(--mono); letter-spacing: .04em; } .panel > * + * { margin-top: 16px; }
    .form { max-width: 320px; } .panel > h2 + .second { margin-top: 2px; }
  `];

  constructor() {
    super();
    this.found = null;
    this.done = null;
    this.problem = null;
    this.busy = '';
    this.trusted = false;
  }

  willUpdate(changed) {
    if (changed.has('search') && this.search.code !== changed.get('search')?.code) this.look();
  }

  get code() {
    return this.search.code ?? '';
  }

  /** What asks with this code. */
  async look() {
    this.found = null;
    this.done = null;
    this.problem = null;
    if (!this.code) return;
    await this.run('look', async () => {
      this.found = await api.get('/api/home/accounts/pairing', { code: this.code });
    });
  }

  async run(busy, what) {
    this.busy = busy;
    this.problem = null;
    try {
      await what();
    } catch (error) {
      this.problem = error;
      this.found = null;
    } finally {
      this.busy = '';
    }
    if (this.problem) {
      await this.updateComplete;
      this.renderRoot.querySelector('hm-field')?.focus();
    }
  }

  enter(event) {
    event.preventDefault();
    const code = String(new FormData(event.target).get('code')).trim();
    if (code.replace(/[^\p{L}]/gu, '').length !== LETTERS) {
      this.problem = { message: words.sixLetters };
      return;
    }
    if (code === this.code) this.look();
    else setSearch({ code });
  }

  confirm() {
    return this.run('confirm', async () => {
      await api.post('/api/home/accounts/pairing/confirm', { code: this.code, isAdmin: this.trusted });
      this.done = { isIn: true, name: deviceName(this.found) };
      setTimeout(() => invalidate('/api/sessions'), 4000); // the device fetches its session a moment later
    });
  }

  refuse() {
    return this.run('refuse', async () => {
      await api.post('/api/home/accounts/pairing/refuse', { code: this.code });
      this.done = { isIn: false, name: deviceName(this.found) };
    });
  }

  render() {
    return this.framed('settings', 'devices', this.done ? this.ended() : this.found ? this.asking() : this.entry());
  }

  entry() {
    if (this.busy === 'look') return html`<hm-skeleton kind="panel" count="1"></hm-skeleton>`;
    const { problem } = this;
    const message = problem?.code === 'rate_limited' ? say.tooMany(problem.retryAfter ?? 900) : problem?.message;
    return html`<section class="panel"><h2>${words.title}</h2><p class="second">${words.text}</p>
      <form class="form" novalidate @submit=${this.enter}>
        <hm-field label=${words.code} name="code" .value=${this.code} placeholder="BCD-FGH" autocomplete="off" autocapitalize="characters" maxlength="16" required error=${message ?? ''}></hm-field>
        <div class="actions"><hm-button kind="primary" type="submit">${words.next}</hm-button></div></form></section>`;
  }

  asking() {
    const { found } = this;
    const where = found.atHome ? words.atHome : words.fromAfar;
    return html`<section class="panel"><h2>${words.question}</h2>
      <p class="code">${this.code.toUpperCase()}</p>
      <p class="second">${words.onlyIf}</p>
      <div class="device"><hm-icon name="tv" size="24"></hm-icon><div><p class="name">${deviceName(found)}</p>
        <p class="second">${join(where, found.address, words.asked(ago(found.createdAt)))}</p></div></div>
      ${found.atHome ? nothing : html`<hm-notice tone="warn">${words.afarText}</hm-notice>`}
      ${this.user.isAdmin ? html`<hm-switch label=${words.trusted} hint=${words.trustedHint} ?checked=${this.trusted} @hm-change=${(event) => (this.trusted = event.detail.checked)}></hm-switch>` : nothing}
      <div class="actions"><hm-button kind="primary" ?busy=${this.busy === 'confirm'} @click=${this.confirm}>${words.letIn}</hm-button>
        <hm-button ?busy=${this.busy === 'refuse'} @click=${this.refuse}>${words.notMine}</hm-button></div></section>`;
  }

  ended() {
    const { isIn, name } = this.done;
    return html`<section class="panel"><h2>${isIn ? words.isIn(name) : words.isOut(name)}</h2><p class="second">${isIn ? words.isInText : words.isOutText}</p>
      <div class="actions"><hm-button href="/settings/devices">${say.devices}</hm-button></div></section>`;
  }
}
customElements.define('confirm-pair-page', ConfirmPairPage);
