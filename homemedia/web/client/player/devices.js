// What else the member plays, where a film is refused because he plays too much: each with a way to end it.
import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { join, shortDate, time } from '../format.js';
import { LiveController, QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { toastError } from '../ui/toast.js';
import { deviceOf } from '../watch/elsewhere.js';
import { say } from './en.js';
import { namesOf } from './item.js';

const MINE = '/api/home/playback/mine';
const HALF_DAY_S = 43_200;
/** Between two readings nothing may be told: a browser that crashed says no word. */
const LOOK_EVERY_MS = 15_000;

const PHONES = ['Android', 'iOS'];

/** "since 20:14", of longer ago "since 20 November". @param {number} seconds */
const since = (seconds) => say.since(Date.now() / 1000 - seconds < HALF_DAY_S ? time(seconds) : shortDate(seconds));

/** Tells `player-freed` when one of them has ended, by a press here or by itself: there is room now. */
class Devices extends Widget {
  static properties = { stopping: { state: true } };

  static styles = [shared, css`
    :host { display: block; width: 100%; } :host([empty]) { display: none; }
    ul { list-style: none; margin: 8px 0 0; padding: 0; text-align: start; border-radius: var(--radius-place); background: var(--raised); --hover: var(--menu-hover); }
    li { display: flex; align-items: center; gap: 12px; min-height: 60px; padding: 8px 12px 8px 16px; box-sizing: border-box; } li + li { border-top: 1px solid var(--line); }
    hm-icon { flex: none; color: var(--text2); } .words { flex: 1 1 auto; min-width: 0; } .name { font: var(--font-14); font-weight: 600; }
  `];

  mine = new QueryController(this, () => MINE, { maxAge: 0, poll: LOOK_EVERY_MS });

  constructor() {
    super();
    this.stopping = null;
    this.known = null;
    new LiveController(this, { 'playback.activity': () => this.mine.refresh(), connected: ({ again }) => again && this.mine.refresh() });
  }

  willUpdate() {
    const playing = this.mine.data?.playing;
    if (!playing || playing === this.read) return;
    this.read = playing;
    const now = new Set(playing.map((play) => play.id));
    if (this.known && [...this.known].some((id) => !now.has(id))) this.emit('player-freed');
    this.known = now;
    this.toggleAttribute('empty', !playing.length);
  }

  async stop(play) {
    this.stopping = play.id;
    try {
      await api.delete(`/api/home/playback/activity/${play.id}`, { elsewhere: true });
    } catch (error) {
      if (error.status !== 404) return toastError(error); // 404: it ended by itself meanwhile
    } finally {
      this.stopping = null;
    }
    return this.emit('player-freed');
  }

  render() {
    const playing = this.mine.data?.playing ?? [];
    return html`<ul aria-label=${say.playsNow} aria-live="off">${playing.map((play) => {
      const { title, second } = play.item ? namesOf(play.item) : { title: say.goneTitle, second: '' };
      const where = play.isHere && !play.device.client ? say.thisDevice : deviceOf(play);
      return html`<li><hm-icon name=${PHONES.includes(play.device.os) ? 'phone' : 'computer'}></hm-icon>
        <div class="words"><p class="name one-line">${title}</p>${second ? html`<p class="second one-line">${second}</p>` : nothing}<p class="second tabular">${join(where, since(play.startedAt))}</p></div>
        <hm-button size="small" label=${say.stopOn(title, where)} ?busy=${this.stopping === play.id} ?disabled=${this.stopping !== null} @click=${() => this.stop(play)}>${say.stop}</hm-button></li>`;
    })}</ul>`;
  }
}
customElements.define('player-devices', Devices);
