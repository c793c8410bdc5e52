import { css, html, nothing } from '../vendor/lit.js';
import { Widget } from './element.js';
import { reset } from './styles.js';

const EDGE = 8;

/**
 * @typedef {object} MenuItem
 * @property {string} [id] @property {string} [label] @property {string} [icon] @property {string} [key] @property {string} [hint] @property {boolean} [checked]
 * @property {boolean} [danger] @property {boolean} [disabled] @property {string} [href] @property {boolean} [separator] @property {string} [group]
 */

/** A menu under its opener (the slot), a sheet from below on phones. The browser's popover gives the top layer, Escape and the click beside. */
export class Menu extends Widget {
  static properties = { items: { attribute: false }, label: { type: String }, align: { type: String }, open: { type: Boolean, reflect: true }, anchor: { attribute: false } };

  static styles = [reset, css`
    :host { display: inline-block; position: relative; }
    .panel { position: fixed; inset: auto; margin: 0; border: 0; padding: 6px; text-align: start; min-width: 200px; max-width: min(360px, calc(100vw - 16px)); max-height: calc(100dvh - 16px); overflow-y: auto; overscroll-behavior: contain; border-radius: var(--radius-place); background: var(--raised); color: var(--text); box-shadow: var(--shadow); --hover: var(--menu-hover); }
    .panel:popover-open { animation: appear var(--menu-time) ease-out; }
    @keyframes appear { from { opacity: 0; transform: translateY(-4px); } }
    .item { display: flex; align-items: center; gap: 12px; width: 100%; min-height: 36px; padding: 6px 12px 6px 10px; border-radius: var(--radius); font: var(--font-14); text-align: start; white-space: nowrap; color: inherit; cursor: pointer; }
    .item:focus-visible { outline: none; background: var(--menu-hover); }
    @media (hover: hover) { .item:hover { background: var(--menu-hover); } }
    .item hm-icon { color: inherit; } .words { flex: 1 1 0; min-width: 0; overflow: hidden; text-overflow: ellipsis; }
    .hint { display: block; font: var(--font-12); color: var(--text3); white-space: normal; }
    .key { font: var(--font-12); color: var(--text3); min-width: 20px; height: 18px; padding: 0 5px; border-radius: 4px; box-shadow: inset 0 0 0 1px var(--line); text-align: center; line-height: 18px; }
    .danger { color: var(--bad); } .item[aria-disabled="true"] { opacity: .45; cursor: default; }
    .tick { color: var(--accent); } .tick.off { visibility: hidden; }
    hr { border: 0; border-top: 1px solid var(--line); margin: 6px 10px; }
    .group { padding: 8px 10px 4px; font: var(--font-12); color: var(--text3); }
    @media (pointer: coarse), (max-width: 719.98px) { .item { min-height: 44px; } .key { display: none; } }
    @media (max-width: 719.98px) {
      .panel { top: auto !important; left: 0 !important; right: 0; bottom: 0; width: 100vw; max-width: none; max-height: 80dvh; border-radius: var(--radius-place) var(--radius-place) 0 0; padding: 8px 8px calc(12px + env(safe-area-inset-bottom, 0px)); }
      .panel::backdrop { background: var(--veil); }
      @keyframes appear { from { opacity: 0; transform: translateY(24px); } }
    }
  `];

  constructor() {
    super();
    this.align = 'end';
    this.closes = false;
  }

  get panel() {
    return this.renderRoot.querySelector('.panel');
  }

  get buttons() {
    return [...this.renderRoot.querySelectorAll('.item:not([aria-disabled="true"])')];
  }

  opener() {
    return this.renderRoot.querySelector('slot')?.assignedElements()[0] ?? null;
  }

  /** A press on the opener of an open menu already closes it (it lies beside the panel); its click must not open it again. */
  pressed() {
    this.closes = this.open;
  }

  clicked() {
    const closes = this.closes || this.open;
    this.closes = false;
    if (!closes) this.show();
  }

  openerKey(event) {
    if (event.key !== 'ArrowDown' || this.open) return;
    event.preventDefault();
    this.show();
  }

  async show() {
    this.open = true;
    await this.updateComplete;
    this.panel.showPopover();
    this.place();
    this.opened(true);
    const chosen = this.renderRoot.querySelector('.item[aria-checked="true"]');
    (chosen ?? this.buttons[0])?.focus({ preventScroll: false });
  }

  opened(is) {
    const opener = this.opener();
    if (opener && 'expanded' in opener) opener.expanded = String(is);
  }

  place() {
    const at = this.anchor ?? this.opener();
    const box = at instanceof Element ? at.getBoundingClientRect() : { left: at.x, right: at.x, top: at.y, bottom: at.y };
    const { offsetWidth: width, offsetHeight: height } = this.panel;
    const wanted = this.align === 'end' && at instanceof Element ? box.right - width : box.left;
    const left = Math.max(EDGE, Math.min(wanted, window.innerWidth - width - EDGE));
    const below = box.bottom + 6;
    const above = box.top - height - 6;
    const top = below + height <= window.innerHeight - EDGE || above < EDGE ? Math.min(below, Math.max(EDGE, window.innerHeight - height - EDGE)) : above;
    this.panel.style.setProperty('left', `${left}px`);
    this.panel.style.setProperty('top', `${top}px`);
  }

  toggled(event) {
    if (event.newState !== 'closed') return;
    this.open = false;
    this.opened(false);
    this.emit('hm-menu-closed');
  }

  close(giveBack = true) {
    this.panel.hidePopover();
    if (giveBack) this.opener()?.focus();
  }

  keyed(event) {
    const all = this.buttons;
    const at = all.indexOf(this.renderRoot.activeElement);
    const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) all[to]?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') this.close();
    else if (event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey) {
      const letter = event.key.toLocaleLowerCase();
      const starts = (button) => button.textContent.trim().toLocaleLowerCase().startsWith(letter);
      (all.slice(at + 1).find(starts) ?? all.find(starts))?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(event, item) {
    event.stopPropagation();
    if (item.disabled) return;
    this.close();
    this.emit('hm-select', { id: item.id, item });
  }

  one(item, ticks) {
    if (item.separator) return html`<hr role="separator">`;
    if (item.group) return html`<div class="group" role="presentation">${item.group}</div>`;
    const inner = html`
      ${ticks ? html`<hm-icon class="tick ${item.checked ? '' : 'off'}" name="check"></hm-icon>` : item.icon ? html`<hm-icon name=${item.icon}></hm-icon>` : nothing}
      <span class="words">${item.label}${item.hint ? html`<span class="hint">${item.hint}</span>` : nothing}</span>${item.key ? html`<span class="key">${item.key}</span>` : nothing}`;
    const classes = `item ${item.danger ? 'danger' : ''}`;
    const role = item.checked === undefined ? 'menuitem' : 'menuitemradio';
    const checked = item.checked === undefined ? nothing : String(Boolean(item.checked));
    return item.href
      ? html`<a class=${classes} role="menuitem" tabindex="-1" href=${item.href} @click=${() => this.close(false)}>${inner}</a>`
      : html`<button class=${classes} type="button" role=${role} tabindex="-1" aria-checked=${checked} aria-disabled=${item.disabled ? 'true' : nothing} @click=${(event) => this.choose(event, item)}>${inner}</button>`;
  }

  rows() {
    // Ticks and icons share the first column within one group: a group with a choice shows ticks.
    const items = this.items ?? [];
    let ticks = false;
    return items.map((item, i) => {
      if (i === 0 || item.separator || item.group) {
        const end = items.findIndex((other, j) => j > i && (other.separator || other.group));
        ticks = items.slice(i, end < 0 ? undefined : end).some((other) => other.checked !== undefined);
      }
      return this.one(item, ticks);
    });
  }

  render() {
    return html`<slot @pointerdown=${this.pressed} @click=${this.clicked} @keydown=${this.openerKey}></slot>
      <div class="panel" popover="auto" role="menu" aria-label=${this.label || nothing} @keydown=${this.keyed} @toggle=${this.toggled}>${this.open ? this.rows() : nothing}</div>`;
  }
}
customElements.define('hm-menu', Menu);

/** The open dialog around an element, since all else is inert while one is open. */
function layerOf(node) {
  for (let at = node; at; at = at.assignedSlot ?? at.parentNode ?? at.host) if (at instanceof HTMLDialogElement && at.open) return at;
  return document.body;
}

/**
 * A menu at an element or a point, for context menus.
 * @param {Element | {x: number, y: number}} anchor @param {MenuItem[]} items @param {{label?: string, align?: string}} [options]
 * @returns {Promise<string | null>} the chosen id
 */
export function openMenu(anchor, items, { label = '', align = 'start' } = {}) {
  return new Promise((done) => {
    const menu = Object.assign(document.createElement('hm-menu'), { anchor, items, label, align });
    const before = document.activeElement;
    let chosen = null;
    menu.addEventListener('hm-select', (event) => {
      event.stopPropagation();
      chosen = event.detail.id;
    });
    menu.addEventListener('hm-menu-closed', () => setTimeout(() => {
      menu.remove();
      if (document.activeElement === document.body) before?.focus?.({ preventScroll: true });
      done(chosen);
    }));
    layerOf(anchor instanceof Element ? anchor : null).append(menu);
    menu.show();
  });
}
