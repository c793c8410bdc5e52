// Having the page like an app on this device, where its browser can; else what stands in the way.
import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { install } from '../ui/install.js';
import { secure } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';

const words = say.appWords;

class AppCard extends LitElement {
  static properties = { bare: { type: Boolean } };

  static styles = [shared, css`:host { display: block; } p { text-wrap: pretty; } h2 { font: var(--font-16); } h2 + p { margin-top: 2px; } hm-button { margin-top: 12px; }`];

  connectedCallback() {
    super.connectedCallback();
    this.off = install.subscribe(() => this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.off?.();
  }

  render() {
    const body = this.body();
    return body === nothing ? nothing : html`<section class=${this.bare ? '' : 'panel'}><h2>${words.title}</h2>${body}</section>`;
  }

  body() {
    if (install.isApp) return nothing;
    if (install.way === 'prompt') return html`<p class="second">${words.text}</p><hm-button icon="download" @click=${() => install.ask()}>${words.install}</hm-button>`;
    if (install.way === 'share') return html`<p class="second">${words.share}</p>`;
    if (!secure && !this.bare) return html`<p class="second">${words.needs} <a class="link" href="/https">${words.how}</a></p>`;
    return nothing;
  }
}
customElements.define('app-card', AppCard);
