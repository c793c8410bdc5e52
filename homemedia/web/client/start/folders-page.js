import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { count, counted, duration, join, size } from '../format.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { Page } from '../ui/page.js';
import '../ui/folder-picker.js';
import { makeLibraries } from './make-libraries.js';
import { say } from './en.js';
import { start } from './styles.js';
import { startTop } from './top.js';

const READY = '/setup/ready';

/** Second step of the first run: which folders. What looks like films, shows or home videos is ticked already. */
class FoldersPage extends Page {
  static properties = { ...Page.properties, chosen: { state: true }, busy: { state: true }, problem: { state: true } };

  static styles = [Page.styles, start, css`
    hm-folder-picker { margin-top: 28px; }
    .foot { display: flex; align-items: center; gap: 8px; margin-top: 24px; }
    .words { flex: 1 1 280px; min-width: 0; font: var(--font-14); color: var(--text2); font-variant-numeric: tabular-nums; }
    hm-notice { margin-top: 16px; }
    @media (max-width: 719.98px) {
      hm-folder-picker { margin-top: 16px; }
      .foot { position: sticky; z-index: 2; bottom: 0; flex-wrap: wrap; background: var(--bg); padding: 12px 0 calc(12px + env(safe-area-inset-bottom, 0px)); margin-top: 4px; }
      .words { flex-basis: 100%; } .foot hm-button[kind="primary"] { flex: 1; }
    }
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
      await makeLibraries([...this.chosen.values()], api);
      await session.readLibraries();
      go(READY, { replace: true });
    } catch (error) {
      this.problem = error;
    } finally {
      this.busy = false;
    }
  }

  get words() {
    const all = [...this.chosen.values()];
    if (!all.length) return say.chosenNone;
    const sum = (key) => all.reduce((whole, one) => whole + (one[key] ?? 0), 0);
    const files = sum('files');
    if (!files) return say.folders(all.length);
    const seconds = sum('estimatedScanSeconds');
    const more = all.some((one) => !one.isComplete) ? say.atLeast : (text) => text;
    return join(say.folders(all.length), more(counted(files, 'file', 'files')), more(size(sum('bytes'))), seconds < 60 ? say.firstPictures : say.readIn(duration(seconds * 1000)));
  }

  render() {
    this.title = say.steps[1];
    const n = this.chosen.size;
    const hasSome = session.libraries.length > 0;
    return html`
      ${startTop(1)}
      <main class="start-wide">
        <h1 class="t40" tabindex="-1">${say.foldersTitle}</h1>
        <p>${say.foldersText}</p>
        <hm-folder-picker suggest .chosen=${this.chosen} @hm-change=${this.changed}></hm-folder-picker>
        ${this.problem ? html`<hm-notice tone="bad" role="alert" heading=${this.problem.path ?? nothing}>${this.problem.message}</hm-notice>` : nothing}
        <div class="foot">
          <span class="words" aria-live="polite">${this.words}</span>
          <hm-button kind="quiet" ?disabled=${this.busy} @click=${() => go(READY, { replace: true })}>${hasSome ? say.goOn : say.later}</hm-button>
          <hm-button kind="primary" ?disabled=${n === 0} ?busy=${this.busy} @click=${this.use}>${this.busy ? say.adding : say.use(n, count(n))}</hm-button>
        </div>
      </main>`;
  }

  changed = (event) => {
    this.chosen = event.detail.chosen;
    this.problem = null;
  };
}
customElements.define('setup-folders-page', FoldersPage);
