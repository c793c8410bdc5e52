// Switch and checkbox.
import { css, html, nothing } from '../vendor/lit.js';
import { Widget } from './element.js';
import { reset } from './styles.js';

class Choice extends Widget {
  static shadowRootOptions = { ...Widget.shadowRootOptions, delegatesFocus: true };
  static properties = {
    checked: { type: Boolean, reflect: true },
    label: { type: String },
    ariaName: { type: String, attribute: 'aria-name' },
    hint: { type: String },
    disabled: { type: Boolean, reflect: true },
  };

  static styles = [reset, css`
    :host { display: inline-block; vertical-align: middle; }
    :host([disabled]) { opacity: .45; pointer-events: none; }
    label { display: flex; align-items: center; gap: 12px; cursor: pointer; }
    .words { flex: 1 1 0; min-width: 0; font: var(--font-14); }
    .words:empty { display: none; }
    .hint { display: block; font: var(--font-12); color: var(--text3); margin-top: 2px; }
    button { position: relative; flex: none; transition: background-color var(--fast) ease-out, box-shadow var(--fast) ease-out; }
    button::after { content: ''; position: absolute; inset: -12px -8px; }
  `];

  flip(event) {
    event.preventDefault();
    event.stopPropagation();
    if (this.disabled) return;
    this.checked = !this.checked;
    this.indeterminate = false;
    this.emit('hm-change', { checked: this.checked });
  }

  words() {
    const hint = this.hint ? html`<span class="hint">${this.hint}</span>` : nothing;
    return html`<span class="words" id="words">${this.label ?? nothing}<slot></slot>${hint}</span>`;
  }
}

export class Switch extends Choice {
  static styles = [Choice.styles, css`
    button { width: 40px; height: 24px; border-radius: 12px; background: var(--line2); }
    button::before { content: ''; position: absolute; top: 2px; left: 2px; width: 20px; height: 20px; border-radius: 50%; background: var(--knob-off); transition: transform var(--fast) ease-out, background-color var(--fast) ease-out; }
    button[aria-checked="true"] { background: var(--accent); }
    button[aria-checked="true"]::before { transform: translateX(16px); background: var(--knob); }
    :host([label]) { display: block; }
  `];

  render() {
    return html`<label @click=${this.flip}>${this.label || this.hint ? this.words() : html`<slot></slot>`}
      <button type="button" role="switch" aria-checked=${String(Boolean(this.checked))} aria-label=${this.ariaName ?? this.label ?? nothing} ?disabled=${this.disabled}></button></label>`;
  }
}
customElements.define('hm-switch', Switch);

export class Checkbox extends Choice {
  static properties = { ...Choice.properties, indeterminate: { type: Boolean, reflect: true }, round: { type: Boolean, reflect: true } };

  static styles = [Choice.styles, css`
    button { display: grid; place-items: center; width: 20px; height: 20px; border-radius: var(--radius); box-shadow: inset 0 0 0 1.5px var(--line2); background: var(--surface); color: transparent; }
    hm-icon { --icon: 16px; }
    :host([round]) button { width: 24px; height: 24px; border-radius: 50%; background: rgb(0 0 0 / .25); box-shadow: inset 0 0 0 1.5px #fff; }
    button[aria-checked="true"], button[aria-checked="mixed"] { background: var(--accent) !important; box-shadow: none; color: var(--on); }
  `];

  render() {
    const state = this.indeterminate ? 'mixed' : String(Boolean(this.checked));
    return html`<label @click=${this.flip}>
      <button type="button" role="checkbox" aria-checked=${state} aria-label=${this.ariaName ?? this.label ?? nothing} aria-labelledby=${this.ariaName || this.label ? nothing : 'words'} ?disabled=${this.disabled}>
        <hm-icon name=${this.indeterminate ? 'minus' : 'check'} size="16"></hm-icon></button>${this.words()}</label>`;
  }
}
customElements.define('hm-checkbox', Checkbox);
