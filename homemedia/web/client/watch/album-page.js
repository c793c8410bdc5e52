import { css, html, nothing } from '../vendor/lit.js';
import { counted, duration, join } from '../format.js';
import { onKey } from '../ui/controllers.js';
import { editButton, onEditKey } from '../edit/menu.js';
import { music } from '../music/music.js';
import { ofAlbum, playTracks } from '../music/start.js';
import { Page } from '../ui/page.js';
import { shareLink } from './actions.js';
import { bone, boneStyles, bones, loading, stateStyles } from './bones.js';
import { say } from './en.js';
import { gone } from './gone.js';
import { shaped } from './items.js';
import { lengthLine } from './music-cards.js';
import { recordStyles, shuffleAct } from './record.js';
import { Heard, isPlayable, stepTracks } from './tracks.js';

/** An album: its cover, whom it is by, its songs by disc. `?track=KEY` shows where one of them is. */
class AlbumPage extends Page {
  static styles = [Page.styles, stateStyles, boneStyles, recordStyles, css`
    .disc { display: flex; align-items: baseline; gap: 12px; padding: 20px 0 8px; } .disc:first-child { padding-top: 0; }
  `];

  album = this.query(() => `/api/media/${this.params.key}`);

  constructor() {
    super();
    this.live({ 'library.changed': () => this.album.refresh() });
    onEditKey(this, () => this.album.data);
    new Heard(this);
    onKey(this, { p: () => this.first && this.play(), ArrowDown: (event) => this.intoList(event) });
  }

  get first() {
    return this.album.data?.tracks?.find(isPlayable) ?? null;
  }

  /** @param {{track?: any, isShuffled?: boolean}} [how] */
  play({ track = null, isShuffled = false } = {}) {
    const album = this.album.data;
    if (track && music.isSong(track.id) && music.queue.source?.id === album.id) music.toggle();
    else playTracks(album.tracks, { start: track ? album.tracks.indexOf(track) : null, source: ofAlbum(album), isShuffled });
  }

  /** The first arrow down leads from wherever one is to the first song. */
  intoList(event) {
    const inside = event.composedPath()[0] !== document.body && event.composedPath()[0].localName !== 'h1';
    const track = this.renderRoot.querySelector('watch-track');
    if (inside || !track) return false;
    track.focus();
    return true;
  }

  updated() {
    const { track } = this.search;
    if (!track || this.shownTrack === track || !this.album.data) return;
    this.shownTrack = track;
    this.renderRoot.querySelector('watch-track[chosen]')?.scrollIntoView({ block: 'center' });
  }

  render() {
    return this.album.render({ loading: () => this.waiting(), error: (error) => gone(this, error, '/music', () => this.album.refresh()), data: (album) => this.shown(album) });
  }

  waiting() {
    return html`<hm-page-header back="/music?view=albums"></hm-page-header><div class="body">${loading(html`<div class="record"><div class="front"><hm-skeleton kind="cover" aria-hidden="true"></hm-skeleton></div>
      <div class="bones">${bone('title')}${bone('line')}${bone('button')}${bones('long', 'long', 'half')}</div></div>`)}</div>`;
  }

  shown(album) {
    this.title = join(album.title, album.parentTitle);
    const { first } = this;
    return html`<hm-page-header back=${album.parentId ? `/music/artist/${album.parentId}` : '/music'}></hm-page-header>
      <div class="body"><div class="record">
        <div class="front"><hm-cover bare inert .item=${shaped(album)} heading=${album.title} width="320" eager></hm-cover></div>
        <header class="words">
          <h1 class="t40" tabindex="-1">${album.title}</h1>
          <p class="by">${album.parentId ? html`<a class="artist" href="/music/artist/${album.parentId}">${this.artistNames(album)}</a>` : nothing}</p>
          <p class="second facts">${join(album.year, lengthLine(album.trackCount, album.duration), album.genres.slice(0, 3).join(', '))}</p>
          <div class="acts">
            ${first ? html`<hm-button kind="primary" size="large" icon="play" @click=${() => this.play()}>${say.music.play}</hm-button>
              ${album.tracks.length > 1 ? shuffleAct(() => this.play({ isShuffled: true })) : nothing}` : nothing}
            <hm-icon-button square size="large" icon="share" label=${say.share} @click=${() => shareLink(album)}></hm-icon-button>${editButton(album, say.more)}</div>
          ${album.summary ? html`<p class="prose about">${album.summary}</p>` : nothing}
        </header>
        <div class="list" @keydown=${(event) => stepTracks(event, this.renderRoot)}>${this.list(album)}
          ${album.studio || album.releaseDate ? html`<p class="hint foot">${join(album.studio, album.year)}</p>` : nothing}</div>
      </div></div>`;
  }

  artistNames(album) {
    return album.artists?.includes(album.parentTitle) ? album.artists.join(', ') : album.parentTitle;
  }

  list({ tracks, discs }) {
    if (!tracks.length) return html`<hm-empty plain icon="music" heading=${say.music.noTracks} text=${say.music.noTracksText}></hm-empty>`;
    const line = (track) => html`<watch-track role="listitem" .item=${track} ?chosen=${this.search.track === track.id} ?playing=${music.isSong(track.id)} @watch-play=${() => this.play({ track })}></watch-track>`;
    if (discs.length < 2) return html`<div role="list" aria-label=${say.music.tracks}>${tracks.map(line)}</div>`;
    return discs.map((disc) => html`<div class="disc"><h2 class="t16">${say.music.disc(disc.index)}</h2><span class="second">${join(counted(disc.trackCount, ...say.counts.track), duration(disc.duration))}</span></div>
      <div role="list" aria-label=${say.music.disc(disc.index)}>${tracks.filter((track) => (track.parentIndex || 1) === disc.index).map(line)}</div>`);
  }
}
customElements.define('album-page', AlbumPage);
