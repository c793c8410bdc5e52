import { html, liveValue, nothing } from '../vendor/lit.js';
import { Widget } from './element.js';
import { say } from './en.js';

let made = 0;

/** A field drawn in light DOM, so that forms, labels and password managers see a plain input; its styles are in ui/styles.js. */
export class Field extends Widget {
  static properties = {
    label: { type: String },
    hideLabel: { type: Boolean, attribute: 'hide-label' },
    type: { type: String },
    name: { type: String },
    value: { type: String },
    placeholder: { type: String },
    hint: { type: String },
    error: { type: String, reflect: true },
    options: { attribute: false },
    autocomplete: { type: String },
    inputmode: { type: String },
    icon: { type: String },
    keyHint: { type: String, attribute: 'key-hint' },
    required: { type: Boolean },
    disabled: { type: Boolean },
    minlength: { type: Number },
    maxlength: { type: Number },
    min: { type: String },
    max: { type: String },
    step: { type: String },
    rows: { type: Number },
    shown: { state: true },
  };

  constructor() {
    super();
    made += 1;
    this.fieldId = `field-${made}`;
    this.type = 'text';
    this.value = '';
    this.rows = 3;
  }

  createRenderRoot() {
    return this;
  }

  get input() {
    return this.querySelector('.field-input');
  }

  focus(options) {
    this.input?.focus(options);
  }

  select() {
    this.input?.select?.();
  }

  clear() {
    this.value = '';
    this.input.value = '';
    this.input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    this.focus();
  }

  typed = (event) => {
    this.value = event.target.value;
  };

  /** Without a native submit button browsers do not submit on Enter; ours is a custom one. */
  pressed = (event) => {
    const form = this.input?.form;
    if (event.key === 'Enter' && !event.isComposing && form && this.type !== 'textarea' && this.type !== 'select') {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === 'Escape' && this.type === 'search' && this.value) {
      event.stopPropagation();
      this.clear();
    }
  };

  describe() {
    const ids = [this.error && `${this.fieldId}-error`, this.hint && `${this.fieldId}-hint`].filter(Boolean);
    return ids.length > 0 ? ids.join(' ') : nothing;
  }

  control() {
    const a11y = { id: this.fieldId, described: this.describe(), invalid: this.error ? 'true' : nothing, named: this.hideLabel ? this.label : nothing };
    if (this.type === 'select') {
      return html`<select class="field-input" id=${a11y.id} name=${this.name ?? nothing} ?disabled=${this.disabled} ?required=${this.required} aria-describedby=${a11y.described} aria-invalid=${a11y.invalid} aria-label=${a11y.named} .value=${liveValue(this.value)} @change=${this.typed} @input=${this.typed}>
        ${(this.options ?? []).map((one) => html`<option value=${one.value} ?selected=${String(one.value) === String(this.value)} ?disabled=${one.disabled}>${one.label}</option>`)}
      </select><hm-icon class="field-chevron" name="chevron-down" size="16"></hm-icon>`;
    }
    if (this.type === 'textarea') {
      return html`<textarea class="field-input" id=${a11y.id} name=${this.name ?? nothing} rows=${this.rows} placeholder=${this.placeholder ?? nothing} maxlength=${this.maxlength ?? nothing} ?disabled=${this.disabled} ?required=${this.required} aria-describedby=${a11y.described} aria-invalid=${a11y.invalid} aria-label=${a11y.named} .value=${liveValue(this.value)} @input=${this.typed}></textarea>`;
    }
    const type = this.type === 'password' && this.shown ? 'text' : this.type;
    return html`<input class="field-input" id=${a11y.id} type=${type} name=${this.name ?? nothing} placeholder=${this.placeholder ?? nothing} autocomplete=${this.autocomplete ?? (this.type === 'search' ? 'off' : nothing)}
      inputmode=${this.inputmode ?? nothing} minlength=${this.minlength ?? nothing} maxlength=${this.maxlength ?? nothing} min=${this.min ?? nothing} max=${this.max ?? nothing} step=${this.step ?? nothing}
      autocapitalize=${['email', 'password', 'url'].includes(this.type) ? 'none' : nothing} spellcheck=${this.type === 'text' ? nothing : 'false'}
      ?disabled=${this.disabled} ?required=${this.required} aria-describedby=${a11y.described} aria-invalid=${a11y.invalid} aria-label=${a11y.named} .value=${liveValue(this.value)} @input=${this.typed} @keydown=${this.pressed}>`;
  }

  side() {
    if (this.type === 'password') {
      const label = this.shown ? say.hidePassword : say.showPassword;
      return html`<span class="field-side"><hm-icon-button icon=${this.shown ? 'eye-off' : 'eye'} label=${label} @click=${() => { this.shown = !this.shown; }}></hm-icon-button></span>`;
    }
    if (this.type === 'search' && this.value) return html`<span class="field-side"><hm-icon-button icon="x" label=${say.clear} @click=${() => this.clear()}></hm-icon-button></span>`;
    return this.keyHint ? html`<hm-key>${this.keyHint}</hm-key>` : nothing;
  }

  render() {
    const icon = this.icon ?? (this.type === 'search' ? 'search' : null);
    return html`
      ${this.label && !this.hideLabel ? html`<label class="field-label" for=${this.fieldId}>${this.label}</label>` : nothing}
      <div class="field-box">${icon ? html`<hm-icon name=${icon}></hm-icon>` : nothing}${this.control()}${this.side()}</div>
      ${this.error ? html`<span class="field-error" id="${this.fieldId}-error" role="alert"><hm-icon name="warning" size="16"></hm-icon><span>${this.error}</span></span>` : nothing}
      ${this.hint ? html`<span class="field-hint" id="${this.fieldId}-hint">${this.hint}</span>` : nothing}`;
  }
}
customElements.define('hm-field', Field);
