import { css, html, nothing, repeat } from '../vendor/lit.js';
import { vars } from '../ui/vars.js';
import { say } from './en.js';
import { PhotosPage } from './photos-page.js';
import { Months } from './source.js';
import { runTagItem, tagItems } from './tag-menu.js';
import { below } from './tags.js';

/** The photos of one tag and of those below it. */
class TagPage extends PhotosPage {
  static styles = [PhotosPage.styles, css`
    .path { display: flex; align-items: center; gap: 8px; flex-wrap: wrap; padding: 4px 0 12px; font: var(--font-14); color: var(--text2); } .path .dot { width: 12px; height: 12px; border-radius: 50%; background: var(--shade); }
  `];

  tag = this.query(() => `/api/tags/${encodeURIComponent(this.params.id)}`);
  tags = this.query(() => '/api/tags');

  constructor() {
    super();
    this.live({ 'photos.tags': () => (this.tag.refresh(), this.tags.refresh()) });
  }

  willUpdate(changed) {
    super.willUpdate?.(changed);
    if (changed.has('params') && this.params.id !== this.sourceOf) {
      this.sourceOf = this.params.id;
      this.source = new Months({ tagId: this.params.id });
    }
  }

  more() {
    return this.tag.data ? [super.more()[0], { separator: true }, ...tagItems(this.tag.data)] : [];
  }

  async did(id) {
    super.did(id);
    if (id === 'select') return;
    const now = await runTagItem(id, this.tag.data);
    if (now === true) this.go('/photos/tags', { replace: true });
    else if (now) this.tag.refresh();
  }

  /** The way down to it, and what lies below it. */
  path(tag) {
    const all = this.tags.data ?? [];
    const above = all.filter((one) => tag.value.startsWith(`${one.value}/`)).sort((a, b) => a.value.length - b.value.length);
    const under = below(all, tag);
    if (!above.length && !under.length && !tag.color) return nothing;
    return html`<nav class="path" aria-label=${say.tags}>${tag.color ? html`<span class="dot" ${vars({ '--shade': tag.color })}></span>` : nothing}
      ${above.map((one) => html`<a class="link" href=${`/photos/tags/${one.id}`}>${one.name}</a><span aria-hidden="true">/</span>`)}${above.length ? html`<span>${tag.name}</span>` : nothing}
      ${repeat(under, (one) => one.id, (one) => html`<hm-chip icon="tag" @click=${() => this.go(`/photos/tags/${one.id}`)}>${one.name}</hm-chip>`)}</nav>`;
  }

  filled(tag) {
    return html`${this.path(tag)}<photo-list .source=${this.source} kind="found" label=${tag.value} shown=${this.search.photo ?? nothing}>
      <div slot="empty" class="few"><hm-empty icon="tag" heading=${say.emptyTag} text=${say.emptyTagText}></hm-empty></div></photo-list>`;
  }

  render() {
    const tag = this.tag.data;
    this.title = tag?.name ?? say.tags;
    return html`<hm-page-header heading=${tag?.name ?? ''} back="/photos/tags">${tag ? this.tools(this.more()) : nothing}</hm-page-header><div class="body">
      ${this.tag.render({ loading: () => html`<hm-skeleton kind="text" count="2"></hm-skeleton>`, data: (one) => this.filled(one), error: () => html`<div class="few"><hm-empty icon="tag" heading=${say.noSuchTag} text=${say.noSuchTagText}><hm-button slot="action" href="/photos/tags">${say.tags}</hm-button></hm-empty></div>` })}</div>${this.drops.sign()}`;
  }
}
customElements.define('photo-tag-page', TagPage);
