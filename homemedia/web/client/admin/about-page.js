import { css, html, nothing } from '../vendor/lit.js';
import { counted, duration, join, size } from '../format.js';
import { say as edit } from '../edit/en.js';
import { say } from './en.js';
import { addressLines } from './machine.js';
import { SectionPage } from './section-page.js';

class AboutPage extends SectionPage {
  static styles = [SectionPage.styles, css`
    dl { display: grid; grid-template-columns: minmax(140px, auto) minmax(0, 1fr); gap: 14px 28px; font: var(--font-14); }
    dt { color: var(--text2); } dt.high { line-height: 40px; }
    dd { overflow-wrap: anywhere; }
    .space { max-width: 320px; margin-top: 8px; }
    @media (max-width: 719.98px) { dl { grid-template-columns: minmax(0, 1fr); gap: 2px; } dd { margin-bottom: 14px; } dt.high { line-height: inherit; } }
  `];

  status = this.query(() => '/api/status', { poll: 10_000 });
  sources = this.query(() => '/api/home/library/sources');
  addresses = this.query(() => '/api/home/server/addresses', { poll: 30_000 });

  render() {
    return this.framed('administration', 'about', this.status.render({
      loading: () => html`<hm-skeleton kind="panel" count="2"></hm-skeleton>`,
      data: (status) => html`<section class="panel"><dl>
        <dt>${say.version}</dt><dd>${join(`HomeMedia ${status.version}`, say.platforms[status.platform] ?? status.platform)}</dd>
        <dt>${say.running}</dt><dd class="tabular">${duration(status.uptime * 1000) || say.justStarted}</dd>
        <dt class="high">${say.addresses}</dt><dd>${addressLines(this.addresses.data)}</dd>
        <dt>${say.contents}</dt><dd>${this.contents(status)}</dd>
        ${status.disk?.data?.total ? html`<dt>${say.data}</dt><dd>${say.free(size(status.disk.data.free), size(status.disk.data.total))}<hm-progress class="space" quiet .value=${1 - status.disk.data.free / status.disk.data.total} label=${say.data}></hm-progress></dd>` : nothing}
        ${status.ffmpeg?.version ? html`<dt>${say.ffmpeg}</dt><dd>${status.ffmpeg.version}</dd>` : nothing}
        <dt>${say.fromOutside}</dt><dd>${this.sources.data?.tmdb ? edit.attribution : say.fromOutsideNone}</dd>
        <dt>${say.licence}</dt><dd>${say.licenceText}</dd>
        <dt>${say.forPrograms}</dt><dd><a class="link" href="/api/openapi.json" target="_blank" rel="noopener">${say.document}</a></dd>
      </dl></section>`,
    }));
  }

  contents({ items, libraries }) {
    const some = (n, one, many) => (n ? counted(n, one, many) : '');
    return join(counted(libraries, 'library', 'libraries'), some(items.movies, 'film', 'films'), some(items.shows, 'show', 'shows'), some(items.episodes, 'episode', 'episodes'), some(items.videos, 'home video', 'home videos'), some(items.albums, 'album', 'albums'), some(items.tracks, 'song', 'songs'));
  }
}
customElements.define('about-page', AboutPage);
