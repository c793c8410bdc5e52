import { css, html, nothing, repeat } from '../vendor/lit.js';
import { Widget } from './element.js';
import { say } from './en.js';
import { shared } from './styles.js';

const OFFERED = 6;

/**
 * A list of words as chips in one field: Enter or a comma adds, Backspace in the empty line takes the last away, arrows go through the chips.
 * `values` is never changed in place; `hm-change {values}` brings the new list, `hm-typing {text}` what is not confirmed yet.
 */
export class ChipsField extends Widget {
  static shadowRootOptions = { ...Widget.shadowRootOptions, delegatesFocus: true };
  static properties = {
    label: { type: String },
    hideLabel: { type: Boolean, attribute: 'hide-label' },
    values: { attribute: false },
    suggestions: { attribute: false },
    placeholder: { type: String },
    hint: { type: String },
    error: { type: String, reflect: true },
    disabled: { type: Boolean, reflect: true },
    maxlength: { type: Number },
    text: { state: true },
    at: { state: true },
    isIn: { state: true },
  };

  static styles = [shared, css`
    :host { display: block; min-width: 0; position: relative; }
    :host([disabled]) { opacity: .45; pointer-events: none; }
    .label { display: block; font: var(--font-14); font-weight: 500; margin-bottom: 6px; }
    .box { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; min-height: 44px; padding: 7px 8px; border-radius: var(--radius); background: var(--surface); box-shadow: inset 0 0 0 1px var(--line2); cursor: text; }
    .box:focus-within { box-shadow: inset 0 0 0 2px var(--accent); }
    :host([error]:not([error=""])) .box { box-shadow: inset 0 0 0 2px var(--bad); }
    .chips { display: contents; }
    .chip { display: inline-flex; align-items: center; height: 30px; max-width: 100%; border-radius: var(--round); background: var(--hover); font: var(--font-14); font-weight: 500; }
    .word { padding: 0 2px 0 12px; line-height: 30px; border-radius: inherit; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; cursor: default; }
    .chip:has(.word:focus-visible) { outline: 2px solid var(--accent); outline-offset: 1px; } .word:focus-visible { outline: none; }
    .drop { position: relative; flex: none; display: grid; place-items: center; width: 28px; height: 100%; border-radius: inherit; color: var(--text2); }
    @media (hover: hover) { .drop:hover { color: var(--text); } }
    input { flex: 1 1 96px; min-width: 72px; height: 30px; padding: 0 4px; border: 0; background: none; outline: none; font: var(--font-14); }
    input:focus-visible { outline: none; }
    input::placeholder { color: var(--text3); opacity: 1; }
    .offers { position: absolute; z-index: 15; left: 0; right: 0; top: 100%; margin-top: 4px; padding: 6px; border-radius: var(--radius-place); background: var(--raised); box-shadow: var(--shadow); }
    .offer { padding: 8px 10px; border-radius: var(--radius); font: var(--font-14); cursor: pointer; } .offer[aria-selected="true"] { background: var(--menu-hover); }
    .below { display: block; font: var(--font-12); margin-top: 6px; color: var(--text3); } .below.bad { display: flex; gap: 6px; color: var(--bad); }
    @media (max-width: 719.98px), (pointer: coarse) { input { font-size: 16px; } .chip, input { height: 34px; } .word { line-height: 34px; } .drop { width: 34px; } .drop::after { content: ''; position: absolute; inset: -6px 0; } .offer { padding: 12px 10px; } }
  `];

  constructor() {
    super();
    this.values = [];
    this.suggestions = [];
    this.text = '';
    this.at = -1;
    this.isIn = false;
  }

  get input() {
    return this.renderRoot.querySelector('input');
  }

  focus(options) {
    this.input?.focus(options);
  }

  /** What fits what is typed and is not there yet. */
  get offers() {
    const typed = this.text.trim().toLocaleLowerCase();
    if (!this.isIn || !typed) return [];
    const have = new Set(this.values.map((one) => one.toLocaleLowerCase()));
    return (this.suggestions ?? []).filter((one) => !have.has(one.toLocaleLowerCase()) && one.toLocaleLowerCase().includes(typed)).slice(0, OFFERED);
  }

  change(values) {
    this.values = values;
    this.emit('hm-change', { values });
  }

  /** One or several words, cut at commas; what is there already is not added twice. */
  add(text) {
    const have = new Set(this.values.map((one) => one.toLocaleLowerCase()));
    const fresh = [];
    for (const word of text.split(/[,;\n]/).map((one) => one.trim()).filter(Boolean)) {
      if (have.has(word.toLocaleLowerCase())) continue;
      have.add(word.toLocaleLowerCase());
      fresh.push(word);
    }
    this.text = '';
    this.at = -1;
    if (this.input) this.input.value = '';
    if (fresh.length) this.change([...this.values, ...fresh]);
  }

  async takeOut(index, { focus = true } = {}) {
    this.change(this.values.filter((_, i) => i !== index));
    await this.updateComplete;
    if (focus) (this.words[Math.min(index, this.words.length - 1)] ?? this.input)?.focus();
  }

  get words() {
    return [...this.renderRoot.querySelectorAll('.word')];
  }

  typed(event) {
    this.text = event.target.value;
    this.at = -1;
    if (/[,;]$/.test(this.text)) this.add(this.text);
    this.emit('hm-typing', { text: this.text });
  }

  pasted(event) {
    const text = event.clipboardData?.getData('text') ?? '';
    if (!/[,;\n]/.test(text)) return;
    event.preventDefault();
    this.add(text);
  }

  keyed(event) {
    if (event.isComposing) return;
    const { offers } = this;
    const isEmpty = !event.target.value;
    if (event.key === 'Enter') {
      if (!this.text.trim()) return;
      event.preventDefault();
      this.add(offers[this.at] ?? this.text);
    } else if (event.key === 'ArrowDown' && offers.length) this.go(event, (this.at + 1) % offers.length);
    else if (event.key === 'ArrowUp' && offers.length) this.go(event, (this.at - 1 + offers.length) % offers.length);
    else if (event.key === 'Escape' && this.text) {
      event.stopPropagation();
      event.preventDefault();
      this.text = '';
      event.target.value = '';
    } else if (event.key === 'Backspace' && isEmpty && this.values.length) {
      event.preventDefault();
      this.takeOut(this.values.length - 1, { focus: false });
    } else if (event.key === 'ArrowLeft' && isEmpty && this.values.length) {
      event.preventDefault();
      this.words.at(-1).focus();
    }
  }

  go(event, at) {
    event.preventDefault();
    this.at = at;
  }

  chipKeyed(event, index) {
    const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: this.values.length }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      (this.words[Math.max(0, to)] ?? this.input).focus();
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      this.takeOut(index);
    }
  }

  /** What was typed and not confirmed counts: when the field is left, and when a page saves. */
  commit() {
    if (this.text.trim()) this.add(this.text);
  }

  left(event) {
    if (this.renderRoot.contains(event.relatedTarget)) return;
    this.isIn = false;
    this.commit();
  }

  render() {
    const { offers } = this;
    const described = this.error ? 'error' : this.hint ? 'hint' : nothing;
    return html`
      ${this.label && !this.hideLabel ? html`<label class="label" for="in">${this.label}</label>` : nothing}
      <div class="box" @click=${(event) => event.target === event.currentTarget && this.focus()} @focusin=${() => (this.isIn = true)} @focusout=${this.left}>
        <span class="chips" role="list" aria-label=${this.label ?? nothing}>${repeat(this.values ?? [], (word) => word, (word, index) => html`<span class="chip" role="listitem">
          <span class="word" tabindex="-1" @keydown=${(event) => this.chipKeyed(event, index)} @click=${(event) => event.currentTarget.focus()}>${word}</span>
          <button class="drop" type="button" tabindex="-1" aria-label=${say.removeOne(word)} @click=${() => this.takeOut(index, { focus: false })}><hm-icon name="x" size="16"></hm-icon></button></span>`)}</span>
        <input id="in" type="text" autocomplete="off" spellcheck="false" role="combobox" aria-expanded=${String(offers.length > 0)} aria-controls="offers" aria-autocomplete="list"
          aria-activedescendant=${this.at >= 0 ? `offer-${this.at}` : nothing} aria-label=${this.hideLabel ? (this.label ?? nothing) : nothing} aria-describedby=${described} aria-invalid=${this.error ? 'true' : nothing}
          placeholder=${this.values?.length ? '' : (this.placeholder ?? '')} maxlength=${this.maxlength ?? nothing} ?disabled=${this.disabled} @input=${this.typed} @keydown=${this.keyed} @paste=${this.pasted}>
      </div>
      ${offers.length ? html`<div class="offers" id="offers" role="listbox" aria-label=${this.label ?? nothing}>${offers.map((word, index) => html`<div class="offer" id="offer-${index}" role="option" aria-selected=${String(index === this.at)}
        @pointerenter=${() => (this.at = index)} @pointerdown=${(event) => { event.preventDefault(); this.add(word); }}>${word}</div>`)}</div>` : nothing}
      ${this.error ? html`<span class="below bad" id="error" role="alert"><hm-icon name="warning" size="16"></hm-icon><span>${this.error}</span></span>` : this.hint ? html`<span class="below" id="hint">${this.hint}</span>` : nothing}`;
  }
}
customElements.define('hm-chips-field', ChipsField);
