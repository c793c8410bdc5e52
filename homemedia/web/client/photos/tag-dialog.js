import { css, html, LitElement, nothing, repeat } from '../vendor/lit.js';
import { count } from '../format.js';
import { QueryController } from '../ui/controllers.js';
import { shared } from '../ui/styles.js';
import { vars } from '../ui/vars.js';
import { say } from './en.js';
import { give, haveTag, levels } from './tags.js';

/** Which tag these get: one that is there, or a new one. */
class TagDialog extends LitElement {
  static properties = { photos: { attribute: false }, text: { state: true }, isBusy: { state: true } };

  static styles = [shared, css`
    form { display: flex; gap: 12px; align-items: end; padding-bottom: 8px; } form hm-field { flex: 1 1 0; }
    .tag { color: var(--text); display: flex; align-items: center; gap: 12px; width: calc(100% + 16px); min-height: 40px; margin: 0 -8px; padding: 4px 8px 4px calc(8px + var(--depth) * 20px); border-radius: var(--radius); text-align: start; font: var(--font-14); }
    @media (hover: hover) { .tag:hover { background: var(--hover); } } @media (pointer: coarse) { .tag { min-height: 44px; } }
    .dot { flex: none; width: 12px; height: 12px; border-radius: 50%; background: var(--shade, none); box-shadow: inset 0 0 0 1.5px var(--line2); } .dot.has { box-shadow: none; }
  `];

  tags = new QueryController(this, () => '/api/tags');

  constructor() {
    super();
    this.text = '';
    this.isBusy = false;
  }

  finish(tag) {
    if (tag) give(tag, this.photos);
    this.done(tag);
    this.remove();
  }

  async create(event) {
    event.preventDefault();
    const value = this.text.trim();
    if (!value || this.isBusy) return;
    this.isBusy = true;
    const tag = await haveTag(value);
    this.isBusy = false;
    if (tag) this.finish(tag);
  }

  row = ({ tag, depth }) => html`<button class="tag" type="button" ${vars({ '--depth': this.text ? 0 : depth, '--shade': tag.color ?? null })} @click=${() => this.finish(tag)}><span class="dot ${tag.color ? 'has' : ''}"></span><span class="one-line">${this.text ? tag.value : tag.name}</span></button>`;

  render() {
    const wanted = this.text.trim().toLocaleLowerCase();
    const rows = levels(this.tags.data ?? []).filter(({ tag }) => tag.value.toLocaleLowerCase().includes(wanted));
    return html`<hm-dialog open cross heading=${say.tagThese(this.photos.length, count(this.photos.length))} @hm-close=${() => this.finish(null)}>
      <form @submit=${this.create}><hm-field autofocus label=${say.tag} placeholder=${say.tagNameHint} maxlength="300" autocomplete="off" @input=${(event) => (this.text = event.target.value)}></hm-field>
        <hm-button type="submit" kind="primary" ?disabled=${!wanted} ?busy=${this.isBusy}>${rows.some(({ tag }) => tag.value.toLocaleLowerCase() === wanted) ? say.addTag : say.create}</hm-button></form>
      ${this.tags.data ? repeat(rows, (one) => one.tag.id, this.row) : this.tags.error ? html`<hm-error plain heading=${say.failedTitle} text=${this.tags.error.message}></hm-error>` : html`<hm-skeleton kind="text"></hm-skeleton>`}${nothing}</hm-dialog>`;
  }
}
customElements.define('photo-tag-dialog', TagDialog);

/** @param {{id: string}[]} photos @returns {Promise<any | null>} the tag they were given */
export function tagPhotos(photos) {
  return new Promise((done) => {
    document.body.append(Object.assign(document.createElement('photo-tag-dialog'), { photos, done }));
  });
}
