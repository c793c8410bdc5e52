import { css, html, LitElement, nothing } from '../vendor/lit.js';
import { QueryController } from '../ui/controllers.js';
import { shared } from '../ui/styles.js';
import { Deeds } from './actions.js';
import { poster } from './cards.js';
import { withMark } from './items.js';
import { collectionHref } from './links.js';

/** On a film's page: what else belongs to its collection, in the order it came out. Nothing where it stands alone. */
class CollectionRow extends LitElement {
  static properties = { item: { attribute: false } };
  static styles = [shared, css`:host { display: block; min-width: 0; } :host([hidden]) { display: none; }`];

  found = new QueryController(this, () => (this.item?.collection ? `/api/home/library/collection?${new URLSearchParams({ name: this.item.collection, library: this.item.libraryId })}` : null));

  constructor() {
    super();
    new Deeds(this, ({ kind, item, watched }) => kind === 'mark' && this.found.update((data) => withMark(data, item, watched)));
  }

  render() {
    const others = (this.found.data?.items ?? []).filter((one) => one.id !== this.item.id);
    this.hidden = others.length === 0;
    return others.length ? html`<hm-row fit="6" heading=${this.item.collection} href=${collectionHref(this.item.collection, this.item.libraryId)}>${others.map((one) => poster(one))}</hm-row>` : nothing;
  }
}
customElements.define('watch-collection-row', CollectionRow);
