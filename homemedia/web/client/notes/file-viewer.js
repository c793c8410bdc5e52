import { LitElement, css, html } from '../vendor/lit.js';
import { say } from './en.js';
import { thumbnailOf } from './file-facts.js';

/** Pictures of a note in the whole window, one after the other. `blocks` as their elements show them. */
class FileViewer extends LitElement {
  static properties = { blocks: { attribute: false }, at: { type: Number } };

  static styles = css`
    img { max-width: 100vw; max-height: 100dvh; width: 100%; height: 100%; object-fit: contain; } b { flex: 1; min-width: 0; font: var(--font-14); font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  `;

  #step({ detail: { by } }) {
    this.at = (this.at + by + this.blocks.length) % this.blocks.length;
  }

  render() {
    const { name, block, file } = this.blocks[this.at];
    const shown = thumbnailOf({ ...block, file }, 'large') ?? file.urls.raw;
    // What a browser cannot draw (HEIC, TIFF) is drawn by the server; anything else stands there as it is, once it has come.
    const instead = ({ target }) => target.getAttribute('src') !== shown && target.setAttribute('src', shown);
    return html`<hm-viewer open label=${name} ?steps=${this.blocks.length > 1} @hm-close=${() => this.remove()} @hm-step=${this.#step}>
      <img src=${file.urls.raw} alt=${name} @error=${instead}><b slot="top">${name}</b>
      <hm-icon-button slot="top" on-picture icon="download" label=${say.saveFile(name)} @click=${() => window.open(`${file.urls.raw}&download=1`, '_self')}></hm-icon-button></hm-viewer>`;
  }
}
customElements.define('hm-file-viewer', FileViewer);

/** @param {{name: string, block: any, file: any}[]} blocks @param {number} at */
export function lookAt(blocks, at) {
  document.body.append(Object.assign(document.createElement('hm-file-viewer'), { blocks, at }));
}
