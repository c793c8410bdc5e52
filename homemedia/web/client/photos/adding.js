// Ways in: the picker, the camera, folders, and what is drawn onto the page.
import { css, html, nothing } from '../vendor/lit.js';
import { isPickerUsable, media } from '../ui/platform.js';
import { toastError } from '../ui/toast.js';
import { say } from './en.js';

const RAW = ['.heic', '.heif', '.avif', '.jxl', '.dng', '.arw', '.cr2', '.cr3', '.nef', '.orf', '.raf', '.rw2', '.insp', '.insv', '.mts', '.m2ts', '.mkv', '.xmp'];

/** @param {() => Promise<import('../ui/given-files.js').Given[]> | import('../ui/given-files.js').Given[]} find @param {{id: string, albumName: string} | null} album */
async function take(find, album) {
  const [{ uploads }, { showPanel }] = await Promise.all([import('./upload.js'), import('./upload-panel.js')]);
  const given = await find((count) => uploads.look(count));
  if (!given.length) return;
  showPanel();
  let albumOf = () => album;
  if (!album && given.some((one) => one.path.includes('/'))) {
    const { chooseFolders } = await import('./upload-folders.js');
    const chosen = await chooseFolders(given);
    if (!chosen) {
      uploads.look(0);
      return;
    }
    albumOf = chosen;
  }
  await uploads.add(given, albumOf);
}

function byField(attributes, album) {
  const field = Object.assign(document.createElement('input'), { type: 'file', multiple: true, hidden: true, ...attributes });
  if (attributes.capture) field.setAttribute('capture', attributes.capture);
  field.addEventListener('change', () => {
    const files = [...field.files];
    take(async () => (await import('../ui/given-files.js')).chosen(files), album).catch(toastError);
    field.remove();
  });
  field.addEventListener('cancel', () => field.remove());
  document.body.append(field);
  field.click();
}

/** The platform's own picker, whose files are found again after a reload. */
async function byPicker(album) {
  let handles = [];
  try {
    handles = await window.showOpenFilePicker({ multiple: true, types: [{ description: say.photosTitle, accept: { 'image/*': [...RAW.slice(0, 14)], 'video/*': RAW.slice(14, 17), 'application/rdf+xml': ['.xmp'] } }] });
  } catch (error) {
    if (error.name === 'AbortError') return;
    throw error;
  }
  await take(async () => (await import('../ui/given-files.js')).ofHandles(handles), album);
}

/** @param {{id: string, albumName: string} | null} [album] everything goes into it */
export function pickFiles(album = null) {
  // A phone shows its own pictures only when nothing but pictures is asked for.
  if (media.isTouch) byField({ accept: 'image/*,video/*' }, album);
  else if (isPickerUsable()) byPicker(album).catch(toastError);
  else byField({ accept: ['image/*', 'video/*', ...RAW].join(',') }, album);
}

/** A folder with all below it. @param {{id: string, albumName: string} | null} [album] */
export const pickFolder = (album = null) => byField({ webkitdirectory: true }, album);

/** The phone's camera. @param {{id: string, albumName: string} | null} [album] */
export const takePicture = (album = null) => byField({ accept: 'image/*', capture: 'environment', multiple: false }, album);

/** Goes on with what a reload has interrupted. */
export async function goOnAdding() {
  const { kept } = await import('./upload-store.js');
  if (!kept.isAnythingLeft) return;
  const [{ goOn }, { showPanel }] = await Promise.all([import('./upload.js'), import('./upload-panel.js')]);
  if (await goOn()) showPanel();
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
    import('../ui/given-files.js').then((files) => (this.files = files), () => {}); // here before anything is dropped: entries are told only meanwhile
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

  dropped(data) {
    this.depth = 0;
    const files = [...data.files];
    let told = () => {};
    const found = this.files ? this.files.dropped(data, (count) => told(count)) : null;
    take(async (tell) => {
      told = tell;
      return found ?? (await import('../ui/given-files.js')).chosen(files);
    }, this.album()).catch(toastError);
  }

  sign() {
    const album = this.album();
    return this.isOver ? html`<div class="drop"><hm-icon name="upload" size="40"></hm-icon><span>${album ? say.dropInto(album.albumName) : say.dropHere}</span></div>` : nothing;
  }
}
