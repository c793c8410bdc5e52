import { css, html, nothing } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { count } from '../format.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from '../edit/en.js';
import '../edit/key-form.js';
import { SectionPage } from './section-page.js';

const SIGNS = { works: ['good', 'tick-circle'], untried: ['quiet', 'key'], refused: ['bad', 'warning'], away: ['warn', 'warning'] };

/** Where descriptions and posters come from: the key for TMDb, whether it works, and what leaves the house. */
class MetadataPage extends SectionPage {
  static properties = { ...SectionPage.properties, asks: { state: true } };

  static styles = [SectionPage.styles, css`
    .text { font: var(--font-14); color: var(--text2); text-wrap: pretty; max-width: 64ch; } .text + .text { margin-top: 8px; }
    .state { display: grid; grid-template-columns: 24px minmax(0, 1fr); gap: 2px 12px; margin-top: 16px; font: var(--font-14); } .state p:last-child { grid-column: 2; }
    .panel edit-key-form, .panel > .actions { margin-top: 20px; } .panel h2 + .text { margin-top: 4px; }
  `];

  state = this.query(() => '/api/home/library/tmdb', { poll: 10_000, maxAge: 0 });

  constructor() {
    super();
    this.asks = false;
  }

  render() {
    return this.framed('administration', 'metadata', this.state.render({
      loading: () => html`<hm-skeleton kind="panel" count="1"></hm-skeleton>`,
      data: (state) => html`
        <section class="panel"><h2>${say.fromInternet}</h2><p class="text">${say.fromInternetText}</p><p class="text">${say.whatLeaves}</p>
          ${state.configured ? this.now(state) : nothing}
          ${state.fixed ? html`<p class="text">${say.keyFixed}</p>` : this.key(state)}</section>
        <p class="second">${say.perLibrary} <a class="link" href="/admin/libraries">${say.toLibraries}</a></p>
        <p class="hint">${say.attribution}</p>`,
    }));
  }

  now({ ok, problem, code, waiting }) {
    const name = ok === false ? 'refused' : code === 'tmdb_unreachable' ? 'away' : ok ? 'works' : 'untried';
    const text = name === 'refused' ? problem : name === 'away' ? `${problem} ${say.keyAwayText}` : waiting ? say.keyWaiting(waiting, count(waiting)) : say.keyIdle;
    const [mark, icon] = SIGNS[name];
    return html`<div class="state" role="status"><hm-icon class=${mark} name=${icon}></hm-icon><p class="strong">${say.keyState[name]}</p><p class="quiet">${text}</p></div>`;
  }

  key({ configured }) {
    if (configured && !this.asks) {
      return html`<div class="actions"><hm-button @click=${() => (this.asks = true)}>${say.keyOther}</hm-button><hm-button kind="quiet" @click=${() => this.forgetKey()}>${say.keyRemove}</hm-button></div>`;
    }
    return html`<edit-key-form @hm-key=${(event) => this.taken(event.detail.state)}>${configured ? html`<hm-button kind="quiet" @click=${() => (this.asks = false)}>${say.cancel}</hm-button>` : nothing}</edit-key-form>`;
  }

  taken(state) {
    this.asks = false;
    this.state.update(() => state);
    toast(say.keyTaken);
  }

  /** A key is never shown, so there is no way back but entering it again; what it brought stays. */
  async forgetKey() {
    try {
      const state = await api.put('/api/home/library/tmdb', { key: null });
      this.state.update(() => state);
      invalidate('/api/home/library');
      toast(say.keyRemoved);
    } catch (error) {
      toastError(error);
    }
  }
}
customElements.define('metadata-page', MetadataPage);
