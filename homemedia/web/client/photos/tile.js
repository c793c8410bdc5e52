import { css, html, nothing } from '../vendor/lit.js';
import { clock, count } from '../format.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { vars } from '../ui/vars.js';
import { say } from './en.js';
import { pictureUrl, placeOf } from './items.js';
import { placeholder } from './thumbhash.js';
import { whenWords } from './words.js';

/** One photo in the rows. Chosen ones shrink into a soft ground, so that the rows stay still. */
class PhotoTile extends Widget {
  static shadowRootOptions = { ...Widget.shadowRootOptions, delegatesFocus: true };
  static properties = { photo: { attribute: false }, href: { type: String }, picking: { type: Boolean, reflect: true }, chosen: { type: Boolean, reflect: true }, failed: { state: true }, isThere: { state: true } };

  static styles = [reset, css`
    :host { display: block; height: 100%; position: relative; --round-by: 6px; -webkit-touch-callout: none; }
    a { display: block; height: 100%; position: relative; border-radius: var(--round-by); overflow: hidden; outline-offset: -3px !important; }
    .under { position: absolute; inset: 0; background: var(--hover) center / 100% 100% no-repeat; background-image: var(--hash, none); }
    img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; opacity: 0; transition: opacity var(--fast) ease-out; }
    img.there { opacity: 1; }
    .gone { position: absolute; inset: 0; display: grid; place-items: center; color: var(--text3); --icon: 24px; }
    .shade { position: absolute; inset: 0 0 auto; height: 56px; background: linear-gradient(rgb(0 0 0 / .35), transparent); opacity: 0; transition: opacity var(--fast) ease-out; pointer-events: none; }
    .pick { position: absolute; z-index: 2; left: 0; top: 0; width: 40px; height: 40px; display: grid; place-items: center; opacity: 0; transition: opacity var(--fast) ease-out; }
    .pick span { display: grid; place-items: center; width: 24px; height: 24px; border-radius: 50%; background: rgb(0 0 0 / .25); box-shadow: inset 0 0 0 2px #fff; color: transparent; }
    .marks { position: absolute; right: 6px; bottom: 6px; display: flex; gap: 4px; align-items: center; }
    .marks .heart, .marks .live { color: #fff; filter: drop-shadow(0 0 2px rgb(0 0 0 / .7)); --icon: 16px; }
    .stack hm-icon { display: inline-block; vertical-align: -3px; margin: -1px 4px -1px -1px; --icon: 14px; }
    .picture { position: absolute; inset: 0; overflow: hidden; border-radius: inherit; transition: transform var(--fast) ease-out; }
    @media (hover: hover) { :host(:hover) .pick, :host(:hover) .shade { opacity: 1; } }
    .pick:focus-visible, :host([picking]) .pick, :host([chosen]) .pick { opacity: 1; }
    :host([chosen]) a { background: var(--soft); box-shadow: inset 0 0 0 2px var(--accent); }
    :host([chosen]) .picture { inset: 12px; border-radius: var(--round-by); }
    :host([chosen]) .pick span { background: var(--accent); box-shadow: none; color: var(--on); }
    @media (max-width: 719.98px) { :host { --round-by: 0px; } :host([chosen]) .picture { border-radius: 6px; } .pick { width: 44px; height: 44px; } }
    @media (hover: none) { :host(:not([picking])) .pick { display: none; } }
  `];

  willUpdate(changed) {
    const before = changed.get('photo');
    if (!changed.has('photo') || (before?.id === this.photo.id && before.thumbhash === this.photo.thumbhash)) return;
    this.failed = false;
    this.isThere = false;
  }

  pressed(event) {
    event.preventDefault();
    event.stopPropagation();
    this.emit('photo-pick', { photo: this.photo, isRange: event.shiftKey });
  }

  get label() {
    const { photo } = this;
    return [photo.isImage ? say.photoOf : say.videoOf, whenWords(photo.at), placeOf(photo), photo.stacked > 1 ? say.stackOf(photo.stacked, count(photo.stacked)) : ''].filter(Boolean).join(', ');
  }

  render() {
    const { photo } = this;
    const hash = placeholder(photo.thumbhash);
    return html`<a href=${this.href ?? nothing} draggable="false" aria-label=${this.label} role=${this.picking ? 'checkbox' : nothing} aria-checked=${this.picking ? String(Boolean(this.chosen)) : nothing} ${vars({ '--hash': hash ? `url(${hash})` : null })}>
      <span class="picture"><span class="under"></span>
        ${this.failed ? html`<span class="gone"><hm-icon name=${photo.isImage ? 'image' : 'video'} size="24"></hm-icon></span>` : html`<img class=${this.isThere ? 'there' : ''} src=${pictureUrl(photo)} alt="" draggable="false" decoding="async" @load=${() => (this.isThere = true)} @error=${() => (this.failed = true)}>`}
        <span class="shade"></span></span>
      <span class="marks">${photo.isFavorite ? html`<hm-icon class="heart" name="heart-filled" size="16" title=${say.favourite}></hm-icon>` : nothing}
        ${photo.live ? html`<hm-icon class="live" name="live" size="16" title=${say.live}></hm-icon>` : nothing}
        ${photo.stacked > 1 ? html`<hm-tag class="stack" title=${say.stackOf(photo.stacked, count(photo.stacked))}><hm-icon name="stack" size="16"></hm-icon>${photo.stacked}</hm-tag>` : nothing}
        ${photo.isImage ? nothing : html`<hm-tag>${photo.duration ? clock(photo.duration) : say.videoTag}</hm-tag>`}</span></a>
      <button class="pick" type="button" tabindex="-1" role="checkbox" aria-checked=${String(Boolean(this.chosen))} aria-label=${say.choose} @click=${this.pressed}><span><hm-icon name="check" size="16"></hm-icon></span></button>`;
  }
}
customElements.define('photo-tile', PhotoTile);
