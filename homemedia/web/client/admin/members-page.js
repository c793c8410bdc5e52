import { css, html, nothing } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { ago, join, shortDate } from '../format.js';
import { pictureOf } from '../people.js';
import { go } from '../router.js';
import { toast } from '../ui/toast.js';
import { say } from './en.js';
import { libraryNames } from './library-choice.js';
import { SectionPage } from './section-page.js';

const words = say.memberWords;
const JUST_NOW_S = 120;
const BLANK = { username: '', password: '', isAdmin: false, libraries: 'all' };

/** Who joins by the house's code has no name until he says it. @param {any} member */
export const isNameless = (member) => member.username.startsWith('pending:');

/** @param {any} member */
export const nameOf = (member) => member.displayName || (isNameless(member) ? words.nameless : member.username);

/** Why somebody cannot come in, or "". @param {any} member */
export function stateOf(member) {
  if (member.state !== 'active') return member.state;
  return member.expiresAt && member.expiresAt * 1000 < Date.now() ? 'expired' : '';
}

/** @param {any} member */
export const stateBadge = (member) => {
  const state = stateOf(member);
  if (state === 'pending' && isNameless(member)) return html`<hm-badge>${words.joins}</hm-badge>`;
  return state ? html`<hm-badge tone=${state === 'pending' ? 'warn' : 'plain'}>${words.states[state]}</hm-badge>` : nothing;
};

class MembersPage extends SectionPage {
  static properties = { ...SectionPage.properties, draft: { state: true }, busy: { state: true }, problem: { state: true } };

  static styles = [SectionPage.styles, css`
    .top { display: flex; flex-wrap: wrap; align-items: center; gap: 12px; min-height: 40px; } .top h2 { flex: 1; }
    .panel.rows { padding-block: 8px; }
    .member { display: flex; align-items: center; gap: 16px; min-height: 64px; padding: 12px 0; border-radius: 4px; } .member > hm-icon { color: var(--text3); }
    .member .words { flex: 1; min-width: 0; } .member .name { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; } .member .second { margin-top: 2px; }
    .disabled hm-avatar, .expired hm-avatar { opacity: .5; }
    @media (hover: hover) { .member:hover .who { text-decoration: underline; text-underline-offset: 3px; } }
    @media (max-width: 719.98px) { .top h2 { flex: 1 0 100%; } .top hm-button { flex: 1 1 0; } }
    .form { max-width: none; } .title { font: var(--font-14); font-weight: 500; margin-bottom: 6px; min-height: 0; display: block; }
  `];

  members = this.query(() => '/api/users', { maxAge: 0 });

  constructor() {
    super();
    this.draft = null;
    this.busy = false;
    this.problem = null;
  }

  begin = () => {
    this.problem = null;
    this.draft = { ...BLANK };
  };

  set(change) {
    this.draft = { ...this.draft, ...change };
  }

  async add(event) {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      const { user } = await api.post('/api/users', { ...this.draft, username: this.draft.username.trim() });
      this.draft = null;
      invalidate('/api/users');
      toast(words.added(user.displayName || user.username));
      go(`/admin/members/${user.id}`);
    } catch (error) {
      this.problem = error;
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`${this.framed('administration', 'members', this.members.render({
      loading: () => html`<hm-skeleton kind="panel" count="2"></hm-skeleton>`,
      data: (list) => this.all(list),
    }))}${this.draft ? this.maker() : nothing}`;
  }

  all(list) {
    const waiting = list.filter((member) => member.state === 'pending');
    const others = list.filter((member) => member.state !== 'pending');
    return html`<div class="top"><h2>${say.members}</h2><hm-button icon="user-plus" @click=${this.begin}>${words.addByHand}</hm-button><hm-button kind="primary" icon="invite" href="/admin/invites?new=1">${words.invite}</hm-button></div>
      ${waiting.length ? html`<section class="panel rows" aria-label=${words.waiting}>${waiting.map((member) => this.row(member))}</section>` : nothing}
      <section class="panel rows" aria-label=${say.members}>${others.map((member) => this.row(member))}</section>
      ${list.length === 1 ? html`<p class="second">${words.alone}</p>` : nothing}`;
  }

  row(member) {
    const name = nameOf(member);
    const facts = join(member.isAdmin ? words.administrator : libraryNames(member.libraries), this.seen(member), member.expiresAt && stateOf(member) !== 'expired' ? words.until(shortDate(member.expiresAt)) : '');
    return html`<a class="member ${stateOf(member)}" href="/admin/members/${member.id}"><hm-avatar name=${name} size="40" src=${pictureOf(member) ?? nothing}></hm-avatar>
      <div class="words"><p class="name"><span class="who">${name}</span>${member.id === this.user.id ? html`<hm-badge tone="accent">${words.you}</hm-badge>` : nothing}${stateBadge(member)}</p><p class="second">${facts}</p></div>
      <hm-icon name="chevron-right"></hm-icon></a>`;
  }

  seen(member) {
    if (member.id === this.user.id) return words.hereNow; // the server writes it down once in a while
    if (!member.lastSeenAt) return words.neverSeen;
    return Date.now() / 1000 - member.lastSeenAt < JUST_NOW_S ? words.hereNow : words.seen(ago(member.lastSeenAt));
  }

  maker() {
    const { draft, problem } = this;
    const at = (name) => (name === 'username' && problem?.code === 'username_taken' ? problem.message : (problem?.field?.(name) ?? ''));
    const isPlaced = at('username') || at('password');
    return html`<hm-dialog open heading=${words.addByHand} cross @hm-close=${() => (this.draft = null)}>
      <form class="form making" novalidate @submit=${this.add}>
        <hm-field label=${words.username} name="new-name" .value=${draft.username} maxlength="64" required autocomplete="off" autofocus error=${at('username')} @input=${(event) => this.set({ username: event.target.value })}></hm-field>
        <hm-field label=${say.password} name="new-password" type="password" required autocomplete="new-password" hint=${words.passwordHint} .value=${draft.password} error=${at('password')} @input=${(event) => this.set({ password: event.target.value })}></hm-field>
        <hm-switch label=${words.isAdmin} hint=${words.isAdminHint} ?checked=${draft.isAdmin} @hm-change=${(event) => this.set({ isAdmin: event.detail.checked })}></hm-switch>
        ${draft.isAdmin ? nothing : html`<div><p class="title">${words.libraries}</p><library-choice .value=${draft.libraries} @hm-change=${(event) => this.set({ libraries: event.detail.value })}></library-choice></div>`}
        ${problem && !isPlaced ? html`<hm-notice tone="bad" role="alert">${problem.message}</hm-notice>` : nothing}
      </form>
      <hm-button slot="actions" kind="quiet" @click=${() => (this.draft = null)}>${say.cancel}</hm-button>
      <hm-button slot="actions" kind="primary" ?busy=${this.busy} ?disabled=${!draft.username.trim() || !draft.password} @click=${() => this.renderRoot.querySelector('.making').requestSubmit()}>${this.busy ? words.adding : words.add}</hm-button></hm-dialog>`;
  }
}
customElements.define('members-page', MembersPage);
