// Keys by which apps sign in: one's own to look at and remove, and the one by which somebody asks to be let in.
import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { ago, join } from '../format.js';
import { QueryController } from '../ui/controllers.js';
import { confirmDialog } from '../ui/dialog.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';

const words = say.keyWords;
const PATH = '/api/home/accounts/keys';

/** Enough of a key to tell it from another one. @param {string} key */
const short = (key) => `${key.slice(0, 6)}…${key.slice(-4)}`;

class OwnKeys extends LitElement {
  static styles = [shared, css`
    :host { display: contents; } h2 { font: var(--font-16); letter-spacing: -0.008em; } h2 + p { margin-top: 2px; text-wrap: pretty; }
    .key { display: flex; align-items: center; gap: 16px; min-height: 64px; padding: 10px 0; } .key > hm-icon { color: var(--text2); } .rows { margin-top: 4px; }
    .key .words { flex: 1; min-width: 0; } .name { overflow-wrap: anywhere; } .mono { font-family: var(--mono); }
  `];

  keys = new QueryController(this, () => PATH, { maxAge: 0 });

  /** @param {any} key */
  async remove(key) {
    const sure = await confirmDialog({ heading: words.removeTitle(short(key.publicKey)), text: words.removeText, action: words.remove, keep: say.keep, danger: true });
    if (!sure) return;
    try {
      await api.delete(`${PATH}/${key.publicKey}`);
      this.keys.update((found) => ({ keys: found.keys.filter((one) => one !== key) }));
      invalidate('/api/sessions');
      toast(words.removed);
    } catch (error) {
      toastError(error);
    }
  }

  render() {
    const keys = this.keys.data?.keys ?? [];
    if (!keys.length) return nothing;
    return html`<section class="panel"><h2>${words.title}</h2><p class="second">${words.text}</p><div class="rows">${keys.map((key) => this.row(key))}</div></section>`;
  }

  row(key) {
    const used = key.lastUsedAt ? say.lastUsed(ago(key.lastUsedAt / 1000)) : '';
    return html`<div class="key"><hm-icon name="key" size="24"></hm-icon>
      <div class="words"><p class="name">${key.label || html`<span class="mono">${short(key.publicKey)}</span>`}</p>
        <p class="second">${join(key.label ? short(key.publicKey) : '', used, words.added(ago(key.createdAt / 1000)))}</p></div>
      <hm-button size="small" label=${words.removeTitle(short(key.publicKey))} @click=${() => this.remove(key)}>${words.remove}</hm-button></div>`;
  }
}
customElements.define('own-keys', OwnKeys);

/** `member`: the id of somebody who waits. Says by what he can be told from a stranger; nothing when he has no key. */
class WaitingKey extends LitElement {
  static properties = { member: { type: String } };

  static styles = [shared, css`:host { display: block; overflow-wrap: anywhere; } .mono { font-family: var(--mono); }`];

  keys = new QueryController(this, () => `/api/home/accounts/members/${this.member}/keys`);

  render() {
    const [key] = this.keys.data?.keys ?? [];
    if (!key) return nothing;
    return html`${words.asksWith} <span class="mono">${short(key.publicKey)}</span>${key.label ? html` · ${words.says(key.label)}` : nothing}`;
  }
}
customElements.define('waiting-key', WaitingKey);
