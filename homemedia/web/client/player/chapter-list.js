import { css, html } from '../vendor/lit.js';
import { clock } from '../format.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { segmentAt } from './chapters.js';
import { say } from './en.js';

/** The film's chapters, each with its time. Tells `player-seek {at}` and `player-close`. */
class ChapterList extends Widget {
  static properties = { pieces: { attribute: false }, time: { attribute: false } };

  static styles = [reset, css`
    :host { display: block; }
    .panel { width: 320px; max-height: min(60dvh, 520px); overflow-y: auto; overscroll-behavior: contain; padding: 10px; border-radius: var(--radius-place); background: var(--raised); color: var(--text); box-shadow: var(--shadow); animation: appear var(--menu-time) ease-out; }
    @keyframes appear { from { opacity: 0; transform: translateY(4px); } }
    h3 { font: var(--font-12); color: var(--text2); padding: 6px 10px; }
    .row { display: grid; grid-template-columns: 16px minmax(0, 1fr) auto; gap: 12px; align-items: center; width: 100%; min-height: 40px; padding: 0 10px; border-radius: var(--radius); font: var(--font-14); text-align: start; }
    .row span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .row i { font: var(--font-12); color: var(--text2); font-style: normal; font-variant-numeric: tabular-nums; }
    .row hm-icon { visibility: hidden; color: var(--accent); } .row[aria-checked="true"] hm-icon { visibility: visible; } .row[aria-checked="true"] span { font-weight: 600; }
    .row:focus-visible { outline: none; background: var(--menu-hover); } @media (hover: hover) { .row:hover { background: var(--menu-hover); } }
    @media (pointer: coarse), (max-width: 719.98px) { .row { min-height: 44px; } }
    @media (max-width: 719.98px) { .panel { width: 100%; border-radius: var(--radius-place) var(--radius-place) 0 0; padding-bottom: calc(10px + env(safe-area-inset-bottom, 0px)); } }
  `];

  firstUpdated() {
    const here = this.renderRoot.querySelector('[aria-checked="true"]');
    here?.scrollIntoView({ block: 'center' });
    here?.focus({ preventScroll: true });
  }

  keyed(event) {
    const rows = [...this.renderRoot.querySelectorAll('.row')];
    const at = rows.indexOf(this.renderRoot.activeElement);
    const to = { ArrowDown: (at + 1) % rows.length, ArrowUp: (at - 1 + rows.length) % rows.length, Home: 0, End: rows.length - 1 }[event.key];
    if (event.key === 'Escape' || event.key === 'h') this.emit('player-close');
    else if (to !== undefined) rows[to]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  go(piece) {
    this.emit('player-seek', { at: piece.start });
    this.emit('player-close');
  }

  render() {
    const here = segmentAt(this.pieces, this.time);
    return html`<div class="panel" role="menu" aria-label=${say.chapters} @keydown=${this.keyed}><h3>${say.chapters}</h3>${this.pieces.map((piece, i) => html`
      <button class="row" type="button" role="menuitemradio" aria-checked=${String(i === here)} @click=${() => this.go(piece)}><hm-icon name="play" size="16"></hm-icon><span>${piece.title ?? say.chapterNumber(i + 1)}</span><i>${clock(piece.start)}</i></button>`)}</div>`;
  }
}
customElements.define('player-chapters', ChapterList);
