import { css, html, nothing } from '../vendor/lit.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { vars } from '../ui/vars.js';
import { pictureUrl } from './items.js';
import { placeholder } from './thumbhash.js';

/** A square picture with a name under it: albums, places, people (`round`). `asset` is any photo, or its id alone. */
class PhotoCard extends Widget {
  static shadowRootOptions = { ...Widget.shadowRootOptions, delegatesFocus: true };
  static properties = { asset: { attribute: false }, src: { type: String }, name: { type: String }, second: { type: String }, href: { type: String }, icon: { type: String }, round: { type: Boolean, reflect: true }, failed: { state: true } };

  static styles = [reset, css`
    :host { display: block; min-width: 0; }
    a { display: block; border-radius: var(--radius); }
    .picture { position: relative; display: grid; place-items: center; aspect-ratio: 1; border-radius: var(--radius); overflow: hidden; background: var(--hover) center / cover no-repeat; background-image: var(--hash, none); color: var(--text3); --icon: 28px; }
    img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; }
    .picture::after { content: ''; position: absolute; inset: 0; background: #000; opacity: 0; transition: opacity var(--fast) ease-out; }
    @media (hover: hover) { a:hover .picture::after { opacity: .12; } }
    :host([round]) .picture { border-radius: 50%; } :host([round]) .words { text-align: center; }
    .words { margin-top: 8px; } .name { font: var(--font-14); font-weight: 500; } .second { font: var(--font-12); color: var(--text2); min-height: 16px; }
    .name, .second { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  `];

  willUpdate(changed) {
    if (changed.has('asset') || changed.has('src')) this.failed = false;
  }

  render() {
    const { asset } = this;
    const hash = placeholder(asset?.thumbhash ?? null);
    const src = this.src ?? (asset?.id ? pictureUrl(asset) : null);
    return html`<a href=${this.href ?? `/photos/places/${encodeURIComponent(this.name)}`} aria-label=${[this.name, this.second].filter(Boolean).join(', ')}>
      <span class="picture" ${vars({ '--hash': hash ? `url(${hash})` : null })}>${src && !this.failed ? html`<img src=${src} alt="" loading="lazy" decoding="async" @error=${() => (this.failed = true)}>` : html`<hm-icon name=${this.icon ?? 'image'} size="24"></hm-icon>`}</span>
      <span class="words"><span class="name">${this.name}</span>${this.second === undefined ? nothing : html`<span class="second">${this.second}</span>`}</span></a>`;
  }
}
customElements.define('photo-card', PhotoCard);
