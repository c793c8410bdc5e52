// Choosing folders of the machine the server runs on: places at the left, a folder's folders at the right, each with what it holds.
import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { count, join, size } from '../format.js';
import { Widget } from './element.js';
import { say } from './en.js';
import { shared } from './styles.js';

const KINDS = ['movie', 'show', 'video'];
const PLACE_ICONS = { home: 'home', videos: 'video', pictures: 'image', drive: 'drive', computer: 'computer' };
const PLACE_NAMES = { home: () => say.homeFolder, videos: () => say.videosFolder, pictures: () => say.picturesFolder };

/**
 * `chosen`: Map of path → {path, name, kind, files, bytes}; `hm-change` after each change of it.
 * `kinds` false: the kind is decided elsewhere. The search for likely folders ticks what it finds once, when `suggest` is set.
 */
export class FolderPicker extends Widget {
  static properties = {
    chosen: { attribute: false },
    kinds: { type: Boolean },
    suggest: { type: Boolean },
    path: { state: true },
    parent: { state: true },
    folders: { state: true },
    places: { state: true },
    problem: { state: true },
    typing: { state: true },
    busy: { state: true },
  };

  static styles = [shared, css`
    :host { display: block; }
    .box { display: grid; grid-template-columns: 232px minmax(0, 1fr); border-radius: var(--radius-place); box-shadow: inset 0 0 0 1px var(--line); overflow: hidden; background: var(--surface); height: 492px; }
    .side { background: var(--sunken); padding: 16px 12px; overflow-y: auto; display: flex; flex-direction: column; gap: 2px; }
    .side h3 { font: var(--font-12); color: var(--text2); padding: 4px 12px 8px; } .side h3:not(:first-child) { padding-top: 16px; }
    .place { display: grid; grid-template-columns: 20px minmax(0, 1fr); gap: 2px 12px; align-items: center; width: 100%; min-height: 40px; padding: 8px 12px; border-radius: var(--radius); font: var(--font-14); text-align: start; }
    .place[aria-current] { background: var(--surface); box-shadow: inset 0 0 0 1px var(--line); font-weight: 600; } .place[aria-current] hm-icon { color: var(--accent); }
    @media (hover: hover) { .place:hover:not([aria-current]) { background: var(--hover); } }
    .place hm-progress, .place .free { grid-column: 2; } .place .free { font: var(--font-12); font-weight: 400; color: var(--text2); }
    .place hm-icon { color: var(--text2); }
    .main { display: flex; flex-direction: column; min-width: 0; min-height: 0; }
    .top { display: flex; align-items: center; gap: 8px; min-height: 56px; padding: 8px 20px 8px 12px; border-bottom: 1px solid var(--line); font: var(--font-14); }
    .crumbs { display: flex; align-items: center; gap: 8px; min-width: 0; flex: 1; overflow: hidden; white-space: nowrap; }
    .crumbs button { color: var(--text2); border-radius: 4px; } .crumbs button:last-of-type { color: var(--text); font-weight: 600; overflow: hidden; text-overflow: ellipsis; }
    .crumbs hm-icon { flex: none; color: var(--text3); }
    .list { flex: 1; overflow-y: auto; padding: 4px 8px 8px; overscroll-behavior: contain; }
    .row { display: flex; align-items: center; gap: 16px; min-height: 64px; padding: 8px 8px 8px 12px; border-radius: var(--radius); margin-top: 4px; }
    .row.on { background: var(--soft); } .row.off { color: var(--text3); }
    .row .words { flex: 1; min-width: 0; text-align: start; } .row .open { display: flex; align-items: center; gap: 16px; flex: 1; min-width: 0; }
    .row .open > hm-icon { color: var(--text2); flex: none; } .row.on .open > hm-icon { color: var(--accent); }
    .kind { height: 36px; padding: 0 32px 0 12px; border: 0; border-radius: var(--radius); background: var(--surface); color: var(--text); box-shadow: inset 0 0 0 1px var(--line); font: var(--font-14); font-weight: 500; appearance: none; -webkit-appearance: none; cursor: pointer; }
    .kind-box { position: relative; } .kind-box hm-icon { position: absolute; right: 10px; top: 10px; pointer-events: none; }
    .note { padding: 12px 16px; }
    form { display: flex; gap: 8px; flex: 1; align-items: center; } form hm-field { flex: 1; }
    @media (max-width: 719.98px) {
      .box { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto minmax(0, 1fr); height: min(66dvh, 560px); }
      .side { flex-direction: row; padding: 8px; overflow-x: auto; } .side h3, .place .free, .place hm-progress { display: none; }
      .place { width: auto; grid-template-columns: 20px auto; white-space: nowrap; min-height: 44px; }
      .row { gap: 10px; } .kind { min-height: 44px; } .kind-box hm-icon { top: 14px; }
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
    this.problem = null;
    this.typing = false;
    this.busy = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.begin();
  }

  /** Reads the places; with `suggest` ticks what looks like media, and opens where most of it lies. */
  async begin() {
    this.busy = true;
    try {
      const { places, suggestions } = await api.get('/api/home/server/suggestions');
      this.places = [...places.map((place) => ({ ...place, name: PLACE_NAMES[place.kind]?.() ?? place.name })), { kind: 'computer', name: say.wholeComputer, path: '/' }];
      const likely = suggestions.filter((one) => one.kind && !one.inLibrary);
      if (this.suggest && likely.length && this.chosen.size === 0) this.change(new Map(likely.map((one) => [one.path, one])));
      await this.open(this.suggest && likely.length ? above(likely[0].path) : (this.places[0].path));
    } catch (error) {
      this.problem = error;
      this.busy = false;
    }
  }

  async open(path) {
    this.busy = true;
    this.problem = null;
    this.typing = false;
    const asked = (this.asked = {});
    try {
      const page = await api.get('/api/browse-fs', { path });
      if (asked !== this.asked) return;
      this.path = page.path;
      this.parent = page.parent;
      this.folders = page.entries.map((entry) => ({ ...entry, counted: false }));
      this.busy = false;
      const { suggestions } = await api.get('/api/home/server/suggestions', { path });
      if (asked !== this.asked) return;
      const known = new Map(suggestions.map((one) => [one.path, one]));
      this.folders = this.folders.map((entry) => ({ ...entry, counted: true, ...known.get(entry.path) }));
    } catch (error) {
      if (asked !== this.asked) return;
      this.problem = error;
      this.folders ??= [];
    } finally {
      if (asked === this.asked) this.busy = false;
    }
  }

  change(chosen) {
    this.chosen = chosen;
    this.emit('hm-change', { chosen });
  }

  flip(folder) {
    const next = new Map(this.chosen);
    if (!next.delete(folder.path)) next.set(folder.path, { path: folder.path, name: folder.name, kind: folder.kind ?? 'movie', files: folder.files ?? 0, bytes: folder.bytes ?? 0, isComplete: folder.isComplete ?? false });
    this.change(next);
  }

  pickKind(path, kind) {
    this.change(new Map(this.chosen).set(path, { ...this.chosen.get(path), kind }));
  }

  render() {
    return html`<div class="box">
      <nav class="side" aria-label=${say.pickerPlaces}>${this.side(say.thisComputer, (place) => !place.totalBytes)}${this.side(say.drives, (place) => place.totalBytes)}</nav>
      <div class="main">${this.top()}<div class="list" aria-busy=${this.busy ? 'true' : 'false'}>${this.list()}</div></div></div>`;
  }

  side(heading, which) {
    const places = this.places.filter(which);
    if (!places.length) return nothing;
    return html`<h3>${heading}</h3>${places.map((place) => html`
      <button class="place" aria-current=${place.path === this.path ? 'true' : nothing} @click=${() => this.open(place.path)}>
        <hm-icon name=${PLACE_ICONS[place.kind] ?? 'folder'}></hm-icon><span class="one-line">${place.name}</span>
        ${place.totalBytes ? html`<hm-progress quiet .value=${1 - place.freeBytes / place.totalBytes} label=${place.name}></hm-progress><span class="free">${say.freeOf(size(place.freeBytes), size(place.totalBytes))}</span>` : nothing}
      </button>`)}`;
  }

  top() {
    if (this.typing) {
      return html`<div class="top"><form @submit=${(event) => { event.preventDefault(); this.open(new FormData(event.target).get('path')); }}>
        <hm-field label=${say.folderPath} hide-label name="path" .value=${this.path} autocomplete="off"></hm-field><hm-button type="submit">${say.open}</hm-button></form></div>`;
    }
    const here = { path: this.path, name: nameOf(this.path), files: 0, bytes: 0 };
    return html`<div class="top">
      <hm-icon-button icon="chevron-up" label=${say.folderUp} ?disabled=${!this.parent} @click=${() => this.open(this.parent)}></hm-icon-button>
      <div class="crumbs">${crumbs(this.path).map(([path, name], index) => html`${index ? html`<hm-icon name="chevron-right" size="16"></hm-icon>` : nothing}<button @click=${() => this.open(path)}>${name}</button>`)}</div>
      <span class="second not-phone">${this.folders ? say.folderCount(count(this.folders.length), this.folders.length) : ''}</span>
      ${this.path ? html`<hm-checkbox aria-name=${say.chooseThis(here.name)} ?checked=${this.chosen.has(this.path)} @hm-change=${() => this.flip(here)}></hm-checkbox>` : nothing}
      <hm-icon-button icon="pencil" label=${say.typePath} @click=${this.startTyping}></hm-icon-button></div>`;
  }

  startTyping = async () => {
    this.typing = true;
    await this.updateComplete;
    this.renderRoot.querySelector('hm-field')?.focus();
  };

  list() {
    if (this.problem) return html`<hm-error plain class="note" heading=${this.problem.message} retry=${say.retry} @hm-retry=${() => (this.path ? this.open(this.path) : this.begin())}></hm-error>`;
    if (!this.folders) return html`<hm-skeleton kind="line" count="6" class="note"></hm-skeleton>`;
    if (!this.folders.length) return html`<hm-empty plain class="note" icon="folder-open" heading=${say.noFolders} text=${say.noFoldersText}></hm-empty>`;
    return this.folders.map((folder) => this.row(folder));
  }

  row(folder) {
    const on = this.chosen.get(folder.path);
    const isTaken = Boolean(folder.inLibrary) || !folder.readable;
    return html`<div class="row ${on ? 'on' : ''} ${isTaken ? 'off' : ''}">
      <hm-checkbox aria-name=${say.chooseThis(folder.name)} ?checked=${Boolean(on)} ?disabled=${isTaken} @hm-change=${() => this.flip(folder)}></hm-checkbox>
      <button class="open" aria-label=${say.openFolder(folder.name)} ?disabled=${!folder.readable} @click=${() => this.open(folder.path)}>
        <hm-icon name="folder"></hm-icon><span class="words"><span class="name one-line">${folder.name}</span><br><span class="second one-line">${this.about(folder)}</span></span></button>
      ${on && this.kinds ? this.kind(on) : nothing}
      <hm-icon-button class="not-phone" icon="chevron-right" label=${say.openFolder(folder.name)} ?disabled=${!folder.readable} @click=${() => this.open(folder.path)}></hm-icon-button></div>`;
  }

  about(folder) {
    if (!folder.readable) return say.folderUnreadable;
    if (folder.inLibrary) return say.folderTaken;
    if (!folder.counted) return ' ';
    if (!folder.files) return say.folderNoMedia;
    const files = folder.isComplete === false ? say.atLeast(count(folder.files)) : count(folder.files);
    return join(say.videoFiles(files, folder.files), size(folder.bytes));
  }

  kind(on) {
    return html`<span class="kind-box"><select class="kind" aria-label=${say.kindOf(on.name)} @change=${(event) => this.pickKind(on.path, event.target.value)}>
      ${KINDS.map((kind) => html`<option value=${kind} ?selected=${on.kind === kind}>${say.mediaKinds[kind]}</option>`)}</select><hm-icon name="chevron-down" size="16"></hm-icon></span>`;
  }
}
customElements.define('hm-folder-picker', FolderPicker);

const separator = (path) => (path.includes('\\') ? '\\' : '/');

export function nameOf(path) {
  return path.split(separator(path)).filter(Boolean).pop() ?? path;
}

function above(path) {
  const sign = separator(path);
  const parts = path.split(sign);
  parts.pop();
  return parts.join(sign) || sign;
}

/** The last three steps to a path as [path, name]. */
function crumbs(path) {
  const sign = separator(path);
  const steps = [];
  let now = '';
  for (const part of path.split(sign).filter(Boolean)) {
    now = sign === '/' ? `${now}/${part}` : now ? `${now}\\${part}` : `${part}\\`;
    steps.push([now, part]);
  }
  return steps.length ? steps.slice(-3) : [[path || '/', path || '/']];
}
