import { css, html, nothing } from '../vendor/lit.js';
import { Page } from '../ui/page.js';
import { api } from '../api.js';
import { date, listed } from '../format.js';
import { pictureOf } from '../people.js';
import { go } from '../router.js';
import { session } from '../session.js';
import '../admin/app-card.js';
import { install } from '../ui/install.js';
import { adoptOnce } from './adopt.js';
import { begin, mark } from './begin.js';
import { say } from './en.js';
import { leave, offer } from './provider.js';
import { start } from './styles.js';
import { startTop } from './top.js';

const LONG_ENOUGH = 4;
const FIELDS = ['username', 'password', 'displayName', 'email'];
const SPENT = new Set(['invite_not_found', 'invite_expired', 'invite_used', 'invite_revoked']);

/** Who was invited becomes a member: a name, a password, in. Light DOM, for password managers. */
class JoinPage extends Page {
  static properties = { ...Page.properties, provider: { state: true }, leaving: { state: true }, busy: { state: true }, problem: { state: true }, ended: { state: true }, joined: { state: true }, length: { state: true } };

  static local = css`
    join-page .start-column { max-width: 400px; margin-top: clamp(12px, 6vh, 72px); }
    join-page .start-form.join { gap: 16px; margin-top: 24px; }
    join-page .fine .field-hint { color: var(--good); }
    join-page summary { display: flex; align-items: center; gap: 8px; min-height: 44px; cursor: pointer; list-style: none; border-radius: 4px; font: var(--font-14); font-weight: 500; color: var(--text2); }
    join-page summary::-webkit-details-marker { display: none; }
    join-page summary hm-icon { transition: transform var(--fast) ease-out; } join-page details[open] summary hm-icon { transform: rotate(90deg); }
    join-page details .stack { gap: 16px; margin-top: 8px; }
    join-page .face { margin-bottom: 16px; }
    join-page .already { display: flex; align-items: center; justify-content: center; min-height: 44px; margin-top: 8px; font: var(--font-14); font-weight: 500; }
    join-page .sign { display: grid; place-items: center; width: 56px; height: 56px; margin-bottom: 20px; border-radius: 50%; background: var(--hover); color: var(--text2); }
    join-page .ways { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 24px; }
    join-page .said:empty { display: none; } join-page .others { margin-top: 12px; } join-page .alone { margin-top: 24px; }
    @media (max-width: 719.98px) { join-page .start-column { margin-top: 12px; } }
  `;

  constructor() {
    super();
    this.busy = false;
    this.problem = null;
    this.provider = null;
    this.leaving = false;
    this.ended = null;
    this.joined = false;
    this.length = 0;
    adoptOnce(start, JoinPage.local);
  }

  info = this.query(() => `/api/invite-info/${encodeURIComponent(this.params.token)}`, { maxAge: 0 });

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    if (session.server?.setupRequired) go('/setup', { replace: true });
    else if (!session.user) offer().then((found) => (this.provider = found?.takesInvites ? found : null), () => {}); // without it there is still a password
  }

  async toProvider() {
    this.leaving = true;
    this.problem = null;
    try {
      await leave({ inviteToken: this.params.token });
    } catch (error) {
      if (SPENT.has(error.code)) this.ended = error;
      else this.problem = error;
      this.leaving = false;
    }
  }

  updated() {
    if (this.begun || !this.querySelector('hm-field')) return;
    this.begun = true;
    begin(this, 'username');
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const form = Object.fromEntries([...new FormData(event.target)].map(([name, value]) => [name, name === 'password' ? value : String(value).trim()]));
    const wrong = {};
    for (const name of ['username', 'password']) if (!form[name]) wrong[name] = say.missing;
    if (form.password && form.password.length < LONG_ENOUGH) wrong.password = say.join.tooShort(LONG_ENOUGH);
    if (Object.keys(wrong).length) {
      await this.refuse({ code: 'missing', message: '', field: (name) => wrong[name] ?? null });
      return;
    }
    this.busy = true;
    this.problem = null;
    try {
      const body = { username: form.username, password: form.password, displayName: form.displayName || undefined, email: form.email || undefined };
      await api.post(`/api/invites/${encodeURIComponent(this.params.token)}/accept`, body, { quiet: true });
      await session.enter();
      // Who can have it as an app is asked once, here; all others are let in at once.
      if (install.way) this.joined = true;
      else go('/', { replace: true });
    } catch (error) {
      if (SPENT.has(error.code)) this.ended = error;
      else await this.refuse(error);
    } finally {
      this.busy = false;
    }
  }

  /** Says what is wrong where it is wrong, and puts the cursor there. */
  async refuse(problem) {
    this.problem = problem;
    this.busy = false;
    await this.updateComplete;
    const name = FIELDS.find((one) => this.wrongAt(one));
    const field = name && this.querySelector(`hm-field[name="${name}"]`);
    field?.closest('details')?.setAttribute('open', '');
    await field?.updateComplete;
    mark(field);
  }

  wrongAt(name) {
    const { problem } = this;
    if (name === 'username' && problem?.code === 'username_taken') return say.join.taken;
    if (name === 'email' && problem?.code === 'email_taken') return problem.message;
    return problem?.field?.(name) ?? '';
  }

  async leave() {
    this.busy = true;
    await session.signOut();
    this.busy = false;
  }

  render() {
    this.title = say.join.title;
    return html`${startTop()}<main class="start-column">${this.body()}</main>`;
  }

  body() {
    if (this.ended) return this.closed(this.ended);
    return this.info.render({
      loading: () => html`<hm-skeleton kind="text" count="2"></hm-skeleton>`,
      error: (problem) => this.closed(problem),
      data: (found) => (this.joined ? this.welcome() : session.user ? this.already(found) : this.form(found)),
    });
  }

  /** An invite that leads nowhere: says why, and what to do. */
  closed(problem) {
    const words = say.join.closed[problem.code] ?? null;
    const isHurried = problem.code === 'rate_limited';
    const [heading, text] = words ?? (isHurried ? [say.join.hurried, say.tooMany(problem.retryAfter ?? 60)] : [say.join.trouble, problem.message]);
    return html`<div class="sign"><hm-icon name=${isHurried ? 'clock' : words ? 'invite' : 'warning'} size="24"></hm-icon></div>
      <h1 class="t28" tabindex="-1">${heading}</h1><p>${text}</p>
      <div class="ways">${words ? nothing : html`<hm-button kind="primary" size="large" icon="refresh" @click=${() => this.info.refresh()}>${say.join.again}</hm-button>`}
        <hm-button size="large" href="/sign-in">${say.join.signIn}</hm-button></div>`;
  }

  welcome() {
    return html`<h1 class="t28" tabindex="-1">${say.join.joined(session.user.displayName || session.user.username)}</h1><p>${say.join.joinedText}</p>
      <div class="ways"><app-card bare></app-card></div>
      <div class="ways"><hm-button kind="primary" size="large" href="/">${say.join.open}</hm-button></div>`;
  }

  /** Somebody who is in already opened the link: perhaps to see where it leads, perhaps on a device they share. */
  already({ server }) {
    const name = session.user.displayName || session.user.username;
    return html`<div class="face"><hm-avatar name=${name} size="56" src=${pictureOf(session.user) ?? nothing}></hm-avatar></div>
      <h1 class="t28" tabindex="-1">${say.join.already(name)}</h1><p>${say.join.alreadyText(server.name)}</p>
      <div class="ways"><hm-button kind="primary" size="large" href="/">${say.join.open}</hm-button>
        <hm-button size="large" ?busy=${this.busy} @click=${this.leave}>${say.join.other}</hm-button></div>`;
  }

  form({ server, invite }) {
    const hasPasswords = session.server?.auth?.password ?? true;
    if (!hasPasswords && this.provider) return this.byProvider(server, invite);
    const isFine = this.length >= LONG_ENOUGH;
    const { problem } = this;
    const isPlaced = FIELDS.some((name) => this.wrongAt(name));
    const message = problem?.code === 'rate_limited' ? say.tooMany(problem.retryAfter ?? 3600) : problem?.message;
    return html`
      ${this.heading(server, invite)}
      <p>${say.join.text}</p>
      <form class="start-form join" novalidate @submit=${this.submit}>
        <hm-field label=${say.join.name} name="username" maxlength="64" required autocomplete="username" autocapitalize="none" hint=${this.wrongAt('username') ? '' : say.join.nameHint} error=${this.wrongAt('username')}></hm-field>
        <hm-field class=${isFine ? 'fine' : ''} label=${say.password} name="password" type="password" autocomplete="new-password" required error=${this.wrongAt('password')}
          hint=${this.wrongAt('password') ? '' : isFine ? say.longEnough : say.join.passwordHint(LONG_ENOUGH)} @input=${(event) => (this.length = event.target.value.length)}></hm-field>
        <details><summary><hm-icon name="chevron-right" size="16"></hm-icon>${say.join.more}</summary><div class="stack">
          <hm-field label=${say.join.shownName} name="displayName" maxlength="64" autocomplete="name" hint=${say.join.shownNameHint} error=${this.wrongAt('displayName')}></hm-field>
          <hm-field label=${say.join.email} name="email" type="email" maxlength="254" autocomplete="email" hint=${say.join.emailHint} error=${this.wrongAt('email')}></hm-field></div></details>
        <div class="said" role="alert">${message && !isPlaced ? html`<hm-notice tone="bad">${message}</hm-notice>` : nothing}</div>
        <hm-button kind="primary" size="large" wide type="submit" ?busy=${this.busy}>${this.busy ? say.join.joining : say.join.join}</hm-button>
      </form>
      ${this.provider ? html`<div class="others"><hm-button size="large" wide icon="user" ?busy=${this.leaving} @click=${this.toProvider}>${say.provider.join(this.provider.name)}</hm-button></div>` : nothing}
      <a class="link already" href="/sign-in">${say.join.haveOne}</a>
      <p class="start-foot"><hm-icon name="lock" size="16"></hm-icon><span>${this.terms(invite)}</span></p>`;
  }

  /** In a household without passwords an account at the provider is the one way to join. */
  byProvider(server, invite) {
    const { name } = this.provider;
    return html`${this.heading(server, invite)}<p>${say.join.text} ${say.join.onlyProvider(name)}</p>
      <div class="said" role="alert">${this.problem ? html`<hm-notice class="early" tone="bad">${this.problem.message}</hm-notice>` : nothing}</div>
      <div class="alone"><hm-button kind="primary" size="large" wide icon="user" ?busy=${this.leaving} @click=${this.toProvider}>${say.provider.join(name)}</hm-button></div>
      <a class="link already" href="/sign-in">${say.join.haveOne}</a>
      <p class="start-foot"><hm-icon name="lock" size="16"></hm-icon><span>${this.terms(invite)}</span></p>`;
  }

  heading(server, invite) {
    return html`${invite.invitedBy ? html`<div class="face"><hm-avatar name=${invite.invitedBy} size="56"></hm-avatar></div>` : nothing}
      <h1 class="t28" tabindex="-1">${say.join.heading(invite.invitedBy, server.name)}</h1>`;
  }

  /** The small print: for how many, until when, and what one will see. */
  terms(invite) {
    const whom = say.join.terms(invite.label, invite.usesLeft, invite.expiresAt ? date(invite.expiresAt) : '');
    const names = (invite.libraries ?? []).map((library) => library.name);
    const seen = names.length ? say.join.see(listed(names)) : say.join.seeNothing;
    return `${whom} ${seen}`;
  }
}
customElements.define('join-page', JoinPage);
