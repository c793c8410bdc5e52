import { css, html, nothing } from '../vendor/lit.js';
import { artUrl } from '../api.js';
import { percent } from '../format.js';
import { Widget } from './element.js';
import { say } from './en.js';
import { reset } from './styles.js';
import { vars } from './vars.js';

/** What poster and card share: the link, the name and second line, the play button, the keys. */
export class Pictured extends Widget {
  static shadowRootOptions = { ...Widget.shadowRootOptions, delegatesFocus: true };

  static properties = {
    item: { attribute: false },
    href: { type: String },
    heading: { type: String },
    second: { type: String },
    progress: { type: Number },
    watched: { type: Boolean },
    missing: { type: String, reflect: true },
    playable: { type: Boolean, reflect: true },
    bare: { type: Boolean, reflect: true },
    chosen: { type: Boolean, reflect: true },
    selectable: { type: Boolean, reflect: true },
    width: { type: Number },
    eager: { type: Boolean },
  };

  static styles = [reset, css`
    :host { display: block; min-width: 0; position: relative; }
    .link { display: block; position: relative; border-radius: var(--radius); color: inherit; width: 100%; text-align: start; }
    .link:focus-visible { outline-offset: 2px; }
    .veil { position: absolute; inset: 0; z-index: 2; border-radius: inherit; background: rgb(0 0 0 / .35); opacity: 0; transition: opacity var(--fast) ease-out; pointer-events: none; }
    .play { position: absolute; z-index: 3; left: 50%; top: 50%; width: 48px; height: 48px; margin: -24px 0 0 -24px; border-radius: 50%; display: grid; place-items: center; background: var(--accent); color: var(--on); opacity: 0; transition: opacity var(--fast) ease-out; }
    .frame { position: relative; }
    @media (hover: hover) { .frame:hover .veil, .frame:hover .play { opacity: 1; } }
    .frame:has(.link:focus-visible) .veil, .frame:has(.link:focus-visible) .play { opacity: 1; }
    @media (hover: none) { .play { display: none; } }
    .bar { position: absolute; z-index: 2; left: 8px; right: 8px; bottom: 8px; }
    .words { display: block; margin-top: 8px; }
    .name { display: block; font: var(--font-14); font-weight: 500; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .second { display: flex; align-items: center; gap: 6px; min-height: 16px; font: var(--font-12); color: var(--text2); font-variant-numeric: tabular-nums; }
    .second span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    :host([missing]) .second { color: var(--bad); }
    .gone { display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 8px; height: 100%; font: var(--font-12); color: var(--text2); text-align: center; --icon: 24px; }
    :host([chosen]) .link { outline: 2px solid var(--accent); outline-offset: 2px; }
    :host([selectable][chosen]) .link { outline: 3px solid var(--accent); outline-offset: -3px; } /* inside: bars may lie close above */
    .pick { position: absolute; z-index: 4; right: 8px; top: 8px; display: grid; place-items: center; width: 24px; height: 24px; border-radius: 50%; background: rgb(0 0 0 / .35); box-shadow: inset 0 0 0 1.5px #fff; color: transparent; pointer-events: none; }
    :host([chosen]) .pick { background: var(--accent); box-shadow: none; color: var(--on); }
    @media (pointer: coarse) { .link { touch-action: manipulation; } }
  `];

  get name() {
    return this.heading ?? this.item?.title ?? '';
  }

  get done() {
    if (this.progress !== undefined && this.progress !== null) return this.progress;
    const item = this.item;
    return item?.viewOffset > 0 && item.duration ? item.viewOffset / item.duration : null;
  }

  get isWatched() {
    return this.watched || (this.item?.watched && !(this.item.viewOffset > 0)) || this.item?.unwatchedCount === 0;
  }

  play(event) {
    event.preventDefault();
    event.stopPropagation();
    this.emit('hm-play', { item: this.item });
  }

  context(event) {
    const box = this.getBoundingClientRect();
    const byKey = event.type === 'keydown';
    const at = byKey ? { x: box.left + 24, y: box.top + 24 } : { x: event.clientX, y: event.clientY };
    if (!this.emit('hm-context', { item: this.item, ...at }, true)) event.preventDefault(); // a listener took it: no menu of the browser's
  }

  keyed(event) {
    if (event.key === 'p' && this.playable && !event.ctrlKey && !event.metaKey) this.play(event);
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) this.context(event);
  }

  /** @param {unknown} inner the art */
  framed(inner) {
    const label = [this.name, this.second].filter(Boolean).join(', ');
    const link = this.href
      ? html`<a class="link" href=${this.href} role=${this.selectable ? 'checkbox' : nothing} aria-checked=${this.selectable ? String(Boolean(this.chosen)) : nothing} aria-label=${label}>${inner}</a>`
      : html`<button class="link" type="button" aria-label=${label}>${inner}</button>`;
    return html`<div class="frame" @contextmenu=${this.context} @keydown=${this.keyed}>${link}
      ${this.selectable ? html`<span class="pick"><hm-icon name="check" size="16"></hm-icon></span>` : nothing}
      ${this.playable && !this.missing && !this.selectable ? html`<button class="play" type="button" tabindex="-1" aria-label=${say.play(this.name)} @click=${this.play}><hm-icon name="play" size="24"></hm-icon></button>` : nothing}</div>`;
  }

  get bar() {
    const done = this.done;
    return done === null ? nothing : html`<hm-progress class="bar" on-picture .value=${done} label=${say.progress(percent(done))}></hm-progress>`;
  }

  get lines() {
    if (this.bare) return nothing;
    const tick = this.isWatched && !this.missing ? html`<hm-icon name="check" size="16" title=${say.watched}></hm-icon>` : nothing;
    return html`<span class="words" aria-hidden="true"><span class="name">${this.name}</span><span class="second">${tick}<span>${this.missing || this.second || nothing}</span></span></span>`;
  }

  get gone() {
    const words = this.item?.unreadable ? say.unreadable : say.missing;
    return html`<div class="gone"><hm-icon name="warning" size="24"></hm-icon><span>${words[0]}<br>${words[1]}</span></div>`;
  }
}

const STILL_ASPECT = 16 / 9;

/** 2:3. A film without a poster (`thumbKind` "still") is a still of itself, washed with its own tone, its title set over it. */
export class Poster extends Pictured {
  static styles = [Pictured.styles, css`
    hm-art { width: 100%; container-type: inline-size; }
    .made { --art-filter: saturate(.85); }
    .wash, .scrim { position: absolute; inset: 0; pointer-events: none; }
    .wash { background: var(--own); mix-blend-mode: soft-light; opacity: .75; }
    .scrim { background: linear-gradient(to bottom, transparent 35%, var(--own-dark) 72%); }
    .title { position: absolute; left: 9%; right: 9%; bottom: 9cqw; color: #fff; font: 600 clamp(14px, 11.4cqw, 20px) / 1.2 var(--face); letter-spacing: -0.01em; text-align: start; overflow-wrap: anywhere; hyphens: auto; }
    .title span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; text-wrap: balance; }
    .title::before { content: ''; display: block; width: 16px; height: 2px; margin-bottom: 8px; background: #fff; }
    .under .title { bottom: 24px; }
    .gone { aspect-ratio: 2 / 3; background: var(--hover); border-radius: var(--radius); box-shadow: inset 0 0 0 1px var(--line); }
  `];

  get made() {
    const item = this.item;
    return item?.thumbKind === 'still' || (item && !item.thumb);
  }

  render() {
    return html`${this.framed(this.missing ? this.gone : this.art())}${this.lines}`;
  }

  art() {
    const item = this.item;
    const width = this.width ?? 160;
    const tone = item?.thumbTone ?? null;
    const made = this.made;
    // A still is cropped here, at its point of interest; so it must be as high as the poster, and wider.
    const src = item ? artUrl(item, { width: made ? width * 1.5 * STILL_ASPECT : width }) : null;
    const own = tone ?? 'oklch(.38 .02 70)';
    return html`<hm-art class="${made ? 'made' : ''} ${this.done === null ? '' : 'under'}" ratio="2/3" src=${src ?? nothing} tone=${tone ?? nothing} .point=${item?.thumbPoint ?? null} ?eager=${this.eager}
      ${vars({ '--own': own, '--own-dark': `color-mix(in oklab, ${own} 75%, black)` })}>
      ${made ? html`<div class="wash"></div><div class="scrim"></div><div class="title"><span>${this.name}</span></div>` : nothing}
      <div class="veil"></div>${this.bar}</hm-art>`;
  }
}
customElements.define('hm-poster', Poster);
