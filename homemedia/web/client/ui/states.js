// Empty, error, notice.
import { css, html, nothing } from '../vendor/lit.js';
import { Widget } from './element.js';
import { reset } from './styles.js';

const panel = css`
  :host { display: block; }
  .box { background: var(--surface); border-radius: var(--radius-place); box-shadow: inset 0 0 0 1px var(--line); padding: 24px; }
  :host([plain]) .box { background: none; box-shadow: none; padding: 24px 0; }
  .sign { --icon: 24px; color: var(--text2); display: block; margin-bottom: 10px; }
  .heading { font: var(--font-16); letter-spacing: -0.008em; }
  .text { font: var(--font-14); color: var(--text2); max-width: 60ch; text-wrap: pretty; }
  .action { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 14px; }
  .action:not(:has(> :not(slot))) { display: contents; }
  ::slotted([slot="action"]) { margin-top: 14px; margin-right: 12px; }
  .action ::slotted([slot="action"]) { margin: 0; }
  .details { font: var(--font-12); color: var(--text3); margin-top: 8px; overflow-wrap: anywhere; }
`;

export class Empty extends Widget {
  static properties = { icon: { type: String }, heading: { type: String }, text: { type: String }, plain: { type: Boolean, reflect: true } };
  static styles = [reset, panel];
  render() {
    return html`<div class="box">${this.icon ? html`<hm-icon class="sign" name=${this.icon} size="24"></hm-icon>` : nothing}
      <h2 class="heading">${this.heading}</h2><p class="text">${this.text}<slot></slot></p><slot name="action"></slot></div>`;
  }
}
customElements.define('hm-empty', Empty);

export class ErrorState extends Widget {
  static properties = { heading: { type: String }, text: { type: String }, details: { type: String }, retry: { type: String }, plain: { type: Boolean, reflect: true } };
  static styles = [reset, panel, css`.sign { color: var(--bad); }`];
  render() {
    return html`<div class="box" role="alert"><hm-icon class="sign" name="warning" size="24"></hm-icon>
      <h2 class="heading">${this.heading}</h2><p class="text">${this.text}<slot></slot></p>
      ${this.details ? html`<p class="details">${this.details}</p>` : nothing}
      ${this.retry ? html`<div class="action"><hm-button size="small" icon="refresh" @click=${() => this.emit('hm-retry')}>${this.retry}</hm-button><slot name="action"></slot></div>` : html`<slot name="action"></slot>`}</div>`;
  }
}
customElements.define('hm-error', ErrorState);

/** A strip that says one thing and leads on. */
export class Notice extends Widget {
  static properties = { tone: { type: String, reflect: true }, heading: { type: String }, plain: { type: Boolean, reflect: true } };
  static styles = [reset, css`
    :host { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 12px; padding: 12px 16px; border-radius: var(--radius); background: var(--sunken); font: var(--font-14); --sign: var(--text2); }
    :host([plain]) { background: none; padding: 0; }
    :host([tone="good"]) { --sign: var(--good); } :host([tone="warn"]) { --sign: var(--warn); } :host([tone="bad"]) { --sign: var(--bad); } :host([tone="accent"]) { --sign: var(--accent); }
    :host([tone="bad"]:not([plain])) { background: var(--bad-soft); } :host([tone="warn"]:not([plain])) { background: var(--warn-soft); } :host([tone="good"]:not([plain])) { background: var(--good-soft); } :host([tone="accent"]:not([plain])) { background: var(--soft); }
    hm-icon { color: var(--sign); } .words { flex: 1 1 min(220px, calc(100% - 40px)); min-width: 0; } .heading { font-weight: 500; display: block; }
    .heading + .text { font: var(--font-12); color: var(--text2); display: block; margin-top: 2px; }
    ::slotted([slot="action"]) { align-self: center; }
  `];
  render() {
    const sign = { good: 'check', warn: 'info', bad: 'warning' }[this.tone] ?? 'info';
    return html`<hm-icon name=${sign}></hm-icon><div class="words">${this.heading ? html`<span class="heading">${this.heading}</span>` : nothing}<span class="text"><slot></slot></span></div><slot name="action"></slot>`;
  }
}
customElements.define('hm-notice', Notice);
