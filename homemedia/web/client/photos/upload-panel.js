import { css, html, nothing, repeat } from '../vendor/lit.js';
import { count, percent } from '../format.js';
import { Widget } from '../ui/element.js';
import { confirmDialog } from '../ui/dialog.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { uploads } from './upload.js';

const MOST_ROWS = 60;
const ORDER = { failed: 0, sending: 1, reading: 2, waiting: 3, added: 4, known: 5 };

/** At the foot of the window while photos come in: how far, each file, what failed and how to go on. */
class UploadPanel extends Widget {
  static properties = { isOpen: { state: true } };

  static styles = [shared, css`
    :host { position: fixed; z-index: 35; right: 24px; bottom: calc(var(--bottom) + 20px); width: min(380px, calc(100vw - 24px)); }
    .card { background: var(--raised); border-radius: var(--radius-place); box-shadow: var(--shadow); overflow: hidden; --hover: var(--menu-hover); }
    header { display: flex; align-items: center; gap: 4px; padding: 8px 8px 8px 16px; } header .words { flex: 1 1 0; min-width: 0; } header p { font: var(--font-14); font-weight: 600; }
    hm-progress { display: block; margin: 0 16px 12px; }
    ul { max-height: min(320px, 40dvh); overflow-y: auto; border-top: 1px solid var(--line); padding: 4px 0; }
    li { display: flex; align-items: center; gap: 10px; min-height: 44px; padding: 4px 8px 4px 16px; } li .words { flex: 1 1 0; min-width: 0; } li p { font: var(--font-14); } li .second.bad { color: var(--bad); white-space: normal; }
    li > hm-icon { color: var(--text2); flex: none; } li.added > hm-icon { color: var(--good); } li.failed > hm-icon { color: var(--bad); }
    .rest { padding: 8px 16px; }
    @media (max-width: 719.98px) { :host { right: 12px; bottom: calc(var(--bottom) + 12px); } }
  `];

  constructor() {
    super();
    this.isOpen = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.off = uploads.subscribe(() => this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.off();
  }

  heading(counts) {
    if (counts.open) return say.adding(count(counts.all - counts.open), count(counts.all));
    return counts.failed ? say.someFailed(counts.failed, count(counts.failed)) : counts.added ? say.addedAll(counts.added, count(counts.added)) : say.allKnown(counts.known, count(counts.known));
  }

  line(counts) {
    if (uploads.isPaused) return uploads.pausedBy ?? say.paused;
    return [counts.open && counts.bytes ? percent(counts.doneBytes / counts.bytes) : '', counts.known && (counts.added || counts.open) ? say.knownSome(count(counts.known)) : '', counts.leftOut ? say.leftOut(counts.leftOut, count(counts.leftOut)) : ''].filter(Boolean).join(' · ');
  }

  async close(counts) {
    if (counts.open && !(await confirmDialog({ heading: say.stopTitle, text: say.stopText(counts.open, count(counts.open)), action: say.stop, keep: say.goOn, danger: true }))) return;
    uploads.clear();
  }

  row(one) {
    const sign = { failed: 'warning', added: 'check', known: 'check' }[one.state] ?? 'upload';
    const words = { waiting: say.waiting, reading: say.reading, sending: percent(one.done), added: say.isAdded, known: say.isKnown, failed: one.problem }[one.state];
    return html`<li class=${one.state}><hm-icon name=${sign}></hm-icon><div class="words"><p class="one-line">${one.file.name}</p><p class="second tabular ${one.state === 'failed' ? 'bad' : 'one-line'}">${words}</p></div>
      ${one.state === 'failed' ? html`<hm-icon-button size="small" icon="refresh" label=${say.tryAgain(one.file.name)} @click=${() => uploads.retry(one)}></hm-icon-button>` : nothing}</li>`;
  }

  render() {
    const counts = uploads.counts;
    if (!counts.all && !counts.leftOut) return nothing;
    const rows = this.isOpen || counts.failed ? [...uploads.all].sort((a, b) => ORDER[a.state] - ORDER[b.state]).slice(0, MOST_ROWS) : [];
    return html`<section class="card" aria-label=${say.uploads}>
      <header><div class="words"><p role="status">${counts.all ? this.heading(counts) : say.nothingToAdd}</p><p class="second tabular">${this.line(counts)}</p></div>
        ${counts.failed && !counts.open ? html`<hm-button kind="quiet" size="small" @click=${() => uploads.retry()}>${say.retry}</hm-button>` : nothing}
        ${counts.open ? html`<hm-icon-button icon=${uploads.isPaused ? 'play' : 'pause'} label=${uploads.isPaused ? say.goOn : say.pause} @click=${() => (uploads.isPaused ? uploads.resume() : uploads.pause())}></hm-icon-button>` : nothing}
        ${counts.all ? html`<hm-icon-button icon=${this.isOpen ? 'chevron-down' : 'chevron-up'} label=${this.isOpen ? say.hideFiles : say.showFiles} @click=${() => (this.isOpen = !this.isOpen)}></hm-icon-button>` : nothing}
        <hm-icon-button icon="x" label=${say.closeUploads} @click=${() => this.close(counts)}></hm-icon-button></header>
      ${counts.open ? html`<hm-progress label=${say.uploads} .value=${counts.bytes ? counts.doneBytes / counts.bytes : undefined} ?quiet=${uploads.isPaused}></hm-progress>` : nothing}
      ${rows.length ? html`<ul>${repeat(rows, (one) => one.id, (one) => this.row(one))}</ul>${uploads.all.length > rows.length ? html`<p class="rest hint">${say.andMore(count(uploads.all.length - rows.length))}</p>` : nothing}` : nothing}</section>`;
  }
}
customElements.define('photo-upload-panel', UploadPanel);

/** The panel stands in the document, whichever page is shown. */
export function showPanel() {
  if (!document.querySelector('photo-upload-panel')) document.body.append(document.createElement('photo-upload-panel'));
}
