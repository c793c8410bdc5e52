import { css, html, nothing } from '../vendor/lit.js';
import { artUrl } from '../api.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { itemMenu, play } from './actions.js';
import { lineOf } from './cards.js';
import { say } from './en.js';
import { fraction, isDone, shaped, whyGone } from './items.js';
import { itemHref } from './links.js';

/** A thing as one line of a list: small picture, name, facts at the end. 72 high. */
class ItemRow extends Widget {
  static shadowRootOptions = { ...Widget.shadowRootOptions, delegatesFocus: true };
  static properties = { item: { attribute: false }, pick: { attribute: false } };

  static styles = [shared, css`
    :host { display: block; height: 72px; }
    .row { display: grid; grid-template-columns: minmax(0, 1fr) auto 40px; gap: 16px; align-items: center; height: 100%; border-bottom: 1px solid var(--line); }
    a { display: grid; grid-template-columns: 40px minmax(0, 1fr); gap: 16px; align-items: center; height: 100%; border-radius: var(--radius); }
    .video a { grid-template-columns: 100px minmax(0, 1fr); } hm-art { width: 40px; } .video hm-art { width: 100px; }
    a:focus-visible { outline-offset: -2px; } .facts { display: flex; align-items: center; gap: 6px; white-space: nowrap; }
    hm-checkbox { justify-self: center; }
    hm-progress { width: 72px; margin-right: 10px; }
    @media (hover: hover) { .row:hover .name { text-decoration: underline; text-underline-offset: 3px; } }
    @media (max-width: 719.98px) { .row { grid-template-columns: minmax(0, 1fr) auto 44px; gap: 8px; } .row hm-icon-button { margin-right: -12px; } hm-progress { display: none; } a { gap: 12px; } }
  `];

  render() {
    const item = shaped(this.item);
    if (!item) return nothing;
    const isVideo = item.type === 'video';
    const isMissing = item.available === false && item.type !== 'show' && item.type !== 'season';
    const done = fraction(item);
    return html`<div class="row ${item.type}" @keydown=${this.keyed}><a href=${itemHref(item)}>
      <hm-art ratio=${isVideo ? '16/9' : '2/3'} src=${artUrl(item, { width: isVideo ? 100 : 80 }) ?? nothing} tone=${item.thumbTone ?? nothing} .point=${item.thumbPoint ?? null}></hm-art>
      <span class="name one-line">${item.title}</span></a>
      <span class="facts second tabular ${isMissing ? 'bad' : ''}">${done === null ? nothing : html`<hm-progress .value=${done} label=${say.soFar}></hm-progress>`}
        ${isDone(item) && done === null && !isMissing ? html`<hm-icon name="check" size="16" title=${say.watched}></hm-icon>` : nothing}${isMissing ? whyGone(item) : lineOf(item)}</span>
      ${typeof this.pick === 'boolean' ? html`<hm-checkbox aria-name=${item.title} ?checked=${this.pick}></hm-checkbox>` : html`<hm-icon-button icon="dots" label=${say.moreOf(item.title)} @click=${(event) => itemMenu(this.item, event.currentTarget)}></hm-icon-button>`}</div>`;
  }

  keyed(event) {
    if (event.key !== 'p' || event.ctrlKey || event.metaKey || this.item.available === false) return;
    event.preventDefault();
    play(this.item);
  }
}
customElements.define('watch-item-row', ItemRow);
