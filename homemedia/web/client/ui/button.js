import { css, html, nothing } from '../vendor/lit.js';
import { Widget } from './element.js';
import { reset } from './styles.js';

/** What buttons share: held clicks while off or busy, links, submitting the form they stand in. */
class Pressable extends Widget {
  static formAssociated = true;
  static shadowRootOptions = { ...Widget.shadowRootOptions, delegatesFocus: true };

  static properties = {
    icon: { type: String },
    label: { type: String },
    href: { type: String },
    disabled: { type: Boolean, reflect: true },
    busy: { type: Boolean, reflect: true },
    size: { type: String, reflect: true },
    type: { type: String },
    target: { type: String },
    download: { type: String },
    onPicture: { type: Boolean, attribute: 'on-picture', reflect: true },
    expanded: { type: String },
  };

  constructor() {
    super();
    this.size = 'medium';
    this.type = 'button';
    this.internals = this.attachInternals();
    this.addEventListener('click', (event) => this.hold(event), true);
    this.addEventListener('click', (event) => this.type === 'submit' && !event.defaultPrevented && this.internals.form?.requestSubmit());
  }

  hold(event) {
    if (!this.disabled && !this.busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  drawn(inner) {
    const expanded = this.expanded ?? nothing;
    return this.href && !this.disabled
      ? html`<a class="it" part="it" href=${this.href} aria-label=${this.label || nothing} target=${this.target || nothing} download=${this.download ?? nothing}>${inner}</a>`
      : html`<button class="it" part="it" type="button" ?disabled=${this.disabled} aria-label=${this.label || nothing} aria-busy=${this.busy ? 'true' : nothing}
          aria-haspopup=${this.expanded === undefined ? nothing : 'menu'} aria-expanded=${expanded} aria-pressed=${this.pressedText ?? nothing}>${inner}</button>`;
  }
}

const ground = css`
  :host { display: inline-block; vertical-align: middle; flex: none; max-width: 100%; --on-it: var(--text); --ground: var(--hover); }
  .it {
    position: relative; display: flex; align-items: center; justify-content: center; width: 100%; color: var(--on-it); background: var(--ground);
    border-radius: var(--radius); cursor: pointer; user-select: none; transition: background-color var(--fast) ease-out, opacity var(--fast) ease-out; touch-action: manipulation;
  }
  .it::after { content: ''; position: absolute; inset: 0; border-radius: inherit; background: currentColor; opacity: 0; transition: opacity var(--fast) ease-out; pointer-events: none; }
  @media (hover: hover) { .it:hover::after { opacity: .06; } }
  .it:active::after { opacity: .1; }
  :host([disabled]) .it { opacity: .45; cursor: default; }
  :host([disabled]) .it::after { display: none; }
  :host([busy]) .it { opacity: .8; cursor: progress; }
  :host([on-picture]) { --ground: var(--on-picture-plain); --on-it: #fff; }
`;

export class Button extends Pressable {
  static properties = { ...Pressable.properties, kind: { type: String, reflect: true }, wide: { type: Boolean, reflect: true } };

  static styles = [reset, ground, css`
    :host([wide]) { display: block; }
    .it { gap: 8px; min-height: 40px; padding: 0 16px; font: var(--font-14); font-weight: 600; white-space: nowrap; }
    slot { display: block; overflow: hidden; text-overflow: ellipsis; }
    :host([size="small"]) .it { min-height: 32px; padding: 0 12px; }
    :host([size="large"]) .it { min-height: 48px; padding: 0 24px; font: var(--font-prose); font-weight: 600; }
    :host([kind="primary"]) { --ground: var(--accent); --on-it: var(--on); }
    :host([kind="primary"][on-picture]) { --ground: var(--on-picture-accent); --on-it: var(--on-picture-ink); }
    :host([kind="outline"]) { --ground: transparent; }
    :host([kind="outline"]) .it { box-shadow: inset 0 0 0 1px var(--line); }
    :host([kind="quiet"]) { --ground: transparent; }
    :host([kind="danger"]) { --ground: var(--bad-soft); --on-it: var(--bad); }
    @media (max-width: 719.98px), (pointer: coarse) { .it { min-height: 44px; } :host([size="small"]) .it { min-height: 44px; } }
  `];

  constructor() {
    super();
    this.kind = 'plain';
  }

  render() {
    const size = this.size === 'large' ? 24 : 20;
    const sign = this.busy ? html`<hm-spinner></hm-spinner>` : this.icon ? html`<hm-icon name=${this.icon} size=${size}></hm-icon>` : nothing;
    return this.drawn(html`${sign}<slot></slot>`);
  }
}
customElements.define('hm-button', Button);

export class IconButton extends Pressable {
  static properties = {
    ...Pressable.properties,
    pressed: { type: Boolean, reflect: true },
    toggle: { type: Boolean },
    square: { type: Boolean, reflect: true },
    over: { type: Boolean, reflect: true },
    badge: { type: Boolean },
    iconSize: { type: Number, attribute: 'icon-size' },
  };

  static styles = [reset, ground, css`
    :host { --ground: transparent; --side: 40px; --on-it: var(--text2); }
    .it { width: var(--side); height: var(--side); border-radius: var(--round); }
    @media (hover: hover) { :host(:not([square], [over], [on-picture])) .it:hover { background: var(--hover); color: var(--text); } }
    :host([size="small"]) { --side: 32px; }
    :host([size="large"]) { --side: 48px; }
    :host([square]) { --ground: var(--hover); --on-it: var(--text); }
    :host([square]) .it { border-radius: var(--radius); }
    :host([square][on-picture]) { --ground: var(--on-picture-plain); --on-it: #fff; }
    :host([over]) { --ground: color-mix(in oklab, var(--bg) 60%, transparent); --on-it: var(--text); }
    :host([pressed]) { --on-it: var(--accent); }
    :host([pressed][on-picture]) { --on-it: var(--on-picture-accent); }
    .dot { position: absolute; top: 7px; right: 7px; width: 8px; height: 8px; border-radius: 50%; background: var(--accent); box-shadow: 0 0 0 2px var(--bg); }
    @media (max-width: 719.98px), (pointer: coarse) { :host { --side: 44px; } :host([size="small"]) { --side: 44px; } }
  `];

  get pressedText() {
    return this.toggle || this.pressed ? String(Boolean(this.pressed)) : undefined;
  }

  updated() {
    this.title = this.label ?? '';
  }

  render() {
    const size = this.iconSize ?? (this.size === 'large' ? 24 : 20);
    const sign = this.busy ? html`<hm-spinner></hm-spinner>` : html`<hm-icon name=${this.icon} size=${size}></hm-icon>`;
    return this.drawn(html`${sign}${this.badge ? html`<span class="dot"></span>` : nothing}`);
  }
}
customElements.define('hm-icon-button', IconButton);
