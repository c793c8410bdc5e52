import { css, html, nothing } from '../vendor/lit.js';
import { count } from '../format.js';
import { session } from '../session.js';
import { Widget } from '../ui/element.js';
import { media } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { copyOriginal, edit, hasHeart, heart, hearts, pass, remove, save, share, unwatch } from './deeds.js';
import { say } from './en.js';
import { sound } from './sound.js';
import { HEART } from './talk.js';

const REST_MS = 400;

/** What is done with a clip, one below another: over it (`on-picture`) or beside it, where saving has a button too. Emits `hm-clip-open` {what: 'comments' | 'reactions' | 'views' | 'scroll' | 'full'}. */
class ClipActions extends Widget {
  static properties = { clip: { attribute: false }, onPicture: { type: Boolean, attribute: 'on-picture', reflect: true }, hasTalk: { type: Boolean, attribute: 'has-talk' }, autoScroll: { type: Boolean, attribute: 'auto-scroll' } };

  static styles = [shared, css`
    :host { display: flex; flex-direction: column; align-items: center; gap: 14px; color: var(--text2); }
    .one { display: grid; justify-items: center; gap: 4px; width: 60px; min-height: 68px; align-content: start; color: inherit; font: var(--font-12); font-variant-numeric: tabular-nums; border-radius: var(--radius-place); position: relative; }
    .ring { display: grid; place-items: center; width: 48px; height: 48px; border-radius: 50%; background: var(--surface); color: var(--text); --icon: 24px; transition: background-color var(--fast) ease-out; }
    @media (hover: hover) { .one:hover .ring { background: var(--hover); } } .one:active .ring { transform: scale(.95); }
    .given .ring { color: var(--accent); } .here .ring { background: var(--hover); }
    .emoji { font-size: 22px; line-height: 1; font-family: "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", var(--face); }
    .new { position: absolute; right: 6px; top: 2px; min-width: 16px; height: 16px; padding: 0 4px; border-radius: var(--round); background: var(--accent); color: var(--on); font: var(--font-12); font-weight: 600; text-align: center; }
    :host([on-picture]) { color: #fff; } :host([on-picture]) .one { text-shadow: 0 1px 2px rgb(0 0 0 / .5); } :host([on-picture]) .ring { background: rgb(0 0 0 / .34); color: #fff; } :host([on-picture]) .given .ring { color: var(--on-picture-accent); }
    :host([on-picture]) .new { background: var(--on-picture-accent); color: var(--on-picture-ink); text-shadow: none; }
    @media (max-height: 640px) { :host { gap: 8px; } } @media (max-height: 480px) { .one { min-height: 48px; } .label { display: none; } }
  `];

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.resting);
  }

  /** All the signs, for a finger that rests on the heart. */
  down(event) {
    if (event.button > 0) return;
    this.wasLong = false;
    this.resting = setTimeout(() => {
      this.wasLong = true;
      this.open('reactions');
    }, REST_MS);
  }

  loved() {
    clearTimeout(this.resting);
    if (!this.wasLong) heart(this.clip);
    this.wasLong = false;
  }

  open(what) {
    this.emit('hm-clip-open', { what, clip: this.clip, from: this.renderRoot.querySelector(`.${what}`) ?? this });
  }

  items() {
    const { clip } = this;
    const isMine = clip.addedBy === session.user?.id;
    return [
      { id: 'reactions', label: say.react, icon: 'face', key: 'R' },
      ...(this.onPicture ? [{ id: 'save', label: clip.favorited ? say.unsave : say.save, icon: clip.favorited ? 'bookmark-filled' : 'bookmark' }] : []),
      { id: 'views', label: say.views(clip.viewCount ?? 0), icon: 'eye' },
      ...(clip.watched && !isMine ? [{ id: 'unwatch', label: say.unwatch, icon: 'eye-off' }] : []),
      { separator: true },
      { id: 'sound', label: sound.muted ? say.unmute : say.mute, icon: sound.muted ? 'volume' : 'volume-off', key: 'M' },
      { id: 'scroll', label: say.autoScroll, icon: 'arrow-down', checked: Boolean(this.autoScroll) },
      ...(document.fullscreenEnabled && !media.isTouch ? [{ id: 'full', label: say.full, icon: 'fullscreen', key: 'F' }] : []),
      { separator: true },
      ...(isMine && clip.status === 'ready' ? [{ id: 'outside', label: say.outside, icon: 'share' }] : []),
      { id: 'pass', label: say.pass, icon: 'users' },
      { id: 'original', label: say.openOriginal, icon: 'external' },
      { id: 'copy', label: say.copyOriginal, icon: 'link' },
      ...(clip.canEditCaption ? [{ separator: true }, { id: 'edit', label: say.edit, icon: 'edit' }, { id: 'delete', label: say.remove, icon: 'trash', danger: true }] : []),
    ];
  }

  pick({ detail: { id } }) {
    const { clip } = this;
    const run = { save: () => save(clip), pass: () => pass(clip), edit: () => edit(clip), delete: () => remove(clip), unwatch: () => unwatch(clip), sound: () => sound.toggle(), original: () => window.open(clip.originalUrl, '_blank', 'noopener'), copy: () => copyOriginal(clip) }[id];
    if (run) run();
    else this.open(id);
  }

  one(name, icon, words, label, run, { given = false, here = false, unread = 0, toggle } = {}) {
    return html`<button type="button" class="one ${name} ${given ? 'given' : ''} ${here ? 'here' : ''}" aria-label=${label} aria-pressed=${toggle === undefined ? nothing : String(toggle)} title=${label} @click=${run}><span class="ring">${icon}</span><span class="label" aria-hidden="true">${words}</span>${unread ? html`<i class="new" aria-hidden="true">${unread > 99 ? '99+' : unread}</i>` : nothing}</button>`;
  }

  render() {
    const { clip } = this;
    if (!clip) return nothing;
    const sign = (name) => html`<hm-icon name=${name}></hm-icon>`;
    const mine = Object.entries(clip.reactions ?? {}).find(([, { reacted }]) => reacted)?.[0];
    const given = hasHeart(clip);
    const number = hearts(clip);
    const face = mine && mine !== HEART ? html`<span class="emoji">${mine}</span>` : sign(given ? 'heart-filled' : 'heart');
    return html`
      <div @pointerdown=${this.down} @pointerup=${() => clearTimeout(this.resting)} @pointercancel=${() => clearTimeout(this.resting)} @pointerleave=${() => clearTimeout(this.resting)} @contextmenu=${(event) => event.preventDefault()}>${this.one('reactions', face, number ? count(number) : say.heartShort, say.heart(number), () => this.loved(), { given, toggle: given })}</div>
      ${this.one('comments', sign('talk'), clip.commentCount ? count(clip.commentCount) : say.comment, say.comments(clip.commentCount ?? 0, clip.unreadCommentCount ?? 0), () => this.open('comments'), { here: this.hasTalk, unread: this.hasTalk ? 0 : clip.unreadCommentCount })}
      ${this.onPicture ? nothing : this.one('save', sign(clip.favorited ? 'bookmark-filled' : 'bookmark'), clip.favorited ? say.isSaved : say.save, clip.favorited ? say.unsave : say.save, () => save(clip), { given: clip.favorited, toggle: Boolean(clip.favorited) })}
      ${this.one('share', sign('share'), say.share, say.share, () => share(clip))}
      <hm-menu align="end" label=${say.more} .items=${this.items()} @hm-select=${this.pick}>${this.one('more', sign('dots'), say.more, say.more, () => {})}</hm-menu>`;
  }
}
customElements.define('hm-clip-actions', ClipActions);
