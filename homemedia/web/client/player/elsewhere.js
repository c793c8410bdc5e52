// Another program or device plays the file: an address that needs no sign-in, and a list that video programs open.
import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { Widget } from '../ui/element.js';
import { copyText, media } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';

const line = (text) => String(text).replace(/\s+/g, ' ').trim();

/**
 * A playlist for video programs; the first entry begins where one is.
 * @param {string} title @param {{address: string, duration: number | null}[]} entries @param {number} [at] ms within the first
 * @returns {string}
 */
export function listOf(title, entries, at = 0) {
  const lines = entries.map(({ address, duration }, i) => {
    const name = entries.length > 1 ? `${line(title)} (${i + 1}/${entries.length})` : line(title);
    const begin = i === 0 && at >= 1000 ? [`#EXTVLCOPT:start-time=${Math.floor(at / 1000)}`] : [];
    return [`#EXTINF:${duration > 0 ? Math.round(duration / 1000) : -1},${name}`, ...begin, address].join('\n');
  });
  return ['#EXTM3U', ...lines, ''].join('\n');
}

/** @param {number} fileId @returns {Promise<string>} */
const addressOf = async (fileId) => new URL((await api.post('/api/home/playback/links', { fileId })).url, location.href).href;

/** Ways to play it elsewhere. `parts` of the version that plays, the first at `at` ms. Tells `player-back`. */
class Elsewhere extends Widget {
  static properties = { parts: { attribute: false }, heading: { type: String }, at: { type: Number }, addresses: { state: true }, problem: { state: true }, isCopied: { state: true } };

  static styles = [shared, css`
    :host { display: block; }
    .panel { width: 400px; border-radius: var(--radius-place); background: var(--raised); color: var(--text); box-shadow: var(--shadow); padding: 10px 20px 20px; --hover: var(--menu-hover); animation: appear var(--menu-time) ease-out; user-select: text; -webkit-user-select: text; }
    @keyframes appear { from { opacity: 0; transform: translateY(4px); } }
    header { display: flex; align-items: center; gap: 4px; margin: 0 0 4px -12px; } h3 { font: var(--font-12); color: var(--text2); }
    .address { width: 100%; height: 40px; margin: 12px 0; padding: 0 12px; border: 0; border-radius: var(--radius); background: var(--hover); color: inherit; font: var(--font-12); }
    .ways { display: flex; flex-wrap: wrap; gap: 8px; } .bad { color: var(--bad); }
    @media (max-width: 719.98px) { .panel { width: 100%; border-radius: var(--radius-place) var(--radius-place) 0 0; padding-bottom: calc(20px + env(safe-area-inset-bottom, 0px)); } }
  `];

  async connectedCallback() {
    super.connectedCallback();
    Object.assign(this, { addresses: null, problem: '', isCopied: false });
    try {
      this.addresses = await Promise.all(this.parts.map((part) => addressOf(part.fileId)));
    } catch (error) {
      this.problem = error.message;
    }
    const list = this.addresses && listOf(this.heading, this.parts.map((part, i) => ({ address: this.addresses[i], duration: part.duration })), this.at);
    if (list && this.isConnected) this.list = URL.createObjectURL(new Blob([list], { type: 'audio/x-mpegurl' }));
    this.requestUpdate();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    URL.revokeObjectURL(this.list);
  }

  firstUpdated() {
    this.renderRoot.querySelector('hm-icon-button')?.focus();
  }

  keyed(event) {
    event.stopPropagation(); // letters are typed, or chosen, not keys of the player
    if (event.key === 'Escape') this.emit('player-back');
  }

  async copy() {
    this.isCopied = await copyText(this.addresses[0]);
    if (!this.isCopied) this.renderRoot.querySelector('.address').select(); // then by hand
  }

  render() {
    return html`<section class="panel" role="dialog" aria-label=${say.elsewhere} @keydown=${this.keyed}>
      <header><hm-icon-button icon="chevron-left" label=${say.toChoices} @click=${() => this.emit('player-back')}></hm-icon-button><h3>${say.elsewhere}</h3></header>
      <p class="second">${say.elsewhereText}</p>
      ${this.problem ? html`<p class="bad" role="alert">${this.problem}</p>` : nothing}
      ${this.problem ? nothing : html`<input class="address" readonly aria-label=${say.address} .value=${this.addresses?.[0] ?? ''} @focus=${(event) => event.target.select()}>
        <div class="ways"><hm-button kind="primary" icon=${this.isCopied ? 'check' : 'copy'} ?disabled=${!this.addresses} @click=${() => this.copy()}>${this.isCopied ? say.copied : say.copyAddress}</hm-button>
          ${this.list ? html`<hm-button icon="download" href=${this.list} download="${this.heading.replace(/[\\/:*?"<>|]/g, ' ')}.m3u">${say.openInProgram}</hm-button>` : nothing}
          ${this.list && media.isTouch ? html`<hm-button icon="cast" href="vlc://${this.addresses[0]}">${say.openInVlc}</hm-button>` : nothing}</div>`}</section>`;
  }
}
customElements.define('player-elsewhere', Elsewhere);
