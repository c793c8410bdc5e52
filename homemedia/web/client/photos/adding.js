// Ways in: the picker, and files drawn onto the page.
import { css, html, nothing } from '../vendor/lit.js';
import { toastError } from '../ui/toast.js';
import { say } from './en.js';

async function take(files, album) {
  const [{ uploads }, { showPanel }] = await Promise.all([import('./upload.js'), import('./upload-panel.js')]);
  showPanel();
  await uploads.add(files, album);
}

/** @param {{id: string, albumName: string} | null} [album] everything goes into it */
export function pickFiles(album = null) {
  const field = Object.assign(document.createElement('input'), { type: 'file', multiple: true, accept: 'image/*,video/*,.heic,.heif,.avif,.jxl,.dng,.arw,.cr2,.cr3,.nef,.orf,.raf,.rw2,.insp,.insv,.mts,.m2ts,.mkv,.xmp', hidden: true });
  field.addEventListener('change', () => {
    take([...field.files], album).catch(toastError);
    field.remove();
  });
  field.addEventListener('cancel', () => field.remove());
  document.body.append(field);
  field.click();
}

export const dropStyles = css`
  .drop { position: fixed; z-index: 45; inset: 12px 12px calc(var(--bottom) + 12px) calc(var(--rail) + 12px); display: grid; place-items: center; align-content: center; gap: 12px; border-radius: var(--radius-place); background: color-mix(in oklab, var(--soft) 92%, transparent); box-shadow: inset 0 0 0 2px var(--accent); color: var(--accent); font: var(--font-20); pointer-events: none; --icon: 40px; }
`;

/** A controller: what is dropped anywhere on the page is added. */
export class Drops {
  /** @param {any} host @param {() => {id: string, albumName: string} | null} album */
  constructor(host, album = () => null) {
    this.host = host;
    this.album = album;
    this.isOver = false;
    this.depth = 0;
    this.heard = (event) => this.hear(event);
    host.addController(this);
  }

  hostConnected() {
    for (const name of ['dragenter', 'dragover', 'dragleave', 'drop']) window.addEventListener(name, this.heard);
  }

  hostDisconnected() {
    for (const name of ['dragenter', 'dragover', 'dragleave', 'drop']) window.removeEventListener(name, this.heard);
  }

  hear(event) {
    if (![...(event.dataTransfer?.types ?? [])].includes('Files')) return;
    event.preventDefault();
    if (event.type === 'dragenter') this.depth += 1;
    else if (event.type === 'dragleave') this.depth -= 1;
    else if (event.type === 'drop') this.dropped(event.dataTransfer);
    const isOver = event.type !== 'drop' && this.depth > 0;
    if (isOver === this.isOver) return;
    this.isOver = isOver;
    this.host.requestUpdate();
  }

  async dropped(data) {
    this.depth = 0;
    try {
      const { filesIn } = await import('./upload.js');
      await take(await filesIn(data), this.album());
    } catch (error) {
      toastError(error);
    }
  }

  sign() {
    const album = this.album();
    return this.isOver ? html`<div class="drop"><hm-icon name="upload" size="40"></hm-icon><span>${album ? say.dropInto(album.albumName) : say.dropHere}</span></div>` : nothing;
  }
}
