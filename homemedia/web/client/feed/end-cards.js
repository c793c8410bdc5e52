import { css, html, nothing } from '../vendor/lit.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { BEST, someOfTheBest } from './catching-up.js';
import { say } from './en.js';
import { thumbnailUrl } from './store.js';

const card = css`
  :host { display: grid; place-items: center; height: 100%; padding: calc(var(--top) + 12px) 24px 24px; background: var(--sunken); color: var(--text); border-radius: inherit; overflow-y: auto; }
  .in { display: grid; justify-items: center; gap: 12px; max-width: 360px; text-align: center; } h2 { font: var(--font-28); letter-spacing: -0.02em; text-wrap: balance; } p { color: var(--text2); text-wrap: pretty; font: var(--font-prose); }
  .buttons { display: flex; flex-wrap: wrap; justify-content: center; gap: 12px; margin-top: 12px; }
  .sign { display: grid; place-items: center; width: 56px; height: 56px; border-radius: 50%; background: var(--soft); color: var(--accent); --icon: 28px; margin-bottom: 4px; }
`;

/** After the last clip. `filter`, `passed` (so many wait still); emits `hm-first`, `hm-passed`. */
class FeedEnd extends Widget {
  static properties = { filter: { type: String }, alone: { type: Boolean }, passed: { type: Number } };
  static styles = [shared, card];

  render() {
    const isFeed = this.filter === 'unwatched';
    if (isFeed && this.passed) return html`<div class="in"><h2>${say.lastOne}</h2><p>${say.lastText(this.passed)}</p><div class="buttons"><hm-button kind="primary" icon="arrow-up" @click=${() => this.emit('hm-passed')}>${say.toPassed}</hm-button></div></div>`;
    return html`<div class="in"><span class="sign"><hm-icon name="check"></hm-icon></span><h2>${isFeed ? say.caughtUp : say.endOf[this.filter]}</h2>${isFeed ? html`<p>${say.caughtUpText}</p>` : nothing}
      <div class="buttons">${isFeed ? html`<hm-button kind="plain" href="/feed/watched">${say.watchAgain}</hm-button>` : nothing}
        ${this.alone ? nothing : html`<hm-button kind="quiet" icon="arrow-up" @click=${() => this.emit('hm-first')}>${say.fromTheStart}</hm-button>`}</div></div>`;
  }
}
customElements.define('hm-feed-end', FeedEnd);

/** Before the first clip, when many wait. `waiting`; emits `hm-keep-best` and `hm-keep-all`. */
class FeedOffer extends Widget {
  static properties = { waiting: { type: Number }, busy: { type: Boolean }, some: { state: true } };

  static styles = [shared, card, css`
    .fan { display: flex; height: 148px; align-items: flex-end; margin-bottom: 12px; }
    .fan img { width: 96px; height: 132px; object-fit: cover; border-radius: var(--radius); box-shadow: var(--shadow); } .fan img + img { margin-left: -24px; }
    .fan img:first-child { transform: rotate(-6deg) translateY(6px); } .fan img:nth-child(2) { z-index: 1; } .fan img:nth-child(3) { transform: rotate(6deg) translateY(6px); }
  `];

  constructor() {
    super();
    this.some = [];
  }

  connectedCallback() {
    super.connectedCallback();
    someOfTheBest().then((some) => (this.some = some.filter(thumbnailUrl))).catch(() => {}); // only dresses the question
  }

  render() {
    return html`<div class="in">${this.some.length === 3 ? html`<div class="fan" aria-hidden="true">${this.some.map((clip) => html`<img src=${thumbnailUrl(clip)} alt="">`)}</div>` : nothing}
      <h2>${say.offer(this.waiting)}</h2><p>${say.offerText(BEST)}</p>
      <div class="buttons"><hm-button kind="primary" ?busy=${this.busy} @click=${() => this.emit('hm-keep-best')}>${say.keepBest(BEST)}</hm-button><hm-button kind="plain" @click=${() => this.emit('hm-keep-all')}>${say.keepAll}</hm-button></div></div>`;
  }
}
customElements.define('hm-feed-offer', FeedOffer);

/** A household that has sent nothing yet: what this is, and the three ways in. Emits `hm-add`. */
class FeedEmpty extends Widget {
  static styles = [shared, css`
    :host { display: block; max-width: 560px; margin: auto; padding: 24px 0; } h2 { font: var(--font-28); letter-spacing: -0.02em; text-wrap: balance; } .lead { margin-top: 8px; font: var(--font-prose); color: var(--text2); text-wrap: pretty; }
    ul { margin: 24px 0; background: var(--surface); border-radius: var(--radius-place); overflow: hidden; } li + li { border-top: 1px solid var(--line); }
    .way { display: flex; align-items: center; gap: 16px; width: 100%; min-height: 72px; padding: 12px 16px; text-align: start; color: inherit; font: var(--font-14); transition: background-color var(--fast) ease-out; } .way > hm-icon:first-child { color: var(--accent); } .way > hm-icon:last-child { color: var(--text3); } .way:focus-visible { outline-offset: -2px; }
    .way span { flex: 1 1 0; min-width: 0; display: grid; gap: 2px; } @media (hover: hover) { .way:hover { background: var(--hover); } }
  `];

  render() {
    const inner = ({ icon, title, text }) => html`<hm-icon name=${icon} size="24"></hm-icon><span><b class="name">${title}</b><span class="second">${text}</span></span><hm-icon name="chevron-right"></hm-icon>`;
    return html`<h2>${say.emptyHouse}</h2><p class="lead">${say.emptyHouseText}</p>
      <ul>${say.ways.map((way) => html`<li>${way.href ? html`<a class="way" href=${way.href}>${inner(way)}</a>` : html`<button type="button" class="way" @click=${() => this.emit('hm-add')}>${inner(way)}</button>`}</li>`)}</ul>
      <hm-button kind="primary" icon="plus" @click=${() => this.emit('hm-add')}>${say.add}</hm-button>`;
  }
}
customElements.define('hm-feed-empty', FeedEmpty);

