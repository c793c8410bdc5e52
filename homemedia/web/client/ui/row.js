import { css, html, nothing } from '../vendor/lit.js';
import { Widget } from './element.js';
import { say } from './en.js';
import { reset } from './styles.js';
import { vars } from './vars.js';

/** A heading with "See all" over anything. */
export class Section extends Widget {
  static properties = { heading: { type: String }, href: { type: String }, more: { type: String }, note: { type: String } };

  static styles = [reset, css`
    :host { display: block; min-width: 0; }
    header { display: flex; align-items: center; gap: 16px; min-height: 24px; margin-bottom: 12px; }
    h2 { flex: 1 1 0; min-width: 0; font: var(--font-16); letter-spacing: -0.008em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .more { position: relative; display: flex; align-items: center; gap: 4px; font: var(--font-14); color: var(--text2); border-radius: 4px; white-space: nowrap; --icon: 16px; }
    .more::after { content: ''; position: absolute; inset: -10px -8px; }
    @media (hover: hover) { .more:hover { color: var(--text); } }
    @media (max-width: 719.98px) { .more.default span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } }
  `];

  top() {
    if (!this.heading) return nothing;
    return html`<header><h2>${this.heading}</h2><slot name="end"></slot>
      ${this.href ? html`<a class="more ${this.more ? '' : 'default'}" href=${this.href} aria-label=${`${this.heading}: ${this.more || say.seeAll}`}><span>${this.more || say.seeAll}</span><hm-icon name="chevron-right" size="16"></hm-icon></a>`
        : this.more ? html`<span class="more"><span>${this.more}</span></span>` : nothing}</header>`;
  }

  render() {
    return html`<section aria-label=${this.heading || nothing}>${this.top()}<slot></slot></section>`;
  }
}
customElements.define('hm-section', Section);

/** A row of cards that scrolls sideways and runs off the right edge to say "more". */
export class Row extends Section {
  static properties = { ...Section.properties, kind: { type: String, reflect: true }, width: { type: String }, fit: { type: Number }, ends: { state: true } };

  static styles = [Section.styles, css`
    .hold { position: relative; margin-right: calc(-1 * var(--row-bleed, var(--margin-end))); }
    .scroll { display: flex; gap: var(--row-gap, 20px); overflow-x: auto; overscroll-behavior-x: contain; scrollbar-width: none; padding: 4px var(--row-bleed, var(--margin-end)) 4px 4px; margin: -4px 0 -4px -4px; scroll-padding-left: 4px; scroll-snap-type: x proximity; }
    .scroll::-webkit-scrollbar { display: none; }
    ::slotted(*) { flex: 0 0 var(--card-width, 148px); scroll-snap-align: start; }
    :host([kind="still"]) ::slotted(*) { flex-basis: var(--card-width, 232px); }
    .arrow { position: absolute; z-index: 4; top: var(--arrow-top, 40%); opacity: 0; transition: opacity var(--fast) ease-out; border-radius: 50%; background: var(--raised); box-shadow: var(--shadow); margin-top: -20px; }
    .arrow.left { left: -20px; } .arrow.right { right: calc(var(--row-bleed, var(--margin-end)) - 20px); }
    @media (hover: hover) { .hold:hover .arrow.can { opacity: 1; } .arrow:not(.can) { pointer-events: none; } }
    @media (hover: none) { .arrow { display: none; } }
    @media (min-width: 1100px) { .fit ::slotted(*) { flex-basis: calc((100% - var(--row-bleed, var(--margin-end)) - 4px - (var(--fit) - 1) * var(--row-gap, 20px)) / var(--fit)); } }
    @media (max-width: 719.98px) {
      .hold { margin-left: calc(-1 * var(--margin)); margin-right: calc(-1 * var(--margin-end)); }
      .arrow { display: none; }
      .scroll { gap: var(--row-gap-phone, 12px); padding-left: var(--margin); padding-right: var(--margin-end); margin-left: 0; scroll-padding-left: var(--margin); }
      ::slotted(*) { flex-basis: var(--card-width-phone, 112px); } :host([kind="still"]) ::slotted(*) { flex-basis: var(--card-width-phone, 272px); }
    }
  `];

  constructor() {
    super();
    this.ends = { left: false, right: false };
    this.watcher = new ResizeObserver(() => this.look());
  }

  get scroller() {
    return this.renderRoot.querySelector('.scroll');
  }

  firstUpdated() {
    this.watcher.observe(this.scroller);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watcher.disconnect();
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.hasUpdated) this.watcher.observe(this.scroller);
  }

  look() {
    const { scrollLeft, scrollWidth, clientWidth } = this.scroller;
    const ends = { left: scrollLeft > 8, right: scrollLeft + clientWidth < scrollWidth - 8 };
    if (ends.left !== this.ends.left || ends.right !== this.ends.right) this.ends = ends;
  }

  turn(by) {
    const smooth = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
    this.scroller.scrollBy({ left: by * this.scroller.clientWidth * 0.85, behavior: smooth });
  }

  render() {
    const set = { '--card-width': this.width ?? null, '--fit': this.fit ?? null };
    const arrow = (side, icon, label, by) =>
      html`<hm-icon-button class="arrow ${side} ${this.ends[side] ? 'can' : ''}" icon=${icon} label=${label} aria-hidden="true" tabindex="-1" @click=${() => this.turn(by)}></hm-icon-button>`;
    return html`<section aria-label=${this.heading || nothing}>${this.top()}
      <div class="hold ${this.fit ? 'fit' : ''}" ${vars(set)}><div class="scroll" role="list" @scroll=${this.look}><slot @slotchange=${this.look}></slot></div>
      ${arrow('left', 'chevron-left', say.earlier, -1)}${arrow('right', 'chevron-right', say.later, 1)}</div></section>`;
  }
}
customElements.define('hm-row', Row);
