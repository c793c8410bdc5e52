import { css, html, nothing } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { count } from '../format.js';
import { session } from '../session.js';
import { confirmDialog } from '../ui/dialog.js';
import { toastError } from '../ui/toast.js';
import { pickFiles } from './adding.js';
import { readAgain } from './changes.js';
import { say } from './en.js';
import { PhotosPage } from './photos-page.js';
import { faceOf } from './items.js';
import { Months } from './source.js';
import { albumLine } from './words.js';

/** One album: its name and words, who is in it, its photos. Owner and editors change it. */
class AlbumPage extends PhotosPage {
  static properties = { ...PhotosPage.properties, isSharing: { state: true }, isTalking: { state: true }, isChanging: { state: true } };

  static styles = [PhotosPage.styles, css`
    .head { display: grid; gap: 4px; padding: 4px 0 8px; max-width: 860px; } .head h1 { font: var(--font-28); letter-spacing: -0.02em; overflow-wrap: anywhere; }
    .head input, .head textarea { width: 100%; border: 0; background: none; color: inherit; padding: 4px 8px; margin-left: -8px; border-radius: var(--radius); text-overflow: ellipsis; font: var(--font-28); letter-spacing: -0.02em; resize: none; }
    .head textarea { font: var(--font-14); color: var(--text2); field-sizing: content; min-height: 28px; } @media (hover: hover) { .head input:hover, .head textarea:hover { background: var(--hover); } } .head input:focus, .head textarea:focus { outline: 2px solid var(--accent); outline-offset: -2px; }
    .line { padding: 4px 0; color: var(--text2); font: var(--font-14); } .faces { display: flex; border-radius: var(--round); } .faces hm-avatar { margin-left: -8px; box-shadow: 0 0 0 2px var(--bg); border-radius: 50%; } .faces hm-avatar:first-child { margin-left: 0; }
    @media (max-width: 719.98px) { .line { gap: 4px 8px; } .line > .tabular { order: 1; flex: 1 1 100%; } }
  `];

  album = this.query(() => `/api/albums/${encodeURIComponent(this.params.id)}?withoutAssets=true`);

  counts = this.query(() => `/api/activities/statistics?albumId=${encodeURIComponent(this.params.id)}`);

  constructor() {
    super();
    this.isSharing = false;
    this.isTalking = false;
    this.isChanging = false;
    this.live({ 'album.*': () => this.album.refresh(), 'album.talk': (event) => event.album_id === this.params.id && this.counts.refresh() });
  }

  get role() {
    return this.album.data?.albumUsers.find((one) => one.user.id === session.user?.id)?.role ?? 'viewer';
  }

  get mayEdit() {
    return this.role !== 'viewer';
  }

  get dropAlbum() {
    return this.album.data && this.mayEdit ? this.album.data : null;
  }

  get source() {
    const key = `${this.params.id} ${this.album.data?.order ?? 'desc'}`;
    if (key !== this.sourceKey) {
      this.sourceKey = key;
      this.made = new Months({ albumId: this.params.id, order: this.album.data?.order ?? 'desc' });
    }
    return this.made;
  }

  async change(body) {
    try {
      const next = await api.patch(`/api/albums/${this.params.id}`, body);
      this.album.update((before) => ({ ...before, ...next }));
      readAgain();
    } catch (error) {
      toastError(error);
      this.album.refresh();
    }
  }

  named(event) {
    const name = event.target.value.trim();
    if (name !== this.album.data.albumName) this.change({ albumName: name });
  }

  described(event) {
    const description = event.target.value.trim();
    if (description !== this.album.data.description) this.change({ description });
  }

  more() {
    const album = this.album.data;
    const order = album.order === 'asc' ? 'desc' : 'asc';
    return [
      { id: 'select', label: say.select, icon: 'tick-circle' },
      ...(this.mayEdit ? [{ id: `order:${order}`, label: say.orders[order], icon: 'sort' }, { id: 'options', label: say.albumOptions, icon: 'settings' }] : []),
      { separator: true },
      ...(this.role === 'owner' ? [{ id: 'share', label: say.share, icon: 'share' }, { id: 'delete', label: say.deleteAlbum, icon: 'trash', danger: true }] : [{ id: 'leave', label: say.leaveAlbum, icon: 'log-out' }]),
    ];
  }

  async did(id) {
    super.did(id);
    if (id.startsWith('order:')) this.change({ order: id.slice(6) });
    if (id === 'options') this.isChanging = true;
    if (id === 'share') this.share();
    if (id === 'delete') this.end(say.deleteAlbumTitle(this.album.data.albumName || say.untitled), say.deleteAlbumText, say.deleteAlbum, () => api.delete(`/api/albums/${this.params.id}`));
    if (id === 'leave') this.end(say.leaveTitle(this.album.data.albumName || say.untitled), say.leaveText, say.leaveAlbum, () => api.delete(`/api/albums/${this.params.id}/user/me`));
  }

  /** Whose it is says who sees it; the others see who does. */
  async share() {
    if (this.role !== 'owner') {
      this.isSharing = true;
      return;
    }
    const { giveAlbum } = await import('./giving.js');
    await giveAlbum(this.album.data);
    invalidate('/api/albums');
  }

  async end(heading, text, action, run) {
    if (!(await confirmDialog({ heading, text, action, danger: true }))) return;
    try {
      await run();
      invalidate('/api/albums');
      this.go('/photos/albums', { replace: true });
    } catch (error) {
      toastError(error);
    }
  }

  head(album) {
    const others = album.albumUsers.length > 1;
    const faces = others ? html`<button class="faces" type="button" aria-label=${say.members} @click=${() => this.share()}>${album.albumUsers.slice(0, 6).map(({ user }) => html`<hm-avatar name=${user.name} size="32" src=${faceOf(user) ?? nothing}></hm-avatar>`)}</button>` : nothing;
    const talk = this.hasTalk ? html`<hm-button kind="quiet" size="small" icon="talk" label=${say.talk} @click=${() => this.talk()}>${this.talkCounts ? count(this.talkCounts) : say.talk}</hm-button>` : nothing;
    const line = html`<div class="line">${faces}<span class="tabular">${albumLine(album)}</span>${talk}</div>`;
    if (!this.mayEdit) return html`<div class="head"><h1 tabindex="-1">${album.albumName || say.untitled}</h1>${album.description ? html`<p>${album.description}</p>` : nothing}${line}</div>`;
    return html`<div class="head"><h1 class="visually-hidden" tabindex="-1">${album.albumName || say.untitled}</h1>
      <input class="title" aria-label=${say.albumName} placeholder=${say.untitled} autocomplete="off" .value=${album.albumName} ?autofocus=${Boolean(this.search.new)} @change=${this.named} @keydown=${(event) => event.key === 'Enter' && event.target.blur()}>
      <textarea rows="1" aria-label=${say.description} placeholder=${say.describe} .value=${album.description} @change=${this.described}></textarea>${line}</div>`;
  }

  updated() {
    const field = this.search.new ? this.renderRoot.querySelector('input.title') : null;
    if (!field || this.begun) return;
    this.begun = true;
    requestAnimationFrame(() => field.focus());
  }

  /** Shared albums are talked about; one's own alone need not be. */
  get hasTalk() {
    const album = this.album.data;
    return Boolean(album && (album.shared || album.albumUsers.length > 1) && (album.isActivityEnabled || this.talkCounts));
  }

  get talkCounts() {
    return (this.counts.data?.comments ?? 0) + (this.counts.data?.likes ?? 0);
  }

  async talk() {
    await import('./talk.js');
    this.isTalking = true;
  }

  talkOf(album) {
    if (!this.isTalking) return nothing;
    return html`<hm-dialog open cross heading=${say.talk} @hm-close=${() => (this.isTalking = false)}><photo-talk class="talk" .album=${album} @photo-open=${(event) => ((this.isTalking = false), this.setSearch({ photo: event.detail.id }, { push: true }))}></photo-talk></hm-dialog>`;
  }

  filled(album) {
    const add = html`<hm-button kind="primary" icon="plus" href=${`/photos?into=${album.id}`}>${say.addPhotos}</hm-button><hm-button icon="upload" @click=${() => pickFiles(album)}>${say.upload}</hm-button>`;
    return html`${this.head(album)}
      <photo-list .source=${this.source} kind="album" .album=${album} label=${album.albumName} shown=${this.search.photo ?? nothing}>
        <div slot="empty" class="few"><hm-empty icon="photos" heading=${say.emptyAlbum} text=${this.mayEdit ? say.emptyAlbumText : ''}>${this.mayEdit ? html`<div slot="action" class="line">${add}</div>` : nothing}</hm-empty></div>
      </photo-list>
      ${this.talkOf(album)}
      ${this.isChanging ? html`<photo-album-options .album=${album} @photo-album-change=${(event) => this.change(event.detail.body)} @hm-close=${() => (this.isChanging = false)}></photo-album-options>` : nothing}
      ${this.isSharing ? html`<photo-album-members .album=${album} @hm-close=${() => (this.isSharing = false)}></photo-album-members>` : nothing}`;
  }

  willUpdate(changed) {
    super.willUpdate?.(changed);
    if (this.isSharing) import('./album-members.js').catch(toastError);
    if (this.isChanging) import('./album-options.js').catch(toastError);
  }

  render() {
    const album = this.album.data;
    this.title = album?.albumName || say.albums;
    return html`<hm-page-header back="/photos/albums">${album && this.mayEdit ? html`<hm-icon-button slot="end" icon="add-to-album" icon-size="24" label=${say.addPhotos} href=${`/photos?into=${album.id}`}></hm-icon-button>` : nothing}${album ? this.tools(this.more()) : nothing}</hm-page-header>
      <div class="body">${this.album.render({ loading: () => html`<hm-skeleton kind="text" count="2"></hm-skeleton>`, data: (one) => this.filled(one), error: () => html`<div class="few"><hm-empty icon="photos" heading=${say.noSuchAlbum} text=${say.noSuchAlbumText}><hm-button slot="action" href="/photos/albums">${say.albums}</hm-button></hm-empty></div>` })}</div>${this.drops.sign()}`;
  }
}
customElements.define('photo-album-page', AlbumPage);
