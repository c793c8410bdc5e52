import { css, html, nothing, repeat } from '../vendor/lit.js';
import { count } from '../format.js';
import { onKey } from '../ui/controllers.js';
import './card.js';
import { say } from './en.js';
import { change, hide, merge, nameOf, portraitOf } from './people.js';
import { PhotosPage } from './photos-page.js';

const SEARCHED_FROM = 12;

/** Everybody who is on one's photos, by name or without one. */
class PeoplePage extends PhotosPage {
  static properties = { ...PhotosPage.properties, text: { state: true }, chosen: { state: true }, isChoosing: { state: true } };

  static styles = [PhotosPage.styles, css`
    .tools { display: flex; gap: 12px; align-items: center; padding: 4px 0 16px; } .tools hm-field { flex: 0 1 320px; } .tools p { color: var(--text2); font: var(--font-14); }
    .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(132px, 1fr)); gap: 28px 24px; padding-top: 4px; }
    .who { position: relative; } .who hm-menu { position: absolute; right: 0; top: 0; opacity: 0; transition: opacity var(--fast) ease-out; } .who hm-menu:focus-within, .who hm-menu[open] { opacity: 1; } @media (hover: hover) { .who:hover hm-menu { opacity: 1; } } @media (hover: none) { .who hm-menu { display: none; } }
    .who.hidden photo-card { opacity: .5; }
    .who .heart { position: absolute; left: 4px; top: 4px; color: var(--accent); --icon: 16px; }
    .who .tick { position: absolute; inset: 0; z-index: 1; border-radius: var(--radius); } .who .tick span { position: absolute; left: 4px; top: 4px; display: grid; place-items: center; width: 24px; height: 24px; border-radius: 50%; background: var(--bg); box-shadow: inset 0 0 0 2px var(--line2); color: transparent; }
    .who .tick[aria-checked="true"] span { background: var(--accent); box-shadow: none; color: var(--on); }
    @media (max-width: 719.98px) { .grid { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 20px 12px; } }
  `];

  people = this.query(() => '/api/people?size=1000&withHidden=true');

  constructor() {
    super();
    this.text = '';
    this.chosen = new Set();
    this.isChoosing = false;
    this.live({ 'photos.people': () => this.people.refresh() });
    onKey(this, { Escape: () => (this.isChoosing ? this.stop() : false) });
  }

  stop() {
    this.isChoosing = false;
    this.chosen = new Set();
  }

  more() {
    const isHidden = Boolean(this.search.hidden);
    return [{ id: 'select', label: say.choosePeople, icon: 'tick-circle' }, { id: 'hidden', label: isHidden ? say.hideHidden : say.showHidden, icon: isHidden ? 'eye-off' : 'eye' }, { separator: true }, ...super.more().slice(2)];
  }

  did(id) {
    if (id === 'select') this.isChoosing = true;
    if (id === 'hidden') this.setSearch({ hidden: this.search.hidden ? null : '1' });
  }

  items(person) {
    return [
      { id: 'favourite', label: person.isFavorite ? say.unfavourite : say.favourite, icon: person.isFavorite ? 'heart-filled' : 'heart' },
      { id: 'merge', label: say.mergeWith, icon: 'users' },
      { id: 'hide', label: person.isHidden ? say.showPerson : say.hidePerson, icon: person.isHidden ? 'eye' : 'eye-off' },
    ];
  }

  async run(id, person) {
    if (id === 'favourite') await change(person, { isFavorite: !person.isFavorite });
    if (id === 'hide') await hide([person], !person.isHidden);
    if (id === 'merge') {
      const { choosePerson } = await import('./person-dialog.js');
      const other = await choosePerson({ heading: say.whoElse(nameOf(person)), except: [person.id] });
      if (other) await merge(other.name && !person.name ? [other, person] : [person, other]);
    }
    this.people.refresh();
  }

  pick(person) {
    const chosen = new Set(this.chosen);
    if (!chosen.delete(person.id)) chosen.add(person.id);
    this.chosen = chosen;
  }

  async together(what) {
    const people = [...this.chosen].map((id) => this.people.data.people.find((one) => one.id === id)).filter(Boolean);
    if (what === 'merge') {
      people.sort((a, b) => Number(Boolean(b.name)) - Number(Boolean(a.name)));
      if (!(await merge(people))) return;
    } else await hide(people, !people.every((one) => one.isHidden));
    this.stop();
    this.people.refresh();
  }

  button(id, icon, label) {
    const run = () => this.together(id);
    return html`<hm-button class="not-phone" kind="quiet" icon=${icon} @click=${run}>${label}</hm-button><hm-icon-button class="only-phone" icon=${icon} label=${label} @click=${run}></hm-icon-button>`;
  }

  card = (person) => html`<div class="who ${person.isHidden ? 'hidden' : ''}">
    <photo-card round icon="user" src=${portraitOf(person) ?? nothing} name=${nameOf(person)} href=${`/photos/people/${person.id}`}></photo-card>
    ${person.isFavorite && !this.isChoosing ? html`<hm-icon class="heart" name="heart-filled" size="16" title=${say.favourite}></hm-icon>` : nothing}
    ${this.isChoosing
      ? html`<button class="tick" type="button" role="checkbox" aria-checked=${String(this.chosen.has(person.id))} aria-label=${nameOf(person)} @click=${() => this.pick(person)}><span><hm-icon name="check" size="16"></hm-icon></span></button>`
      : html`<hm-menu align="end" label=${say.moreOf(nameOf(person))} .items=${this.items(person)} @hm-select=${(event) => this.run(event.detail.id, person)}><hm-icon-button over size="small" icon="dots" label=${say.moreOf(nameOf(person))}></hm-icon-button></hm-menu>`}</div>`;

  filled({ people, hidden }) {
    const isHidden = Boolean(this.search.hidden);
    const wanted = this.text.trim().toLocaleLowerCase();
    const there = people.filter((one) => isHidden || !one.isHidden);
    if (!there.length) return html`<div class="few"><hm-empty icon="users" heading=${say.noPeople} text=${say.noPeopleText}>${hidden ? html`<hm-button slot="action" icon="eye" @click=${() => this.did('hidden')}>${say.showHidden}</hm-button>` : nothing}</hm-empty></div>`;
    const shown = there.filter((one) => one.name.toLocaleLowerCase().includes(wanted));
    return html`${there.length >= SEARCHED_FROM || isHidden ? html`<div class="tools">${there.length >= SEARCHED_FROM ? html`<hm-field type="search" hide-label label=${say.findPerson} placeholder=${say.findPerson} @input=${(event) => (this.text = event.target.value)}></hm-field>` : nothing}${isHidden ? html`<p>${say.hiddenToo}</p>` : nothing}</div>` : nothing}
      ${shown.length ? html`<div class="grid">${repeat(shown, (one) => one.id, this.card)}</div>` : html`<p class="hint">${say.nothingFound}</p>`}`;
  }

  render() {
    this.title = say.people;
    const n = this.chosen.size;
    return html`${this.tabbed('people')}<div class="body">${this.people.render({ loading: () => html`<hm-skeleton kind="covers"></hm-skeleton>`, data: (all) => this.filled(all) })}</div>
      <hm-action-bar ?open=${this.isChoosing} count-text=${n ? say.selected(n, count(n)) : say.choosePeople} label=${say.people} @hm-close=${() => this.stop()}>${n ? html`${n > 1 ? this.button('merge', 'users', say.merge) : nothing}${this.button('hide', 'eye-off', say.hidePeople)}` : nothing}</hm-action-bar>${this.drops.sign()}`;
  }
}
customElements.define('photo-people-page', PeoplePage);
