import { css, html } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { theme } from '../ui/theme.js';
import { toast, toastError } from '../ui/toast.js';
import { roving } from '../ui/tabs.js';
import { vars } from '../ui/vars.js';
import { session } from '../session.js';
import { say } from './en.js';
import { SectionPage } from './section-page.js';

const PETROL = 200;
// Hues with the same lightness and chroma, so that contrast stays; the first is the house's own.
const HUES = [PETROL, 250, 285, 330, 20, 55, 110, 150];

class HousePage extends SectionPage {
  static properties = { ...SectionPage.properties, busy: { state: true }, problem: { state: true } };
  static styles = [SectionPage.styles, css`
    .hues { display: flex; gap: 4px 8px; flex-wrap: wrap; margin: 12px 0 0 -6px; }
    .hue { display: grid; justify-items: center; gap: 4px; width: 64px; padding: 6px 0; border-radius: var(--radius); font: var(--font-12); color: var(--text2); }
    .hue span { display: grid; place-items: center; width: 36px; height: 36px; border-radius: 50%; background: oklch(from var(--accent) l c var(--hue)); color: var(--on); }
    .hue[aria-checked="true"] { color: var(--text); font-weight: 500; }
    @media (hover: hover) { .hue:hover { color: var(--text); } }
    @media (max-width: 719.98px) { .hues { display: grid; grid-template-columns: repeat(4, 1fr); margin-left: 0; } .hue { width: auto; } }
  `];

  house = this.query(() => '/api/home/accounts/household');

  constructor() {
    super();
    this.busy = false;
    this.problem = null;
  }

  async save(change) {
    const house = await api.put('/api/home/accounts/household', change);
    this.house.update(() => house);
    theme.setHue(house.accent);
    if (session.server) session.server = { ...session.server, name: house.name };
    invalidate('/api/server');
    session.tell();
  }

  async rename(event) {
    event.preventDefault();
    this.busy = true;
    this.problem = null;
    try {
      await this.save({ name: String(new FormData(event.target).get('name')).trim() });
      toast(say.saved);
    } catch (error) {
      this.problem = error;
    } finally {
      this.busy = false;
    }
  }

  /** Shown at once; the way back is one press. */
  async tint(hue) {
    const before = this.house.data.accent ?? null;
    const accent = hue === PETROL ? null : hue;
    if (accent === before) return;
    theme.setHue(accent);
    this.house.update((house) => ({ ...house, accent }));
    try {
      await this.save({ accent });
      toast(say.accentChanged, { undo: () => this.save({ accent: before }).catch(toastError) });
    } catch (error) {
      theme.setHue(before);
      this.house.update((house) => ({ ...house, accent: before }));
      toastError(error);
    }
  }

  render() {
    return this.framed('administration', 'house', this.house.render({
      loading: () => html`<hm-skeleton kind="panel" count="2"></hm-skeleton>`,
      data: (house) => html`
        <section class="panel">
          <form class="form" @submit=${this.rename}>
            <hm-field label=${say.houseName} name="name" .value=${house.name} hint=${say.houseHint} maxlength="64" required autocomplete="off" error=${this.problem?.field?.('name') ?? this.problem?.message ?? ''}></hm-field>
            <div class="actions"><hm-button kind="primary" type="submit" ?busy=${this.busy}>${this.busy ? say.saving : say.save}</hm-button></div>
          </form>
        </section>
        <section class="panel"><h2>${say.accent}</h2><p class="second">${say.accentHint}</p>
          <div class="hues" role="radiogroup" aria-label=${say.accent} @keydown=${(event) => roving(event, this.renderRoot, '.hue')?.click()}>${HUES.map((hue) => this.hue(hue, (house.accent ?? PETROL) === hue))}</div>
        </section>`,
    }));
  }

  hue(hue, isChosen) {
    return html`<button class="hue" type="button" role="radio" aria-checked=${String(isChosen)} tabindex=${isChosen ? 0 : -1} @click=${() => this.tint(hue)}>
      <span ${vars({ '--hue': hue })}>${isChosen ? html`<hm-icon name="check" size="16"></hm-icon>` : ''}</span>${say.accents[hue]}</button>`;
  }
}
customElements.define('house-page', HousePage);
