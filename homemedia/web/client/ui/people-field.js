import { css, html, nothing, repeat } from '../vendor/lit.js';
import { Widget } from './element.js';
import { say } from './en.js';
import { shared } from './styles.js';

const OFFERED = 6;

/** The part of a name that was typed, set off. */
function marked(name, text) {
  const at = text ? name.toLocaleLowerCase().indexOf(text.toLocaleLowerCase()) : -1;
  return at < 0 ? name : html`${name.slice(0, at)}<b>${name.slice(at, at + text.length)}</b>${name.slice(at + text.length)}`;
}

/**
 * People (or groups of them) chosen by name, as chips in one field; what stands in its slot lies at its end.
 * `people`: all there are to choose from, `{id, name, src?, icon?, second?}`; `values`: ids; `hm-change {values}` brings the new list.
 */
export class PeopleField extends Widget {
  static shadowRootOptions = { ...Widget.shadowRootOptions, delegatesFocus: true };
  static properties = { label: { type: String }, placeholder: { type: String }, people: { attribute: false }, values: { attribute: false }, nobody: { type: String }, text: { state: true }, at: { state: true }, isIn: { state: true } };

  static styles = [shared, css`
    :host { display: block; position: relative; }
    .box { display: flex; align-items: center; gap: 6px; min-height: 44px; padding: 6px 8px; border-radius: var(--radius); background: var(--surface); box-shadow: inset 0 0 0 1px var(--line2); cursor: text; }
    .box:focus-within { box-shadow: inset 0 0 0 2px var(--accent); }
    .chosen { display: flex; flex-wrap: wrap; flex: 1 1 0; min-width: 0; gap: 6px; align-items: center; }
    .chip { display: inline-flex; align-items: center; gap: 8px; height: 32px; max-width: 100%; padding: 0 4px 0 4px; border-radius: var(--round); background: var(--hover); font: var(--font-14); font-weight: 500; --side: 24px; }
    .drop { display: grid; place-items: center; width: 28px; height: 100%; border-radius: inherit; color: var(--text2); position: relative; }
    @media (hover: hover) { .drop:hover { color: var(--text); } }
    input { flex: 1 1 96px; min-width: 72px; height: 32px; padding: 0 4px; border: 0; background: none; outline: none; font: var(--font-14); color: inherit; }
    input:focus-visible { outline: none; }
    input::placeholder { color: var(--text3); opacity: 1; }
    .offers { position: absolute; z-index: 15; left: 0; right: 0; top: 100%; margin-top: 6px; padding: 6px; border-radius: var(--radius-place); background: var(--raised); box-shadow: var(--shadow); max-height: 280px; overflow-y: auto; }
    .offer { display: flex; align-items: center; gap: 10px; min-height: 48px; padding: 6px 10px; border-radius: var(--radius); font: var(--font-14); cursor: pointer; --side: 32px; } .offer[aria-selected="true"] { background: var(--menu-hover); }
    .offer .name { flex: 1 1 0; min-width: 0; } .sign { display: grid; place-items: center; width: var(--side); height: var(--side); border-radius: 50%; background: var(--soft); color: var(--accent); --icon: 18px; flex: none; } .chip .sign { --icon: 14px; }
    .none { padding: 10px; font: var(--font-14); color: var(--text3); }
    @media (max-width: 719.98px), (pointer: coarse) { input { font-size: 16px; } .drop::after { content: ''; position: absolute; inset: -6px 0; } }
  `];

  constructor() {
    super();
    Object.assign(this, { people: [], values: [], text: '', at: 0, isIn: false });
  }

  get offers() {
    const text = this.text.trim().toLocaleLowerCase();
    const begins = ({ name }) => name.toLocaleLowerCase().split(' ').some((word) => word.startsWith(text));
    const fits = this.people.filter((one) => !this.values.includes(one.id) && one.name.toLocaleLowerCase().includes(text));
    return [...fits.filter(begins), ...fits.filter((one) => !begins(one))].slice(0, OFFERED);
  }

  set(values) {
    this.values = values;
    this.emit('hm-change', { values });
  }

  take(person) {
    this.text = '';
    this.at = 0;
    this.isIn = false;
    this.set([...this.values, person.id]);
    this.renderRoot.querySelector('input').focus();
  }

  pressed(event) {
    const { offers } = this;
    if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && !this.isIn) this.isIn = true;
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') this.at = (this.at + (event.key === 'ArrowDown' ? 1 : offers.length - 1)) % Math.max(1, offers.length);
    else if (event.key === 'Enter' && offers[this.at] && this.isIn) this.take(offers[this.at]);
    else if (event.key === 'Backspace' && !this.text && this.values.length) return void this.set(this.values.slice(0, -1));
    else if (event.key === 'Escape' && this.isIn && (this.text || offers.length)) {
      this.text = '';
      this.isIn = false;
      event.stopPropagation();
    } else return;
    event.preventDefault();
  }

  face = (one) => (one.icon ? html`<span class="sign"><hm-icon name=${one.icon}></hm-icon></span>` : html`<hm-avatar name=${one.name} src=${one.src ?? nothing}></hm-avatar>`);

  list() {
    if (!this.isIn) return nothing;
    const { offers } = this;
    if (!offers.length) return this.text.trim() ? html`<div class="offers"><p class="none" role="status">${this.nobody}</p></div>` : nothing;
    return html`<div class="offers" id="offers" role="listbox" aria-label=${this.label}>${offers.map((one, i) => html`<div class="offer" id="offer-${i}" role="option" aria-selected=${String(i === this.at)} @pointerdown=${(event) => event.preventDefault()} @click=${() => this.take(one)} @pointermove=${() => { this.at = i; }}>
      ${this.face(one)}<span class="name one-line">${marked(one.name, this.text.trim())}</span>${one.second ? html`<span class="second">${one.second}</span>` : nothing}</div>`)}</div>`;
  }

  render() {
    const chosen = this.values.map((id) => this.people.find((one) => one.id === id)).filter(Boolean);
    const isOpen = this.isIn && this.offers.length > 0;
    return html`<div class="box" @click=${() => this.renderRoot.querySelector('input').focus()}><div class="chosen">
      ${repeat(chosen, (one) => one.id, (one) => html`<span class="chip">${this.face(one)}<span class="one-line">${one.name}</span><button type="button" class="drop" aria-label=${say.removeOne(one.name)} @click=${() => this.set(this.values.filter((id) => id !== one.id))}><hm-icon name="x" size="16"></hm-icon></button></span>`)}
      <input type="text" role="combobox" autocomplete="off" spellcheck="false" aria-label=${this.label} aria-expanded=${String(isOpen)} aria-controls=${isOpen ? 'offers' : nothing} aria-activedescendant=${isOpen ? `offer-${this.at}` : nothing} placeholder=${chosen.length ? '' : this.placeholder} .value=${this.text}
        @input=${(event) => { this.text = event.target.value; this.at = 0; this.isIn = true; }} @click=${() => { this.isIn = true; }} @blur=${() => { this.isIn = false; }} @keydown=${this.pressed}></div><slot></slot></div>${this.list()}`;
  }
}
customElements.define('hm-people-field', PeopleField);
