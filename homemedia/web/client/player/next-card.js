import { css, html, nothing } from '../vendor/lit.js';
import { artUrl } from '../api.js';
import { duration, episodeCode } from '../format.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { say } from './en.js';

/** What comes next, bottom left. Tells `player-next` and `player-not-tonight`. */
class NextCard extends Widget {
  static properties = { item: { attribute: false }, seconds: { attribute: false }, after: { attribute: false } };

  static styles = [reset, css`
    :host { display: block; width: min(436px, 100%); }
    .card { display: grid; grid-template-columns: 152px minmax(0, 1fr); gap: 12px; align-items: center; padding: 12px; border-radius: var(--radius-place); background: var(--surface); color: var(--text); box-shadow: var(--shadow); animation: appear var(--slow) ease-out; }
    @keyframes appear { from { opacity: 0; transform: translateY(4px); } }
    .art { position: relative; } hm-tag { position: absolute; right: 6px; bottom: 6px; z-index: 2; }
    .second { font: var(--font-12); color: var(--text2); font-variant-numeric: tabular-nums; }
    .name { font: var(--font-14); font-weight: 600; margin: 2px 0 8px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .acts { display: flex; gap: 4px; flex-wrap: wrap; }
    @media (max-width: 719.98px), (max-height: 480px) { .card { grid-template-columns: 96px minmax(0, 1fr); } .acts { flex-wrap: nowrap; margin-left: -4px; } hm-tag { display: none; } }
  `];

  get name() {
    const { item, after } = this;
    const code = episodeCode(item.parentIndex === after?.parentIndex ? null : item.parentIndex, item.index, item.indexEnd);
    return code && item.title ? `${code} — ${item.title}` : code || item.title;
  }

  render() {
    const { item } = this;
    if (!item) return nothing;
    return html`<section class="card" aria-label=${say.nextEpisode}>
      <div class="art"><hm-art ratio="16/9" src=${artUrl(item, { kind: item.thumb ? 'thumb' : 'art', width: 320 }) ?? nothing} tone=${item.thumbTone ?? nothing} .point=${item.thumbPoint ?? null}></hm-art>
        ${item.duration ? html`<hm-tag>${duration(item.duration)}</hm-tag>` : nothing}</div>
      <div><p class="second">${this.seconds === null ? say.nextEpisode : say.nextIn(this.seconds)}</p><p class="name">${this.name}</p>
        <div class="acts"><hm-button size="small" kind="primary" icon="play" @click=${() => this.emit('player-next')}>${say.playNow}</hm-button>
          <hm-button size="small" kind="quiet" @click=${() => this.emit('player-not-tonight')}>${say.notTonight}</hm-button></div></div></section>`;
  }
}
customElements.define('player-next-card', NextCard);
