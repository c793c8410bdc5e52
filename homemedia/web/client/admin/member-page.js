import { css, html, nothing } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { ago, date, join, size } from '../format.js';
import { pictureOf } from '../people.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { confirmDialog } from '../ui/dialog.js';
import { toast, toastError } from '../ui/toast.js';
import { deviceName, deviceRow, deviceStyles } from './device-rows.js';
import { say } from './en.js';
import './key-rows.js';
import './library-choice.js';
import './link-card.js';
import { isNameless, nameOf, stateBadge } from './members-page.js';
import { Offered } from './offered.js';
import './restrictions.js';
import './seen-preview.js';
import { SectionPage } from './section-page.js';
import { roomChoice, roomUsed } from './storage-room.js';

const words = say.memberWords;

/** One member: who he is, what he sees, what is taken away from him, where he is signed in. */
class MemberPage extends SectionPage {
  static properties = { ...SectionPage.properties, busy: { state: true }, problem: { state: true }, refused: { state: true }, link: { state: true } };

  static styles = [SectionPage.styles, deviceStyles, css`
    .who { display: flex; align-items: center; gap: 16px; } .who .words { flex: 1; min-width: 0; } .who h2 { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; overflow-wrap: anywhere; }
    .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(200px, 100%), 1fr)); gap: 20px 16px; align-items: start; }
    .form { max-width: none; } .panel > h2 + .form, .panel > h2 + library-choice, .panel > h2 + restrictions-editor { margin-top: 16px; }
    .panel > .second + * { margin-top: 16px; } .switches { display: flex; flex-direction: column; gap: 20px; }
    .devices { margin-top: 4px; } .end { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 16px; }
    aside { position: sticky; top: calc(var(--top) + 12px); } .sight > p { margin-bottom: 4px; }
    .room { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(200px, 100%), 1fr)); gap: 12px 16px; align-items: end; } .room hm-progress { margin: 8px 0; }
    .made { text-wrap: pretty; margin-bottom: 16px; }
  `];

  members = this.query(() => '/api/users', { maxAge: 0 });
  limits = this.query(() => (this.member && !this.member.isAdmin ? `/api/users/${this.params.id}/restrictions` : null));
  devices = this.query(() => `/api/home/accounts/members/${this.params.id}/sessions`, { maxAge: 0 });
  account = this.query(() => `/api/admin/users/${this.params.id}`);
  offered = new Offered(this);

  constructor() {
    super();
    this.busy = '';
    this.problem = null;
    this.refused = null;
    this.link = null;
    this.isWide = matchMedia('(min-width: 1280px)');
    this.resized = () => this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    this.isWide.addEventListener('change', this.resized);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.isWide.removeEventListener('change', this.resized);
  }

  get member() {
    return this.members.data?.find((member) => member.id === this.params.id);
  }

  get name() {
    return nameOf(this.member);
  }

  get isSelf() {
    return this.params.id === session.user?.id;
  }

  /** Changes the account; what the server answers stands at once. @param {object} change */
  async put(change) {
    const { user } = await api.put(`/api/users/${this.params.id}`, change);
    this.members.update((list) => list.map((member) => (member.id === user.id ? { ...member, ...user } : member)));
    invalidate('/api/home/accounts/members/');
    if (this.isSelf) await session.load();
  }

  /** A change at the press of a switch, which can be taken back where that is the same press again. */
  async flip(change, done, undo) {
    if ('libraries' in change) this.members.update((list) => list.map((member) => (member.id === this.params.id ? { ...member, ...change } : member))); // seen at once
    try {
      await this.put(change);
      toast(done, undo ? { undo: () => this.put(undo).catch(toastError) } : {});
    } catch (error) {
      toastError(error);
      this.members.refresh();
      this.requestUpdate();
      for (const one of this.renderRoot.querySelectorAll('hm-switch')) one.checked = Boolean(this.member[one.dataset.of]); // back to how it is
    }
  }

  async rename(event) {
    event.preventDefault();
    const form = Object.fromEntries([...new FormData(event.target)].map(([name, value]) => [name, String(value).trim()]));
    const body = { username: form.username, displayName: form.displayName, email: form.email || null, ...('until' in form ? { expiresAt: endOf(form.until) } : {}) };
    await this.saved('names', () => this.put(body), say.saved);
  }

  async reset(event) {
    event.preventDefault();
    const { target } = event;
    const password = String(new FormData(target).get('password'));
    if (await this.saved('password', () => this.put({ password }), words.passwordSet(this.name))) target.querySelector('hm-field').value = '';
  }

  async saved(which, request, done) {
    this.busy = which;
    this.problem = null;
    try {
      await request();
      toast(done);
      return true;
    } catch (error) {
      this.problem = Object.assign(error, { which });
      return false;
    } finally {
      this.busy = '';
    }
  }

  async restrict(change) {
    const before = this.limits.data;
    const undo = Object.fromEntries(Object.keys(change).map((name) => [name, before[name]]));
    const path = `/api/users/${this.params.id}/restrictions`;
    const put = async (body) => {
      const whole = await api.put(path, body);
      this.limits.update(() => whole);
    };
    this.refused = null;
    this.limits.update((limits) => ({ ...limits, ...change }));
    try {
      await put(change);
      toast(say.saved, { undo: () => put(undo).catch(toastError) });
    } catch (error) {
      this.limits.update(() => before);
      this.refused = error;
      toastError(error);
    }
  }

  async giveRoom(bytes) {
    const before = this.account.data.quotaSizeInBytes;
    const put = async (quotaSizeInBytes) => {
      const account = await api.put(`/api/admin/users/${this.params.id}`, { quotaSizeInBytes });
      this.account.update(() => account);
    };
    try {
      await put(bytes);
      toast(say.storageWords.saved(this.name, bytes === null ? '' : size(bytes)), { undo: () => put(before).catch(toastError) });
    } catch (error) {
      toastError(error);
      this.account.refresh();
    }
  }

  async signOut(device) {
    try {
      await api.delete(`/api/home/accounts/members/${this.params.id}/sessions/${device.id}`);
      toast(say.signedOut(deviceName(device)));
    } catch (error) {
      if (error.status !== 404) toastError(error); // 404: signed out meanwhile
    }
    this.devices.refresh();
  }

  async makeLink() {
    try {
      this.link = await api.get(`/api/users/${this.params.id}/share-link`);
    } catch (error) {
      toastError(error);
    }
  }

  async remove() {
    const { name } = this;
    const sure = await confirmDialog({ heading: words.removeTitle(name), text: words.removeText, action: words.remove, keep: say.keep, danger: true });
    if (!sure) return;
    try {
      await api.delete(`/api/users/${this.params.id}`);
      invalidate('/api/users');
      toast(words.removed(name));
      go('/admin/members', { replace: true });
    } catch (error) {
      toastError(error);
    }
  }

  render() {
    return html`${this.framed('administration', 'members', this.members.render({
      loading: () => html`<hm-skeleton kind="panel" count="3"></hm-skeleton>`,
      data: () => (this.member ? this.all(this.member) : html`<hm-empty icon="user" heading=${words.gone}><hm-button slot="action" href="/admin/members">${say.members}</hm-button></hm-empty>`),
    }), this.isWide.matches && this.member && !this.member.isAdmin ? this.sight(this.member) : nothing)}${this.link ? this.shower() : nothing}`;
  }

  /** The house as this member sees it, beside what changes it where there is room, else behind it. */
  sight(member) {
    return html`<section class="panel sight"><h2>${say.sightWords.heading(this.name)}</h2><p class="second">${say.sightWords.text}</p>
      <seen-preview user=${member.id} name=${this.name} .limits=${this.limits.data ?? null} .libraries=${member.libraries}></seen-preview></section>`;
  }

  all(member) {
    return html`
      <div class="title"><hm-icon-button icon="arrow-left" label=${say.members} href="/admin/members"></hm-icon-button><h2>${say.members}</h2></div>
      <section class="panel who"><hm-avatar name=${this.name} size="56" src=${pictureOf(member) ?? nothing}></hm-avatar>
        <div class="words"><h2>${this.name}${this.isSelf ? html`<hm-badge tone="accent">${words.you}</hm-badge>` : nothing}${stateBadge(member)}</h2>
          <p class="second">${join(member.isAdmin ? words.administrator : '', words.since(date(member.createdAt)), member.lastSeenAt ? words.seen(ago(member.lastSeenAt)) : words.neverSeen)}</p></div></section>
      ${member.state === 'pending' ? this.pending() : nothing}
      ${this.names(member)}${this.sees(member)}${this.taken(member)}${this.isWide.matches || member.isAdmin ? nothing : this.sight(member)}${this.room()}${this.signedIn()}${this.passwordPanel(member)}${this.isSelf ? nothing : this.ending(member)}`;
  }

  pending() {
    if (isNameless(this.member)) return html`<hm-notice tone="info">${words.namelessText}</hm-notice>`;
    return html`<hm-notice tone="warn" heading=${words.wantsIn(this.name)}>${words.wantsInText}<waiting-key member=${this.params.id}></waiting-key>
      <hm-button slot="action" size="small" @click=${() => this.flip({ enabled: false }, words.refused(this.name))}>${words.refuse}</hm-button>
      <hm-button slot="action" size="small" kind="primary" @click=${() => this.flip({ enabled: true }, words.approved(this.name))}>${words.approve}</hm-button></hm-notice>`;
  }

  names(member) {
    const { problem } = this;
    const isMine = problem?.which === 'names';
    const at = (name) => (!isMine ? '' : problem.code === `${name}_taken` ? problem.message : (problem.field?.(name) ?? ''));
    const isPlaced = ['username', 'displayName', 'email', 'expiresAt'].some(at);
    return html`<section class="panel"><h2>${words.account}</h2><form class="form" novalidate @submit=${this.rename}>
      <div class="pair"><hm-field label=${words.shownName} name="displayName" .value=${member.displayName} maxlength="64" autocomplete="off" error=${at('displayName')}></hm-field>
        <hm-field label=${words.username} name="username" .value=${member.username} maxlength="64" required autocomplete="off" error=${at('username')}></hm-field></div>
      <div class="pair"><hm-field label=${words.email} name="email" type="email" .value=${member.email ?? ''} maxlength="254" autocomplete="off" error=${at('email')}></hm-field>
        ${this.isSelf ? nothing : html`<hm-field label=${words.ends} name="until" type="date" .value=${dayOf(member.expiresAt)} hint=${words.endsHint} error=${at('expiresAt')}></hm-field>`}</div>
      ${isMine && !isPlaced ? html`<hm-notice tone="bad" role="alert">${problem.message}</hm-notice>` : nothing}
      <div class="actions"><hm-button type="submit" ?busy=${this.busy === 'names'}>${this.busy === 'names' ? say.saving : say.save}</hm-button></div>
      <div class="switches">
        <hm-switch data-of="isAdmin" label=${words.isAdmin} hint=${words.isAdminHint} ?checked=${member.isAdmin} @hm-change=${(event) => this.makeAdmin(event.detail.checked)}></hm-switch>
        ${this.isSelf || member.state === 'pending' ? nothing : html`<hm-switch data-of="enabled" label=${words.enabled} hint=${words.enabledHint} ?checked=${member.enabled} @hm-change=${(event) => this.enable(event.detail.checked)}></hm-switch>`}
      </div></form></section>`;
  }

  makeAdmin(isAdmin) {
    return this.flip({ isAdmin }, (isAdmin ? words.nowAdmin : words.noLongerAdmin)(this.name), this.isSelf ? null : { isAdmin: !isAdmin });
  }

  enable(enabled) {
    return this.flip({ enabled }, (enabled ? words.nowEnabled : words.nowDisabled)(this.name), { enabled: !enabled });
  }

  sees(member) {
    if (member.isAdmin) return html`<section class="panel"><h2>${words.libraries}</h2><p class="second">${words.adminSees}</p></section>`;
    const change = (event) => this.flip({ libraries: event.detail.value }, say.saved, { libraries: member.libraries });
    return html`<section class="panel"><h2>${words.libraries}</h2><library-choice .value=${member.libraries} @hm-change=${change}></library-choice></section>`;
  }

  taken(member) {
    if (member.isAdmin) return nothing;
    return html`<section class="panel"><h2>${say.limitWords.title}</h2><p class="second">${say.limitWords.text}</p>${this.limits.render({
      loading: () => html`<hm-skeleton kind="text" count="4"></hm-skeleton>`,
      data: (limits) => html`<restrictions-editor .value=${limits} .ratings=${this.offered.ratings} .labels=${this.offered.labels} .problem=${this.refused} @hm-change=${(event) => this.restrict(event.detail.change)}></restrictions-editor>`,
    })}</section>`;
  }

  room() {
    const { title, text } = say.storageWords;
    return html`<section class="panel"><h2>${title}</h2><p class="second">${text}</p>${this.account.render({
      loading: () => html`<hm-skeleton kind="text" count="2"></hm-skeleton>`,
      data: (account) => html`<div class="room">${roomChoice(account.quotaSizeInBytes, (bytes) => this.giveRoom(bytes))}<div>${roomUsed(account)}</div></div>`,
    })}</section>`;
  }

  signedIn() {
    return html`<section class="panel"><h2>${say.devices}</h2>${this.devices.render({
      loading: () => html`<hm-skeleton kind="text" count="2"></hm-skeleton>`,
      data: (list) => (list.length ? html`<div class="rows devices">${list.map((device) => deviceRow(device, (one) => this.signOut(one)))}</div>` : html`<p class="second">${words.noDevices}</p>`),
    })}<div class="end"><hm-button icon="tv" @click=${this.makeLink}>${words.tvLink}</hm-button></div></section>`;
  }

  passwordPanel(member) {
    if (this.isSelf) return html`<section class="panel"><h2>${say.password}</h2><p class="second">${words.ownPassword} <a class="link" href="/settings">${say.account}</a></p></section>`;
    const isMine = this.problem?.which === 'password';
    return html`<section class="panel"><h2>${words.resetTitle}</h2><form class="form" novalidate @submit=${this.reset}>
      <input type="text" autocomplete="username" .value=${member.username} hidden>
      <hm-field label=${say.newPassword} name="password" type="password" autocomplete="new-password" required hint=${words.resetHint(member.isAdmin ? 6 : 4)} error=${isMine ? (this.problem.field?.('password') ?? this.problem.message) : ''}></hm-field>
      <div class="actions"><hm-button type="submit" ?busy=${this.busy === 'password'}>${words.reset}</hm-button></div></form></section>`;
  }

  ending() {
    return html`<section class="panel"><h2>${words.endTitle}</h2><p class="second">${words.removeText}</p>
      <div class="actions"><hm-button kind="danger" icon="trash" @click=${this.remove}>${words.removeOne(this.name)}</hm-button></div></section>`;
  }

  shower() {
    const close = () => (this.link = null);
    return html`<hm-dialog open heading=${words.tvTitle(this.name)} width="480" cross @hm-close=${close}>
      <p class="made">${words.tvText(date(this.link.expiresAt))}</p>
      <link-card .url=${this.link.url} .qr=${this.link.qr ?? null} heading=${words.tvLink}></link-card>
      <hm-button slot="actions" kind="primary" @click=${close}>${say.inviteWords.done}</hm-button></hm-dialog>`;
  }
}
customElements.define('member-page', MemberPage);

/** Unix seconds as a day of here, for a date field; "" for none. */
function dayOf(seconds) {
  if (!seconds) return '';
  const day = new Date(seconds * 1000);
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`;
}

/** The last second of a day, in Unix seconds; null for none. */
function endOf(day) {
  return day ? Math.floor(new Date(`${day}T23:59:59`).getTime() / 1000) : null;
}
