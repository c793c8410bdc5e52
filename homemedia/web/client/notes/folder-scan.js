import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { live } from '../live.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './folder-en.js';

const POLL_MS = 2000;
const SOON_MS = 500; // a scan tells of itself four times a second

/** How far the scan of a notebook's folder is, with the way to stop it; what could not be read. Nothing to tell: nothing is drawn. `hm-scanned` when one has ended. */
class FolderScan extends LitElement {
  static properties = { heap: {}, running: { state: true }, last: { state: true }, isAsking: { state: true } };

  static styles = [shared, css`
    :host { display: block; } :host([hidden]) { display: none; }
    .box { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px 16px; align-items: center; padding: 12px 16px; border-radius: var(--radius-place); background: var(--sunken); margin-bottom: 16px; }
    .box + .box { margin-top: -8px; } b { font: var(--font-14); font-weight: 600; } .line { font: var(--font-12); color: var(--text2); grid-column: 1; } hm-progress { grid-column: 1 / -1; margin-top: 8px; } hm-button { grid-row: 1 / span 2; grid-column: 2; }
    hm-notice { margin-bottom: 16px; } ul { margin: 0; padding: 0; list-style: none; max-height: 50dvh; overflow: auto; } li { padding: 8px 0; border-top: 1px solid var(--line); } li b { display: block; font-weight: 500; overflow-wrap: anywhere; }
  `];

  constructor() {
    super();
    this.running = [];
    this.last = null;
    this.isAsking = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.off = ['scan.started', 'scan.progress', 'scan.finished'].map((name) => live.on(name, (event) => event.heap_id === this.heap && this.#soon()));
    if (this.heap) this.look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const off of this.off) off();
    clearTimeout(this.timer);
    clearTimeout(this.next);
    this.next = null;
  }

  willUpdate(changed) {
    if (changed.has('heap') && this.heap) this.look();
  }

  #soon() {
    this.next ??= setTimeout(() => {
      this.next = null;
      this.look();
    }, SOON_MS);
  }

  /** How things stand; asked once more where something has happened since the question. */
  async look() {
    clearTimeout(this.timer);
    this.isDue = true;
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      while (this.isDue && this.isConnected) {
        this.isDue = false;
        this.#show(await api.get('/api/active_scans'));
      }
    } catch {
      return; // told by the page itself; looked at again with the next event
    } finally {
      this.isLooking = false;
    }
    clearTimeout(this.timer);
    if (this.isConnected && this.running.length) this.timer = setTimeout(() => this.look(), POLL_MS);
  }

  #show(found) {
    if (!this.isConnected) return;
    const before = this.running.length;
    this.running = found.scans.filter((scan) => scan.heap_id === this.heap);
    this.last = found.recent.find((scan) => scan.heap_id === this.heap && scan.kind === 'scan') ?? null;
    if (before && !this.running.length) this.dispatchEvent(new CustomEvent('hm-scanned', { bubbles: true, composed: true }));
    this.dispatchEvent(new CustomEvent('hm-scans', { detail: { running: this.running, last: this.last } }));
  }

  async #stop(scan) {
    try {
      await api.post('/api/abort_scan', { scan_id: scan.scan_id });
      toast(say.stopped);
    } catch (error) {
      toastError(error);
    }
    this.look();
  }

  scan(scan) {
    const share = scan.total ? scan.processed / scan.total : undefined;
    return html`<div class="box" role="status"><b>${scan.kind === 'reindex' ? say.reindexing : say.scanning(scan.path)}</b><span class="line tabular one-line">${say.step(scan)}</span>
      <hm-button size="small" kind="outline" icon="x" @click=${() => this.#stop(scan)}>${say.stop}</hm-button><hm-progress .value=${share} label=${say.scanning(scan.path)}></hm-progress></div>`;
  }

  render() {
    const errors = this.running.length ? [] : (this.last?.errors ?? []);
    const isFailed = !this.running.length && this.last?.status === 'failed';
    return html`${this.running.map((scan) => this.scan(scan))}
      ${isFailed && this.last.error !== 'source_unavailable' ? html`<hm-notice tone="warn">${say.ended(this.last.error)}</hm-notice>` : nothing}
      ${errors.length && !isFailed ? html`<hm-notice tone="warn">${say.unread(errors.length)}<hm-button slot="action" kind="quiet" size="small" @click=${() => (this.isAsking = true)}>${say.seeThem}</hm-button></hm-notice>` : nothing}
      ${this.isAsking ? html`<hm-dialog open cross width="640" heading=${say.unreadHeading} @hm-close=${() => (this.isAsking = false)}><ul>${errors.map((one) => html`<li><b>${one.path}</b><span class="second">${say.wrong(one.error)}</span></li>`)}</ul></hm-dialog>` : nothing}`;
  }
}
customElements.define('hm-folder-scan', FolderScan);
