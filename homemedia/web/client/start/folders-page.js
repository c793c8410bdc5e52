import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { count, counted, join, size } from '../format.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { Page } from '../ui/page.js';
import '../ui/folder-picker.js';
import { makeLibraries } from './make-libraries.js';
import { say } from './en.js';
import { start } from './styles.js';
import { startTop } from './top.js';

/** Second step of the first run: which folders. What looks like films, shows or home videos is ticked already. */
class FoldersPage extends Page {
  static properties = { ...Page.properties, chosen: { state: true }, busy: { state: true }, problem: { state: true } };

  static styles = [Page.styles, start, css`
    hm-folder-picker { margin-top: 28px; }
    .foot { display: flex; align-items: center; gap: 16px; margin-top: 24px; flex-wrap: wrap; }
    .foot .second { flex: 1 1 280px; font: var(--font-14); }
    hm-notice { margin-top: 16px; }
    @media (max-width: 719.98px) { .foot { position: sticky; bottom: 0; background: var(--bg); padding: 12px 0; margin-top: 8px; } .foot hm-button[kind="primary"] { flex: 1; } hm-folder-picker { margin-top: 16px; } }
  `];

  constructor() {
    super();
    this.chosen = new Map();
    this.busy = false;
    this.problem = null;
  }

  async use() {
    this.busy = true;
    this.problem = null;
    try {
      await makeLibraries([...this.chosen.values()], (library) => api.post('/api/libraries', library));
      await session.readLibraries();
      go('/setup/ready', { replace: true });
    } catch (error) {
      this.problem = error;
    } finally {
      this.busy = false;
    }
  }

  get words() {
    const all = [...this.chosen.values()];
    if (!all.length) return say.chosenNone;
    const files = all.reduce((sum, one) => sum + (one.files ?? 0), 0);
    const bytes = all.reduce((sum, one) => sum + (one.bytes ?? 0), 0);
    return join(say.folders(all.length), files ? counted(files, 'file', 'files') : '', bytes ? size(bytes) : '', files ? say.firstPictures : '');
  }

  render() {
    this.title = say.steps[1];
    return html`
      ${startTop(1)}
      <main class="start-wide">
        <h1 class="t40" tabindex="-1">${say.foldersTitle}</h1>
        <p>${say.foldersText}</p>
        <hm-folder-picker suggest .chosen=${this.chosen} @hm-change=${(event) => (this.chosen = event.detail.chosen)}></hm-folder-picker>
        ${this.problem ? html`<hm-notice tone="bad" role="alert">${this.problem.message}</hm-notice>` : nothing}
        <div class="foot">
          <span class="second" aria-live="polite">${this.words}</span>
          <hm-button kind="quiet" @click=${() => go('/setup/ready', { replace: true })}>${say.later}</hm-button>
          <hm-button kind="primary" ?disabled=${this.chosen.size === 0} ?busy=${this.busy} @click=${this.use}>${this.busy ? say.adding : say.use(this.chosen.size, count(this.chosen.size))}</hm-button>
        </div>
      </main>`;
  }
}
customElements.define('setup-folders-page', FoldersPage);
