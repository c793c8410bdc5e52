import { html, nothing } from '../vendor/lit.js';
import { say as product } from '../en.js';
import { say } from './en.js';

/** The mark and, in the wizard, how far one is. @param {number} [now] index of the present step; left out: no steps */
export function startTop(now) {
  const steps = now === undefined ? nothing : html`
    <ol class="start-steps" aria-label=${say.progress}>${say.steps.map((word, index) => html`
      <li class=${index < now ? 'done' : index === now ? 'now' : ''} aria-current=${index === now ? 'step' : nothing}>
        <span class="dot">${index < now ? html`<hm-icon name="check" size="16"></hm-icon>` : index + 1}</span><span class="word">${word}</span>
      </li>`)}</ol>`;
  return html`<header class="start-top"><div class="start-mark"><hm-icon name="mark" size="24"></hm-icon>${product.product}</div>${steps}<div class="spring"></div></header>`;
}
