import { css, html, nothing } from '../vendor/lit.js';
import { count, percent } from '../format.js';
import { Widget } from './element.js';
import { reset } from './styles.js';
import { vars } from './vars.js';

/** Known (`value`), unknown (neither) or counted (`parts` of `total`, each named with a dot and its number). */
export class Progress extends Widget {
  static properties = {
    value: { type: Number },
    parts: { attribute: false },
    total: { type: Number },
    label: { type: String },
    quiet: { type: Boolean, reflect: true },
    tone: { type: String, reflect: true },
    bare: { type: Boolean },
    onPicture: { type: Boolean, attribute: 'on-picture', reflect: true },
  };

  static styles = [reset, css`
    :host { display: block; --track: var(--line); --fill: var(--accent); }
    :host([quiet]) { --fill: var(--text3); }
    :host([tone="warn"]) { --fill: var(--warn); } :host([tone="bad"]) { --fill: var(--bad); }
    :host([on-picture]) { --fill: var(--on-picture-accent); --track: rgb(0 0 0 / .5); }
    .track { position: relative; height: 4px; border-radius: 2px; background: var(--track); overflow: hidden; }
    .fill { width: calc(var(--value) * 100%); height: 100%; border-radius: 2px; background: var(--fill); }
    .runs { position: absolute; width: 28%; height: 100%; border-radius: 2px; background: var(--fill); animation: run 1600ms cubic-bezier(.4, 0, .6, 1) infinite; }
    @keyframes run { from { transform: translateX(-100%); } to { transform: translateX(358%); } }
    @media (prefers-reduced-motion: reduce) { .runs { animation: none; transform: translateX(128%); } }
    .counted { display: flex; gap: 2px; height: 8px; border-radius: 4px; overflow: hidden; }
    .part { flex: var(--share) 1 0; min-width: 3px; background: var(--fill); }
    .soft { --fill: var(--accent-part); } .muted { --fill: var(--text3); } .bad { --fill: var(--bad); } .rest { --fill: var(--hover); } .warn { --fill: var(--warn); } .good { --fill: var(--good); }
    ul { display: flex; flex-wrap: wrap; gap: 12px 40px; margin-top: 16px; }
    li { min-width: 96px; } .name { display: flex; align-items: center; gap: 8px; font: var(--font-12); color: var(--text2); }
    .dot { width: 8px; height: 8px; border-radius: 50%; background: var(--fill); } .rest .dot { background: none; box-shadow: inset 0 0 0 1.5px var(--text3); }
    .number { font: var(--font-20); letter-spacing: -0.014em; font-variant-numeric: tabular-nums; }
    @media (max-width: 719.98px) { ul { gap: 12px 20px; } }
  `];

  render() {
    if (this.parts) return this.counted();
    const known = this.value !== undefined && this.value !== null && !Number.isNaN(this.value);
    const value = known ? Math.min(1, Math.max(0, this.value)) : null;
    return html`<div class="track" role="progressbar" aria-label=${this.label || nothing} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${known ? Math.round(value * 100) : nothing} aria-valuetext=${known ? percent(value) : nothing}>
      ${known ? html`<div class="fill" ${vars({ '--value': value })}></div>` : html`<div class="runs"></div>`}</div>`;
  }

  counted() {
    const sum = this.parts.reduce((all, part) => all + part.value, 0);
    const rest = Math.max(0, (this.total ?? sum) - sum);
    const done = sum > 0 ? this.parts.filter((part) => part.tone !== 'rest').reduce((all, part) => all + part.value, 0) / (sum + rest) : 0;
    return html`<div class="counted" role="progressbar" aria-label=${this.label || nothing} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(done * 100)}>
        ${this.parts.filter((part) => part.value > 0).map((part) => html`<div class="part ${part.tone ?? ''}" ${vars({ '--share': part.value })}></div>`)}
        ${rest > 0 ? html`<div class="part rest" ${vars({ '--share': rest })}></div>` : nothing}</div>
      ${this.bare ? nothing : html`<ul>${this.parts.map((part) => html`<li class=${part.tone ?? ''}><span class="name"><span class="dot"></span>${part.label}</span><span class="number">${count(part.value)}</span></li>`)}</ul>`}`;
  }
}
customElements.define('hm-progress', Progress);
