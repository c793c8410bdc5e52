import { css, html, nothing } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { join } from '../format.js';
import { theme } from '../ui/theme.js';
import { toast } from '../ui/toast.js';
import { say } from './en.js';
import { SectionPage } from './section-page.js';

const LONG_ENOUGH = { admin: 6, member: 4 };

class AccountPage extends SectionPage {
  static properties = { ...SectionPage.properties, busy: { state: true }, problem: { state: true }, chosen: { state: true }, length: { state: true } };

  static styles = [SectionPage.styles, css`
    .me { display: flex; align-items: center; gap: 16px; } .me h2 { margin: 0; }
    .fine .field-hint { color: var(--good); }
  `];

  constructor() {
    super();
    this.busy = false;
    this.problem = null;
    this.chosen = theme.get();
    this.length = 0;
  }

  get least() {
    return this.user.isAdmin ? LONG_ENOUGH.admin : LONG_ENOUGH.member;
  }

  async submit(event) {
    event.preventDefault();
    const form = event.target;
    const body = Object.fromEntries(new FormData(form));
    if (body.newPassword.length < this.least) {
      this.refuse({ code: 'short', message: '', field: (name) => (name === 'newPassword' ? say.tooShort(this.least) : null) });
      return;
    }
    this.busy = true;
    this.problem = null;
    try {
      await api.post('/api/auth/change-password', body);
      for (const field of form.querySelectorAll('hm-field')) field.value = '';
      this.length = 0;
      invalidate('/api/sessions');
      toast(say.changed);
    } catch (error) {
      this.refuse(error);
    } finally {
      this.busy = false;
    }
  }

  async refuse(problem) {
    this.problem = problem;
    await this.updateComplete;
const field = this.renderRoot.querySelector(`hm-field[name="${problem.code === 'wrong_password' ? 'currentPassword' : 'newPassword'}"]`);
    field?.focus();
    field?.select();
  }

  render() {
    const { user, problem } = this;
    return this.framed('settings', 'account', html`
      <section class="panel me"><hm-avatar name=${user.displayName || user.username} size="56"></hm-avatar>
        <div><h2>${user.displayName || user.username}</h2><p class="second">${join(say.yourName(user.username), user.isAdmin ? say.administrator : '')}</p></div></section>
      <section class="panel"><h2>${say.password}</h2>${this.form(problem)}</section>
      <section class="panel"><h2>${say.look}</h2>
        <hm-segmented label=${say.theme} .options=${Object.entries(say.themes).map(([value, label]) => ({ value, label }))} value=${this.chosen}
          @hm-change=${(event) => { this.chosen = event.detail.value; theme.set(this.chosen); }}></hm-segmented>
      </section>`);
  }

  form(problem) {
    const isWrong = problem?.code === 'wrong_password';
    const atNew = problem?.field?.('newPassword') ?? '';
    const isFine = this.length >= this.least;
    const message = problem?.code === 'rate_limited' ? say.tooMany(problem.retryAfter ?? 900) : problem?.message;
    return html`<form class="form" @submit=${this.submit}>
      <input type="text" name="username" autocomplete="username" .value=${this.user.username} hidden>
      ${this.user.hasPassword ? html`<hm-field label=${say.currentPassword} name="currentPassword" type="password" autocomplete="current-password" required error=${isWrong ? message : ''}></hm-field>` : nothing}
      <hm-field class=${isFine ? 'fine' : ''} label=${say.newPassword} name="newPassword" type="password" autocomplete="new-password" required error=${atNew}
        hint=${atNew ? '' : isFine ? say.longEnough : say.passwordHint(this.least)} @input=${(event) => (this.length = event.target.value.length)}></hm-field>
      ${problem && !isWrong && !atNew ? html`<hm-notice tone="bad" role="alert">${message}</hm-notice>` : nothing}
      <div class="actions"><hm-button kind="primary" type="submit" ?busy=${this.busy}>${this.busy ? say.saving : say.change}</hm-button></div>
    </form>`;
  }
}
customElements.define('account-page', AccountPage);
