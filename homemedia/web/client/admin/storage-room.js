// How much a member may send here, and how much of it is taken.
import { html, nothing } from '../vendor/lit.js';
import { size } from '../format.js';
import { say } from './en.js';

const words = say.storageWords;
const GIGA = 1_000_000_000;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].map((n) => n * GIGA);

/** @param {{quotaSizeInBytes: number | null, quotaUsageInBytes: number}} account as the photo API has it */
export function roomUsed({ quotaSizeInBytes: all, quotaUsageInBytes: used }) {
  const isFull = all !== null && used >= all;
  return html`<p class="second">${all === null ? words.used(size(used)) : words.usedOf(size(used), size(all))}</p>
    ${all ? html`<hm-progress .value=${Math.min(1, used / all)} tone=${isFull ? 'bad' : used / all > 0.9 ? 'warn' : nothing} label=${words.title}></hm-progress>` : nothing}
    ${isFull ? html`<hm-notice tone="bad">${words.full}</hm-notice>` : nothing}`;
}

/** @param {number | null} now bytes @param {(bytes: number | null) => void} choose */
export function roomChoice(now, choose) {
  const steps = now === null || STEPS.includes(now) ? STEPS : [...STEPS, now].sort((a, b) => a - b);
  const options = [{ value: '', label: words.none }, ...steps.map((n) => ({ value: String(n), label: size(n) }))];
  return html`<hm-field type="select" label=${words.limit} .value=${now === null ? '' : String(now)} .options=${options}
    @change=${(event) => choose(event.target.value === '' ? null : Number(event.target.value))}></hm-field>`;
}
