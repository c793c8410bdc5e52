import { css, html, nothing } from '../vendor/lit.js';
import { emptyTrash } from './deeds.js';
import { say } from './en.js';
import { PhotosPage } from './photos-page.js';
import { Months } from './source.js';

const KINDS = {
  favourites: { kind: 'favourites', source: new Months({ isFavorite: 'true', visibility: 'timeline' }), icon: 'heart', words: say.kept.favourites },
  archive: { kind: 'archive', source: new Months({ visibility: 'archive', withStacked: 'true' }), icon: 'archive', words: say.kept.archive },
  trash: { kind: 'trash', source: new Months({ isTrashed: 'true' }), icon: 'trash', words: say.kept.trash },
};

/** Favourites, archive, trash: the same rows of fewer photos. */
class KeptPage extends PhotosPage {
  static properties = { ...PhotosPage.properties, total: { state: true } };
  static styles = [PhotosPage.styles, css`.told { padding: 4px 0 8px; color: var(--text2); font: var(--font-14); }`];

  get which() {
    return KINDS[location.pathname.split('/')[2]] ?? KINDS.favourites;
  }

  more() {
    return [{ id: 'select', label: say.select, icon: 'tick-circle' }];
  }

  render() {
    const { kind, source, icon, words } = this.which;
    const [title, none, noneText] = words;
    this.title = title;
    const isTrash = kind === 'trash';
    return html`<hm-page-header heading=${title} back="/photos">${isTrash && this.total ? html`<hm-button slot="end" class="not-phone" kind="danger" @click=${emptyTrash}>${say.emptyTrash}</hm-button>` : nothing}</hm-page-header><div class="body">
      ${isTrash && this.total ? html`<p class="told">${say.trashText}</p><hm-button class="only-phone" wide kind="danger" @click=${emptyTrash}>${say.emptyTrash}</hm-button>` : nothing}
      <photo-list .source=${source} kind=${kind} label=${title} shown=${this.search.photo ?? nothing} @photo-total=${(event) => (this.total = event.detail.total)}>
        <div slot="empty" class="few"><hm-empty icon=${icon} heading=${none} text=${noneText}></hm-empty></div></photo-list></div>${this.drops.sign()}`;
  }
}
customElements.define('photo-kept-page', KeptPage);
