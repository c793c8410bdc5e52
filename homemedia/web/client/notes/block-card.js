import { css, html, nothing } from '../vendor/lit.js';
import { ago, clock, counted, join, size } from '../format.js';
import { Pictured } from '../ui/poster.js';
import { say } from './en.js';
import { coverOf, endingOf, movingOf, thumbnailOf } from './file-facts.js';

/** What a list calls a block. */
export const titleOf = (block) => block.title || say.untitled;

/** The sign before its name. */
export const signOf = (block) => {
  if (block.type === 'tag') return 'tag';
  if (block.type === 'folder') return 'folder';
  return { image: 'image', video: 'film', audio: 'music' }[block.file?.kind] ?? (block.file ? 'file' : 'notes');
};

/** Its second line: how large or how many, and when it was changed. */
export function secondOf(block) {
  const held = block.counts.children ? counted(block.counts.children, 'note', 'notes') : '';
  return join(block.file ? size(block.file.size) : held, ago(block.updated_at / 1000));
}

/** A block among others: a file by its picture, a note by its first lines. */
class BlockCard extends Pictured {
  static properties = { ...Pictured.properties, block: { attribute: false }, isOver: { state: true } };

  static styles = [Pictured.styles, css`
    .box { position: relative; aspect-ratio: 1; border-radius: var(--radius); overflow: hidden; background: var(--surface); box-shadow: inset 0 0 0 1px var(--line); }
    hm-art { position: absolute; inset: 0; } .moving { position: absolute; inset: 0; z-index: 1; width: 100%; height: 100%; object-fit: cover; }
    .page { padding: 14px 16px; font: 400 13px/20px var(--face, inherit); color: var(--text2); overflow-wrap: anywhere; white-space: pre-line; mask-image: linear-gradient(to bottom, black 70%, transparent 96%); height: 100%; }
    .page b { display: block; margin-bottom: 6px; color: var(--text); font: var(--font-14); font-weight: 600; }
    .sign { display: grid; place-content: center; justify-items: center; gap: 8px; height: 100%; background: var(--sunken); color: var(--text2); --icon: 32px; font: var(--font-12); font-weight: 600; text-transform: uppercase; }
    hm-tag { position: absolute; right: 8px; bottom: 8px; z-index: 2; } .pin { position: absolute; right: 8px; top: 8px; z-index: 2; color: var(--text3); --icon: 16px; }
  `];

  get name() {
    return titleOf(this.block);
  }

  inner() {
    const { block } = this;
    const { file } = block;
    const picture = thumbnailOf(block, 'medium');
    if (picture) return html`<hm-art ratio="fill" src=${picture}></hm-art>${this.isOver && movingOf(block) ? html`<img class="moving" src=${movingOf(block)} alt="">` : nothing}${file.duration_ms ? html`<hm-tag>${clock(file.duration_ms)}</hm-tag>` : nothing}`;
    if (file) return html`<div class="sign"><hm-icon name=${signOf(block)}></hm-icon>${endingOf(file.name)}</div>${coverOf(block) ? html`<img class="moving" src=${coverOf(block)} alt="" loading="lazy" @error=${(event) => event.target.remove()}>` : nothing}`;
    if (block.type !== 'document') return html`<div class="sign"><hm-icon name=${signOf(block)}></hm-icon></div>`;
    return html`<div class="page"><b>${this.name}</b>${block.preview}</div>`;
  }

  render() {
    const over = (is) => () => (this.isOver = is);
    return html`<div @pointerenter=${over(true)} @pointerleave=${over(false)} @focusin=${over(true)} @focusout=${over(false)}>${this.framed(html`<div class="box">${this.inner()}${this.block.pinned ? html`<hm-icon class="pin" name="pin"></hm-icon>` : nothing}</div>`)}</div>${this.lines}`;
  }
}
customElements.define('hm-block-card', BlockCard);
