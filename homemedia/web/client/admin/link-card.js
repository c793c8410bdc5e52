// An address to hand on: its QR code to hold a phone before, to copy, to send.
import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { copyText, share } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { toast } from '../ui/toast.js';
import { say } from './en.js';
import './reach-help.js';

const words = say.inviteWords;

/** `url`; `qr`: the code as SVG text, or null; `heading`: what a share sheet calls it. */
class LinkCard extends LitElement {
  static properties = { url: { type: String }, qr: { attribute: false }, heading: { type: String } };

  static styles = [shared, css`
    :host { display: flex; flex-direction: column; gap: 16px; }
    hm-qr { margin: 0 auto; }
    .address { width: 100%; min-height: 44px; padding: 12px; border: 0; border-radius: var(--radius); background: var(--sunken); font: 14px/20px var(--mono); color: var(--text); overflow-wrap: anywhere; user-select: all; -webkit-user-select: all; }
    .buttons { display: flex; flex-wrap: wrap; gap: 12px; } .buttons > * { flex: 1 1 0; }
  `];

  async copy() {
    const done = await copyText(this.url);
    if (!done) this.mark();
    toast(done ? words.copied : words.notCopied);
  }

  /** The address marked, so that the device's own Copy takes it. */
  mark() {
    getSelection().selectAllChildren(this.renderRoot.querySelector('.address'));
  }

  async send() {
    if ((await share({ title: this.heading, url: this.url })) === 'copied') toast(words.copied);
  }

  render() {
    return html`${this.qr ? html`<hm-qr .svg=${this.qr} label=${words.qr(this.heading ?? '')}></hm-qr>` : nothing}
      <p class="address">${this.url}</p>
      <div class="buttons"><hm-button icon="copy" @click=${this.copy}>${words.copy}</hm-button>
        <hm-button icon="share" @click=${this.send}>${words.send}</hm-button></div>
      <reach-help></reach-help>`;
  }
}
customElements.define('link-card', LinkCard);
