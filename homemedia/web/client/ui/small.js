// The small ones: spinner, badge, tag, key, skeleton, avatar.
import { css, html, nothing } from '../vendor/lit.js';
import { Widget } from './element.js';
import { say } from './en.js';
import { reset } from './styles.js';
import { vars } from './vars.js';

export class Spinner extends Widget {
  static properties = { size: { type: Number } };
  static styles = css`
    :host { display: inline-block; flex: none; width: var(--ring, 16px); height: var(--ring, 16px); }
    span { display: block; box-sizing: border-box; width: 100%; height: 100%; border: 2px solid currentColor; border-right-color: transparent; border-radius: 50%; animation: turn 800ms linear infinite; }
    @keyframes turn { to { transform: rotate(1turn); } }
    @media (prefers-reduced-motion: reduce) { span { animation: none; } }
  `;
  updated() {
    if (this.size) this.style.setProperty('--ring', `${this.size}px`);
  }
  render() {
    return html`<span></span>`;
  }
}
customElements.define('hm-spinner', Spinner);

export class Badge extends Widget {
  static properties = { tone: { type: String, reflect: true }, onPicture: { type: Boolean, attribute: 'on-picture', reflect: true } };
  static styles = css`
    :host { display: inline-flex; align-items: center; height: 20px; padding: 0 6px; border-radius: 4px; font: var(--font-12); font-weight: 500; white-space: nowrap; vertical-align: middle; background: var(--hover); color: var(--text2); }
    :host([tone="accent"]) { background: var(--soft); color: var(--accent); }
    :host([tone="good"]) { background: var(--good-soft); color: var(--good); }
    :host([tone="warn"]) { background: var(--warn-soft); color: var(--warn); }
    :host([tone="bad"]) { background: var(--bad-soft); color: var(--bad); }
    :host([on-picture]) { background: var(--on-picture-plain); color: #fff; }
  `;
  render() {
    return html`<slot></slot>`;
  }
}
customElements.define('hm-badge', Badge);

export class Tag extends Widget {
  static styles = css`
    :host { display: inline-block; padding: 2px 6px; border-radius: 4px; font: var(--font-12); font-weight: 500; font-variant-numeric: tabular-nums; background: var(--tag); color: #fff; max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  `;
  render() {
    return html`<slot></slot>`;
  }
}
customElements.define('hm-tag', Tag);

export class Key extends Widget {
  static styles = css`
    :host { display: inline-grid; place-items: center; min-width: 18px; height: 18px; padding: 0 5px; border-radius: 4px; box-shadow: inset 0 0 0 1px var(--line); font: var(--font-12); line-height: 18px; color: var(--text3); flex: none; }
    @media (pointer: coarse) { :host { display: none; } }
  `;
  render() {
    return html`<slot></slot>`;
  }
}
customElements.define('hm-key', Key);

/** The same boxes as what will come, in hover colour, still. */
export class Skeleton extends Widget {
  static properties = { kind: { type: String }, count: { type: Number } };
  static styles = [reset, css`
    :host { display: block; }
    .box { background: var(--hover); border-radius: var(--radius); }
    .poster { aspect-ratio: 2 / 3; } .cover { aspect-ratio: 1; } .card { aspect-ratio: 16 / 9; }
    .name { height: 14px; width: 80%; margin-top: 11px; border-radius: 4px; } .second { height: 10px; width: 50%; margin-top: 8px; border-radius: 4px; }
    .line { height: 14px; margin: 5px 0; width: 92%; } .line:last-child { width: 60%; }
    .panel { height: 160px; border-radius: var(--radius-place); }
    .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(148px, 1fr)); gap: var(--gap-rows) var(--gap); }
    .row { display: flex; gap: 20px; overflow: hidden; } .row > * { flex: 0 0 148px; } .row.cards > * { flex-basis: 256px; }
    .text .line:nth-child(3n) { width: 74%; }
    @media (max-width: 719.98px) { .grid { grid-template-columns: repeat(3, minmax(0, 1fr)); } .row { gap: 12px; } .row > * { flex-basis: 112px; } .row.cards > * { flex-basis: 272px; } }
  `];
  one(kind) {
    if (kind === 'line') return html`<div class="box line"></div>`;
    if (kind === 'panel') return html`<div class="box panel"></div>`;
    return html`<div><div class="box ${kind}"></div><div class="box name"></div><div class="box second"></div></div>`;
  }
  render() {
    const kind = this.kind ?? 'line';
    const many = (one, n) => Array.from({ length: this.count ?? n }, () => this.one(one));
    const drawn = { grid: () => many('poster', 14), covers: () => many('cover', 14), row: () => many('poster', 6), cards: () => many('card', 4), text: () => many('line', 3) }[kind];
    const layout = { cards: 'row cards', covers: 'grid' }[kind] ?? kind;
    return html`<div class=${drawn ? layout : ''} role="status" aria-label=${say.loading}>${drawn ? drawn() : many(kind, 1)}</div>`;
  }
}
customElements.define('hm-skeleton', Skeleton);

/** A hue that stays with a name. */
export function hueOf(name) {
  let sum = 7;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 3600;
  return sum / 10;
}

export class Avatar extends Widget {
  static properties = { name: { type: String }, src: { type: String }, size: { type: Number }, failed: { state: true } };
  static styles = [reset, css`
    :host { display: inline-block; flex: none; --now: var(--side, var(--own-side, 40px)); width: var(--now); height: var(--now); border-radius: 50%; overflow: hidden; vertical-align: middle; }
    .letter { display: grid; place-items: center; width: 100%; height: 100%; background: oklch(.48 .07 var(--hue)); color: #fff; font: 600 calc(var(--now) * .38) / 1 var(--face); text-transform: uppercase; }
    img { width: 100%; height: 100%; object-fit: cover; }
  `];
  willUpdate(changed) {
    if (changed.has('src')) this.failed = false;
    if (changed.has('size') && this.size) this.style.setProperty('--own-side', `${this.size}px`);
  }
  render() {
    const name = this.name ?? '';
    if (this.src && !this.failed) return html`<img src=${this.src} alt=${name} decoding="async" @error=${() => { this.failed = true; }}>`;
    return html`<span class="letter" role="img" aria-label=${name || nothing} ${vars({ '--hue': hueOf(name) })}>${[...name][0] ?? ''}</span>`;
  }
}
customElements.define('hm-avatar', Avatar);
