import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { ago, join } from '../format.js';
import { confirmDialog } from '../ui/dialog.js';
import { copyText } from '../ui/platform.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { SectionPage } from './section-page.js';

const words = say.apiKeyWords;
const ROOT = '/api/api-keys';
/** What a key is for, in the words of the photo API. What asks for no word of these asks for "all". */
const SETS = {
  all: ['all'],
  backup: ['user.read', 'server.about', 'server.storage', 'asset.read', 'asset.upload', 'asset.update', 'asset.copy', 'asset.replace', 'asset.statistics', 'album.create', 'album.read', 'album.update', 'albumAsset.create', 'tag.create', 'tag.read', 'tag.asset', 'stack.create'],
  look: ['user.read', 'server.about', 'server.statistics', 'asset.read', 'asset.view', 'asset.download', 'asset.statistics', 'album.read', 'album.download', 'person.read', 'tag.read', 'timeline.read', 'memory.read', 'map.read'],
};
const KNOWN = [...new Set([...SETS.backup, ...SETS.look, 'asset.delete', 'asset.share', 'album.delete', 'albumAsset.delete', 'sharedLink.create', 'sharedLink.read', 'partner.read', 'person.update', 'stack.read', 'user.update', 'userPreference.read', 'userPreference.update', 'session.read', 'apiKey.read', 'job.read', 'job.create', 'adminUser.read'])].sort();
const BLANK = { id: null, name: '', set: 'all', permissions: SETS.all };
const seconds = (text) => Date.parse(text) / 1000;
const same = (one, other) => one.length === other.length && one.every((word) => other.includes(word));
const setOf = (permissions) => Object.keys(SETS).find((name) => same(SETS[name], permissions)) ?? 'own';

class ApiKeysPage extends SectionPage {
  static properties = { ...SectionPage.properties, draft: { state: true }, made: { state: true }, busy: { state: true }, problem: { state: true } };

  static styles = [SectionPage.styles, css`
    .top { display: flex; align-items: center; gap: 12px; justify-content: space-between; min-height: 40px; }
    .panel.rows { padding-block: 8px; }
    .key { display: flex; align-items: center; gap: 16px; min-height: 64px; padding: 10px 0; } .key > hm-icon { color: var(--text2); }
    .key .words { flex: 1; min-width: 0; } .key .name { overflow-wrap: anywhere; } .key .second { margin-top: 2px; }
    .form { max-width: none; } .made { text-wrap: pretty; margin-bottom: 16px; }
    .secret { width: 100%; min-height: 44px; margin-bottom: 16px; padding: 12px; border-radius: var(--radius); background: var(--sunken); font: 14px/20px var(--mono); color: var(--text); overflow-wrap: anywhere; user-select: all; -webkit-user-select: all; }
    .command { margin-top: 8px; }
    code { font: 14px/20px var(--mono); overflow-wrap: anywhere; }
  `];

  keys = this.query(() => ROOT);

  constructor() {
    super();
    this.draft = null;
    this.made = null;
    this.busy = false;
    this.problem = null;
  }

  begin = () => {
    this.problem = null;
    this.draft = { ...BLANK };
  };

  edit(key) {
    this.problem = null;
    this.draft = { id: key.id, name: key.name, set: setOf(key.permissions), permissions: key.permissions };
  }

  set(change) {
    this.draft = { ...this.draft, ...change };
  }

  choose(set) {
    this.set({ set, permissions: SETS[set] ?? (this.draft.set === 'all' ? ['user.read'] : this.draft.permissions) });
  }

  async save(event) {
    event.preventDefault();
    if (this.busy) return;
    this.renderRoot.querySelector('.saving hm-chips-field')?.commit();
    const { id, name, permissions } = this.draft;
    const body = { name: name.trim() || words.usualName, permissions };
    this.busy = true;
    this.problem = null;
    try {
      if (id) await this.change(id, body);
      else this.made = await api.post(ROOT, body);
      this.draft = null;
    } catch (error) {
      this.problem = error;
    } finally {
      this.busy = false;
      this.keys.refresh();
    }
  }

  async change(id, body) {
    const { name, permissions } = this.keys.data.find((key) => key.id === id);
    await api.put(`${ROOT}/${id}`, body);
    const undo = () => api.put(`${ROOT}/${id}`, { name, permissions }).then(() => this.keys.refresh()).catch(toastError);
    toast(say.saved, { undo });
  }

  async rotate(key) {
    const sure = await confirmDialog({ heading: words.rotateTitle(key.name), text: words.rotateText, action: words.rotate, keep: say.keep, danger: true });
    if (!sure) return;
    try {
      this.made = await api.post(`${ROOT}/${key.id}/rotate`);
    } catch (error) {
      toastError(error);
    }
    this.keys.refresh();
  }

  async remove(key) {
    const sure = await confirmDialog({ heading: words.removeTitle(key.name), text: words.removeText, action: words.remove, keep: say.keep, danger: true });
    if (!sure) return;
    try {
      await api.delete(`${ROOT}/${key.id}`);
      toast(words.removed(key.name));
    } catch (error) {
      if (error.code !== 'not_found') toastError(error); // deleted meanwhile
    }
    this.keys.refresh();
  }

  pick(key, id) {
    if (id === 'edit') this.edit(key);
    else if (id === 'rotate') this.rotate(key);
    else this.remove(key);
  }

  async copy() {
    const done = await copyText(this.made.secret);
    if (!done) getSelection().selectAllChildren(this.renderRoot.querySelector('.secret'));
    toast(done ? words.copied : say.inviteWords.notCopied);
  }

  render() {
    return html`${this.framed('settings', 'apiKeys', this.keys.render({
      loading: () => html`<hm-skeleton kind="panel" count="1"></hm-skeleton>`,
      data: (list) => (list.length ? this.all(list) : this.none()),
    }), this.how())}${this.draft ? this.editor() : nothing}${this.made ? this.shower() : nothing}`;
  }

  none() {
    return html`<hm-empty icon="key" heading=${words.none} text=${words.noneText}><hm-button slot="action" kind="primary" icon="plus" @click=${this.begin}>${words.make}</hm-button></hm-empty>`;
  }

  all(list) {
    return html`<div class="top"><h2>${say.apiKeys}</h2><hm-button kind="primary" icon="plus" @click=${this.begin}>${words.make}</hm-button></div>
      <section class="panel rows" aria-label=${say.apiKeys}>${list.map((key) => this.row(key))}</section>`;
  }

  row(key) {
    const items = [{ id: 'edit', label: words.edit, icon: 'edit' }, { id: 'rotate', label: words.rotate, icon: 'refresh' }, { separator: true }, { id: 'remove', label: words.remove, icon: 'trash', danger: true }];
    const used = key.lastUsedAt ? say.lastUsed(ago(seconds(key.lastUsedAt))) : words.unused;
    const set = setOf(key.permissions);
    return html`<div class="key"><hm-icon name="key" size="24"></hm-icon>
      <div class="words"><p class="name">${key.name}</p><p class="second">${join(set === 'own' ? words.some(key.permissions.length) : words.sets[set], used, words.madeAt(ago(seconds(key.createdAt))))}</p></div>
      <hm-menu label=${words.more(key.name)} align="end" .items=${items} @hm-select=${(event) => this.pick(key, event.detail.id)}><hm-icon-button icon="dots" label=${words.more(key.name)}></hm-icon-button></hm-menu></div>`;
  }

  how() {
    return html`<section class="panel"><h2>${words.how}</h2><p class="second">${words.howText}</p><p class="command"><code>immich login ${location.origin} …</code></p></section>`;
  }

  editor() {
    const { draft, problem } = this;
    const options = Object.entries(words.sets).map(([value, label]) => ({ value, label }));
    const atWords = problem?.details?.find((one) => String(one.field).startsWith('permissions')) ? problem.message : '';
    const atName = problem?.field?.('name') ?? '';
    const close = () => (this.draft = null);
    return html`<hm-dialog open heading=${draft.id ? words.edit : words.make} cross @hm-close=${close}>
      <form class="form saving" novalidate @submit=${this.save}>
        <hm-field label=${words.name} name="name" .value=${draft.name} maxlength="64" autocomplete="off" autofocus placeholder=${words.usualName} hint=${atName ? '' : words.nameHint} error=${atName} @input=${(event) => this.set({ name: event.target.value })}></hm-field>
        <hm-field type="select" label=${words.mayDo} .value=${draft.set} .options=${options} hint=${words.setHints[draft.set]} @change=${(event) => this.choose(event.target.value)}></hm-field>
        ${draft.set === 'own' ? html`<hm-chips-field label=${words.permissions} hint=${words.permissionsHint} .values=${draft.permissions} .suggestions=${KNOWN} maxlength="80" error=${atWords} @hm-change=${(event) => this.set({ permissions: event.detail.values })}></hm-chips-field>` : nothing}
        ${problem && !atName && !(atWords && draft.set === 'own') ? html`<hm-notice tone="bad" role="alert">${problem.message}</hm-notice>` : nothing}
      </form>
      <hm-button slot="actions" kind="quiet" @click=${close}>${say.cancel}</hm-button>
      <hm-button slot="actions" kind="primary" ?busy=${this.busy} @click=${() => this.renderRoot.querySelector('.saving').requestSubmit()}>${draft.id ? say.save : words.makeIt}</hm-button></hm-dialog>`;
  }

  shower() {
    const { made } = this;
    const close = () => (this.made = null);
    return html`<hm-dialog open heading=${words.ready(made.name)} width="440" no-close>
      <p class="made">${words.readyText}</p>
      <p class="secret">${made.secret}</p>
      <hm-button slot="actions" icon="copy" @click=${this.copy}>${words.copy}</hm-button>
      <hm-button slot="actions" kind="primary" @click=${close}>${words.done}</hm-button></hm-dialog>`;
  }
}
customElements.define('api-keys-page', ApiKeysPage);
