import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { ago, join, listed, shortDate, until } from '../format.js';
import { confirmDialog } from '../ui/dialog.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { libraryNames } from './library-choice.js';
import './link-card.js';
import { Offered } from './offered.js';
import { UNRESTRICTED, limitsInWords } from './restrictions.js';
import './seen-preview.js';
import { SectionPage } from './section-page.js';

const words = say.inviteWords;
const DAY_S = 86_400;
const ENDS = [1, 7, 30, 90, 365, null];
const ACCOUNT_ENDS = [null, 1, 7, 30, 90, 365];
const USES = [1, 2, 3, 5, 10, 20];
const TONES = { active: 'good', used: 'plain', expired: 'plain', revoked: 'bad' };
const BLANK = { label: '', libraries: 'all', maxUses: 1, days: 7, accountDays: null, limits: UNRESTRICTED };

class InvitesPage extends SectionPage {
  static properties = { ...SectionPage.properties, draft: { state: true }, made: { state: true }, standing: { state: true }, busy: { state: true }, problem: { state: true } };

  static styles = [SectionPage.styles, css`
    .top { display: flex; align-items: center; gap: 12px; justify-content: space-between; min-height: 40px; }
    .panel.rows { padding-block: 8px; }
    .invite { display: flex; align-items: center; gap: 16px; min-height: 64px; padding: 12px 0; } .invite > hm-icon { color: var(--text2); }
    .invite .words { flex: 1; min-width: 0; } .invite .name { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; } .invite .second { margin-top: 2px; }
    .spent .name { color: var(--text2); }
    .code { font: 600 20px/28px var(--mono); letter-spacing: .04em; display: flex; flex-wrap: wrap; gap: 0 12px; margin: 12px 0; user-select: all; -webkit-user-select: all; }
    .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(180px, 100%), 1fr)); gap: 20px 16px; }
    .form { max-width: none; } .title { font: var(--font-14); font-weight: 500; margin-bottom: 6px; min-height: 0; display: block; }
    summary { display: flex; align-items: center; gap: 8px; cursor: pointer; font: var(--font-14); font-weight: 500; min-height: 44px; border-radius: 4px; list-style: none; } summary::-webkit-details-marker { display: none; }
    summary hm-icon { color: var(--text2); transition: transform var(--fast) ease-out; } details[open] summary hm-icon { transform: rotate(90deg); } details restrictions-editor { margin-top: 12px; }
    .made { text-wrap: pretty; margin-bottom: 16px; } .joined { margin-top: 16px; }
  `];

  invites = this.query(() => '/api/invites', { maxAge: 0 }); // somebody may be joining just now: the live channel tells
  code = this.query(() => '/api/home/accounts/standing-invite');
  offered = new Offered(this);

  constructor() {
    super();
    this.draft = null;
    this.made = null;
    this.standing = false;
    this.busy = false;
    this.problem = null;
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.search.new) this.begin();
  }

  begin = () => {
    this.problem = null;
    this.made = null;
    this.draft = { ...BLANK };
  };

  set(change) {
    this.draft = { ...this.draft, ...change };
  }

  async make(event) {
    event.preventDefault();
    if (this.busy) return;
    const { label, libraries, maxUses, days, accountDays, limits } = this.draft;
    const body = {
      label: label.trim(), libraries, maxUses, expiresIn: days && days * DAY_S, accountExpiresIn: accountDays && accountDays * DAY_S,
      restrictions: limits === UNRESTRICTED ? null : limits,
    };
    this.busy = true;
    this.problem = null;
    try {
      this.made = (await api.post('/api/invites', body)).invite;
      this.draft = null;
    } catch (error) {
      this.problem = error;
    } finally {
      this.busy = false;
      this.invites.refresh();
    }
  }

  async revoke(invite) {
    const sure = await confirmDialog({ heading: words.revokeTitle(invite.label), text: words.revokeText(invite.uses), action: words.revoke, keep: say.keep, danger: true });
    if (!sure) return;
    try {
      await api.delete(`/api/invites/${invite.id}`);
      toast(words.revoked);
    } catch (error) {
      toastError(error);
    }
    this.invites.refresh();
  }

  async renew() {
    const sure = await confirmDialog({ heading: words.renewTitle, text: words.renewText, action: words.renew, keep: say.keep, danger: true });
    if (!sure) return;
    try {
      const fresh = await api.post('/api/home/accounts/standing-invite/regenerate');
      this.code.update(() => fresh);
      toast(words.renewed);
    } catch (error) {
      toastError(error);
    }
  }

  render() {
    const aside = this.code.data ? this.standingPanel(this.code.data) : nothing;
    return html`${this.framed('administration', 'invites', this.invites.render({
      loading: () => html`<hm-skeleton kind="panel" count="2"></hm-skeleton>`,
      data: ({ invites }) => (invites.length ? this.all(invites) : this.none()),
    }), aside)}${this.draft ? this.maker() : nothing}${this.made ? this.shower() : nothing}${this.standing ? this.standingShower() : nothing}`;
  }

  none() {
    return html`<hm-empty icon="invite" heading=${words.none} text=${words.noneText}><hm-button slot="action" kind="primary" icon="plus" @click=${this.begin}>${words.make}</hm-button></hm-empty>`;
  }

  all(invites) {
    const open = invites.filter((invite) => invite.status === 'active');
    const spent = invites.filter((invite) => invite.status !== 'active');
    return html`<div class="top"><h2>${say.invites}</h2><hm-button kind="primary" icon="plus" @click=${this.begin}>${words.make}</hm-button></div>
      ${open.length ? html`<section class="panel rows" aria-label=${words.open}>${open.map((invite) => this.row(invite))}</section>` : html`<p class="second">${words.noneOpen}</p>`}
      ${spent.length ? html`<h2>${words.spent}</h2><section class="panel rows spent" aria-label=${words.spent}>${spent.map((invite) => this.row(invite))}</section>` : nothing}`;
  }

  row(invite) {
    const isOpen = invite.status === 'active';
    const who = invite.acceptedBy.map((one) => one.username);
    const end = isOpen ? (invite.expiresAt ? words.ends(until(invite.expiresAt)) : words.noEnd) : words.madeAt(ago(invite.createdAt));
    return html`<div class="invite"><hm-icon name="invite" size="24"></hm-icon>
      <div class="words"><p class="name">${invite.label || words.unnamed}<hm-badge tone=${TONES[invite.status]}>${words.states[invite.status]}</hm-badge></p>
        <p class="second">${join(words.uses(invite.uses, invite.maxUses), libraryNames(invite.libraries), end)}</p>
        ${limitsInWords(invite.restrictions) || invite.accountExpiresAt ? html`<p class="second">${join(limitsInWords(invite.restrictions), invite.accountExpiresAt ? words.accountEnds(shortDate(invite.accountExpiresAt)) : '')}</p>` : nothing}
        ${who.length ? html`<p class="second">${words.accepted(listed(who))}</p>` : nothing}</div>
      ${isOpen ? html`<hm-button size="small" @click=${() => this.revoke(invite)}>${words.revoke}</hm-button>` : nothing}</div>`;
  }

  standingPanel({ code }) {
    return html`<section class="panel"><h2>${words.standing}</h2><p class="second">${words.standingText}</p>
      <p class="code">${code.match(/.{1,4}/g).map((part) => html`<span>${part}</span>`)}</p>
      <div class="actions"><hm-button icon="qr" @click=${() => (this.standing = true)}>${words.show}</hm-button><hm-button kind="quiet" icon="refresh" @click=${this.renew}>${words.renew}</hm-button></div></section>`;
  }

  maker() {
    const { draft, problem } = this;
    const at = (name) => problem?.field?.(name) ?? '';
    const isPlaced = problem?.details?.some((one) => ['label', 'maxUses', 'expiresIn', 'accountExpiresIn'].includes(one.field));
    const select = (label, value, all, text, set, name) => html`<hm-field type="select" label=${label} .value=${String(value ?? '')} .options=${all.map((one) => ({ value: String(one ?? ''), label: text(one) }))} error=${at(name)} @change=${(event) => set(event.target.value === '' ? null : Number(event.target.value))}></hm-field>`;
    return html`<hm-dialog open heading=${words.make} cross @hm-close=${() => (this.draft = null)}>
      <form class="form making" novalidate @submit=${this.make}>
        <hm-field label=${words.label} name="label" .value=${draft.label} maxlength="100" autocomplete="off" hint=${words.labelHint} error=${at('label')} @input=${(event) => this.set({ label: event.target.value })}></hm-field>
        <div><p class="title">${say.memberWords.libraries}</p><library-choice .value=${draft.libraries} @hm-change=${(event) => this.set({ libraries: event.detail.value })}></library-choice></div>
        <div class="pair">${select(words.forHowMany, draft.maxUses, USES, words.people, (maxUses) => this.set({ maxUses }), 'maxUses')}
          ${select(words.goodFor, draft.days, ENDS, words.days, (days) => this.set({ days }), 'expiresIn')}</div>
        ${select(words.accountFor, draft.accountDays, ACCOUNT_ENDS, words.accountDays, (accountDays) => this.set({ accountDays }), 'accountExpiresIn')}
        <details><summary><hm-icon name="chevron-right" size="16"></hm-icon><span>${say.limitWords.title}</span><span class="second">${limitsInWords(draft.limits)}</span></summary>
          <restrictions-editor .value=${draft.limits} .ratings=${this.offered.ratings} .labels=${this.offered.labels} .problem=${problem}
            @hm-change=${(event) => this.set({ limits: { ...draft.limits, ...event.detail.change } })}></restrictions-editor></details>
        <div role="group" aria-label=${say.sightWords.guest}><p class="title">${say.sightWords.guest}</p>
          <seen-preview compact .limits=${draft.limits === UNRESTRICTED ? null : draft.limits} .libraries=${draft.libraries}></seen-preview></div>
        ${problem && !isPlaced ? html`<hm-notice tone="bad" role="alert">${problem.message}</hm-notice>` : nothing}
      </form>
      <hm-button slot="actions" kind="quiet" @click=${() => (this.draft = null)}>${say.cancel}</hm-button>
      <hm-button slot="actions" kind="primary" ?busy=${this.busy} @click=${() => this.renderRoot.querySelector('.making').requestSubmit()}>${this.busy ? words.making : words.makeIt}</hm-button></hm-dialog>`;
  }

  shower() {
    const { made } = this;
    const joined = this.invites.data?.invites.find((invite) => invite.id === made.id)?.acceptedBy ?? [];
    const close = () => {
      this.made = null;
      this.invites.refresh();
    };
    return html`<hm-dialog open heading=${made.label ? words.readyFor(made.label) : words.ready} width="400" cross @hm-close=${close}>
      <p class="made">${words.readyText}</p>
      <link-card .url=${made.url} .qr=${made.qr} heading=${words.shareTitle}></link-card>
      ${joined.length ? html`<hm-notice class="joined" tone="good" role="status">${words.accepted(listed(joined.map((one) => one.username)))}</hm-notice>` : nothing}
      <hm-button slot="actions" kind="primary" @click=${close}>${words.done}</hm-button></hm-dialog>`;
  }

  standingShower() {
    const { url, qr } = this.code.data;
    const close = () => (this.standing = false);
    return html`<hm-dialog open heading=${words.standing} width="400" cross @hm-close=${close}>
      <p class="made">${words.standingText}</p>
      <link-card .url=${url} .qr=${qr} heading=${words.shareTitle}></link-card>
      <hm-button slot="actions" kind="primary" @click=${close}>${words.done}</hm-button></hm-dialog>`;
  }
}
customElements.define('invites-page', InvitesPage);

