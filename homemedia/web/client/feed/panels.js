// What opens over the feed: talk on phones, signs, who watched, sending one in. Loaded when it is wanted.
import { html, nothing } from '../vendor/lit.js';
import { api, query } from '../api.js';
import { router } from '../router.js';
import { toastError } from '../ui/toast.js';
import { say } from './en.js';
import { clips } from './store.js';

const LOADS = {
  comments: () => import('./comments.js'),
  reactions: () => import('./reactions.js'),
  views: () => import('./views.js'),
  add: () => import('./add-clip.js'),
};
const DEEDS = { edit: 'editCaption', delete: 'removeClip', outside: 'shareClip' };
const GAP = 8;

/** Whether one clip leads to the next by itself; kept with the account. */
export async function keepAutoScroll(autoScroll) {
  const me = query('/api/auth');
  const put = (value) => me.update((data) => ({ ...data, user: { ...data.user, autoScroll: value } }));
  put(autoScroll);
  try {
    await api.post('/api/profile/preferences', { autoScroll });
  } catch (error) {
    put(!autoScroll);
    toastError(error);
  }
}

export class Panels {
  #open = null;

  /** @param {any} host the feed's page */
  constructor(host) {
    this.host = host;
  }

  get isOpen() {
    return this.#open !== null;
  }

  /** @param {string} what @param {Element} [from] where small ones stand beside */
  async open(what, from) {
    const { host } = this;
    if (DEEDS[what] && host.clip) {
      import('./own-deeds.js').then((deeds) => deeds[DEEDS[what]](host.clip)).catch(toastError);
      return;
    }
    if (!LOADS[what] || (what !== 'add' && !host.clip)) return;
    try {
      await LOADS[what]();
    } catch (error) {
      toastError(error);
      return;
    }
    if (!host.isConnected) return;
    if (what === 'comments' && host.isWide) {
      host.renderRoot.querySelector('hm-clip-comments')?.focus();
      return;
    }
    this.#open = { what, id: host.clip?.id ?? null, from };
    this.asked ||= what === 'comments';
    if (what === 'comments' && !router.current.search.comments) {
      this.pushed = true;
      host.setSearch({ clip: host.clip.id, comments: 'true' }, { push: true }); // Back closes it
    }
    host.requestUpdate();
    if (what === 'reactions') host.updateComplete.then(() => this.place(from));
  }

  /** Talk is open as the address says, once the clip is there. */
  follow({ clip, comments }) {
    const { host } = this;
    if (!comments) this.asked = false;
    else if (!this.asked && !this.#open && host.clip && host.clip.id === (clip ?? host.clip.id)) {
      this.asked = true;
      this.open('comments');
    }
    if (host.isWide && host.clip && !this.loaded) {
      this.loaded = true;
      LOADS.comments().catch(toastError);
    }
    if (this.#open?.what === 'comments' && !comments) this.shut();
  }

  shut() {
    this.#open = null;
    this.host.requestUpdate();
  }

  close() {
    const isTalk = this.#open?.what === 'comments';
    this.shut();
    if (!isTalk || !router.current.search.comments) return;
    if (this.pushed) history.back();
    else this.host.setSearch({ comments: null });
    this.pushed = false;
  }

  /** Beside the heart, inside the window. */
  place(from) {
    const box = this.host.renderRoot.querySelector('.signs-six');
    if (!box) return;
    box.showPopover();
    const at = (from ?? this.host.heart ?? this.host).getBoundingClientRect();
    const left = Math.min(Math.max(GAP, at.right - box.offsetWidth), window.innerWidth - box.offsetWidth - GAP);
    box.style.setProperty('left', `${left}px`);
    box.style.setProperty('top', `${Math.max(GAP, at.top - box.offsetHeight - GAP)}px`);
  }

  render() {
    const open = this.#open;
    if (!open) return nothing;
    const close = () => this.close();
    const clip = open.id ? clips.get(open.id) : null;
    if (open.what === 'add') return html`<hm-dialog open cross heading=${say.add} @hm-close=${close}><hm-add-clip @hm-close=${close} @hm-look=${(event) => this.look(event)}></hm-add-clip></hm-dialog>`;
    if (!clip) return nothing;
    if (open.what === 'comments') return html`<hm-dialog open cross class="talk-sheet" heading=${say.comments(clip.commentCount ?? 0, 0)} @hm-close=${close}><hm-clip-comments no-head .clip=${clip}></hm-clip-comments></hm-dialog>`;
    if (open.what === 'views') return html`<hm-dialog open cross width="440" heading=${say.viewsTitle} @hm-close=${close}><hm-clip-views .clip=${clip}></hm-clip-views></hm-dialog>`;
    return html`<div class="signs-six" popover @toggle=${(event) => event.newState === 'closed' && this.shut()}><hm-clip-reactions .clip=${clip} @hm-reacted=${() => this.host.renderRoot.querySelector('.signs-six')?.hidePopover()}></hm-clip-reactions></div>`;
  }

  look(event) {
    this.close();
    this.host.go(`/feed?clip=${encodeURIComponent(event.detail.id)}`);
  }
}
