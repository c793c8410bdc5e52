import { css, html, nothing } from '../vendor/lit.js';
import { Widget } from './element.js';
import { say } from './en.js';
import { reset } from './styles.js';

export class Chip extends Widget {
  static shadowRootOptions = { ...Widget.shadowRootOptions, delegatesFocus: true };
  static properties = {
    chosen: { type: Boolean, reflect: true },
    menu: { type: Boolean },
    fixed: { type: Boolean },
    icon: { type: String },
    disabled: { type: Boolean, reflect: true },
    expanded: { type: String },
  };

  static styles = [reset, css`
    :host { display: inline-block; flex: none; }
    .chip { position: relative; display: inline-flex; align-items: center; height: 32px; border-radius: var(--round); box-shadow: inset 0 0 0 1px var(--line); transition: background-color var(--fast) ease-out; white-space: nowrap; }
    .words { display: inline-flex; align-items: center; gap: 6px; height: 100%; padding: 0 12px; font: var(--font-14); font-weight: 500; border-radius: inherit; }
    .chip.ends .words { padding-right: 4px; }
    .remove { display: grid; place-items: center; height: 100%; width: 30px; padding-right: 4px; border-radius: inherit; }
    .chevron { --icon: 16px; margin-right: -3px; }
    @media (hover: hover) { .chip:hover { background: var(--hover); } }
    :host([chosen]) .chip { background: var(--soft); color: var(--accent); box-shadow: none; }
    :host([disabled]) .chip { opacity: .45; pointer-events: none; }
    @media (pointer: coarse), (max-width: 719.98px) { .words::after { content: ''; position: absolute; inset: -6px 0; } .remove { position: relative; z-index: 1; } .remove::after { content: ''; position: absolute; inset: -6px -4px; } }
  `];

  taken(event) { // not `remove`: that is how an element leaves the document
    event.stopPropagation();
    this.emit('hm-remove');
  }

  render() {
    const ends = this.chosen && !this.menu && !this.fixed;
    return html`<span class="chip ${ends ? 'ends' : ''}">
      <button class="words" type="button" ?disabled=${this.disabled} aria-pressed=${this.menu ? nothing : String(Boolean(this.chosen))}
        aria-haspopup=${this.menu ? 'menu' : nothing} aria-expanded=${this.expanded ?? nothing}
        @keydown=${(event) => ends && (event.key === 'Delete' || event.key === 'Backspace') && this.taken(event)}>
        ${this.icon ? html`<hm-icon name=${this.icon} size="16"></hm-icon>` : nothing}<slot></slot>${this.menu ? html`<hm-icon class="chevron" name="chevron-down" size="16"></hm-icon>` : nothing}
      </button>
      ${ends ? html`<button class="remove" type="button" tabindex="-1" aria-label=${say.remove} @click=${this.taken}><hm-icon name="x" size="16"></hm-icon></button>` : nothing}
    </span>`;
  }
}
customElements.define('hm-chip', Chip);
