import { css, html, nothing, repeat } from '../vendor/lit.js';
import { say } from './en.js';
import { ofDay, Stories, today } from './memories.js';
import { PhotosPage } from './photos-page.js';
import { dayOfYear } from './words.js';

/** What one is reminded of today, and what one has kept of other days. */
class MemoriesPage extends PhotosPage {
  static styles = [PhotosPage.styles, css`
    .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(232px, 1fr)); gap: 4px; } photo-memory-card { aspect-ratio: 4 / 3; } h2 { font: var(--font-16); letter-spacing: -0.008em; margin: 28px 0 12px; } h2:first-child { margin-top: 8px; }
    @media (max-width: 719.98px) { .grid { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
  `];

  asked = this.query(() => ofDay(today()));
  kept = this.query(() => '/api/memories?isSaved=true');
  stories = new Stories(this);

  memories() {
    if (!this.asked.data || !this.kept.data) return null;
    const of = this.asked.data.filter((one) => one.assets.length);
    return [...of, ...this.kept.data.filter((one) => one.assets.length && !of.some((other) => other.id === one.id))];
  }

  section(heading, memories) {
    if (!memories.length) return nothing;
    return html`<h2>${heading}</h2><div class="grid">${repeat(memories, (one) => one.id, (one) => html`<photo-memory-card .memory=${one}></photo-memory-card>`)}</div>`;
  }

  filled(now) {
    const all = this.memories();
    if (!all) return this.kept.render({ data: () => nothing, loading: () => html`<hm-skeleton kind="covers"></hm-skeleton>` });
    if (!all.length) return html`<div class="few"><hm-empty icon="calendar" heading=${say.noMemories} text=${say.noMemoriesText}></hm-empty></div>`;
    return html`${this.section(say.todayIs(dayOfYear(today())), now)}${this.section(say.keptMemories, all.filter((one) => !now.includes(one)))}`;
  }

  render() {
    this.title = say.memories;
    return html`<hm-page-header back="/photos" heading=${say.memories}></hm-page-header>
      <div class="body" @click=${(event) => this.stories.clicked(event)}>${this.asked.render({ loading: () => html`<hm-skeleton kind="covers"></hm-skeleton>`, data: (now) => this.filled(now.filter((one) => one.assets.length)) })}</div>`;
  }
}
customElements.define('photo-memories-page', MemoriesPage);
