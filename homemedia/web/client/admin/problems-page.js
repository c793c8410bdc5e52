import { LitElement, css, html } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { count } from '../format.js';
import { nameOf } from '../ui/paths.js';
import { media } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { session } from '../session.js';
import { OF_FOLDERS, diskTrouble } from './disk-trouble.js';
import { SectionPage } from './section-page.js';

/** One file that could not be read: its name, why, where. Of its own, since the grid draws rows in its own shadow. */
class ProblemRow extends LitElement {
  static properties = { problem: { attribute: false } };
  static styles = [shared, css`
    :host { display: flex; gap: 16px; align-items: center; height: 100%; border-bottom: 1px solid var(--line); }
    hm-icon { color: var(--bad); flex: none; }
    div { min-width: 0; flex: 1; }
    .why { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; text-wrap: pretty; }
  `];

  render() {
    const { path, error } = this.problem;
    return html`<hm-icon name="warning"></hm-icon><div>
      <p class="name one-line" title=${path}>${nameOf(path)}</p><p class="second why" title=${error}>${error}</p><p class="hint one-line" title=${path}>${path}</p></div>`;
  }
}
customElements.define('problem-row', ProblemRow);

const row = (problem) => html`<problem-row .problem=${problem}></problem-row>`;

class ProblemsPage extends SectionPage {
  static properties = { ...SectionPage.properties, version: { state: true } };
  static styles = [SectionPage.styles, css`.text { font: var(--font-14); color: var(--text2); max-width: 60ch; text-wrap: pretty; }`];

  first = this.query(() => `/api/home/library/${this.params.id}/problems?limit=20`);

  constructor() {
    super();
    this.version = 0;
    this.live({
      'scan.finished': () => {
        this.version += 1;
        this.first.refresh();
      },
    });
  }

  page = async (offset, limit) => (await api.get(`/api/home/library/${this.params.id}/problems`, { offset, limit })).problems;

  get library() {
    return session.libraries.find((library) => library.id === this.params.id);
  }

  render() {
    return this.framed('administration', 'libraries', this.first.render({
      loading: () => html`<hm-skeleton kind="text" count="8"></hm-skeleton>`,
      error: (problem) => (problem.status === 404 ? this.gone() : html`<hm-error heading=${problem.message} retry=${say.again} @hm-retry=${() => this.first.refresh()}></hm-error>`),
      data: ({ totalCount, problems }) => this.all(totalCount, problems.find((problem) => OF_FOLDERS.has(problem.code))),
    }));
  }

  gone() {
    return html`<hm-empty icon="question" heading=${say.notFoundLibrary}><hm-button slot="action" href="/admin/libraries">${say.libraries}</hm-button></hm-empty>`;
  }

  all(totalCount, ofFolder) {
    const name = this.library?.name ?? '';
    const trouble = this.library?.available === false ? diskTrouble(this.library, ofFolder?.code, ofFolder?.error, this.scan) : '';
    if (trouble && totalCount <= 1) {
      return html`<div class="title"><hm-icon-button icon="arrow-left" label=${say.libraries} href="/admin/libraries"></hm-icon-button><h2>${name}</h2></div>${trouble}`;
    }
    return html`
      <div><div class="title"><hm-icon-button icon="arrow-left" label=${say.libraries} href="/admin/libraries"></hm-icon-button><h2>${totalCount ? say.problemsTitle(totalCount, count(totalCount), name) : name}</h2></div>
        ${totalCount ? html`<p class="text">${say.problemsText}</p>` : ''}</div>
      ${trouble}
      ${totalCount === 0
        ? html`<hm-empty icon="tick-circle" heading=${say.problemsNone} text=${say.problemsNoneText}></hm-empty>`
        : html`<div class="actions"><hm-button icon="refresh" @click=${this.again}>${say.scan}</hm-button></div>
          <hm-virtual-grid kind="list" row-height=${media.isPhone() ? 104 : 88} label=${say.couldNotRead(totalCount, count(totalCount))} total-count=${totalCount} .version=${this.version} .page=${this.page} .renderItem=${row}></hm-virtual-grid>`}`;
  }

  again = () => this.scan();

  scan = async (body) => {
    try {
      await api.post(`/api/libraries/${this.params.id}/scan`, body);
      toast(say.scanStarted(this.library?.name ?? ''));
      invalidate('/api/scan-status');
    } catch (error) {
      toastError(error);
    }
  };
}
customElements.define('library-problems-page', ProblemsPage);
