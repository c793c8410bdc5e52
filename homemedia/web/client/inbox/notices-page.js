import { css, html, nothing } from '../vendor/lit.js';
import { SectionPage } from '../admin/section-page.js';
import { api } from '../api.js';
import { ago } from '../format.js';
import { hasRoute } from '../router.js';
import { session } from '../session.js';
import { install } from '../ui/install.js';
import { push, secure } from '../ui/platform.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { subscription, turnOff, turnOn } from './push.js';

const WISHES = '/api/home/notifications/preferences';
const PUSH = '/api/home/notifications/push';
const NIGHT = { from: '22:00', to: '07:00' };
const HALVES = Array.from({ length: 48 }, (_, half) => `${String(half >> 1).padStart(2, '0')}:${half % 2 ? '30' : '00'}`).map((value) => ({ value, label: value }));
// Told by the feed: no switch for what is not there.
const OF_CLIPS = new Set(['newAdds', 'reactions', 'comments', 'mentions', 'dailyReminder']);
const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? '';

/** How one wants to hear of things: on which devices, of what, when, and by mail. */
class NoticesPage extends SectionPage {
  static properties = { ...SectionPage.properties, mine: { state: true }, busy: { state: true } };

  static styles = [SectionPage.styles, css`
    .panel .actions, .panel > hm-notice { margin-top: 16px; } .kinds { display: grid; grid-template-columns: minmax(0, 1fr) 72px 72px; align-items: center; margin-top: 8px; }
    .kinds > .head { font: var(--font-12); color: var(--text2); text-align: center; padding: 8px 0; } .kinds > .name { padding: 12px 12px 12px 0; } .kinds > hm-switch, .kinds > hm-checkbox { justify-self: center; }
    .kinds > .name, .kinds > .cell { border-top: 1px solid var(--line); align-self: stretch; } .kinds > .cell { display: grid; place-items: center; }
    .times { display: grid; grid-template-columns: repeat(2, minmax(0, 160px)); gap: 16px; margin-top: 16px; } .device { display: flex; align-items: center; gap: 12px; min-height: 56px; border-top: 1px solid var(--line); } .device .words { flex: 1; min-width: 0; }
    .panel hm-segmented { margin-top: 12px; } .panel > h3 { font: var(--font-14); font-weight: 600; margin: 20px 0 8px; } .hint a { color: var(--accent); }
    @media (max-width: 719.98px) { .kinds { grid-template-columns: minmax(0, 1fr) 60px 60px; } }
  `];

  wishes = this.query(() => WISHES);
  push = this.query(() => PUSH);

  constructor() {
    super();
    /** @type {string | null | undefined} the end of this browser's own address; undefined until it is known */
    this.mine = undefined;
    this.busy = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.look();
  }

  async look() {
    const made = await subscription().catch(() => null);
    this.mine = made && push.permission === 'granted' ? made.endpoint.slice(-24) : null;
  }

  /** Shown at once, kept by the server behind. */
  async change(body, shown) {
    this.wishes.update(shown);
    try {
      const kept = await api.patch(WISHES, body);
      this.wishes.update(() => kept);
    } catch (error) {
      toastError(error);
      this.wishes.refresh();
    }
  }

  turn(part, kind, is) {
    return this.change({ [part]: { [kind]: is } }, (wishes) => ({ ...wishes, kinds: wishes.kinds.map((one) => (one.kind === kind ? { ...one, [part]: is } : one)) }));
  }

  quiet(quiet) {
    return this.change({ quiet }, (wishes) => ({ ...wishes, quiet }));
  }

  async switchOn(key) {
    this.busy = true;
    try {
      const how = await turnOn(key);
      if (how === 'on') toast(say.turnedOn);
      else toast(how === 'denied' ? say.denied : say.notNow, { kind: 'bad' });
    } catch (error) {
      console.error(error);
      if (error.status === undefined) toast(say.failed, { kind: 'bad' });
      else toastError(error);
    } finally {
      this.busy = false;
    }
    await this.look();
    this.push.refresh();
  }

  async switchOff() {
    try {
      await turnOff();
      toast(say.turnedOff);
    } catch (error) {
      toastError(error);
    }
    await this.look();
    this.push.refresh();
  }

  async test() {
    try {
      const { sent } = await api.post(`${PUSH}/test`);
      toast(say.tested(sent));
    } catch (error) {
      toastError(error);
    }
  }

  async forget(one) {
    try {
      await api.delete(`${PUSH}/${one.id}`);
      toast(say.forgotten);
    } catch (error) {
      toastError(error);
    }
    this.push.refresh();
  }

  /** What can be done on this very device, or why nothing can. */
  here(answer) {
    if (!secure) return html`<hm-notice tone="info">${say.insecure} ${session.user?.isAdmin ? html`<a class="link" href="/admin/https">${say.insecureAdmin}</a>` : say.insecureMember}</hm-notice>`;
    if (!push.canBe) return html`<hm-notice tone="info">${install.way === 'share' ? say.install : say.unable}</hm-notice>`;
    if (push.permission === 'denied') return html`<hm-notice tone="warn">${say.denied}</hm-notice>`;
    const isOn = this.mine && answer.browsers.some((one) => one.endpointEnd === this.mine);
    if (!isOn) return html`<div class="actions"><hm-button kind="primary" icon="bell" ?busy=${this.busy} ?disabled=${this.mine === undefined} @click=${() => this.switchOn(answer.publicKey)}>${say.turnOn}</hm-button></div>`;
    return html`<hm-notice tone="good">${say.isOn}</hm-notice><div class="actions"><hm-button @click=${() => this.test()}>${say.test}</hm-button><hm-button kind="quiet" @click=${() => this.switchOff()}>${say.turnOff}</hm-button></div>`;
  }

  devices(answer) {
    const others = answer.browsers.filter((one) => one.endpointEnd !== this.mine);
    return html`<section class="panel"><h2>${say.device}</h2><p class="second">${say.deviceText}</p>${this.here(answer)}
      ${others.length ? html`<h3>${say.browsers}</h3>${others.map((one) => html`<div class="device"><div class="words"><p class="t14 one-line">${one.device || say.someBrowser}</p><p class="second">${ago(one.createdAt / 1000)}</p></div>
        <hm-button size="small" @click=${() => this.forget(one)}>${say.forget}</hm-button></div>`)}` : nothing}</section>`;
  }

  kinds(wishes) {
    const hasMail = wishes.digest !== 'off';
    return html`<section class="panel"><h2>${say.kindsTitle}</h2><p class="second">${say.kindsText}</p>
      <div class="kinds"><span></span><span class="head">${say.push}</span><span class="head">${say.mail}</span>
      ${wishes.kinds.filter((one) => say.kinds[one.kind] && (hasRoute('/feed') || !OF_CLIPS.has(one.kind))).map((one) => html`<div class="name"><p class="t14">${say.kinds[one.kind][0]}</p><p class="second">${say.kinds[one.kind][1]}</p></div>
        <div class="cell"><hm-switch ?checked=${one.push} aria-name=${say.pushOf(say.kinds[one.kind][0])} @hm-change=${(event) => this.turn('push', one.kind, event.detail.checked)}></hm-switch></div>
        <div class="cell"><hm-checkbox ?checked=${one.mail} ?disabled=${!hasMail} aria-name=${say.mailOf(say.kinds[one.kind][0])} @hm-change=${(event) => this.turn('mail', one.kind, event.detail.checked)}></hm-checkbox></div>`)}</div></section>`;
  }

  hours({ quiet }) {
    const field = (name) => html`<hm-field type="select" label=${say[name]} .options=${HALVES} .value=${quiet[name]} @change=${(event) => this.quiet({ ...quiet, [name]: event.target.value })}></hm-field>`;
    return html`<section class="panel"><h2>${say.quietTitle}</h2><p class="second">${say.quietText}</p>
      <div class="actions"><hm-switch label=${say.quiet} ?checked=${Boolean(quiet)} @hm-change=${(event) => this.quiet(event.detail.checked ? { ...NIGHT, timeZone: zone() } : null)}></hm-switch></div>
      ${quiet ? html`<div class="times">${field('from')}${field('to')}</div>${quiet.timeZone ? html`<p class="hint">${say.zone(quiet.timeZone)}</p>` : nothing}` : nothing}</section>`;
  }

  mail(wishes) {
    const why = wishes.canMail ? say.mailText(wishes.email) : wishes.email ? say.mailNoServer : say.mailNoAddress;
    const options = ['off', 'daily', 'weekly'].map((value) => ({ value, label: say.digest[value] }));
    return html`<section class="panel"><h2>${say.mailTitle}</h2><p class="second">${why}</p>
      ${wishes.canMail || wishes.digest !== 'off' ? html`<hm-segmented label=${say.mailTitle} .options=${options} value=${wishes.digest} @hm-change=${(event) => this.change({ digest: event.detail.value }, (now) => ({ ...now, digest: event.detail.value }))}></hm-segmented>` : nothing}</section>`;
  }

  render() {
    const bones = { loading: () => html`<hm-skeleton kind="panel" count="1"></hm-skeleton>` };
    return this.framed('settings', 'notices', html`${this.push.render({ ...bones, data: (answer) => this.devices(answer) })}
      ${this.wishes.render({ ...bones, data: (wishes) => html`${this.kinds(wishes)}${this.hours(wishes)}${this.mail(wishes)}` })}`);
  }
}
customElements.define('notices-page', NoticesPage);
