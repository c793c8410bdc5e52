// How a scan is going: words, rate, one bar whose parts add up to the total.
import { html, nothing } from '../vendor/lit.js';
import { count, counted, duration, join } from '../format.js';
import { say } from './en.js';

const TONES = { added: 'accent', updated: 'soft', moved: 'soft', unchanged: 'muted', ignored: 'muted', duplicate: 'muted', deferred: 'warn', failed: 'bad' };

/** @param {any} scan one entry of scan-status' `scans` */
export function scanPanel(scan) {
  if (scan.state === 'queued') return html`<div class="scan"><p class="second">${say.queued}</p><hm-progress label=${say.queued}></hm-progress></div>`;
  const title = scan.kind === 'refresh' ? say.refreshing(scan.name) : say.reading(scan.name);
  return html`
    <div class="scan" aria-live="off">
      <div>
        <p class="name">${title}</p>
        <p class="second tabular">${join(say.phases[scan.phase], scan.total ? counted(scan.total, 'file', 'files') : '', left(scan), scan.filesPerSecond ? say.rate(count(Math.round(scan.filesPerSecond))) : '')}</p>
      </div>
      ${bar(scan, title)}
      ${scan.current ? html`<p class="hint one-line">${scan.current}</p>` : nothing}
    </div>`;
}

function bar(scan, title) {
  const share = scan.total ? scan.done / scan.total : undefined;
  const parts = Object.keys(TONES)
    .map((state) => ({ label: say.parts[state], value: scan.counts?.[state] ?? 0, tone: TONES[state] }))
    .filter((part) => part.value > 0);
  if (scan.phase !== 'discover' || parts.length === 0) return html`<hm-progress .value=${share} label=${title}></hm-progress>`;
  return html`<hm-progress .parts=${parts} .total=${scan.total || undefined} label=${title}></hm-progress>`;
}

function left(scan) {
  if (!scan.filesPerSecond || !scan.total) return '';
  const ms = ((scan.total - scan.done) / scan.filesPerSecond) * 1000;
  return ms > 60_000 ? say.left(duration(ms)) : '';
}
