import { css, html, nothing, repeat } from '../vendor/lit.js';
import { count, counted, join } from '../format.js';
import { toast } from '../ui/toast.js';
import { copyText } from '../ui/platform.js';
import { session } from '../session.js';
import { Page } from '../ui/page.js';
import '../admin/reach-help.js';
import '../admin/scan-panel.js';
import { say as edit } from '../edit/en.js';
import '../edit/key-form.js';
import { fresh } from '../watch/cards.js';
import { say } from './en.js';
import { start } from './styles.js';
import { startTop } from './top.js';

const SHOWN = 6;
const LOOK_EVERY_MS = 500;
const ICONS = { movie: 'film', show: 'show', video: 'video', music: 'music' };

/** Third step: it reads while one looks on; the address for the other devices. */
class ReadyPage extends Page {
  static properties = { ...Page.properties, asks: { state: true } };

  static styles = [Page.styles, start, css`
    .panels { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px; align-items: start; margin-top: 28px; }
    @media (min-width: 960px) { .panels.two { grid-template-columns: minmax(0, 1fr) 332px; } .wall { grid-column: 1 / -1; } }
    .state { min-height: 64px; padding: 14px 0; } .state:first-child { padding-top: 0; } .state:last-child { padding-bottom: 0; }
    .done { display: grid; grid-template-columns: 24px minmax(0, 1fr) auto; gap: 16px; align-items: center; } .done > hm-icon { color: var(--good); }
    .facts { font: var(--font-14); color: var(--text2); }
    .wall { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 16px; }
    .wall > * { animation: appear var(--slow) ease-out; } @keyframes appear { from { opacity: 0; } }
    .address { display: flex; gap: 8px; align-items: center; justify-content: space-between; min-height: 44px; } .address span { font: var(--font-16); overflow-wrap: anywhere; min-width: 0; }
    .side { display: grid; gap: 20px; } .facts + .actions { margin-top: 12px; } .got { display: flex; gap: 12px; font: var(--font-14); margin-top: 12px; } .dialog-text { font: var(--font-14); color: var(--text2); text-wrap: pretty; } .dialog-text + edit-key-form { margin-top: 16px; } edit-key-form + .dialog-text { margin-top: 20px; font: var(--font-12); }
    .facts + .address { margin-top: 8px; } .second-best span { font: var(--font-14); color: var(--text2); }
    .foot { display: flex; justify-content: flex-end; gap: 8px; margin-top: 24px; }
    @media (max-width: 719.98px) {
      .panels { margin-top: 16px; gap: 16px; } .wall { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 12px; }
      .foot { position: sticky; bottom: 0; z-index: 2; background: var(--bg); padding: 12px 0 calc(12px + env(safe-area-inset-bottom, 0px)); margin-top: 8px; } .foot hm-button[kind="primary"] { flex: 1; }
    }
  `];

  libraries = this.query(() => '/api/libraries', { poll: 5000 });
  status = this.query(() => '/api/scan-status', { poll: 3000, maxAge: 0 });
  recent = this.query(() => '/api/discover/recent?limit=18', { poll: 5000 });
  tmdb = this.query(() => '/api/home/library/tmdb');
  found = this.query(() => '/api/home/server/addresses', { poll: 4000 }); // the name is settled a moment after the start

  constructor() {
    super();
    this.asks = false;
    this.live({ 'scan.*': () => this.look(), 'library.changed': () => this.look() });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    this.timer = 0;
  }

  /** Events come many a second while it reads; the page follows twice a second. */
  look() {
    this.timer ||= setTimeout(() => {
      this.timer = 0;
      this.status.refresh();
      this.libraries.refresh();
      this.recent.refresh();
    }, LOOK_EVERY_MS);
  }

  get all() {
    return this.libraries.data?.libraries ?? session.libraries;
  }

  render() {
    this.title = say.steps[2];
    const scans = this.status.data?.scans ?? [];
    const isReading = scans.length > 0 || this.all.some((library) => library.scanning || !library.lastScanAt);
    const [title, text] = !this.all.length ? [say.noneTitle, say.noneText] : isReading ? [say.readyTitle, say.readyText] : [say.doneTitle, say.doneText];
    return html`
      ${startTop(2)}
      <main class="start-wide">
        <h1 class="t40" tabindex="-1">${title}</h1>
        <p aria-live="polite">${text}</p>
        <div class="panels ${this.all.length ? 'two' : ''}">
          ${this.all.length ? html`<section class="panel rows">${this.all.map((library) => this.state(library, scans.find((scan) => scan.libraryId === library.id)))}</section>` : nothing}
          <div class="side">${this.addresses()}${this.all.length ? this.descriptions() : nothing}</div>
          ${this.wall()}
        </div>
        ${this.asks ? this.keyDialog() : nothing}
        <div class="foot">${this.all.length ? nothing : html`<hm-button kind="quiet" size="large" href="/setup/folders">${say.addFolders}</hm-button>`}
          <hm-button kind="primary" size="large" href="/">${say.goHome}</hm-button></div>
      </main>`;
  }

  state(library, scan) {
    if (scan) return html`<div class="state"><hm-scan-panel quiet .scan=${scan}></hm-scan-panel></div>`;
    const last = this.status.data?.last.find((one) => one.libraryId === library.id && one.kind === 'scan');
    const failed = last?.failed ?? 0;
    const copied = last?.states.deferred ?? 0;
    const [one, many] = say.found[library.type] ?? ['', ''];
    const facts = join(library.itemCount ? counted(library.itemCount, one, many) : say.nothingFound, copied ? say.stillCopied(copied, count(copied)) : '', failed ? say.unread(failed, count(failed)) : '');
    return html`<div class="state done"><hm-icon name=${last?.result === 'ok' ? 'check' : (ICONS[library.type] ?? 'folder')} size="24"></hm-icon>
      <div><h2 class="t16">${library.name}</h2><p class="facts">${last && last.result !== 'ok' && last.why ? last.why : facts}</p></div>
      ${failed ? html`<hm-button kind="quiet" size="small" href="/admin/libraries/${library.id}/problems">${say.seeWhy}</hm-button>` : nothing}</div>`;
  }

  /** The first that have a picture stand first; none that cannot be played. */
  wall() {
    const found = (this.recent.data?.items ?? []).filter((item) => item.available !== false);
    if (!found.length) return nothing;
    const shown = [...found].sort((a, b) => Boolean(b.thumb) - Boolean(a.thumb)).slice(0, SHOWN);
    return html`<div class="wall" role="list">${repeat(shown, (item) => item.id, (item) => fresh(item))}</div>`;
  }

  addresses() {
    const addresses = this.found.data?.addresses ?? [location.origin];
    const line = (address, index) => html`<div class="address ${index ? 'second-best' : ''}"><span>${address}</span>
      <hm-icon-button icon="copy" label=${say.copyIt(address)} @click=${() => this.copy(address)}></hm-icon-button></div>`;
    return html`<section class="panel"><h2 class="t16">${say.otherDevices}</h2>
      <p class="facts">${addresses.length ? say.otherDevicesText : say.onlyHere}</p>${addresses.map(line)}${addresses.length ? html`<reach-help></reach-help>` : nothing}</section>`;
  }

  /** Quietly, since everything works without; nothing when the server knows no such source. */
  descriptions() {
    const state = this.tmdb.data;
    if (!state) return nothing;
    return html`<section class="panel"><h2 class="t16">${edit.fromInternet}</h2>
      ${state.configured
        ? html`<p class="got"><hm-icon class="good" name="tick-circle"></hm-icon><span>${edit.keyTaken}</span></p>`
        : html`<p class="facts">${edit.fromInternetText}</p><div class="actions"><hm-button size="small" icon="key" @click=${() => (this.asks = true)}>${edit.enterKey}</hm-button></div>`}</section>`;
  }

  keyDialog() {
    const close = () => (this.asks = false);
    const taken = (event) => {
      this.tmdb.update(() => event.detail.state);
      close();
    };
    return html`<hm-dialog open cross heading=${edit.fromInternet} width="560" @hm-close=${close}><p class="dialog-text">${edit.whatLeaves}</p>
      <edit-key-form @hm-key=${taken}><hm-button kind="quiet" @click=${close}>${say.later}</hm-button></edit-key-form><p class="hint dialog-text">${edit.attribution}</p></hm-dialog>`;
  }

  async copy(address) {
    toast((await copyText(address)) ? say.copied : say.notCopied);
  }
}
customElements.define('setup-ready-page', ReadyPage);
