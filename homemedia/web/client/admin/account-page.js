import { css, html, nothing } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { join, language } from '../format.js';
import { session } from '../session.js';
import { theme } from '../ui/theme.js';
import { toast, toastError } from '../ui/toast.js';
import './app-card.js';
import { say } from './en.js';
import './key-rows.js';
import './own-phone.js';
import './own-picture.js';
import './own-provider.js';
import '../feed/own-feed.js';
import { SectionPage } from './section-page.js';
import { roomUsed } from './storage-room.js';

const LONG_ENOUGH = { admin: 6, member: 4 };
const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'sv', 'da', 'nb', 'fi', 'pl', 'cs', 'tr', 'ru', 'ja', 'ko', 'zh'];

class AccountPage extends SectionPage {
  static properties = { ...SectionPage.properties, busy: { state: true }, problem: { state: true }, naming: { state: true }, refused: { state: true }, chosen: { state: true }, length: { state: true } };

  static styles = [SectionPage.styles, css`
    .me h2 { margin: 0; overflow-wrap: anywhere; }
    .fine .field-hint { color: var(--good); }
    .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(200px, 100%), 1fr)); gap: 20px 16px; align-items: start; }
    .wide { max-width: none; } .panel > .second + .form { margin-top: 16px; }
  `];

  account = this.query(() => '/api/users/me', { maxAge: 0 });

  constructor() {
    super();
    this.busy = false;
    this.problem = null;
    this.naming = false;
    this.refused = null;
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

  async rename(event) {
    event.preventDefault();
    const form = Object.fromEntries([...new FormData(event.target)].map(([name, value]) => [name, String(value).trim()]));
    this.naming = true;
    this.refused = null;
    try {
      const user = await api.put('/api/home/accounts/profile', { displayName: form.displayName, email: form.email || null });
      this.keep(user);
      invalidate('/api/users');
      toast(say.saved);
    } catch (error) {
      this.refused = error;
    } finally {
      this.naming = false;
    }
  }

  /** What changed of oneself, also where it is shown beside this page. @param {object} change */
  keep(change) {
    session.user = { ...session.user, ...change };
    session.tell();
    this.requestUpdate();
  }

  async prefer(change) {
    const { preferences } = this.user;
    const undo = Object.fromEntries(Object.keys(change).map((name) => [name, preferences[name]]));
    const put = async (body) => {
      this.keep({ preferences: await api.put('/api/home/accounts/preferences', body) });
      invalidate('/api/media'); // which sound and subtitles a film begins with
    };
    try {
      await put(change);
      toast(say.saved, { undo: () => put(undo).catch(toastError) });
    } catch (error) {
      this.keep({ preferences: { ...preferences } });
      toastError(error);
    }
  }

  render() {
    const { user, problem } = this;
    return this.framed('settings', 'account', html`
      <section class="panel me"><own-picture name=${user.displayName || user.username}>
        <h2>${user.displayName || user.username}</h2><p class="second">${join(say.yourName(user.username), user.isAdmin ? say.administrator : '')}</p></own-picture></section>
      <section class="panel"><h2>${say.profile}</h2>${this.names()}</section>
      ${user.preferences ? html`<section class="panel"><h2>${say.languages}</h2><p class="second">${say.languagesText}</p>${this.languages(user.preferences)}</section>` : nothing}
      <own-feed></own-feed>
      ${this.room()}
      <own-provider></own-provider>
      ${session.server?.auth?.password === false ? nothing : html`<section class="panel"><h2>${say.password}</h2>${this.form(problem)}</section>`}
      <own-phone></own-phone>
      <own-keys></own-keys>
      <section class="panel"><h2>${say.look}</h2>
        <hm-segmented label=${say.theme} .options=${Object.entries(say.themes).map(([value, label]) => ({ value, label }))} value=${this.chosen}
          @hm-change=${(event) => { this.chosen = event.detail.value; theme.set(this.chosen); }}></hm-segmented>
      </section>
      <app-card></app-card>`);
  }

  /** Only who has a limit, or has sent something, needs to know. */
  room() {
    const account = this.account.data;
    if (!account || (account.quotaSizeInBytes === null && !account.quotaUsageInBytes)) return nothing;
    return html`<section class="panel"><h2>${say.storageWords.own}</h2>${roomUsed(account)}</section>`;
  }

  names() {
    const { refused } = this;
    const at = (name) => (refused?.code === `${name}_taken` ? refused.message : (refused?.field?.(name) ?? ''));
    return html`<form class="form wide" novalidate @submit=${this.rename}>
      <div class="pair"><hm-field label=${say.memberWords.shownName} name="displayName" .value=${this.user.displayName ?? ''} maxlength="64" autocomplete="name" error=${at('displayName')}></hm-field>
        <hm-field label=${say.memberWords.email} name="email" type="email" .value=${this.user.email ?? ''} maxlength="254" autocomplete="email" hint=${at('email') ? '' : say.emailHint} error=${at('email')}></hm-field></div>
      ${refused && !at('displayName') && !at('email') ? html`<hm-notice tone="bad" role="alert">${refused.message}</hm-notice>` : nothing}
      <div class="actions"><hm-button type="submit" ?busy=${this.naming}>${this.naming ? say.saving : say.save}</hm-button></div></form>`;
  }

  languages(preferences) {
    const choice = (name, label) => {
      const value = preferences[name] ?? '';
      const options = [{ value: '', label: say.languageNone[name] }, ...[...new Set([...(value ? [value] : []), ...LANGUAGES])].map((code) => ({ value: code, label: language(code) }))];
      return html`<hm-field type="select" label=${label} .value=${value} .options=${options} @change=${(event) => this.prefer({ [name]: event.target.value || null })}></hm-field>`;
    };
    const modes = Object.entries(say.subtitleModes).map(([value, label]) => ({ value, label }));
    return html`<div class="form wide"><div class="pair">${choice('audioLanguage', say.audioLanguage)}${choice('subtitleLanguage', say.subtitleLanguage)}</div>
      <hm-field type="select" label=${say.subtitleMode} .value=${preferences.subtitleMode} .options=${modes} @change=${(event) => this.prefer({ subtitleMode: event.target.value })}></hm-field></div>`;
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
      <div class="actions"><hm-button kind="primary" type="submit" ?busy=${this.busy}>${this.busy ? say.saving : this.user.hasPassword ? say.change : say.setPassword}</hm-button></div>
    </form>`;
  }
}
customElements.define('account-page', AccountPage);
