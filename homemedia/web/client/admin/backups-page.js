import { css, html, nothing, repeat } from '../vendor/lit.js';
import { ago, date, join, size, time } from '../format.js';
import { api } from '../api.js';
import { say } from './en.js';
import { SectionPage } from './section-page.js';

const ADDRESS = '/api/home/server/backups';
const AGAIN_MS = 1500;

/** Copies of the database: what there is to go back to, and one more on demand. */
class BackupsPage extends SectionPage {
  static properties = { ...SectionPage.properties, busy: { state: true }, problem: { state: true } };

  static styles = [SectionPage.styles, css`
    .panel.rows { padding-block: 4px; }
    .copy { display: grid; grid-template-columns: 24px minmax(0, 1fr) auto; gap: 4px 16px; align-items: center; min-height: 56px; padding: 8px 0; border-bottom: 1px solid var(--line); } .copy:last-child { border-bottom: 0; }
    .copy > hm-icon { color: var(--text2); } .copy .second { overflow-wrap: anywhere; }
    code { font: 12px/16px var(--mono); overflow-wrap: anywhere; }
  `];

  copies = this.query(() => ADDRESS, { maxAge: 0, keep: true });

  constructor() {
    super();
    this.busy = false;
    this.problem = '';
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  render() {
    return this.framed('administration', 'backups', html`
      <div><h2>${say.backups}</h2><p class="second">${say.backupsText}</p></div>
      ${this.copies.render({
        loading: () => html`<hm-skeleton kind="text" count="6"></hm-skeleton>`,
        data: (found) => this.shown(found),
      })}`);
  }

  shown({ backups, keeps, isRunning }) {
    const busy = this.busy || isRunning;
    clearTimeout(this.timer);
    if (isRunning) this.timer = setTimeout(() => this.copies.refresh(), AGAIN_MS);
    return html`
      ${this.problem ? html`<hm-notice tone="bad">${this.problem}</hm-notice>` : nothing}
      <div><hm-button kind="primary" icon="archive" ?busy=${busy} @click=${this.make}>${busy ? say.backupBusy : say.backupNow}</hm-button></div>
      ${backups.length
        ? html`<section class="panel rows" aria-label=${say.backups} role="list">${repeat(backups, (copy) => copy.name, (copy) => this.copy(copy))}</section>`
        : html`<hm-empty icon="archive" heading=${say.backupsNone} text=${say.backupsNoneText}></hm-empty>`}
      <p class="hint">${keeps === null ? say.backupsOff : say.backupsKept(keeps)} ${say.backupsBack}<br><code>homemedia backup restore NAME</code></p>`;
  }

  copy({ name, size: bytes, madeAt }) {
    const kind = say.backupKinds[name.split('-', 1)[0]] ?? '';
    return html`<div class="copy" role="listitem"><hm-icon name="archive" size="24"></hm-icon>
      <div><p class="name">${join(date(madeAt), time(madeAt))}</p><p class="second">${join(kind, ago(madeAt), name)}</p></div>
      <span class="second">${size(bytes)}</span></div>`;
  }

  make = async () => {
    if (this.busy) return;
    this.busy = true;
    this.problem = '';
    try {
      await api.post(ADDRESS, null, { quiet: true });
      await this.copies.refresh();
    } catch (error) {
      this.problem = error.message;
    } finally {
      this.busy = false;
    }
  };
}
customElements.define('backups-page', BackupsPage);
