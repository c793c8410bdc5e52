import { html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { theme } from '../ui/theme.js';
import { toast } from '../ui/toast.js';
import { say } from './en.js';
import { SectionPage } from './section-page.js';

class AccountPage extends SectionPage {
  static properties = { ...SectionPage.properties, busy: { state: true }, problem: { state: true }, chosen: { state: true } };

  constructor() {
    super();
    this.busy = false;
    this.problem = null;
    this.chosen = theme.get();
  }

  async submit(event) {
    event.preventDefault();
    const form = event.target;
    this.busy = true;
    this.problem = null;
    try {
      await api.post('/api/auth/change-password', Object.fromEntries(new FormData(form)));
      form.reset();
      for (const field of form.querySelectorAll('hm-field')) field.value = '';
      toast(say.changed);
    } catch (error) {
      this.problem = error;
    } finally {
      this.busy = false;
    }
  }

  render() {
    const wrong = this.problem?.code === 'wrong_password';
    const atNew = this.problem?.field?.('newPassword') ?? '';
    return this.framed('settings', 'account', html`
      <section class="panel"><h2>${this.user.displayName || this.user.username}</h2><p class="second">${say.yourName} ${this.user.username}</p></section>
      <section class="panel">
        <h2>${say.password}</h2>
        <form class="form" @submit=${this.submit}>
          <input type="text" name="username" autocomplete="username" .value=${this.user.username} hidden>
          ${this.user.hasPassword ? html`<hm-field label=${say.currentPassword} name="currentPassword" type="password" autocomplete="current-password" required error=${wrong ? this.problem.message : ''}></hm-field>` : nothing}
          <hm-field label=${say.newPassword} name="newPassword" type="password" autocomplete="new-password" required hint=${this.user.isAdmin ? say.passwordHint : say.passwordHintMember} error=${atNew}></hm-field>
          ${this.problem && !wrong && !atNew ? html`<hm-notice tone="bad" role="alert">${this.problem.message}</hm-notice>` : nothing}
          <div class="actions"><hm-button kind="primary" type="submit" ?busy=${this.busy}>${this.busy ? say.saving : say.change}</hm-button></div>
        </form>
      </section>
      <section class="panel"><h2>${say.look}</h2>
        <hm-segmented label=${say.theme} .options=${Object.entries(say.themes).map(([value, label]) => ({ value, label }))} value=${this.chosen}
          @hm-change=${(event) => { this.chosen = event.detail.value; theme.set(this.chosen); }}></hm-segmented>
      </section>`);
  }
}
customElements.define('account-page', AccountPage);
