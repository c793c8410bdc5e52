import { css, html, nothing } from '../vendor/lit.js';
import { artUrl } from '../api.js';
import { bitrate, clock, count, date, duration, endsAt, episode, join, language, left, resolution, size } from '../format.js';
import { onKey } from '../ui/controllers.js';
import { Page } from '../ui/page.js';
import { openMenu } from '../ui/menu.js';
import { go } from '../router.js';
import { copyLink, mark, nameOf } from './actions.js';
import { poster } from './cards.js';
import { say } from './en.js';
import { heroStyles } from './hero.js';
import { playHref } from './links.js';
import { codecName, playsHere } from './playable.js';

const CAST_SHOWN = 5;
const HDR = { hdr10: 'HDR', hdr10plus: 'HDR10+', hlg: 'HDR', dv5: 'Dolby Vision', dv7: 'Dolby Vision', dv8: 'Dolby Vision' };

/** A film, an episode or a home video: everything about it on one page. */
class FilmPage extends Page {
  static properties = { ...Page.properties, version: { state: true }, about: { state: true }, allCast: { state: true } };

  static styles = [Page.styles, heroStyles, css`
    .below { display: grid; grid-template-columns: minmax(0, 1fr) min(408px, 34%); gap: 56px; align-items: start; }
    .main { display: flex; flex-direction: column; gap: 36px; min-width: 0; }
    .cast { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 20px 24px; }
    .person { display: flex; align-items: center; gap: 12px; min-width: 0; text-align: start; }
    .facts { margin-top: -20px; position: relative; display: flex; flex-direction: column; }
    .fact { display: grid; grid-template-columns: 76px minmax(0, 1fr) auto 20px; gap: 12px; align-items: center; min-height: 48px; border-bottom: 1px solid var(--line); font: var(--font-14); width: 100%; text-align: start; }
    .fact .name { font-weight: 500; } .fact .what { color: var(--text2); }
    .fact:disabled { cursor: default; } .fact:disabled hm-icon { visibility: hidden; }
    .verdict { display: flex; gap: 12px; padding-top: 14px; }
    .verdict p + p { margin-top: 4px; }
    .verdict .second { text-wrap: pretty; }
    .steps { display: flex; gap: 8px; flex-wrap: wrap; }
    dl { display: grid; grid-template-columns: 110px minmax(0, 1fr); gap: 10px 16px; font: var(--font-14); } dt { color: var(--text2); } dd { overflow-wrap: anywhere; }
    .shelf { display: flex; gap: 20px; flex-wrap: wrap; }
    .shelf hm-card { width: 220px; }
    @media (max-width: 1099.98px) { .below { grid-template-columns: minmax(0, 1fr); gap: 28px; } .facts { margin-top: 0; order: -1; } }
    @media (max-width: 719.98px) { .cast { grid-template-columns: minmax(0, 1fr); gap: 12px; } .shelf hm-card { width: 100%; } }
  `];

  item = this.query(() => `/api/media/${this.params.key}`);
  cast = this.query(() => `/api/cast/${this.params.key}`);
  info = this.query(() => (this.about && this.file ? `/api/media/${this.file.id}/info` : null));
  like = this.query(() => (this.item.data?.type === 'movie' ? `/api/libraries/${this.item.data.libraryId}/recommended?limit=12` : null));

  constructor() {
    super();
    this.version = 0;
    this.about = false;
    this.allCast = false;
    this.live({ 'playback.progress': (event) => event.rating_key === this.params.key && this.item.refresh() });
    onKey(this, {
      w: () => this.item.data && this.toggle(this.item.data),
      p: () => this.file?.available && go(this.playAddress(this.item.data)),
    });
  }

  willUpdate(changed) {
    if (changed.has('params')) {
      this.version = 0;
      this.allCast = false;
    }
  }

  /** Versions as lists of parts, the default first. */
  get versions() {
    const versions = new Map();
    for (const file of this.item.data?.files ?? []) versions.set(file.versionIndex, [...(versions.get(file.versionIndex) ?? []), file]);
    return [...versions.values()];
  }

  get file() {
    return this.versions[this.version]?.[0] ?? null;
  }

  playAddress(item, at = null) {
    return playHref(item.id, { file: this.version > 0 ? this.file.id : null, at });
  }

  render() {
    return this.item.render({
      loading: () => html`<hm-page-header back="/films" over></hm-page-header><div class="hero waiting"></div>`,
      error: (error) => this.gone(error),
      data: (item) => this.shown(item),
    });
  }

  gone(error) {
    this.title = say.unknownItem;
    const unknown = error.status === 404;
    return html`<hm-page-header back="/" heading=${unknown ? say.unknownItem : error.message}></hm-page-header>
      <div class="body">${unknown
        ? html`<hm-empty icon="question" heading=${say.unknownItem} text=${say.unknownItemText}><hm-button slot="action" href="/">${say.backTo}</hm-button></hm-empty>`
        : html`<hm-error heading=${say.unknownItem} text=${error.message} retry="Try again" @hm-retry=${() => this.item.refresh()}></hm-error>`}</div>`;
  }

  shown(item) {
    this.title = nameOf(item);
    const back = item.type === 'episode' ? `/shows/${item.grandparentId}?season=${item.parentId}` : item.type === 'video' ? '/videos' : '/films';
    return html`
      <hm-page-header back=${back} over></hm-page-header>
      <section class="hero">
        ${this.backdrop(item)}
        <div class="hero-words">
          ${item.type === 'episode' ? html`<a class="over-title" href="/shows/${item.grandparentId}">${item.grandparentTitle}</a>` : nothing}
          <h1 class="t40" tabindex="-1">${item.title}</h1>
          ${this.line(item)}
          ${item.tagline ? html`<p class="tagline">${item.tagline}</p>` : nothing}
          ${item.summary ? html`<p class="prose summary">${item.summary}</p>` : nothing}
          ${this.actions(item)}
        </div>
      </section>
      <div class="body below">
        <div class="main">${item.type === 'episode' ? this.neighbours(item) : nothing}${this.people()}${this.extras(item)}${this.more(item)}</div>
        ${this.facts(item)}
      </div>
      ${this.fileDialog()}`;
  }

  backdrop(item) {
    const kind = item.art ? 'art' : 'thumb';
    const src = artUrl(item, { kind, width: Math.min(window.innerWidth, 1920) });
    return html`<hm-art class="backdrop" ratio="fill" radius="none" src=${src ?? nothing} tone=${item.thumbTone ?? nothing} .point=${item.thumbPoint ?? null} eager></hm-art><div class="fade"></div>`;
  }

  line(item) {
    const file = this.file;
    const languages = [...new Set((file?.audioLanguages ?? []).filter((code) => code !== 'und'))].slice(0, 2).map(language).join(', ');
    const first = item.type === 'episode' ? episode({ ...item, title: '' }) : item.year;
    const when = item.type === 'video' && item.releaseDate ? date(Date.parse(item.releaseDate) / 1000) : first;
    const words = [when, item.airDate && item.type === 'episode' ? date(Date.parse(item.airDate) / 1000) : null, item.duration ? duration(item.duration) : null, item.genres.slice(0, 2).join(', '), item.contentRating, languages].filter(Boolean);
    return html`<p class="meta">${words.map((word) => html`<span>${word}</span>`)}
      ${resolution(file) ? html`<hm-badge>${resolution(file)}</hm-badge>` : nothing}${HDR[file?.hdr] ? html`<hm-badge>${HDR[file.hdr]}</hm-badge>` : nothing}</p>`;
  }

  actions(item) {
    const isBegun = item.viewOffset > 0;
    const isThere = this.file?.available;
    return html`
      ${isThere ? nothing : html`<hm-notice tone="bad" heading=${say.missingFile}>${say.missingFileText}</hm-notice>`}
      <div class="acts">
        <hm-button class="first" kind="primary" size="large" icon="play" on-picture ?disabled=${!isThere} href=${isThere ? this.playAddress(item) : nothing}>${isBegun ? say.resume(clock(item.viewOffset)) : say.play}</hm-button>
        ${isBegun && isThere ? html`<hm-button size="large" on-picture href=${this.playAddress(item, 0)}>${say.startOver}</hm-button>` : nothing}
        <hm-icon-button square size="large" on-picture icon="check" label=${item.watched ? say.markUnwatched : say.markWatched} ?pressed=${item.watched} toggle @click=${() => this.toggle(item)}></hm-icon-button>
        <hm-icon-button square size="large" on-picture icon="dots" label=${say.more} @click=${(event) => this.menu(event.currentTarget, item)}></hm-icon-button>
      </div>
      ${isBegun && item.duration ? html`<div class="how-far"><hm-progress on-picture .value=${item.viewOffset / item.duration} label=${say.watched}></hm-progress>
        <span class="second tabular">${join(left(item.duration - item.viewOffset), endsAt(item.duration - item.viewOffset))}</span></div>` : nothing}`;
  }

  toggle(item) {
    return mark(item, !item.watched, () => this.item.refresh());
  }

  async menu(at, item) {
    const items = [
      { id: 'file', label: say.showFiles, icon: 'info', disabled: !this.file },
      { id: 'link', label: say.copyLink, icon: 'link' },
      { id: 'download', label: say.download, icon: 'download', disabled: !this.file?.available },
    ];
    const chosen = await openMenu(at, items, { label: say.more });
    if (chosen === 'file') this.about = true;
    if (chosen === 'link') copyLink(item);
    if (chosen === 'download') location.assign(`/api/stream/${this.file.id}?download=1`);
  }

  neighbours(item) {
    return html`<div class="steps">
      <hm-button size="small" icon="list" href="/shows/${item.grandparentId}?season=${item.parentId}">${say.toShow}</hm-button>
      ${item.previous ? html`<hm-button size="small" icon="previous" href="/episodes/${item.previous}">${say.previousEpisode}</hm-button>` : nothing}
      ${item.next ? html`<hm-button size="small" icon="next" href="/episodes/${item.next}">${say.nextEpisode}</hm-button>` : nothing}</div>`;
  }

  people() {
    const { cast = [], crew = [] } = this.cast.data ?? {};
    const all = [...cast.map((one) => ({ ...one, line: one.role })), ...crew.map((one) => ({ ...one, line: one.job }))];
    if (!all.length) return nothing;
    const shown = this.allCast || all.length <= CAST_SHOWN + 1 ? all : all.slice(0, CAST_SHOWN);
    return html`<hm-section heading=${cast.length ? say.cast : say.crew}><div class="cast">
      ${shown.map((one) => html`<div class="person"><hm-avatar name=${one.name} src=${one.thumb ? `${one.thumb}?w=120&h=120` : nothing} size="56"></hm-avatar><div class="grow"><p class="name one-line">${one.name}</p><p class="second one-line">${one.line}</p></div></div>`)}
      ${shown.length < all.length ? html`<button class="person" @click=${() => (this.allCast = true)}><hm-avatar name=${say.allCast(count(all.length - shown.length))} size="56" plain></hm-avatar><span class="quiet">${say.allCastText}</span></button>` : nothing}
    </div></hm-section>`;
  }

  extras(item) {
    if (!item.extras?.length) return nothing;
    return html`<hm-section heading=${say.extras}><div class="shelf" role="list">${item.extras.map((extra) => html`
      <hm-card .item=${{ ...extra, type: 'extra' }} href=${playHref(extra.id, { file: extra.fileId })} heading=${extra.title} second=${join(say.extraKinds[extra.type], duration(extra.duration))} role="listitem"></hm-card>`)}</div></hm-section>`;
  }

  more(item) {
    const others = (this.like.data?.items ?? []).filter((one) => one.id !== item.id).slice(0, 8);
    if (others.length < 3) return nothing;
    return html`<hm-row heading=${say.moreLike}>${others.map((one) => poster(one))}</hm-row>`;
  }

  facts(item) {
    const parts = this.versions[this.version];
    if (!parts) return html`<div></div>`;
    const file = parts[0];
    const name = (one) => one[0].version || join(resolution(one[0]), HDR[one[0].hdr]) || say.standard;
    const bytes = parts.reduce((all, part) => all + part.size, 0);
    const fact = (label, value, hint, choose) => html`<button class="fact" ?disabled=${!choose} @click=${(event) => choose?.(event.currentTarget)}>
      <span class="what">${label}</span><span class="name one-line">${value}</span><span class="second">${hint}</span><hm-icon name="chevron-down" size="16"></hm-icon></button>`;
    const audios = file.audioLanguages ?? [];
    const subtitles = file.subtitleLanguages ?? [];
    const audio = [audios[0] ? language(audios[0]) : codecName(file.audioCodec), file.audioChannels ? say.channels(file.audioChannels) : ''].filter(Boolean).join(' ');
    return html`<aside class="panel facts">
      ${fact(say.version, join(name(parts), parts.length > 1 ? say.parts(parts.length) : ''), size(bytes), this.versions.length > 1 ? (at) => this.chooseVersion(at, name) : null)}
      ${fact(say.audio, file.audioCodec ? audio : say.none, audios.length > 1 ? say.of(1, audios.length) : codecName(file.audioCodec), null)}
      ${fact(say.subtitles, subtitles.length ? language(subtitles[0]) : say.none, subtitles.length > 1 ? say.of(1, subtitles.length) : '', null)}
      ${this.verdict(item, file, name)}</aside>`;
  }

  verdict(item, file, name) {
    if (!file.available || !file.videoCodec) return nothing;
    if (playsHere(file)) {
      return html`<div class="verdict"><hm-icon class="good" name="tick-circle"></hm-icon><div><p class="name">${say.plays}</p><p class="second">${say.playsText}</p></div></div>`;
    }
    const other = this.versions.findIndex((parts) => playsHere(parts[0]) && parts[0].available);
    const what = [codecName(file.videoCodec), file.audioCodec ? codecName(file.audioCodec) : null, file.container.toUpperCase()].filter(Boolean).join(', ');
    return html`<div class="verdict"><hm-icon class="warn" name="info"></hm-icon><div><p class="name">${say.playsNot}</p><p class="second">${say.playsNotText(what)}</p>
      ${other >= 0 ? html`<p><button class="link" @click=${() => (this.version = other)}>${say.useVersion(name(this.versions[other]))}</button></p>` : html`<p><a class="link" href="/api/stream/${file.id}?download=1">${say.openElsewhere}</a></p>`}</div></div>`;
  }

  async chooseVersion(at, name) {
    const id = await openMenu(at, this.versions.map((parts, index) => ({ id: String(index), label: name(parts), hint: join(resolution(parts[0]), size(parts[0].size)), checked: index === this.version })), { label: say.version });
    if (id !== null) this.version = Number(id);
  }

  fileDialog() {
    if (!this.about) return nothing;
    return html`<hm-dialog open heading=${say.showFiles} width="640" @hm-close=${() => (this.about = false)}>${this.info.render({
      loading: () => html`<hm-skeleton kind="text"></hm-skeleton>`,
      data: (info) => html`<dl>
        ${info.path ? html`<dt>${say.path}</dt><dd>${info.path}</dd>` : nothing}
        <dt>${say.container}</dt><dd>${join(info.container.toUpperCase(), size(info.size), info.bitrate ? bitrate(info.bitrate) : '')}</dd>
        ${info.video.map((one) => html`<dt>${say.videoTrack}</dt><dd>${join(codecName(one.codec), one.profile, `${one.width} × ${one.height}`, one.frameRate ? `${Math.round(one.frameRate * 100) / 100} fps` : '', HDR[one.hdr])}</dd>`)}
        ${info.audio.map((one) => html`<dt>${say.audioTrack}</dt><dd>${join(language(one.language), codecName(one.codec), say.channels(one.channels), one.title, one.commentary ? say.commentary : '')}</dd>`)}
        ${info.subtitles.map((one) => html`<dt>${say.subtitleTrack}</dt><dd>${join(language(one.language), one.format.toUpperCase(), one.title, one.forced ? say.forced : '', one.hearingImpaired ? say.hearing : '', one.external ? say.external : '')}</dd>`)}
        ${info.chapters.length ? html`<dt>${say.chapters}</dt><dd>${count(info.chapters.length)}</dd>` : nothing}
        <dt>${say.added}</dt><dd>${date(this.item.data.addedAt)}</dd>
      </dl>`,
    })}</hm-dialog>`;
  }
}
customElements.define('film-page', FilmPage);
