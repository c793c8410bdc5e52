import { css, html, nothing } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { ago, count, counted, join, size } from '../format.js';
import { confirmDialog } from '../ui/dialog.js';
import { toast, toastError } from '../ui/toast.js';
import { session } from '../session.js';
import { OF_FOLDERS, diskTrouble } from './disk-trouble.js';
import { say } from './en.js';
import { machinePanels } from './machine.js';
import './scan-panel.js';
import { SectionPage } from './section-page.js';

const ICONS = { movie: 'film', show: 'show', video: 'video', music: 'music', photo: 'photos' };
// Progress arrives up to four times a second from each scan; reading it more than twice a second helps nobody.
const LOOK_EVERY_MS = 500;
const SHOWN_AT_MOST = 50;

class LibrariesPage extends SectionPage {
  static properties = { ...SectionPage.properties, leaving: { state: true } };

  static styles = [SectionPage.styles, css`
    .top { display: flex; align-items: center; gap: 12px; justify-content: space-between; min-height: 40px; }
    .library { display: flex; flex-direction: column; gap: 16px; }
    .head { display: grid; grid-template-columns: 24px minmax(0, 1fr) auto; gap: 0 16px; align-items: start; }
    .head > hm-icon { color: var(--text2); margin-top: 0; }
    .facts { font: var(--font-14); color: var(--text2); }
    .paths { overflow-wrap: anywhere; margin-top: 2px; }
    .machine { display: none; gap: 20px; }
    @media (min-width: 1280px) { .machine { display: flex; } }
    @media (max-width: 719.98px) { .head { grid-template-columns: minmax(0, 1fr) auto; } .head > hm-icon { display: none; } }
  `];

  libraries = this.query(() => '/api/libraries');
  status = this.query(() => '/api/scan-status', { poll: 5000, maxAge: 0 });
  server = this.query(() => '/api/status', { poll: 15_000 });
  previews = this.query(() => '/api/home/playback/trickplay', { poll: 15_000 });
  addresses = this.query(() => '/api/home/server/addresses', { poll: 30_000 });

  constructor() {
    super();
    this.leaving = new Set();
    this.live({
      'scan.started': () => this.look(),
      'scan.progress': () => this.look(),
      'scan.finished': () => {
        this.status.refresh();
        invalidate('/api/libraries', '/api/home/library/');
      },
      'libraries.changed': () => this.libraries.refresh(),
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    this.timer = 0;
  }

  look() {
    this.timer ||= setTimeout(() => {
      this.timer = 0;
      this.status.refresh();
    }, LOOK_EVERY_MS);
  }

  render() {
    const aside = html`<div class="machine stack">${machinePanels(this.server.data, this.addresses.data)}</div>`;
    return this.framed('administration', 'libraries', this.libraries.render({
      loading: () => html`<hm-skeleton kind="panel" count="3"></hm-skeleton>`,
      data: (answer) => {
        const libraries = answer.libraries.filter((library) => !this.leaving.has(library.id));
        return libraries.length ? this.all(libraries) : this.none();
      },
    }), aside);
  }

  none() {
    return html`<hm-empty icon="folder" heading=${say.none} text=${say.noneText}><hm-button slot="action" kind="primary" icon="plus" href="/admin/libraries/new">${say.add}</hm-button></hm-empty>`;
  }

  all(libraries) {
    return html`
      <div class="top"><h2>${say.libraries}</h2><hm-button kind="primary" icon="plus" href="/admin/libraries/new">${say.add}</hm-button></div>
      ${this.paused()}${libraries.map((library) => this.library(library, libraries))}${this.drawPreviews(this.previews.data)}`;
  }

  /** Somebody holds all scans: here, at the icon beside the clock, or through the photo API. */
  paused() {
    if (!this.status.data?.paused) return nothing;
    return html`<hm-notice tone="warn" heading=${say.scansPaused}>${say.scansPausedText}<hm-button slot="action" size="small" icon="play" @click=${this.goOn}>${say.goOnScanning}</hm-button></hm-notice>`;
  }

  goOn = async () => {
    try {
      await api.put('/api/jobs/library', { command: 'resume', force: false }, { quiet: true });
    } catch (error) {
      toastError(error);
    }
    this.status.refresh();
  };

  /** How far the small pictures to look for a scene by are: nobody has to do anything about them. */
  drawPreviews(found) {
    if (!found?.enabled || !(found.made + found.waiting + found.failed)) return nothing;
    const toCome = found.waiting ? (found.resting ? say.previewsRest : say.previewsToCome)(count(found.waiting)) : '';
    return html`<p class="hint previews">${join(say.previewsMade(counted(found.made, 'film', 'films')), toCome, found.failed ? say.previewsNone(count(found.failed)) : '', size(found.size))}</p>`;
  }

  library(library, libraries) {
    const status = this.status.data;
    // What waits while all is held is not under way.
    const running = status?.scans.find((scan) => scan.libraryId === library.id && !(status.paused && scan.state === 'queued'));
    const last = status?.last.find((scan) => scan.libraryId === library.id && scan.kind === 'scan');
    const menu = html`<hm-menu .items=${this.items(library, libraries, Boolean(running))} align="end" label=${say.more(library.name)} @hm-select=${(event) => this.picked(event.detail.id, library, libraries)}>
      <hm-icon-button icon="dots" label=${say.more(library.name)}></hm-icon-button></hm-menu>`;
    return html`
      <section class="panel library" aria-label=${library.name}>
        ${running ? html`<hm-scan-panel .scan=${running} @hm-stopped=${() => this.status.refresh()}>${menu}</hm-scan-panel>` : this.head(library, last, menu)}
        ${running ? nothing : this.trouble(library, last)}
        ${(library.watching ?? []).map((one) => html`<hm-notice heading=${one.path}>${one.why}</hm-notice>`)}
        ${this.failed(library, last, running)}
      </section>`;
  }

  head(library, last, menu) {
    return html`<div class="head"><hm-icon name=${ICONS[library.type] ?? 'folder'} size="24"></hm-icon>
      <div><h3 class="t16">${library.name}</h3><p class="facts">${this.facts(library, last)}</p>
        ${(library.paths ?? []).map((path) => html`<p class="hint paths">${path}</p>`)}</div>${menu}</div>`;
  }

  facts(library, last) {
    const [one, many] = say.items[library.type] ?? ['item', 'items'];
    const kind = say.kinds[library.type];
    const stopped = last?.result === 'cancelled' ? say.stoppedAt(ago(last.finishedAt)) : '';
    return join(kind === library.name ? '' : kind, counted(library.itemCount, one, many), stopped || (library.lastScanAt ? say.lastScan(ago(library.lastScanAt)) : say.neverScanned));
  }

  /** A folder that is away, or so much gone at once that a person must say it is meant. */
  trouble(library, last) {
    if (library.available === false) {
      const code = last?.errors.find((error) => OF_FOLDERS.has(error.code))?.code;
      return diskTrouble(library, code, last?.why, (body) => this.scan(library, body));
    }
    if (last?.states.deferred) return html`<hm-notice>${say.stillCopied(last.states.deferred, count(last.states.deferred))}</hm-notice>`;
    if (last?.result === 'failed') return html`<hm-notice tone="warn" heading=${say.scanFailed}>${last.why ?? ''}<hm-button slot="action" size="small" icon="refresh" @click=${() => this.scan(library)}>${say.lookAgain}</hm-button></hm-notice>`;
    return nothing;
  }

  failed(library, last, running) {
    const known = last?.errors.filter((error) => !OF_FOLDERS.has(error.code)).length ?? 0;
    const n = Math.max(running?.failed ?? 0, known < SHOWN_AT_MOST ? known : Math.max(known, last.failed));
    if (!n) return nothing;
    const text = count(n);
    return html`<hm-notice tone="bad">${say.couldNotRead(n, text)}
      <hm-button slot="action" kind="quiet" size="small" href="/admin/libraries/${library.id}/problems">${say.seeThem(n, text)}</hm-button></hm-notice>`;
  }

  items(library, libraries, isRunning) {
    const at = libraries.indexOf(library);
    const order = [
      { id: 'up', label: say.moveUp, icon: 'arrow-up', disabled: at === 0 },
      { id: 'down', label: say.moveDown, icon: 'arrow-down', disabled: at === libraries.length - 1 },
    ];
    return [
      { id: 'scan', label: say.scan, icon: 'refresh', disabled: isRunning },
      { id: 'force', label: say.scanForce, icon: 'search', disabled: isRunning },
      { id: 'refresh', label: say.refresh, icon: 'info', disabled: isRunning },
      { separator: true },
      { id: 'edit', label: say.edit, icon: 'edit', href: `/admin/libraries/${library.id}` },
      ...(libraries.length > 1 ? order : []),
      { separator: true },
      { id: 'remove', label: say.remove, icon: 'trash', danger: true },
    ];
  }

  picked(id, library, libraries) {
    const acts = {
      scan: () => this.scan(library),
      force: () => this.scan(library, { force: true }),
      refresh: () => this.ask(() => api.post(`/api/libraries/${library.id}/refresh`), say.refreshStarted(library.name)),
      up: () => this.move(library, libraries, -1),
      down: () => this.move(library, libraries, 1),
      remove: () => this.takeAway(library),
    };
    return acts[id]?.();
  }

  scan(library, body = {}) {
    return this.ask(() => api.post(`/api/libraries/${library.id}/scan`, body), say.scanStarted(library.name));
  }

  async ask(request, done) {
    try {
      await request();
      toast(done);
      this.status.refresh();
    } catch (error) {
      toastError(error);
    }
  }

  /** At once on the page, then on the server: each gets the number of its new place. */
  async move(library, libraries, by) {
    const order = libraries.filter((other) => other !== library);
    order.splice(libraries.indexOf(library) + by, 0, library);
    this.libraries.update(() => ({ libraries: order }));
    try {
      for (const [position, one] of order.entries()) await api.put(`/api/libraries/${one.id}`, { position });
    } catch (error) {
      toastError(error);
    }
    await this.reread();
  }

  async takeAway(library) {
    const sure = await confirmDialog({ heading: say.removeTitle(library.name), text: say.removeText[library.type], action: say.remove, keep: say.keep, danger: true });
    if (!sure) return;
    this.leaving = new Set([...this.leaving, library.id]); // out of sight at once: a large one takes the server a while
    try {
      await api.delete(`/api/libraries/${library.id}`);
      toast(say.removed(library.name), { undo: () => this.bringBack(library) });
    } catch (error) {
      this.leaving = new Set([...this.leaving].filter((id) => id !== library.id));
      toastError(error);
    }
    await this.reread();
  }

  async bringBack({ name, type, paths, language, options }) {
    try {
      await api.post('/api/libraries', { name, type, paths, language, options });
    } catch (error) {
      toastError(error);
    }
    await this.reread();
  }

  async reread() {
    invalidate('/api/');
    await session.readLibraries();
  }
}
customElements.define('libraries-page', LibrariesPage);
