import { css, html, nothing } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { date } from '../format.js';
import { copyText } from '../ui/platform.js';
import { confirmDialog } from '../ui/dialog.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { SectionPage } from './section-page.js';

const words = say.httpsWords;
const STATE = '/api/home/server/https/state';

/** The secure address: on or off, where it is, what devices must install for it. */
class AdminHttpsPage extends SectionPage {
  static properties = { ...SectionPage.properties, busy: { state: true } };

  static styles = [SectionPage.styles, css`
    .panel > hm-notice { margin-top: 16px; } dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 8px 16px; margin-top: 12px; font: var(--font-14); }
    dt { color: var(--text2); } dd { margin: 0; overflow-wrap: anywhere; } .print { font: 12px/16px var(--mono); }
    .guide { display: grid; grid-template-columns: minmax(0, 1fr) 160px; gap: 24px; align-items: center; } .guide hm-qr { width: 160px; } .guide .actions { margin-top: 12px; }
    .panel > .actions, dl + p { margin-top: 16px; } ul { display: grid; gap: 4px; margin-top: 12px; font: var(--font-14); } li { display: grid; grid-template-columns: 20px minmax(0, 1fr); gap: 8px; } li hm-icon { color: var(--good); }
    @media (max-width: 719.98px) { .guide { grid-template-columns: minmax(0, 1fr); } dl { grid-template-columns: minmax(0, 1fr); gap: 2px; } dd + dt { margin-top: 8px; } }
  `];

  https = this.query(() => STATE, { poll: 10_000 });

  constructor() {
    super();
    this.busy = false;
  }

  async change(what, done) {
    this.busy = true;
    try {
      const state = await what();
      this.https.update(() => state);
      invalidate('/api/home/server/https');
      if (!state.problem) toast(done);
    } catch (error) {
      toastError(error);
      this.https.refresh();
    } finally {
      this.busy = false;
    }
  }

  turn(on) {
    return this.change(() => api.put('/api/home/server/https', { on }), on ? words.switchedOn : words.switchedOff);
  }

  async renew() {
    const isSure = await confirmDialog({ heading: words.renewTitle, text: words.renewText, action: words.renew, danger: true });
    if (isSure) await this.change(() => api.post('/api/home/server/https/authority'), words.renewed);
  }

  render() {
    return this.framed('administration', 'https', this.https.render({
      loading: () => html`<hm-skeleton kind="panel" count="2"></hm-skeleton>`,
      data: (state) => html`${this.main(state)}${state.port ? this.addresses(state) : nothing}${state.port && state.authority ? this.devices(state) : nothing}${state.certificate ? this.certificate(state) : nothing}`,
    }));
  }

  main(state) {
    return html`<section class="panel"><h2>${say.https}</h2><p class="second">${words.text}</p>
      <ul>${words.brought.map((line) => html`<li><hm-icon name="check" size="20"></hm-icon><span>${line}</span></li>`)}</ul>
      ${state.fixed
        ? html`<hm-notice>${words.fixed}</hm-notice>`
        : html`<div class="form"><hm-switch label=${words.on} hint=${words.onHint} ?checked=${state.on} ?disabled=${this.busy} @hm-change=${(event) => this.turn(event.detail.checked)}></hm-switch></div>`}
      ${state.problem ? html`<hm-notice tone="warn">${state.problem}</hm-notice>` : nothing}</section>`;
  }

  addresses(state) {
    return html`<section class="panel"><h2>${words.addresses}</h2><p class="second">${words.addressesText}</p>
      ${state.urls.map((url) => html`<div class="address"><span>${url}</span><hm-icon-button icon="copy" label=${words.copy(url)} @click=${() => this.copy(url)}></hm-icon-button></div>`)}
      ${state.uncovered.length ? html`<hm-notice tone="warn">${words.uncovered(state.uncovered.join(', '))}</hm-notice>` : nothing}</section>`;
  }

  devices(state) {
    return html`<section class="panel"><div class="guide"><div><h2>${words.devices}</h2><p class="second">${words.devicesText}</p>
        <div class="actions"><hm-button href="/https">${words.steps}</hm-button><hm-button icon="download" href="/api/home/server/https/authority.crt">${words.download}</hm-button></div></div>
      <hm-qr .svg=${state.guide.qr} label=${words.qr(state.guide.url)}></hm-qr></div></section>`;
  }

  certificate({ certificate, authority, fixed }) {
    const fact = (name, value) => html`<dt>${name}</dt><dd>${value}</dd>`;
    const print = (text) => html`<span class="print">${text}</span>`;
    return html`<section class="panel"><h2>${words.certificate}</h2><dl>
        ${fact(words.names, [...certificate.hosts, ...certificate.addresses].join(', '))}
        ${fact(words.until, fixed ? date(certificate.endsAt) : words.renewedBySelf(date(certificate.endsAt)))}
        ${fact(words.issuer, certificate.issuer)}
        ${authority ? html`${fact(words.installedUntil, date(authority.endsAt))}${fact(words.fingerprint, print(authority.fingerprint))}` : fact(words.fingerprint, print(certificate.fingerprint))}</dl>
      ${authority ? html`<p class="second">${words.limits}</p><div class="actions"><hm-button kind="danger" icon="refresh" ?busy=${this.busy} @click=${this.renew}>${words.renew}</hm-button></div>` : nothing}</section>`;
  }

  async copy(url) {
    toast((await copyText(url)) ? say.copied : say.notCopied);
  }
}
customElements.define('admin-https-page', AdminHttpsPage);
