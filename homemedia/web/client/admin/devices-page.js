import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { toast, toastError } from '../ui/toast.js';
import { deviceName, deviceRow, deviceStyles } from './device-rows.js';
import { say } from './en.js';
import './reach-help.js';
import { SectionPage } from './section-page.js';

class DevicesPage extends SectionPage {
  static styles = [SectionPage.styles, deviceStyles, css`.panel.rows { padding-block: 8px; }`];

  sessions = this.query(() => '/api/sessions');

  render() {
    return this.framed('settings', 'devices', this.sessions.render({
      loading: () => html`<hm-skeleton kind="panel" count="1"></hm-skeleton>`,
      data: (list) => html`
        <section class="panel rows">${[...list].sort((a, b) => b.current - a.current).map((session) => deviceRow(session, (one) => this.end(`/api/sessions/${one.id}`, say.signedOut(deviceName(one)))))}</section>
        ${list.length > 1 ? nothing : html`<p class="second">${say.onlyThis}</p>`}
        <div class="actions"><hm-button icon="tv" href="/settings/pair">${say.pairWords.title}</hm-button>
          ${list.length > 1 ? html`<hm-button icon="log-out" @click=${() => this.end('/api/sessions', say.othersSignedOut)}>${say.signOutOthers}</hm-button>` : nothing}</div><reach-help></reach-help>`,
    }));
  }

  async end(path, done) {
    try {
      await api.delete(path);
      toast(done);
    } catch (error) {
      if (error.code !== 'not_found') toastError(error); // signed out meanwhile
    }
    this.sessions.refresh();
  }
}
customElements.define('devices-page', DevicesPage);
