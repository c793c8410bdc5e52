import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { ago, join } from '../format.js';
import { toast } from '../ui/toast.js';
import { say } from './en.js';
import { SectionPage } from './section-page.js';

class DevicesPage extends SectionPage {
  static styles = [SectionPage.styles, css`
    .device { display: flex; align-items: center; gap: 16px; padding: 12px 0; }
    .words { flex: 1; min-width: 0; }
  `];

  sessions = this.query(() => '/api/sessions');

  render() {
    return this.framed('settings', 'devices', this.sessions.render({
      loading: () => html`<hm-skeleton kind="panel" count="1"></hm-skeleton>`,
      data: (list) => html`
        <section class="panel rows">${list.map((session) => this.device(session))}</section>
        ${list.length > 1 ? html`<div class="actions"><hm-button icon="log-out" @click=${() => this.end('/api/sessions')}>${say.signOutOthers}</hm-button></div>` : nothing}`,
    }));
  }

  device(session) {
    const name = join(session.deviceType, session.deviceOS) || session.appVersion || '?';
    return html`<div class="device"><hm-icon name=${/android|ios|phone/i.test(name) ? 'phone' : 'computer'} size="24"></hm-icon>
      <div class="words"><p class="name one-line">${name}</p>
        <p class="second">${session.current ? say.thisDevice : say.lastUsed(ago(Date.parse(session.updatedAt) / 1000))}</p></div>
      ${session.current ? nothing : html`<hm-button size="small" @click=${() => this.end(`/api/sessions/${session.id}`)}>${say.signOutDevice}</hm-button>`}</div>`;
  }

  async end(path) {
    try {
      await api.delete(path);
      toast(say.signedOut);
    } catch (error) {
      toast(error.message, { kind: 'bad' });
    }
    this.sessions.refresh();
  }
}
customElements.define('devices-page', DevicesPage);
