import { css, html, nothing } from '../vendor/lit.js';
import { artUrl } from '../api.js';
import { clock, join } from '../format.js';
import { say as words } from '../music/en.js';
import { music } from '../music/music.js';
import { songMenu } from '../music/song-menu.js';
import { Widget } from '../ui/element.js';
import { hueOf } from '../ui/small.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { shaped, whyGone } from './items.js';
import { byLine } from './music-cards.js';

/** Guests of a track beside the artist its album is by: "with Hal Mooney"; on compilations everybody. */
export function guestLine(track) {
  const { artists = [], grandparentTitle } = track;
  const others = artists.filter((name) => name !== grandparentTitle);
  if (others.length === 0) return '';
  return others.length < artists.length ? say.music.with(others.join(', ')) : others.join(', ');
}

/** Whether a press on it can be answered; what this browser does not know is converted. */
export const isPlayable = (track) => track.available !== false;

/**
 * One piece of music as a line that plays at a press: its number or its album's cover, title, artists, length. 56 high.
 * Without `item` the line of a playlist that leads nowhere. Tells `watch-play`; `playing` is the one that is heard now.
 */
class Track extends Widget {
  static shadowRootOptions = { ...Widget.shadowRootOptions, delegatesFocus: true };
  static properties = { item: { attribute: false }, heading: { type: String }, withCover: { type: Boolean, attribute: 'with-cover' }, number: { type: String }, missing: { type: String }, chosen: { type: Boolean, reflect: true }, playing: { type: Boolean, reflect: true } };

  static styles = [shared, css`
    :host { display: block; position: relative; height: 56px; }
    .more { position: absolute; right: -8px; top: 8px; z-index: 1; } button.row { padding-right: 48px; }
    @media (hover: hover) { .more { opacity: 0; } :host(:hover) .more, .more:focus-within { opacity: 1; } }
    .row { position: relative; display: grid; grid-template-columns: 24px minmax(0, 1fr) auto; gap: 16px; align-items: center; height: 100%; padding: 0 12px; margin: 0 -12px; border-radius: var(--radius); color: inherit; width: calc(100% + 24px); text-align: start; }
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
    :host([playing]) .name { color: var(--accent); font-weight: 500; } :host([playing]) .number { opacity: 0; } :host([playing]) .lead hm-icon, :host([playing]) .veil { opacity: 1; } :host([playing]) .numbered .lead hm-icon { color: var(--accent); }
    .row:focus-visible { outline-offset: -2px; }
    button.row:focus-visible .number { opacity: 0; } button.row:focus-visible .lead hm-icon, button.row:focus-visible .veil { opacity: 1; }
    @media (hover: hover) { button.row:hover { background: var(--hover); } button.row:hover .number { opacity: 0; } button.row:hover .lead hm-icon, button.row:hover .veil { opacity: 1; } }
    @media (max-width: 719.98px) { .row { grid-template-columns: 24px minmax(0, 1fr) auto; gap: 12px; } .row.three { grid-template-columns: 40px minmax(0, 1fr) auto; } .three .of { display: none; } }
    @media (min-width: 720px) { .three .narrow { display: none; } }
  `];

  render() {
    const item = shaped(this.item);
    if (!item) return html`<div class="row covered off" tabindex="-1"><span class="blank"><hm-icon name="music" size="16"></hm-icon></span><span><span class="name one-line">${this.heading}</span><span class="second">${this.missing}</span></span></div>`;
    const why = item.available === false ? whyGone(item) : '';
    const inner = this.withCover ? this.covered(item, why) : this.numbered(item, why);
    const form = this.withCover ? 'covered three' : 'numbered';
    if (why) return html`<div class="row ${form} off" tabindex="0" role="group" aria-label=${join(item.title, why)}>${inner}</div>`;
    const label = say.playTitle([item.title, byLine(item)].filter(Boolean).join(', '));
    return html`<button type="button" class="row ${form}" aria-label=${label} aria-current=${this.playing ? 'true' : nothing} @click=${() => this.emit('watch-play', { item: this.item })} @contextmenu=${this.asked}>${inner}</button>
      <hm-icon-button class="more" icon="dots" label=${words.moreAbout(item.title)} @click=${(event) => songMenu(this.item, event.currentTarget)}></hm-icon-button>`;
  }

  /** The menu where the pointer is; asked for by a key, at the line. */
  asked(event) {
    event.preventDefault();
    songMenu(this.item, event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : event.currentTarget);
  }

  words(item, why, second) {
    return html`<span><span class="name one-line">${item.title}</span>${why ? html`<span class="second ${item.available === false ? 'bad' : ''}">${why}</span>` : second ? html`<span class="second one-line">${second}</span>` : nothing}</span>`;
  }

  numbered(item, why) {
    return html`<span class="lead"><span class="number">${this.number ?? item.index ?? ''}</span><hm-icon name=${this.playing ? 'audio' : 'play'} size="16"></hm-icon></span>${this.words(item, why, guestLine(item))}<span class="length">${item.duration ? clock(item.duration) : ''}</span>`;
  }

  covered(item, why) {
    return html`<span class="lead"><hm-art ratio="1/1" src=${artUrl(item, { width: 60 }) ?? nothing} tone=${item.thumbTone ?? `oklch(.4 .06 ${hueOf(item.parentTitle ?? item.title)})`}><div class="veil"></div></hm-art><hm-icon name=${this.playing ? 'audio' : 'play'}></hm-icon></span>
      <span><span class="name one-line">${item.title}</span>${why ? html`<span class="second ${item.available === false ? 'bad' : ''}">${why}</span>` : html`<span class="second one-line">${byLine(item)}<span class="narrow">${item.parentTitle ? ` · ${item.parentTitle}` : ''}</span></span>`}</span>
      <span class="of second one-line">${item.parentTitle ?? ''}</span><span class="length">${item.duration ? clock(item.duration) : ''}</span>`;
  }
}
customElements.define('watch-track', Track);

/** Draws a page anew when another song is heard. */
export class Heard {
  constructor(host) {
    this.host = host;
    this.heard = () => {
      const now = music.song?.id ?? null;
      if (now === this.now) return;
      this.now = now;
      host.requestUpdate();
    };
    host.addController(this);
  }

  hostConnected() {
    music.addEventListener('change', this.heard);
    this.heard();
  }

  hostDisconnected() {
    music.removeEventListener('change', this.heard);
  }
}

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
