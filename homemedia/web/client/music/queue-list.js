import { css, html, nothing } from '../vendor/lit.js';
import { artUrl } from '../api.js';
import { clock, count } from '../format.js';
import { Widget } from '../ui/element.js';
import { hueOf } from '../ui/small.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { music } from './music.js';

const SHOWN = 100;

/** What plays now and what comes, as lines one can go to or take out. */
class QueueList extends Widget {
  static styles = [shared, css`
    :host { display: block; min-width: 0; }
    h2 { font: var(--font-12); font-weight: 500; color: var(--text2); padding: 12px 12px 4px; }
    .line { position: relative; display: grid; grid-template-columns: minmax(0, 1fr) 40px; align-items: center; height: 56px; border-radius: var(--radius); flex-wrap: nowrap; gap: 0; }
    .go { display: grid; grid-template-columns: 40px minmax(0, 1fr) auto; gap: 12px; align-items: center; height: 100%; padding: 0 4px 0 12px; text-align: start; border-radius: var(--radius); width: 100%; min-width: 0; }
    .go:focus-visible { outline-offset: -2px; } .go span { min-width: 0; } .name, .second { display: block; }
    hm-art { width: 40px; } .length { font: var(--font-12); color: var(--text2); font-variant-numeric: tabular-nums; }
    .now .name { color: var(--accent); font-weight: 600; } .now .length { color: var(--accent); display: grid; }
    @media (hover: hover) { .line:hover { background: var(--hover); } .line hm-icon-button { opacity: 0; } .line:hover hm-icon-button, .line hm-icon-button:focus-within { opacity: 1; } }
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
    this.updateComplete.then(() => this.renderRoot.querySelectorAll('.go')[Math.max(0, at - music.queue.at)]?.focus());
  }

  render() {
    const { queue } = music;
    const coming = queue.list.slice(queue.at + 1, queue.at + 1 + SHOWN);
    const rest = queue.length - queue.at - 1 - coming.length;
    return html`<h2>${queue.source ? say.from(queue.source.title) : say.playing}</h2>
      ${music.song ? this.line(music.song, queue.at) : nothing}
      <h2>${say.queue}</h2>
      ${coming.length ? html`<div role="list">${coming.map((song, index) => this.line(song, queue.at + 1 + index))}</div>` : html`<p class="second rest">${say.nothingNext}</p>`}
      ${rest > 0 ? html`<p class="second rest">${say.more(count(rest))}</p>` : nothing}`;
  }

  line(song, at) {
    const isNow = at === music.queue.at;
    return html`<div class="line ${isNow ? 'now' : ''}" role=${isNow ? nothing : 'listitem'}>
      <button type="button" class="go" aria-current=${isNow ? 'true' : nothing} @click=${() => (isNow ? music.toggle() : this.goTo(at))}>
        <hm-art ratio="1/1" src=${artUrl(song, { width: 60 }) ?? nothing} tone=${song.thumbTone ?? `oklch(.4 .06 ${hueOf(song.parentTitle ?? song.title)})`}></hm-art>
        <span><span class="name one-line">${song.title}</span><span class="second one-line">${song.artists?.join(', ') || (song.grandparentTitle ?? '')}</span></span>
        <span class="length">${isNow ? html`<hm-icon name="audio" size="20"></hm-icon>` : song.duration ? clock(song.duration) : ''}</span></button>
      ${isNow ? nothing : html`<hm-icon-button icon="x" label=${say.remove(song.title)} @click=${() => this.takeOut(at)}></hm-icon-button>`}</div>`;
  }
}
customElements.define('music-queue', QueueList);
