import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { ago, join } from '../format.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { SectionPage } from './section-page.js';

const seconds = (text) => Date.parse(text) / 1000;
const iconOf = (name) => (/android|ios|ipados|phone/i.test(name) ? 'phone' : /tv/i.test(name) ? 'tv' : 'computer');

class DevicesPage extends SectionPage {
  static styles = [SectionPage.styles, css`
    .panel.rows { padding-block: 8px; }
    .device { display: flex; align-items: center; gap: 16px; min-height: 64px; padding: 10px 0; } .device > hm-icon { color: var(--text2); }
    .words { flex: 1; min-width: 0; }
    .name { display: flex; align-items: center; gap: 8px; }
  `];

  sessions = this.query(() => '/api/sessions');

  render() {
    return this.framed('settings', 'devices', this.sessions.render({
      loading: () => html`<hm-skeleton kind="panel" count="1"></hm-skeleton>`,
      data: (list) => html`
        <section class="panel rows">${[...list].sort((a, b) => b.current - a.current).map((session) => this.device(session))}</section>
        ${list.length > 1
          ? html`<div class="actions"><hm-button icon="log-out" @click=${() => this.end('/api/sessions', say.othersSignedOut)}>${say.signOutOthers}</hm-button></div>`
          : html`<p class="second">${say.onlyThis}</p>`}`,
    }));
  }

  device(session) {
    const name = say.device(session.deviceType || session.appVersion, session.deviceOS);
    const words = join(session.current ? '' : say.lastUsed(ago(seconds(session.updatedAt))), say.since(ago(seconds(session.createdAt))));
    return html`<div class="device"><hm-icon name=${iconOf(name)} size="24"></hm-icon>
      <div class="words"><p class="name">${name}${session.current ? html`<hm-badge tone="accent">${say.thisDevice}</hm-badge>` : nothing}</p><p class="second">${words}</p></div>
      ${session.current ? nothing : html`<hm-button size="small" @click=${() => this.end(`/api/sessions/${session.id}`, say.signedOut(name))}>${say.signOutDevice}</hm-button>`}</div>`;
  }

  async end(path, done) {
    try {
      await api.delete(path);
      toast(done);
    } catch (error) {
      if (error.status !== 404) toastError(error); // 404: signed out meanwhile
    }
    this.sessions.refresh();
  }
}
customElements.define('devices-page', DevicesPage);
