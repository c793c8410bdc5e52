import { css, html, nothing, repeat } from '../vendor/lit.js';
import { Widget } from './element.js';
import { say } from './en.js';
import { shared } from './styles.js';
import { roving } from './tabs.js';

const PICTURES = /^image\/(jpeg|png|webp|avif|gif)$/;

/** The first picture among what was dropped or pasted. @param {DataTransfer | null} data */
export const pictureIn = (data) => [...(data?.files ?? [])].find((file) => PICTURES.test(file.type)) ?? null;

/** The web address among what was dropped: a picture dragged from another window is one. @param {DataTransfer | null} data */
export function addressIn(data) {
  const text = (data?.getData('text/uri-list') || data?.getData('text/plain') || '').split('\n').find((line) => line && !line.startsWith('#'))?.trim() ?? '';
  return /^https?:\/\/\S+$/i.test(text) ? text : null;
}

/**
 * Pictures side by side of which one is chosen; more come by file, by address, dropped or pasted.
 * `pictures`: `[{id, url, selected, caption, second}]`. `isAutomatic`: nobody chose, the house did.
 */
export class PictureChoice extends Widget {
  static properties = {
    label: { type: String },
    pictures: { attribute: false },
    ratio: { type: String },
    isAutomatic: { type: Boolean, attribute: 'automatic' },
    progress: { type: Number },
    busy: { type: String },
    error: { type: String },
    isOver: { state: true },
    isAsking: { state: true },
    address: { state: true },
  };

  static styles = [shared, css`
    :host { display: block; position: relative; min-width: 0; }
    .head { display: flex; align-items: center; gap: 8px; min-height: 32px; margin-bottom: 8px; } h3 { font: var(--font-14); font-weight: 500; flex: 1 1 auto; }
    .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(var(--picture-width, 104px), 1fr)); gap: 16px 12px; }
    .one { display: block; width: 100%; text-align: start; border-radius: var(--radius); min-width: 0; }
    .frame { position: relative; display: block; border-radius: var(--radius); } .one:focus-visible { outline: none; } .one:focus-visible .frame { outline: 2px solid var(--accent); outline-offset: 2px; }
    .one[aria-checked="true"] .frame { box-shadow: 0 0 0 2px var(--bg), 0 0 0 4px var(--accent); }
    .one[aria-checked="true"]:focus-visible .frame { outline-offset: 5px; }
    hm-art { width: 100%; }
    .tick { position: absolute; z-index: 2; right: 6px; top: 6px; display: grid; place-items: center; width: 24px; height: 24px; border-radius: 50%; background: var(--accent); color: var(--on); }
    .wait { position: absolute; z-index: 2; inset: 0; display: grid; place-items: center; border-radius: inherit; background: rgb(0 0 0 / .45); color: #fff; }
    .caption { display: block; margin-top: 6px; font: var(--font-12); color: var(--text2); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-variant-numeric: tabular-nums; }
    .caption.after { margin-top: 0; color: var(--text3); }
    .add { display: grid; place-items: center; align-content: center; gap: 8px; width: 100%; border-radius: var(--radius); color: var(--text2); font: var(--font-12); text-align: center; padding: 8px; box-shadow: inset 0 0 0 1px var(--line); aspect-ratio: var(--ratio); }
    @media (hover: hover) { .add:hover { background: var(--hover); color: var(--text); } .one:hover .caption { color: var(--text); } }
    .coming { padding: 16px; } .coming hm-progress { width: 100%; }
    .drop { position: absolute; z-index: 5; inset: -8px; display: grid; place-items: center; border-radius: var(--radius-place); background: var(--soft); color: var(--accent); font: var(--font-14); font-weight: 600; box-shadow: inset 0 0 0 2px var(--accent); pointer-events: none; }
    .asks { display: flex; gap: 8px; align-items: flex-start; margin-top: 12px; } .asks hm-field { flex: 1 1 0; } .asks hm-button { margin-top: 2px; }
    .wrong { display: flex; gap: 6px; margin-top: 8px; font: var(--font-12); color: var(--bad); }
    input[type="file"] { display: none; }
    @media (max-width: 719.98px) { .grid { grid-template-columns: repeat(auto-fill, minmax(var(--picture-width-phone, 96px), 1fr)); } }
  `];

  constructor() {
    super();
    this.pictures = [];
    this.ratio = '2/3';
    this.addEventListener('dragover', (event) => this.dragged(event));
    this.addEventListener('dragleave', (event) => this.contains(event.relatedTarget) || this.renderRoot.contains(event.relatedTarget) || (this.isOver = false));
    this.addEventListener('drop', (event) => this.dropped(event));
  }

  dragged(event) {
    const kinds = [...(event.dataTransfer?.types ?? [])];
    if (!kinds.includes('Files') && !kinds.includes('text/uri-list')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    this.isOver = true;
  }

  dropped(event) {
    this.isOver = false;
    event.preventDefault();
    const file = pictureIn(event.dataTransfer);
    const address = file ? null : addressIn(event.dataTransfer);
    if (file) this.emit('hm-add-file', { file });
    else if (address) this.emit('hm-add-address', { url: address });
    else this.emit('hm-add-refused');
  }

  picked(event) {
    const [file] = event.target.files;
    event.target.value = '';
    if (file) this.emit('hm-add-file', { file });
  }

  async ask() {
    this.isAsking = !this.isAsking;
    await this.updateComplete;
    this.renderRoot.querySelector('.asks hm-field')?.focus();
  }

  asked(event) {
    event.preventDefault();
    const url = (this.address ?? '').trim();
    if (!url) return;
    this.emit('hm-add-address', { url });
  }

  /** The line of the address closes once the picture is here. */
  done() {
    this.isAsking = false;
    this.address = '';
  }

  get items() {
    return [
      { id: 'file', label: say.fromFile, icon: 'upload' },
      { id: 'address', label: say.fromAddress, icon: 'link' },
      ...(this.isAutomatic ? [] : [{ separator: true }, { id: 'automatic', label: say.automatic, icon: 'refresh', hint: say.automaticHint }]),
    ];
  }

  chosen(event) {
    event.stopPropagation();
    const { id } = event.detail;
    if (id === 'file') this.renderRoot.querySelector('input[type="file"]').click();
    if (id === 'address') this.ask();
    if (id === 'automatic') this.emit('hm-automatic');
  }

  one(picture, index) {
    const isBusy = this.busy === picture.id;
    return html`<button class="one" type="button" role="radio" aria-checked=${String(Boolean(picture.selected))} tabindex=${picture.selected || (index === 0 && !this.pictures.some((one) => one.selected)) ? 0 : -1} aria-label=${[this.label, picture.caption].filter(Boolean).join(', ')}
      @click=${() => !picture.selected && this.emit('hm-choose', { id: picture.id })}>
      <span class="frame"><hm-art src=${picture.url} ratio=${this.ratio}></hm-art>${picture.selected ? html`<span class="tick"><hm-icon name="check" size="16"></hm-icon></span>` : nothing}${isBusy ? html`<span class="wait"><hm-spinner size="24"></hm-spinner></span>` : nothing}</span>
      <span class="caption">${picture.caption}</span>${picture.second ? html`<span class="caption after">${picture.second}</span>` : nothing}</button>`;
  }

  render() {
    const uploads = this.progress !== undefined && this.progress !== null;
    this.style.setProperty('--ratio', this.ratio.replace('/', ' / '));
    return html`
      <div class="head"><h3>${this.label}</h3>${this.isAutomatic && this.pictures?.length ? html`<span class="hint">${say.automaticNow}</span>` : nothing}
        <hm-menu .items=${this.items} align="end" label=${say.addPicture} @hm-select=${this.chosen}><hm-button size="small" icon="plus">${say.addPicture}</hm-button></hm-menu></div>
      <div class="grid" role="radiogroup" aria-label=${this.label} @keydown=${(event) => roving(event, this.renderRoot, '.one')}>
        ${repeat(this.pictures ?? [], (picture) => picture.id, (picture, index) => this.one(picture, index))}
        ${uploads ? html`<div class="add coming" role="status"><hm-progress .value=${this.progress < 1 ? this.progress : undefined} label=${say.uploading}></hm-progress>${say.uploading}</div>` : nothing}
        ${!this.pictures?.length && !uploads ? html`<button class="add" type="button" @click=${() => this.renderRoot.querySelector('input[type="file"]').click()}><hm-icon name="image" size="24"></hm-icon>${say.dropPicture}</button>` : nothing}
      </div>
      ${this.isAsking ? html`<form class="asks" @submit=${this.asked}><hm-field label=${say.pictureAddress} hide-label type="url" placeholder="https://" .value=${this.address ?? ''} @input=${(event) => (this.address = event.target.value)}></hm-field>
        <hm-button type="submit" ?disabled=${!this.address}>${say.fetch}</hm-button></form>` : nothing}
      ${this.error ? html`<p class="wrong" role="alert"><hm-icon name="warning" size="16"></hm-icon><span>${this.error}</span></p>` : nothing}
      <input type="file" accept="image/jpeg,image/png,image/webp,image/avif,image/gif" tabindex="-1" aria-hidden="true" @change=${this.picked}>
      ${this.isOver ? html`<div class="drop">${say.dropHere}</div>` : nothing}`;
  }
}
customElements.define('hm-picture-choice', PictureChoice);
