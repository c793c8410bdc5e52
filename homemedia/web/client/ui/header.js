// Page header and action bar.
import { css, html, nothing } from '../vendor/lit.js';
import { back } from '../router.js';
import { Widget } from './element.js';
import { say } from './en.js';
import { reset } from './styles.js';

/** The page's own part of the top bar: title, or tabs, or a way back. Search and picture stand at its right, drawn by the frame. */
export class PageHeader extends Widget {
  static properties = { heading: { type: String }, sub: { type: String }, back: { type: String }, over: { type: Boolean, reflect: true }, tabs: { state: true } };

  static styles = [reset, css`
    :host { display: block; position: sticky; top: 0; z-index: 20; background: var(--bg); }
    :host([over]) { position: absolute; left: 0; right: 0; background: none; pointer-events: none; }
    :host([over]) .bar > * { pointer-events: auto; }
    .bar { display: flex; align-items: center; gap: 12px; min-height: var(--top); padding: 12px calc(var(--margin-end) + var(--cluster, 0px)) 12px var(--margin); }
    h1 { font: var(--font-28); letter-spacing: -0.02em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
    .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    .sub { font: var(--font-14); color: var(--text2); white-space: nowrap; }
    .tabs { min-width: 0; flex: 0 1 auto; }
    .end { margin-left: auto; display: flex; gap: 12px; }
    .end:not(:has(*)) { display: none; }
    .back { margin-left: -10px; }
    :host([over]) .back { margin-left: 0; }
    @media (max-width: 719.98px) {
      :host(:not([over])) { position: static; }
      .bar { padding-block: 8px; gap: 8px; } .back ~ h1 { font: var(--font-20); } h1.long { font: var(--font-20); } .back ~ h1.long { font: var(--font-16); }
      .has-tabs { flex-wrap: wrap; padding-bottom: 0; } .has-tabs h1 { flex: 1 1 0; line-height: 44px; } .end { gap: 0; } .has-tabs .tabs { flex: 1 0 calc(100% + var(--cluster, 0px)); margin: 0 calc(-1 * var(--cluster, 0px)) 0 0; order: 2; }
    }
    @media (min-width: 720px) { .has-tabs h1 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } }
  `];

  connectedCallback() {
    super.connectedCallback();
    this.tell();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.dispatchEvent(new CustomEvent('hm-header', { detail: { over: false } }));
  }

  updated(changed) {
    if (changed.has('over')) this.tell();
    if (changed.has('heading')) this.fitted();
  }

  /** A title that is too long for a phone is set smaller before it is cut. */
  fitted() {
    const title = this.renderRoot.querySelector('h1');
    if (!title) return;
    title.classList.remove('long');
    requestAnimationFrame(() => title.classList.toggle('long', title.scrollWidth > title.clientWidth + 1));
  }

  tell() {
    window.dispatchEvent(new CustomEvent('hm-header', { detail: { over: Boolean(this.over) } }));
  }

  slotted(event) {
    this.tabs = event.target.assignedElements().length > 0;
  }

  render() {
    const title = this.heading ? html`<h1 class=${this.over ? 'hidden' : ''} tabindex="-1">${this.heading}</h1>` : nothing;
    return html`<div class="bar ${this.tabs ? 'has-tabs' : ''}">
      ${this.back ? html`<hm-icon-button class="back" ?over=${this.over} icon="arrow-left" label=${say.back} @click=${() => back(this.back)}></hm-icon-button>` : nothing}
      ${title}${this.sub ? html`<span class="sub">${this.sub}</span>` : nothing}<div class="tabs"><slot @slotchange=${this.slotted}></slot></div><div class="end"><slot name="end"></slot></div></div>`;
  }
}
customElements.define('hm-page-header', PageHeader);

/** What can be done with chosen things: count first, delete last. */
export class ActionBar extends Widget {
  static properties = { open: { type: Boolean, reflect: true }, countText: { type: String, attribute: 'count-text' }, label: { type: String }, noClose: { type: Boolean, attribute: 'no-close' } };

  static styles = [reset, css`
    :host { display: none; }
    :host([open]) { display: block; position: fixed; z-index: 30; left: var(--rail); right: 0; bottom: calc(var(--bottom) + 20px); pointer-events: none; }
    .bar { pointer-events: auto; display: flex; align-items: center; gap: 8px; width: max-content; max-width: calc(100% - 32px); height: 56px; margin: 0 auto; padding: 0 12px; border-radius: var(--radius-place); background: var(--raised); box-shadow: var(--shadow); animation: appear var(--menu-time) ease-out; overflow-x: auto; --hover: var(--menu-hover); }
    @keyframes appear { from { opacity: 0; transform: translateY(4px); } }
    .count { font: var(--font-14); font-weight: 600; padding-right: 16px; margin-right: 4px; border-right: 1px solid var(--line); line-height: 32px; white-space: nowrap; font-variant-numeric: tabular-nums; }
    :host([no-close]) .count { padding-left: 8px; }
    @media (max-width: 719.98px) { .bar { gap: 0; padding: 0 4px; } .count { padding-right: 8px; } }
  `];

  render() {
    return html`<div class="bar" role="toolbar" aria-label=${this.label || this.countText || nothing}>${this.noClose ? nothing : html`<hm-icon-button icon="x" label=${say.close} @click=${() => this.emit('hm-close')}></hm-icon-button>`}
      <span class="count" aria-live="polite">${this.countText}</span><slot></slot></div>`;
  }
}
customElements.define('hm-action-bar', ActionBar);
