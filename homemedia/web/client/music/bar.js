import { css, html, nothing } from '../vendor/lit.js';
import { percent } from '../format.js';
import { router } from '../router.js';
import { onKey, typing } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { onPhoneChange } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { music } from './music.js';
import { albumHref, byLine, cover, playButton, repeatButton, shuffleButton, stepButton, timeline } from './parts.js';
import './queue-list.js';
import './slider.js';

const STEP_MS = 10_000;
const LOUDER = 0.05;

/** The music that plays, at the foot of every page; stands in the frame, which hides it where a page takes the whole window. */
class MusicBar extends Widget {
  static properties = { scrub: { state: true }, isPhone: { state: true }, isListed: { state: true } };

  static styles = [shared, css`
    :host { display: none; } :host([shown]) { display: block; }
    .bar { position: fixed; z-index: 35; left: var(--rail); right: 0; bottom: var(--foot); height: var(--bar); background: var(--bg); border-top: 1px solid var(--line); }
    .bar:focus-visible { outline-offset: -2px; }
    .wide { display: grid; grid-template-columns: minmax(180px, 1fr) auto minmax(160px, 1.4fr) auto; gap: 28px; align-items: center; padding: 0 calc(var(--margin-end) - 10px) 0 var(--margin); }
    .what { display: grid; grid-template-columns: 48px minmax(0, 1fr); gap: 12px; align-items: center; min-width: 0; }
    .what hm-art { width: 48px; } .what a { border-radius: 2px; } .what .front { display: block; border-radius: var(--radius); } .name, .second { display: block; }
    .keys, .more { display: flex; align-items: center; gap: 4px; } .keys .play { margin: 0 6px; --ground: var(--hover); } .keys .play::part(it) { border-radius: 50%; }
    .time { display: grid; grid-template-columns: 44px minmax(0, 1fr) 44px; gap: 12px; align-items: center; } .at { text-align: end; }
    .more music-slider { width: 88px; margin-right: 8px; }
    .panel { position: fixed; inset: auto var(--margin-end) calc(var(--bottom) + 12px) auto; width: 400px; max-height: min(560px, calc(100dvh - var(--bottom) - 96px)); margin: 0; padding: 6px; border: 0; overflow-y: auto; overscroll-behavior: contain; border-radius: var(--radius-place); background: var(--raised); color: var(--text); box-shadow: var(--shadow); --hover: var(--menu-hover); }
    .panel:popover-open { animation: rise var(--menu-time) ease-out; } @keyframes rise { from { opacity: 0; transform: translateY(4px); } }
    @media (hover: hover) { a.name:hover, a.second:hover { text-decoration: underline; text-underline-offset: 3px; } }
    @media (max-width: 1099.98px) { .wide { gap: 16px; } .more music-slider { display: none; } }
    @media (max-width: 859.98px) { .wide { grid-template-columns: minmax(140px, 1fr) auto minmax(120px, 1fr) auto; gap: 8px; } .keys .turn, .time .second { display: none; } .time { grid-template-columns: minmax(0, 1fr); } }
    .small { display: grid; grid-template-columns: minmax(0, 1fr) auto auto; align-items: center; gap: 4px; padding: 0 8px 0 16px; }
    .small .open { display: grid; grid-template-columns: 44px minmax(0, 1fr); gap: 12px; align-items: center; height: 100%; text-align: start; min-width: 0; border-radius: var(--radius); }
    .small hm-art { width: 44px; } .small .play { --ground: transparent; }
    .small hm-progress { position: absolute; left: 0; right: 0; top: -1px; --radius: 0; }
  `];

  constructor() {
    super();
    this.scrub = null;
    this.isListed = false;
    this.isPhone = window.innerWidth < 720;
    music.addEventListener('change', () => this.requestUpdate());
    this.addEventListener('keydown', (event) => this.keyed(event));
    onKey(this, { Escape: () => this.isListed && this.shut() });
  }

  connectedCallback() {
    super.connectedCallback();
    if (!this.childElementCount) this.append(...music.deck.audios);
    this.offPhone = onPhoneChange((is) => (this.isPhone = is));
    this.offRouter = router.subscribe(() => {
      this.list(false);
      this.requestUpdate();
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.offPhone();
    this.offRouter();
  }

  updated() {
    const is = Boolean(music.song);
    this.toggleAttribute('shown', is && (router.current.route?.frame ?? true));
    document.documentElement.classList.toggle('music', is);
    if (!is) this.sheet?.remove();
    if (!is) this.sheet = null;
  }

  /** Keys while the bar, or something in it, has the focus. */
  keyed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event) || event.composedPath()[0].type === 'range') return;
    const isOnButton = event.composedPath()[0].matches?.('button, a');
    const does = {
      ' ': isOnButton ? null : () => music.toggle(),
      k: () => music.toggle(),
      ArrowLeft: () => music.step(-STEP_MS),
      ArrowRight: () => music.step(STEP_MS),
      ArrowUp: () => music.volume(Math.min(1, music.deck.level + LOUDER)),
      ArrowDown: () => music.volume(Math.max(0, music.deck.level - LOUDER)),
      n: () => music.next(),
      p: () => music.previous(),
      m: () => music.mute(),
      s: () => music.shuffle(),
      r: () => music.repeat(),
    }[event.key];
    const inList = event.composedPath().some((node) => node.localName === 'music-queue');
    if (!does || (inList && event.key.startsWith('Arrow'))) return;
    event.preventDefault();
    does();
  }

  shut() {
    this.list(false);
    this.renderRoot.querySelector('.more [toggle]')?.focus();
    return true;
  }

  async enlarge() {
    await import('./sheet.js');
    this.sheet = document.createElement('music-sheet');
    document.body.append(this.sheet);
    this.sheet.addEventListener('hm-close', () => {
      this.sheet?.remove();
      this.sheet = null;
      this.renderRoot.querySelector('.open')?.focus();
    });
  }

  render() {
    const { song } = music;
    if (!song) return nothing;
    return this.isPhone ? this.small(song) : this.wide(song);
  }

  small(song) {
    const { duration } = music;
    return html`<section class="bar small" role="region" aria-label=${say.music}>
      <hm-progress .value=${duration ? music.time / duration : 0} label=${say.time}></hm-progress>
      <button type="button" class="open" aria-label=${say.open(song.title)} aria-haspopup="dialog" @click=${() => this.enlarge()}>${cover(song, 60)}<span><span class="name one-line">${song.title}</span><span class="second one-line">${byLine(song)}</span></span></button>
      ${playButton('medium')}${stepButton('next')}</section>`;
  }

  wide(song) {
    const { at, slider, all } = timeline(this.scrub, (to) => (this.scrub = to));
    const { level, isMuted } = music.deck;
    const loud = isMuted ? 0 : level;
    return html`<section class="bar wide" role="region" aria-label=${say.music} tabindex="0">
      <div class="what"><a class="front" href=${albumHref(song)} aria-label=${say.toAlbum} title=${song.parentTitle ?? ''}>${cover(song, 96)}</a>
        <div><a class="name one-line" href=${albumHref(song)}>${song.title}</a>
          ${song.grandparentId ? html`<a class="second one-line" href="/music/artist/${song.grandparentId}">${byLine(song)}</a>` : html`<span class="second one-line">${byLine(song)}</span>`}</div></div>
      <div class="keys">${shuffleButton()}${stepButton('previous')}${playButton('medium')}${stepButton('next')}${repeatButton()}</div>
      <div class="time">${at}${slider}${all}</div>
      <div class="more"><hm-icon-button icon=${loud === 0 ? 'volume-off' : loud < 0.5 ? 'volume-low' : 'volume'} label=${isMuted ? say.unmute : say.mute} @click=${() => music.mute()}></hm-icon-button>
        <music-slider label=${say.volume} text=${percent(loud)} max="1" step="0.05" .value=${loud} @slide=${(event) => music.volume(event.detail.value)}></music-slider>
        <hm-icon-button icon="list" label=${say.queue} toggle ?pressed=${this.isListed} @click=${() => this.list()}></hm-icon-button>
        <hm-icon-button icon="x" label=${say.close} @click=${() => music.clear()}></hm-icon-button></div></section>
      <div class="panel" popover="manual" role="dialog" aria-label=${say.queue} @toggle=${(event) => (this.isListed = event.newState === 'open')}>${this.isListed ? html`<music-queue></music-queue>` : nothing}</div>`;
  }

  /** Stays until it is closed or the page changes: one takes songs out, and brings them back by the toast. @param {boolean} [is] */
  list(is = !this.isListed) {
    this.renderRoot.querySelector('.panel')?.togglePopover(is);
  }
}
customElements.define('hm-music-bar', MusicBar);
