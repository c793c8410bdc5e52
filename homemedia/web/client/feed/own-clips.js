import { css, html, nothing, repeat } from '../vendor/lit.js';
import { ago, clock, join, percent } from '../format.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { toast } from '../ui/toast.js';
import { follow } from './arrivals.js';
import { retry } from './deeds.js';
import { adding, mine as say } from './en.js';
import { editCaption, removeClip, shareClip, titleOf } from './own-deeds.js';
import { labelOf } from './sites.js';
import { clips, seconds, thumbnailUrl } from './store.js';

/** What one has sent in, in every state: coming, there with who has seen it, or failed with why. Live. Emits `hm-look {id}`, `hm-add`. */
class OwnClips extends Widget {
  static styles = [shared, css`
    :host { display: block; } ul { display: grid; gap: 4px; }
    .clip { position: relative; display: grid; grid-template-columns: 60px minmax(0, 1fr) auto; gap: 16px; align-items: center; min-height: 96px; padding: 8px; margin-inline: -8px; border-radius: var(--radius-place); } @media (hover: hover) { .clip:hover { background: var(--hover); } }
    .picture { position: relative; width: 60px; aspect-ratio: 3 / 4; border-radius: var(--radius); overflow: hidden; background: var(--hover); display: grid; place-items: center; color: var(--text3); } .picture img { width: 100%; height: 100%; object-fit: cover; } .picture hm-tag { position: absolute; right: 4px; bottom: 4px; }
    .words { min-width: 0; display: grid; gap: 3px; } .words .title { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; overflow-wrap: anywhere; } .words a::after { content: ''; position: absolute; inset: 0; border-radius: var(--radius-place); } .words a:focus-visible { outline: none; } .words a:focus-visible::after { outline: 2px solid var(--accent); outline-offset: -2px; }
    .why { font: var(--font-12); color: var(--bad); text-wrap: pretty; } .end { position: relative; display: flex; align-items: center; gap: 4px; } hm-progress { margin-top: 4px; max-width: 320px; }
    .foot { display: flex; justify-content: center; padding: 20px 0; }
    @media (max-width: 719.98px) { .clip { gap: 12px; } }
  `];

  get list() {
    return clips.list('uploads');
  }

  connectedCallback() {
    super.connectedCallback();
    this.off = clips.subscribe(({ what, filter }) => (what !== 'list' || filter === 'uploads') && this.requestUpdate());
    this.list.start();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.off();
  }

  async again(clip) {
    if (!(await retry(clip))) return;
    follow(clip.id);
    toast(say.retried);
  }

  picked(clip, id) {
    if (id === 'caption') editCaption(clip);
    if (id === 'retry') this.again(clip);
    if (id === 'open') window.open(clip.originalUrl, '_blank', 'noopener');
    if (id === 'remove') removeClip(clip);
    if (id === 'share') shareClip(clip);
  }

  state(clip) {
    const how = clips.progress(clip.id);
    const at = ago(seconds(clip.createdAt));
    if (clip.status === 'downloading') {
      const part = how?.percent ?? null;
      const words = adding.stage(adding.stages[how?.stage ?? 'waiting'], part === null ? null : percent(part / 100));
      return html`<p class="second" role="status">${join(words, labelOf(clip.platform, clip.originalUrl))}</p><hm-progress .value=${part === null ? undefined : part / 100} label=${words}></hm-progress>`;
    }
    if (clip.status === 'failed') return html`<p class="why">${clip.failureReason ?? adding.failed}</p><p class="second">${join(labelOf(clip.platform, clip.originalUrl), at)}</p>`;
    const others = Math.max(0, (clip.viewCount ?? 1) - 1); // one's own is among them
    return html`<p class="second">${join(labelOf(clip.platform, clip.originalUrl), at)}</p><p class="second">${join(say.seen(others), clip.commentCount ? say.comments(clip.commentCount) : '')}</p>`;
  }

  row = (clip) => {
    const picture = thumbnailUrl(clip);
    const isFree = !clip.seenByOthers;
    const items = [
      ...(clip.status === 'failed' ? [{ id: 'retry', label: say.retry, icon: 'refresh' }] : []),
      { id: 'caption', label: say.editCaption, icon: 'edit', disabled: !clip.canEditCaption, hint: clip.canEditCaption ? undefined : say.tooLate },
      ...(clip.status === 'ready' ? [{ id: 'share', label: say.share, icon: 'share' }] : []),
      { id: 'open', label: say.open, icon: 'external' },
      { separator: true },
      { id: 'remove', label: say.remove, icon: 'trash', danger: true, disabled: !isFree, hint: isFree ? undefined : say.tooLate },
    ];
    const name = titleOf(clip) || labelOf(clip.platform, clip.originalUrl);
    return html`<li><div class="clip"><div class="picture">${picture ? html`<img src=${picture} alt="" loading="lazy">` : html`<hm-icon name=${clip.status === 'failed' ? 'warning' : clip.contentType === 'music' ? 'music' : 'feed'} size="24"></hm-icon>`}${clip.durationSeconds ? html`<hm-tag>${clock(clip.durationSeconds * 1000)}</hm-tag>` : nothing}</div>
      <div class="words">${clip.status === 'ready' ? html`<a class="name title" href="/feed?clip=${encodeURIComponent(clip.id)}" @click=${() => this.emit('hm-look', { id: clip.id })}>${name}</a>` : html`<p class="name title">${name}</p>`}${this.state(clip)}</div>
      <div class="end">${clip.status === 'failed' ? html`<hm-button class="not-phone" size="small" icon="refresh" @click=${() => this.again(clip)}>${say.retry}</hm-button>` : nothing}
        <hm-menu align="end" label=${say.more(name)} .items=${items} @hm-select=${(event) => this.picked(clip, event.detail.id)}><hm-icon-button icon="dots" label=${say.more(name)}></hm-icon-button></hm-menu></div></div></li>`;
  };

  render() {
    const { list } = this;
    const all = list.clips.filter((clip) => clip.status !== 'deleted');
    if (list.error && !all.length) return html`<hm-error heading=${say.failedTitle} text=${list.error.message} retry=${say.retry} @hm-retry=${() => list.refresh()}></hm-error>`;
    if (!list.isStarted) return html`<hm-skeleton kind="text" count="6"></hm-skeleton>`;
    if (!all.length) return html`<hm-empty icon="send" heading=${say.emptyTitle} text=${say.emptyText}><hm-button slot="action" kind="primary" icon="plus" href="/feed/add">${say.send}</hm-button></hm-empty>`;
    return html`<ul aria-label=${say.title}>${repeat(all, (clip) => clip.id, this.row)}</ul>
      ${list.hasMore ? html`<div class="foot"><hm-button ?busy=${list.isLoading} @click=${() => list.more()}>${say.older}</hm-button></div>` : nothing}`;
  }
}
customElements.define('hm-own-clips', OwnClips);
