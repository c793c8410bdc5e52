import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { count, join } from '../format.js';
import { back, holdNavigation } from '../router.js';
import { Page } from '../ui/page.js';
import '../ui/chips-field.js';
import { addressIn, pictureIn } from '../ui/picture-choice.js';
import { typing } from '../ui/controllers.js';
import { media } from '../ui/platform.js';
import { toast } from '../ui/toast.js';
import { gone } from '../watch/gone.js';
import { itemHref } from '../watch/links.js';
import { done, upload, uploadPath } from './deeds.js';
import { say } from './en.js';
import { bodyOf, changesOf, formOf, groupsOf, isMatchable, reasonFor, shownAs, wrongIn } from './fields.js';
import { matchHref } from './menu.js';

const HALF = new Set(['year', 'releaseDate', 'airDate', 'contentRating', 'rating', 'index', 'status']);
const LARGEST = 20 * 2 ** 20;
const EMPTY = { fields: {}, ids: {}, locks: {} };
const WIDE = new Set(['episode', 'video']);
const SQUARE = new Set(['artist', 'album', 'track']);

/** Everything known of one thing, to be changed by hand: pictures at the left, fields at the right. */
class EditPage extends Page {
  static properties = { ...Page.properties, draft: { state: true }, busy: { state: true }, problem: { state: true }, wrong: { state: true }, adding: { state: true } };

  static styles = [Page.styles, css`
    .columns { display: grid; grid-template-columns: minmax(280px, 392px) minmax(0, 756px); gap: 40px; align-items: start; padding-top: 12px; padding-bottom: calc(var(--bottom) + 112px); }
    .pictures { display: flex; flex-direction: column; gap: 36px; position: sticky; top: calc(var(--top) + 12px); max-height: calc(100dvh - var(--top) - 24px); overflow-y: auto; scrollbar-width: thin; padding: 4px 4px 24px; margin: -4px; }
    .background { --picture-width: 168px; --picture-width-phone: 148px; } .wide { --picture-width: 168px; --picture-width-phone: 148px; }
    .fields { display: flex; flex-direction: column; gap: 20px; min-width: 0; }
    .panel h2 { font: var(--font-16); letter-spacing: -0.008em; margin-bottom: 16px; }
    .group { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 20px 20px; } .entry { grid-column: 1 / -1; min-width: 0; } .entry.half { grid-column: auto; }
    .head { display: flex; align-items: center; gap: 8px; min-height: 32px; } .head label { font: var(--font-14); font-weight: 500; white-space: nowrap; } .from { margin-left: auto; text-align: end; min-width: 0; } .mine { color: var(--accent); }
    .head hm-icon-button { margin-right: -6px; } .head hm-icon-button:not([pressed]) { --on-it: var(--text3); }
    .ids { grid-template-columns: repeat(3, minmax(0, 1fr)); }
    .group + .second, .group + .hint { margin-top: 12px; }
    .where { display: flex; flex-direction: column; gap: 8px; font: var(--font-14); overflow-wrap: anywhere; } .where li { display: flex; gap: 12px; } .where hm-icon { flex: none; color: var(--text2); }
    .match { display: flex; align-items: center; gap: 12px; flex-wrap: wrap; margin-top: 16px; padding-top: 16px; border-top: 1px solid var(--line); font: var(--font-14); } .match span { flex: 1 1 auto; color: var(--text2); }
    .bar-key { margin-left: 4px; }
    @media (max-width: 1099.98px) { .columns { grid-template-columns: minmax(220px, 280px) minmax(0, 1fr); gap: 28px; } }
    @media (max-width: 859.98px) { .columns { grid-template-columns: minmax(0, 1fr); gap: 24px; padding-top: 0; } .pictures { position: static; max-height: none; overflow: visible; padding: 0; margin: 0; gap: 28px; } }
    @media (max-width: 719.98px) { .ids { grid-template-columns: repeat(2, minmax(0, 1fr)); } .head { min-height: 44px; } .half .from:not(.mine) { display: none; } .half .head hm-icon-button { margin-left: auto; } .group { gap: 12px; } }
  `];

  known = this.query(() => `/api/media-item/${this.params.key}`, { maxAge: 0 });
  item = this.query(() => `/api/media/${this.params.key}`);
  filters = this.query(() => (this.item.data ? `/api/home/library/filters?library=${this.item.data.libraryId}` : null));

  constructor() {
    super();
    this.forget();
    this.keyed = (event) => this.hotkey(event);
    this.pasted = (event) => this.paste(event);
  }

  forget() {
    this.draft = EMPTY;
    this.busy = false;
    this.problem = null;
    this.wrong = {};
    this.adding = {};
  }

  willUpdate(changed) {
    if (changed.has('params')) this.forget();
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('keydown', this.keyed);
    document.addEventListener('paste', this.pasted);
    this.free = holdNavigation(() => (this.changes?.count && !this.leaving ? say.unsaved : null));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.keyed);
    document.removeEventListener('paste', this.pasted);
    this.free?.();
  }

  get changes() {
    return this.known.data ? changesOf(this.known.data, this.draft) : null;
  }

  hotkey(event) {
    if (event.key !== 's' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.save();
  }

  paste(event) {
    if (typing(event) || !this.known.data) return;
    const file = pictureIn(event.clipboardData);
    const url = file ? null : addressIn(event.clipboardData);
    if (!file && !url) return;
    event.preventDefault();
    if (file) this.addFile('thumb', file);
    else this.setPicture('thumb', { url });
  }

  type(field, shown) {
    this.draft = { ...this.draft, fields: { ...this.draft.fields, [field]: shown } };
    if (this.wrong[field]) this.wrong = { ...this.wrong, [field]: undefined };
    if (this.problem && reasonFor(this.problem, field)) this.problem = null;
  }

  typeId(name, text) {
    this.draft = { ...this.draft, ids: { ...this.draft.ids, [name]: text } };
    this.wrong = { ...this.wrong, [`ids.${name}`]: undefined };
  }

  lock(field, is) {
    this.draft = { ...this.draft, locks: { ...this.draft.locks, [field]: is } };
  }

  discard() {
    const before = this.draft;
    this.draft = EMPTY;
    this.wrong = {};
    this.problem = null;
    toast(say.discarded, { undo: () => (this.draft = before) });
  }

  async save() {
    for (const field of this.renderRoot.querySelectorAll('hm-chips-field')) field.commit();
    const { changes } = this;
    if (!changes?.count || this.busy) return;
    this.wrong = wrongIn(changes, say);
    if (Object.values(this.wrong).some(Boolean)) {
      this.toWrong();
      return;
    }
    this.busy = true;
    this.problem = null;
    try {
      const answer = await api.put(`/api/media-item/${this.params.key}`, bodyOf(changes));
      const { editId, ...known } = answer;
      this.known.update(() => known);
      this.draft = EMPTY;
      this.leaving = true;
      done(say.saved, editId);
      back(this.backTo);
    } catch (error) {
      this.problem = error;
      this.toWrong();
    } finally {
      this.busy = false;
    }
  }

  async toWrong() {
    await this.updateComplete;
    const first = this.renderRoot.querySelector('hm-field[error]:not([error=""]), hm-chips-field[error]:not([error=""]), [role="alert"]');
    first?.scrollIntoView({ block: 'center' });
    first?.focus?.();
  }

  get backTo() {
    return this.item.data ? itemHref(this.item.data) : '/';
  }

  /** A choice of pictures takes effect at once; the way back is in the toast. */
  async setPicture(kind, choice) {
    this.adding = { ...this.adding, [kind]: { busy: typeof choice === 'string' ? choice : null, progress: choice?.url ? 1 : null } };
    try {
      const { editId, ...known } = await api.put(`/api/media-item/${this.params.key}`, { [kind]: choice });
      this.shown(kind, known, editId, choice === null ? say.pictureAutomatic : say.pictureChanged[kind]);
    } catch (error) {
      this.adding = { ...this.adding, [kind]: { error: reasonFor(error, kind) ?? error.message } };
    }
  }

  shown(kind, known, editId, words) {
    this.adding = { ...this.adding, [kind]: null };
    this.known.update(() => known);
    this.renderRoot.querySelector(`hm-picture-choice[data-kind="${kind}"]`)?.done();
    done(words, editId, () => this.known.refresh());
  }

  async addFile(kind, file) {
    const error = file.size > LARGEST ? say.tooLarge : null;
    this.adding = { ...this.adding, [kind]: error ? { error } : { progress: 0 } };
    if (error) return;
    try {
      const { editId, ...known } = await upload(uploadPath(this.params.key, kind), file, (progress) => (this.adding = { ...this.adding, [kind]: { progress } }));
      this.shown(kind, known, editId, say.pictureChanged[kind]);
    } catch (problem) {
      this.adding = { ...this.adding, [kind]: { error: problem.message } };
    }
  }

  render() {
    const loading = () => html`<hm-page-header back="/" heading=${say.edit}></hm-page-header><div class="body columns"><hm-skeleton kind="grid" count="2"></hm-skeleton><hm-skeleton kind="panel" count="3"></hm-skeleton></div>`;
    return this.known.render({ loading, error: (error) => gone(this, error, '/', () => this.known.refresh()), data: (known) => this.page(known) });
  }

  page(known) {
    const heading = say.editOf[known.type] ?? say.edit;
    const { changes } = this;
    this.title = join(heading, known.fields.title);
    return html`
      <hm-page-header back=${this.backTo} heading=${heading} sub=${media.isPhone() ? nothing : (known.fields.title ?? nothing)}></hm-page-header>
      <div class="body columns">
        <div class="pictures">${this.pictures(known)}</div>
        <form class="fields" novalidate @submit=${(event) => { event.preventDefault(); this.save(); }}>
          ${this.problem && !this.isPlaced(known) ? html`<hm-notice tone="bad" role="alert" tabindex="-1">${this.problem.message}</hm-notice>` : nothing}
          ${groupsOf(known).map((group) => html`<section class="panel"><h2>${say.groups[group.name]}</h2><div class="group">${group.fields.map((field) => this.entry(known, field, changes))}</div></section>`)}
          ${this.ids(known)}${this.where(known)}
        </form>
      </div>
      <hm-action-bar no-close ?open=${changes.count > 0} count-text=${say.changes(changes.count, count(changes.count))}>
        <hm-button kind="quiet" ?disabled=${this.busy} @click=${() => this.discard()}>${say.discard}</hm-button>
        <hm-button kind="primary" ?busy=${this.busy} @click=${() => this.save()}>${this.busy ? say.saving : say.save}</hm-button>
      </hm-action-bar>`;
  }

  isPlaced(known) {
    const places = [...Object.keys(known.fields), ...Object.keys(say.ids).map((name) => `ids.${name}`)];
    return places.some((field) => reasonFor(this.problem, field));
  }

  entry(known, field, changes) {
    const label = say.fieldsOf[known.type]?.[field] ?? say.fields[field];
    const form = formOf(field);
    const isChanged = field in changes.fields;
    const isLocked = isChanged || (this.draft.locks[field] ?? known.locked.includes(field));
    const source = known.sources[field];
    const from = isChanged ? say.willBeYours : source === 'filename' && SQUARE.has(known.type) ? say.fromTags : (say.sources[source] ?? '');
    const shown = this.draft.fields[field] ?? shownAs(field, known.fields[field]);
    const error = this.wrong[field] ?? reasonFor(this.problem, field) ?? '';
    return html`<div class="entry ${HALF.has(field) ? 'half' : ''}">
      <div class="head"><label @click=${(event) => event.currentTarget.closest('.entry').querySelector('hm-field, hm-chips-field').focus()}>${label}</label>
        <span class="hint from one-line ${isChanged ? 'mine' : ''}">${from}</span>
        <hm-icon-button size="small" icon=${isLocked ? 'lock' : 'unlock'} icon-size="16" toggle ?pressed=${isLocked} ?disabled=${isChanged} label=${isLocked ? say.locked(label) : say.lock(label)} @click=${() => this.lock(field, !isLocked)}></hm-icon-button></div>
      ${form === 'list'
        ? html`<hm-chips-field label=${label} hide-label .values=${shown} .suggestions=${this.suggestions(field)} placeholder=${say.chipsHint} hint=${say.hints[field] ?? nothing} error=${error} maxlength="100" @hm-change=${(event) => this.type(field, event.detail.values)}></hm-chips-field>`
        : html`<hm-field label=${label} hide-label name=${field} type=${{ long: 'textarea', choice: 'select' }[form] ?? 'text'} .options=${Object.entries(say.statuses).map(([value, words]) => ({ value, label: words }))} rows="5" inputmode=${form === 'number' ? 'decimal' : nothing} placeholder=${form === 'date' ? 'YYYY-MM-DD' : nothing} .value=${shown} hint=${say.hints[field] ?? nothing}
            error=${error} autocomplete="off" @input=${(event) => this.type(field, event.target.value)}></hm-field>`}</div>`;
  }

  /** Genres and labels the library knows already. */
  suggestions(field) {
    return (this.filters.data?.[field] ?? []).map((one) => one.name);
  }

  ids(known) {
    const names = [...new Set([...(isMatchable(known.type) ? ['tmdb', 'imdb', 'tvdb'] : []), ...Object.keys(known.ids ?? {})])].filter((name) => say.ids[name]);
    if (!names.length) return nothing;
    return html`<section class="panel"><h2>${say.groups.ids}</h2><div class="group ids">${names.map((name) => html`
      <hm-field label=${say.ids[name]} name="ids.${name}" .value=${this.draft.ids[name] ?? shownAs(name, known.ids?.[name])} error=${this.wrong[`ids.${name}`] ?? reasonFor(this.problem, `ids.${name}`) ?? ''} autocomplete="off"
        @input=${(event) => this.typeId(name, event.target.value)}></hm-field>`)}</div>
      ${isMatchable(known.type) ? html`<div class="match"><span>${say.matched[known.matchState] ?? ''}</span><hm-button icon="search" href=${matchHref(this.item.data ?? { id: known.ratingKey, type: known.type })}>${say.fixMatch}</hm-button></div>` : nothing}</section>`;
  }

  where(known) {
    if (!known.paths?.length) return nothing;
    return html`<section class="panel"><h2>${say.groups.where}</h2><ul class="where">${known.paths.map((path) => html`<li><hm-icon name="folder"></hm-icon><span>${path}</span></li>`)}</ul></section>`;
  }

  pictures(known) {
    const label = { thumb: SQUARE.has(known.type) ? say.cover : WIDE.has(known.type) ? say.still : say.poster, art: say.background };
    const kinds = ['thumb', 'art'].filter((kind) => known.artwork?.[kind] && !(kind === 'art' && SQUARE.has(known.type) && !known.artwork.art.length));
    const ratio = (kind) => (kind === 'art' || WIDE.has(known.type) ? '16/9' : SQUARE.has(known.type) ? '1/1' : '2/3');
    return html`${kinds.map((kind) => {
      const pictures = known.artwork[kind].map((one) => ({ ...one, url: this.small(one, kind), caption: this.source(one), second: one.width && one.height ? say.pixels(one.width, one.height) : '' }));
      const isByHand = known.artwork[kind].some((one) => one.selected && one.manual) || known.locked.includes(kind) || known.sources[kind] === 'manual';
      const { busy, progress, error } = this.adding[kind] ?? {};
      return html`<hm-picture-choice class=${kind === 'art' ? 'background' : WIDE.has(known.type) ? 'wide' : ''} data-kind=${kind} label=${label[kind]} ratio=${ratio(kind)} ?automatic=${!isByHand} .pictures=${pictures} .progress=${progress ?? null} .busy=${busy ?? null} error=${error ?? nothing}
        @hm-choose=${(event) => this.setPicture(kind, event.detail.id)} @hm-automatic=${() => this.setPicture(kind, null)} @hm-add-file=${(event) => this.addFile(kind, event.detail.file)}
        @hm-add-address=${(event) => this.setPicture(kind, { url: event.detail.url })} @hm-add-refused=${() => (this.adding = { ...this.adding, [kind]: { error: say.notAPicture } })}></hm-picture-choice>`;
    })}<p class="hint not-phone">${say.pasteHint}</p>`;
  }

  small(one, kind) {
    const width = kind === 'art' ? 480 : 320;
    return one.url.includes('?') ? `${one.url}&w=${width}` : `${one.url}?w=${width}`;
  }

  source(one) {
    return say.pictureSources[one.source ?? String(one.id).split(':')[0]] ?? '';
  }
}
customElements.define('edit-page', EditPage);
