import { css, html, nothing } from '../vendor/lit.js';
import { SectionPage } from '../admin/section-page.js';
import { api } from '../api.js';
import { confirmDialog } from '../ui/dialog.js';
import { copyText } from '../ui/platform.js';
import { toast, toastError } from '../ui/toast.js';
import { host as say } from './en.js';
import './host-provider.js';
import './host-storage.js';
import { endpoint } from './endpoint.js';
import { SITES, filterOf, isTaken } from './sites.js';

const SIZES = [null, 25, 50, 100, 200, 500, 750, 1000];
const DAYS = [null, 7, 14, 30, 60, 90];
const ROOMS = [null, 1, 2, 5, 10, 20, 50, 100, 200].map((gibibytes) => gibibytes && gibibytes * 1024);
const options = (values, words) => values.map((value) => ({ value: String(value), label: words(value) }));
const read = (text) => (text === 'null' ? null : Number(text));

/** What the host decides about the feed: who fetches, from where, how much, how long. */
class FeedHostPage extends SectionPage {
  static properties = { ...SectionPage.properties, filter: { state: true }, problem: { state: true }, isBusy: { state: true } };

  static styles = [SectionPage.styles, css`
    .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(220px, 100%), 1fr)); gap: 20px 16px; align-items: start; } .sites { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 16px; } .taken { margin-top: 12px; }
    .short { display: flex; gap: 12px; align-items: center; max-width: 640px; margin-top: 16px; } .short hm-field { flex: 1 1 0; } .short.top { align-items: flex-start; } .short.top hm-button { margin-top: 26px; }
    output { flex: 1 1 0; min-width: 0; min-height: 44px; padding: 12px; border-radius: var(--radius); background: var(--sunken); font: 14px/20px var(--mono); color: var(--text2); overflow-wrap: anywhere; user-select: all; -webkit-user-select: all; } .panel .actions { margin-top: 16px; }
    @media (max-width: 719.98px) { .short { flex-direction: column; align-items: stretch; } .short > * { flex: none; } .short.top hm-button { margin-top: 0; } hm-segmented { max-width: 100%; } }
  `];

  auth = this.query(() => '/api/auth');

  constructor() {
    super();
    Object.assign(this, { filter: null, problem: '', isBusy: '' });
    this.live({ 'household.changed': () => this.auth.refresh() });
  }

  patchGroup(fields) {
    this.auth.update((auth) => ({ ...auth, group: { ...auth.group, ...fields } }));
  }

  /** Shown at once; the way back is one press. @param {string} path @param {object} body @param {object} fields of the group */
  async put(path, body, fields) {
    const { group } = this.auth.data;
    const before = Object.fromEntries(Object.keys(fields).map((key) => [key, group[key]]));
    this.patchGroup(fields);
    try {
      await api.patch(path, body);
      this.auth.refresh();
      return before;
    } catch (error) {
      this.patchGroup(before);
      toastError(error);
      return null;
    }
  }

  async size(text) {
    const maxFileSizeMb = read(text);
    const before = await this.put('/api/group/max-file-size', { maxFileSizeMb }, { maxFileSizeMb });
    if (before) toast(say.saved, { undo: () => this.put('/api/group/max-file-size', before, before) });
  }

  async room(text) {
    const maxStorageMb = read(text);
    const before = await this.put('/api/home/clips/storage', { maxStorageMb }, { maxStorageMb });
    if (before) toast(say.saved, { undo: () => this.put('/api/home/clips/storage', before, before) });
  }

  /** Files are deleted by it: asked first where it is shorter than before. */
  async keep(field) {
    const retentionDays = read(field.value);
    const now = this.auth.data.group.retentionDays;
    if (retentionDays !== null && (now === null || retentionDays < now) && !(await confirmDialog({ heading: say.keepTitle(retentionDays), text: say.keepText, action: say.keepYes, danger: true }))) {
      field.value = String(now);
      return;
    }
    const before = await this.put('/api/group/retention', { retentionDays }, { retentionDays });
    if (before) toast(say.saved);
  }

  mode({ detail: { value } }) {
    const { keys } = this.shown;
    if (value === 'all') this.sites({ mode: 'all', keys });
    else this.sites({ mode: value, keys: keys.length ? keys : value === 'allow' ? SITES.map((site) => site.key) : [] });
  }

  get shown() {
    return this.filter ?? filterOf(this.auth.data?.group);
  }

  flip(key) {
    const { mode, keys } = this.shown;
    this.sites({ mode, keys: keys.includes(key) ? keys.filter((one) => one !== key) : [...keys, key] });
  }

  /** A choice without a site means nothing yet: it is kept here until there is one. */
  async sites(filter) {
    this.filter = filter;
    this.problem = '';
    if (filter.mode !== 'all' && !filter.keys.length) return;
    const answer = await this.put('/api/group/platforms', { mode: filter.mode, platforms: filter.mode === 'all' ? undefined : filter.keys }, { platformFilterMode: filter.mode, platformFilterList: filter.mode === 'all' ? null : JSON.stringify(filter.keys) });
    if (!answer || filter.mode === 'all') this.filter = null;
  }

  async shortcut(event) {
    event.preventDefault();
    const shortcutUrl = String(new FormData(event.target).get('url')).trim() || null;
    this.isBusy = 'shortcut';
    this.problem = '';
    try {
      this.patchGroup(await api.patch('/api/group/shortcut', { shortcutUrl }));
      toast(shortcutUrl ? say.shortcutSaved : say.shortcutGone);
    } catch (error) {
      this.problem = error.message;
    }
    this.isBusy = '';
  }

  async token() {
    if (!(await confirmDialog({ heading: say.newTokenTitle, text: say.newTokenText, action: say.newToken, danger: true }))) return;
    try {
      this.patchGroup(await api.post('/api/group/shortcut/regenerate-token'));
      toast(say.newTokenMade);
    } catch (error) {
      toastError(error);
    }
  }

  async copy(text) {
    const done = await copyText(text);
    if (!done) getSelection().selectAllChildren(this.renderRoot.querySelector('output'));
    toast(done ? say.copied : say.notCopied);
  }

  async gif(event, key) {
    event?.preventDefault();
    this.isBusy = 'gif';
    try {
      await api.put('/api/home/clips/gif-key', { key });
      this.auth.refresh();
      toast(key ? say.gifSaved : say.gifGone);
    } catch (error) {
      toastError(error);
    }
    this.isBusy = '';
  }

  where() {
    const { mode, keys } = this.shown;
    const modes = ['all', 'allow', 'block'].map((value) => ({ value, label: say.modes[value] }));
    return html`<section class="panel"><h2>${say.sitesTitle}</h2><p class="second">${say.sitesText}</p>
      <div class="actions"><hm-segmented label=${say.sitesTitle} .options=${modes} value=${mode} @hm-change=${this.mode}></hm-segmented></div>
      ${mode === 'all' ? nothing : html`<div class="sites" role="group" aria-label=${say.modes[mode]}>${SITES.map((site) => html`<hm-chip fixed ?chosen=${keys.includes(site.key)} icon=${keys.includes(site.key) ? (mode === 'allow' ? 'check' : 'x') : nothing} @click=${() => this.flip(site.key)}>${site.label}</hm-chip>`)}</div>
        <p class="taken ${keys.length ? 'second' : 't14 bad'}" role="status">${keys.length ? say.sitesTaken(SITES.filter((site) => isTaken(site.key, { mode, keys })).length, SITES.length) : say.sitesNone}</p>`}</section>`;
  }

  limits(group) {
    const rooms = ROOMS.includes(group.maxStorageMb) ? ROOMS : [...ROOMS, group.maxStorageMb];
    return html`<section class="panel"><h2>${say.limitsTitle}</h2><div class="pair">
      <hm-field type="select" label=${say.size} hint=${say.sizeHint} .value=${String(group.maxFileSizeMb)} .options=${options(SIZES, say.sizes)} @change=${(event) => this.size(event.target.value)}></hm-field>
      <hm-field type="select" label=${say.keep} hint=${say.keepHint} .value=${String(group.retentionDays)} .options=${options(DAYS, say.keeps)} @change=${(event) => this.keep(event.currentTarget)}></hm-field>
      <hm-field type="select" label=${say.room} hint=${say.roomHint} .value=${String(group.maxStorageMb)} .options=${options(rooms, say.rooms)} @change=${(event) => this.room(event.target.value)}></hm-field></div></section>`;
  }

  phones(group) {
    return html`<section class="panel"><h2>${say.shortcutTitle}</h2><p class="second">${say.shortcutText}</p>
      <form class="short top" novalidate @submit=${this.shortcut}><hm-field type="url" name="url" label=${say.shortcutUrl} .value=${group.shortcutUrl ?? ''} hint=${this.problem ? '' : say.shortcutHint} error=${this.problem} autocomplete="off"></hm-field><hm-button type="submit" ?busy=${this.isBusy === 'shortcut'}>${say.shortcutSave}</hm-button></form>
      <div class="short"><output aria-label=${say.address}>${endpoint(group.shortcutToken)}</output><hm-button icon="copy" @click=${() => this.copy(endpoint(group.shortcutToken))}>${say.copy}</hm-button></div>
      <div class="actions"><hm-button size="small" icon="refresh" @click=${() => this.token()}>${say.newToken}</hm-button><hm-button size="small" kind="quiet" href="/feed/setup">${say.setup}</hm-button></div></section>`;
  }

  gifs(isOn) {
    const send = (event) => this.gif(event, this.renderRoot.querySelector('.gif hm-field').value.trim());
    return html`<section class="panel gif"><h2>${say.gifTitle}</h2><p class="second">${say.gifText}</p>
      <form class="short top" novalidate @submit=${send}><hm-field type="password" name="key" label=${say.gifKey} autocomplete="off" hint=${isOn ? say.gifOn : ''} required></hm-field><hm-button type="submit" ?busy=${this.isBusy === 'gif'}>${say.gifSave}</hm-button></form>
      ${isOn ? html`<div class="actions"><hm-button size="small" kind="quiet" @click=${() => this.gif(null, null)}>${say.gifAway}</hm-button></div>` : nothing}</section>`;
  }

  render() {
    return this.framed('administration', 'feed', html`<hm-clip-provider></hm-clip-provider>${this.auth.render({
      loading: () => html`<hm-skeleton kind="panel" count="3"></hm-skeleton>`,
      data: ({ group, gifEnabled }) => html`${this.where()}${this.limits(group)}${this.phones(group)}${this.gifs(gifEnabled)}`,
    })}<hm-clip-storage></hm-clip-storage>`);
  }
}
customElements.define('feed-host-page', FeedHostPage);
