import { css, html, nothing } from '../vendor/lit.js';
import { artUrl } from '../api.js';
import { clock, join } from '../format.js';
import { Widget } from '../ui/element.js';
import { hueOf } from '../ui/small.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { shaped, whyGone } from './items.js';
import { playHref } from './links.js';
import { byLine } from './music-cards.js';
import { playsHere } from './playable.js';

/** Guests of a track beside the artist its album is by: "with Hal Mooney"; on compilations everybody. */
export function guestLine(track) {
  const { artists = [], grandparentTitle } = track;
  const others = artists.filter((name) => name !== grandparentTitle);
  if (others.length === 0) return '';
  return others.length < artists.length ? say.music.with(others.join(', ')) : others.join(', ');
}

/** A file nobody has looked into yet may well play. */
const plays = (file) => !file.container || !file.audioCodec || playsHere(file);

/** Whether a press on it can be answered: its file is there, and this browser knows it. */
export const isPlayable = (track) => track.available !== false && (!track.files?.[0] || plays(track.files[0]));

/**
 * One piece of music as a line that plays at a press: its number or its album's cover, title, artists, length. 56 high.
 * Without `item` the line of a playlist that leads nowhere.
 */
class Track extends Widget {
  static shadowRootOptions = { ...Widget.shadowRootOptions, delegatesFocus: true };
  static properties = { item: { attribute: false }, heading: { type: String }, withCover: { type: Boolean, attribute: 'with-cover' }, number: { type: String }, missing: { type: String }, chosen: { type: Boolean, reflect: true } };

  static styles = [shared, css`
    :host { display: block; height: 56px; }
    .row { position: relative; display: grid; grid-template-columns: 24px minmax(0, 1fr) auto; gap: 16px; align-items: center; height: 100%; padding: 0 12px; margin: 0 -12px; border-radius: var(--radius); color: inherit; }
    .row.covered { grid-template-columns: 40px minmax(0, 1fr) auto; }
    .row.three { grid-template-columns: 40px minmax(0, 1.2fr) minmax(0, 1fr) auto; }
    .number { font: var(--font-14); color: var(--text2); font-variant-numeric: tabular-nums; text-align: end; }
    .lead { position: relative; display: grid; align-items: center; } .lead hm-icon { position: absolute; right: 0; opacity: 0; } .row.covered .lead hm-icon { right: 10px; color: #fff; z-index: 2; }
    .name, .second { display: block; }
    hm-art { width: 40px; } .veil { position: absolute; inset: 0; background: rgb(0 0 0 / .45); opacity: 0; }
    .length { font: var(--font-14); color: var(--text2); font-variant-numeric: tabular-nums; }
    .blank { width: 40px; height: 40px; border-radius: var(--radius); background: var(--hover); display: grid; place-items: center; color: var(--text3); }
    .off .name { color: var(--text2); }
    :host([chosen]) .row { background: var(--soft); } :host([chosen]) .name { color: var(--accent); }
    .row:focus-visible { outline-offset: -2px; }
    a.row:focus-visible .number, .row:focus-visible .veil { opacity: 0; } a.row:focus-visible .lead hm-icon, .covered:focus-visible .veil { opacity: 1; }
    @media (hover: hover) { a.row:hover { background: var(--hover); } a.row:hover .number { opacity: 0; } a.row:hover .lead hm-icon, a.row:hover .veil { opacity: 1; } }
    @media (max-width: 719.98px) { .row { grid-template-columns: 24px minmax(0, 1fr) auto; gap: 12px; } .row.three { grid-template-columns: 40px minmax(0, 1fr) auto; } .three .of { display: none; } }
    @media (min-width: 720px) { .three .narrow { display: none; } }
  `];

  render() {
    const item = shaped(this.item);
    if (!item) return html`<div class="row covered off" tabindex="-1"><span class="blank"><hm-icon name="music" size="16"></hm-icon></span><span><span class="name one-line">${this.heading}</span><span class="second">${this.missing}</span></span></div>`;
    const file = item.files?.[0];
    const why = item.available === false ? whyGone(item) : file && !plays(file) ? say.music.unplayable : '';
    const inner = this.withCover ? this.covered(item, why) : this.numbered(item, why);
    const form = this.withCover ? 'covered three' : '';
    if (why) return html`<div class="row ${form} off" tabindex="0" role="group" aria-label=${join(item.title, why)}>${inner}</div>`;
    return html`<a class="row ${form}" href=${playHref(item.id)} aria-label=${say.playTitle([item.title, byLine(item)].filter(Boolean).join(', '))}>${inner}</a>`;
  }

  words(item, why, second) {
    return html`<span><span class="name one-line">${item.title}</span>${why ? html`<span class="second ${item.available === false ? 'bad' : ''}">${why}</span>` : second ? html`<span class="second one-line">${second}</span>` : nothing}</span>`;
  }

  numbered(item, why) {
    return html`<span class="lead"><span class="number">${this.number ?? item.index ?? ''}</span><hm-icon name="play" size="16"></hm-icon></span>${this.words(item, why, guestLine(item))}<span class="length">${item.duration ? clock(item.duration) : ''}</span>`;
  }

  covered(item, why) {
    return html`<span class="lead"><hm-art ratio="1/1" src=${artUrl(item, { width: 60 }) ?? nothing} tone=${item.thumbTone ?? `oklch(.4 .06 ${hueOf(item.parentTitle ?? item.title)})`}><div class="veil"></div></hm-art><hm-icon name="play"></hm-icon></span>
      <span><span class="name one-line">${item.title}</span>${why ? html`<span class="second ${item.available === false ? 'bad' : ''}">${why}</span>` : html`<span class="second one-line">${byLine(item)}<span class="narrow">${item.parentTitle ? ` · ${item.parentTitle}` : ''}</span></span>`}</span>
      <span class="of second one-line">${item.parentTitle ?? ''}</span><span class="length">${item.duration ? clock(item.duration) : ''}</span>`;
  }
}
customElements.define('watch-track', Track);

/** Arrow keys between the lines of a list. @param {KeyboardEvent} event @param {ParentNode} root */
export function stepTracks(event, root) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const all = [...root.querySelectorAll('watch-track')];
  const end = { Home: 0, End: all.length - 1 }[event.key];
  const at = all.findIndex((one) => event.composedPath().includes(one));
  if ((step === undefined && end === undefined) || at < 0) return;
  event.preventDefault();
  all[end ?? Math.min(all.length - 1, Math.max(0, at + step))]?.focus();
}
