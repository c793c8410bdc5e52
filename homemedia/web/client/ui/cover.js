import { css, html, nothing } from '../vendor/lit.js';
import { artUrl } from '../api.js';
import { Pictured } from './poster.js';
import { hueOf } from './small.js';
import { vars } from './vars.js';

const ARTICLE = /^(the|a|an|die|der|das|les?|la|los|el|il)$/i;

/** "NF" for Nils Frahm, "X" for The xx. @param {string} name */
export function initials(name) {
  const words = (name ?? '').split(/[\s.&+/-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const meant = words.length > 1 && ARTICLE.test(words[0]) ? words.slice(1) : words;
  return meant.slice(0, 2).map((word) => [...word].find((letter) => /[\p{L}\p{N}]/u.test(letter)).toLocaleUpperCase()).join('');
}

/**
 * 1:1, for music. `round` is a person or band: without a picture of his own (`thumbKind` "still": the cover of an album)
 * he is his initials on it. An album without a cover is its own tone with its title on it.
 */
export class Cover extends Pictured {
  static properties = { ...Pictured.properties, round: { type: Boolean, reflect: true }, thumbs: { attribute: false } };

  static styles = [Pictured.styles, css`
    hm-art { width: 100%; container-type: inline-size; }
    :host([round]) { --radius: 50%; text-align: center; } :host([round]) .second { justify-content: center; }
    .made { --art-filter: saturate(.85); }
    .wash, .tint { position: absolute; inset: 0; background: var(--own); pointer-events: none; }
    .wash { mix-blend-mode: soft-light; opacity: .75; } .tint { opacity: .6; }
    .letters { position: absolute; inset: 0; display: grid; place-items: center; color: #fff; font: 600 26cqw / 1 var(--face); letter-spacing: -0.02em; }
    .title { position: absolute; left: 9%; right: 9%; bottom: 9cqw; color: #fff; font: 600 clamp(14px, 11.4cqw, 20px) / 1.2 var(--face); letter-spacing: -0.01em; text-align: start; overflow-wrap: anywhere; hyphens: auto; }
    .title span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; text-wrap: balance; }
    .title::before { content: ''; display: block; width: 16px; height: 2px; margin-bottom: 8px; background: #fff; }
    .four { display: grid; grid-template: 1fr 1fr / 1fr 1fr; aspect-ratio: 1; border-radius: var(--radius); overflow: hidden; position: relative; }
    .gone { aspect-ratio: 1; background: var(--hover); border-radius: var(--radius); box-shadow: inset 0 0 0 1px var(--line); }
  `];

  render() {
    return html`${this.framed(this.missing ? this.gone : this.thumbs?.length > 3 ? this.four() : this.art())}${this.lines}`;
  }

  /** A playlist: the covers of its first four albums. */
  four() {
    return html`<div class="four">${this.thumbs.slice(0, 4).map((src) => html`<hm-art ratio="1/1" radius="none" src=${src} ?eager=${this.eager}></hm-art>`)}<div class="veil"></div></div>`;
  }

  art() {
    const { item, round } = this;
    const src = this.thumbs?.[0] ?? (item ? artUrl(item, { width: this.width ?? 160 }) : null);
    const isMade = !src || (round && item?.thumbKind === 'still');
    const own = item?.thumbTone ?? `oklch(.4 .06 ${hueOf(this.name)})`;
    return html`<hm-art class=${isMade ? 'made' : ''} ratio="1/1" src=${src ?? nothing} tone=${isMade ? own : (item?.thumbTone ?? nothing)} .point=${item?.thumbPoint ?? null} ?eager=${this.eager} ${vars({ '--own': own })}>
      ${isMade ? html`${src ? html`<div class="wash"></div><div class="tint"></div>` : nothing}${round ? html`<div class="letters" aria-hidden="true">${initials(this.name)}</div>` : html`<div class="title" aria-hidden="true"><span>${this.name}</span></div>`}` : nothing}
      <div class="veil"></div></hm-art>`;
  }
}
customElements.define('hm-cover', Cover);
