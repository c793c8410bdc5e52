// Who may see one thing: people of the house first, anybody with the link second, both with until when (look: share-dialog).
import { css, html, nothing, repeat } from '../vendor/lit.js';
import { api, ApiError, invalidate } from '../api.js';
import { ago } from '../format.js';
import { live } from '../live.js';
import { pictureOf } from '../people.js';
import { session } from '../session.js';
import { QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { copyText } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { endBody, endItems, endOf, endOfDay, levelName, levelOf, levelsOf, nameOf, rightsOf, SHARES, standing } from './shares.js';

const EVERYBODY = 'everyone';
const SHARED = `${SHARES}/outgoing`;

/**
 * `what`: `{type, id?, ids?, title, use, picture?, page?}`. `type` and `id` as shares name their target, `ids` of chosen pictures,
 * `use` watch, listen, photos, album or heap (which has no link), `page` the address members open it at, `isForAll` the sentence that stands for the members
 * where every one of them sees it anyway.
 */
export class ShareDialog extends Widget {
  static properties = {
    what: { attribute: false }, open: { type: Boolean },
    chosen: { state: true }, level: { state: true }, isBusy: { state: true }, made: { state: true }, asks: { state: true }, problem: { state: true }, qr: { state: true }, day: { state: true },
  };

  static styles = [shared, css`
    .lead { width: 56px; border-radius: var(--radius); overflow: hidden; flex: none; } .lead.poster { aspect-ratio: 2 / 3; } .lead.square { aspect-ratio: 1; } .lead img { width: 100%; height: 100%; object-fit: cover; display: block; }
    .sub { font: var(--font-14); color: var(--text2); margin-top: 2px; }
    .inside { padding-top: 12px; min-height: 96px; }
    .for-all { padding-top: 0; min-height: 0; } .for-all .by-link { border-top: 0; }
    .label { font: var(--font-12); color: var(--text3); margin: 20px 0 4px; }
    .who { display: flex; align-items: center; gap: 10px; min-height: 52px; --side: 40px; } .words { flex: 1 1 0; min-width: 0; } .words .name { font: var(--font-14); font-weight: 600; } .words .second { display: block; }
    .sign { display: grid; place-items: center; width: 40px; height: 40px; border-radius: 50%; background: var(--soft); color: var(--accent); flex: none; } .sign.off { background: var(--hover); color: var(--text2); }
    .level { display: inline-flex; align-items: center; gap: 6px; min-height: 32px; padding: 0 4px 0 8px; border-radius: var(--radius); font: var(--font-14); color: var(--text2); white-space: nowrap; } .level hm-icon { --icon: 16px; }
    @media (hover: hover) { .level:hover { background: var(--menu-hover); color: var(--text); } }
    .by-link { border-top: 1px solid var(--line); margin-top: 16px; padding-top: 14px; } .chips { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
    .address { display: flex; gap: 8px; margin-top: 12px; } .address output { flex: 1 1 0; min-width: 0; min-height: 44px; padding: 12px; border-radius: var(--radius); background: var(--sunken); font: 14px/20px var(--mono); color: var(--text2); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; user-select: all; -webkit-user-select: all; }
    .word { display: flex; gap: 8px; align-items: flex-end; margin-top: 12px; } .word hm-field { flex: 1 1 0; } .qr { display: flex; justify-content: center; margin-top: 16px; }
    .foot { display: flex; align-items: center; gap: 8px; margin-right: auto; min-width: 0; color: var(--text2); font: var(--font-14); } .foot button { display: inline-flex; align-items: center; gap: 8px; color: inherit; font: inherit; min-height: 36px; }
    @media (hover: hover) { .foot button:hover { color: var(--text); } }
    .never { margin-top: 16px; }
    .bad { display: flex; gap: 8px; font: var(--font-14); color: var(--bad); margin-top: 8px; }
    @media (max-width: 719.98px) { .foot { flex: 1 0 100%; } .level { max-width: 44vw; } .level span { overflow: hidden; text-overflow: ellipsis; } }
  `];

  constructor() {
    super();
    Object.assign(this, { open: true, chosen: [], level: 'take', isBusy: false, made: null, asks: null, problem: '', qr: null, day: null });
  }

  users = new QueryController(this, () => '/api/users');
  given = new QueryController(this, () => (this.what?.id ? this.address : null));

  get address() {
    return `${SHARED}?${new URLSearchParams({ target_type: this.what.type, target_id: this.what.id, include_reshares: 'true', limit: '200' })}`;
  }

  connectedCallback() {
    super.connectedCallback();
    this.off = live.on('shares.changed', () => this.given.refresh());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.off?.();
  }

  // what there is

  get shares() {
    return this.given.data ?? (this.made ? [this.made] : []);
  }

  get persons() {
    return this.shares.filter((share) => share.recipient_type !== 'public_link');
  }

  get links() {
    return this.shares.filter((share) => share.recipient_type === 'public_link');
  }

  /** The one link the dialog keeps; others (of other programs) stand on the page of what is shared. */
  get link() {
    return this.links.find((share) => share.status !== 'expired') ?? this.links[0] ?? null;
  }

  get people() {
    const has = new Set(this.persons.map((share) => share.recipient_user_id ?? EVERYBODY));
    const all = Array.isArray(this.users.data) ? this.users.data : (this.users.data?.users ?? []);
    const members = all.filter((user) => user.id !== session.user?.id && !has.has(user.id) && user.enabled !== false);
    const some = members.map((user) => ({ id: user.id, name: nameOf(user), src: pictureOf(user), second: say.member }));
    return has.has(EVERYBODY) || members.length === 0 ? some : [{ id: EVERYBODY, name: say.everybody, icon: 'users', second: say.everybodySecond }, ...some];
  }

  /** As it stands in a sentence. */
  called(id) {
    return id === EVERYBODY ? say.everybodyInIt : this.people.find((one) => one.id === id)?.name;
  }

  faceOf(share) {
    const all = Array.isArray(this.users.data) ? this.users.data : [];
    return pictureOf(all.find((user) => user.id === share.recipient_user_id));
  }

  // what is done

  async run(ask, done) {
    this.problem = '';
    try {
      const answer = await ask();
      this.changed();
      done?.(answer);
      return answer;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error.message;
      return null;
    }
  }

  changed() {
    if (this.what.id) this.given.refresh();
    invalidate(SHARES, '/api/shared-links');
    this.emit('hm-shared');
  }

  body(recipient, permissions) {
    const { type, id, ids } = this.what;
    return { target_type: type, ...(ids ? { target_ids: ids } : { target_id: id }), ...recipient, permissions };
  }

  async give() {
    if (!this.chosen.length) return this.close();
    this.isBusy = true;
    const names = this.chosen.map((id) => this.called(id));
    const rights = rightsOf(this.what.use, this.level);
    const one = (id) => (id === EVERYBODY ? { recipient_type: 'group', recipient_group_id: EVERYBODY } : { recipient_type: 'user', recipient_user_id: id });
    const left = [...this.chosen];
    await this.run(async () => {
      while (left.length) {
        await api.post(SHARES, this.body(one(left[0]), rights));
        left.shift();
      }
    }, () => toast(say.shared(names)));
    this.chosen = left;
    this.isBusy = false;
    if (!left.length) this.close();
    return undefined;
  }

  patch(share, body) {
    return this.run(() => api.patch(`${SHARES}/${share.id}`, body), (answer) => { if (!this.what.id) this.made = answer; });
  }

  stop(share, name) {
    const again = share.recipient_type === 'group' ? { recipient_type: 'group', recipient_group_id: EVERYBODY } : { recipient_type: 'user', recipient_user_id: share.recipient_user_id };
    const rights = rightsOf(this.what.use, levelOf(share.permissions, this.what.use));
    return this.run(() => api.delete(`${SHARES}/${share.id}`), () => toast(say.stopped(name), { undo: () => this.run(() => api.post(SHARES, { ...this.body(again, rights), expires_at: share.expires_at, notify: false }), () => toast(say.givenBack)) }));
  }

  async toggleLink(is) {
    if (is) {
      const rights = { ...rightsOf(this.what.use, 'look') };
      for (const name of ['can_edit', 'can_remove']) delete rights[name];
      if (this.what.use !== 'album') delete rights.can_add;
      await this.run(() => api.post(SHARES, this.body({ recipient_type: 'public_link' }, rights)), (made) => { if (!this.what.id) this.made = made; });
    } else await this.run(async () => { for (const share of this.links) await api.delete(`${SHARES}/${share.id}`); }, () => { this.made = null; this.qr = null; toast(say.linkEnded); });
  }

  end(share, { detail: { id } }) {
    if (id === 'on') this.day = share.id;
    else this.patch(share, endBody(id));
  }

  levelPicked(share, name, { detail: { id } }) {
    if (id === 'stop') this.stop(share, name);
    else if (id.startsWith('end:')) this.end(share, { detail: { id: id.slice(4) } });
    else this.patch(share, { permissions: rightsOf(this.what.use, id) });
  }

  async copy(text, words) {
    const done = await copyText(text);
    if (!done) getSelection().selectAllChildren(this.renderRoot.querySelector('.address output'));
    toast(done ? words : say.notCopied);
  }

  async setPassword(event) {
    event.preventDefault();
    const password = this.renderRoot.querySelector('.word hm-field').value;
    if (await this.patch(this.link, { password })) this.asks = null;
  }

  linkPicked(link, { detail: { id } }) {
    if (id === 'new') this.run(() => api.patch(`${SHARES}/${link.id}`, { rotate_token: true }), (answer) => { if (!this.what.id) this.made = answer; this.qr = null; toast(say.newAddressMade); });
    if (id === 'qr') this.showQr(link);
    if (id === 'details') this.patch(link, { permissions: { can_see_metadata: !link.permissions.can_see_metadata } });
    if (id === 'add') this.patch(link, { permissions: { can_add: !link.permissions.can_add } });
  }

  async showQr(link) {
    try {
      this.qr = this.qr ? null : (await api.get(`/api/home/sharing/shares/${link.id}/qr`)).svg;
    } catch (error) {
      toastError(error);
    }
  }

  async log(share) {
    (await import('./share-log.js')).openShareLog(share);
  }

  close() {
    this.open = false;
    this.emit('hm-close', { reason: 'done' });
  }

  // what is seen

  levelMenu(share, name) {
    const { use } = this.what;
    const at = levelOf(share.permissions, use);
    const isOurs = ['share', 'album_user', 'photo_link'].includes(share.origin);
    const items = [
      ...(isOurs ? [...levelsOf(use).map((one) => ({ ...one, checked: one.id === at })), { separator: true }, { group: say.end }, ...endItems(share).map((one) => ({ ...one, id: `end:${one.id}` })), { separator: true }] : []),
      { id: 'stop', label: say.stop, icon: 'x', danger: true },
    ];
    return html`<hm-menu label=${say.level(name)} .items=${items} @hm-select=${(event) => this.levelPicked(share, name, event)}><button type="button" class="level" aria-label="${say.level(name)}: ${levelsOf(use).find((one) => one.id === at)?.label ?? ''}"><span>${levelName(use, at)}</span><hm-icon name="chevron-down"></hm-icon></button></hm-menu>`;
  }

  person(share) {
    const isHouse = share.recipient_type === 'group';
    const name = isHouse ? say.everybody : share.recipient_name;
    const by = share.created_by === session.user?.id ? '' : ` · ${say.by(share.created_by_name ?? '')}`;
    return html`<div class="who">${isHouse ? html`<span class="sign"><hm-icon name="users"></hm-icon></span>` : html`<hm-avatar name=${name ?? ''} src=${this.faceOf(share) ?? nothing}></hm-avatar>`}
      <div class="words"><span class="name one-line">${name}</span><span class="second one-line">${standing(share)}${by}</span></div>${share.can_manage ? this.levelMenu(share, name) : nothing}</div>${this.daily(share)}`;
  }

  /** A day to end on, asked for under what it is of. */
  daily(share) {
    if (this.day !== share.id) return nothing;
    const take = async (event) => {
      event.preventDefault();
      const { value } = this.renderRoot.querySelector('.word hm-field');
      if (value && (await this.patch(share, { expires_at: endOfDay(value) }))) this.day = null;
    };
    return html`<form class="word" @submit=${take}><hm-field type="date" label=${say.endDay}></hm-field><hm-button type="submit">${say.done}</hm-button></form>`;
  }

  linkPart() {
    const { link } = this;
    const { use } = this.what;
    const { linkWords } = say;
    if (use === 'heap') return html`<p class="second never">${say.linkNever}</p>`;
    return html`<section class="by-link"><div class="who"><span class="sign ${link ? '' : 'off'}"><hm-icon name="link"></hm-icon></span>
      <div class="words"><span class="name">${say.link}</span><span class="second">${link ? linkWords[use === 'album' ? 'photos' : use] : say.linkOff}</span></div>
      <hm-switch aria-name=${say.link} ?checked=${Boolean(link)} @hm-change=${(event) => this.toggleLink(event.detail.checked)}></hm-switch></div>${link ? this.linkRules(link) : nothing}</section>`;
  }

  linkRules(link) {
    const { use } = this.what;
    const may = link.permissions;
    const withDetails = use === 'photos' || use === 'album';
    const down = [{ id: 'no', label: say.noDownload, checked: !may.can_download }, { id: 'yes', label: say.mayDownload, hint: say.mayDownloadHint, checked: may.can_download }];
    const more = [
      ...(use === 'album' ? [{ id: 'add', label: may.can_add ? say.noAdd : say.mayAdd, icon: 'upload' }] : []),
      ...(withDetails ? [{ id: 'details', label: may.can_see_metadata ? say.withoutDetails : say.withDetails, icon: 'pin' }] : []),
      { id: 'qr', label: say.qr, icon: 'qr' },
      { id: 'new', label: say.newAddress, hint: say.newAddressHint, icon: 'refresh' },
    ];
    const password = link.has_password
      ? html`<hm-menu align="start" label=${say.password} .items=${[{ id: 'set', label: say.passwordNew, icon: 'key' }, { id: 'none', label: say.passwordAway, icon: 'x' }]} @hm-select=${(event) => (event.detail.id === 'set' ? (this.asks = 'password') : this.patch(link, { password: null }))}><hm-chip menu>${say.passwordIs}</hm-chip></hm-menu>`
      : html`<hm-chip icon="plus" @click=${() => { this.asks = this.asks ? null : 'password'; }}>${say.password}</hm-chip>`;
    return html`<div class="chips">
        <hm-menu align="start" label=${say.end} .items=${endItems(link)} @hm-select=${(event) => this.end(link, event)}><hm-chip menu>${endOf(link)}</hm-chip></hm-menu>${password}
        <hm-menu align="start" label=${say.download} .items=${down} @hm-select=${(event) => this.patch(link, { permissions: { can_download: event.detail.id === 'yes' } })}><hm-chip menu>${may.can_download ? say.mayDownload : say.noDownload}</hm-chip></hm-menu>
        <hm-menu label=${say.more} .items=${more} @hm-select=${(event) => this.linkPicked(link, event)}><hm-icon-button icon="dots" label=${say.more}></hm-icon-button></hm-menu></div>
      ${this.asks === 'password' ? html`<form class="word" @submit=${this.setPassword}><hm-field type="password" autocomplete="new-password" label=${say.passwordField} hint=${say.passwordHint} minlength="4"></hm-field><hm-button type="submit">${say.passwordSet}</hm-button></form>` : nothing}${this.daily(link)}
      <div class="address"><output aria-label=${say.address}>${link.url}</output><hm-button icon="link" size="large" @click=${() => this.copy(link.url, say.copied)}>${say.copy}</hm-button></div>
      ${this.qr ? html`<div class="qr"><hm-qr .svg=${this.qr} label=${say.qrOf(this.what.title)}></hm-qr></div>` : nothing}`;
  }

  foot() {
    const { link } = this;
    if (link) {
      const when = link.last_accessed_at ? ago(Date.parse(link.last_accessed_at) / 1000) : '';
      return html`<div slot="actions" class="foot"><button type="button" @click=${() => this.log(link)}><hm-icon name="eye"></hm-icon><span>${say.opened(link.access_count ?? 0, when)}</span></button></div>`;
    }
    if (!this.what.page) return nothing;
    return html`<div slot="actions" class="foot"><button type="button" @click=${() => this.copy(`${location.origin}${this.what.page}`, say.pageCopied)}><hm-icon name="copy"></hm-icon><span>${say.page}</span></button></div>`;
  }

  render() {
    const { what, people, persons } = this;
    if (!what) return nothing;
    const isEverybody = persons.some((share) => share.recipient_type === 'group');
    const number = persons.filter((share) => share.recipient_type === 'user').length;
    const names = this.chosen.map((id) => this.called(id)).filter(Boolean);
    const summary = persons.length || this.link ? say.seenBy({ number, hasLink: Boolean(this.link), isEverybody }) : say.nobody;
    const levels = levelsOf(what.use);
    return html`<hm-dialog ?open=${this.open} cross heading=${say.heading(what.title)} @hm-close=${() => { this.open = false; }}>
      ${what.picture ? html`<div slot="lead" class="lead ${what.use === 'watch' ? 'poster' : 'square'}"><img src=${what.picture} alt=""></div>` : nothing}
      <p slot="sub" class="sub">${what.isForAll ?? (this.given.data || !what.id ? summary : nothing)}</p>
      <div class="inside ${what.isForAll ? 'for-all' : ''}">${!what.isForAll && (people.length || this.chosen.length) ? html`<hm-people-field autofocus label=${say.whom} placeholder=${say.whomHint} nobody=${say.nobodyFound} .people=${people} .values=${this.chosen} @hm-change=${(event) => { this.chosen = event.detail.values; }}>
          <hm-menu label=${say.levelNew} .items=${levels.map((one) => ({ ...one, checked: one.id === this.level }))} @hm-select=${(event) => { this.level = event.detail.id; }}><button type="button" class="level"><span>${levelName(what.use, this.level)}</span><hm-icon name="chevron-down"></hm-icon></button></hm-menu></hm-people-field>` : nothing}
        ${this.problem ? html`<p class="bad" role="alert"><hm-icon name="warning" size="16"></hm-icon><span>${this.problem}</span></p>` : nothing}
        ${persons.length ? html`<p class="label">${say.whoHasIt}</p>${repeat(persons, (share) => share.id, (share) => this.person(share))}` : nothing}
        ${this.linkPart()}</div>
      ${this.foot()}
      ${names.length ? html`<hm-button slot="actions" kind="quiet" @click=${() => this.close()}>${say.cancel}</hm-button><hm-button slot="actions" kind="primary" ?busy=${this.isBusy} @click=${() => this.give()}>${say.shareWith(names)}</hm-button>` : html`<hm-button slot="actions" kind="primary" @click=${() => this.close()}>${say.done}</hm-button>`}</hm-dialog>`;
  }
}
customElements.define('share-dialog', ShareDialog);

/** Opens it over the page. @param {ShareDialog['what']} what @returns {Promise<void>} when it is closed */
export function openShareDialog(what) {
  return new Promise((done) => {
    const dialog = Object.assign(document.createElement('share-dialog'), { what });
    dialog.addEventListener('hm-close', () => {
      setTimeout(() => dialog.remove());
      done();
    });
    document.body.append(dialog);
  });
}
