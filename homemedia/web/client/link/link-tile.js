import { css, html, nothing } from '../vendor/lit.js';
import { clock } from '../format.js';
import { placeholder } from '../photos/thumbhash.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { vars } from '../ui/vars.js';
import { say } from './en.js';

/** One picture or video in the rows of a link. */
class LinkTile extends Widget {
  static shadowRootOptions = { ...Widget.shadowRootOptions, delegatesFocus: true };
  static properties = { item: { attribute: false }, href: { type: String }, failed: { state: true }, isThere: { state: true } };

  static styles = [reset, css`
    :host { display: block; height: 100%; }
    a { display: block; position: relative; height: 100%; border-radius: 6px; overflow: hidden; outline-offset: -3px !important; }
    .under { position: absolute; inset: 0; background: var(--hover) center / 100% 100% no-repeat; background-image: var(--hash, none); }
    img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; opacity: 0; transition: opacity var(--fast) ease-out; } img.there { opacity: 1; }
    .gone { position: absolute; inset: 0; display: grid; place-items: center; color: var(--text3); }
    .mark { position: absolute; right: 6px; bottom: 6px; }
    @media (max-width: 719.98px) { a { border-radius: 0; } }
  `];

  willUpdate(changed) {
    if (!changed.has('item') || changed.get('item')?.id === this.item.id) return;
    this.failed = false;
    this.isThere = false;
  }

  render() {
    const { item } = this;
    const hash = placeholder(item.thumbhash);
    const isVideo = item.type === 'video';
    const src = item.thumbnail_url && `${item.thumbnail_url}&size=medium`;
    return html`<a href=${this.href} draggable="false" aria-label=${isVideo ? say.videoOf(item.title) : say.photoOf(item.title)} ${vars({ '--hash': hash ? `url(${hash})` : null })}><span class="under"></span>
      ${this.failed || !src ? html`<span class="gone"><hm-icon name=${isVideo ? 'video' : 'image'} size="24"></hm-icon></span>` : html`<img class=${this.isThere ? 'there' : ''} src=${src} alt="" draggable="false" decoding="async" @load=${() => (this.isThere = true)} @error=${() => (this.failed = true)}>`}
      ${isVideo ? html`<span class="mark"><hm-tag>${item.duration_ms ? clock(item.duration_ms) : say.videoTag}</hm-tag></span>` : nothing}</a>`;
  }
}
customElements.define('link-tile', LinkTile);
