import { css, html, nothing, repeat } from '../vendor/lit.js';
import { api } from '../api.js';
import { ago } from '../format.js';
import { live } from '../live.js';
import { session } from '../session.js';
import { QueryController } from '../ui/controllers.js';
import { confirmDialog } from '../ui/dialog.js';
import { Widget } from '../ui/element.js';
import { openMenu } from '../ui/menu.js';
import { newId, push, store as kept } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import './composer.js';
import { talk as say } from './en.js';
import { Faces } from './faces.js';
import { clips, seconds } from './store.js';
import { HEART, MAX_COMMENT, changed, counted, find, ordered, pieces, withComment, without } from './talk.js';

const ORDER = 'feed.comments';
const MINUTE = 60_000;

/**
 * What members say about a clip, with answers one level deep; live. What one writes stands there at once and says so when it did not get through.
 * `clip`; `no-head`: the heading is drawn by what it lies in. Fills its box, or grows with what is said where the box has no height.
 */
class ClipComments extends Widget {
  static properties = { clip: { attribute: false }, noHead: { type: Boolean, attribute: 'no-head' }, order: { state: true }, drafts: { state: true }, answered: { state: true }, edited: { state: true } };

  static styles = [shared, css`
    :host { display: flex; flex-direction: column; min-height: 0; height: 100%; --heart: var(--accent); }
    :host([no-head]) { height: min(74dvh, 720px); margin-bottom: -12px; --talk-ground: var(--raised); }
    header { display: flex; align-items: center; justify-content: space-between; gap: 12px; flex: none; min-height: 40px; } h2 { font: var(--font-16); letter-spacing: -0.008em; }
    .order { display: inline-flex; align-items: center; min-height: 32px; font: var(--font-12); color: var(--text2); position: relative; } .order::after { content: ''; position: absolute; inset: -6px 0; } @media (hover: hover) { .order:hover { color: var(--text); } }
    .list { flex: 1 1 auto; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 8px 4px 12px 0; margin-right: -4px; }
    .thread + .thread { margin-top: 20px; } .comment { position: relative; display: grid; grid-template-columns: 32px minmax(0, 1fr); gap: 12px; } .replies { margin: 14px 0 0 44px; display: grid; gap: 14px; } .replies .comment { grid-template-columns: 24px minmax(0, 1fr); gap: 8px; }
    .by { display: flex; align-items: baseline; gap: 8px; min-width: 0; } .by strong { font: var(--font-14); font-weight: 600; min-width: 0; } .by .second { flex: none; color: var(--text3); }
    .text { font: var(--font-14); overflow-wrap: anywhere; white-space: pre-wrap; margin-top: 1px; } .text .name { color: var(--accent); font: inherit; } .gif { display: block; max-width: min(220px, 100%); max-height: 220px; margin-top: 6px; border-radius: var(--radius); background: var(--hover); }
    .acts { display: flex; align-items: center; gap: 0; margin: 2px 0 -4px -6px; color: var(--text2); font: var(--font-12); }
    .acts button { display: inline-flex; align-items: center; justify-content: center; gap: 6px; min-width: 24px; min-height: 28px; padding: 0 6px; border-radius: var(--radius); position: relative; --icon: 16px; } .acts button::after { content: ''; position: absolute; inset: -8px 0; } .acts .heart[aria-pressed="true"] { color: var(--heart); }
    @media (hover: hover) { .acts button:hover { color: var(--text); } .acts .heart[aria-pressed="true"]:hover { color: var(--heart); }
      .acts.still { position: absolute; right: 0; top: -6px; margin: 0; background: var(--talk-ground, var(--surface)); border-radius: var(--radius); opacity: 0; } .comment:hover .acts.still, .acts.still:focus-within { opacity: 1; } }
    .is-sending { opacity: .6; } .problem { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; margin-top: 4px; font: var(--font-12); color: var(--bad); --icon: 16px; } .problem span { flex: 1 0 calc(100% - 24px); } .problem hm-button { --font-14: var(--font-12); }
    .none { padding: 8px 0 16px; font: var(--font-14); color: var(--text2); }
    footer { flex: none; position: sticky; bottom: 0; background: var(--talk-ground, var(--surface)); padding-top: 8px; }
    .hearted { display: flex; align-items: center; gap: 10px; min-height: 28px; margin-bottom: 10px; font: var(--font-12); color: var(--text2); } .stack { display: flex; flex-direction: row; gap: 0; flex: none; } .stack hm-avatar + hm-avatar { margin-left: -8px; } .others { margin-left: auto; flex: none; letter-spacing: .08em; }
    .edit { display: grid; gap: 8px; margin-top: 4px; } .edit hm-field textarea.field-input { min-height: 44px; max-height: 132px; field-sizing: content; resize: none; }
    @keyframes lit { from { background: var(--soft); } } .is-new { animation: lit 1600ms ease-out; border-radius: var(--radius); }
    @media (max-width: 719.98px), (pointer: coarse) { .acts button { min-height: 32px; min-width: 32px; } .order::after { inset: -10px 0; } }
  `];

  talk = new QueryController(this, () => (this.clip ? this.path : null), { maxAge: 5000 });
  faces = new Faces(this);

  constructor() {
    super();
    Object.assign(this, { clip: null, noHead: false, order: kept.get(ORDER, 'time'), drafts: [], answered: null, edited: null });
    this.known = null;
    this.looked = () => this.seen();
  }

  get path() {
    return `/api/clips/${encodeURIComponent(this.clip.id)}/comments`;
  }

  connectedCallback() {
    super.connectedCallback();
    clips.readMe();
    this.timer = setInterval(() => this.requestUpdate(), MINUTE);
    document.addEventListener('visibilitychange', this.looked);
    this.off = live.on('connected', ({ again }) => again && this.talk.refresh());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
    document.removeEventListener('visibilitychange', this.looked);
    this.off();
  }

  willUpdate(before) {
    if (!before.has('clip') || before.get('clip')?.id === this.clip?.id) return;
    Object.assign(this, { answered: null, edited: null, known: null, seenUntil: 0 });
  }

  updated() {
    const talk = this.talk.data;
    if (!talk || talk === this.drawn) return;
    this.drawn = talk;
    if (this.known === null && this.order === 'time' && this.clip.unreadCommentCount > 0) this.renderRoot.querySelector('.list').scrollTop = 1e6; // what is new stands last
    this.known = new Set([...talk.comments, ...talk.comments.flatMap((one) => one.replies)].map((one) => one.id));
    const number = counted(talk);
    if (clips.get(this.clip.id)?.commentCount !== number) clips.patch(this.clip.id, { commentCount: number });
    this.seen();
  }

  /** What stands on the screen counts as read: the badge goes, here and in the inbox. */
  async seen() {
    const talk = this.talk.data;
    if (!talk || document.visibilityState !== 'visible' || !this.checkVisibility()) return;
    const last = Math.max(0, ...[...talk.comments, ...talk.comments.flatMap((one) => one.replies)].filter((one) => one.userId !== session.user?.id).map((one) => Date.parse(one.createdAt)));
    if (!last || last <= (this.seenUntil ?? 0)) return;
    this.seenUntil = last;
    const { id } = this.clip;
    try {
      await api.post(`/api/clips/${encodeURIComponent(id)}/comments/viewed`);
      clips.patch(id, { unreadCommentCount: 0 });
      push.close(`comment-${id}`, `reply-${id}`, `mention-${id}`);
    } catch {
      this.seenUntil = 0; // the server is away, or the clip gone: told by whatever comes next
    }
  }

  // what is written

  say({ detail: { text, gifUrl } }) {
    const draft = { id: newId(), clipId: this.clip.id, parentId: this.answered?.parentId ?? this.answered?.id ?? null, text, gifUrl, createdAt: new Date().toISOString() };
    this.answered = null;
    this.send(draft);
    this.show(draft.id);
  }

  async show(id) {
    await this.updateComplete;
    this.renderRoot.querySelector(`[data-id="${id}"]`)?.scrollIntoView({ block: 'nearest' });
  }

  async send(draft) {
    const others = this.drafts.filter((one) => one.id !== draft.id);
    this.drafts = [...others, { ...draft, problem: null }];
    try {
      const { comment } = await api.post(`/api/clips/${encodeURIComponent(draft.clipId)}/comments`, { text: draft.text, parentId: draft.parentId, gifUrl: draft.gifUrl });
      this.drafts = this.drafts.filter((one) => one.id !== draft.id);
      if (draft.clipId !== this.clip?.id) return;
      this.talk.update((talk) => withComment(talk, comment));
      this.show(comment.id);
    } catch (error) {
      this.drafts = this.drafts.map((one) => (one.id === draft.id ? { ...one, problem: error.message } : one));
    }
  }

  discard(draft) {
    this.drafts = this.drafts.filter((one) => one.id !== draft.id);
  }

  answer(comment) {
    const face = this.faces.of(comment.userId, comment.username, comment.avatarPath);
    this.answered = { id: comment.id, parentId: comment.parentId, name: face.name };
    const composer = this.renderRoot.querySelector('hm-clip-composer');
    if (comment.parentId && comment.userId !== session.user?.id) composer.begin(`@${comment.username} `);
    else composer.focus();
  }

  async heart(comment) {
    const is = !comment.hearted;
    const me = session.user?.username ?? '';
    const fields = { hearted: is, heartCount: comment.heartCount + (is ? 1 : -1), heartUsers: is ? [...comment.heartUsers, me] : comment.heartUsers.filter((name) => name !== me) };
    this.talk.update((talk) => changed(talk, comment.id, fields));
    try {
      const { heartCount, hearted } = await api.post(`${this.path}/${encodeURIComponent(comment.id)}/heart`);
      this.talk.update((talk) => changed(talk, comment.id, { heartCount, hearted }));
    } catch (error) {
      this.talk.update((talk) => changed(talk, comment.id, { hearted: comment.hearted, heartCount: comment.heartCount, heartUsers: comment.heartUsers }));
      toastError(error);
    }
  }

  async takeBack(comment) {
    const { path, clip } = this;
    const others = (comment.replies ?? []).filter((one) => one.userId !== session.user?.id).length;
    if (others && !(await confirmDialog({ heading: say.removeTitle, text: say.removeText(others), action: say.remove, danger: true }))) return;
    const before = this.talk.data;
    this.talk.update((talk) => without(talk, comment.id));
    try {
      await api.delete(path, null, { body: { commentId: comment.id } });
      const again = () => this.send({ id: newId(), clipId: clip.id, parentId: comment.parentId, text: comment.text, gifUrl: comment.gifUrl, createdAt: new Date().toISOString() });
      toast(say.removed, others ? {} : { undo: again });
    } catch (error) {
      if (error.status !== 404 && find(before, comment.id)) this.talk.refresh();
      toastError(error);
    }
  }

  async edit(event, comment) {
    event.preventDefault();
    const text = this.renderRoot.querySelector('.edit hm-field').value.trim();
    if (!text && !comment.gifUrl) return;
    this.edited = null;
    this.talk.update((talk) => changed(talk, comment.id, { text }));
    try {
      await api.patch(this.path, { commentId: comment.id, text, gifUrl: comment.gifUrl });
    } catch (error) {
      this.talk.update((talk) => changed(talk, comment.id, { text: comment.text }));
      toastError(error);
    }
  }

  async more(event, comment) {
    const chosen = await openMenu(event.currentTarget, [{ id: 'edit', label: say.edit, icon: 'edit' }, { id: 'remove', label: say.remove, icon: 'trash', danger: true }], { label: say.more, align: 'end' });
    if (chosen === 'remove') this.takeBack(comment);
    if (chosen !== 'edit') return;
    this.edited = comment.id;
    await this.updateComplete;
    const field = this.renderRoot.querySelector('.edit hm-field');
    await field.updateComplete;
    field.focus();
  }

  names(event, comment) {
    const items = comment.heartUsers.map((username, i) => ({ id: String(i), label: this.nameOf(username), icon: 'heart' }));
    openMenu(event.currentTarget, items, { label: say.heartedBy });
  }

  nameOf(username) {
    return username.toLocaleLowerCase() === session.user?.username?.toLocaleLowerCase() ? say.you : this.faces.called(username).name;
  }

  sort({ detail: { id } }) {
    this.order = id;
    kept.set(ORDER, id);
  }

  // what is seen

  acts(comment) {
    const isOwn = comment.userId === session.user?.id;
    const n = comment.heartCount;
    return html`<div class="acts ${n ? '' : 'still'}">
      ${isOwn ? (n ? html`<button type="button" @click=${(event) => this.names(event, comment)} aria-label=${say.hearts(n)} title=${comment.heartUsers.map((name) => this.nameOf(name)).join(', ')}><hm-icon name="heart"></hm-icon>${n}</button>` : nothing)
        : html`<button type="button" class="heart" aria-pressed=${String(comment.hearted)} aria-label=${say.heart} @click=${() => this.heart(comment)}><hm-icon name=${comment.hearted ? 'heart-filled' : 'heart'}></hm-icon></button>
          ${n ? html`<button type="button" aria-label=${say.hearts(n)} title=${comment.heartUsers.map((name) => this.nameOf(name)).join(', ')} @click=${(event) => this.names(event, comment)}>${n}</button>` : nothing}`}
      <button type="button" @click=${() => this.answer(comment)}>${say.reply}</button>
      ${isOwn && comment.canEdit ? html`<button type="button" aria-label=${say.more} aria-haspopup="menu" @click=${(event) => this.more(event, comment)}><hm-icon name="dots"></hm-icon></button>` : nothing}</div>`;
  }

  words(comment) {
    const named = pieces(comment.text, this.faces.all.map((face) => face.username));
    return html`${comment.text ? html`<p class="text">${named.map((piece) => (piece.name ? html`<span class="name">${piece.text}</span>` : piece.text))}</p>` : nothing}
      ${comment.gifUrl ? this.gif(comment.gifUrl) : nothing}`;
  }

  /** Pages may load pictures of GIPHY only while the house has a key. */
  gif(url) {
    return clips.me?.gifEnabled ? html`<img class="gif" src=${url} alt="GIF" loading="lazy">` : html`<p class="text"><a class="link" href=${url} target="_blank" rel="noreferrer">GIF</a></p>`;
  }

  editor(comment) {
    const close = (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      event.preventDefault();
      this.edited = null;
    };
    return html`<form class="edit" @submit=${(event) => this.edit(event, comment)} @keydown=${close}><hm-field type="textarea" rows="1" hide-label label=${say.edit} maxlength=${MAX_COMMENT} .value=${comment.text}></hm-field>
      <div class="line"><hm-button size="small" kind="primary" type="submit">${say.save}</hm-button><hm-button size="small" kind="quiet" @click=${() => { this.edited = null; }}>${say.cancel}</hm-button></div></form>`;
  }

  one(comment, isFresh) {
    const face = this.faces.of(comment.userId, comment.username, comment.avatarPath);
    return html`<article class="comment ${isFresh ? 'is-new' : ''}" data-id=${comment.id}><hm-avatar name=${face.name} size=${comment.parentId ? 24 : 32} src=${face.src ?? nothing}></hm-avatar>
      <div><div class="by"><strong class="one-line">${face.name}</strong><span class="second">${ago(seconds(comment.createdAt))}</span></div>
        ${this.edited === comment.id ? this.editor(comment) : html`${this.words(comment)}${this.acts(comment)}`}</div></article>`;
  }

  draft(draft) {
    const { me } = this.faces;
    return html`<article class="comment ${draft.problem ? '' : 'is-sending'}" data-id=${draft.id}><hm-avatar name=${me.name} size=${draft.parentId ? 24 : 32} src=${me.src ?? nothing}></hm-avatar>
      <div><div class="by"><strong class="one-line">${me.name}</strong><span class="second">${draft.problem ? say.notSent : say.sending}</span></div>${this.words(draft)}
        ${draft.problem ? html`<p class="problem" role="alert"><hm-icon name="warning"></hm-icon><span>${draft.problem}</span><hm-button size="small" @click=${() => this.send(draft)}>${say.again}</hm-button><hm-button size="small" kind="quiet" @click=${() => this.discard(draft)}>${say.discard}</hm-button></p>` : nothing}</div></article>`;
  }

  thread(comment, drafts, known) {
    const isFresh = (one) => known !== null && !known.has(one.id) && one.userId !== session.user?.id;
    const answers = drafts.filter((draft) => draft.parentId === comment.id);
    return html`<li class="thread">${this.one(comment, isFresh(comment))}
      ${comment.replies.length || answers.length ? html`<div class="replies">${repeat(comment.replies, (reply) => reply.id, (reply) => this.one(reply, isFresh(reply)))}${answers.map((draft) => this.draft(draft))}</div>` : nothing}</li>`;
  }

  list(talk) {
    const drafts = this.drafts.filter((draft) => draft.clipId === this.clip.id);
    const tops = drafts.filter((draft) => !draft.parentId);
    if (!talk.comments.length && !tops.length) return html`<p class="none">${say.none}</p>`;
    const { known } = this;
    return html`<ul aria-label=${say.comments} aria-live="polite">${repeat(ordered(talk.comments, this.order), (one) => one.id, (one) => this.thread(one, drafts, known))}${tops.map((draft) => html`<li class="thread">${this.draft(draft)}</li>`)}</ul>`;
  }

  /** Who gave it a heart, by name; the other signs beside them. */
  hearted(talk) {
    const last = new Map((talk.reactionEvents ?? []).map((event) => [event.username, event.emoji]));
    const all = [...last].filter(([, emoji]) => emoji === HEART).map(([username]) => username);
    const others = [...new Set([...last.values()].filter((emoji) => emoji !== HEART))];
    if (!last.size) return nothing;
    const isMe = (username) => username.toLocaleLowerCase() === session.user?.username?.toLocaleLowerCase();
    const names = [...all.filter((name) => !isMe(name)).map((name) => this.faces.called(name).name), ...(all.some(isMe) ? [say.youLast] : [])];
    const faces = all.slice(0, 3).map((name) => this.faces.called(name));
    return html`<div class="hearted">${faces.length ? html`<span class="stack">${faces.map((face) => html`<hm-avatar size="24" name=${face.name} src=${face.src ?? nothing}></hm-avatar>`)}</span><span>${say.heartedThis(names)}</span>` : nothing}
      ${others.length ? html`<span class="others" aria-label=${say.alsoReacted}>${others.join('')}</span>` : nothing}</div>`;
  }

  render() {
    if (!this.clip) return nothing;
    const number = this.talk.data ? counted(this.talk.data) : this.clip.commentCount ?? 0;
    const orders = ['time', 'hearts'].map((id) => ({ id, label: say.orders[id], checked: this.order === id }));
    return html`${this.noHead ? nothing : html`<header><h2>${say.number(number)}</h2>${number > 1 ? html`<hm-menu label=${say.order} .items=${orders} @hm-select=${this.sort}><button type="button" class="order" aria-label="${say.order}: ${say.orders[this.order]}">${say.orders[this.order]}</button></hm-menu>` : nothing}</header>`}
      <div class="list">${this.talk.render({ loading: () => html`<hm-skeleton kind="text" count="6"></hm-skeleton>`, data: (talk) => this.list(talk) })}</div>
      <footer>${this.talk.data ? this.hearted(this.talk.data) : nothing}
        <hm-clip-composer .faces=${this.faces.all.filter((face) => face.id !== session.user?.id)} .me=${this.faces.me} reply-to=${this.answered?.name ?? ''} ?has-gifs=${clips.me?.gifEnabled} @hm-say=${this.say} @hm-reply-off=${() => { this.answered = null; }}></hm-clip-composer></footer>`;
  }

  /** Into the line one writes in. */
  focus(options) {
    this.renderRoot.querySelector('hm-clip-composer')?.focus(options);
  }
}
customElements.define('hm-clip-comments', ClipComments);
