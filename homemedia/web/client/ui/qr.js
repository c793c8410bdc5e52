import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { shared } from './styles.js';

/** A QR code as the server draws it. `svg`: its text, or null; `label`: what it leads to; as wide as its place lets it be. */
class Qr extends LitElement {
  static properties = { svg: { attribute: false }, label: { type: String }, picture: { state: true } };

  static styles = [shared, css`
    :host { display: block; width: min(264px, 100%); }
    img { display: block; width: 100%; aspect-ratio: 1; padding: 8px; border-radius: var(--radius-place); background: #fff; }
  `];

  willUpdate(changed) {
    if (!changed.has('svg')) return;
    this.forget();
    // As a picture: whatever an SVG may hold, in an <img> it runs nothing.
    this.picture = this.svg ? URL.createObjectURL(new Blob([this.svg], { type: 'image/svg+xml' })) : null;
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.svg && !this.picture) this.requestUpdate('svg', null);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.forget();
  }

  forget() {
    if (this.picture) URL.revokeObjectURL(this.picture);
    this.picture = null;
  }

  render() {
    return this.picture ? html`<img src=${this.picture} alt=${this.label ?? ''}>` : nothing;
  }
}
customElements.define('hm-qr', Qr);
