import { css, html, nothing, repeat } from '../vendor/lit.js';
import { count, percent } from '../format.js';
import { Widget } from '../ui/element.js';
import { confirmDialog } from '../ui/dialog.js';
import { shared } from '../ui/styles.js';
import { toastError } from '../ui/toast.js';
import { vars } from '../ui/vars.js';
import { pickFiles, pickFolder } from './adding.js';
import { say } from './en.js';
import { uploads } from './upload.js';

const ROW = 48;
const SPARE = 6;
const ORDER = ['failed', 'lost', 'sending', 'reading', 'waiting', 'added', 'known'];
const SIGNS = { failed: 'warning', lost: 'question', added: 'check', known: 'check' };

/** At the foot of the window while photos come in: how far, each file, what failed and how to go on. Only the rows that are seen are drawn. */
class UploadPanel extends Widget {
  static properties = { isOpen: { state: true }, top: { state: true } };

  static styles = [shared, css`
    :host { position: fixed; z-index: 35; right: 24px; bottom: calc(var(--bottom) + 20px); width: min(380px, calc(100vw - 24px)); }
    .card { background: var(--raised); border-radius: var(--radius-place); box-shadow: var(--shadow); overflow: hidden; --hover: var(--menu-hover); }
    header { display: flex; align-items: center; gap: 4px; padding: 8px 8px 8px 16px; } header .words { flex: 1 1 0; min-width: 0; } header p { font: var(--font-14); font-weight: 600; } header .second { font: var(--font-12); font-weight: 400; }
    hm-progress { display: block; margin: 0 16px 12px; }
    .ask { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding: 4px 16px 12px; } .ask p { flex: 1 1 100%; color: var(--text2); font: var(--font-14); }
    .files { height: min(var(--tall), 320px, 40dvh); overflow-y: auto; overscroll-behavior: contain; border-top: 1px solid var(--line); } ul { position: relative; height: var(--tall); }
    li { position: absolute; left: 0; right: 0; top: var(--y); display: flex; align-items: center; gap: 10px; height: 48px; padding: 0 8px 0 16px; } li .words { flex: 1 1 0; min-width: 0; } li p { font: var(--font-14); } li .second.bad { color: var(--bad); }
    li > hm-icon { color: var(--text2); flex: none; } li.added > hm-icon { color: var(--good); } li.failed > hm-icon { color: var(--bad); } li.lost > hm-icon { color: var(--warn); }
    @media (max-width: 719.98px) { :host { z-index: 29; /* beneath the bar of what is chosen */ right: 12px; bottom: calc(var(--bottom) + 12px); } }
  `];

  constructor() {
    super();
    this.isOpen = false;
    this.top = 0;
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
    if (counts.open) return say.adding(count(counts.all - counts.open - counts.lost), count(counts.all - counts.lost));
    if (counts.failed) return say.someFailed(counts.failed, count(counts.failed));
    if (counts.added) return say.addedAll(counts.added, count(counts.added));
    if (counts.known) return say.allKnown(counts.known, count(counts.known));
    return say.someLost(counts.lost, count(counts.lost));
  }

  line(counts) {
    if (uploads.isPaused) return uploads.pausedBy ?? say.paused;
    return [counts.open && counts.bytes ? percent(counts.doneBytes / counts.bytes) : '', counts.failed && !counts.open && counts.added ? say.addedAll(counts.added, count(counts.added)) : '', counts.known && (counts.added || counts.open || counts.failed) ? say.knownSome(count(counts.known)) : '', counts.failed && counts.open ? say.someFailed(counts.failed, count(counts.failed)) : '', counts.leftOut ? say.leftOut(counts.leftOut, count(counts.leftOut)) : ''].filter(Boolean).join(' · ');
  }

  async close(counts) {
    if (counts.open + counts.lost && !(await confirmDialog({ heading: say.stopTitle, text: say.stopText(counts.open + counts.lost, count(counts.open + counts.lost)), action: say.stop, keep: say.goOn, danger: true }))) return;
    uploads.clear();
  }

  row(one, at) {
    const known = one.isTrashed ? say.isInTrash : say.isKnown;
    const words = { waiting: say.waiting, reading: say.reading, sending: percent(one.done), added: say.isAdded, known, failed: one.problem, lost: say.chooseAgain }[one.state];
    return html`<li class=${one.state} ${vars({ '--y': `${at * ROW}px` })}><hm-icon name=${SIGNS[one.state] ?? 'upload'}></hm-icon><div class="words"><p class="one-line" title=${one.path}>${one.name}</p><p class="second tabular one-line ${one.state === 'failed' ? 'bad' : ''}" title=${one.problem ?? nothing}>${words}</p></div>
      ${one.state === 'failed' ? html`<hm-icon-button size="small" icon="refresh" label=${say.tryAgain(one.name)} @click=${() => uploads.retry(one)}></hm-icon-button>` : nothing}</li>`;
  }

  /** Those to look at first stand first. */
  get sorted() {
    const piles = Object.fromEntries(ORDER.map((state) => [state, []]));
    for (const one of uploads.all) piles[one.state].push(one);
    return ORDER.flatMap((state) => piles[state]);
  }

  files() {
    const all = this.sorted;
    const first = Math.max(0, Math.floor(this.top / ROW) - SPARE);
    const shown = all.slice(first, first + Math.ceil(320 / ROW) + 2 * SPARE);
    return html`<div class="files" tabindex="0" role="region" aria-label=${say.fileList} ${vars({ '--tall': `${all.length * ROW}px` })} @scroll=${(event) => (this.top = event.target.scrollTop)}><ul>${repeat(shown, (one) => one.id, (one, at) => this.row(one, first + at))}</ul></div>`;
  }

  /** What is here already, but deleted. */
  trashed(counts) {
    if (!counts.trashed) return nothing;
    return html`<div class="ask"><p>${say.someInTrash(counts.trashed, count(counts.trashed))}</p><hm-button size="small" icon="refresh" @click=${() => uploads.restore().catch(toastError)}>${say.restore}</hm-button></div>`;
  }

  /** After a reload: what needs a yes, what has to be chosen once more. */
  ask(counts) {
    if (!counts.lost) return nothing;
    const yes = uploads.mayAsk;
    const again = counts.lost - yes;
    return html`${yes ? html`<div class="ask"><p>${say.mayGoOn(yes, count(yes))}</p><hm-button kind="primary" size="small" @click=${() => uploads.askAgain()}>${say.goOn}</hm-button></div>` : nothing}
      ${again ? html`<div class="ask"><p>${say.lostText(again, count(again))}</p><hm-button size="small" @click=${() => pickFiles()}>${say.chooseFiles}</hm-button><hm-button class="not-phone" size="small" @click=${() => pickFolder()}>${say.chooseFolder}</hm-button><hm-button kind="quiet" size="small" @click=${() => uploads.letBe()}>${say.letBe}</hm-button></div>` : nothing}`;
  }

  render() {
    const counts = uploads.counts;
    if (uploads.looking) return html`<section class="card" aria-label=${say.uploads}><header><div class="words"><p role="status">${say.looking(count(uploads.looking))}</p></div><hm-spinner></hm-spinner></header></section>`;
    if (!counts.all && !counts.leftOut) return nothing;
    const isOpen = this.isOpen || counts.failed > 0;
    return html`<section class="card" aria-label=${say.uploads}>
      <header><div class="words"><p role="status">${counts.all ? this.heading(counts) : say.nothingToAdd}</p><p class="second tabular">${this.line(counts)}</p></div>
        ${counts.failed && !counts.open ? html`<hm-button kind="quiet" size="small" @click=${() => uploads.retry()}>${say.retry}</hm-button>` : nothing}
        ${counts.open ? html`<hm-icon-button icon=${uploads.isPaused ? 'play' : 'pause'} label=${uploads.isPaused ? say.goOn : say.pause} @click=${() => (uploads.isPaused ? uploads.resumeAll() : uploads.pause())}></hm-icon-button>` : nothing}
        ${counts.all ? html`<hm-icon-button icon=${isOpen ? 'chevron-down' : 'chevron-up'} label=${isOpen ? say.hideFiles : say.showFiles} @click=${() => (this.isOpen = !this.isOpen)}></hm-icon-button>` : nothing}
        <hm-icon-button icon="x" label=${say.closeUploads} @click=${() => this.close(counts)}></hm-icon-button></header>
      ${counts.open ? html`<hm-progress label=${say.uploads} .value=${counts.bytes ? counts.doneBytes / counts.bytes : undefined} ?quiet=${uploads.isPaused}></hm-progress>` : nothing}
      ${this.ask(counts)}${this.trashed(counts)}${isOpen && counts.all ? this.files() : nothing}</section>`;
  }
}
customElements.define('photo-upload-panel', UploadPanel);

/** The panel stands in the document, whichever page is shown. */
export function showPanel() {
  if (!document.querySelector('photo-upload-panel')) document.body.append(document.createElement('photo-upload-panel'));
}
