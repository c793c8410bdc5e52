import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { ago, shortDate } from '../format.js';
import { session } from '../session.js';
import { leave } from '../start/provider.js';
import { QueryController } from '../ui/controllers.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';

const words = say.providerWords;
const PATH = '/api/home/accounts/oidc/accounts';

/** One's own account at the household's provider: linked, unlinked. Nothing at all where there is neither. */
class OwnProvider extends LitElement {
  static properties = { busy: { state: true } };
  static styles = [shared, css`
    :host { display: contents; } h2 { font: var(--font-16); letter-spacing: -0.008em; } h2 + p { margin-top: 2px; }
    .actions { display: flex; gap: 12px; flex-wrap: wrap; margin-top: 16px; }
  `];

  accounts = new QueryController(this, () => PATH, { maxAge: 0 });

  constructor() {
    super();
    this.busy = false;
  }

  async link() {
    this.busy = true;
    try {
      await leave({ next: '/settings' }, 'link');
    } catch (error) {
      toastError(error);
      this.busy = false;
    }
  }

  async unlink() {
    this.busy = true;
    try {
      await api.delete(PATH);
      toast(words.unlinked);
      await this.accounts.refresh();
    } catch (error) {
      toastError(error);
    } finally {
      this.busy = false;
    }
  }

  render() {
    const state = this.accounts.data;
    const [account] = state?.accounts ?? [];
    if (!state || (!state.name && !account)) return nothing;
    const name = state.name ?? new URL(account.issuer).hostname;
    const used = account?.lastUsedAt ? ` ${words.used(ago(account.lastUsedAt))}.` : '';
    return html`<section class="panel"><h2>${words.heading(name)}</h2>
      <p class="second">${account ? `${words.linked(account.email, shortDate(account.linkedAt))}${used}` : words.none(name)}${account && !state.canUnlink ? html` ${session.server?.auth?.password === false ? words.onlyWay : words.lastWay}` : nothing}</p>
      <div class="actions">${state.name ? html`<hm-button ?busy=${this.busy} @click=${this.link}>${account ? words.other : words.link}</hm-button>` : nothing}
        ${account ? html`<hm-button kind="quiet" ?disabled=${this.busy || !state.canUnlink} @click=${this.unlink}>${words.unlink}</hm-button>` : nothing}</div></section>`;
  }
}
customElements.define('own-provider', OwnProvider);
