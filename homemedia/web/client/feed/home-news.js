import { css, html, nothing, repeat } from '../vendor/lit.js';
import { ago, clock } from '../format.js';
import { LiveController, QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { Faces } from './faces.js';
import { clips, seconds, thumbnailUrl } from './store.js';

const NEWEST = '/api/clips?filter=unwatched&sort=newest&limit=8';
const ACROSS = 2;

/** "New in the feed" on the first page: what waits to be watched, the last first; nothing at all where nothing does. `column`: two side by side. */
class FeedNews extends Widget {
  static properties = { column: { type: Boolean, reflect: true } };

  static styles = [shared, css`
    :host { display: block; } .two { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; }
    a { display: block; min-width: 0; border-radius: var(--radius); } :host(:not([column])) [role] { flex: 0 0 148px; } .two > * { min-width: 0; } .alone > * { grid-column: span 2; width: 50%; }
    .picture { display: grid; place-items: center; position: relative; aspect-ratio: 3 / 4; border-radius: var(--radius); overflow: hidden; background: var(--hover); color: var(--text3); --icon: 24px; }
    img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; } hm-tag { position: absolute; right: 8px; bottom: 8px; }
    .picture::after { content: ''; position: absolute; inset: 0; background: #000; opacity: 0; transition: opacity var(--fast) ease-out; } @media (hover: hover) { a:hover .picture::after { opacity: .12; } }
    .who { display: flex; align-items: center; gap: 8px; margin-top: 8px; min-width: 0; } .who > span { min-width: 0; } .who b, .who i { display: block; font: var(--font-12); } .who b { font-weight: 500; } .who i { color: var(--text2); }
    @media (max-width: 719.98px) { :host(:not([column])) [role] { flex-basis: 128px; } }
  `];

  newest = new QueryController(this, () => NEWEST);
  faces = new Faces(this);

  constructor() {
    super();
    const again = () => this.newest.refresh();
    new LiveController(this, { 'clips.unwatched': again, 'clips.changed': again });
  }

  connectedCallback() {
    super.connectedCallback();
    this.off = clips.subscribe(({ what }) => what === 'unwatched' && this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.off();
  }

  get some() {
    return this.newest.data?.clips ?? [];
  }

  one(clip) {
    const face = this.faces.of(clip.addedBy, clip.addedByUsername, clip.addedByAvatar);
    const picture = thumbnailUrl(clip);
    return html`<div role="listitem"><a href=${`/feed?clip=${encodeURIComponent(clip.id)}`} aria-label=${say.smallClip(clip, false)}><span class="picture">${picture ? html`<img src=${picture} alt="" decoding="async">` : html`<hm-icon name=${clip.contentType === 'music' ? 'music' : 'feed'}></hm-icon>`}${clip.durationSeconds ? html`<hm-tag>${clock(clip.durationSeconds * 1000)}</hm-tag>` : nothing}</span>
      <span class="who"><hm-avatar name=${face.name} size="24" src=${face.src ?? nothing}></hm-avatar><span><b class="one-line">${face.name}</b><i class="one-line">${ago(seconds(clip.createdAt))}</i></span></span></a></div>`;
  }

  render() {
    const { some } = this;
    this.hidden = !some.length; // takes no room where there is nothing
    if (!some.length) return nothing;
    const more = clips.unwatched === null ? '' : say.unseen(clips.unwatched);
    const shown = this.column ? some.slice(0, ACROSS) : some;
    const cards = repeat(shown, (clip) => clip.id, (clip) => this.one(clip));
    if (this.column) return html`<hm-section heading=${say.news} href="/feed" more=${more}><div class="two ${shown.length === 1 ? 'alone' : ''}" role="list">${cards}</div></hm-section>`;
    return html`<hm-row heading=${say.news} href="/feed" more=${more}>${cards}</hm-row>`;
  }
}
customElements.define('hm-feed-news', FeedNews);
