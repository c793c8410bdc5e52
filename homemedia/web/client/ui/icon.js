import { LitElement, css, html, svg } from '../vendor/lit.js';
import { icons } from './icons.js';

/** `<hm-icon name="play" size="24">`: decoration; the words beside it or the button's label say what it means. */
export class Icon extends LitElement {
  static properties = { name: { type: String }, size: { type: Number, reflect: true } };

  static styles = css`
    :host { display: inline-block; flex: none; width: var(--icon, 20px); height: var(--icon, 20px); vertical-align: middle; --stroke: 1.6; }
    :host([size="12"]) { --icon: 12px; --stroke: 2; }
    :host([size="16"]) { --icon: 16px; --stroke: 1.8; }
    :host([size="24"]) { --icon: 24px; --stroke: 1.5; }
    :host([size="28"]) { --icon: 28px; --stroke: 1.5; }
    :host([size="32"]) { --icon: 32px; --stroke: 1.4; }
    svg { display: block; width: 100%; height: 100%; fill: none; stroke: currentColor; stroke-width: var(--stroke); stroke-linecap: round; stroke-linejoin: round; }
    .fill { fill: currentColor; stroke: none; }
  `;

  render() {
    const drawn = icons[this.name];
    if (!drawn) return null;
    const paths = Array.isArray(drawn) ? drawn : [drawn];
    return html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      ${paths.map((d) => (d.startsWith('!') ? svg`<path class="fill" d=${d.slice(1)}></path>` : svg`<path d=${d}></path>`))}
    </svg>`;
  }
}
customElements.define('hm-icon', Icon);
