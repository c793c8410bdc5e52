import { html, nothing } from '../vendor/lit.js';
import { say } from './en.js';
import { PhotosPage } from './photos-page.js';
import { Months } from './source.js';

/** What a partner shows: all of his photos, by month. */
class PartnerPage extends PhotosPage {
  partners = this.query(() => '/api/partners?direction=shared-with');

  willUpdate(changed) {
    super.willUpdate?.(changed);
    if (!changed.has('params') || this.params.id === this.sourceOf) return;
    this.sourceOf = this.params.id;
    this.source = new Months({ userId: this.params.id, visibility: 'timeline' });
  }

  more() {
    return [super.more()[0], { id: 'settings', label: say.partners, icon: 'settings', href: '/settings/partners' }];
  }

  filled(partners) {
    const partner = partners.find((one) => one.id === this.params.id);
    if (!partner) return html`<div class="few"><hm-empty icon="user" heading=${say.noSuchPartner} text=${say.noSuchPartnerText}><hm-button slot="action" href="/settings/partners">${say.partners}</hm-button></hm-empty></div>`;
    return html`<photo-list .source=${this.source} kind="found" label=${say.photosOf(partner.name)} shown=${this.search.photo ?? nothing}>
      <div slot="empty" class="few"><hm-empty icon="photos" heading=${say.nothingHere} text=""></hm-empty></div></photo-list>`;
  }

  render() {
    const name = this.partners.data?.find((one) => one.id === this.params.id)?.name;
    const heading = name ? say.photosOf(name) : say.photosTitle;
    this.title = heading;
    return html`<hm-page-header heading=${heading} back="/photos"><hm-menu slot="end" align="end" label=${say.more} .items=${this.more()} @hm-select=${(event) => this.did(event.detail.id)}><hm-icon-button icon="dots" icon-size="24" label=${say.more}></hm-icon-button></hm-menu></hm-page-header><div class="body">
      ${this.partners.render({ loading: () => html`<hm-skeleton kind="text" count="2"></hm-skeleton>`, data: (all) => this.filled(all) })}</div>`;
  }
}
customElements.define('photo-partner-page', PartnerPage);
