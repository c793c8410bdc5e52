import { css, html } from '../vendor/lit.js';
import { Widget } from '../ui/element.js';
import { vars } from '../ui/vars.js';

/** One picture of a sheet, in a size of its own from the first moment on, whether the sheet has arrived or not. `tile`: where it lies; `image`: the sheet, null while it is on its way. */
class ScrubPicture extends Widget {
  static properties = { tile: { attribute: false }, image: { attribute: false } };

  static styles = css`
    :host { display: block; width: var(--scrub-width); }
    canvas { display: block; box-sizing: border-box; width: 100%; aspect-ratio: var(--shape); border: 2px solid #fff; border-radius: var(--radius); background: rgb(20 20 20 / .9); box-shadow: 0 2px 12px rgb(0 0 0 / .5); }
  `;

  render() {
    const { width, height } = this.tile;
    return html`<canvas width=${width} height=${height} ${vars({ '--shape': `${width} / ${height}` })} aria-hidden="true"></canvas>`;
  }

  updated() {
    const { x, y, width, height } = this.tile;
    const canvas = this.renderRoot.querySelector('canvas');
    const context = canvas.getContext('2d');
    context.clearRect(0, 0, width, height);
    if (this.image) context.drawImage(this.image, x, y, width, height, 0, 0, width, height);
    this.toggleAttribute('ready', Boolean(this.image));
  }
}
customElements.define('player-scrub-picture', ScrubPicture);

/** @param {{tile: {width: number, height: number}, image: HTMLImageElement | null}} found */
export const scrubPicture = ({ tile, image }) => html`<player-scrub-picture .tile=${tile} .image=${image}></player-scrub-picture>`;
