// Where somebody is signed in, a row for each device.
import { css, html, nothing } from '../vendor/lit.js';
import { ago, join } from '../format.js';
import { say } from './en.js';

const seconds = (text) => Date.parse(text) / 1000;
const iconOf = (name) => (/android|ios|ipados|phone/i.test(name) ? 'phone' : /tv/i.test(name) ? 'tv' : 'computer');

export const deviceName = (session) => say.device(session.deviceType || session.appVersion, session.deviceOS);

export const deviceStyles = css`
  .device { display: flex; align-items: center; gap: 16px; min-height: 64px; padding: 10px 0; } .device > hm-icon { color: var(--text2); }
  .device .words { flex: 1; min-width: 0; } .device .name { display: flex; align-items: center; gap: 8px; }
`;

/** @param {any} session of /api/sessions @param {(session: any) => void} end */
export function deviceRow(session, end) {
  const name = deviceName(session);
  const words = join(session.current ? '' : say.lastUsed(ago(seconds(session.updatedAt))), say.since(ago(seconds(session.createdAt))));
  return html`<div class="device"><hm-icon name=${iconOf(name)} size="24"></hm-icon>
    <div class="words"><p class="name">${name}${session.current ? html`<hm-badge tone="accent">${say.thisDevice}</hm-badge>` : nothing}</p><p class="second">${words}</p></div>
    ${session.current ? nothing : html`<hm-button size="small" @click=${() => end(session)}>${say.signOutDevice}</hm-button>`}</div>`;
}
