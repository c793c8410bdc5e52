import { css, html, nothing } from '../vendor/lit.js';
import { Pictured } from '../ui/poster.js';
import { hueOf } from '../ui/small.js';
import { vars } from '../ui/vars.js';

const WIDE = 640;
const TALL = 320;

/** 16:9. A collection as what stands in it, side by side like on a shelf; without pictures its own tone with its name. */
class CollectionCard extends Pictured {
  static properties = { ...Pictured.properties, thumbs: { attribute: false } };

  static styles = [Pictured.styles, css`
    .shelf { position: relative; display: flex; gap: 2px; aspect-ratio: 16 / 9; border-radius: var(--radius); overflow: hidden; }
    .shelf hm-art { flex: 1 1 0; min-width: 0; width: auto; }
    .made { background: var(--own); align-items: flex-end; padding: 9%; container-type: inline-size; }
    .title { color: #fff; font: 600 20px / 1.2 var(--face); letter-spacing: -0.01em; overflow-wrap: anywhere; }
    .title span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; text-wrap: balance; }
    .title::before { content: ''; display: block; width: 16px; height: 2px; margin-bottom: 8px; background: #fff; }
  `];

  render() {
    return html`${this.framed(this.thumbs?.length ? this.shelf() : this.made())}${this.lines}`;
  }

  shelf() {
    const { thumbs } = this;
    const width = thumbs.length > 1 ? TALL : WIDE;
    return html`<div class="shelf">${thumbs.map((src) => html`<hm-art ratio="fill" radius="none" src=${`${src}&w=${width}`} .point=${thumbs.length > 2 ? null : [0.5, 0.3]} ?eager=${this.eager}></hm-art>`)}<div class="veil"></div></div>`;
  }

  made() {
    return html`<div class="shelf made" ${vars({ '--own': `oklch(.4 .06 ${hueOf(this.name)})` })}><div class="title" aria-hidden="true"><span>${this.name}</span></div><div class="veil"></div></div>`;
  }
}
customElements.define('watch-collection', CollectionCard);

/** @param {{name: string, thumbs: string[]}} one @param {{href: string, second: string, eager?: boolean, role?: string | null}} how */
export const collectionCard = (one, { href, second, eager = false, role = null }) =>
  html`<watch-collection href=${href} heading=${one.name} second=${second} .thumbs=${one.thumbs} ?eager=${eager} role=${role ?? nothing}></watch-collection>`;
