import { css, html, nothing } from '../vendor/lit.js';
import { counted, duration, join, size } from '../format.js';
import { say } from './en.js';
import { SectionPage } from './section-page.js';

class AboutPage extends SectionPage {
  static styles = [SectionPage.styles, css`
    dl { display: grid; grid-template-columns: minmax(140px, auto) minmax(0, 1fr); gap: 12px 24px; font: var(--font-14); }
    dt { color: var(--text2); }
    dd { overflow-wrap: anywhere; }
    .space { max-width: 320px; margin-top: 8px; }
    @media (max-width: 719.98px) { dl { grid-template-columns: minmax(0, 1fr); gap: 2px; } dd { margin-bottom: 12px; } }
  `];

  status = this.query(() => '/api/status', { poll: 10_000 });

  render() {
    return this.framed('administration', 'about', this.status.render({
      loading: () => html`<hm-skeleton kind="panel" count="1"></hm-skeleton>`,
      data: (status) => html`<section class="panel"><dl>
        <dt>${say.version}</dt><dd>HomeMedia ${status.version} · ${status.platform}</dd>
        <dt>${say.running}</dt><dd>${duration(status.uptime * 1000)}</dd>
        <dt>${say.addresses}</dt><dd>${location.origin}</dd>
        <dt>${say.contents}</dt><dd>${this.contents(status)}</dd>
        ${status.disk?.data ? html`<dt>${say.data}</dt><dd>${say.free(size(status.disk.data.free), size(status.disk.data.total))}<hm-progress class="space" quiet .value=${1 - status.disk.data.free / status.disk.data.total} label=${say.data}></hm-progress></dd>` : nothing}
        ${status.ffmpeg?.version ? html`<dt>${say.ffmpeg}</dt><dd>${status.ffmpeg.version}</dd>` : nothing}
        <dt>${say.licence}</dt><dd>${say.licenceText}</dd>
        <dt></dt><dd><a class="link" href="/api/openapi.json" target="_blank">${say.document}</a></dd>
      </dl></section>`,
    }));
  }

  contents({ items, libraries }) {
    return join(counted(libraries, 'library', 'libraries'), counted(items.movies, 'film', 'films'), counted(items.shows, 'show', 'shows'), counted(items.episodes, 'episode', 'episodes'), counted(items.videos, 'home video', 'home videos'));
  }
}
customElements.define('about-page', AboutPage);
