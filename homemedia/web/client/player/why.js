// Why a film is played as it is, repacked or converted: in sentences, and the panel that shows them.
import { css, html, nothing } from '../vendor/lit.js';
import { bitrate, count, join, language } from '../format.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { codecName } from '../watch/playable.js';
import { say } from './en.js';
import { browserProfile } from './profile.js';

const TONES = { directPlay: 'good', remux: 'accent', transcode: 'warn', impossible: 'bad' };
const ICONS = { directPlay: 'tick-circle', remux: 'info', transcode: 'info', impossible: 'warning' };
// What only follows from another reason says nothing more.
const ALSO = new Set(['ContainerNotSupported']);
const TWINS = ['VideoCodecNotSupported', 'AudioCodecNotSupported'];
const SOFTWARE = /^lib/;

/**
 * @param {any} info how the server decided @param {import('../types.js').MediaFile | null} [file]
 * @returns {string[]} a sentence for each reason, the picture's before the file's
 */
export function sentences(info, file = null) {
  const sound = info.audioTracks?.find((one) => one.track === info.audio?.track)?.codec ?? file?.audioCodec;
  const known = { container: file?.container?.toUpperCase() ?? '', picture: codecName(info.video?.from ?? file?.videoCodec), sound: codecName(sound) };
  const reasons = info.reasons ?? [];
  const isSoundFine = Boolean(browserProfile().audio[sound]); // it only cannot be carried in a stream's segments
  const isBoth = !isSoundFine && TWINS.every((reason) => reasons.includes(reason));
  const isWeak = (reason) => ALSO.has(reason) || (isSoundFine && reason === 'AudioCodecNotSupported');
  const strong = reasons.filter((reason) => !isWeak(reason) && !(isBoth && TWINS.includes(reason)));
  const both = isBoth ? [say.neither(known)] : [];
  return strong.length || isBoth ? [...both, ...strong.map((reason) => say.reasons[reason]?.(known)).filter(Boolean)] : reasons.map((reason) => say.reasons[reason]?.(known)).filter(Boolean);
}

/** What the server does about it. */
function deed(info) {
  if (info.method === 'transcode') return SOFTWARE.test(info.encoder ?? 'lib') ? say.byProcessor : say.byChip;
  if (info.method === 'remux') return info.audio?.action === 'transcode' ? say.repacksSound : say.repacks;
  return info.method === 'directPlay' ? say.directText : '';
}

/**
 * The verdict on a file, before it plays or while.
 * @returns {{tone: string, icon: string, text: string}}
 */
export function verdictOf(info, file = null) {
  return { tone: TONES[info.method] ?? 'warn', icon: ICONS[info.method] ?? 'info', text: [...sentences(info, file), deed(info)].filter(Boolean).join(' ') };
}

const lines = (video) => (video.height ? `${video.height}p` : '');
const dot = (from, to) => (from === to ? from : `${from} → ${to}`);

function pictureLine(info, file) {
  const { video } = info;
  if (!video) return null;
  if (video.action === 'copy') return join(codecName(video.from), lines(video), say.untouched);
  const before = [codecName(video.from), file?.height ? `${file.height}p` : ''].filter(Boolean).join(' ');
  return join(dot(before, [codecName(video.to), lines(video)].filter(Boolean).join(' ')), video.bitrate ? bitrate(video.bitrate) : '');
}

function soundLine(info) {
  const { audio } = info;
  if (!audio) return null;
  const track = info.audioTracks?.find((one) => one.track === audio.track);
  const from = [codecName(track?.codec ?? audio.codec), track ? say.channels(track.channels) : ''].filter(Boolean).join(' ');
  if (audio.action === 'copy') return join(from, say.untouched);
  return dot(from, [codecName(audio.codec), say.channels(audio.channels)].join(' '));
}

function subtitleLine(info, caption) {
  const track = info.subtitleTracks?.find((one) => one.track === caption);
  if (!track) return say.none;
  return join(track.title || language(track.language), info.subtitle.action === 'burn' ? say.drawnIn : say.external);
}

/** What is measured while it plays. @param {import('./stage.js').Stage['health']} health @returns {string[][]} */
export function measured(health) {
  const { ahead, pictures, lost, width, height, line } = health;
  return [
    [say.aheadRow, say.seconds(Math.round(ahead / 1000))],
    [say.shownRow, width ? join(`${width} × ${height}`, pictures ? say.lost(count(lost), count(pictures)) : '') : ''],
    [say.lineRow, line ? bitrate(line) : ''],
  ].filter(([, value]) => value);
}

/** How it plays, with every from and to. Tells `player-back`, `player-version {index}` and `player-as-it-is`. */
class Why extends Widget {
  static properties = { info: { attribute: false }, file: { attribute: false }, caption: { attribute: false }, ways: { attribute: false }, health: { attribute: false } };

  static styles = [reset, css`
    :host { display: block; }
    .panel { width: 440px; border-radius: var(--radius-place); background: var(--raised); color: var(--text); box-shadow: var(--shadow); padding: 10px 20px 20px; max-height: min(70dvh, 560px); overflow-y: auto; animation: appear var(--menu-time) ease-out; }
    @keyframes appear { from { opacity: 0; transform: translateY(4px); } }
    header { display: flex; align-items: center; gap: 4px; margin: 0 0 4px -12px; } h3 { font: var(--font-12); color: var(--text2); }
    .verdict { display: flex; gap: 12px; align-items: flex-start; } .verdict p + p { margin-top: 4px; color: var(--text2); text-wrap: pretty; } .name { font-weight: 600; }
    .good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); } .accent { color: var(--accent); }
    dl { display: grid; grid-template-columns: 84px minmax(0, 1fr); gap: 8px 12px; margin: 16px 0 0; padding-top: 16px; border-top: 1px solid var(--line); font-variant-numeric: tabular-nums; } dt { color: var(--text2); } dd { margin: 0; overflow-wrap: anywhere; }
    .way { margin-top: 16px; padding-top: 16px; border-top: 1px solid var(--line); color: var(--text2); } .link { display: inline-block; margin-top: 6px; color: var(--accent); font-weight: 500; min-height: 24px; }
    @media (max-width: 719.98px) { .panel { width: 100%; border-radius: var(--radius-place) var(--radius-place) 0 0; padding-bottom: calc(20px + env(safe-area-inset-bottom, 0px)); } }
  `];

  firstUpdated() {
    this.renderRoot.querySelector('hm-icon-button')?.focus();
  }

  keyed(event) {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.emit('player-back');
  }

  render() {
    const { info, file } = this;
    const { tone, icon, text } = verdictOf(info, file);
    const list = (pairs) => pairs.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`);
    const rows = [[say.pictureRow, pictureLine(info, file)], [say.soundRow, soundLine(info)], [say.subtitlesRow, subtitleLine(info, this.caption)]];
    if (info.method === 'transcode') {
      rows.push([say.madeBy, SOFTWARE.test(info.encoder ?? 'lib') ? say.processor : say.chip(info.encoder)]);
      if (info.expectedSpeed) rows.push([say.pace, say.paceText(Math.round(info.expectedSpeed * 10) / 10)]);
    }
    return html`<section class="panel" role="dialog" aria-label=${say.how} @keydown=${this.keyed}>
      <header><hm-icon-button icon="chevron-left" label=${say.toChoices} @click=${() => this.emit('player-back')}></hm-icon-button><h3>${say.how}</h3></header>
      <div class="verdict"><hm-icon class=${tone} name=${icon}></hm-icon><div><p class="name">${say.methods[info.method] ?? info.method}</p><p>${text}</p></div></div>
      <dl>${list(rows.filter(([, value]) => value))}</dl>
      ${this.health ? html`<dl class="now">${list(measured(this.health))}</dl>` : nothing}
      ${this.way()}</section>`;
  }

  way() {
    const { info, file, ways } = this;
    if (info.method === 'directPlay') return nothing;
    if (ways.version) return html`<p class="way">${say.wayVersion(ways.version.name)}<br><button class="link" type="button" @click=${() => this.emit('player-version', { index: ways.version.index })}>${say.useThe(ways.version.name)}</button></p>`;
    if (ways.asItIs) return html`<p class="way">${say.wayAsItIs}<br><button class="link" type="button" @click=${() => this.emit('player-as-it-is')}>${say.asItIs}</button></p>`;
    return file && info.method === 'transcode' ? html`<p class="way">${say.wayDownload}<br><a class="link" href="${file.streamUrl}?download=1" download="">${say.download}</a></p>` : nothing;
  }
}
customElements.define('player-why', Why);
