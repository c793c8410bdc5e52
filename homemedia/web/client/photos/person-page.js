import { css, html, nothing } from '../vendor/lit.js';
import { counted, join } from '../format.js';
import { say } from './en.js';
import { change, hide, merge, nameOf, portraitOf } from './people.js';
import { PhotosPage } from './photos-page.js';
import { Months } from './source.js';
import { dayWords } from './words.js';

/** The photos of one person; name, birthday and portrait are given here. */
class PersonPage extends PhotosPage {
  static properties = { ...PhotosPage.properties, isDating: { state: true }, failed: { state: true } };

  static styles = [PhotosPage.styles, css`
    .head { display: flex; align-items: center; gap: 20px; padding: 4px 0 12px; max-width: 860px; } .head img, .head .none { flex: none; width: 96px; height: 96px; border-radius: 50%; object-fit: cover; background: var(--hover); } .head .none { display: grid; place-items: center; color: var(--text3); --icon: 32px; }
    .words { flex: 1 1 0; min-width: 0; } input.name { width: 100%; border: 0; background: none; color: inherit; padding: 4px 8px; margin-left: -8px; border-radius: var(--radius); font: var(--font-28); letter-spacing: -0.02em; } input.name::placeholder { color: var(--text3); opacity: 1; }
    @media (hover: hover) { input.name:hover { background: var(--hover); } } input.name:focus { outline: 2px solid var(--accent); outline-offset: -2px; }
    .line { font: var(--font-14); color: var(--text2); gap: 8px; } .birth { display: flex; gap: 8px; align-items: end; flex-wrap: wrap; padding-top: 8px; } .birth hm-field { width: 190px; }
    @media (max-width: 719.98px) { .head { gap: 16px; } .head img, .head .none { width: 72px; height: 72px; } }
  `];

  person = this.query(() => `/api/people/${encodeURIComponent(this.params.id)}`);
  counts = this.query(() => `/api/people/${encodeURIComponent(this.params.id)}/statistics`);

  constructor() {
    super();
    this.isDating = false;
    this.live({ 'photos.people': () => (this.person.refresh(), this.counts.refresh()) });
  }

  willUpdate(changed) {
    super.willUpdate?.(changed);
    if (!changed.has('params') || this.params.id === this.sourceOf) return;
    this.sourceOf = this.params.id;
    this.source = new Months({ personId: this.params.id });
  }

  more() {
    const person = this.person.data;
    if (!person) return [];
    return [
      super.more()[0],
      { id: 'favourite', label: person.isFavorite ? say.unfavourite : say.favourite, icon: person.isFavorite ? 'heart-filled' : 'heart' },
      { id: 'birthday', label: person.birthDate ? say.changeBirthday : say.setBirthday, icon: 'cake' },
      { id: 'merge', label: say.mergeWith, icon: 'users' },
      { id: 'hide', label: person.isHidden ? say.showPerson : say.hidePerson, icon: person.isHidden ? 'eye' : 'eye-off' },
    ];
  }

  async did(id) {
    super.did(id);
    const person = this.person.data;
    if (id === 'favourite') await this.change({ isFavorite: !person.isFavorite });
    if (id === 'birthday') this.isDating = true;
    if (id === 'merge') {
      const { choosePerson } = await import('./person-dialog.js');
      const other = await choosePerson({ heading: say.whoElse(nameOf(person)), except: [person.id] });
      if (!other) return;
      const stays = other.name && !person.name ? other : person;
      const done = await merge([stays, stays === person ? other : person]);
      if (done && stays === other) this.go(`/photos/people/${other.id}`, { replace: true });
    }
    if (id === 'hide') {
      await hide([person], !person.isHidden);
      if (!person.isHidden) this.go('/photos/people', { replace: true });
    }
  }

  async change(body, words) {
    const next = await change(this.person.data, body, words);
    if (next) this.person.update((before) => ({ ...before, ...next }));
    else this.person.refresh();
  }

  named(event) {
    const name = event.target.value.trim();
    if (name !== this.person.data.name) this.change({ name }, name ? say.named(name) : say.nameGone);
  }

  born(event) {
    event.preventDefault();
    const birthDate = this.renderRoot.querySelector('[name="birth"]').value || null;
    this.isDating = false;
    if (birthDate !== this.person.data.birthDate) this.change({ birthDate }, birthDate ? say.bornOn(dayWords(birthDate)) : say.birthdayGone);
  }

  head(person) {
    const src = portraitOf(person);
    const photos = this.counts.data?.assets;
    return html`<div class="head">${src && src !== this.failed ? html`<img src=${src} alt="" @error=${() => (this.failed = src)}>` : html`<span class="none"><hm-icon name="user" size="24"></hm-icon></span>`}
      <div class="words"><input class="name" aria-label=${say.personName} placeholder=${say.whoIsThis} maxlength="100" autocomplete="off" .value=${person.name} @change=${this.named} @keydown=${(event) => event.key === 'Enter' && event.target.blur()}>
        <div class="line tabular"><span>${join(photos === undefined ? '' : counted(photos, say.photo, say.photos), person.birthDate ? say.born(dayWords(person.birthDate)) : '')}</span>${person.isFavorite ? html`<hm-icon name="heart-filled" size="16" title=${say.favourite}></hm-icon>` : nothing}</div>
        ${this.isDating ? html`<form class="birth" @submit=${this.born}><hm-field name="birth" type="date" label=${say.birthday} max=${new Date().toISOString().slice(0, 10)} .value=${person.birthDate ?? ''}></hm-field><hm-button kind="quiet" @click=${() => (this.isDating = false)}>${say.cancel}</hm-button><hm-button kind="primary" type="submit">${say.save}</hm-button></form>` : nothing}</div></div>`;
  }

  filled(person) {
    return html`${this.head(person)}<photo-list .source=${this.source} .person=${person} kind="found" label=${nameOf(person)} shown=${this.search.photo ?? nothing}>
      <div slot="empty" class="few"><hm-empty icon="user" heading=${say.nothingHere} text=${say.noFacesText}></hm-empty></div></photo-list>`;
  }

  render() {
    const person = this.person.data;
    const title = person ? nameOf(person) : say.people;
    this.title = title;
    return html`<hm-page-header back="/photos/people"><h1 class="visually-hidden" tabindex="-1">${title}</h1>${person ? this.tools(this.more()) : nothing}</hm-page-header><div class="body">
      ${this.person.render({ loading: () => html`<hm-skeleton kind="text" count="2"></hm-skeleton>`, data: (one) => this.filled(one), error: () => html`<div class="few"><hm-empty icon="user" heading=${say.noSuchPerson} text=${say.noSuchPersonText}><hm-button slot="action" href="/photos/people">${say.people}</hm-button></hm-empty></div>` })}</div>${this.drops.sign()}`;
  }
}
customElements.define('photo-person-page', PersonPage);
