import { css, html, nothing, repeat } from '../vendor/lit.js';
import { api } from '../api.js';
import { Widget } from '../ui/element.js';
import { media } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { vars } from '../ui/vars.js';
import { talk as say } from './en.js';

const PAGE = 20;
const TYPING_PAUSE_MS = 300;

/** Moving pictures to choose from, the ones of the day first. Emits `hm-gif {gif}` and `hm-close`. */
class GifPicker extends Widget {
  static properties = { text: { state: true }, found: { state: true }, problem: { state: true }, isBusy: { state: true }, isAll: { state: true } };

  static styles = [shared, css`
    :host { display: block; margin-bottom: 8px; border-radius: var(--radius-place); background: var(--raised); box-shadow: var(--shadow); padding: 12px; }
    .found { columns: 3 96px; column-gap: 6px; height: 216px; overflow-y: auto; margin-top: 8px; overscroll-behavior: contain; }
    .found button { display: block; width: 100%; margin-bottom: 6px; border-radius: var(--radius); overflow: hidden; background: var(--hover); break-inside: avoid; aspect-ratio: var(--ratio); } .found img { width: 100%; height: 100%; object-fit: cover; }
    .top { display: flex; gap: 8px; align-items: center; } .top hm-field { flex: 1 1 0; } .foot { display: flex; justify-content: space-between; align-items: center; gap: 8px; margin-top: 8px; min-height: 32px; }
    .none { font: var(--font-14); color: var(--text2); padding: 12px 0; }
  `];

  constructor() {
    super();
    Object.assign(this, { text: '', found: null, problem: null, isBusy: false, isAll: false });
  }

  connectedCallback() {
    super.connectedCallback();
    this.ask();
  }

  async firstUpdated() {
    const field = this.renderRoot.querySelector('hm-field');
    await field.updateComplete;
    field.focus();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    this.running?.abort();
  }

  async ask(isMore = false) {
    this.running?.abort();
    const { signal } = (this.running = new AbortController());
    this.isBusy = true;
    this.problem = null;
    try {
      const { gifs } = await api.get('/api/gifs/search', { q: this.text.trim(), limit: PAGE, offset: isMore ? this.found.length : null }, { signal });
      this.found = isMore ? [...this.found, ...gifs.filter((gif) => !this.found.some((one) => one.id === gif.id))] : gifs;
      this.isAll = gifs.length < PAGE;
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error;
    }
    this.isBusy = false;
  }

  typed(event) {
    this.text = event.target.value;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), TYPING_PAUSE_MS);
  }

  keyed(event) {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.emit('hm-close');
  }

  one = (gif) => html`<button type="button" aria-label=${gif.title || say.gif} ${vars({ '--ratio': gif.width && gif.height ? `${gif.width} / ${gif.height}` : '1' })} @click=${() => this.emit('hm-gif', { gif })}>
    <img src=${media.reducedMotion ? gif.stillUrl : gif.url} alt="" loading="lazy"></button>`;

  list() {
    if (this.problem) return html`<hm-error plain heading=${say.gifsFailed} text=${this.problem.message} retry=${say.again} @hm-retry=${() => this.ask()}></hm-error>`;
    if (this.found === null) return html`<div class="found"><hm-skeleton kind="cover" count="1"></hm-skeleton></div>`;
    if (!this.found.length) return html`<p class="none" role="status">${say.gifsNone(this.text.trim())}</p>`;
    return html`<div class="found">${repeat(this.found, (gif) => gif.id, this.one)}</div>`;
  }

  render() {
    return html`<div @keydown=${this.keyed}><div class="top"><hm-field type="search" hide-label label=${say.gifSearch} placeholder=${say.gifSearch} .value=${this.text} @input=${this.typed}></hm-field><hm-icon-button icon="x" label=${say.close} @click=${() => this.emit('hm-close')}></hm-icon-button></div>
      ${this.list()}<div class="foot"><span class="hint">${say.gifsBy}</span>${this.found?.length && !this.isAll ? html`<hm-button size="small" kind="quiet" ?busy=${this.isBusy} @click=${() => this.ask(true)}>${say.gifsMore}</hm-button>` : nothing}</div></div>`;
  }
}
customElements.define('hm-gif-picker', GifPicker);
