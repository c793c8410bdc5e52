// Version, sound, subtitles before playing: three rows, and what will happen with them, as the server says.
import { css, html, nothing } from '../vendor/lit.js';
import { address } from '../api.js';
import { join, resolution } from '../format.js';
import { QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { openMenu } from '../ui/menu.js';
import { reset } from '../ui/styles.js';
import { say as words } from '../watch/en.js';
import { factStyles, reasonOf, versionName, versionSize } from '../watch/facts.js';
import { judge, playsHere } from '../watch/playable.js';
import { say } from './en.js';
import { browserProfile, profileText } from './profile.js';
import { audioName, subtitleName } from './tracks.js';
import { verdictOf } from './why.js';

/** Tells `choices-version {index}` and `choices-tracks {audio, subtitle}`: numbers, `subtitle` also 'none'; null: the server's choice. */
class Choices extends Widget {
  static properties = { versions: { attribute: false }, version: { type: Number }, audio: { state: true }, subtitle: { state: true } };

  static styles = [reset, factStyles, css`
    :host { display: block; } .panel { border-radius: var(--radius-place); background: var(--surface); } h3 { font: inherit; }
    .second { font: var(--font-12); color: var(--text2); } .name { font-weight: 500; } .one-line { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    button.fact { cursor: pointer; } @media (hover: hover) { button.fact:hover .name { color: var(--accent); } }
    .verdict .name { font-weight: 600; } .verdict.waits { min-height: 72px; } .link { color: var(--accent); min-height: 24px; }
    .good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); } .accent { color: var(--accent); }
  `];

  decision = new QueryController(this, () => this.path, { keep: true });

  constructor() {
    super();
    Object.assign(this, { versions: [], version: 0, audio: null, subtitle: null });
  }

  get file() {
    return this.versions[this.version]?.[0] ?? null;
  }

  get path() {
    const { file, audio, subtitle } = this;
    return file?.available === false || !file ? null : address(`/api/media/${file.id}/playback-info`, { profile: profileText(browserProfile()), audioTrack: audio, subtitleTrack: subtitle });
  }

  /** The server's decision about the file that is shown, or null while it is not known. */
  get info() {
    const { data } = this.decision;
    return data?.fileId === this.file?.id ? data : null;
  }

  willUpdate(changed) {
    if (changed.has('version') && changed.get('version') !== undefined && (this.audio !== null || this.subtitle !== null)) this.choose(null, null);
  }

  choose(audio, subtitle) {
    Object.assign(this, { audio, subtitle });
    this.emit('choices-tracks', { audio, subtitle });
  }

  use(index) {
    this.emit('choices-version', { index });
  }

  async pickVersion(at) {
    const items = this.versions.map((parts, index) => ({ id: String(index), label: versionName(parts), hint: join(resolution(parts[0]), versionSize(parts)), checked: index === this.version }));
    const id = await openMenu(at, items, { label: say.version });
    if (id !== null) this.use(Number(id));
  }

  async pickAudio(at) {
    const { audioTracks, audio } = this.info;
    const id = await openMenu(at, audioTracks.map((one) => ({ id: String(one.track), ...audioName(one), checked: one.track === audio?.track })), { label: say.audio });
    if (id !== null) this.choose(Number(id), this.subtitle);
  }

  async pickSubtitle(at) {
    const chosen = this.shownSubtitle?.track ?? 'none';
    const items = [{ id: 'none', label: say.off, checked: chosen === 'none' }, ...this.info.subtitleTracks.map((one) => ({ id: String(one.track), ...subtitleName(one), checked: one.track === chosen }))];
    const id = await openMenu(at, items, { label: say.subtitles });
    if (id !== null) this.choose(this.audio, id === 'none' ? id : Number(id));
  }

  get shownSubtitle() {
    const { subtitle, subtitleTracks } = this.info ?? {};
    return subtitle && subtitle.action !== 'none' ? subtitleTracks.find((one) => one.track === subtitle.track) ?? null : null;
  }

  row(label, value, hint, press) {
    const inner = html`<span class="what">${label}</span><span class="name one-line">${value}</span><span class="second">${hint}</span>${press ? html`<hm-icon name="chevron-down" size="16"></hm-icon>` : html`<span></span>`}`;
    return html`<div class="fact-row">${press ? html`<button type="button" class="fact" aria-haspopup="menu" @click=${(event) => press(event.currentTarget)}>${inner}</button>` : html`<div class="fact">${inner}</div>`}</div>`;
  }

  render() {
    const parts = this.versions[this.version];
    if (!parts) return nothing;
    const { info, file } = this;
    const audio = info?.audioTracks.find((one) => one.track === info.audio?.track);
    const subtitle = this.shownSubtitle;
    const of = (list, one) => (list?.length > 1 ? words.of(list.indexOf(one) + 1, list.length) : '');
    const count = (list, one) => (list?.length ? (one ? of(list, one) : words.ofNone?.(list.length) ?? String(list.length)) : '');
    const sound = audio ? [audioName(audio).label, audioName(audio).hint].join(' ') : file.audioCodec ? words.channels(file.audioChannels ?? 2) : words.none;
    return html`<aside class="panel facts" aria-label=${words.readFile}>
      ${this.row(say.version, join(versionName(parts), parts.length > 1 ? words.parts(parts.length) : ''), versionSize(parts), this.versions.length > 1 ? (at) => this.pickVersion(at) : null)}
      ${this.row(say.audio, sound, of(info?.audioTracks, audio), info?.audioTracks.length > 1 ? (at) => this.pickAudio(at) : null)}
      ${this.row(say.subtitles, subtitle ? subtitleName(subtitle).label : info?.subtitleTracks.length ? say.off : words.none, count(info?.subtitleTracks, subtitle), info?.subtitleTracks.length ? (at) => this.pickSubtitle(at) : null)}
      ${this.verdict()}</aside>`;
  }

  verdict() {
    const { info, file, decision } = this;
    if (file.available === false) return nothing;
    if (!info) return decision.error ? this.guess() : html`<div class="verdict waits"></div>`;
    const { tone, icon, text } = verdictOf(info, file);
    const others = this.versions.map((parts, index) => ({ parts, index })).filter(({ parts, index }) => index !== this.version && parts[0].available !== false);
    if (info.method === 'directPlay') {
      const better = others.find(({ parts: [other] }) => (other.height ?? 0) > (file.height ?? 0) && other.container && !playsHere(other));
      return this.said(tone, icon, say.willBe.directPlay, better ? say.wouldConvert(versionName(better.parts)) : text);
    }
    const way = info.method === 'remux' ? null : others.find(({ parts: [other] }) => playsHere(other));
    const slow = info.expectedSpeed !== null && info.expectedSpeed < 1 ? say.tooSlow : '';
    return this.said(tone, icon, say.willBe[info.method] ?? info.method, [text, slow, way ? say.wayVersion(versionName(way.parts)) : ''].filter(Boolean).join(' '), way
      ? html`<button type="button" class="link way" @click=${() => this.use(way.index)}>${say.useThe(versionName(way.parts))}</button>`
      : info.method === 'impossible' ? html`<a class="link way" href="${file.streamUrl}?download=1" download="">${say.download}</a>` : nothing);
  }

  /** The server did not answer: what the browser itself says. */
  guess() {
    const { file } = this;
    if (!file.container || !(file.videoCodec || file.audioCodec)) return nothing;
    const seen = judge(file);
    if (seen.all) return this.said('good', 'tick-circle', say.willBe.directPlay, say.directText);
    const { title, text } = reasonOf(file, seen);
    return this.said('warn', 'info', title, text);
  }

  said(tone, icon, title, text, way = nothing) {
    return html`<div class="verdict"><hm-icon class=${tone} name=${icon}></hm-icon><div><p class="name">${title}</p><p class="second">${text}</p>${way}</div></div>`;
  }
}
customElements.define('player-choices', Choices);
