import { css, html } from '../vendor/lit.js';
import { counted, join } from '../format.js';
import { stateStyles } from './bones.js';
import { collectionCard } from './collection-card.js';
import { say } from './en.js';
import { KindPage } from './kind-page.js';
import { collectionHref } from './links.js';

const PHONE_MIN = 150; // two across

/** "1977–1983", "2001". @param {[number, number] | null} years */
export const span = (years) => (years ? (years[0] === years[1] ? String(years[0]) : `${years[0]}–${years[1]}`) : '');

/** `/films/collections`: what belongs together. */
class CollectionsPage extends KindPage {
  static styles = [KindPage.styles, stateStyles, css`
    .tools { display: flex; align-items: center; gap: 8px; padding: 8px 0 20px; flex-wrap: wrap; }
    .right { margin-left: auto; font: var(--font-14); color: var(--text2); }
    @media (max-width: 719.98px) { .tools { padding: 8px 0; min-height: 44px; } .views { flex: 1 0 100%; } .right { margin-left: 0; } }
  `];

  found = this.query(() => (this.library ? `/api/home/library/collections?library=${this.library.id}` : null));

  constructor() {
    super();
    this.live({ 'library.changed': ({ library_id: id }) => (!id || id === this.library?.id) && this.found.refresh() });
  }

  render() {
    this.title = `${say.kinds[this.type]} · ${say.collections}`;
    return html`${this.header()}<div class="body">${this.library ? this.filled() : this.nothingYet()}</div>`;
  }

  filled() {
    const all = this.found.data?.collections;
    return html`<div class="tools">${this.views('collections')}${this.libraryChip()}${all?.length ? html`<span class="right tabular" role="status">${counted(all.length, ...say.counts.collection)}</span>` : ''}</div>
      ${this.found.render({ loading: () => html`<hm-skeleton kind="cards" count="8"></hm-skeleton>`, data: ({ collections }) => this.grid(collections) })}`;
  }

  grid(collections) {
    if (!collections.length) return html`<hm-empty icon="film" heading=${say.noCollections} text=${say.noCollectionsText}></hm-empty>`;
    if (this.pageOf !== collections) {
      this.pageOf = collections;
      this.page = async (offset, limit) => collections.slice(offset, offset + limit);
    }
    return html`<hm-virtual-grid kind="still" .min=${this.isPhone ? PHONE_MIN : undefined} total-count=${collections.length} .page=${this.page} .version=${collections} label=${say.collections} .renderItem=${this.card}></hm-virtual-grid>`;
  }

  card = (one) => collectionCard(one, { href: collectionHref(one.name, this.library.id), second: join(counted(one.count, ...say.counts[this.type]), span(one.years)) });
}
customElements.define('collections-page', CollectionsPage);
