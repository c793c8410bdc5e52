// Choosing folders of the machine the server runs on: places at the left, a folder's folders at the right, each with what it holds.
import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { count, join, size } from '../format.js';
import { Widget } from './element.js';
import { say } from './en.js';
import { folderHelp } from './folder-help.js';
import { above, crumbs, holds, nameOf } from './paths.js';
import { shared } from './styles.js';

const KINDS = ['movie', 'show', 'video', 'music'];
const PLACE_ICONS = { home: 'home', videos: 'video', pictures: 'image', drive: 'drive', computer: 'computer', suggested: 'folder-open' };
const PLACE_NAMES = { home: () => say.homeFolder, videos: () => say.videosFolder, pictures: () => say.picturesFolder };
const SUGGESTED = ':suggested';

/**
 * `chosen`: Map of path → {path, name, kind, files, bytes, isComplete, estimatedScanSeconds}; `hm-change` after each change of it. No chosen folder lies inside another.
 * `kinds` false: the kind is decided elsewhere. `anything`: files of any kind count, not media alone. The search for likely folders ticks what it finds once, when `suggest` is set.
 */
export class FolderPicker extends Widget {
  static properties = {
    chosen: { attribute: false },
    kinds: { type: Boolean },
    anything: { type: Boolean },
    suggest: { type: Boolean },
    path: { state: true },
    parent: { state: true },
    folders: { state: true },
    places: { state: true },
    likely: { state: true },
    problem: { state: true },
    typing: { state: true },
    draft: { state: true },
    mistake: { state: true },
    isOpening: { state: true },
    busy: { state: true },
    isCut: { state: true },
  };

  static styles = [shared, css`
    :host { display: block; }
    .box { display: grid; grid-template-columns: 232px minmax(0, 1fr); border-radius: var(--radius-place); box-shadow: inset 0 0 0 1px var(--line); overflow: hidden; background: var(--surface); height: var(--picker-height, 492px); }
    .side { background: var(--sunken); padding: 16px 12px; overflow-y: auto; display: flex; flex-direction: column; gap: 2px; }
    .side h3 { font: var(--font-12); color: var(--text2); padding: 0 12px 6px; } .side h3:not(:first-child) { padding-top: 16px; }
    .place { display: grid; grid-template-columns: 20px minmax(0, 1fr); gap: 2px 12px; align-items: center; width: 100%; flex: none; min-height: 40px; padding: 8px 12px; border-radius: var(--radius); font: var(--font-14); text-align: start; }
    .place[aria-current] { background: var(--surface); box-shadow: inset 0 0 0 1px var(--line); font-weight: 600; } .place[aria-current] hm-icon { color: var(--accent); }
    @media (hover: hover) { .place:hover:not([aria-current]) { background: var(--hover); } .row:not(.on):has(.open:hover:enabled) { background: var(--hover); } .crumbs button:hover { color: var(--text); } }
    .place:focus-visible { outline-offset: -2px; }
    .place hm-progress, .place .free { grid-column: 2; } .place hm-progress { margin-top: 4px; } .place .free { font: var(--font-12); font-weight: 400; color: var(--text2); }
    .place hm-icon { color: var(--text2); }
    .main { display: flex; flex-direction: column; min-width: 0; min-height: 0; }
    .top { position: relative; display: flex; align-items: center; gap: 8px; min-height: 56px; padding: 8px 12px 8px 8px; border-bottom: 1px solid var(--line); font: var(--font-14); flex: none; }
    .top > .head { flex: 1; font-weight: 600; padding-left: 12px; }
    .running { position: absolute; left: 0; right: 0; bottom: -1px; --track: transparent; animation: late 300ms step-end; } @keyframes late { from { visibility: hidden; } }
    .crumbs { display: flex; align-items: center; gap: 8px; min-width: 0; flex: 1; overflow: hidden; white-space: nowrap; }
    .crumbs button { color: var(--text2); border-radius: 4px; min-width: 0; overflow: hidden; text-overflow: ellipsis; min-height: 32px; } .crumbs button:focus-visible { outline-offset: -2px; }
    .crumbs button:last-of-type { color: var(--text); font-weight: 600; flex: 0 1 auto; }
    .crumbs hm-icon { flex: none; color: var(--text3); }
    .list { flex: 1; overflow-y: auto; padding: 0 8px 8px; overscroll-behavior: contain; }
    .row { display: flex; align-items: center; gap: 16px; min-height: 64px; padding: 8px 8px 8px 12px; border-radius: var(--radius); margin-top: 4px; }
    .row.on { background: var(--soft); } .row.off .open { color: var(--text3); }
    .row .words { flex: 1; min-width: 0; display: block; } .words > * { display: block; }
    .row .open { display: flex; align-items: center; gap: 16px; flex: 1; min-width: 0; text-align: start; border-radius: 4px; } .row .open:disabled { cursor: default; }
    .row .open > hm-icon { color: var(--text2); flex: none; } .row.on .open > hm-icon { color: var(--accent); }
    .like { font: var(--font-14); color: var(--text2); flex: none; }
    .kind-box { position: relative; flex: none; } .kind-box hm-icon { position: absolute; right: 10px; top: 10px; pointer-events: none; }
    .kind { height: 36px; padding: 0 34px 0 12px; border: 0; border-radius: var(--radius); background: var(--surface); color: var(--text); box-shadow: inset 0 0 0 1px var(--line); font: var(--font-14); font-weight: 500; appearance: none; -webkit-appearance: none; cursor: pointer; }
    .kind option { background: var(--raised); color: var(--text); }
    .note { padding: 12px 16px; }
    form { display: flex; gap: 8px; flex: 1; align-items: start; } form hm-field { flex: 1; } form hm-button, form hm-icon-button { margin-top: 2px; }
    @media (max-width: 719.98px) {
      .box { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto minmax(0, 1fr); height: var(--picker-height, clamp(320px, 100dvh - 346px, 560px)); }
      .side { flex-direction: row; padding: 8px; gap: 4px; overflow-x: auto; scrollbar-width: none; border-bottom: 1px solid var(--line); } .side h3, .place .free, .place hm-progress { display: none; }
      .place { width: auto; grid-template-columns: 20px auto; white-space: nowrap; min-height: 44px; gap: 8px; }
      .top { padding-left: 4px; padding-right: 4px; } .top > .head { padding-left: 12px; }
      .list { padding: 0 4px 8px; } .row { gap: 12px; padding: 8px 8px 8px 12px; } .row .open { gap: 12px; min-height: 44px; } .kind { height: 44px; padding-left: 10px; } .kind-box hm-icon { top: 14px; }
      .row .open > hm-icon { display: none; }
    }
  `];

  constructor() {
    super();
    this.chosen = new Map();
    this.kinds = true;
    this.suggest = false;
    this.path = '';
    this.parent = null;
    this.folders = null;
    this.places = [];
    this.likely = [];
    this.problem = null;
    this.typing = false;
    this.draft = '';
    this.mistake = '';
    this.isOpening = false;
    this.busy = false;
    this.isCut = false;
    /** The listing wanted now, and what was typed by hand and is not answered yet: each a fresh object; answers to others are stale. @type {object | null} */
    this.asked = null;
    /** @type {object | null} */
    this.byHand = null;
    /** The listing under way when the field for a path was opened; its answer leaves the field alone. @type {object | null} */
    this.before = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.begin();
  }

  /** Reads the places; with `suggest` ticks what looks like media. Opens where all of that lies, or the list of it. */
  async begin() {
    const asked = (this.asked = {});
    this.busy = true;
    this.problem = null;
    let places = [];
    try {
      const answer = await api.get('/api/home/server/suggestions');
      ({ places } = answer);
      this.likely = answer.suggestions.filter((one) => one.kind && !one.inLibrary).map((one) => ({ ...one, readable: true, counted: true }));
    } catch (error) {
      if (error.status !== 504) { // a disk that does not answer: the others can be looked through all the same
        if (asked === this.asked) Object.assign(this, { problem: error, busy: false });
        return;
      }
    }
    const named = places.map((place) => ({ ...place, name: PLACE_NAMES[place.kind]?.() ?? (place.path === '/' ? say.mainDrive : place.name) }));
    const all = named.some((place) => place.path === '/') ? [] : [{ kind: 'computer', name: say.wholeComputer, path: '/' }];
    const suggested = this.likely.length ? [{ kind: 'suggested', name: say.suggested, path: SUGGESTED }] : [];
    this.places = [...suggested, ...named, ...all];
    if (this.suggest && this.chosen.size === 0 && this.likely.length) this.change(new Map(this.likely.map((one) => [one.path, taken(one)])));
    const parents = new Set(this.likely.map((one) => above(one.path)));
    if (asked === this.asked) await this.open(parents.size > 1 ? SUGGESTED : ([...parents][0] ?? this.places[0].path), { asked }); // else somebody was quicker
  }

  /** What a folder holds. @param {string} path @param {{asked?: object}} [how] what it belongs to, where it is not a wish of its own */
  async open(path, { asked = {} } = {}) {
    if (asked !== this.asked) {
      this.byHand = null;
      this.isOpening = false;
      this.mistake = '';
    }
    this.asked = asked;
    this.problem = null;
    if (path === SUGGESTED) return this.openSuggested();
    this.busy = true;
    try {
      const page = await api.get('/api/browse-fs', { path });
      if (asked !== this.asked) return undefined;
      this.show(page);
    } catch (error) {
      if (asked === this.asked) this.refused(error, path);
      return undefined;
    }
    return this.countIn();
  }

  /** A path typed by hand: a mistake is said at the field, and until it is found the list stays, or still comes. @param {string} path */
  async openTyped(path) {
    const asked = (this.byHand = {});
    this.draft = path;
    this.mistake = '';
    this.isOpening = true;
    try {
      const page = await api.get('/api/browse-fs', { path });
      if (asked !== this.byHand) return undefined;
      this.asked = asked;
      this.problem = null;
      this.show(page);
    } catch (error) {
      if (asked === this.byHand) this.mistake = error.message;
      return undefined;
    } finally {
      if (asked === this.byHand) this.isOpening = false;
    }
    return this.countIn();
  }

  show(page) {
    this.stopTypingUnlessLater();
    this.busy = false;
    this.path = page.path;
    this.parent = page.parent;
    this.isCut = page.truncated;
    this.folders = page.entries.map((entry) => ({ ...entry, counted: false }));
    this.renderRoot.querySelector('.list')?.scrollTo(0, 0);
  }

  refused(error, path) {
    this.stopTypingUnlessLater();
    this.busy = false;
    this.problem = error;
    this.path = path;
    this.parent = above(path) === path ? null : above(path);
  }

  /** Who goes elsewhere has done with typing; an answer that was under way already when he began takes nothing from him. */
  stopTypingUnlessLater() {
    if (this.asked !== this.before) this.typing = false;
  }

  openSuggested() {
    const others = [...this.chosen.values()].filter((one) => !this.likely.some((other) => other.path === one.path));
    this.stopTypingUnlessLater();
    this.path = SUGGESTED;
    this.parent = null;
    this.busy = false;
    this.isCut = false;
    this.folders = [...this.likely, ...others.map((one) => ({ ...one, readable: true, counted: true }))];
  }

  /** What each of the folders holds comes after their names: counting may take two seconds. */
  async countIn() {
    const { path, folders } = this;
    let known = new Map();
    try {
      const { suggestions } = await api.get('/api/home/server/suggestions', { path });
      known = new Map(suggestions.map((one) => [one.path, one]));
    } catch {
      known = new Map(); // names without numbers will do
    }
    if (folders === this.folders) this.folders = folders.map((entry) => ({ ...entry, counted: known.has(entry.path), ...known.get(entry.path) }));
  }

  change(chosen) {
    this.chosen = chosen;
    this.emit('hm-change', { chosen });
  }

  ticked(event, folder) {
    event.stopPropagation(); // the checkbox's own event has our name, and our listeners expect ours
    this.flip(folder);
  }

  flip(folder) {
    const next = new Map(this.chosen);
    if (!next.delete(folder.path)) {
      for (const path of next.keys()) if (holds(folder.path, path)) next.delete(path); // what lies in it comes with it
      next.set(folder.path, taken(folder));
    }
    this.change(next);
  }

  pickKind(path, kind) {
    this.change(new Map(this.chosen).set(path, { ...this.chosen.get(path), kind }));
  }

  render() {
    return html`<div class="box">
      <nav class="side" aria-label=${say.pickerPlaces}>${this.side(say.thisComputer, (place) => !place.totalBytes)}${this.side(say.drives, (place) => place.totalBytes)}</nav>
      <div class="main">${this.top()}<div class="list" role="group" aria-label=${say.folders} aria-busy=${this.busy ? 'true' : 'false'}>${this.list()}</div></div></div>`;
  }

  side(heading, which) {
    const places = this.places.filter(which);
    if (!places.length) return nothing;
    return html`<h3>${heading}</h3>${places.map((place) => html`
      <button class="place" type="button" aria-current=${place.path === this.path ? 'true' : nothing} title=${place.path === SUGGESTED ? nothing : place.path} @click=${() => this.open(place.path)}>
        <hm-icon name=${PLACE_ICONS[place.kind] ?? 'folder'}></hm-icon><span class="one-line">${place.name}</span>
        ${place.totalBytes ? html`<hm-progress quiet .value=${1 - place.freeBytes / place.totalBytes} label=${place.name}></hm-progress><span class="free">${say.freeOf(size(place.freeBytes), size(place.totalBytes))}</span>` : nothing}
      </button>`)}`;
  }

  top() {
    const running = this.busy || this.isOpening ? html`<hm-progress class="running" label=${say.loading}></hm-progress>` : nothing;
    if (this.typing) return html`<div class="top">${this.typingForm()}${running}</div>`;
    const pencil = html`<hm-icon-button icon="pencil" label=${say.typePath} @click=${this.startTyping}></hm-icon-button>`;
    if (this.path === SUGGESTED) return html`<div class="top"><span class="head">${say.suggestedHere}</span>${this.amount()}${pencil}${running}</div>`;
    return html`<div class="top">
      <hm-icon-button icon="chevron-up" label=${say.folderUp} ?disabled=${!this.parent} @click=${() => this.open(this.parent)}></hm-icon-button>
      <div class="crumbs">${crumbs(this.path).map(([path, name], index) => html`${index ? html`<hm-icon name="chevron-right" size="16"></hm-icon>` : nothing}<button type="button" @click=${() => this.open(path)}>${name === '/' ? say.wholeComputer : name}</button>`)}</div>
      ${this.amount()}${pencil}${running}</div>`;
  }

  amount() {
    return html`<span class="second not-phone">${this.folders && !this.problem ? say.folderCount(count(this.folders.length), this.folders.length) : ''}</span>`;
  }

  typingForm() {
    return html`<form @submit=${this.typeOn} @keydown=${(event) => event.key === 'Escape' && this.stopTyping(event)}>
      <hm-field label=${say.folderPath} hide-label name="path" placeholder=${say.pathExample} .value=${this.draft} error=${this.mistake} autocomplete="off" autocapitalize="none"></hm-field>
      <hm-button type="submit" ?busy=${this.isOpening}>${say.open}</hm-button><hm-icon-button icon="x" label=${say.cancel} @click=${this.stopTyping}></hm-icon-button></form>`;
  }

  typeOn(event) {
    event.preventDefault();
    const path = String(new FormData(event.target).get('path')).trim();
    if (path) this.openTyped(path);
  }

  stopTyping(event) {
    event.preventDefault();
    event.stopPropagation(); // Escape ends the typing, not the dialog around it
    this.typing = false;
    this.byHand = null;
    this.isOpening = false;
  }

  startTyping = async () => {
    this.before = this.asked;
    this.draft = this.path === SUGGESTED ? '' : this.path;
    this.mistake = '';
    this.typing = true;
    await this.updateComplete;
    const field = this.renderRoot.querySelector('hm-field');
    await field?.updateComplete;
    field?.focus();
    field?.select();
  };

  list() {
    if (this.problem) return html`<hm-error plain class="note" heading=${this.problem.message} retry=${say.retry} @hm-retry=${() => (this.path ? this.open(this.path) : this.begin())}></hm-error>${this.problem.code === 'path_forbidden' ? html`<p class="note hint">${folderHelp()}</p>` : nothing}`;
    if (!this.folders) return html`<hm-skeleton kind="text" count="6" class="note"></hm-skeleton>`;
    return html`${this.itself()}${this.folders.map((folder) => this.row(folder))}
      ${this.folders.length ? nothing : html`<hm-empty plain class="note" icon="folder-open" heading=${say.noFolders} text=${say.noFoldersText}></hm-empty>`}
      ${this.isCut ? html`<p class="note hint">${say.foldersCut}</p>` : nothing}${this.folders.some((one) => !one.readable) ? html`<p class="note hint">${folderHelp()}</p>` : nothing}`;
  }

  /** The folder one stands in, for those who walked into the one they meant. */
  itself() {
    if (this.path === SUGGESTED || !this.parent) return nothing;
    const sum = (key) => this.folders.reduce((all, one) => all + (one[key] ?? 0), 0);
    const known = this.likely.find((one) => one.path === this.path) ?? {};
    const here = { name: nameOf(this.path), kind: null, files: sum('files'), bytes: sum('bytes'), estimatedScanSeconds: sum('estimatedScanSeconds'), ...known, path: this.path, readable: true, isItself: true };
    return this.row(here);
  }

  row(folder) {
    const on = this.chosen.get(folder.path);
    const outer = on ? null : [...this.chosen.values()].find((one) => holds(one.path, folder.path));
    const inner = !on && [...this.chosen.keys()].some((path) => holds(folder.path, path));
    const isOff = Boolean(folder.inLibrary) || !folder.readable || Boolean(outer);
    return html`<div class="row ${on ? 'on' : ''} ${isOff ? 'off' : ''}">
      <hm-checkbox aria-name=${say.chooseThis(folder.name)} ?checked=${Boolean(on || outer)} ?indeterminate=${inner} ?disabled=${isOff} @hm-change=${(event) => this.ticked(event, folder)}></hm-checkbox>
      <button type="button" class="open" aria-label=${folder.isItself ? say.chooseThis(folder.name) : say.openFolder(folder.name)} ?disabled=${!folder.readable} @click=${() => (folder.isItself ? !isOff && this.flip(folder) : this.open(folder.path))}>
        <hm-icon name=${folder.isItself ? 'folder-open' : 'folder'}></hm-icon><span class="words"><span class="name one-line">${folder.isItself ? say.itself(folder.name) : folder.name}</span><span class="second one-line">${this.about(folder, outer)}</span></span></button>
      ${on && this.kinds ? this.kind(on) : this.like(folder, isOff)}
      ${folder.isItself ? nothing : html`<hm-icon-button class="not-phone" icon="chevron-right" label=${say.openFolder(folder.name)} ?disabled=${!folder.readable} @click=${() => this.open(folder.path)}></hm-icon-button>`}</div>`;
  }

  like(folder, isOff) {
    return !this.anything && folder.kind && folder.files && !isOff && !this.chosen.has(folder.path) ? html`<span class="like not-phone">${say.looksLike[folder.kind]}</span>` : nothing;
  }

  about(folder, outer) {
    if (!folder.readable) return say.folderUnreadable;
    if (folder.inLibrary) return say.folderTaken;
    if (outer) return say.folderWithin(outer.name);
    if (folder.isItself) return say.itselfText;
    if (!folder.counted) return '\u00a0';
    if (this.anything) return folder.allFiles || folder.isComplete !== false ? say.anyFiles(folder.isComplete === false ? say.atLeast(count(folder.allFiles)) : count(folder.allFiles), folder.allFiles) : '\u00a0';
    if (!folder.files && folder.isComplete !== false) return join(say.folderNoMedia, this.path === SUGGESTED ? above(folder.path) : '');
    const files = folder.isComplete === false ? say.atLeast(count(folder.files)) : count(folder.files);
    return join((folder.kind === 'music' ? say.songFiles : say.videoFiles)(files, folder.files), folder.bytes ? size(folder.bytes) : '', this.path === SUGGESTED ? above(folder.path) : '');
  }

  kind(on) {
    return html`<span class="kind-box"><select class="kind" aria-label=${say.kindOf(on.name)} @change=${(event) => this.pickKind(on.path, event.target.value)}>
      ${KINDS.map((kind) => html`<option value=${kind} ?selected=${on.kind === kind}>${say.mediaKinds[kind]}</option>`)}</select><hm-icon name="chevron-down" size="16"></hm-icon></span>`;
  }
}
customElements.define('hm-folder-picker', FolderPicker);

const taken = (folder) => ({ path: folder.path, name: folder.name, kind: folder.kind ?? 'movie', files: folder.files ?? 0, bytes: folder.bytes ?? 0, isComplete: folder.isComplete ?? false, estimatedScanSeconds: folder.estimatedScanSeconds ?? 0 });

export { nameOf };
