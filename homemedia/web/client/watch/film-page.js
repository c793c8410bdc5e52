import { css, html, nothing } from '../vendor/lit.js';
import { clock, date, duration, episode, join, language, resolution } from '../format.js';
import '../player/choices.js';
import { chooseVersion, versionsOf } from '../player/source.js';
import { editItems, mayEdit, onEditKey, pickedEdit } from '../edit/menu.js';
import { go } from '../router.js';
import { onKey } from '../ui/controllers.js';
import { openMenu } from '../ui/menu.js';
import { Page } from '../ui/page.js';
import { Deeds, isListable, nameOf, shareLink, toggle, toggleListed } from './actions.js';
import { bone, boneStyles, bones, stateStyles } from './bones.js';
import { poster } from './cards.js';
import './collection-row.js';
import './elsewhere.js';
import { say } from './en.js';
import { factStyles, fileList, hdrName } from './facts.js';
import { gone } from './gone.js';
import { about, backdrop, heroBones, heroStyles, howFar, meta, quick, quickList, quickMark, quickShare, sideActions } from './hero.js';
import { whyGone, withListed, withMark } from './items.js';
import { playHref } from './links.js';
import { people, peopleStyles } from './people.js';
import { sourcesLine, tags, tagStyles } from './tags.js';

const ALIKE = 12;
const day = (text) => date(Date.parse(text) / 1000);

/** A film, an episode or a home video: everything about it on one page. */
class FilmPage extends Page {
  static properties = { ...Page.properties, chosen: { state: true }, aboutFile: { state: true }, allCast: { state: true }, tracks: { state: true }, unfolded: { state: true } };

  static styles = [Page.styles, stateStyles, heroStyles, boneStyles, peopleStyles, factStyles, tagStyles, css`
    .below { position: relative; display: grid; grid-template-columns: minmax(0, 1fr) min(408px, 34%); gap: 56px; align-items: start; }
    .main { display: flex; flex-direction: column; gap: 36px; min-width: 0; padding-top: 8px; --row-bleed: 0px; }
    .hero-words watch-elsewhere { margin-top: 16px; --elsewhere-ground: var(--plain); }
    .steps { display: flex; gap: 8px; flex-wrap: wrap; }
    @media (min-width: 900px) { .acts { width: max-content; } } /* beside "Start over" all stay in one line, wider than the words */
    @media (max-width: 1099.98px) { .below { grid-template-columns: minmax(0, 1fr); gap: 28px; } .below > player-choices { order: -1; } .main { gap: 28px; } }
    @media (max-width: 719.98px) { .main { padding-top: 0; } .steps hm-button { flex: 1 1 auto; } }
  `];

  item = this.query(() => `/api/media/${this.params.key}`);
  cast = this.query(() => (this.item.data ? `/api/cast/${this.params.key}` : null));
  info = this.query(() => (this.file?.available ? `/api/media/${this.file.id}/info` : null));
  like = this.query(() => this.likeAddress());
  sources = this.query(() => '/api/home/library/sources', { maxAge: 300_000 });

  constructor() {
    super();
    this.forget();
    this.live({ 'playback.progress': (event) => event.rating_key === this.params.key && this.item.refresh() });
    new Deeds(this, ({ kind, item, watched, listed }) => this.item.update((data) => (kind === 'mark' ? withMark(data, item, watched) : kind === 'list' ? withListed(data, item.id, listed) : data)));
    onKey(this, {
      w: () => this.item.data && toggle(this.item.data),
      b: () => this.item.data && toggleListed(this.item.data),
      p: () => this.isThere && go(this.playAddress(this.item.data)),
    });
    onEditKey(this, () => this.item.data);
  }

  forget() {
    this.chosen = null;
    this.aboutFile = false;
    this.allCast = false;
    this.tracks = null;
    this.unfolded = false;
  }

  willUpdate(changed) {
    if (changed.has('params')) this.forget();
  }

  /** Of the same genre, else what the server would recommend. */
  likeAddress() {
    const item = this.item.data;
    if (item?.type !== 'movie') return null;
    const [genre] = item.genres;
    const path = `/api/libraries/${item.libraryId}`;
    return genre ? `${path}/items?genre=${encodeURIComponent(genre)}&sort=added&limit=${ALIKE + 1}` : `${path}/recommended?limit=${ALIKE + 1}`;
  }

  /** Versions as lists of parts, the default first. */
  get versions() {
    return versionsOf(this.item.data?.files ?? []);
  }

  /** The one chosen here, else the one that the player takes by itself. */
  get version() {
    return this.chosen ?? Math.max(0, chooseVersion(this.versions));
  }

  get file() {
    return this.versions[this.version]?.[0] ?? null;
  }

  get isThere() {
    return Boolean(this.versions[this.version]?.every((part) => part.available));
  }

  playAddress(item, at = null) {
    const { audio = null, subtitle = null } = this.tracks ?? {};
    const isChosen = this.chosen !== null || audio !== null || subtitle !== null;
    return playHref(item.id, { file: isChosen ? this.file.id : null, at, audio, subtitle });
  }

  render() {
    return this.item.render({
      loading: () => html`<hm-page-header back="/films" over></hm-page-header>${heroBones(html`<div class="below"><div class="main">${bone('heading')}<div class="cast">${Array.from({ length: 6 }, () => html`<div class="bones across person">${bone('round')}${bone('line')}</div>`)}</div></div>
        <div class="panel bones">${bones('long', 'long', 'half')}</div></div>`)}`,
      error: (error) => gone(this, error, '/films', () => this.item.refresh()),
      data: (item) => this.shown(item),
    });
  }

  shown(item) {
    this.title = nameOf(item);
    const back = item.type === 'episode' ? `/shows/${item.grandparentId}?season=${item.parentId}` : item.type === 'video' ? '/videos' : '/films';
    return html`
      <hm-page-header back=${back} over></hm-page-header>
      <section class="hero">
        ${backdrop(item)}
        <div class="hero-words">
          ${item.type === 'episode' ? html`<a class="over-title" href="/shows/${item.grandparentId}?season=${item.parentId}">${item.grandparentTitle}</a>` : nothing}
          <h1 class="t40" tabindex="-1">${item.title}</h1>
          ${this.line(item)}
          ${about(item.summary ?? item.tagline, this.unfolded, () => (this.unfolded = !this.unfolded))}
          ${this.isThere ? nothing : html`<hm-notice tone="bad" heading=${whyGone(item)}>${item.unreadable ? say.unreadableFileText : say.missingFileText}</hm-notice>`}
          ${this.actions(item)}
          <watch-elsewhere key=${item.id}></watch-elsewhere>
        </div>
      </section>
      <div class="body below">
        <div class="main">${item.type === 'episode' ? this.neighbours(item) : nothing}${people(this.cast.data, this.allCast, () => (this.allCast = true))}${this.extras(item)}<watch-collection-row .item=${item}></watch-collection-row>${this.more(item)}${tags(item)}${sourcesLine(item, this.sources.data)}</div>
        <player-choices .versions=${this.versions} .version=${this.version} @choices-version=${({ detail }) => (this.chosen = detail.index)} @choices-tracks=${({ detail }) => (this.tracks = detail)}></player-choices>
      </div>
      ${this.fileDialog(item)}`;
  }

  line(item) {
    const file = this.file;
    const languages = [...new Set((file?.audioLanguages ?? []).filter((code) => code !== 'und'))].slice(0, 2).map(language).join(', ');
    const first = item.type === 'episode' ? episode({ ...item, title: '' }) : item.type === 'video' && item.releaseDate ? day(item.releaseDate) : item.year;
    const aired = item.type === 'episode' && item.airDate ? day(item.airDate) : null;
    return meta([first, aired, item.duration ? duration(item.duration) : null, item.genres.slice(0, 2).join(', '), item.contentRating, languages], [resolution(file), hdrName(file?.hdr)]);
  }

  actions(item) {
    const isBegun = item.viewOffset > 0;
    return html`<div class="acts">
        <hm-button class="first" kind="primary" size="large" icon="play" ?disabled=${!this.isThere} href=${this.isThere ? this.playAddress(item) : nothing}>${isBegun ? say.resume(clock(item.viewOffset)) : say.play}</hm-button>
        ${isBegun && this.isThere ? html`<hm-button size="large" href=${this.playAddress(item, 0)}>${say.startOver}</hm-button>` : nothing}
        ${sideActions(item, (at) => this.menu(at, item))}</div>
      ${howFar(item)}
      ${quick([
        quickList(item),
        quickMark(item),
        !this.isThere ? null : isBegun ? { icon: 'refresh', label: say.startOver, run: () => go(this.playAddress(item, 0)) } : { icon: 'download', label: say.download, run: () => this.download() },
        isListable(item) ? null : quickShare(item),
        mayEdit() || isBegun ? { icon: 'dots', label: say.more, run: (event) => this.menu(event.currentTarget, item) } : isListable(item) ? quickShare(item) : null,
      ])}`;
  }

  download() {
    location.assign(`/api/stream/${this.file.id}?download=1`);
  }

  async menu(at, item) {
    const items = [
      { id: 'file', label: say.showFiles, icon: 'info', disabled: !this.isThere },
      { id: 'download', label: say.download, icon: 'download', disabled: !this.isThere },
      { id: 'share', label: say.share, icon: 'share' },
      ...editItems(item),
    ];
    const chosen = await openMenu(at, items, { label: say.more });
    if (chosen === 'file') this.aboutFile = true;
    if (chosen === 'download') this.download();
    if (chosen === 'share') shareLink(item);
    pickedEdit(chosen, item);
  }

  neighbours(item) {
    return html`<nav class="steps" aria-label=${say.episodes}>
      ${item.previous ? html`<hm-button size="small" icon="chevron-left" href="/episodes/${item.previous}">${say.previousEpisode}</hm-button>` : nothing}
      ${item.next ? html`<hm-button size="small" icon="chevron-right" href="/episodes/${item.next}">${say.nextEpisode}</hm-button>` : nothing}
      <hm-button size="small" icon="list" href="/shows/${item.grandparentId}?season=${item.parentId}">${say.toShow}</hm-button></nav>`;
  }

  extras(item) {
    if (!item.extras?.length) return nothing;
    return html`<hm-row kind="still" heading=${say.extras}>${item.extras.map((extra) => html`
      <hm-card .item=${extra} href=${playHref(extra.id, { file: extra.fileId })} heading=${extra.title} second=${join(extra.title === say.extraKinds[extra.type] ? '' : say.extraKinds[extra.type], duration(extra.duration))} role="listitem"></hm-card>`)}</hm-row>`;
  }

  more(item) {
    const others = (this.like.data?.items ?? []).filter((one) => one.id !== item.id).slice(0, ALIKE);
    if (others.length < 3) return nothing;
    const [genre] = item.genres;
    return html`<hm-row fit="6" heading=${genre ? say.moreIn(genre) : say.moreLike} href=${genre ? `/films?genre=${encodeURIComponent(genre)}` : nothing}>${others.map((one) => poster(one))}</hm-row>`;
  }

  fileDialog(item) {
    if (!this.aboutFile) return nothing;
    return html`<hm-dialog open cross heading=${say.showFiles} width="600" @hm-close=${() => (this.aboutFile = false)}>${this.info.render({
      loading: () => html`<hm-skeleton kind="text"></hm-skeleton>`,
      data: (info) => fileList(this.versions[this.version], info, item.addedAt),
    })}</hm-dialog>`;
  }
}
customElements.define('film-page', FilmPage);
