import { css, html } from '../vendor/lit.js';
import { ago, count, join } from '../format.js';
import { say } from '../edit/en.js';
import { undo } from '../edit/deeds.js';
import { SectionPage } from './section-page.js';

const ICONS = { edit: 'edit', bulk: 'list', artwork: 'image', match: 'search', refresh: 'refresh' };
const LIMIT = 100;

/** What was changed by hand lately, each with its way back. */
class EditsPage extends SectionPage {
  static properties = { ...SectionPage.properties, busy: { state: true } };

  static styles = [SectionPage.styles, css`
    .text { font: var(--font-14); color: var(--text2); max-width: 64ch; text-wrap: pretty; }
    .panel.rows { padding-block: 8px; }
    .edit { display: grid; grid-template-columns: 24px minmax(0, 1fr) auto; gap: 16px; align-items: center; min-height: 64px; padding: 10px 0; } .edit > hm-icon { color: var(--text2); }
    .undone .name { color: var(--text2); }
  `];

  edits = this.query(() => `/api/home/library/edits?limit=${LIMIT}`, { maxAge: 0 });

  constructor() {
    super();
    this.busy = null;
    this.live({ 'library.changed': () => this.edits.refresh() });
  }

  render() {
    return this.framed('administration', 'edits', this.edits.render({
      loading: () => html`<hm-skeleton kind="panel" count="1"></hm-skeleton>`,
      data: ({ edits }) => (edits.length
        ? html`<p class="text">${say.editsText}</p><section class="panel rows" role="list">${edits.map((edit) => this.edit(edit))}</section>`
        : html`<hm-empty icon="edit" heading=${say.noEdits} text=${say.noEditsText}></hm-empty>`),
    }));
  }

  edit(edit) {
    const title = edit.title ?? say.untitled;
    const words = edit.count > 1 ? say.editMany(title, edit.count - 1, count(edit.count - 1)) : title;
    return html`<div class="edit ${edit.undone ? 'undone' : ''}" role="listitem"><hm-icon name=${ICONS[edit.what] ?? 'edit'} size="24"></hm-icon>
      <div><p class="name">${words}</p><p class="second">${join(say.editKinds[edit.what] ?? say.editKinds.edit, ago(edit.at), edit.by ? say.editBy(edit.by) : '')}</p></div>
      ${edit.undone ? html`<span class="second">${say.editUndone}</span>` : html`<hm-button size="small" label=${`${say.undo}: ${words}`} ?busy=${this.busy === edit.id} @click=${() => this.undo(edit)}>${say.undo}</hm-button>`}</div>`;
  }

  async undo(edit) {
    this.busy = edit.id;
    await undo(edit.id);
    await this.edits.refresh();
    this.busy = null;
  }
}
customElements.define('edits-page', EditsPage);
