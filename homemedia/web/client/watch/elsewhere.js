// "Playing on the TV": what the member plays on another of his devices, and the way to go on with it here.
import { css, html, nothing, LitElement } from '../vendor/lit.js';
import { api } from '../api.js';
import { clock } from '../format.js';
import { go } from '../router.js';
import { LiveController, QueryController } from '../ui/controllers.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { playHref } from './links.js';

const MINE = '/api/home/playback/mine';
const words = say.elsewhere;
/** What comes later than this after the page would push it aside: it is told, and stands there the next time. */
const EARLY_MS = 2000;
/** What was paused longer ago is in "Continue watching". */
const FRESH_S = 15 * 60;

/** @param {any} play @returns {string} "Chrome on Linux", or what the player calls itself */
export const deviceOf = ({ device: { client, type, os } }) => client || words.device(type, os);

/** The ones to speak of. @param {any[]} playing @param {string} key of the only thing that matters, or '' @param {number} nowS */
export const others = (playing, key, nowS) =>
  playing.filter((play) => !play.isHere && play.item && play.item.type !== 'track' && (!key || play.item.id === key) && play.state !== 'idle' && nowS - play.lastSeenAt < FRESH_S);

/** `key`: only that item, and its title goes without saying. */
class Elsewhere extends LitElement {
  static properties = { key: { type: String }, shown: { state: true }, busy: { state: true } };

  static styles = [shared, css`
    :host { display: none; } :host([there]) { display: block; }
    .line { display: flex; flex-wrap: nowrap; align-items: center; gap: 12px; min-height: 56px; padding: 8px 8px 8px 16px; border-radius: var(--radius-place); background: var(--elsewhere-ground, var(--surface)); font: var(--font-14); box-sizing: border-box; }
    .line + .line { margin-top: 8px; } hm-icon { color: var(--text2); flex: none; } .words { flex: 1 1 auto; min-width: 0; } .name { font-weight: 500; }
    :host([key]) .line { max-width: 608px; }
  `];

  mine = new QueryController(this, () => MINE, { maxAge: 0 });

  constructor() {
    super();
    this.key = '';
    this.shown = new Map();
    this.told = new Set();
    new LiveController(this, { 'playback.activity': () => this.mine.refresh(), connected: ({ again }) => again && this.mine.refresh() });
  }

  connectedCallback() {
    super.connectedCallback();
    this.since = performance.now();
  }

  /** What stands there stays, in other words when it ends: nothing on the page moves. */
  willUpdate(changed) {
    if (changed.has('key') && changed.get('key')) {
      this.shown = new Map();
      this.since = performance.now();
    }
    const now = others(this.mine.data?.playing ?? [], this.key, Date.now() / 1000);
    const isEarly = performance.now() - this.since < EARLY_MS;
    for (const play of now) {
      if (this.shown.has(play.id) || isEarly) this.shown.set(play.id, play);
      else if (!this.told.has(play.id)) this.tell(play);
      this.told.add(play.id);
    }
    const living = new Set(now.map((play) => play.id));
    for (const [id, play] of this.shown) if (!living.has(id) && this.mine.data) this.shown.set(id, { ...play, state: 'over' });
    this.toggleAttribute('there', this.shown.size > 0);
  }

  tell(play) {
    toast(words.playing(play.item.title, deviceOf(play)), { action: { label: words.here, run: () => this.goOn(play) } });
  }

  async goOn(play) {
    this.busy = play.id;
    try {
      const { playing } = await api.get(MINE);
      const now = playing.find((one) => one.id === play.id);
      if (now) await api.delete(`/api/home/playback/activity/${play.id}`, { elsewhere: true }).catch(() => {}); // it ended by itself meanwhile
      const at = now?.position ?? play.position;
      go(playHref(play.item.id, { file: now?.fileId ?? play.fileId, at: Math.round(at) }));
    } catch (error) {
      toastError(error);
    } finally {
      this.busy = null;
    }
  }

  render() {
    return [...this.shown.values()].map((play) => {
      const { title } = play.item;
      const [line, second] = this.words(play, deviceOf(play));
      return html`<div class="line" role="status"><hm-icon name="tv"></hm-icon><div class="words"><p class="name one-line">${this.key ? line : title}</p>${this.key ? nothing : html`<p class="second one-line">${line}</p>`}${second && this.key ? html`<p class="second tabular">${second}</p>` : nothing}</div>
        <hm-button size="small" icon="play" ?busy=${this.busy === play.id} label=${words.hereWith(title)} @click=${() => this.goOn(play)}>${words.here}</hm-button></div>`;
    });
  }

  words(play, device) {
    if (play.state === 'over') return [words.wasOn(device), ''];
    if (play.state === 'paused') return [words.pausedOn(device), words.at(clock(play.position))];
    return [words.isOn(device), ''];
  }
}
customElements.define('watch-elsewhere', Elsewhere);
