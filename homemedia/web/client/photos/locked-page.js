import { css, html, nothing } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { fromColumns } from './items.js';
import { PhotosPage } from './photos-page.js';
import { askPin } from './pin-dialog.js';
import { Months } from './source.js';

const FILTERS = { visibility: 'locked' };

/** Months of what is locked; who may not look any more is told so, not sent to sign in. */
class LockedMonths extends Months {
  /** @param {() => void} refused the PIN's time is over */
  constructor(refused) {
    super(FILTERS);
    this.path = null; // asked for by itself, so that a refusal stays here
    this.refused = refused;
    this.group = async (id) => fromColumns(await this.#ask('bucket', { timeBucket: id }));
  }

  async #ask(what, more = {}) {
    try {
      return await api.get(`/api/timeline/${what}`, { ...FILTERS, ...more }, { quiet: true });
    } catch (error) {
      if (error.status === 401) this.refused();
      throw error;
    }
  }

  read = async () => this.groups(await this.#ask('buckets'));
}

/** The locked folder: behind a PIN, and closed again by itself. */
class LockedPage extends PhotosPage {
  static styles = [PhotosPage.styles, css`.told { padding: 4px 0 8px; color: var(--text2); font: var(--font-14); }`];

  status = this.query(() => '/api/auth/status', { maxAge: 0 });

  constructor() {
    super();
    this.source = new LockedMonths(() => this.again());
  }

  connectedCallback() {
    super.connectedCallback();
    invalidate('/api/auth/status'); // it may have closed since
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  again() {
    this.status.refresh();
  }

  /** Closed by itself when the time is over. */
  updated() {
    const until = this.status.data?.pinExpiresAt;
    if (until === this.until) return;
    this.until = until;
    clearTimeout(this.timer);
    if (until) this.timer = setTimeout(() => this.again(), Math.max(1000, Date.parse(until) - Date.now() + 500));
  }

  async ask(how) {
    if (!(await askPin(how))) return;
    if (how === 'change') toast(say.pinChanged);
    if (how === 'drop') toast(say.pinDropped);
    this.again();
  }

  async lock() {
    try {
      await api.post('/api/auth/session/lock');
    } catch (error) {
      toastError(error);
    }
    this.again();
  }

  more() {
    return [...(this.isPhone ? [{ id: 'lock', label: say.lockNow, icon: 'lock' }] : []), { id: 'select', label: say.select, icon: 'tick-circle' }, { separator: true }, { id: 'change', label: say.changePin, icon: 'key' }, { id: 'drop', label: say.dropPin, icon: 'trash' }];
  }

  did(id) {
    super.did(id);
    if (id === 'lock') this.lock();
    if (id === 'change' || id === 'drop') this.ask(id);
  }

  filled(status) {
    if (!status.pinCode) return html`<div class="few"><hm-empty icon="lock" heading=${say.noPin} text=${say.noPinText}><hm-button slot="action" kind="primary" icon="lock" @click=${() => this.ask('set')}>${say.choosePin}</hm-button></hm-empty></div>`;
    if (!status.isElevated) return html`<div class="few"><hm-empty icon="lock" heading=${say.isLocked} text=${say.isLockedText}><hm-button slot="action" kind="primary" icon="unlock" @click=${() => this.ask('enter')}>${say.openIt}</hm-button></hm-empty></div>`;
    return html`<p class="told">${say.lockedText}</p><photo-list .source=${this.source} kind="locked" label=${say.lockedFolder} shown=${this.search.photo ?? nothing}>
      <div slot="empty" class="few"><hm-empty icon="lock" heading=${say.nothingLocked} text=${say.nothingLockedText}></hm-empty></div></photo-list>`;
  }

  render() {
    this.title = say.lockedFolder;
    const isOpen = this.status.data?.isElevated;
    return html`<hm-page-header heading=${say.lockedFolder} back="/photos">${isOpen ? html`<hm-button slot="end" class="not-phone" icon="lock" @click=${() => this.lock()}>${say.lockNow}</hm-button>
      <hm-menu slot="end" align="end" label=${say.more} .items=${this.more()} @hm-select=${(event) => this.did(event.detail.id)}><hm-icon-button icon="dots" icon-size="24" label=${say.more}></hm-icon-button></hm-menu>` : nothing}</hm-page-header>
      <div class="body">${this.status.render({ loading: () => html`<hm-skeleton kind="text" count="2"></hm-skeleton>`, data: (one) => this.filled(one) })}</div>`;
  }
}
customElements.define('photo-locked-page', LockedPage);
