import { css, html, nothing, repeat } from '../vendor/lit.js';
import { vars } from '../ui/vars.js';
import { say } from './en.js';
import { PhotosPage } from './photos-page.js';
import { tagItems, runTagItem } from './tag-menu.js';
import { askTagName } from './tag-name-dialog.js';
import { haveTag, levels } from './tags.js';

const SEARCHED_FROM = 12;

/** All tags, those below others under them. */
class TagsPage extends PhotosPage {
  static properties = { ...PhotosPage.properties, folded: { state: true }, text: { state: true } };

  static styles = [PhotosPage.styles, css`
    .tools { display: flex; gap: 12px; align-items: center; padding: 4px 0 12px; max-width: 756px; } .tools hm-field { flex: 0 1 320px; margin-left: auto; }
    ul { max-width: 756px; } li { display: flex; align-items: center; gap: 4px; min-height: 48px; padding-left: calc(var(--depth) * 24px); border-top: 1px solid var(--line); } li:first-child { border-top: 0; }
    .fold { display: grid; place-items: center; flex: none; width: 32px; height: 44px; border-radius: var(--radius); color: var(--text2); } .fold.no { visibility: hidden; }
    .fold hm-icon { transition: transform var(--fast) ease-out; } .fold[aria-expanded="true"] hm-icon { transform: rotate(90deg); }
    a { display: flex; align-items: center; gap: 12px; flex: 1 1 0; min-width: 0; min-height: 44px; padding: 0 8px; border-radius: var(--radius); font: var(--font-14); font-weight: 500; }
    @media (hover: hover) { a:hover, .fold:hover { background: var(--hover); } }
    .dot { flex: none; width: 12px; height: 12px; border-radius: 50%; background: var(--shade, none); box-shadow: inset 0 0 0 1.5px var(--line2); } .dot.has { box-shadow: none; }
    @media (max-width: 719.98px) { li { padding-left: calc(var(--depth) * 16px); } .fold { width: 44px; margin-left: -12px; } }
  `];

  tags = this.query(() => '/api/tags');

  constructor() {
    super();
    this.folded = new Set();
    this.text = '';
    this.live({ 'photos.tags': () => this.tags.refresh() });
  }

  async create() {
    const value = await askTagName({ heading: say.newTag, action: say.create });
    if (value) haveTag(value);
  }

  fold(id) {
    const folded = new Set(this.folded);
    if (!folded.delete(id)) folded.add(id);
    this.folded = folded;
  }

  /** Rows that are not folded away; with a word typed, those that have it. */
  rows(tags) {
    const wanted = this.text.trim().toLocaleLowerCase();
    const all = levels(tags);
    if (wanted) return all.filter(({ tag }) => tag.value.toLocaleLowerCase().includes(wanted));
    const hidden = tags.filter((one) => this.folded.has(one.id)).map((one) => `${one.value}/`);
    return all.filter(({ tag }) => !hidden.some((start) => tag.value.startsWith(start)));
  }

  row = ({ tag, depth, hasBelow }) => {
    const isOpen = !this.folded.has(tag.id);
    return html`<li ${vars({ '--depth': this.text ? 0 : depth, '--shade': tag.color ?? null })}>
      <button class="fold ${hasBelow && !this.text ? '' : 'no'}" type="button" aria-expanded=${String(isOpen)} aria-label=${say.foldTag(tag.name)} @click=${() => this.fold(tag.id)}><hm-icon name="chevron-right" size="16"></hm-icon></button>
      <a href=${`/photos/tags/${tag.id}`}><span class="dot ${tag.color ? 'has' : ''}"></span><span class="one-line">${this.text ? tag.value : tag.name}</span></a>
      <hm-menu align="end" label=${say.moreOf(tag.name)} .items=${tagItems(tag)} @hm-select=${(event) => runTagItem(event.detail.id, tag)}><hm-icon-button icon="dots" label=${say.moreOf(tag.name)}></hm-icon-button></hm-menu></li>`;
  };

  filled(tags) {
    if (!tags.length) return html`<div class="few"><hm-empty icon="tag" heading=${say.noTags} text=${say.noTagsText}><hm-button slot="action" kind="primary" icon="plus" @click=${() => this.create()}>${say.newTag}</hm-button></hm-empty></div>`;
    const rows = this.rows(tags);
    return html`<div class="tools"><hm-button icon="plus" @click=${() => this.create()}>${say.newTag}</hm-button>${tags.length >= SEARCHED_FROM ? html`<hm-field type="search" hide-label label=${say.findTag} placeholder=${say.findTag} @input=${(event) => (this.text = event.target.value)}></hm-field>` : nothing}</div>
      ${rows.length ? html`<ul aria-label=${say.tags}>${repeat(rows, (one) => one.tag.id, this.row)}</ul>` : html`<p class="hint">${say.nothingFound}</p>`}`;
  }

  render() {
    this.title = say.tags;
    return html`<hm-page-header heading=${say.tags} back="/photos"></hm-page-header><div class="body">${this.tags.render({ loading: () => html`<hm-skeleton kind="text" count="6"></hm-skeleton>`, data: (all) => this.filled(all) })}</div>${this.drops.sign()}`;
  }
}
customElements.define('photo-tags-page', TagsPage);
