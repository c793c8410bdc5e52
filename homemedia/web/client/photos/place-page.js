import { html, nothing } from '../vendor/lit.js';
import { say } from './en.js';
import { PhotosPage } from './photos-page.js';
import { Found } from './source.js';

/** The photos of one town. */
class PlacePage extends PhotosPage {
  willUpdate(changed) {
    if (changed.has('params')) this.source = new Found({ city: this.params.name });
  }

  more() {
    return super.more().slice(0, 1);
  }

  render() {
    this.title = this.params.name;
    return html`<hm-page-header heading=${this.params.name} back="/photos/places">${this.tools()}</hm-page-header><div class="body">
      <photo-list .source=${this.source} kind="found" label=${this.params.name} shown=${this.search.photo ?? nothing}>
        <div slot="empty" class="few"><hm-empty icon="pin" heading=${say.nothingHere} text=${say.nothingFoundText}></hm-empty></div></photo-list></div>`;
  }
}
customElements.define('photo-place-page', PlacePage);
