import { css, html, nothing } from '../vendor/lit.js';
import { artUrl } from '../api.js';
import { join, remaining } from '../format.js';
import { QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';

/** The season's episodes at the right edge. Tells `player-episode {item}` and `player-close`. */
class Episodes extends Widget {
  static properties = { item: { attribute: false } };

  static styles = [shared, css`
    :host { display: block; height: 100%; }
    .side { display: flex; flex-direction: column; height: 100%; background: var(--raised); color: var(--text); box-shadow: var(--shadow); animation: appear var(--menu-time) ease-out; }
    @keyframes appear { from { opacity: 0; transform: translateX(8px); } }
    header { display: flex; align-items: center; gap: 12px; padding: 20px 12px 12px 24px; } h2 { flex: 1 1 0; }
    ul { flex: 1 1 0; overflow-y: auto; overscroll-behavior: contain; padding: 0 12px calc(16px + env(safe-area-inset-bottom, 0px)); }
    .one { display: grid; grid-template-columns: 128px minmax(0, 1fr); gap: 12px; align-items: center; width: 100%; padding: 8px 12px; border-radius: var(--radius); text-align: start; }
    .one[aria-current] { background: var(--hover); } @media (hover: hover) { .one:hover { background: var(--menu-hover); } }
    .one:focus-visible { outline-offset: -2px; }
    .art { position: relative; } .art hm-progress { position: absolute; left: 8px; right: 8px; bottom: 8px; z-index: 2; }
    .name { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; } .one[aria-current] .name { font-weight: 600; }
    .second { display: flex; gap: 4px; align-items: center; }
    .wait { padding: 0 24px; }
  `];

  list = new QueryController(this, () => (this.item?.parentId ? `/api/media/${this.item.parentId}/episodes` : null));

  updated() {
    if (this.isPlaced || !this.list.data) return;
    this.isPlaced = true;
    const here = this.renderRoot.querySelector('[aria-current]');
    here?.scrollIntoView({ block: 'center' });
    here?.focus({ preventScroll: true });
  }

  keyed(event) {
    const all = [...this.renderRoot.querySelectorAll('.one')];
    const at = all.indexOf(this.renderRoot.activeElement);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') this.emit('player-close');
    else if (by) all[Math.min(all.length - 1, Math.max(0, at + by))]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  row(one) {
    const isBegun = one.viewOffset > 0 && one.duration > 0;
    const number = one.index === null || one.index === undefined ? '' : say.number(one.index);
    return html`<li><button class="one" type="button" aria-current=${one.id === this.item.id ? 'true' : nothing} ?disabled=${one.available === false} @click=${() => this.emit('player-episode', { item: one })}>
      <span class="art"><hm-art ratio="16/9" src=${artUrl(one, { kind: one.thumb ? 'thumb' : 'art', width: 128 }) ?? nothing} tone=${one.thumbTone ?? nothing} .point=${one.thumbPoint ?? null}></hm-art>
        ${isBegun ? html`<hm-progress on-picture .value=${one.viewOffset / one.duration} label=${say.watched}></hm-progress>` : nothing}</span>
      <span><span class="name">${number && one.title ? `${number} — ${one.title}` : number || one.title}</span>
        <span class="second">${one.watched ? html`<hm-icon name="check" size="12"></hm-icon>` : nothing}${one.available === false ? say.notThere : join(remaining(one))}</span></span></button></li>`;
  }

  render() {
    return html`<section class="side" aria-label=${say.episodes} @keydown=${this.keyed}>
      <header><h2 class="t16">${this.item?.parentTitle || say.season(this.item?.parentIndex)}</h2><hm-icon-button icon="x" label=${say.close} @click=${() => this.emit('player-close')}></hm-icon-button></header>
      ${this.list.render({ loading: () => html`<div class="wait"><hm-skeleton kind="row" count="4"></hm-skeleton></div>`, data: (page) => html`<ul>${page.items.map((one) => this.row(one))}</ul>` })}</section>`;
  }
}
customElements.define('player-episodes', Episodes);
