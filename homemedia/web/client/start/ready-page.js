import { css, html, nothing } from '../vendor/lit.js';
import { toast } from '../ui/toast.js';
import { copyText } from '../ui/platform.js';
import { session } from '../session.js';
import { Page } from '../ui/page.js';
import { scanPanel } from '../admin/scan-panel.js';
import { poster } from '../watch/cards.js';
import { say } from './en.js';
import { start } from './styles.js';
import { startTop } from './top.js';

/** Third step: it reads while one looks on; the address for the other devices. */
class ReadyPage extends Page {
  static styles = [Page.styles, start, css`
    .panels { display: flex; flex-direction: column; gap: 20px; margin-top: 28px; }
    .address { font: var(--font-16); overflow-wrap: anywhere; }
    .address-line { display: flex; gap: 12px; align-items: center; margin-top: 8px; flex-wrap: wrap; }
    .wall { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 16px; }
    .scan { display: flex; flex-direction: column; gap: 12px; }
    .foot { display: flex; justify-content: flex-end; margin-top: 24px; }
    @media (max-width: 719.98px) { .wall { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 12px; } .foot hm-button { flex: 1; } }
  `];

  status = this.query(() => '/api/scan-status', { poll: 2000 });
  recent = this.query(() => '/api/discover/recent?limit=12', { poll: 3000 });
  health = this.query(() => '/api/home/server/addresses');

  constructor() {
    super();
    this.live({ 'scan.progress': () => this.status.refresh(), 'library.changed': () => this.recent.refresh() });
  }

  render() {
    this.title = say.steps[2];
    const hasAny = session.libraries.length > 0;
    const scans = this.status.data?.scans ?? [];
    const found = this.recent.data?.items ?? [];
    return html`
      ${startTop(2)}
      <main class="start-wide">
        <h1 class="t40" tabindex="-1">${hasAny ? say.readyTitle : say.readyNone}</h1>
        <p>${hasAny ? say.readyText : say.readyNoneText}</p>
        <div class="panels">
          ${scans.length ? html`<section class="panel stack">${scans.map((scan) => scanPanel(scan))}</section>` : nothing}
          ${found.length ? html`<div class="wall" role="list">${found.slice(0, 6).map((item) => poster(item))}</div>` : nothing}
          <section class="panel"><h2 class="t16">${say.otherDevices}</h2><p class="second">${say.otherDevicesText}</p>
            ${this.addresses.map((address) => html`<div class="address-line"><span class="address">${address}</span>
              <hm-button size="small" icon="copy" @click=${async () => (await copyText(address)) && toast(say.copied)}>${say.copy}</hm-button></div>`)}</section>
        </div>
        <div class="foot"><hm-button kind="primary" size="large" href="/">${say.goHome}</hm-button></div>
      </main>`;
  }

  get addresses() {
    return this.health.data?.addresses ?? [location.origin];
  }
}
customElements.define('setup-ready-page', ReadyPage);
