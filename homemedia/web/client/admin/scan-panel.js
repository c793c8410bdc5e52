// How a scan is going: what is read, how fast, one bar whose parts add up to all files.
import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { count } from '../format.js';
import { toast, toastError } from '../ui/toast.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { lineOf, partsOf, shareOf } from './scan-states.js';

/** `scan`: one of scan-status' `scans`. `quiet`: without the way to stop it. Slot: further buttons. */
class ScanPanel extends LitElement {
  static properties = { scan: { attribute: false }, quiet: { type: Boolean }, stopping: { state: true } };

  static styles = [shared, css`
    :host { display: block; }
    .head { display: grid; grid-template: "title buttons" "line buttons" / minmax(0, 1fr) auto; gap: 0 8px; align-items: center; }
    h3 { grid-area: title; } .buttons { grid-area: buttons; display: flex; gap: 8px; align-items: center; }
    .line { grid-area: line; font: var(--font-14); color: var(--text2); min-height: 20px; }
    hm-progress { display: block; padding: 2px 0; }
    .bar { height: 8px; display: flex; align-items: center; margin-top: 20px; } .bar hm-progress { flex: 1; padding: 0; }
    ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(120px, 1fr)); gap: 12px 16px; margin-top: 14px; }
    .what { display: flex; align-items: center; gap: 8px; font: var(--font-12); color: var(--text2); white-space: nowrap; }
    .dot { width: 8px; height: 8px; border-radius: 50%; background: var(--accent); flex: none; }
    .is-soft .dot { background: var(--accent-part); } .is-muted .dot { background: var(--text3); } .is-warn .dot { background: var(--warn); } .is-bad .dot { background: var(--bad); }
    .is-rest .dot { background: none; box-shadow: inset 0 0 0 1.5px var(--text3); }
    .number { font: var(--font-20); letter-spacing: -0.014em; font-variant-numeric: tabular-nums; margin-top: 2px; display: block; }
    @media (max-width: 719.98px) { .head { grid-template-areas: "title buttons" "line line"; } ul { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 12px; } .what { gap: 6px; letter-spacing: -0.01em; } }
  `];

  async stop() {
    const { scanId, libraryId, name } = this.scan;
    this.stopping = true;
    try {
      await api.delete(`/api/home/library/scans/${scanId}`);
      toast(say.stopped(name), { action: { label: say.goOn, run: () => api.post(`/api/libraries/${libraryId}/scan`).catch(toastError) } });
    } catch (error) {
      if (error.status !== 404) toastError(error); // 404: it ended by itself meanwhile
    }
    this.stopping = false;
    this.dispatchEvent(new CustomEvent('hm-stopped', { bubbles: true, composed: true }));
  }

  render() {
    const { scan } = this;
    const isQueued = scan.state === 'queued';
    const title = scan.kind === 'refresh' ? say.refreshing(scan.name) : say.reading(scan.name);
    const parts = isQueued ? [] : partsOf(scan);
    return html`
      <div class="head">
        <h3 class="t16 one-line">${title}</h3><span class="line tabular">${isQueued ? say.queued : lineOf(scan)}</span>
        <div class="buttons">${this.quiet ? nothing : html`<hm-button icon="x" ?busy=${this.stopping} @click=${this.stop}>${say.stop}</hm-button>`}<slot></slot></div>
      </div>
      <div class="bar">${isQueued ? html`<hm-progress .value=${0} label=${title}></hm-progress>` : this.bar(parts, title)}</div>
      ${parts.length ? html`<ul>${parts.map((part) => html`<li class="is-${part.tone}"><span class="what"><span class="dot"></span>${part.label}</span><span class="number">${count(part.value)}</span></li>`)}</ul>` : nothing}`;
  }

  /** Counted where files wait to be looked into; else as far as the present step is. */
  bar(parts, title) {
    if (this.scan.phase === 'probe' && parts.length) return html`<hm-progress bare .parts=${parts} label=${title}></hm-progress>`;
    return html`<hm-progress .value=${shareOf(this.scan)} label=${title}></hm-progress>`;
  }
}
customElements.define('hm-scan-panel', ScanPanel);
