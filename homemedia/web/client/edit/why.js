// "Why is this here?": which files, what each thing was taken from, how it was matched.
import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { count, date, percent } from '../format.js';
import { session } from '../session.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { isMatchable, likely } from './fields.js';

class EditWhy extends LitElement {
  static properties = { item: { attribute: false }, found: { state: true }, problem: { state: true }, open: { type: Boolean } };

  static styles = [shared, css`
    dl { display: grid; grid-template-columns: 88px minmax(0, 1fr); gap: 14px 16px; font: var(--font-14); padding: 4px 0; } dt { color: var(--text2); } dd { overflow-wrap: anywhere; color: var(--text); }
    .second { display: block; margin-top: 2px; text-wrap: pretty; } .path + .path { margin-top: 6px; }
    @media (max-width: 719.98px) { dl { grid-template-columns: minmax(0, 1fr); gap: 2px; } dd { margin-bottom: 12px; } }
  `];

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    try {
      const [known, detail] = await Promise.all([api.get(`/api/media-item/${this.item.id}`), api.get(`/api/media/${this.item.id}`)]);
      this.found = { known, detail };
    } catch (error) {
      this.problem = error;
    }
  }

  close() {
    this.open = false;
    this.remove();
  }

  render() {
    return html`<hm-dialog ?open=${this.open} cross heading=${say.whyTitle} width="600" @hm-close=${() => this.close()}>
      ${this.problem ? html`<hm-notice tone="bad" role="alert">${this.problem.message}</hm-notice>` : this.found ? this.facts(this.found) : html`<hm-skeleton kind="text" count="6"></hm-skeleton>`}</hm-dialog>`;
  }

  facts({ known, detail }) {
    const library = session.libraries.find((one) => one.id === detail.libraryId);
    const versions = new Set((detail.files ?? []).map((file) => file.versionIndex)).size;
    const parts = Math.max(1, ...(detail.files ?? []).map((file) => file.partCount));
    const source = say.whyBy(known.sources.title);
    const row = (what, value, more = '') => (value ? html`<dt>${what}</dt><dd>${value}${more ? html`<span class="second">${more}</span>` : nothing}</dd>` : nothing);
    return html`<dl>
      ${known.paths?.length ? html`<dt>${known.paths.length > 1 ? say.whyFiles : say.whyFile}</dt><dd>${known.paths.map((path) => html`<p class="path">${path}</p>`)}${library ? html`<span class="second">${say.whyLibraryText(library.name)}</span>` : nothing}</dd>` : nothing}
      ${row(say.whyTitleFrom, known.fields.title, known.locked.includes('title') ? `${source}, ${say.whyLocked}` : source)}
      ${isMatchable(known.type) ? row(say.whyMatch, say.matched[known.matchState] ?? known.matchState, this.score(known)) : nothing}
      ${row(say.whyAdded, date(detail.addedAt))}
      ${versions > 1 ? row(say.whyVersions, count(versions), say.whyVersionsText(versions, count(versions))) : nothing}
      ${parts > 1 ? row(say.whyVersions, say.whyParts(parts, count(parts))) : nothing}</dl>`;
  }

  /** How sure the house was, where it says so. */
  score(known) {
    const score = known.matchScore ?? known.score;
    const number = known.ids?.tmdb ? `TMDb ${known.ids.tmdb}` : '';
    if (typeof score !== 'number') return number;
    const [, words] = likely(score, say.scores);
    return [say.whyScore(words, percent(score)), number].filter(Boolean).join(' · ');
  }
}
customElements.define('edit-why', EditWhy);

/** @param {import('../types.js').Summary} item */
export function showWhy(item) {
  document.body.append(Object.assign(document.createElement('edit-why'), { item, open: true }));
}
