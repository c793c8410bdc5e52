import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { ago, clock, join, size } from '../format.js';
import { live } from '../live.js';
import { QueryController } from '../ui/controllers.js';
import { openMenu } from '../ui/menu.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { vars } from '../ui/vars.js';
import { chooseAgain } from './choose-again.js';
import { say } from './en.js';
import { coverOf, endingOf, momentOf, movingOf, stateOf, thumbnailOf } from './file-facts.js';
import { askName } from './name-dialog.js';
import { rename } from './push.js';
import { uploads } from './uploads.js';

const SIZES = ['third', 'half', 'full'];
const STEPS = 20; // moments of a film below a mouse that moves across it

/**
 * A file within a note: on its way, a picture, a film, a song, or a row with what can be done.
 * `block`, `name`, `bytes`, `mime` and `wide` as the note says; `place` changes its place in the note.
 */
class FileBlock extends LitElement {
  static properties = { block: {}, name: {}, bytes: { type: Number }, mime: {}, wide: { attribute: false }, place: { attribute: false }, card: { state: true }, isLooked: { state: true }, isOver: { state: true }, moment: { state: true }, plays: { state: true }, failed: { state: true } };

  static styles = [shared, css`
    :host { display: block; user-select: none; position: relative; white-space: normal; }
    .row { display: flex; align-items: center; gap: 12px; min-height: 72px; padding: 8px 8px 8px 16px; border-radius: var(--radius-place); background: var(--sunken); }
    .kind { position: relative; display: grid; place-items: center; width: 40px; height: 48px; flex: none; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); color: var(--text2); font: var(--font-12); font-weight: 600; text-transform: uppercase; overflow: hidden; } .kind.pdf { color: var(--bad); } .kind img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; } .kind.cover { width: 48px; }
    .words { flex: 1; min-width: 0; } .words .second { display: block; } .words b { display: block; font: var(--font-14); font-weight: 600; } .words hm-progress { margin-top: 6px; } audio { display: none; }
    .frame { position: relative; border-radius: var(--radius); overflow: hidden; background: var(--hover); aspect-ratio: 7 / 5; } :host([wide='full']) .frame { aspect-ratio: var(--shape, 7 / 5); }
    .frame > button { display: block; width: 100%; height: 100%; cursor: pointer; } .frame img, video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; } video { object-fit: contain; background: black; }
    .play { position: absolute; left: 50%; top: 50%; width: 48px; height: 48px; margin: -24px; border-radius: 50%; display: grid; place-items: center; background: rgb(0 0 0 / .55); color: white; pointer-events: none; } hm-tag { position: absolute; right: 8px; bottom: 8px; } .at { position: absolute; left: 0; bottom: 0; height: 3px; width: var(--at); background: var(--on-picture-accent); }
    .sent { position: absolute; inset: auto 8px 8px; display: grid; gap: 6px; } .sent .line { gap: 4px; padding: 0 4px 0 10px; min-height: 36px; border-radius: var(--radius); background: rgb(0 0 0 / .6); color: white; font: var(--font-12); } .sent span { flex: 1; min-width: 0; }
    .more { position: absolute; right: 6px; top: 6px; opacity: 0; border-radius: 50%; transition: opacity var(--fast) ease-out; } :host(:hover) .more, .more:focus-within { opacity: 1; } @media (hover: none) { :host([wide='full']) .more, :host(.ProseMirror-selectednode) .more { opacity: 1; } :host(:not([wide='full'], .ProseMirror-selectednode)) .more { pointer-events: none; } }
    @media (max-width: 719.98px) { .row { padding-left: 12px; gap: 10px; } .row .not-phone { display: none; } }
  `];

  members = new QueryController(this, () => (this.card?.block.created_by ? '/api/users' : null));

  connectedCallback() {
    super.connectedCallback();
    this.told = ({ detail }) => detail === this.block && this.#told();
    uploads.addEventListener('change', this.told);
    const again = (event) => event.block_ids?.includes(this.block) && this.#look();
    this.off = [live.on('blocks.derived', again), live.on('file.updated', (event) => event.block_id === this.block && this.#look())];
    this.#look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    uploads.removeEventListener('change', this.told);
    for (const off of this.off) off();
    if (this.shownBytes) URL.revokeObjectURL(this.shownBytes);
    this.shownBytes = null;
  }

  get upload() {
    const found = uploads.of(this.block);
    return found?.state === 'done' ? null : found;
  }

  /** The file itself, where it was sent from here: shown until the server has a picture of it. */
  get sent() {
    return uploads.of(this.block)?.file ?? null;
  }

  #told() {
    this.requestUpdate();
    this.wasSent = !this.upload;
    if (this.wasSent) this.#look();
  }

  async #look() {
    if (this.upload) return;
    const page = await api.post(`/api/block/${this.block}`, { include: ['file'] }, { quiet: true }).catch(() => null); // its writer is still sending it
    this.card = page?.file ? page : null;
    this.isLooked = true;
  }

  get file() {
    return this.card?.file ?? null;
  }

  get kind() {
    return this.file?.kind ?? /^(image|video|audio)\//.exec(this.mime ?? '')?.[1] ?? 'other';
  }

  /** Whether it is shown as a picture rather than a row. */
  get isPictured() {
    return !this.failed && (this.kind === 'image' || this.kind === 'video') && Boolean(this.file?.urls || (this.sent && this.kind === 'image'));
  }

  willUpdate() {
    this.classList.toggle('picture', this.isPictured);
    const wide = this.wide ?? (this.kind === 'video' ? 'full' : 'third');
    if (this.isPictured) this.setAttribute('wide', wide);
    else this.removeAttribute('wide');
    this.setAttribute('data-block', this.block);
    const { width, height } = this.file ?? {};
    if (width && height) this.style.setProperty('--shape', `${width} / ${height}`);
  }

  async #menu(event) {
    const anchor = event.currentTarget;
    const { upload, place, file } = this;
    const canWrite = place?.canWrite;
    const sizes = this.isPictured && canWrite ? [{ group: say.pictureSize }, ...SIZES.map((one) => ({ id: one, label: say.pictureSizes[one], checked: this.getAttribute('wide') === one })), { separator: true }] : [];
    const id = await openMenu(anchor, [
      ...(file ? [{ id: 'open', label: say.openNow, icon: 'external' }, { id: 'save', label: say.saveNow, icon: 'download' }] : []),
      ...(canWrite && (file || upload) ? [{ id: 'name', label: say.rename, icon: 'edit' }] : []),
      ...(canWrite || file ? [{ separator: true }] : []),
      ...sizes,
      ...(canWrite ? [{ id: 'away', label: say.removeFile, icon: 'trash', danger: true }] : []),
    ], { label: say.deedsOf(this.name), align: 'end' });
    if (id === 'open') this.#open();
    else if (id === 'save') this.#save();
    else if (id === 'name') this.#rename().catch(toastError);
    else if (id === 'away') this.#remove();
    else if (id) place.set({ wide: id });
  }

  #open() {
    window.open(this.file.urls.raw, '_blank', 'noopener');
  }

  #save() {
    window.open(`${this.file.urls.raw}&download=1`, '_self');
  }

  async #rename() {
    const name = await askName(this.name);
    if (!name || name === this.name) return;
    if (this.upload) this.upload.name = name;
    else await rename(this.card.block.heap_id, this.block, name);
    this.place.set({ name });
  }

  #remove() {
    if (this.upload) uploads.forget(this.block);
    this.place.remove();
  }

  get words() {
    return stateOf(this.upload);
  }

  get length() {
    const bytes = this.bytes || this.file?.size;
    return bytes ? size(bytes) : '';
  }

  deed(how = nothing) {
    const { upload } = this;
    if (upload.state === 'lost') return html`<hm-button size="small" @click=${() => chooseAgain(upload)}>${say.chooseAgain}</hm-button>`;
    return html`<hm-icon-button ?on-picture=${how === 'picture'} icon=${upload.isGoing ? 'pause' : 'play'} label=${upload.isGoing ? say.pause : say.goOn} @click=${() => (upload.isGoing ? upload.pause() : upload.start())}></hm-icon-button>`;
  }

  dots(isOver = false) {
    if (!this.file && !this.place?.canWrite) return nothing;
    return html`<hm-icon-button class=${isOver ? 'more' : ''} ?over=${isOver} size=${isOver ? 'small' : 'medium'} icon="dots" label=${say.deedsOf(this.name)} @click=${this.#menu}></hm-icon-button>`;
  }

  row() {
    const { file, upload, kind } = this;
    const ending = endingOf(this.name);
    const by = this.members.data?.find((one) => one.id === this.card.block.created_by)?.name;
    const second = upload ? join(this.length, this.words) : join(this.length, file?.duration_ms && clock(file.duration_ms), file && by ? say.addedBy(by, ago(this.card.block.created_at / 1000)) : this.isLooked && !file && !this.wasSent ? say.notThereYet : '');
    const cover = file && coverOf({ ...this.card.block, file });
    const badge = html`<span class="kind ${ending.toLowerCase()} ${kind === 'audio' ? 'cover' : ''}">${kind === 'audio' ? html`<hm-icon name="music"></hm-icon>` : ending || html`<hm-icon name="copy"></hm-icon>`}${cover ? html`<img src=${cover} alt="" @error=${(event) => event.target.remove()}>` : nothing}</span>`;
    return html`<div class="row">${badge}<span class="words"><b class="one-line" title=${this.name}>${this.name}</b><span class="second one-line" role=${upload ? 'status' : nothing}>${second}</span>
        ${upload && upload.state !== 'lost' ? html`<hm-progress .value=${upload.part} label=${say.sendingFile(this.name)}></hm-progress>` : nothing}${this.plays && kind === 'audio' ? html`<hm-progress .value=${this.moment ?? 0} label=${this.name}></hm-progress><audio autoplay src=${file.urls.stream} @timeupdate=${({ target }) => (this.moment = target.currentTime / target.duration)} @ended=${() => (this.plays = false)} @error=${() => this.#cannotPlay()}></audio>` : nothing}</span>
      ${upload ? this.deed() : nothing}
      ${file?.urls && kind === 'audio' ? html`<hm-icon-button icon=${this.plays ? 'pause' : 'play'} label=${this.plays ? say.stopFile(this.name) : say.playFile(this.name)} @click=${() => (this.plays = !this.plays)}></hm-icon-button>` : nothing}
      ${file?.urls ? html`${kind === 'audio' ? nothing : html`<hm-icon-button icon="eye" label=${say.openFile(this.name)} @click=${this.#open}></hm-icon-button>`}<hm-icon-button class="not-phone" icon="download" label=${say.saveFile(this.name)} @click=${this.#save}></hm-icon-button>` : nothing}${this.dots()}</div>`;
  }

  #cannotPlay() {
    this.plays = false;
    toast(say.cannotPlay, { kind: 'bad', action: { label: say.saveNow, run: () => this.#save() } });
  }

  #over(event) {
    if (event.pointerType === 'touch') return;
    this.isOver = event.type !== 'pointerleave';
    if (!this.isOver) this.moment = null;
    else if (this.kind === 'video' && event.type === 'pointermove') {
      const box = event.currentTarget.getBoundingClientRect();
      this.moment = Math.min(STEPS - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * STEPS))) / STEPS;
    }
  }

  #press() {
    if (this.kind === 'video') this.plays = true;
    else this.dispatchEvent(new CustomEvent('hm-look', { detail: { block: this.block }, bubbles: true, composed: true }));
  }

  /** What lies on the picture: at rest, below the mouse, or at the moment the mouse points to. */
  still() {
    const block = { ...this.card.block, file: this.file };
    if (this.kind === 'image') return this.isOver ? movingOf(block) ?? thumbnailOf(block, 'large') : thumbnailOf(block, 'large');
    if (!this.isOver) return thumbnailOf(block, 'large');
    return this.moment === null || this.moment === undefined ? movingOf(block) : momentOf(block, this.moment);
  }

  picture() {
    const { upload, file } = this;
    if (!file?.urls) {
      this.shownBytes ??= URL.createObjectURL(this.sent);
      return html`<div class="frame"><img src=${this.shownBytes} alt=${this.name} @error=${() => (this.failed = true)}>
        ${!upload ? nothing : html`<div class="sent"><div class="line"><span class="one-line" role="status">${this.words}</span>${this.deed('picture')}</div>${upload.state === 'lost' ? nothing : html`<hm-progress on-picture .value=${upload.part} label=${say.sendingFile(this.name)}></hm-progress>`}</div>`}${this.dots(true)}</div>`;
    }
    if (this.plays) return html`<div class="frame"><video controls autoplay playsinline src=${file.urls.stream} @error=${() => this.#cannotPlay()}></video></div>`;
    const [first, raw] = [thumbnailOf({ ...this.card.block, file }, 'large'), file.urls.raw];
    const instead = ({ target }) => (target.getAttribute('src') === first && this.kind === 'image' ? target.setAttribute('src', raw) : (this.failed ||= target.getAttribute('src') === first || target.getAttribute('src') === raw));
    return html`<div class="frame" @pointerenter=${this.#over} @pointermove=${this.#over} @pointerleave=${this.#over}>
      <button type="button" aria-label=${this.kind === 'video' ? say.playFile(this.name) : say.lookAt(this.name)} @click=${this.#press}><img src=${this.still()} alt=${this.name} loading="lazy" @error=${instead}></button>
      ${this.kind === 'video' ? html`${this.isOver ? nothing : html`<span class="play"><hm-icon name="play" size="24"></hm-icon></span>`}${file.duration_ms ? html`<hm-tag>${clock(this.moment ? this.moment * file.duration_ms : file.duration_ms)}</hm-tag>` : nothing}${this.moment === null || this.moment === undefined ? nothing : html`<span class="at" ${vars({ '--at': `${this.moment * 100}%` })}></span>`}` : nothing}${this.dots(true)}</div>`;
  }

  render() {
    return this.isPictured ? this.picture() : this.row();
  }
}
customElements.define('hm-file-block', FileBlock);
