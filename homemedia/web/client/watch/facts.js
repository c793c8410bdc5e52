// Version, audio, subtitles: three rows, and whether this browser plays it. The file itself, as a dialog.
import { css, html, nothing } from '../vendor/lit.js';
import { bitrate, count, date, duration, join, language, resolution, size } from '../format.js';
import { say } from './en.js';
import { codecName, judge } from './playable.js';

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

/**
 * @param {object} has
 * @param {import('../types.js').MediaFile[][]} has.versions @param {number} has.version
 * @param {any} has.info of the first file, when it is here
 * @param {string} has.open which row shows its tracks @param {(row: string) => void} has.unfold
 * @param {(at: Element) => void} has.chooseVersion @param {(index: number) => void} has.use
 */
export function facts({ versions, version, info, open, unfold, chooseVersion, use }) {
  const parts = versions[version];
  if (!parts) return nothing;
  const [file] = parts;
  const fact = (label, value, hint, { press, expanded } = {}) => {
    const inner = html`<span class="what">${label}</span><span class="name one-line">${value}</span><span class="second">${hint}</span>${press ? html`<hm-icon name=${expanded ? 'chevron-up' : 'chevron-down'} size="16"></hm-icon>` : html`<span></span>`}`;
    return press
      ? html`<button type="button" class="fact" aria-expanded=${expanded === undefined ? nothing : String(expanded)} aria-haspopup=${expanded === undefined ? 'menu' : nothing} @click=${(event) => press(event.currentTarget)}>${inner}</button>`
      : html`<div class="fact">${inner}</div>`;
  };
  const tracks = (row, label, value, codes, list, line) => {
    const many = list.length > 1;
    const hint = codes > 1 ? say.of(1, codes) : '';
    return html`<div class="fact-row">${fact(label, value, hint, many ? { press: () => unfold(open === row ? '' : row), expanded: open === row } : {})}
      ${many && open === row ? html`<ul class="tracks">${list.map((one) => html`<li>${line(one)}</li>`)}</ul>` : nothing}</div>`;
  };
  const subtitles = info?.subtitles ?? [];
  const subtitleCodes = file.subtitleLanguages ?? [];
  return html`<aside class="panel facts" aria-label=${say.readFile}>
    <div class="fact-row">${fact(say.version, join(versionName(parts), parts.length > 1 ? say.parts(parts.length) : ''), versionSize(parts), versions.length > 1 ? { press: chooseVersion } : {})}</div>
    ${tracks('audio', say.audio, file.audioCodec ? soundOf(file.audioLanguages?.[0], file.audioChannels, file.audioCodec) : say.none, info?.audio?.length ?? file.audioLanguages?.length ?? 0, info?.audio ?? [], audioLine)}
    ${tracks('subtitles', say.subtitles, subtitleCodes.length || subtitles.length ? language(subtitleCodes[0] ?? subtitles[0]?.language) : say.none, subtitles.length || subtitleCodes.length, subtitles, subtitleLine)}
    ${verdict(versions, version, info, use)}</aside>`;
}

/** Why a file does not play here: the first thing in the way. */
export function reasonOf(file, seen) {
  if (!seen.container) return { title: say.playsNot, text: say.containerNot(file.container.toUpperCase()) };
  if (!seen.picture) return { title: say.playsNot, text: say.pictureNot(codecName(file.videoCodec)) };
  return { title: say.playsSilent, text: say.soundNot(codecName(file.audioCodec)) };
}

function verdict(versions, version, info, use) {
  const [file] = versions[version];
  if (!file.available || !file.container || !(file.videoCodec || file.audioCodec)) return nothing;
  const seen = judge(file, info);
  const others = versions.map((parts, index) => ({ parts, index })).filter(({ index }) => index !== version);
  if (seen.all) {
    const better = others.find(({ parts: [other] }) => (other.height ?? 0) > (file.height ?? 0) && other.container && other.available && !judge(other).all);
    return html`<div class="verdict"><hm-icon class="good" name="tick-circle"></hm-icon><div><p class="name">${say.plays}</p>
      <p class="second">${better ? say.betterNot(versionName(better.parts), reasonOf(better.parts[0], judge(better.parts[0])).text) : say.playsText}</p></div></div>`;
  }
  const way = others.find(({ parts: [other] }) => other.available && judge(other).all);
  const { title, text } = reasonOf(file, seen);
  return html`<div class="verdict"><hm-icon class="warn" name="info"></hm-icon><div><p class="name">${title}</p>
    <p class="second">${text} ${way ? say.versionPlays(versionName(way.parts)) : say.elsewhere}</p>
    ${way
      ? html`<button type="button" class="link way" @click=${() => use(way.index)}>${say.useVersion(versionName(way.parts))}</button>`
      : html`<a class="link way" href="/api/stream/${file.id}?download=1" download>${say.openElsewhere}</a>`}</div></div>`;
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
