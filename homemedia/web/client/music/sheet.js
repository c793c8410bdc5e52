import { css, html, nothing } from '../vendor/lit.js';
import { go } from '../router.js';
import { openDialogs } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { openMenu } from '../ui/menu.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { music } from './music.js';
import { albumHref, byLine, cover, playButton, repeatButton, shuffleButton, stepButton, timeline } from './parts.js';

const PULL = 90; // px one pulls it down to make it small

/** The music on a phone's whole screen: cover, time, keys, and below it what comes. Tells `hm-close`. */
class MusicSheet extends Widget {
  static properties = { scrub: { state: true }, isListed: { state: true } };

  static styles = [shared, css`
    dialog { position: fixed; inset: 0; width: 100vw; max-width: none; height: 100dvh; max-height: none; margin: 0; padding: env(safe-area-inset-top, 0px) 0 env(safe-area-inset-bottom, 0px); border: 0; background: var(--bg); color: var(--text); overflow: hidden; }
    dialog[open] { display: flex; flex-direction: column; animation: up var(--slow) ease-out; } dialog::backdrop { background: var(--bg); }
    @keyframes up { from { opacity: 0; transform: translateY(24px); } }
    header { display: grid; grid-template-columns: 44px minmax(0, 1fr) 44px; gap: 8px; align-items: center; height: 60px; padding: 0 8px; flex: none; text-align: center; }
    .large { flex: 1 1 0; min-height: 0; display: flex; flex-direction: column; justify-content: space-evenly; gap: 12px; padding: 0 24px 20px; }
    .front { flex: 0 1 auto; min-height: 0; display: grid; place-items: center; } .front hm-art { width: min(100%, 46dvh); --radius: var(--radius-place); }
    .words h1 { font: var(--font-20); letter-spacing: -0.014em; overflow-wrap: anywhere; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; } .words p { margin-top: 2px; font: var(--font-14); color: var(--text2); }
    .ends { display: flex; justify-content: space-between; margin-top: -10px; }
    .keys { display: flex; align-items: center; justify-content: space-between; } .keys .play { --side: 64px; --ground: var(--accent); --on-it: var(--on); --icon: 28px; } .keys .play::part(it) { border-radius: 50%; }
    .list { flex: 1 1 0; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 0 4px; }
    footer { flex: none; display: flex; justify-content: center; padding: 4px 16px 12px; }
  `];

  constructor() {
    super();
    this.scrub = null;
    this.isListed = false;
  }

  connectedCallback() {
    super.connectedCallback();
    openDialogs.add(this);
    document.documentElement.classList.add('locked');
    this.heard = () => this.requestUpdate();
    music.addEventListener('change', this.heard);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    openDialogs.delete(this);
    document.documentElement.classList.remove('locked');
    music.removeEventListener('change', this.heard);
  }

  firstUpdated() {
    this.renderRoot.querySelector('dialog').showModal();
    this.renderRoot.querySelector('.play')?.focus();
  }

  close() {
    this.emit('hm-close');
  }

  pulled(event) {
    const { type, clientY } = event.changedTouches ? { type: event.type, clientY: event.changedTouches[0].clientY } : event;
    if (type === 'touchstart') this.from = event.composedPath().some((node) => node.localName === 'music-slider' || node.localName === 'music-queue') ? null : clientY;
    else if (this.from !== null && clientY - this.from > PULL) this.close();
  }

  async menu(event) {
    const { song } = music;
    const items = [
      ...(song.parentId ? [{ id: 'album', label: say.toAlbum, icon: 'album' }] : []),
      ...(song.grandparentId ? [{ id: 'artist', label: say.toArtist, icon: 'user' }] : []),
      { separator: true },
      { id: 'stop', label: say.close, icon: 'x' },
    ];
    const chosen = await openMenu(event.currentTarget, items, { label: song.title });
    if (!chosen) return;
    this.close();
    if (chosen === 'album') go(albumHref(song));
    if (chosen === 'artist') go(`/music/artist/${song.grandparentId}`);
    if (chosen === 'stop') music.clear();
  }

  render() {
    const { song } = music;
    if (!song) return nothing;
    return html`<dialog aria-label=${say.music} @cancel=${(event) => { event.preventDefault(); this.close(); }} @touchstart=${{ handleEvent: (event) => this.pulled(event), passive: true }} @touchend=${{ handleEvent: (event) => this.pulled(event), passive: true }}>
      <header><hm-icon-button icon="chevron-down" icon-size="24" label=${say.shrink} @click=${() => this.close()}></hm-icon-button><span class="second one-line">${music.queue.source ? say.from(music.queue.source.title) : ''}</span>
        <hm-icon-button icon="dots" icon-size="24" label=${say.moreOf} @click=${(event) => this.menu(event)}></hm-icon-button></header>
      ${this.isListed ? html`<div class="list"><music-queue></music-queue></div>` : this.large(song)}
      <footer><hm-button kind="quiet" icon=${this.isListed ? 'music' : 'list'} @click=${() => (this.isListed = !this.isListed)}>${this.isListed ? say.playing : say.queue}</hm-button></footer></dialog>`;
  }

  large(song) {
    const { at, slider, all } = timeline(this.scrub, (to) => (this.scrub = to));
    return html`<div class="large"><div class="front">${cover(song, 400)}</div>
      <div class="words"><h1>${song.title}</h1><p class="one-line">${byLine(song)}</p></div>
      <div>${slider}<div class="ends">${at}${all}</div></div>
      <div class="keys">${shuffleButton()}${stepButton('previous', 'large')}${playButton('large')}${stepButton('next', 'large')}${repeatButton()}</div></div>`;
  }
}
customElements.define('music-sheet', MusicSheet);
