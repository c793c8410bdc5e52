import { css, html, nothing } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { go, holdNavigation } from '../router.js';
import { session } from '../session.js';
import { language } from '../format.js';
import { toast } from '../ui/toast.js';
import { holds, nameOf } from '../ui/paths.js';
import { say } from './en.js';
import { nameOf as nameOfMember } from './members-page.js';
import { SectionPage } from './section-page.js';

const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'sv', 'da', 'nb', 'fi', 'pl', 'cs', 'tr', 'ru', 'ja', 'ko', 'zh'];
const HOURS = [0, 1, 6, 12, 24];
const ICONS = { movie: 'film', show: 'show', video: 'video', music: 'music', photo: 'photos' };

/** Adding and editing a library: its name, what is in it, folders, options. */
class LibraryEditPage extends SectionPage {
  static properties = { ...SectionPage.properties, draft: { state: true }, picking: { state: true }, busy: { state: true }, problem: { state: true } };

  static styles = [SectionPage.styles, css`
    .folders { border-radius: var(--radius); box-shadow: inset 0 0 0 1px var(--line); padding: 0 4px 0 12px; margin-bottom: 12px; }
    .folder { display: flex; align-items: center; gap: 12px; min-height: 48px; } .folder > hm-icon { color: var(--text2); }
    .folder .path { flex: 1; min-width: 0; overflow-wrap: anywhere; font: var(--font-14); }
    .folder.wrong .path, .folder.wrong > hm-icon { color: var(--bad); }
    .folder + .folder { border-top: 1px solid var(--line); }
    .wrongness { display: flex; gap: 6px; margin: -4px 0 12px; }
    .label { font: var(--font-14); font-weight: 500; margin-bottom: 6px; } .label + .hint { margin: 0 0 10px; } .after { margin-top: 6px; }
    .kind { font: var(--font-14); display: flex; align-items: center; gap: 10px; }
    summary { display: flex; align-items: center; gap: 8px; cursor: pointer; font: var(--font-14); font-weight: 500; min-height: 44px; border-radius: 4px; list-style: none; border-top: 1px solid var(--line); padding-top: 8px; } summary::-webkit-details-marker { display: none; }
    summary hm-icon { color: var(--text2); transition: transform var(--fast) ease-out; } details[open] summary hm-icon { transform: rotate(90deg); }
    details .form { margin-top: 12px; }
    hm-folder-picker { --picker-height: min(440px, 56dvh); }
  `];

  libraries = this.query(() => '/api/libraries');
  members = this.query(() => '/api/users');

  constructor() {
    super();
    this.draft = null;
    this.picking = false;
    this.busy = false;
    this.problem = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.free = holdNavigation(() => (this.draft && !this.busy ? say.unsaved : null));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.free?.();
    this.notice?.close(); // its way back leads to a form that is gone
  }

  get isNew() {
    return !this.params.id;
  }

  get library() {
    return this.libraries.data?.libraries.find((library) => library.id === this.params.id);
  }

  /** What the form shows: the library as it is under what was changed. */
  get form() {
    const library = this.library;
    const base = library
      ? { name: library.name, type: library.type, paths: library.paths ?? [], language: library.language, options: library.options ?? {} }
      : { name: '', type: 'movie', paths: [], language: 'en', options: { watchFolders: true, scanIntervalHours: 12, extractThumbs: true, scrubPreviews: true, metadataSource: 'auto', saveNfo: false, ignore: [] } };
    return { ...base, ...this.draft, options: { ...base.options, ...this.draft?.options } };
  }

  set(change) {
    this.draft = { ...this.draft, ...change };
  }

  option(change) {
    this.set({ options: { ...this.draft?.options, ...change } });
  }

  async save(event) {
    event.preventDefault();
    const { name, type, paths, language: code, options } = this.form;
    const { ownerId, ...own } = options; // of the others nobody is the owner
    const body = { name: name || say.kinds[type], type, paths, language: code, options: type === 'photo' && ownerId ? options : own };
    this.busy = true;
    this.problem = null;
    try {
      if (this.isNew) await api.post('/api/libraries', body);
      else await api.put(`/api/libraries/${this.params.id}`, body);
      this.draft = null;
      invalidate('/api/libraries', '/api/home/library', '/api/scan-status');
      await session.readLibraries();
      toast(this.isNew ? say.added(body.name) : say.saved);
      go('/admin/libraries', { replace: true });
    } catch (error) {
      this.problem = error;
      await this.updateComplete;
      this.renderRoot.querySelector('hm-field[error]:not([error=""]), [role="alert"]')?.scrollIntoView({ block: 'center' });
    } finally {
      this.busy = false;
    }
  }

  render() {
    return this.framed('administration', 'libraries', this.libraries.render({
      loading: () => html`<hm-skeleton kind="panel" count="1"></hm-skeleton>`,
      data: () => (this.isNew || this.library ? this.edited() : html`<hm-empty icon="question" heading=${say.notFoundLibrary}><hm-button slot="action" href="/admin/libraries">${say.libraries}</hm-button></hm-empty>`),
    }));
  }

  edited() {
    const form = this.form;
    const problem = this.problem;
    const code = problem?.code;
    const atName = code === 'name_taken' ? problem.message : (problem?.field?.('name') ?? '');
    const wrongPath = this.wrongPath(form);
    return html`
      <div class="title"><hm-icon-button icon="arrow-left" label=${say.libraries} href="/admin/libraries"></hm-icon-button><h2>${this.isNew ? say.newTitle : say.editTitle(this.library.name)}</h2></div>
      <form class="panel" @submit=${this.save}><div class="form">
        <div><p class="label">${say.kind}</p>
          ${this.isNew
            ? html`<hm-segmented label=${say.kind} value=${form.type} .options=${Object.entries(say.kinds).map(([value, label]) => ({ value, label }))} @hm-change=${(event) => this.set({ type: event.detail.value })}></hm-segmented>`
            : html`<p class="kind"><hm-icon name=${ICONS[form.type] ?? 'folder'}></hm-icon>${say.kinds[form.type]}</p>`}
          <p class="hint after">${say.kindHints[form.type]}</p></div>
        <div><p class="label">${say.folders}</p>
          ${form.paths.length ? html`<div class="folders">${form.paths.map((path) => this.folder(path, form, wrongPath))}</div>` : html`<p class="hint">${say.noFolders}</p>`}
          ${wrongPath ? html`<p class="t12 bad wrongness" role="alert"><hm-icon name="warning" size="16"></hm-icon>${problem.message}</p>` : nothing}
          <hm-button icon="plus" @click=${this.pick}>${say.addFolder}</hm-button></div>
        <hm-field label=${say.name} .value=${form.name} placeholder=${say.kinds[form.type]} maxlength="100" autocomplete="off" error=${atName} @input=${(event) => this.set({ name: event.target.value })}></hm-field>
        ${form.type === 'photo' ? this.owner(form) : html`<hm-field label=${say.language} type="select" hint=${say.languageHint} .value=${form.language} .options=${[...new Set([form.language, ...LANGUAGES])].map((value) => ({ value, label: language(value) }))} @change=${(event) => this.set({ language: event.target.value })}></hm-field>`}
        <details><summary><hm-icon name="chevron-right" size="16"></hm-icon>${say.options}</summary>${this.options(form)}</details>
        ${problem && !atName && !wrongPath ? html`<hm-notice tone="bad" role="alert">${problem.message}</hm-notice>` : nothing}
        <div class="actions"><hm-button kind="primary" type="submit" ?disabled=${!form.paths.length} ?busy=${this.busy}>${this.busy ? say.saving : this.isNew ? say.create : say.save}</hm-button>
          <hm-button kind="quiet" href="/admin/libraries">${say.cancel}</hm-button></div>
      </div></form>
      ${this.picking ? this.picker() : nothing}`;
  }

  /** Whose photos a library of them holds: chosen when it is made, and never changed. */
  owner({ options }) {
    const members = this.members.data ?? [];
    const id = options.ownerId ?? session.user?.id;
    if (!this.isNew) {
      const member = members.find((one) => one.id === id);
      return member ? html`<p class="kind"><hm-icon name="user"></hm-icon>${say.photosOf(nameOfMember(member))}</p>` : nothing;
    }
    const offered = members.filter((one) => one.enabled !== false).map((one) => ({ value: one.id, label: nameOfMember(one) }));
    return html`<hm-field label=${say.whosePhotos} type="select" hint=${say.whosePhotosHint} error=${this.problem?.field?.('options.ownerId') ?? ''} .value=${id} .options=${offered} @change=${(event) => this.option({ ownerId: event.target.value })}></hm-field>`;
  }

  /** The folder the server complains of: it says "paths[0]". */
  wrongPath(form) {
    const at = /^paths\[(\d+)\]$/.exec(this.problem?.details[0]?.field ?? '');
    return at ? form.paths[Number(at[1])] : null;
  }

  folder(path, form, wrongPath) {
    const drop = () => {
      this.problem = null;
      this.set({ paths: form.paths.filter((other) => other !== path) });
      this.notice = toast(say.dropped(nameOf(path)), { undo: () => this.set({ paths: form.paths }) });
    };
    return html`<div class="folder ${path === wrongPath ? 'wrong' : ''}"><hm-icon name="folder"></hm-icon><span class="path">${path}</span>
      <hm-icon-button icon="x" label=${say.dropFolder(path)} @click=${drop}></hm-icon-button></div>`;
  }

  options({ type, options }) {
    const isMusic = type === 'music'; // described by its own tags, and nothing is written beside it
    const isPhoto = type === 'photo'; // described by what is written in the pictures
    return html`<div class="form">
      <hm-switch label=${say.watchFolders} hint=${say.watchHint} ?checked=${options.watchFolders} @hm-change=${(event) => this.option({ watchFolders: event.detail.checked })}></hm-switch>
      <hm-field label=${say.interval} type="select" .value=${String(options.scanIntervalHours)} .options=${[...new Set([options.scanIntervalHours, ...HOURS])].map((n) => ({ value: String(n), label: say.hours(n) }))} @change=${(event) => this.option({ scanIntervalHours: Number(event.target.value) })}></hm-field>
      ${isPhoto ? nothing : html`<hm-switch label=${isMusic ? say.covers : say.thumbs} ?checked=${options.extractThumbs} @hm-change=${(event) => this.option({ extractThumbs: event.detail.checked })}></hm-switch>`}
      ${isMusic || isPhoto ? nothing : html`<hm-switch label=${say.previews} hint=${say.previewsHint} ?checked=${options.scrubPreviews !== false} @hm-change=${(event) => this.option({ scrubPreviews: event.detail.checked })}></hm-switch>
      <hm-field label=${say.source} type="select" hint=${say.sourceHint[options.metadataSource] ?? nothing} .value=${options.metadataSource} .options=${Object.entries(say.sources).map(([value, label]) => ({ value, label }))} @change=${(event) => this.option({ metadataSource: event.target.value })}></hm-field>
      <hm-switch label=${say.saveNfo} hint=${say.saveNfoHint} ?checked=${options.saveNfo} @hm-change=${(event) => this.option({ saveNfo: event.detail.checked })}></hm-switch>`}
      <hm-field label=${say.ignore} type="textarea" hint=${say.ignoreHint} .value=${(options.ignore ?? []).join('\n')} @change=${(event) => this.option({ ignore: event.target.value.split('\n').map((line) => line.trim()).filter(Boolean) })}></hm-field>
    </div>`;
  }

  pick = async () => {
    await import('../ui/folder-picker.js');
    this.picked = new Map();
    this.picking = true;
  };

  picker() {
    const use = () => {
      const chosen = [...this.picked.keys()];
      const kept = this.form.paths.filter((path) => !chosen.some((outer) => outer === path || holds(outer, path)));
      const [first] = this.picked.values();
      this.problem = null;
      this.set({ paths: [...kept, ...chosen], ...(this.isNew && !this.form.paths.length && first?.kind && first.files ? { type: first.kind } : {}), ...(this.form.name || !first ? {} : { name: nameOf(first.path) }) });
      this.picking = false;
    };
    const n = this.picked.size;
    return html`<hm-dialog open heading=${say.chooseFolder} width="880" @hm-close=${() => (this.picking = false)}>
      <hm-folder-picker .kinds=${false} .chosen=${this.picked} @hm-change=${(event) => { this.picked = event.detail.chosen; this.requestUpdate(); }}></hm-folder-picker>
      <hm-button slot="actions" kind="quiet" @click=${() => (this.picking = false)}>${say.cancel}</hm-button>
      <hm-button slot="actions" kind="primary" ?disabled=${!n} @click=${use}>${n > 1 ? say.useFolders(n) : say.useFolder}</hm-button></hm-dialog>`;
  }
}
customElements.define('library-edit-page', LibraryEditPage);
