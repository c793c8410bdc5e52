import { css, html, nothing } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { ago, count, counted, duration, join } from '../format.js';
import { confirmDialog } from '../ui/dialog.js';
import { toast } from '../ui/toast.js';
import { session } from '../session.js';
import { say } from './en.js';
import { scanPanel } from './scan-panel.js';
import { SectionPage } from './section-page.js';

class LibrariesPage extends SectionPage {
  static styles = [SectionPage.styles, css`
    .library { display: flex; flex-direction: column; gap: 16px; }
    .head { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 4px 16px; align-items: start; }
    .paths { overflow-wrap: anywhere; }
    .top { display: flex; align-items: center; gap: 12px; justify-content: space-between; flex-wrap: wrap; }
    .scan { display: flex; flex-direction: column; gap: 16px; }
  `];

  libraries = this.query(() => '/api/libraries');
  status = this.query(() => '/api/scan-status', { poll: 5000 });

  constructor() {
    super();
    const again = () => this.status.refresh();
    this.live({
      'scan.started': again,
      'scan.progress': again,
      'scan.finished': () => {
        again();
        invalidate('/api/libraries');
      },
      'library.changed': () => this.libraries.refresh(),
    });
  }

  render() {
    return this.framed('administration', 'libraries', this.libraries.render({
      loading: () => html`<hm-skeleton kind="panel" count="3"></hm-skeleton>`,
      data: ({ libraries }) => html`
        <div class="top"><h2>${say.libraries}</h2><hm-button kind="primary" icon="plus" href="/admin/libraries/new">${say.add}</hm-button></div>
        ${libraries.length === 0
          ? html`<hm-empty icon="folder" heading=${say.none} text=${say.noneText}><hm-button slot="action" kind="primary" href="/admin/libraries/new">${say.add}</hm-button></hm-empty>`
          : libraries.map((library) => this.library(library))}`,
    }));
  }

  library(library) {
    const status = this.status.data;
    const running = status?.scans.find((scan) => scan.libraryId === library.id);
    const last = status?.last.find((scan) => scan.libraryId === library.id && scan.kind === 'scan');
    return html`
      <section class="panel library" aria-label=${library.name}>
        <div class="head">
          <div>
            <h3 class="t16">${library.name}</h3>
            <p class="second">${this.facts(library, last)}</p>
            ${(library.paths ?? []).map((path) => html`<p class="hint paths">${path}</p>`)}
          </div>
          <hm-menu .items=${this.items(library)} label=${say.more(library.name)} @hm-select=${(event) => this.picked(event.detail.id, library)}>
            <hm-icon-button icon="dots" label=${say.more(library.name)} square></hm-icon-button>
          </hm-menu>
        </div>
        ${library.available === false ? this.gone(library, last) : nothing}
        ${(library.watching ?? []).map((one) => html`<hm-notice>${say.polling(one.path, one.why)}</hm-notice>`)}
        ${running ? scanPanel(running) : nothing}
        ${!running && last?.failed ? this.failed(library, last) : nothing}
      </section>`;
  }

  facts(library, last) {
    const [one, many] = say.items[library.type] ?? ['item', 'items'];
    const read = library.lastScanAt ? say.lastScan(ago(library.lastScanAt)) : say.neverScanned;
    return join(say.kinds[library.type], counted(library.itemCount, one, many), read, last ? duration(last.durationMs) : '');
  }

  gone(library, last) {
    const lost = last?.result === 'unavailable' && last.code === 'mass_loss';
    return html`<hm-notice tone="bad" heading=${lost ? say.massLoss : say.unavailable(library.name)}>${lost ? say.massLossText : say.unavailableText}
      <hm-button slot="action" size="small" icon="refresh" @click=${() => this.scan(library, lost ? { force: true } : {})}>${lost ? say.acceptLoss : say.lookAgain}</hm-button></hm-notice>`;
  }

  failed(library, last) {
    const text = count(last.failed);
    return html`<hm-notice tone="bad">${say.couldNotRead(last.failed, text)}
      <hm-button slot="action" kind="quiet" size="small" href="/admin/libraries/${library.id}/problems">${say.seeThem(last.failed, text)}</hm-button></hm-notice>`;
  }

  items(library) {
    return [
      { id: 'scan', label: say.scan, icon: 'refresh' },
      { id: 'force', label: say.scanForce, icon: 'search' },
      { id: 'refresh', label: say.refresh, icon: 'info' },
      { id: 'edit', label: say.edit, icon: 'edit', href: `/admin/libraries/${library.id}` },
      { separator: true },
      { id: 'remove', label: say.remove, icon: 'trash', danger: true },
    ];
  }

  async picked(id, library) {
    if (id === 'scan') await this.scan(library, {});
    if (id === 'force') await this.scan(library, { force: true });
    if (id === 'refresh') await this.ask(() => api.post(`/api/libraries/${library.id}/refresh`, {}), say.refreshStarted);
    if (id === 'remove') await this.remove(library);
  }

  async scan(library, body) {
    await this.ask(() => api.post(`/api/libraries/${library.id}/scan`, body), say.scanStarted);
  }

  async ask(request, done) {
    try {
      await request();
      toast(done);
      this.status.refresh();
    } catch (error) {
      toast(error.message, { kind: 'bad' });
    }
  }

  async remove(library) {
    const sure = await confirmDialog({ heading: say.removeTitle(library.name), text: say.removeText, action: say.remove, keep: say.keep, danger: true });
    if (!sure) return;
    await this.ask(() => api.delete(`/api/libraries/${library.id}`), say.removed(library.name));
    invalidate('/api/');
    session.readLibraries();
  }
}
customElements.define('libraries-page', LibrariesPage);
