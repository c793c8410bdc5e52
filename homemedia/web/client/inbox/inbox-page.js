import { css, html, nothing, repeat } from '../vendor/lit.js';
import { api } from '../api.js';
import { ago, date, join } from '../format.js';
import { pictureById } from '../people.js';
import { Page } from '../ui/page.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { thumbs } from './pictures.js';

const HERE = '/api/home/notifications';
const ICONS = { shares: 'share', visits: 'eye', albums: 'add-to-album', albumTalk: 'heart', newAdds: 'feed', reactions: 'heart', comments: 'talk', mentions: 'user', dailyReminder: 'clock', security: 'shield', members: 'user-plus', server: 'warning' };
const DAY_MS = 86_400_000;

/** Everything one was told, what changed last first, under the days it came on. */
class InboxPage extends Page {
  static properties = { ...Page.properties, older: { state: true }, gone: { state: true }, busy: { state: true } };

  static styles = [Page.styles, css`
    .body { max-width: 820px; } h2 { font: var(--font-14); font-weight: 600; color: var(--text2); margin: 20px 0 4px; } h2:first-child { margin-top: 4px; }
    .rows { margin: 0 -12px; } .rows > li { border: 0; padding: 0; list-style: none; } ul { padding: 0; margin: 0; }
    .notice { position: relative; display: grid; grid-template-columns: 40px minmax(0, 1fr) auto 40px; gap: 14px; align-items: center; min-height: 68px; padding: 10px 4px 10px 22px; border-radius: var(--radius-place); }
    @media (hover: hover) { .notice:hover { background: var(--hover); } }
    .sign { display: grid; place-items: center; width: 40px; height: 40px; border-radius: 50%; background: var(--raised); color: var(--text2); } .sign.bad { color: var(--warn); background: var(--warn-soft); }
    .words { min-width: 0; } .words a { color: inherit; font: var(--font-14); text-wrap: pretty; overflow-wrap: anywhere; } .words a::after { content: ''; position: absolute; inset: 0; border-radius: var(--radius-place); }
    .words a:focus-visible { outline: none; } .words a:focus-visible::after { outline: 2px solid var(--accent); outline-offset: -2px; }
    .second { margin-top: 2px; } .is-unread .words a { font-weight: 600; } .is-read .words a { color: var(--text2); }
    .dot { position: absolute; left: 8px; top: 50%; width: 8px; height: 8px; margin-top: -4px; border-radius: 50%; background: var(--accent); }
    .thumbs { display: flex; gap: 4px; } .thumbs hm-art { width: 48px; border-radius: var(--radius); overflow: hidden; }
    hm-menu { position: relative; z-index: 1; } .end { display: flex; gap: 8px; align-items: center; } .foot { display: flex; justify-content: center; padding: 20px 0; }
    @media (max-width: 719.98px) { .notice { grid-template-columns: 40px minmax(0, 1fr) auto 44px; gap: 12px; padding-right: 0; } .thumbs hm-art:nth-child(n + 2) { display: none; } }
  `];

  first = this.query(() => HERE);
  members = this.query(() => '/api/users');

  constructor() {
    super();
    this.older = { notices: [], next: null, isKnown: false };
    this.gone = new Map();
    this.busy = false;
    this.live({ 'notifications.changed': () => this.first.refresh(), connected: ({ again }) => again && this.first.refresh() });
    this.leave = () => this.flush();
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('pagehide', this.leave);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('pagehide', this.leave);
    this.flush();
  }

  /** What was removed and could still be undone is removed for good. */
  flush() {
    for (const [id, isSent] of this.gone) if (!isSent) this.drop(id);
  }

  drop(id) {
    this.gone.set(id, true);
    return fetch(`${HERE}/${id}`, { method: 'DELETE', credentials: 'same-origin', keepalive: true }).catch(() => {});
  }

  /** All that are shown: the first page is live, those behind it stay as they were read. */
  listed(page) {
    const known = new Set(page.notices.map((one) => one.id));
    return [...page.notices, ...this.older.notices.filter((one) => !known.has(one.id))].filter((one) => !this.gone.has(one.id));
  }

  async more(page) {
    this.busy = true;
    try {
      const cursor = this.older.isKnown ? this.older.next : page.next;
      const found = await api.get(HERE, { cursor });
      this.older = { notices: [...this.older.notices, ...found.notices], next: found.next, isKnown: true };
    } catch (error) {
      toastError(error);
    } finally {
      this.busy = false;
    }
  }

  /** Shown at once, told to the server behind. @param {string[]} ids @param {boolean} isRead */
  async mark(ids, isRead) {
    const change = (one) => (ids.includes(one.id) ? { ...one, isRead } : one);
    this.first.update((page) => ({ ...page, notices: page.notices.map(change) }));
    this.older = { ...this.older, notices: this.older.notices.map(change) };
    try {
      await api.post(`${HERE}/${isRead ? 'read' : 'unread'}`, { ids });
    } catch (error) {
      toastError(error);
      this.first.refresh();
    }
  }

  async markAll(notices) {
    const until = Math.max(...notices.map((one) => one.updatedAt));
    const ids = notices.filter((one) => !one.isRead).map((one) => one.id);
    try {
      const { marked } = await api.post(`${HERE}/read`, { all: true, until });
      this.older = { ...this.older, notices: this.older.notices.map((one) => ({ ...one, isRead: true })) };
      this.first.refresh();
      toast(say.allRead(marked), ids.length === marked && ids.length <= 500 ? { undo: () => this.mark(ids, false) } : {});
    } catch (error) {
      toastError(error);
    }
  }

  async removed(notice) {
    this.gone = new Map(this.gone).set(notice.id, false);
    const shown = toast(say.removed, {
      undo: () => {
        const left = new Map(this.gone);
        left.delete(notice.id);
        this.gone = left;
      },
    });
    if ((await shown.closed) !== 'undo' && this.gone.get(notice.id) === false) await this.drop(notice.id);
  }

  async removeRead() {
    try {
      await api.delete(HERE);
      this.older = { notices: [], next: null, isKnown: false };
      this.first.refresh();
    } catch (error) {
      toastError(error);
    }
  }

  chosen(notice, id) {
    if (id === 'read') this.mark([notice.id], !notice.isRead);
    if (id === 'remove') this.removed(notice);
  }

  row(notice) {
    const sentence = say.sentences[notice.type]?.(notice) ?? notice.message;
    const isBad = notice.kind === 'server' || notice.kind === 'security';
    const sign = notice.actorId
      ? html`<hm-avatar size="40" name=${notice.actorName ?? ''} src=${pictureById(this.members.data, notice.actorId) ?? nothing}></hm-avatar>`
      : html`<span class="sign ${isBad ? 'bad' : ''}"><hm-icon name=${ICONS[notice.kind] ?? 'bell'}></hm-icon></span>`;
    const items = [
      { id: 'read', label: notice.isRead ? say.markUnread : say.markRead, icon: notice.isRead ? 'bell' : 'check' },
      { id: 'remove', label: say.remove, icon: 'trash' },
    ];
    return html`<li><div class="notice ${notice.isRead ? 'is-read' : 'is-unread'}">
      ${notice.isRead ? nothing : html`<span class="dot"><span class="visually-hidden">${say.unread}</span></span>`}${sign}
      <div class="words"><a href=${notice.path} @click=${() => !notice.isRead && this.mark([notice.id], true)}>${sentence}</a><p class="second">${join(ago(notice.updatedAt / 1000), say.hint(notice))}</p></div>
      <div class="thumbs">${thumbs(notice).map((src) => html`<hm-art ratio="1/1" src=${src}></hm-art>`)}</div>
      <hm-menu align="end" .items=${items} label=${say.more(sentence)} @hm-select=${(event) => this.chosen(notice, event.detail.id)}><hm-icon-button icon="dots" label=${say.more(sentence)}></hm-icon-button></hm-menu></div></li>`;
  }

  /** @param {any[]} notices in order @returns {[string, any[]][]} under their days */
  days(notices) {
    const midnight = new Date().setHours(0, 0, 0, 0);
    const heading = (at) => (at >= midnight ? say.today : at >= midnight - DAY_MS ? say.yesterday : date(at / 1000));
    const found = new Map();
    for (const one of notices) {
      const day = heading(one.updatedAt);
      found.set(day, [...(found.get(day) ?? []), one]);
    }
    return [...found];
  }

  filled(page) {
    const notices = this.listed(page);
    const next = this.older.isKnown ? this.older.next : page.next;
    if (!notices.length && !next) return html`<hm-empty icon="bell" heading=${say.emptyTitle} text=${say.emptyText}></hm-empty>`;
    return html`${this.days(notices).map(([day, some]) => html`<h2>${day}</h2><ul class="rows">${repeat(some, (one) => one.id, (one) => this.row(one))}</ul>`)}
      ${next ? html`<div class="foot"><hm-button kind="plain" ?busy=${this.busy} @click=${() => this.more(page)}>${say.older}</hm-button></div>` : nothing}`;
  }

  render() {
    this.title = say.inbox;
    const page = this.first.data;
    const notices = page ? this.listed(page) : [];
    const hasRead = notices.some((one) => one.isRead);
    const items = [
      { id: 'settings', label: say.settings, icon: 'settings', href: '/settings/notices' },
      ...(hasRead ? [{ id: 'clear', label: say.removeRead, icon: 'trash' }] : []),
    ];
    return html`<hm-page-header heading=${say.inbox}></hm-page-header>
      <div class="body"><div class="end line">${page?.unread ? html`<hm-button size="small" icon="check" @click=${() => this.markAll(notices)}>${say.markAll}</hm-button>` : nothing}
        <hm-menu align="start" .items=${items} label=${say.settings} @hm-select=${(event) => event.detail.id === 'clear' && this.removeRead()}><hm-icon-button icon="dots" label=${say.settings}></hm-icon-button></hm-menu></div>
      ${this.first.render({ loading: () => html`<hm-skeleton kind="line" count="8"></hm-skeleton>`, data: (found) => this.filled(found) })}</div>`;
  }
}
customElements.define('inbox-page', InboxPage);
