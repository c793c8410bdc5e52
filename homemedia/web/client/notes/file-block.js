import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { Node, mergeAttributes } from '../vendor/editor.js';
import { api } from '../api.js';
import { join, percent, size } from '../format.js';
import { live } from '../live.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { uploads } from './uploads.js';

/** A file within a note: on its way, a picture, or a row with what can be done. `block`, `name`, `bytes` as the note says. */
class FileBlock extends LitElement {
  static properties = { block: {}, name: {}, bytes: { type: Number }, file: { state: true }, isLooked: { state: true } };

  static styles = [shared, css`
    :host { display: block; user-select: none; }
    .row { display: flex; align-items: center; gap: 12px; min-height: 72px; padding: 8px 8px 8px 16px; border-radius: var(--radius-place); background: var(--sunken); }
    .kind { display: grid; place-items: center; width: 40px; height: 48px; flex: none; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); color: var(--text2); font: var(--font-12); font-weight: 600; text-transform: uppercase; overflow: hidden; }
    .words { flex: 1; min-width: 0; } .words b { display: block; font: var(--font-14); font-weight: 600; } hm-progress { margin-top: 6px; }
    a.picture { display: block; } img { display: block; width: 100%; aspect-ratio: 7 / 5; object-fit: cover; border-radius: var(--radius); background: var(--hover); }
  `];

  connectedCallback() {
    super.connectedCallback();
    this.upload = uploads.of(this.block);
    this.told = () => {
      this.requestUpdate();
      if (this.upload.state === 'done') this.#look();
    };
    this.upload?.addEventListener('change', this.told);
    const again = (event) => !this.file && event.block_ids?.includes(this.block) && this.#look();
    this.off = live.on('blocks.derived', again);
    this.#look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.upload?.removeEventListener('change', this.told);
    this.off();
  }

  async #look() {
    if (this.upload && this.upload.state !== 'done') return;
    const page = await api.post(`/api/block/${this.block}`, { include: ['file'] }, { quiet: true }).catch(() => null); // its writer is still sending it
    this.file = page?.file ?? null;
    this.isLooked = true;
    this.classList.toggle('picture', this.file?.kind === 'image');
  }

  /** Its second line, and what can be done meanwhile. */
  coming() {
    const { upload } = this;
    const words = { reading: say.reading, sending: percent(upload.part), paused: say.paused, failed: upload.error?.message }[upload.state];
    const goes = upload.state === 'sending' || upload.state === 'reading';
    return [
      html`<span class="second one-line" role="status">${join(size(this.bytes), words)}</span><hm-progress .value=${upload.part} label=${say.sendingFile(this.name)}></hm-progress>`,
      html`<hm-icon-button icon=${goes ? 'pause' : 'play'} label=${goes ? say.pause : say.goOn} @click=${() => (goes ? upload.pause() : upload.start())}></hm-icon-button>`,
    ];
  }

  there() {
    const raw = this.file?.urls?.raw;
    return [
      html`<span class="second one-line">${join(size(this.bytes), this.isLooked && !this.file ? say.notThereYet : '')}</span>`,
      raw ? html`<hm-icon-button icon="eye" label=${say.openFile(this.name)} @click=${() => window.open(raw, '_blank', 'noopener')}></hm-icon-button><hm-icon-button icon="download" label=${say.saveFile(this.name)} @click=${() => window.open(`${raw}&download=1`, '_self')}></hm-icon-button>` : nothing,
    ];
  }

  /** The thumbnail; where there is none yet, the picture itself. */
  picture({ urls }) {
    const small = urls.thumbnail?.replace('/small/', '/large/');
    const instead = (event) => {
      if (event.target.getAttribute('src') === small) event.target.setAttribute('src', urls.raw);
    };
    return html`<a class="picture" href=${urls.raw} target="_blank" rel="noopener"><img src=${small ?? urls.raw} alt=${this.name} loading="lazy" @error=${instead}></a>`;
  }

  render() {
    const { file, upload } = this;
    if (file?.kind === 'image' && file.urls) return this.picture(file);
    const ending = /\.([^.]{1,4})$/.exec(this.name ?? '')?.[1];
    const [second, deeds] = upload && upload.state !== 'done' ? this.coming() : this.there();
    return html`<div class="row"><span class="kind">${ending ?? html`<hm-icon name="copy"></hm-icon>`}</span><span class="words"><b class="one-line">${this.name}</b>${second}</span>${deeds}</div>`;
  }
}
customElements.define('hm-file-block', FileBlock);

/** The node of a file in a note's words. */
export const FileNode = Node.create({
  name: 'file',
  group: 'block',
  atom: true,
  draggable: true,
  addAttributes: () => ({ id: { default: null }, name: { default: '' }, size: { default: 0 } }),
  parseHTML: () => [{ tag: 'hm-file-block' }],
  renderHTML: ({ HTMLAttributes }) => ['hm-file-block', mergeAttributes(HTMLAttributes)],
  addNodeView:
    () =>
    ({ node }) => {
      const dom = Object.assign(document.createElement('hm-file-block'), { block: node.attrs.id, name: node.attrs.name, bytes: Number(node.attrs.size) });
      return { dom, ignoreMutation: () => true, stopEvent: (event) => !event.type.startsWith('drag') && event.type !== 'mousedown' };
    },
});
