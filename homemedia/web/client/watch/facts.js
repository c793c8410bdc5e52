// What is told of a file: its names, its size, why a browser cannot play it, and all of it as a dialog.
import { css, html, nothing } from '../vendor/lit.js';
import { bitrate, count, date, duration, join, language, resolution, size } from '../format.js';
import { say } from './en.js';
import { codecName } from './playable.js';

const HDR = { hdr10: 'HDR', hdr10plus: 'HDR10+', hlg: 'HDR', dv5: 'Dolby Vision', dv7: 'Dolby Vision', dv8: 'Dolby Vision' };
export const hdrName = (hdr) => HDR[hdr] ?? '';

export const factStyles = css`
  .facts { position: relative; display: flex; flex-direction: column; padding: 20px 24px; }
  .fact { display: grid; grid-template-columns: 76px minmax(0, 1fr) auto 16px; gap: 12px; align-items: center; min-height: 48px; width: 100%; font: var(--font-14); text-align: start; border-radius: 4px; }
  .fact .what { color: var(--text2); } .fact .second { font-variant-numeric: tabular-nums; }
  .fact-row + .fact-row { border-top: 1px solid var(--line); }
  .tracks { padding: 0 28px 12px 88px; display: flex; flex-direction: column; gap: 6px; } .tracks li { font: var(--font-14); color: var(--text2); overflow-wrap: anywhere; }
  .verdict { display: flex; gap: 12px; padding-top: 16px; border-top: 1px solid var(--line); }
  .verdict .second { margin-top: 4px; text-wrap: pretty; } .verdict .way { margin-top: 8px; font: var(--font-14); font-weight: 500; display: inline-block; }
  dl { display: grid; grid-template-columns: 96px minmax(0, 1fr); gap: 10px 16px; font: var(--font-14); padding-bottom: 4px; } dt { color: var(--text2); } dd { overflow-wrap: anywhere; }
  @media (max-width: 719.98px) { .facts { padding: 4px 16px 16px; } .fact { gap: 8px; } }
`;

/** What a version is called: its own name, else what sets it apart. @param {import('../types.js').MediaFile[]} parts */
export const versionName = ([file]) => join(file.version, file.version?.includes(resolution(file)) ? '' : resolution(file), hdrName(file.hdr)).replaceAll(' · ', ' ') || say.standard;
export const versionSize = (parts) => size(parts.reduce((all, part) => all + part.size, 0));

const soundOf = (code, channels, codec) => [code && code !== 'und' ? language(code) : codecName(codec), channels ? say.channels(channels) : ''].filter(Boolean).join(' ');
const audioLine = (one) => join(soundOf(one.language, one.channels, one.codec), one.title, one.language && one.language !== 'und' ? codecName(one.codec) : '', one.commentary ? say.commentary : '');
const subtitleLine = (one) => join(language(one.language), one.title, one.forced ? say.forced : '', one.hearingImpaired ? say.hearing : '', one.external ? say.external : '');

/** Why a file does not play here: the first thing in the way. */
export function reasonOf(file, seen) {
  if (!seen.container) return { title: say.playsNot, text: say.containerNot(file.container.toUpperCase()) };
  if (!seen.picture) return { title: say.playsNot, text: say.pictureNot(codecName(file.videoCodec)) };
  return { title: say.playsSilent, text: say.soundNot(codecName(file.audioCodec)) };
}

/** Everything known of one file. @param {import('../types.js').MediaFile[]} parts @param {any} info @param {number} addedAt */
export const fileList = (parts, info, addedAt) => html`<dl>
  ${info.path ? html`<dt>${say.path}</dt><dd>${info.path}</dd>` : nothing}
  ${parts.length > 1 ? html`<dt>${say.partsOf}</dt><dd>${parts.map((part) => join(say.part(part.part), duration(part.duration), size(part.size))).map((line) => html`<div>${line}</div>`)}</dd>` : nothing}
  <dt>${say.container}</dt><dd>${join((info.container ?? '').toUpperCase(), size(info.size), info.bitrate ? bitrate(info.bitrate) : '')}</dd>
  ${info.video.map((one) => html`<dt>${say.videoTrack}</dt><dd>${join([codecName(one.codec), one.profile].filter(Boolean).join(' '), `${one.width} × ${one.height}`, one.frameRate ? `${Math.round(one.frameRate * 100) / 100} fps` : '', one.bitDepth > 8 ? `${one.bitDepth} bit` : '', hdrName(one.hdr))}</dd>`)}
  ${info.audio.map((one) => html`<dt>${say.audioTrack}</dt><dd>${audioLine(one)}</dd>`)}
  ${info.subtitles.map((one) => html`<dt>${say.subtitleTrack}</dt><dd>${join(subtitleLine(one), one.format.toUpperCase())}</dd>`)}
  ${info.chapters.length ? html`<dt>${say.chapters}</dt><dd>${count(info.chapters.length)}</dd>` : nothing}
  <dt>${say.added}</dt><dd>${date(addedAt)}</dd></dl>`;
