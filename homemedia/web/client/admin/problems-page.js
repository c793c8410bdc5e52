import { css, html } from '../vendor/lit.js';
import { api } from '../api.js';
import { say } from './en.js';
import { session } from '../session.js';
import { SectionPage } from './section-page.js';

class ProblemsPage extends SectionPage {
  static properties = { ...SectionPage.properties, total: { state: true } };
  static styles = [SectionPage.styles, css`
    .problem { display: flex; gap: 12px; padding: 12px 0; border-bottom: 1px solid var(--line); height: 72px; }
    .problem hm-icon { color: var(--bad); flex: none; }
    .words { min-width: 0; flex: 1; }
  `];

  first = this.query(() => `/api/home/library/${this.params.id}/problems?limit=1`);

  page = async (offset, limit) => (await api.get(`/api/home/library/${this.params.id}/problems`, { offset, limit })).problems;

  get library() {
    return session.libraries.find((library) => library.id === this.params.id);
  }

  render() {
    return this.framed('administration', 'libraries', this.first.render({
      loading: () => html`<hm-skeleton kind="line" count="8"></hm-skeleton>`,
      data: ({ totalCount }) => html`
        <div><h2>${say.problemsTitle(this.library?.name ?? '')}</h2><p class="second">${say.problemsText}</p></div>
        ${totalCount === 0
          ? html`<hm-empty icon="tick-circle" heading=${say.problemsNone} text=${say.problemsNoneText}></hm-empty>`
          : html`<hm-virtual-grid kind="list" row-height="72" total-count=${totalCount} .page=${this.page} .renderItem=${this.row}></hm-virtual-grid>`}`,
    }));
  }

  row = (problem) => html`
    <div class="problem"><hm-icon name="warning"></hm-icon>
      <div class="words"><p class="name one-line" title=${problem.path}>${problem.path.split(/[\\/]/).pop()}</p>
        <p class="second one-line">${problem.error}</p><p class="hint one-line" title=${problem.path}>${problem.path}</p></div></div>`;
}
customElements.define('library-problems-page', ProblemsPage);
