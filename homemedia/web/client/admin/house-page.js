import { css, html } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { theme } from '../ui/theme.js';
import { toast } from '../ui/toast.js';
import { vars } from '../ui/vars.js';
import { session } from '../session.js';
import { say } from './en.js';
import { SectionPage } from './section-page.js';

// Hues with the same lightness and chroma, so that contrast stays; the first is the house's own petrol.
const HUES = [null, 250, 285, 330, 20, 55, 110, 150];

class HousePage extends SectionPage {
  static properties = { ...SectionPage.properties, busy: { state: true }, problem: { state: true } };
  static styles = [SectionPage.styles, css`
    .hues { display: flex; gap: 8px; flex-wrap: wrap; margin-top: 8px; }
    .hue { width: 44px; height: 44px; border-radius: 50%; padding: 6px; box-shadow: none; }
    .hue span { display: grid; place-items: center; width: 32px; height: 32px; border-radius: 50%; background: oklch(from var(--accent) l c var(--hue)); color: var(--on); }
  `];

  house = this.query(() => '/api/home/accounts/household');

  constructor() {
    super();
    this.busy = false;
    this.problem = null;
  }

  async save(change) {
    this.busy = true;
    this.problem = null;
    try {
      const house = await api.put('/api/home/accounts/household', change);
      this.house.update(() => house);
      theme.setHue(house.accent);
      if (session.server) session.server = { ...session.server, name: house.name };
      invalidate('/api/server');
      session.tell();
      toast(say.saved);
    } catch (error) {
      this.problem = error;
    } finally {
      this.busy = false;
    }
  }

  render() {
    return this.framed('administration', 'house', this.house.render({
      loading: () => html`<hm-skeleton kind="panel" count="1"></hm-skeleton>`,
      data: (house) => html`
        <section class="panel">
          <form class="form" @submit=${(event) => { event.preventDefault(); this.save({ name: new FormData(event.target).get('name') }); }}>
            <hm-field label=${say.houseName} name="name" .value=${house.name} hint=${say.houseHint} maxlength="64" required error=${this.problem?.field?.('name') ?? this.problem?.message ?? ''}></hm-field>
            <div class="actions"><hm-button kind="primary" type="submit" ?busy=${this.busy}>${this.busy ? say.saving : say.save}</hm-button></div>
          </form>
        </section>
        <section class="panel"><h2>${say.accent}</h2><p class="second">${say.accentHint}</p>
          <div class="hues" role="radiogroup" aria-label=${say.accent}>${HUES.map((hue) => html`
            <button class="hue" role="radio" aria-checked=${(house.accent ?? null) === hue ? 'true' : 'false'} aria-label=${hue === null ? say.accentStandard : `${hue}°`} @click=${() => this.save({ accent: hue })}>
              <span ${vars({ '--hue': hue ?? 200 })}>${(house.accent ?? null) === hue ? html`<hm-icon name="check" size="16"></hm-icon>` : ''}</span></button>`)}</div>
        </section>`,
    }));
  }
}
customElements.define('house-page', HousePage);
