import { css, html, nothing } from '../vendor/lit.js';
import { artUrl } from '../api.js';
import { clock, count } from '../format.js';
import { Widget } from '../ui/element.js';
import { hueOf } from '../ui/small.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { music } from './music.js';

const SHOWN = 100;

/** What plays now and what comes, as lines one can go to, move or take out. */
class QueueList extends Widget {
  said = '';
  held = null;

  static styles = [shared, css`
    :host { display: block; min-width: 0; }
    h2 { font: var(--font-12); font-weight: 500; color: var(--text2); padding: 12px 12px 4px; }
    .line { position: relative; display: grid; grid-template-columns: minmax(0, 1fr) 40px 40px; align-items: center; height: 56px; border-radius: var(--radius); flex-wrap: nowrap; gap: 0; }
    .go { display: grid; grid-template-columns: 40px minmax(0, 1fr) auto; gap: 12px; align-items: center; height: 100%; padding: 0 4px 0 12px; text-align: start; border-radius: var(--radius); width: 100%; min-width: 0; }
    .go:focus-visible { outline-offset: -2px; } .go span { min-width: 0; } .name, .second { display: block; }
    hm-art { width: 40px; } .length { font: var(--font-12); color: var(--text2); font-variant-numeric: tabular-nums; }
    .now .name { color: var(--accent); font-weight: 600; } .now .length { color: var(--accent); display: grid; }
    @media (hover: hover) { .line:hover { background: var(--hover); } .line hm-icon-button { opacity: 0; } .line:hover hm-icon-button, .line hm-icon-button:focus-within { opacity: 1; } }
    .now { grid-template-columns: minmax(0, 1fr); }
    .grip { display: grid; place-items: center; width: 40px; height: 44px; color: var(--text3); cursor: grab; touch-action: none; border-radius: var(--radius); } @media (hover: hover) { .grip:hover { color: var(--text); } }
    .held { background: var(--hover); box-shadow: var(--shadow); z-index: 1; cursor: grabbing; } .held .grip { cursor: grabbing; }
    .head { display: flex; align-items: end; justify-content: space-between; padding-right: 4px; } .head h2 { padding-bottom: 6px; }
    .rest { padding: 8px 12px 12px; }
  `];

  connectedCallback() {
    super.connectedCallback();
    this.heard = () => this.draw();
    music.addEventListener('change', this.heard);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    music.removeEventListener('change', this.heard);
  }

  /** Time passing moves nothing here. */
  draw() {
    const { queue, isPlaying } = music;
    const seen = [queue.order, queue.at, isPlaying];
    if (this.seen?.every((one, index) => one === seen[index])) return;
    this.seen = seen;
    this.requestUpdate();
  }

  goTo(at) {
    music.jump(at);
    this.updateComplete.then(() => this.renderRoot.querySelector('.go')?.focus());
  }

  /** Focus stays in the list when its line goes. */
  takeOut(at) {
    music.remove(at);
    this.focusOn(at);
  }

  focusOn(at, what = '.go') {
    this.updateComplete.then(() => this.renderRoot.querySelectorAll(what)[Math.max(0, at - music.queue.at - (what === '.go' ? 0 : 1))]?.focus());
  }

  /** @param {number} from @param {number} to places in the queue @param {string} [focus] the part of the line that keeps the focus */
  move(from, to, focus = '.grip') {
    if (!music.move(from, to)) return;
    const { at, length, list } = music.queue;
    this.said = say.movedTo(list[to].title, to - at, length - at - 1);
    this.requestUpdate();
    this.focusOn(to, focus);
  }

  /** Arrows go through the lines; with Alt, or on the handle, they take the line along. Delete takes it out. */
  keyed(event) {
    const { target } = event;
    const at = Number(target.closest?.('.line')?.dataset.at);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!Number.isInteger(at)) return;
    const isComing = at > music.queue.at;
    const isGrip = target.classList.contains('grip');
    if (by && isComing && (event.altKey || isGrip)) this.move(at, at + by, isGrip ? '.grip' : '.go');
    else if (by && target.classList.contains('go')) this.renderRoot.querySelectorAll('.go')[at - music.queue.at + by]?.focus();
    else if (event.key === 'Delete' && isComing) this.takeOut(at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // The list keeps the pointer: its lines are drawn anew while one is moved.

  grabbed(event) {
    const line = event.target.closest?.('.grip')?.closest('.line');
    if (!line || event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    this.held = { from: Number(line.dataset.at), to: Number(line.dataset.at) };
    this.requestUpdate();
  }

  dragged(event) {
    if (!this.held) return;
    const { top, height } = event.currentTarget.getBoundingClientRect();
    const count = event.currentTarget.childElementCount;
    const to = music.queue.at + 1 + Math.min(count - 1, Math.max(0, Math.floor(((event.clientY - top) / height) * count)));
    if (to === this.held.to) return;
    this.held.to = to;
    this.requestUpdate();
    this.updateComplete.then(() => this.renderRoot.querySelector('.held')?.scrollIntoView({ block: 'nearest' }));
  }

  dropped(event) {
    const { held } = this;
    this.held = null;
    if (held && event.type === 'pointerup') this.move(held.from, held.to);
    if (held) this.requestUpdate();
  }

  render() {
    const { queue } = music;
    const coming = queue.list.map((song, at) => ({ song, at })).slice(queue.at + 1, queue.at + 1 + SHOWN);
    const rest = queue.length - queue.at - 1 - coming.length;
    if (this.held) coming.splice(this.held.to - queue.at - 1, 0, ...coming.splice(this.held.from - queue.at - 1, 1));
    return html`<h2>${queue.source ? say.from(queue.source.title) : say.playing}</h2>
      <div @keydown=${this.keyed}>${music.song ? this.line(music.song, queue.at) : nothing}
      <div class="head"><h2>${say.queue}</h2>${coming.length ? html`<hm-button kind="quiet" size="small" @click=${() => music.clearComing()}>${say.clear}</hm-button>` : nothing}</div>
      ${coming.length ? html`<div role="list" @pointerdown=${this.grabbed} @pointermove=${this.dragged} @pointerup=${this.dropped} @pointercancel=${this.dropped}>${coming.map(({ song, at }) => this.line(song, at))}</div>` : html`<p class="second rest">${say.nothingNext}</p>`}</div>
      ${rest > 0 ? html`<p class="second rest">${say.more(count(rest))}</p>` : nothing}
      <p class="visually-hidden" role="status">${this.said}</p>`;
  }

  line(song, at) {
    const isNow = at === music.queue.at;
    return html`<div class="line ${isNow ? 'now' : ''} ${this.held?.from === at ? 'held' : ''}" role=${isNow ? nothing : 'listitem'} data-at=${at}>
      <button type="button" class="go" aria-current=${isNow ? 'true' : nothing} @click=${() => (isNow ? music.toggle() : this.goTo(at))}>
        <hm-art ratio="1/1" src=${artUrl(song, { width: 60 }) ?? nothing} tone=${song.thumbTone ?? `oklch(.4 .06 ${hueOf(song.parentTitle ?? song.title)})`}></hm-art>
        <span><span class="name one-line">${song.title}</span><span class="second one-line">${song.artists?.join(', ') || (song.grandparentTitle ?? '')}</span></span>
        <span class="length">${isNow ? html`<hm-icon name="audio" size="20"></hm-icon>` : song.duration ? clock(song.duration) : ''}</span></button>
      ${isNow ? nothing : html`<hm-icon-button icon="x" label=${say.remove(song.title)} @click=${() => this.takeOut(at)}></hm-icon-button>
        <button type="button" class="grip" aria-label=${say.drag(song.title, at - music.queue.at, music.queue.length - music.queue.at - 1)} aria-roledescription=${say.movable}><hm-icon name="grip" size="20"></hm-icon></button>`}</div>`;
  }
}
customElements.define('music-queue', QueueList);
