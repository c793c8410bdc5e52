import { html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { toastError } from '../ui/toast.js';
import { say } from './en.js';
import { PhotosPage } from './photos-page.js';
import { Found, Months } from './source.js';

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

/** The photos of one person; the name is given here. */
class PersonPage extends PhotosPage {
  person = this.query(() => `/api/people/${encodeURIComponent(this.params.id)}`);

  willUpdate(changed) {
    if (changed.has('params')) this.source = new Months({ personId: this.params.id });
  }

  more() {
    return [super.more()[0], { id: 'hide', label: say.hidePerson, icon: 'eye-off' }];
  }

  async did(id) {
    super.did(id);
    if (id !== 'hide') return;
    await this.change({ isHidden: true });
    this.go('/photos/people', { replace: true });
  }

  async change(body) {
    try {
      const next = await api.put(`/api/people/${this.params.id}`, body);
      this.person.update((before) => ({ ...before, ...next }));
    } catch (error) {
      toastError(error);
    }
  }

  render() {
    const name = this.person.data?.name || say.somebody;
    this.title = name;
    return html`<hm-page-header heading=${name} back="/photos/people">${this.tools()}</hm-page-header><div class="body">
      ${this.person.data && !this.person.data.name ? html`<hm-field class="few" label=${say.whoIsThis} placeholder=${say.personName} maxlength="100" @change=${(event) => event.target.value.trim() && this.change({ name: event.target.value.trim() })}></hm-field>` : nothing}
      <photo-list .source=${this.source} kind="found" label=${name} shown=${this.search.photo ?? nothing}>
        <div slot="empty" class="few"><hm-empty icon="user" heading=${say.nothingHere} text=${say.nothingFoundText}></hm-empty></div></photo-list></div>`;
  }
}
customElements.define('photo-person-page', PersonPage);
