import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { session } from '../session.js';
import { install } from '../ui/install.js';
import { Page } from '../ui/page.js';
import { copyText, secure } from '../ui/platform.js';
import { toast, toastError } from '../ui/toast.js';
import { setup as say } from './en.js';
import { bookmarklet, endpoint } from './endpoint.js';
import { clips } from './store.js';

const TOKEN = '/api/home/clips/share-token';
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** How to send from other apps and devices: share sheets, a shortcut, a bookmark. */
class FeedSetupPage extends Page {
  static properties = { ...Page.properties, token: { state: true }, isBusy: { state: true }, isCode: { state: true } };

  static styles = [Page.styles, css`
    .body { max-width: 756px; display: flex; flex-direction: column; gap: 20px; } .lead { font: var(--font-14); color: var(--text2); }
    section h2 { font: var(--font-16); letter-spacing: -0.008em; display: flex; align-items: center; gap: 10px; } section h2 hm-icon { color: var(--text2); } section > .second, .part > .second { margin-top: 2px; text-wrap: pretty; max-width: 64ch; }
    .part { border-top: 1px solid var(--line); margin-top: 16px; padding-top: 16px; } .part h3 { font: var(--font-14); font-weight: 600; } section hm-notice { margin-top: 12px; }
    .actions { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 12px; } .address { display: flex; gap: 8px; margin-top: 12px; align-items: center; }
    output { flex: 1 1 0; min-width: 0; min-height: 44px; padding: 12px; border-radius: var(--radius); background: var(--sunken); font: 14px/20px var(--mono); color: var(--text2); overflow-wrap: anywhere; user-select: all; -webkit-user-select: all; }
    details { margin-top: 16px; } summary { display: inline-flex; align-items: center; gap: 6px; min-height: 36px; font: var(--font-14); font-weight: 500; cursor: pointer; list-style: none; } summary::-webkit-details-marker { display: none; } details[open] summary hm-icon { transform: rotate(180deg); }
    ol { display: grid; gap: 8px; padding-left: 22px; list-style: decimal; font: var(--font-14); color: var(--text2); max-width: 64ch; margin-top: 4px; } li::marker { color: var(--text3); }
    .mark { display: inline-flex; align-items: center; gap: 8px; min-height: 40px; padding: 0 16px; border-radius: var(--radius); background: var(--soft); color: var(--accent); font: var(--font-14); font-weight: 600; cursor: grab; user-select: none; -webkit-user-drag: element; }
    @media (max-width: 719.98px) { .address { flex-direction: column; align-items: stretch; } .address > * { flex: none; } .mark { min-height: 44px; } }
  `];

  own = this.query(() => TOKEN);

  constructor() {
    super();
    Object.assign(this, { token: null, isBusy: false, isCode: false });
  }

  connectedCallback() {
    super.connectedCallback();
    clips.readMe().then(() => this.requestUpdate());
    this.off = install.subscribe(() => this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.off();
  }

  async make() {
    this.isBusy = true;
    try {
      this.token = (await api.post(TOKEN)).token;
      this.own.update(() => ({ exists: true, createdAt: new Date().toISOString() }));
    } catch (error) {
      toastError(error);
    }
    this.isBusy = false;
  }

  async end() {
    try {
      const state = await api.delete(TOKEN);
      this.token = null;
      this.own.update(() => state);
      toast(say.ownEnded);
    } catch (error) {
      toastError(error);
    }
  }

  async copy(event, text) {
    const output = event.currentTarget.closest('section, .part').querySelector('output');
    const done = await copyText(text);
    if (!done && output) getSelection().selectAllChildren(output);
    toast(done ? say.copied : say.notCopied);
  }

  secureFirst() {
    return html`<hm-notice tone="info">${say.insecure} ${session.user?.isAdmin ? html`<a class="link" href="/admin/https">${say.insecureHost}</a>` : say.insecureMember}</hm-notice>`;
  }

  android() {
    const now = install.isApp ? html`<hm-notice tone="good">${say.androidOn}</hm-notice>` : !secure ? this.secureFirst()
      : install.way === 'prompt' ? html`<div class="actions"><hm-button kind="primary" icon="download" @click=${() => install.ask()}>${say.install}</hm-button></div>` : html`<hm-notice tone="info">${say.installNow}</hm-notice>`;
    return html`<section class="panel"><h2><hm-icon name="share"></hm-icon>${say.androidTitle}</h2><p class="second">${say.androidText}</p>${now}</section>`;
  }

  address(text) {
    return html`<div class="address"><output>${text}</output><hm-button icon="copy" @click=${(event) => this.copy(event, text)}>${say.copy}</hm-button></div>`;
  }

  personal({ exists }) {
    return html`<div class="part"><h3>${say.own}</h3><p class="second">${say.ownText}</p>${this.token ? this.address(endpoint(this.token)) : exists ? html`<p class="t14 quiet">${say.ownIs}</p>` : nothing}
      <div class="actions"><hm-button kind=${exists ? 'plain' : 'primary'} ?busy=${this.isBusy} @click=${() => this.make()}>${exists ? say.ownAgain : say.ownMake}</hm-button>${exists ? html`<hm-button kind="quiet" @click=${() => this.end()}>${say.ownEnd}</hm-button>` : nothing}</div></div>`;
  }

  iphone() {
    const group = clips.me?.group;
    return html`<section class="panel"><h2><hm-icon name="phone"></hm-icon>${say.iphoneTitle}</h2><p class="second">${say.iphoneText} ${secure ? nothing : say.atHome}</p>
      ${group?.shortcutUrl ? html`<p class="t14 quiet">${say.readyText}</p><div class="actions"><hm-button kind="primary" icon="external" href=${group.shortcutUrl} target="_blank">${say.ready}</hm-button></div>` : nothing}
      ${this.own.render({ loading: () => html`<hm-skeleton kind="text" count="3"></hm-skeleton>`, data: (state) => this.personal(state) })}
      ${group?.shortcutToken ? html`<div class="part"><h3>${say.house}</h3><p class="second">${say.houseText}</p>${this.address(endpoint(group.shortcutToken))}</div>` : nothing}
      <details><summary>${say.how}<hm-icon name="chevron-down" size="16"></hm-icon></summary><ol>${say.steps.map((step) => html`<li>${step}</li>`)}<li>${say.stepPhones}</li></ol></details></section>`;
  }

  desktop() {
    const code = bookmarklet();
    const pressed = (event) => {
      event.preventDefault();
      toast(say.bookmarkletPressed);
    };
    return html`<section class="panel"><h2><hm-icon name="computer"></hm-icon>${say.desktopTitle}</h2><p class="second">${say.desktopText}</p>
      <div class="actions"><a class="mark" href=${code} draggable="true" @click=${pressed}><hm-icon name="send" size="16"></hm-icon>${say.bookmarklet}</a>
        <hm-button kind="quiet" icon="copy" @click=${(event) => { this.isCode = true; this.updateComplete.then(() => this.copy({ currentTarget: event.target }, code)); }}>${say.bookmarkletCopy}</hm-button></div>
      ${this.isCode ? html`<div class="address"><output>${code}</output></div>` : nothing}</section>`;
  }

  render() {
    this.title = say.title;
    return html`<hm-page-header heading=${say.title} back="/feed/add"></hm-page-header>
      <div class="body"><p class="lead">${say.text}</p>${LOOPBACK.test(location.hostname) ? html`<hm-notice tone="warn">${say.loopback}</hm-notice>` : nothing}
        ${this.android()}${this.iphone()}${this.desktop()}
        <section class="panel"><h2><hm-icon name="link"></hm-icon>${say.pasteTitle}</h2><p class="second">${say.pasteText}</p><div class="actions"><hm-button icon="plus" href="/feed/add">${say.pasteGo}</hm-button></div></section></div>`;
  }
}
customElements.define('feed-setup-page', FeedSetupPage);
