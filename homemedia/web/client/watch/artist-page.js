import { css, html, nothing } from '../vendor/lit.js';
import { join } from '../format.js';
import { editButton, onEditKey } from '../edit/menu.js';
import { playMusic } from '../music/start.js';
import { Page } from '../ui/page.js';
import { shareLink } from './actions.js';
import { bone, boneStyles, loading, stateStyles } from './bones.js';
import { say } from './en.js';
import { gone } from './gone.js';
import { about, backdrop, heroStyles } from './hero.js';
import { shaped } from './items.js';
import { countOf, cover, musicLine } from './music-cards.js';
import { shuffleAct } from './record.js';

/** A person or band: the albums, the newest first, and those of others on which they are heard. */
class ArtistPage extends Page {
  static properties = { ...Page.properties, unfolded: { state: true } };

  static styles = [Page.styles, stateStyles, boneStyles, heroStyles, css`
    .hero.plain { min-height: 0; padding: calc(var(--top) + 12px) var(--margin-end) 36px var(--margin); align-items: center; gap: 32px; }
    .face { flex: none; width: 200px; } .hero-words { max-width: 720px; }
    .second.facts { font: var(--font-14); margin-top: 8px; }
    .shelves { display: flex; flex-direction: column; gap: 36px; }
    .wall { display: grid; grid-template-columns: repeat(auto-fill, minmax(172px, 1fr)); gap: var(--gap-rows) var(--gap); }
    .acts hm-icon-button { --ground: var(--plain); }
    @media (max-width: 719.98px) {
      .hero.plain { flex-direction: column; text-align: center; padding-top: 64px; gap: 12px; } .hero.plain .hero-words { align-items: center; } .face { width: 152px; }
      .hero .acts > :not(.first) { display: block; } .acts { flex-wrap: nowrap; width: 100%; } .acts .first { flex: 1 1 0; }
      .wall { grid-template-columns: repeat(2, minmax(0, 1fr)); } .shelves { gap: 28px; }
    }
  `];

  artist = this.query(() => `/api/media/${this.params.key}`);

  constructor() {
    super();
    this.unfolded = false;
    this.live({ 'library.changed': () => this.artist.refresh() });
    onEditKey(this, () => this.artist.data);
  }

  willUpdate(changed) {
    if (changed.has('params')) this.unfolded = false;
  }

  render() {
    return this.artist.render({ loading: () => this.waiting(), error: (error) => gone(this, error, '/music', () => this.artist.refresh()), data: (artist) => this.shown(artist) });
  }

  waiting() {
    return html`<hm-page-header back="/music" over></hm-page-header>${loading(html`<section class="hero plain"><div class="face"><hm-skeleton kind="cover" aria-hidden="true"></hm-skeleton></div>
      <div class="hero-words bones">${bone('title')}${bone('line')}</div></section><div class="body"><hm-skeleton kind="covers" count="12" aria-hidden="true"></hm-skeleton></div>`)}`;
  }

  shown(artist) {
    this.title = artist.title;
    const words = html`<div class="hero-words"><h1 class="t40" tabindex="-1">${artist.title}</h1>
      <p class="second facts">${join(countOf('album', artist.albumCount).words, countOf('track', artist.trackCount).words, artist.genres.slice(0, 3).join(', '))}</p>
      ${about(artist.summary, this.unfolded, () => (this.unfolded = !this.unfolded))}
      <div class="acts">${artist.albums?.length ? html`<hm-button class="first" kind="primary" size="large" icon="play" @click=${() => playMusic(artist)}>${say.music.play}</hm-button>
        ${shuffleAct(() => playMusic(artist, { isShuffled: true }))}` : nothing}<hm-icon-button square size="large" icon="share" label=${say.share} @click=${() => shareLink(artist)}></hm-icon-button>${editButton(artist, say.more)}</div></div>`;
    return html`<hm-page-header back="/music" over></hm-page-header>
      ${artist.art
        ? html`<section class="hero">${backdrop(artist)}${words}</section>`
        : html`<section class="hero plain"><div class="face"><hm-cover bare inert round .item=${shaped(artist)} heading=${artist.title} width="200" eager></hm-cover></div>${words}</section>`}
      <div class="body"><div class="shelves">${this.wall(say.music.albums, artist.albums, (album) => musicLine(album, { own: true }))}${this.wall(say.music.appearsOn, artist.appearsOn, (album) => musicLine(album))}</div></div>`;
  }

  wall(heading, albums, second) {
    if (!albums?.length) return nothing;
    return html`<hm-section heading=${heading}><div class="wall" role="list">${albums.map((album, index) => cover(album, { second: second(album), eager: index < 6 }))}</div></hm-section>`;
  }
}
customElements.define('artist-page', ArtistPage);
