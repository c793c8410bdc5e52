import { css, html, nothing, repeat } from '../vendor/lit.js';
import { address, api } from '../api.js';
import { ago, count } from '../format.js';
import { live } from '../live.js';
import { session } from '../session.js';
import { QueryController } from '../ui/controllers.js';
import { confirmDialog } from '../ui/dialog.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { faceOf, pictureUrl } from './items.js';

/** What members say of an album, or of one photo in it, and who likes it; live. `photo-id`: only of that photo. Emits `photo-open {id}`. */
class PhotoTalk extends Widget {
  static properties = { album: { attribute: false }, photoId: { type: String, attribute: 'photo-id' }, isBusy: { state: true }, sent: { state: true } };

  static styles = [shared, css`
    :host { display: flex; flex-direction: column; min-height: 0; }
    .likes { display: flex; align-items: center; gap: 8px; padding: 4px 0 12px; font: var(--font-14); } .likes .who { color: var(--text2); min-width: 0; overflow-wrap: anywhere; }
    .likes button.heart { display: inline-flex; align-items: center; gap: 8px; height: 40px; padding: 0 14px 0 10px; border-radius: var(--round); background: var(--hover); font: var(--font-14); font-weight: 600; } .heart[aria-pressed="true"] { color: var(--accent); }
    ul { display: grid; gap: 16px; padding-bottom: 16px; } li { display: flex; gap: 12px; align-items: start; } li .words { flex: 1 1 0; min-width: 0; } li p { font: var(--font-14); overflow-wrap: anywhere; white-space: pre-wrap; } li .by { display: flex; gap: 8px; align-items: baseline; } li .by strong { font: var(--font-14); font-weight: 600; }
    li hm-icon-button { margin: -8px -8px -8px 0; } .of { flex: none; width: 48px; height: 48px; border-radius: var(--radius); overflow: hidden; background: var(--hover); } .of img { width: 100%; height: 100%; object-fit: cover; }
    form { display: flex; gap: 8px; align-items: end; position: sticky; bottom: 0; background: var(--talk-ground, var(--raised)); padding: 8px 0; } form hm-field { flex: 1 1 0; } form hm-field textarea.field-input { min-height: 44px; max-height: 132px; field-sizing: content; resize: none; }
    .none { color: var(--text3); font: var(--font-14); padding-bottom: 16px; }
  `];

  activities = new QueryController(this, () => (this.album ? address('/api/activities', { albumId: this.album.id, assetId: this.photoId }) : null), { keep: true });

  constructor() {
    super();
    this.isBusy = false;
    this.photoId = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.off = live.on('album.talk', (event) => event.album_id === this.album?.id && this.activities.refresh());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.off();
  }

  get all() {
    return this.activities.data ?? [];
  }

  /** Likes of what is talked of here: of the photo, or of the album as such. */
  get likes() {
    return this.all.filter((one) => one.type === 'like' && (this.photoId || one.assetId === null));
  }

  get comments() {
    return this.all.filter((one) => one.type === 'comment');
  }

  get ownLike() {
    return this.likes.find((one) => one.user.id === session.user?.id) ?? null;
  }

  body(more) {
    return { albumId: this.album.id, ...(this.photoId ? { assetId: this.photoId } : {}), ...more };
  }

  async run(ask) {
    try {
      await ask();
    } catch (error) {
      toastError(error);
    }
    await this.activities.refresh();
  }

  like() {
    const own = this.ownLike;
    if (own) {
      this.activities.update((before) => before.filter((one) => one.id !== own.id));
      this.run(() => api.delete(`/api/activities/${own.id}`));
      return;
    }
    this.run(async () => {
      const made = await api.post('/api/activities', this.body({ type: 'like' }));
      this.activities.update((before) => [...(before ?? []), made]);
    });
  }

  async say(event) {
    event.preventDefault();
    const field = this.renderRoot.querySelector('hm-field');
    const comment = field.value.trim();
    if (!comment || this.isBusy) return;
    this.isBusy = true;
    try {
      const made = await api.post('/api/activities', this.body({ type: 'comment', comment }));
      field.value = '';
      this.activities.update((before) => ((before ?? []).some((one) => one.id === made.id) ? before : [...(before ?? []), made]));
    } catch (error) {
      toastError(error);
    }
    this.isBusy = false;
    this.activities.refresh();
  }

  async take(one) {
    const isOwn = one.user.id === session.user?.id;
    if (!isOwn && !(await confirmDialog({ heading: say.deleteCommentTitle(one.user.name), text: say.deleteCommentText, action: say.delete, danger: true }))) return;
    this.activities.update((before) => before.filter((other) => other.id !== one.id));
    await this.run(() => api.delete(`/api/activities/${one.id}`));
    const again = () => this.run(() => api.post('/api/activities', { albumId: this.album.id, ...(one.assetId ? { assetId: one.assetId } : {}), type: 'comment', comment: one.comment }));
    if (isOwn) toast(say.commentGone, { undo: again });
  }

  keyed(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.say(event);
  }

  row = (one) => {
    const mayTake = one.user.id === session.user?.id || this.album.ownerId === session.user?.id;
    return html`<li><hm-avatar name=${one.user.name} size="32" src=${faceOf(one.user) ?? nothing}></hm-avatar>
      <div class="words"><span class="by"><strong class="one-line">${one.user.name}</strong><span class="second">${ago(Date.parse(one.createdAt) / 1000)}</span></span><p>${one.comment}</p></div>
      ${one.assetId && !this.photoId ? html`<button class="of" type="button" aria-label=${say.openPhoto} @click=${() => this.emit('photo-open', { id: one.assetId })}><img src=${pictureUrl({ id: one.assetId })} alt="" loading="lazy"></button>` : nothing}
      ${mayTake ? html`<hm-icon-button size="small" icon="x" label=${say.deleteComment} @click=${() => this.take(one)}></hm-icon-button>` : nothing}</li>`;
  };

  render() {
    const { likes, comments } = this;
    if (this.activities.data === undefined) return this.activities.error ? html`<hm-error plain heading=${say.failedTitle} text=${this.activities.error.message} retry=${say.retry} @hm-retry=${() => this.activities.refresh()}></hm-error>` : html`<hm-skeleton kind="text" count="3"></hm-skeleton>`;
    const isOpen = this.album.isActivityEnabled;
    const own = this.ownLike;
    return html`<div class="likes"><button class="heart" type="button" aria-pressed=${String(Boolean(own))} ?disabled=${!isOpen} @click=${() => this.like()}><hm-icon name=${own ? 'heart-filled' : 'heart'}></hm-icon>${likes.length ? count(likes.length) : say.like}</button><span class="who">${likes.map((one) => one.user.name).join(', ')}</span></div>
      ${comments.length ? html`<ul aria-label=${say.comments} aria-live="polite">${repeat(comments, (one) => one.id, this.row)}</ul>` : html`<p class="none">${isOpen ? say.noComments : nothing}</p>`}
      ${isOpen ? html`<form @submit=${this.say}><hm-field type="textarea" rows="1" hide-label label=${say.comment} placeholder=${say.comment} maxlength="10000" @keydown=${this.keyed}></hm-field><hm-icon-button icon="arrow-up" label=${say.send} ?disabled=${this.isBusy} @click=${(event) => this.say(event)}></hm-icon-button></form>` : html`<p class="hint">${say.talkIsOff}</p>`}`;
  }
}
customElements.define('photo-talk', PhotoTalk);
