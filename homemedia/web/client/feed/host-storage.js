import { css, html, nothing, repeat } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { ago, count, join, size } from '../format.js';
import { live } from '../live.js';
import { QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { store as kept } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { host as say } from './en.js';
import { Faces } from './faces.js';
import { labelOf } from './sites.js';
import { clips, seconds } from './store.js';

const PATH = '/api/group/clips';
const STATS = '/api/group/stats';
const PAGE = 30;
const ORDER = 'feed.storage';
const MEBIBYTE = 1 << 20;
const sized = (megabytes) => size(megabytes * MEBIBYTE);

/** What lies in the feed with the room it takes: the largest or newest first, many chosen and deleted at once. */
class ClipStorage extends Widget {
  static properties = { sort: { state: true }, further: { state: true }, chosen: { state: true }, gone: { state: true }, isBusy: { state: true } };

  static styles = [shared, css`
    :host { display: block; } h2 { font: var(--font-16); letter-spacing: -0.008em; } .top { display: flex; align-items: center; justify-content: space-between; gap: 12px; flex-wrap: wrap; margin-top: 16px; }
    .stats { display: flex; flex-wrap: wrap; gap: 8px 40px; margin-top: 12px; } .stats dt { font: var(--font-12); color: var(--text2); } .stats dd { font: var(--font-20); letter-spacing: -0.014em; font-variant-numeric: tabular-nums; }
    ul { margin-top: 8px; } li { display: grid; grid-template-columns: 20px 40px minmax(0, 1fr) max-content; align-items: center; gap: 14px; min-height: 64px; border-top: 1px solid var(--line); } li .name, li .second { display: block; }
    .picture { width: 40px; aspect-ratio: 3 / 4; border-radius: 4px; background: var(--hover); overflow: hidden; display: grid; place-items: center; color: var(--text3); --icon: 16px; } .picture img { width: 100%; height: 100%; object-fit: cover; } .room { font: var(--font-14); font-variant-numeric: tabular-nums; color: var(--text2); }
    .foot { display: flex; justify-content: center; padding-top: 16px; } .all { min-height: 40px; display: flex; align-items: center; } hm-empty { margin-top: 8px; }
  `];

  first = new QueryController(this, () => `${PATH}?sort=${this.sort}&limit=${PAGE}`, { keep: true });
  stats = new QueryController(this, () => STATS);
  faces = new Faces(this);

  constructor() {
    super();
    Object.assign(this, { sort: kept.get(ORDER, 'largest'), further: [], chosen: new Set(), gone: new Map(), isBusy: false });
    this.leave = () => this.flush();
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('pagehide', this.leave);
    this.off = live.on('clips.changed', ({ what }) => what !== 'changed' && this.again());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('pagehide', this.leave);
    this.off();
    this.flush();
  }

  again() {
    this.first.refresh();
    this.stats.refresh();
  }

  get all() {
    const first = this.first.data?.clips ?? [];
    const known = new Set(first.map((clip) => clip.id));
    return [...first, ...this.further.filter((clip) => !known.has(clip.id))].filter((clip) => !this.gone.has(clip.id));
  }

  get hasMore() {
    const most = this.first.data?.totalClips ?? 0;
    return this.all.length + this.gone.size < most && (this.further.at(-1)?.isLast !== true) && Boolean(this.first.data?.hasMore);
  }

  order({ detail: { value } }) {
    this.sort = value;
    this.further = [];
    kept.set(ORDER, value);
  }

  async more() {
    this.isBusy = true;
    try {
      const { clips: some, hasMore } = await api.get(PATH, { sort: this.sort, limit: PAGE, offset: (this.first.data?.clips.length ?? 0) + this.further.length });
      this.further = [...this.further, ...some.map((clip, i) => ({ ...clip, isLast: !hasMore && i === some.length - 1 }))];
    } catch (error) {
      toastError(error);
    }
    this.isBusy = false;
  }

  choose(id, is) {
    const chosen = new Set(this.chosen);
    if (is) chosen.add(id);
    else chosen.delete(id);
    this.chosen = chosen;
  }

  /** Gone from the list at once; from the disk when the way back is over. */
  async removeChosen() {
    const ids = [...this.chosen];
    this.chosen = new Set();
    this.gone = new Map([...this.gone, ...ids.map((id) => [id, false])]);
    const shown = toast(say.removed(ids.length), {
      undo: () => {
        this.gone = new Map([...this.gone].filter(([id]) => !ids.includes(id)));
      },
    });
    if ((await shown.closed) === 'undo') return;
    const left = ids.filter((id) => this.gone.get(id) === false);
    if (left.length) await this.drop(left);
  }

  async drop(ids) {
    this.gone = new Map([...this.gone, ...ids.map((id) => [id, true])]);
    try {
      await api.delete(PATH, null, { body: { clipIds: ids } });
      clips.forget(ids);
    } catch (error) {
      if (error.status !== 404) {
        this.gone = new Map([...this.gone].filter(([id]) => !ids.includes(id)));
        toast(`${say.removeFailed} ${error.message}`, { kind: 'bad' });
      }
    }
    invalidate('/api/group/');
  }

  /** The page goes while the way back was still open: what was deleted is deleted. */
  flush() {
    const ids = [...this.gone].filter(([, isSent]) => !isSent).map(([id]) => id);
    if (!ids.length) return;
    for (const id of ids) this.gone.set(id, true);
    fetch(PATH, { method: 'DELETE', credentials: 'same-origin', keepalive: true, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ clipIds: ids }) }).then(() => clips.forget(ids)).catch(() => {});
  }

  row = (clip) => {
    const title = clip.title || labelOf(clip.platform);
    return html`<li><hm-checkbox ?checked=${this.chosen.has(clip.id)} aria-name=${say.choose(title)} @hm-change=${(event) => this.choose(clip.id, event.detail.checked)}></hm-checkbox>
      <div class="picture">${clip.thumbnailPath ? html`<img src="/api/thumbnails/${encodeURIComponent(clip.thumbnailPath)}" alt="" loading="lazy">` : html`<hm-icon name=${clip.contentType === 'music' ? 'music' : 'feed'}></hm-icon>`}</div>
      <div><span class="name one-line">${title}</span><span class="second one-line">${join(labelOf(clip.platform), say.by(this.faces.of(clip.addedBy, clip.addedByUsername).name), ago(seconds(clip.createdAt)), say.states[clip.status])}</span></div>
      <span class="room">${clip.sizeMb ? sized(clip.sizeMb) : '–'}</span></li>`;
  };

  numbers({ clipCount, memberCount, storageMb, maxStorageMb }) {
    const room = say.roomOf(sized(storageMb), maxStorageMb === null ? null : sized(maxStorageMb));
    return html`<dl class="stats"><div><dt>${say.stats.clips}</dt><dd>${count(clipCount)}</dd></div><div><dt>${say.stats.room}</dt><dd>${room}</dd></div><div><dt>${say.stats.members}</dt><dd>${count(memberCount)}</dd></div></dl>`;
  }

  filled() {
    const { all } = this;
    if (!all.length) return html`<hm-empty plain icon="drive" heading=${say.storageEmpty} text=${say.storageEmptyText}></hm-empty>`;
    const options = ['largest', 'newest'].map((value) => ({ value, label: say.sorts[value] }));
    const isAll = all.every((clip) => this.chosen.has(clip.id));
    const room = all.filter((clip) => this.chosen.has(clip.id)).reduce((sum, clip) => sum + clip.sizeMb, 0);
    return html`<div class="top"><hm-segmented label=${say.order} .options=${options} value=${this.sort} @hm-change=${this.order}></hm-segmented>
        <hm-button size="small" kind="quiet" @click=${() => { this.chosen = new Set(isAll ? [] : all.map((clip) => clip.id)); }}>${isAll ? say.chooseNone : say.chooseAll}</hm-button></div>
      <ul aria-label=${say.storageTitle}>${repeat(all, (clip) => clip.id, this.row)}</ul>
      ${this.hasMore ? html`<div class="foot"><hm-button ?busy=${this.isBusy} @click=${() => this.more()}>${say.more}</hm-button></div>` : nothing}
      <hm-action-bar ?open=${this.chosen.size > 0} count-text=${say.chosen(this.chosen.size, sized(room))} @hm-close=${() => { this.chosen = new Set(); }}><hm-button kind="danger" icon="trash" @click=${() => this.removeChosen()}>${say.remove}</hm-button></hm-action-bar>`;
  }

  render() {
    return html`<section class="panel"><h2>${say.storageTitle}</h2>${this.stats.data ? this.numbers(this.stats.data) : nothing}
      ${this.first.render({ loading: () => html`<hm-skeleton kind="text" count="6"></hm-skeleton>`, data: () => this.filled() })}</section>`;
  }
}
customElements.define('hm-clip-storage', ClipStorage);
