import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { copyText } from '../ui/platform.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { SectionPage } from './section-page.js';

const words = say.signInWords;
const PATH = '/api/home/accounts/oidc';
const PASSWORDS = '/api/home/accounts/password-login';
const FIELDS = ['issuer', 'clientId', 'clientSecret', 'buttonText', 'scope', 'roleClaim', 'mobileRedirectUri'];

/** The household's sign-in provider: what is entered there, what it gave, and who comes in by it; and whether passwords do. */
class AdminSignInPage extends SectionPage {
  static properties = { ...SectionPage.properties, busy: { state: true }, checking: { state: true }, problem: { state: true }, found: { state: true } };

  static styles = [SectionPage.styles, css`
    .panel > hm-notice, .panel > .form, .panel > .actions { margin-top: 16px; }
    dl { display: grid; gap: 2px; margin-top: 12px; font: var(--font-14); } dt { font: var(--font-12); color: var(--text2); } dd { display: flex; align-items: center; gap: 4px; margin: 0 0 6px; } dd code { min-width: 0; font: 12px/16px var(--mono); overflow-wrap: anywhere; }
    summary { display: flex; align-items: center; gap: 8px; min-height: 44px; cursor: pointer; list-style: none; border-radius: 4px; font: var(--font-14); font-weight: 500; color: var(--text2); }
    summary::-webkit-details-marker { display: none; } summary hm-icon { transition: transform var(--fast) ease-out; } details[open] summary hm-icon { transform: rotate(90deg); }
    details .form { margin-top: 8px; } .panel > details:first-child { margin: -10px 0; }
  `];

  state = this.query(() => PATH, { maxAge: 0 });
  passwords = this.query(() => PASSWORDS, { maxAge: 0 });

  constructor() {
    super();
    this.busy = false;
    this.checking = false;
    this.problem = null;
    this.found = null;
  }

  isFixed(name) {
    return this.state.data.fixed.includes(name);
  }

  /** Writes some of it down. @param {Record<string, unknown>} change @param {string} done @returns {Promise<boolean>} */
  async put(change, done = say.saved) {
    this.busy = true;
    this.problem = null;
    try {
      const state = await api.put(PATH, change);
      this.state.update(() => state);
      this.passwords.refresh(); // whether they can be done without hangs on the provider
      toast(done);
      return true;
    } catch (error) {
      this.problem = error;
      if (!FIELDS.some((name) => error.field?.(name))) toastError(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  async save(event) {
    event.preventDefault();
    const form = event.target;
    const told = Object.fromEntries(new FormData(form));
    const { data } = this.state;
    const change = Object.fromEntries(Object.entries(told).filter(([name, value]) => !this.isFixed(name) && (name === 'clientSecret' ? value : value !== data[name])));
    this.found = null;
    if (Object.keys(change).length && (await this.put(change))) for (const field of form.querySelectorAll('hm-field[type="password"]')) field.value = '';
  }

  async turn(enabled) {
    await this.put({ enabled }, enabled ? words.switchedOn : words.switchedOff);
    this.requestUpdate();
  }

  async takePasswords(enabled) {
    this.busy = true;
    try {
      const card = await api.put(PASSWORDS, { enabled });
      this.passwords.update(() => card);
      toast(enabled ? say.passwordWords.switchedOn : say.passwordWords.switchedOff);
    } catch (error) {
      toastError(error);
      this.passwords.refresh();
    } finally {
      this.busy = false;
    }
  }

  async check() {
    this.checking = true;
    try {
      this.found = await api.post(`${PATH}/check`);
    } catch (error) {
      toastError(error);
    } finally {
      this.checking = false;
    }
  }

  render() {
    return this.framed('administration', 'signIn', this.state.render({
      loading: () => html`<hm-skeleton kind="panel" count="3"></hm-skeleton>`,
      data: (state) => html`${this.main(state)}${this.there(state)}${this.here(state)}${this.who(state)}${this.more(state)}${this.passwordPanel()}`,
    }));
  }

  main(state) {
    const isReady = state.issuer && state.clientId;
    return html`<section class="panel"><h2>${words.heading}</h2><p class="second">${words.text}</p>
      <div class="form"><hm-switch label=${words.on} hint=${this.isFixed('enabled') ? words.fixedHint : isReady ? words.onHint : words.needed} ?checked=${state.enabled} ?disabled=${this.busy || !isReady || this.isFixed('enabled')} @hm-change=${(event) => this.turn(event.detail.checked)}></hm-switch></div></section>`;
  }

  there(state) {
    const row = (name, text) => html`<dt>${name}</dt><dd><code>${text}</code><hm-icon-button icon="copy" label=${words.copy(text)} @click=${() => this.copy(text)}></hm-icon-button></dd>`;
    return html`<section class="panel"><h2>${words.atProvider}</h2><p class="second">${words.atProviderText}</p>
      <div class="address"><span>${state.redirectUri}</span><hm-icon-button icon="copy" label=${words.copy(state.redirectUri)} @click=${() => this.copy(state.redirectUri)}></hm-icon-button></div>
      <details><summary><hm-icon name="chevron-right" size="16"></hm-icon>${words.further}</summary><dl>${row(words.app, 'app.immich:///oauth-callback')}${row(words.mobile, state.mobileUri)}${row(words.logout, state.logoutUri)}</dl></details></section>`;
  }

  field(name, label, hint = '', more = {}) {
    const wrong = this.problem?.field?.(name) ?? '';
    const isFixed = this.isFixed(name);
    return html`<hm-field label=${label} name=${name} type=${more.type ?? 'text'} .value=${more.type === 'password' ? '' : (this.state.data[name] ?? '')} placeholder=${more.placeholder ?? ''} maxlength=${more.max ?? 500} autocomplete=${more.type === 'password' ? 'new-password' : 'off'} autocapitalize="none" spellcheck="false"
      ?disabled=${isFixed} error=${wrong} hint=${wrong ? '' : isFixed ? words.fixedHint : hint}></hm-field>`;
  }

  here(state) {
    return html`<section class="panel"><h2>${words.here}</h2>
      <form class="form" novalidate @submit=${this.save}>
        ${this.field('issuer', words.issuer, words.issuerHint)}${this.field('clientId', words.clientId)}
        ${this.field('clientSecret', words.secret, state.hasSecret ? words.secretKept : words.secretNone, { type: 'password' })}
        ${this.field('buttonText', words.button, words.buttonHint(hostOf(state.issuer) || words.buttonHost), { max: 64 })}
        ${this.found ? html`<hm-notice tone=${this.found.ok ? 'good' : 'bad'} role="status">${this.found.ok ? words.works : this.found.problem}</hm-notice>` : nothing}
        <div class="actions"><hm-button kind="primary" type="submit" ?busy=${this.busy}>${this.busy ? say.saving : say.save}</hm-button>
          ${state.issuer ? html`<hm-button ?busy=${this.checking} @click=${this.check}>${this.checking ? words.checking : words.check}</hm-button>` : nothing}</div></form></section>`;
  }

  who(state) {
    const options = Object.entries(words.signups).map(([value, label]) => ({ value, label }));
    const toggle = (name, label, hint) => html`<hm-switch label=${label} hint=${this.isFixed(name) ? words.fixedHint : hint} ?checked=${state[name]} ?disabled=${this.isFixed(name)} @hm-change=${(event) => this.put({ [name]: event.detail.checked })}></hm-switch>`;
    return html`<section class="panel"><h2>${words.who}</h2><div class="form">
      <hm-field type="select" label=${words.signup} .value=${state.signup} .options=${options} hint=${this.isFixed('signup') ? words.fixedHint : words.signupHints[state.signup]} ?disabled=${this.isFixed('signup')} @change=${(event) => this.put({ signup: event.target.value })}></hm-field>
      <hm-chips-field label=${words.domains} .values=${state.allowedDomains} hint=${this.isFixed('allowedDomains') ? words.fixedHint : words.domainsHint} placeholder="example.org" error=${this.problem?.field?.('allowedDomains') ?? ''} ?disabled=${this.isFixed('allowedDomains')} @hm-change=${(event) => this.put({ allowedDomains: event.detail.values })}></hm-chips-field>
      ${toggle('linkByEmail', words.byEmail, words.byEmailHint)}${toggle('autoLaunch', words.auto, words.autoHint)}</div></section>`;
  }

  more(state) {
    return html`<section class="panel"><details><summary><hm-icon name="chevron-right" size="16"></hm-icon>${words.more}</summary>
      <form class="form" novalidate @submit=${this.save}>${this.field('scope', words.scope)}${this.field('roleClaim', words.role, words.roleHint, { max: 100 })}${this.field('mobileRedirectUri', words.mobileUri, words.mobileUriHint)}
        <hm-chips-field label=${words.listed} .values=${state.redirectUris} hint=${words.listedHint} error=${this.problem?.field?.('redirectUris') ?? ''} @hm-change=${(event) => this.put({ redirectUris: event.detail.values })}></hm-chips-field>
        <div class="actions"><hm-button type="submit" ?busy=${this.busy}>${this.busy ? say.saving : say.save}</hm-button></div></form></details></section>`;
  }

  passwordPanel() {
    const { data } = this.passwords;
    if (!data) return nothing;
    const words = say.passwordWords;
    return html`<section class="panel"><h2>${words.heading}</h2><p class="second">${words.text}</p>
      ${!data.enabled && !data.mayClose ? html`<hm-notice tone="warn">${words.kept}</hm-notice>` : nothing}
      <div class="form"><hm-switch label=${words.on} hint=${data.enabled && !data.mayClose ? words.needed : words.onHint} ?checked=${data.enabled} ?disabled=${this.busy || (data.enabled && !data.mayClose)} @hm-change=${(event) => this.takePasswords(event.detail.checked)}></hm-switch></div></section>`;
  }

  async copy(text) {
    toast((await copyText(text)) ? say.copied : say.notCopied);
  }
}
customElements.define('admin-sign-in-page', AdminSignInPage);

function hostOf(address) {
  try {
    return new URL(address).hostname;
  } catch {
    return ''; // half typed
  }
}
