import { html, nothing } from '../vendor/lit.js';
import { music } from '../music/music.js';
import { ofPlaylist, playTracks } from '../music/start.js';
import { onKey } from '../ui/controllers.js';
import { Page } from '../ui/page.js';
import { bone, boneStyles, bones, loading, stateStyles } from './bones.js';
import { say } from './en.js';
import { gone } from './gone.js';
import { lengthLine, sized } from './music-cards.js';
import { recordStyles, shuffleAct } from './record.js';
import { Heard } from './tracks.js';

const ROW = 56;

/** A playlist that lies beside the music: its songs in order, also those that are not there. */
class PlaylistPage extends Page {
  static styles = [Page.styles, stateStyles, boneStyles, recordStyles];

  playlist = this.query(() => `/api/home/library/playlists/${this.params.id}`);

  constructor() {
    super();
    this.live({ 'library.changed': () => this.playlist.refresh() });
    new Heard(this);
    onKey(this, { p: () => this.first && this.play(), ArrowDown: (event) => this.intoList(event) });
  }

  get first() {
    return this.playlist.data?.entries.find((entry) => entry.track && entry.track.available !== false)?.track ?? null;
  }

  /** @param {{track?: any, isShuffled?: boolean}} [how] */
  play({ track = null, isShuffled = false } = {}) {
    const playlist = this.playlist.data;
    const tracks = playlist.entries.map((entry) => entry.track).filter(Boolean);
    playTracks(tracks, { start: track ? tracks.indexOf(track) : null, source: ofPlaylist(playlist), isShuffled });
  }

  intoList(event) {
    const inside = event.composedPath()[0] !== document.body && event.composedPath()[0].localName !== 'h1';
    const grid = this.renderRoot.querySelector('hm-virtual-grid');
    if (inside || !grid?.totalCount) return false;
    grid.focusIndex(0);
    return true;
  }

  render() {
    return this.playlist.render({ loading: () => this.waiting(), error: (error) => gone(this, error, '/music?view=playlists', () => this.playlist.refresh()), data: (playlist) => this.shown(playlist) });
  }

  waiting() {
    return html`<hm-page-header back="/music?view=playlists"></hm-page-header><div class="body">${loading(html`<div class="record"><div class="front"><hm-skeleton kind="cover" aria-hidden="true"></hm-skeleton></div>
      <div class="bones">${bone('title')}${bone('line')}${bone('button')}${bones('long', 'long', 'half')}</div></div>`)}</div>`;
  }

  shown(playlist) {
    this.title = playlist.title;
    const { first } = this;
    return html`<hm-page-header back="/music?view=playlists"></hm-page-header>
      <div class="body"><div class="record">
        <div class="front"><hm-cover bare inert heading=${playlist.title} .thumbs=${sized(playlist.thumbs, 320)} eager></hm-cover></div>
        <header class="words">
          <p class="second">${say.music.playlist}</p>
          <h1 class="t40" tabindex="-1">${playlist.title}</h1>
          <p class="second facts">${lengthLine(playlist.trackCount, playlist.duration)}</p>
          ${first ? html`<div class="acts"><hm-button kind="primary" size="large" icon="play" @click=${() => this.play()}>${say.music.play}</hm-button>
            ${shuffleAct(() => this.play({ isShuffled: true }))}</div>` : nothing}
        </header>
        <div class="list">${this.list(playlist.entries)}</div>
      </div></div>`;
  }

  list(entries) {
    if (!entries.length) return html`<hm-empty plain icon="music" heading=${say.music.emptyList} text=${say.music.emptyListText}></hm-empty>`;
    this.page = this.pageOf === entries ? this.page : async (offset, limit) => entries.slice(offset, offset + limit);
    this.pageOf = entries;
    return html`<hm-virtual-grid kind="list" row-height=${ROW} total-count=${entries.length} .page=${this.page} .version=${entries} label=${say.music.tracks}
      .renderItem=${(entry) => html`<watch-track with-cover .item=${entry.track ?? null} heading=${entry.title} missing=${say.music.notThere} ?playing=${Boolean(entry.track) && music.isSong(entry.track.id)} @watch-play=${() => this.play({ track: entry.track })}></watch-track>`}></hm-virtual-grid>`;
  }
}
customElements.define('playlist-page', PlaylistPage);
