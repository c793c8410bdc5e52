import { css, html, nothing, repeat } from '../vendor/lit.js';
import { clock } from '../format.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { clips, thumbnailUrl } from './store.js';

/** The clips of the list as small pictures, beside the one that plays. `.clips`, `current` (id), `heading`, `dims` (those watched); emits `hm-choose` {id}. */
class ClipList extends Widget {
  static properties = { clips: { attribute: false }, current: { type: String }, heading: { type: String }, dims: { type: Boolean } };

  static styles = [shared, css`
    :host { display: flex; flex-direction: column; min-height: 0; }
    h2 { font: var(--font-12); color: var(--text2); flex: none; padding: 0 0 12px; white-space: nowrap; }
    ul { flex: 1 1 0; min-height: 0; overflow-y: auto; scrollbar-width: none; overscroll-behavior: contain; margin: -4px; padding: 4px 4px 24px; display: flex; flex-direction: column; gap: 10px; } ul::-webkit-scrollbar { display: none; }
    li { flex: none; }
    button { display: block; position: relative; width: 100%; aspect-ratio: 96 / 130; border-radius: var(--radius); overflow: hidden; background: var(--hover); color: var(--text3); --icon: 24px; }
    button[aria-current] { outline: 2px solid var(--accent); outline-offset: 2px; }
    img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; } .seen img { opacity: .45; }
    button > hm-icon { position: absolute; inset: 0; margin: auto; } hm-tag { position: absolute; right: 6px; bottom: 6px; }
    .wait { position: absolute; left: 8px; right: 8px; bottom: 8px; } .tick { position: absolute; left: 6px; top: 6px; color: #fff; --icon: 16px; inset: 6px auto auto 6px; margin: 0; filter: drop-shadow(0 0 2px rgb(0 0 0 / .8)); }
  `];

  updated(changed) {
    if (changed.has('current')) this.renderRoot.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }

  keyed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = [...this.renderRoot.querySelectorAll('button')];
    const at = all.indexOf(event.composedPath()[0]);
    if (!step || at < 0) return;
    event.preventDefault();
    all[at + step]?.focus();
  }

  one(clip) {
    const picture = thumbnailUrl(clip);
    const isSeen = this.dims && clip.watched && clip.id !== this.current;
    const percent = clips.progress(clip.id)?.percent;
    return html`<li><button type="button" class=${isSeen ? 'seen' : ''} aria-current=${clip.id === this.current ? 'true' : nothing} aria-label=${say.smallClip(clip, isSeen)} title=${clip.title ?? ''} @click=${() => this.emit('hm-choose', { id: clip.id })}>
      ${picture ? html`<img src=${picture} alt="" loading="lazy" decoding="async">` : html`<hm-icon name=${clip.status === 'failed' ? 'warning' : clip.contentType === 'music' ? 'music' : 'feed'}></hm-icon>`}
      ${clip.status === 'downloading' ? html`<hm-progress class="wait" on-picture label=${say.stage()} .value=${percent === null || percent === undefined ? undefined : percent / 100}></hm-progress>` : clip.durationSeconds ? html`<hm-tag>${clock(clip.durationSeconds * 1000)}</hm-tag>` : nothing}
      ${isSeen ? html`<hm-icon class="tick" name="check"></hm-icon>` : nothing}</button></li>`;
  }

  render() {
    return html`<h2>${this.heading}</h2><ul @keydown=${this.keyed}>${repeat(this.clips ?? [], (clip) => clip.id, (clip) => this.one(clip))}</ul>`;
  }
}
customElements.define('hm-clip-list', ClipList);
