import { css, html, nothing } from '../vendor/lit.js';
import { Widget } from './element.js';
import { reset } from './styles.js';

/** Arrow keys of a row of choices: moves the focus and clicks. */
export function roving(event, root, selector) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const all = [...root.querySelectorAll(selector)];
  const at = all.indexOf(event.composedPath()[0].closest?.(selector));
  const end = { Home: 0, End: all.length - 1 }[event.key];
  if ((step === undefined && end === undefined) || at < 0) return null;
  event.preventDefault();
  const to = all[end ?? (at + step + all.length) % all.length];
  to.focus();
  return to;
}

export class Tabs extends Widget {
  static properties = { tabs: { attribute: false }, value: { type: String }, label: { type: String } };

  static styles = [reset, css`
    :host { display: block; min-width: 0; }
    .tabs { display: flex; gap: 4px; overflow-x: auto; scrollbar-width: none; margin: 0 -12px; padding: 0 12px; }
    .tabs::-webkit-scrollbar { display: none; }
    .tab { display: flex; align-items: center; height: 36px; padding: 0 14px; border-radius: var(--round); font: var(--font-14); font-weight: 500; color: var(--text2); white-space: nowrap; cursor: pointer; transition: background-color var(--fast) ease-out, color var(--fast) ease-out; flex: none; }
    .tab[aria-selected="true"], .tab[aria-current] { background: var(--hover); color: var(--text); font-weight: 600; }
    .tab:focus-visible { outline-offset: -2px; }
    @media (hover: hover) { .tab:hover { color: var(--text); background: var(--hover); } }
    @media (max-width: 719.98px), (pointer: coarse) { .tab { height: 44px; } }
    @media (max-width: 719.98px) { .tabs { margin: 0 -16px; } }
  `];

  choose(tab) {
    if (tab.id === this.value) return;
    this.value = tab.id;
    this.emit('hm-change', { value: tab.id });
  }

  one(tab) {
    const chosen = tab.id === this.value;
    if (tab.href) return html`<a class="tab" href=${tab.href} aria-current=${chosen ? 'page' : nothing}>${tab.label}</a>`;
    return html`<button class="tab" type="button" role="tab" aria-selected=${String(chosen)} tabindex=${chosen ? 0 : -1} @click=${() => this.choose(tab)}>${tab.label}</button>`;
  }

  /** The chosen one is seen, however many stand before it. */
  updated() {
    const row = this.renderRoot.querySelector('.tabs');
    const chosen = row.querySelector('[aria-current], [aria-selected="true"]');
    if (chosen && row.scrollWidth > row.clientWidth) row.scrollLeft = Math.max(0, chosen.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2);
  }

  render() {
    const tabs = this.tabs ?? [];
    if (tabs.some((tab) => tab.href)) return html`<nav class="tabs" aria-label=${this.label || nothing}>${tabs.map((tab) => this.one(tab))}</nav>`;
    const keys = (event) => roving(event, this.renderRoot, '.tab')?.click();
    return html`<div class="tabs" role="tablist" aria-label=${this.label || nothing} @keydown=${keys}>${tabs.map((tab) => this.one(tab))}</div>`;
  }
}
customElements.define('hm-tabs', Tabs);

/** Two or three ways to see the same thing: grid or list. */
export class Segmented extends Widget {
  static properties = { options: { attribute: false }, value: { type: String }, label: { type: String } };

  static styles = [reset, css`
    :host { display: inline-block; flex: none; }
    .box { display: flex; height: 40px; padding: 4px; gap: 2px; border-radius: var(--radius); background: var(--hover); }
    button { display: flex; align-items: center; gap: 6px; min-width: 32px; justify-content: center; padding: 0 8px; border-radius: 4px; font: var(--font-14); font-weight: 500; color: var(--text2); transition: background-color var(--fast) ease-out; }
    button[aria-checked="true"] { background: var(--surface); color: var(--text); }
    :host([wide]) { display: block; } :host([wide]) button { flex: 1 1 auto; }
    @media (max-width: 719.98px), (pointer: coarse) { .box { height: 44px; } button { min-width: 44px; position: relative; } button::after { content: ''; position: absolute; inset: -4px -1px; } }
  `];

  choose(value) {
    if (value === this.value) return;
    this.value = value;
    this.emit('hm-change', { value });
  }

  render() {
    return html`<div class="box" role="radiogroup" aria-label=${this.label || nothing} @keydown=${(event) => roving(event, this.renderRoot, 'button')?.click()}>
      ${(this.options ?? []).map((one) => html`<button type="button" role="radio" aria-checked=${String(one.value === this.value)} tabindex=${one.value === this.value ? 0 : -1}
        aria-label=${one.icon ? one.label : nothing} title=${one.icon ? one.label : nothing} @click=${() => this.choose(one.value)}>
        ${one.icon ? html`<hm-icon name=${one.icon}></hm-icon>` : one.label}</button>`)}
    </div>`;
  }
}
customElements.define('hm-segmented', Segmented);
