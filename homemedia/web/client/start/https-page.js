import { css, html, nothing } from '../vendor/lit.js';
import { Page } from '../ui/page.js';
import { date } from '../format.js';
import { session } from '../session.js';
import { secure } from '../ui/platform.js';
import { say } from './en.js';
import { start } from './styles.js';
import { startTop } from './top.js';

const words = say.https;
const FILE = '/api/home/server/https/authority.crt';
const KINDS = ['iphone', 'android', 'windows', 'mac', 'linux', 'tv'];

/** What kind of device this is, to begin with its own steps. */
function ownKind() {
  const agent = navigator.userAgent;
  if (/iPhone|iPad|iPod/.test(agent)) return 'iphone';
  if (/TV|Tizen|Web0S|BRAVIA|CrKey/.test(agent)) return 'tv';
  if (/Android/.test(agent)) return 'android';
  if (/Windows/.test(agent)) return 'windows';
  return /Mac OS X/.test(agent) ? 'mac' : 'linux';
}

/** For everybody, signed in or not: what the secure address brings, and how a device comes to trust it. */
class HttpsPage extends Page {
  static properties = { ...Page.properties, kind: { state: true } };

  static styles = [Page.styles, start, css`
    .start-column { width: min(640px, 100% - 48px); } .panel { margin-top: 20px; } .panel > h2 + * { margin-top: 8px; }
    .panel p { text-wrap: pretty; } hm-segmented { display: block; width: max-content; margin-bottom: 16px; } hm-button + ol { margin-top: 16px; } .print-text { margin-top: 16px; }
    ol { display: grid; gap: 12px; margin-top: 12px; } li { display: grid; grid-template-columns: 24px minmax(0, 1fr); gap: 12px; align-items: start; font: var(--font-14); }
    li .number { display: grid; place-items: center; width: 24px; height: 24px; border-radius: 50%; background: var(--soft); color: var(--accent); font: var(--font-12); }
    code { font: 12px/16px var(--mono); overflow-wrap: anywhere; background: var(--sunken); padding: 1px 4px; border-radius: 4px; } .print { display: block; margin-top: 8px; padding: 8px; }
    .ways { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 20px; } ul { display: grid; gap: 8px; margin-top: 12px; } ul li { grid-template-columns: 20px minmax(0, 1fr); } ul hm-icon { color: var(--good); }
    .kinds { overflow-x: auto; scrollbar-width: none; margin: 0 -24px; padding: 0 24px; }
  `];

  constructor() {
    super();
    this.kind = ownKind();
  }

  https = this.query(() => '/api/home/server/https', { maxAge: 0 });

  get url() {
    return `https://${location.hostname}:${this.https.data?.port}/`;
  }

  render() {
    this.title = words.title;
    return html`${startTop()}<main class="start-column">
      <h1 class="t28" tabindex="-1">${words.heading}</h1><p>${words.text}</p>
      <section class="panel"><h2 class="t16">${words.brings}</h2><ul>${words.brought.map((line) => html`<li><hm-icon name="check" size="20"></hm-icon><span>${line}</span></li>`)}</ul></section>
      ${this.https.render({ loading: () => html`<hm-skeleton kind="panel" count="1"></hm-skeleton>`, data: (found) => this.body(found) })}
      <div class="ways"><hm-button href="/">${say.goHome}</hm-button></div></main>`;
  }

  body(found) {
    if (!found.port) return html`<section class="panel"><h2 class="t16">${words.offTitle}</h2><p class="second">${session.user?.isAdmin ? words.offAdmin : words.off}</p>
      ${session.user?.isAdmin ? html`<div class="ways"><hm-button kind="primary" href="/admin/https">${words.setUp}</hm-button></div>` : nothing}</section>`;
    if (location.protocol === 'https:' && secure) return html`<section class="panel"><h2 class="t16">${words.hereTitle}</h2><p class="second">${words.here}</p></section>${found.authority ? this.steps(found, words.further) : nothing}`;
    return found.authority ? this.steps(found, words.trust) : html`<section class="panel"><h2 class="t16">${words.readyTitle}</h2><div class="ways"><hm-button kind="primary" href=${this.url}>${words.open}</hm-button></div></section>`;
  }

  steps(found, heading) {
    const options = KINDS.map((value) => ({ value, label: words.kinds[value] }));
    const isTv = this.kind === 'tv';
    return html`<section class="panel"><h2 class="t16">${heading}</h2>
      <div class="kinds"><hm-segmented label=${words.device} .options=${options} value=${this.kind} @hm-change=${(event) => (this.kind = event.detail.value)}></hm-segmented></div>
      ${isTv ? html`<p class="second">${words.tv}</p>` : html`
        <hm-button icon="download" kind="primary" href=${FILE}>${words.download}</hm-button>
        <ol>${words.steps[this.kind].map((line, index) => html`<li><span class="number">${index + 1}</span><span>${line}</span></li>`)}
          <li><span class="number">${words.steps[this.kind].length + 1}</span><span>${words.then} <a class="link" href=${this.url}>${this.url}</a></span></li></ol>
        <p class="second print-text">${words.check(found.authority.name, date(found.authority.endsAt))}<code class="print">${found.authority.fingerprint}</code></p>`}</section>`;
  }
}
customElements.define('https-page', HttpsPage);
