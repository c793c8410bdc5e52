import { css, html, nothing } from '../vendor/lit.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { vars } from '../ui/vars.js';
import { secondOf, signOf, titleOf } from './block-card.js';
import { say } from './en.js';
import { thumbnailOf } from './file-facts.js';

/** A block as a line of an outline; `hm-fold` asks for what stands below it, or to put that away. `depth` counts from 0. */
class BlockRow extends Widget {
  static shadowRootOptions = { ...Widget.shadowRootOptions, delegatesFocus: true };

  static properties = { block: { attribute: false }, href: {}, isOpen: { type: Boolean, attribute: 'is-open' } };

  static styles = [shared, css`
    :host { display: block; }
    .row { display: flex; align-items: center; gap: 4px; height: 52px; padding: 0 12px 0 calc(4px + var(--depth, 0) * 28px); border-radius: var(--radius); }
    .row:hover { background: var(--hover); } a { display: flex; align-items: center; gap: 12px; flex: 1; min-width: 0; height: 48px; color: inherit; text-decoration: none; border-radius: var(--radius); --icon: 20px; }
    a:focus-visible { outline-offset: -2px; } a > .sign, a > hm-art { flex: none; width: 36px; height: 36px; } .sign { display: grid; place-items: center; color: var(--text2); } hm-art { --ratio: 1; }
    .words { flex: 1; min-width: 0; } .words b { display: block; font: var(--font-14); font-weight: 500; } .words i { display: block; font: var(--font-12); font-style: normal; color: var(--text2); } .at { flex: none; font: var(--font-12); color: var(--text2); font-variant-numeric: tabular-nums; }
    .fold { flex: none; width: 32px; height: 32px; display: grid; place-items: center; border-radius: 50%; color: var(--text2); cursor: pointer; --icon: 16px; } button.fold:hover { background: var(--line); } [aria-expanded='true'] hm-icon { transform: rotate(90deg); }
    .pin { color: var(--text3); --icon: 14px; flex: none; }
    @media (max-width: 719.98px) { .at { display: none; } .row { padding: 0 0 0 calc(var(--depth, 0) * 20px); } .fold { width: 44px; height: 44px; margin: 0 -8px 0 -12px; } span.fold { width: 44px; } }
  `];

  #fold() {
    this.emit('hm-fold', { block: this.block.block_id });
  }

  #keyed(event) {
    if (!this.block.counts.children || event.key !== (this.isOpen ? 'ArrowLeft' : 'ArrowRight')) return;
    event.preventDefault();
    event.stopPropagation();
    this.#fold();
  }

  render() {
    const { block, isOpen } = this;
    const picture = thumbnailOf(block, 'small');
    const title = titleOf(block);
    const hint = block.preview.startsWith(title) ? block.preview.slice(title.length).trim() : block.preview;
    const folds = block.counts.children > 0;
    return html`<div class="row" ${vars({ '--depth': String(Math.min(block.depth, 6)) })} @keydown=${this.#keyed}>
      ${folds ? html`<button class="fold" type="button" tabindex="-1" aria-expanded=${String(isOpen)} aria-label=${say.fold(title)} @click=${this.#fold}><hm-icon name="chevron-right"></hm-icon></button>` : html`<span class="fold"></span>`}
      <a href=${this.href} aria-description=${folds ? (isOpen ? say.unfolded : say.folded) : nothing}>${picture ? html`<hm-art ratio="1/1" src=${picture}></hm-art>` : html`<span class="sign"><hm-icon name=${signOf(block)}></hm-icon></span>`}
        <span class="words"><b class="one-line">${title}</b>${hint ? html`<i class="one-line">${hint}</i>` : nothing}</span>
        ${block.pinned ? html`<hm-icon class="pin" name="pin"></hm-icon>` : nothing}<span class="at">${secondOf(block)}</span></a></div>`;
  }
}
customElements.define('hm-block-row', BlockRow);
