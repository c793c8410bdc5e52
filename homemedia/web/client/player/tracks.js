import { css, html, nothing } from '../vendor/lit.js';
import { bitrate, join, language, resolution } from '../format.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { say } from './en.js';
import { versionHint, versionName } from './trouble.js';

/** What may be asked of a converter: lines and bits a second, the contract's ladder with room for the sound. */
const LADDER = [[2160, 20_000_000], [1440, 12_000_000], [1080, 8_000_000], [720, 4_000_000], [480, 2_000_000], [360, 1_000_000]];
export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2];
const SIDEWAYS = { ArrowLeft: -1, ArrowRight: 1 };
const MOST_LINES = 1080; // what is converted is not made larger than this unless the file is

/** @param {any} one of `subtitleTracks` @returns {{label: string, hint: string}} */
export function subtitleName(one) {
  const name = one.title && !one.language ? one.title : language(one.language);
  const more = [one.forced ? say.forced : '', one.hearingImpaired ? say.hearing : ''].filter(Boolean);
  return { label: [name, ...more].join(', '), hint: join(one.title && one.title !== name ? one.title : '', one.external ? say.fromFolder : '', one.text ? '' : say.drawnIn) };
}

/** @param {any} one of `audioTracks` */
export const audioName = (one) => ({ label: one.title || (one.language && one.language !== 'und' ? language(one.language) : say.standard), hint: say.channels(one.channels) });

/** Lower qualities than the file has. @param {import('../types.js').MediaFile | null} file @returns {{height: number, bitrate: number}[]} */
export function qualities(file) {
  const height = file?.height ?? MOST_LINES;
  const rate = file?.bitrate ?? Infinity;
  return LADDER.filter(([lines, bits]) => lines <= Math.max(height, 360) && (lines < height || bits < rate) && lines <= MOST_LINES).map(([lines, bits]) => ({ height: lines, bitrate: bits }));
}

/**
 * What there is to choose, as groups; a group with one possibility is no choice and left out.
 * @param {object} has
 * @param {any} has.info the server's decision; null before it is known
 * @param {import('../types.js').MediaFile | null} has.file
 * @param {import('../types.js').MediaFile[][]} has.versions @param {number} has.version
 * @param {{maxHeight: number | null}} has.wish what was chosen @param {number} has.rate
 * @param {number | null} has.caption the subtitle shown now
 * @param {{audio: (track: number) => void, subtitle: (track: number | null) => void, quality: (one: {height: number, bitrate: number} | null) => void, version: (index: number) => void, rate: (rate: number) => void}} does
 * @returns {{id: string, side: 0 | 1, label: string, rows: {label: string, hint: string, isChosen: boolean, choose: () => void}[]}[]}
 */
export function choices({ info, file, versions, version, wish, rate, caption }, does) {
  const groups = [];
  const audio = info?.audioTracks ?? [];
  const subtitles = info?.subtitleTracks ?? [];
  if (audio.length > 1) {
    groups.push({ id: 'audio', side: 0, label: say.audio, rows: audio.map((one) => ({ ...audioName(one), isChosen: one.track === info.audio?.track, choose: () => does.audio(one.track) })) });
  }
  if (versions.length > 1) {
    groups.push({ id: 'version', side: 0, label: say.version, rows: versions.map((parts, i) => ({ label: versionName(parts), hint: versionHint(parts), isChosen: i === version, choose: () => does.version(i) })) });
  }
  const lower = info?.video ? qualities(file) : [];
  if (lower.length > 0) {
    const best = info.method === 'transcode' && !wish.maxHeight ? say.bestHere : say.asItIs;
    const rows = lower.map((one) => ({ label: say.convertTo(one.height), hint: one.bitrate < (file?.bitrate ?? Infinity) ? bitrate(one.bitrate) : '', isChosen: wish.maxHeight === one.height, choose: () => does.quality(one) }));
    groups.push({ id: 'quality', side: 0, label: say.quality, rows: [{ label: best, hint: join(resolution(file), file?.bitrate ? bitrate(file.bitrate) : ''), isChosen: !wish.maxHeight, choose: () => does.quality(null) }, ...rows] });
  }
  if (subtitles.length > 0) {
    const rows = subtitles.map((one) => ({ ...subtitleName(one), isChosen: one.track === caption, choose: () => does.subtitle(one.track) }));
    groups.push({ id: 'subtitles', side: 1, label: say.subtitles, rows: [{ label: say.off, hint: '', isChosen: caption === null, choose: () => does.subtitle(null) }, ...rows] });
  }
  if (info) {
    groups.push({ id: 'speed', side: 1, label: say.speed, isRow: true, rows: RATES.map((one) => ({ label: String(one), name: say.times(one), hint: '', isChosen: one === rate, choose: () => does.rate(one) })) });
  }
  return groups;
}

/** The choices in one or two columns; `more` are ways to further panels. Tells `player-chosen` after one was made, `player-panel {name}` and `player-close`. */
class Tracks extends Widget {
  static properties = { groups: { attribute: false }, more: { attribute: false } };

  static styles = [reset, css`
    :host { display: block; }
    .panel { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 276px); border-radius: var(--radius-place); background: var(--raised); color: var(--text); box-shadow: var(--shadow); padding: 10px 0; max-height: min(60dvh, 520px); overflow-y: auto; animation: appear var(--menu-time) ease-out; }
    @keyframes appear { from { opacity: 0; transform: translateY(4px); } }
    .column { padding: 0 10px; } .column + .column { border-left: 1px solid var(--line); }
    .group + .group { border-top: 1px solid var(--line); margin-top: 6px; padding-top: 6px; }
    h3 { font: var(--font-12); color: var(--text2); padding: 6px 10px; }
    .row { display: grid; grid-template-columns: 16px minmax(0, 1fr) auto; gap: 12px; align-items: center; width: 100%; min-height: 40px; padding: 0 10px; border-radius: var(--radius); font: var(--font-14); text-align: start; }
    .row span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .row i { font: var(--font-12); color: var(--text2); font-style: normal; white-space: nowrap; }
    .row[aria-checked="true"] span { font-weight: 600; } .row hm-icon { color: var(--accent); } .row[aria-checked="false"] hm-icon { visibility: hidden; }
    .row.on { grid-template-columns: 20px minmax(0, 1fr) 16px; color: var(--text2); } .row.on hm-icon { color: inherit; }
    .beside { display: flex; gap: 2px; padding: 0 6px; } .beside .row { display: block; flex: 1 1 auto; width: auto; min-width: 0; padding: 0 4px; text-align: center; font-variant-numeric: tabular-nums; } .beside .row[aria-checked="true"] { background: var(--menu-hover); color: var(--accent); font-weight: 600; }
    .row:focus-visible { outline: none; background: var(--menu-hover); } @media (hover: hover) { .row:hover { background: var(--menu-hover); } }
    @media (pointer: coarse), (max-width: 719.98px) { .row { min-height: 44px; } }
    @media (max-width: 719.98px) { .panel { grid-auto-flow: row; grid-auto-columns: auto; border-radius: var(--radius-place) var(--radius-place) 0 0; padding-bottom: calc(10px + env(safe-area-inset-bottom, 0px)); } .column + .column { border-left: 0; border-top: 1px solid var(--line); margin-top: 6px; padding-top: 6px; } }
  `];

  firstUpdated() {
    (this.renderRoot.querySelector('[aria-checked="true"]') ?? this.renderRoot.querySelector('.row'))?.focus();
  }

  keyed(event) {
    const columns = [...this.renderRoot.querySelectorAll('.column')].map((column) => [...column.querySelectorAll('.row')]);
    const side = columns.findIndex((rows) => rows.includes(this.renderRoot.activeElement));
    const rows = columns[side] ?? [];
    const at = rows.indexOf(this.renderRoot.activeElement);
    const other = columns[side + SIDEWAYS[event.key]];
    if (event.key === 'Escape' || event.key === 'c') this.emit('player-close');
    else if (rows[at]?.closest('.beside') && SIDEWAYS[event.key]) (rows[at + SIDEWAYS[event.key]]?.closest('.beside') ? rows[at + SIDEWAYS[event.key]] : other?.[Math.min(at, other.length - 1)])?.focus();
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') rows[(at + (event.key === 'ArrowDown' ? 1 : -1) + rows.length) % rows.length]?.focus();
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') other?.[Math.min(at, other.length - 1)]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(row) {
    row.choose();
    this.emit('player-chosen');
    this.requestUpdate();
  }

  row(row, isBeside) {
    if (isBeside) return html`<button class="row" type="button" role="menuitemradio" aria-checked=${String(row.isChosen)} aria-label=${row.name ?? nothing} @click=${() => this.choose(row)}>${row.label}</button>`;
    return html`<button class="row" type="button" role="menuitemradio" aria-checked=${String(row.isChosen)} @click=${() => this.choose(row)}><hm-icon name="check" size="16"></hm-icon><span>${row.label}</span><i>${row.hint}</i></button>`;
  }

  render() {
    const column = (side) => {
      const groups = this.groups.filter((group) => group.side === side);
      const more = (this.more ?? []).filter((one) => one.side === side);
      if (groups.length === 0 && more.length === 0) return nothing;
      return html`<div class="column">${groups.map((group) => html`<div class="group" role="group" aria-label=${group.label}><h3>${group.label}</h3>
        <div class=${group.isRow ? 'beside' : nothing}>${group.rows.map((row) => this.row(row, group.isRow))}</div></div>`)}
        ${more.length ? html`<div class="group">${more.map((one) => html`<button class="row on" type="button" role="menuitem" @click=${() => this.emit('player-panel', { name: one.name })}><hm-icon name=${one.icon} size="20"></hm-icon><span>${one.label}</span><hm-icon name="chevron-right" size="16"></hm-icon></button>`)}</div>` : nothing}</div>`;
    };
    return html`<div class="panel" role="menu" aria-label=${say.tracks} @keydown=${this.keyed}>${column(0)}${column(1)}</div>`;
  }
}
customElements.define('player-tracks', Tracks);
