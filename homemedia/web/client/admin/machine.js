// What the server is and how others find it, beside the libraries.
import { html, nothing } from '../vendor/lit.js';
import { duration, percent, size } from '../format.js';
import { copyText } from '../ui/platform.js';
import { toast } from '../ui/toast.js';
import { say } from './en.js';
import './reach-help.js';

/** @param {any} status answer of /api/status @param {{addresses: string[]} | undefined} found @param {{gauges?: unknown, lines?: unknown}} [more] what else is measured, and what else is well */
export function machinePanels(status, found, { gauges = nothing, lines = nothing } = {}) {
  return html`${status ? machine(status, gauges, lines) : nothing}
    <section class="panel"><h2>${say.otherDevices}</h2>${addressLines(found)}<reach-help></reach-help></section>`;
}

function machine(status, gauges, lines) {
  const { free, total } = status.disk?.data ?? {};
  const used = total ? 1 - free / total : null;
  return html`<section class="panel">
    <div class="fact"><h2>${say.machine}</h2><span class="second">${say.up(duration(status.uptime * 1000))}</span></div>
    ${gauges}
    ${used === null ? nothing : html`<div class="gauge"><hm-icon name="drive"></hm-icon><div><p class="name">${say.dataDisk}</p><p class="second">${say.free(size(free), size(total))}</p></div><span class="strong tabular">${percent(used)}</span>
      <hm-progress quiet .value=${used} tone=${used > 0.95 ? 'warn' : nothing} label=${say.dataDisk}></hm-progress></div>`}
    <p class="runs"><hm-icon name="check"></hm-icon><span>${say.runs(status.version)}</span></p>${lines}</section>`;
}

/** Addresses others can open, each to copy. @param {{addresses: string[]} | undefined} found */
export function addressLines(found) {
  const addresses = found?.addresses ?? [location.origin];
  if (!addresses.length) return html`<p class="second">${say.onlyHere}</p>`;
  return addresses.map((address) => html`<div class="address"><span>${address}</span>
    <hm-icon-button icon="copy" label=${say.copy(address)} @click=${() => copy(address)}></hm-icon-button></div>`);
}

async function copy(address) {
  toast((await copyText(address)) ? say.copied : say.notCopied);
}
