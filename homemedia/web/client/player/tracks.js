import { css, html, nothing } from '../vendor/lit.js';
import { join, language } from '../format.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { say } from './en.js';
import { versionHint, versionName } from './trouble.js';

/**
 * What there is to choose, as groups; a group with one possibility is no choice and left out.
 * Sound and subtitles are those the browser itself hands out.
 * @param {object} has
 * @param {HTMLVideoElement} has.video
 * @param {import('../types.js').MediaFile[][]} has.versions
 * @param {number} has.version
 * @param {{audio: {channels: number, title: string | null}[]} | null} has.info what the server knows of the file
 * @returns {{id: string, side: 0 | 1, label: string, rows: {label: string, hint: string, isChosen: boolean, choose: () => void}[]}[]}
 */
export function choices({ video, versions, version, info, useVersion }) {
  const audio = Array.from(video?.audioTracks ?? []);
  const texts = Array.from(video?.textTracks ?? []).filter((track) => track.kind === 'subtitles' || track.kind === 'captions');
  const show = (chosen) => () => texts.forEach((track) => (track.mode = track === chosen ? 'showing' : 'disabled'));
  const known = info?.audio?.length === audio.length ? info.audio : [];
  const groups = [];
  if (audio.length > 1) {
    groups.push({ id: 'audio', side: 0, label: say.audio, rows: audio.map((track, i) => ({
      label: known[i]?.title || track.label || language(track.language), hint: known[i] ? say.channels(known[i].channels) : '', isChosen: track.enabled,
      choose: () => audio.forEach((one) => (one.enabled = one === track)),
    })) });
  }
  if (versions.length > 1) {
    groups.push({ id: 'version', side: 0, label: say.version, rows: versions.map((parts, i) => ({ label: versionName(parts), hint: versionHint(parts), isChosen: i === version, choose: () => useVersion(i) })) });
  }
  if (texts.length > 0) {
    const isOff = texts.every((track) => track.mode !== 'showing');
    const rows = texts.map((track) => ({ label: track.label || language(track.language), hint: track.kind === 'captions' ? say.hearing : '', isChosen: track.mode === 'showing', choose: show(track) }));
    groups.push({ id: 'subtitles', side: 1, label: say.subtitles, rows: [{ label: say.off, hint: '', isChosen: isOff, choose: show(null) }, ...rows] });
  }
  return groups;
}

/** The choices in one or two columns. Tells `player-chosen` after one was made and `player-close`. */
class Tracks extends Widget {
  static properties = { groups: { attribute: false } };

  static styles = [reset, css`
    :host { display: block; }
    .panel { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 260px); border-radius: var(--radius-place); background: var(--raised); color: var(--text); box-shadow: var(--shadow); padding: 10px 0; max-height: min(60dvh, 520px); overflow-y: auto; animation: appear var(--menu-time) ease-out; }
    @keyframes appear { from { opacity: 0; transform: translateY(4px); } }
    .column { padding: 0 10px; } .column + .column { border-left: 1px solid var(--line); }
    .group + .group { border-top: 1px solid var(--line); margin-top: 6px; padding-top: 6px; }
    h3 { font: var(--font-12); color: var(--text2); padding: 6px 10px; }
    .row { display: grid; grid-template-columns: 16px minmax(0, 1fr) auto; gap: 12px; align-items: center; width: 100%; min-height: 40px; padding: 0 10px; border-radius: var(--radius); font: var(--font-14); text-align: start; }
    .row span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .row i { font: var(--font-12); color: var(--text2); font-style: normal; white-space: nowrap; }
    .row[aria-checked="true"] span { font-weight: 600; } .row hm-icon { color: var(--accent); } .row[aria-checked="false"] hm-icon { visibility: hidden; }
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
    const other = columns[side + { ArrowLeft: -1, ArrowRight: 1 }[event.key]];
    if (event.key === 'Escape' || event.key === 'c') this.emit('player-close');
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

  render() {
    const column = (side) => {
      const groups = this.groups.filter((group) => group.side === side);
      return groups.length ? html`<div class="column">${groups.map((group) => html`<div class="group" role="group" aria-label=${group.label}><h3>${group.label}</h3>
        ${group.rows.map((row) => html`<button class="row" type="button" role="menuitemradio" aria-checked=${String(row.isChosen)} @click=${() => this.choose(row)}><hm-icon name="check" size="16"></hm-icon><span>${row.label}</span><i>${join(row.hint)}</i></button>`)}</div>`)}</div>` : nothing;
    };
    return html`<div class="panel" role="menu" aria-label=${say.tracks} @keydown=${this.keyed}>${column(0)}${column(1)}</div>`;
  }
}
customElements.define('player-tracks', Tracks);
