// What happened with a share: who opened it, when, from where.
import { css, html, nothing, repeat } from '../vendor/lit.js';
import { api } from '../api.js';
import { date, join, time } from '../format.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { SHARES } from './shares.js';

const PAGE = 50;
const SIGNS = { created: 'share', updated: 'pencil', revoked: 'x', accessed: 'eye', downloaded: 'download', added: 'plus', removed: 'minus', edited: 'pencil', password_failed: 'lock', locked_out: 'lock', hidden: 'eye-off', unhidden: 'eye', reshared: 'share' };

/** `share`. Closes itself; `hm-close` tells of it. */
class ShareLog extends Widget {
  static properties = { share: { attribute: false }, entries: { state: true }, hasMore: { state: true }, problem: { state: true } };

  static styles = [shared, css`
    .entry { display: flex; align-items: center; gap: 12px; min-height: 52px; } .entry hm-icon { color: var(--text2); flex: none; } .entry.bad hm-icon { color: var(--warn); } .words { flex: 1 1 0; min-width: 0; } .words .second { display: block; } .list > * + * { border-top: 1px solid var(--line); } .list { margin-top: 8px; } .more { margin: 8px 0; }
  `];

  connectedCallback() {
    super.connectedCallback();
    this.read();
  }

  async read() {
    try {
      const some = await api.get(`${SHARES}/${this.share.id}/activity`, { limit: PAGE, offset: this.entries?.length ?? 0 });
      this.entries = [...(this.entries ?? []), ...some];
      this.hasMore = some.length === PAGE;
    } catch (error) {
      this.problem = error.message;
    }
  }

  entry = (one) => {
    const at = Date.parse(one.timestamp) / 1000;
    const who = one.actor_id ? one.actor_name : one.actor_name === 'visitor' ? say.visitor : say.theHouse;
    const what = one.action === 'updated' ? Object.keys(one.details.changed ?? {}).map((name) => say.changes[name]).filter(Boolean).join(', ') : '';
    return html`<div class="entry ${one.action === 'password_failed' || one.action === 'locked_out' ? 'bad' : ''}"><hm-icon name=${SIGNS[one.action] ?? 'clock'}></hm-icon>
      <div class="words"><span class="one-line">${say.actions[one.action] ?? one.action}</span><span class="second one-line">${join(what, who, one.actor_ip)}</span></div><span class="second tabular">${join(date(at), time(at))}</span></div>`;
  };

  render() {
    const { entries } = this;
    return html`<hm-dialog open cross heading=${say.log}>${this.problem ? html`<hm-error plain text=${this.problem}></hm-error>` : !entries ? html`<hm-skeleton kind="text" count="4"></hm-skeleton>` : entries.length ? html`<div class="list">${repeat(entries, (one) => one.id, this.entry)}</div>${this.hasMore ? html`<hm-button class="more" kind="quiet" @click=${() => this.read()}>${say.logMore}</hm-button>` : nothing}` : html`<p class="second">${say.logNone}</p>`}</hm-dialog>`;
  }
}
customElements.define('share-log', ShareLog);

/** Opens it over the page. @param {object} share */
export function openShareLog(share) {
  const box = Object.assign(document.createElement('share-log'), { share });
  box.addEventListener('hm-close', () => box.remove());
  document.body.append(box);
}
