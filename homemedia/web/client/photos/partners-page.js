import { css, html, nothing, repeat } from '../vendor/lit.js';
import { SectionPage } from '../admin/section-page.js';
import { api, invalidate } from '../api.js';
import { session } from '../session.js';
import { toast, toastError } from '../ui/toast.js';
import { readAgain } from './changes.js';
import { say } from './en.js';
import { faceOf } from './items.js';

const PARTNERS = '/api/partners';
const nameOf = (user) => user.name ?? user.displayName ?? user.username;

/** Settings: to whom one shows all photos, and who shows theirs. */
class PartnersPage extends SectionPage {
  static styles = [SectionPage.styles, css`
    .panel > h2 + p { margin-top: 2px; } .row { display: flex; align-items: center; gap: 12px; min-height: 60px; flex-wrap: wrap; } .row .words { flex: 1 1 160px; min-width: 0; } .list { margin-top: 8px; } .list > * + * { border-top: 1px solid var(--line); }
    .more { margin-top: 12px; }
  `];

  given = this.query(() => `${PARTNERS}?direction=shared-by`);
  got = this.query(() => `${PARTNERS}?direction=shared-with`);
  users = this.query(() => '/api/users');

  constructor() {
    super();
    this.live({ 'partners.changed': () => (this.given.refresh(), this.got.refresh()) });
  }

  async run(ask, words, undo) {
    try {
      await ask();
      toast(words, { undo });
    } catch (error) {
      toastError(error);
    }
    invalidate(PARTNERS);
    readAgain();
  }

  give(user, { back = true } = {}) {
    return this.run(() => api.post(`${PARTNERS}/${user.id}`), say.partnerGiven(nameOf(user)), back ? () => this.stop(user, { back: false }) : undefined);
  }

  stop(user, { back = true } = {}) {
    return this.run(() => api.delete(`${PARTNERS}/${user.id}`), say.partnerStopped(nameOf(user)), back ? () => this.give(user, { back: false }) : undefined);
  }

  async place(user, inTimeline) {
    const put = (is) => api.put(`${PARTNERS}/${user.id}`, { inTimeline: is });
    await this.run(() => put(inTimeline), inTimeline ? say.partnerIn(nameOf(user)) : say.partnerOut(nameOf(user)), () => this.place(user, !inTimeline));
  }

  /** Members one could show photos to. */
  get others() {
    const all = Array.isArray(this.users.data) ? this.users.data : (this.users.data?.users ?? []);
    const given = new Set((this.given.data ?? []).map((one) => one.id));
    return all.filter((one) => one.id !== session.user?.id && !given.has(one.id));
  }

  avatar = (user) => html`<hm-avatar name=${nameOf(user)} size="40" src=${faceOf(user) ?? nothing}></hm-avatar>`;

  givenTo(partners) {
    const others = this.others;
    return html`<section class="panel"><h2>${say.partnersGiven}</h2><p class="second">${say.partnersGivenText}</p>
      <div class="list">${repeat(partners, (one) => one.id, (one) => html`<div class="row">${this.avatar(one)}<div class="words"><span class="name one-line">${one.name}</span></div><hm-button size="small" @click=${() => this.stop(one)}>${say.stopShowing}</hm-button></div>`)}</div>
      ${others.length ? html`<hm-menu class="more" align="start" label=${say.showTo} .items=${others.map((one) => ({ id: one.id, label: nameOf(one), icon: 'user' }))} @hm-select=${(event) => this.give(others.find((one) => one.id === event.detail.id))}><hm-button icon="user-plus">${say.showTo}</hm-button></hm-menu>` : partners.length ? nothing : html`<p class="hint more">${say.nobodyElse}</p>`}</section>`;
  }

  gotFrom(partners) {
    if (!partners.length) return html`<section class="panel"><h2>${say.partnersGot}</h2><p class="second">${say.partnersGotNone}</p></section>`;
    return html`<section class="panel"><h2>${say.partnersGot}</h2><div class="list">${repeat(partners, (one) => one.id, (one) => html`<div class="row">${this.avatar(one)}<div class="words"><a class="link name one-line" href=${`/photos/partners/${one.id}`}>${say.photosOf(one.name)}</a></div>
      <hm-switch aria-name=${say.inTimelineOf(one.name)} ?checked=${one.inTimeline} @hm-change=${(event) => this.place(one, event.detail.checked)}><span class="second">${say.inTimeline}</span></hm-switch></div>`)}</div></section>`;
  }

  render() {
    const loading = () => html`<hm-skeleton kind="panel" count="1"></hm-skeleton>`;
    return this.framed('settings', 'partners', html`${this.given.render({ loading, data: (some) => this.givenTo(some) })}${this.got.render({ loading, data: (some) => this.gotFrom(some) })}`);
  }
}
customElements.define('photo-partners-page', PartnersPage);
