import { css, html, nothing } from '../vendor/lit.js';
import { artUrl } from '../api.js';
import { Pictured } from './poster.js';

/** 16:9. Plain with words under it, `horizontal` with words beside it, `lead` large with words on it. */
export class Card extends Pictured {
  static properties = {
    ...Pictured.properties,
    tag: { type: String },
    placeTag: { type: String, attribute: 'place-tag' },
    horizontal: { type: Boolean, reflect: true },
    lead: { type: Boolean, reflect: true },
    third: { type: String },
    kind: { type: String },
  };

  static styles = [Pictured.styles, css`
    hm-art { width: 100%; }
    .tag { position: absolute; right: 8px; bottom: 8px; z-index: 2; } .place { position: absolute; left: 8px; bottom: 8px; z-index: 2; max-width: 70%; }
    .has-bar .tag, .has-bar .place { bottom: 20px; }
    .gone { aspect-ratio: 16 / 9; background: var(--hover); border-radius: var(--radius); box-shadow: inset 0 0 0 1px var(--line); }
    :host([horizontal]) { display: grid; grid-template-columns: var(--art-width, 168px) minmax(0, 1fr); gap: 16px; align-items: center; }
    :host([horizontal]) .words { margin: 0; }
    :host([horizontal]) .name { white-space: normal; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; }
    :host([horizontal]) .second { margin-top: 2px; }
    :host([lead]) .link { border-radius: var(--radius-place); height: 100%; }
    :host([lead]) .frame { height: 100%; }
    :host([lead]) hm-art { height: 100%; }
    .scrim { position: absolute; inset: 0; background: linear-gradient(to bottom, transparent 45%, rgb(0 0 0 / .62)); }
    .on { position: absolute; z-index: 2; left: 24px; right: 24px; bottom: 40px; display: flex; align-items: center; gap: 16px; color: #fff; padding-left: 64px; min-height: 48px; }
    .on b { display: block; font: var(--font-20); letter-spacing: -0.014em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .on i { display: block; font: var(--font-14); font-style: normal; opacity: .92; }
    .on > span { min-width: 0; }
    :host([lead]) .play { left: 24px; top: auto; bottom: 40px; margin: 0; opacity: 1; display: grid; background: var(--on-picture-accent); color: var(--on-picture-ink); }
    :host([lead]) .bar { left: 24px; right: 24px; bottom: 24px; --track: rgb(255 255 255 / .35); }
    :host([lead]) .veil { display: none; }
    @media (max-width: 719.98px) { .on { left: 16px; right: 16px; } :host([lead]) .play { left: 16px; } :host([lead]) .bar { left: 16px; right: 16px; bottom: 16px; } .on, :host([lead]) .play { bottom: 32px; } }
  `];

  render() {
    if (this.lead) return this.framed(this.missing ? this.gone : this.art(html`<div class="scrim"></div><span class="on" aria-hidden="true"><span><b>${this.name}</b><i>${this.second}</i></span></span>`));
    return html`${this.framed(this.missing ? this.gone : this.art())}${this.lines}`;
  }

  get lines() {
    if (!this.third || this.bare) return super.lines;
    return html`<span class="words" aria-hidden="true"><span class="name">${this.name}</span><span class="second"><span>${this.second}</span></span><span class="second"><span>${this.third}</span></span></span>`;
  }

  art(over = nothing) {
    const item = this.item;
    const width = this.width ?? (this.lead ? 640 : 256);
    const kind = this.kind ?? (item?.thumbKind === 'poster' || !item?.thumb ? (item?.art ? 'art' : 'thumb') : 'thumb');
    return html`<hm-art class=${this.done === null ? '' : 'has-bar'} ratio="16/9" radius=${this.lead ? 'place' : nothing} src=${artUrl(item, { kind, width }) ?? nothing} tone=${item?.thumbTone ?? nothing}
      .point=${item?.thumbPoint ?? null} ?eager=${this.eager}>
      ${over}<div class="veil"></div>
      ${this.placeTag ? html`<hm-tag class="place">${this.placeTag}</hm-tag>` : nothing}${this.tag ? html`<hm-tag class="tag">${this.tag}</hm-tag>` : nothing}${this.bar}</hm-art>`;
  }
}
customElements.define('hm-card', Card);
