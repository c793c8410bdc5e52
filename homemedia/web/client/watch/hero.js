// The picture over a page that fades into its ground, the words on it, and what one can do there.
import { css, html, nothing } from '../vendor/lit.js';
import { artUrl } from '../api.js';
import { endsAt, left } from '../format.js';
import { isListable, shareLink, toggle, toggleListed } from './actions.js';
import { bone, bones, loading } from './bones.js';
import { say } from './en.js';
import { fraction, isDone, shaped } from './items.js';

const LONG = 200; // letters of a summary that may not fit into its lines

export const heroStyles = css`
  .hero { position: relative; display: flex; align-items: flex-end; min-height: min(512px, 62vh); padding: calc(var(--top) + 88px) var(--margin-end) 36px var(--margin); --plain: color-mix(in oklab, var(--text) 14%, transparent); }
  .backdrop { position: absolute; inset: 0; height: calc(100% + 36px); }
  .fade { position: absolute; inset: 0 0 -36px; background:
    linear-gradient(to top, var(--bg) 0%, color-mix(in oklab, var(--bg) 90%, transparent) 14%, color-mix(in oklab, var(--bg) 46%, transparent) 44%, transparent 72%),
    linear-gradient(to right, color-mix(in oklab, var(--bg) 72%, transparent) 0%, color-mix(in oklab, var(--bg) 40%, transparent) 34%, transparent 62%); }
  .hero-words { position: relative; max-width: 608px; width: 100%; display: flex; flex-direction: column; color: var(--text); }
  .hero-words > * { min-width: 0; }
  .over-title { font: var(--font-14); font-weight: 600; color: var(--text2); margin-bottom: 4px; align-self: flex-start; border-radius: 2px; }
  .over-title:hover { color: var(--text); }
  h1 { overflow-wrap: anywhere; }
  .meta { display: flex; align-items: center; flex-wrap: wrap; row-gap: 4px; font: var(--font-14); margin-top: 8px; }
  .meta > span:not(.badges) + span:not(.badges)::before { content: '·'; margin: 0 14px; color: var(--text2); }
  .badges { display: inline-flex; gap: 12px; margin-left: 16px; } .badges hm-badge { background: var(--plain); color: var(--text); }
  .about { margin-top: 16px; max-width: 608px; }
  .summary { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden; overflow-wrap: anywhere; }
  .about.open .summary { -webkit-line-clamp: none; }
  .about .link { margin-top: 4px; font: var(--font-14); font-weight: 500; }
  .hero-words hm-notice { margin-top: 16px; }
  .acts { display: flex; gap: 12px; flex-wrap: wrap; margin-top: 24px; }
  .acts hm-button:not([kind="primary"]), .acts hm-icon-button { --ground: var(--plain); }
  .how-far { display: flex; align-items: center; gap: 14px; margin-top: 16px; } .how-far .second { white-space: nowrap; }
  .how-far hm-progress { flex: 0 1 416px; --track: color-mix(in oklab, var(--text) 26%, transparent); }
  .quick { display: none; }
  @media (min-width: 1761px) { .hero { min-height: min(720px, 58vh); } }
  @media (max-width: 719.98px) {
    .hero { min-height: 0; padding-top: 252px; padding-bottom: 16px; }
    .backdrop { inset: 0 0 auto; height: 328px; }
    .fade { inset: 0 0 auto; height: 329px; background: linear-gradient(to top, var(--bg) 0%, color-mix(in oklab, var(--bg) 78%, transparent) 16%, color-mix(in oklab, var(--bg) 24%, transparent) 44%, transparent 66%); }
    .meta { margin-top: 4px; } .meta > span:not(.badges) + span:not(.badges)::before { margin: 0 5px; } .meta > span:nth-of-type(n + 4):not(.badges) { display: none; } .badges { gap: 8px; margin-left: 10px; }
    .acts { margin-top: 12px; } .acts > :not(.first) { display: none; } .acts .first { flex: 1 0 100%; }
    .how-far { margin-top: 12px; } .how-far hm-progress { flex: 1 1 auto; }
    .quick { display: flex; margin-top: 16px; } .about { order: 1; margin-top: 12px; } .summary { -webkit-line-clamp: 3; }
    .quick button { flex: 1 1 0; min-width: 0; display: flex; flex-direction: column; align-items: center; gap: 6px; min-height: 56px; padding-top: 6px; border-radius: var(--radius); font: var(--font-12); color: var(--text2); }
    .quick hm-icon { color: var(--text); } .quick [aria-pressed="true"], .quick [aria-pressed="true"] hm-icon { color: var(--accent); }
  }
`;

/** The item's own background, else its still or poster. */
export function backdrop(item) {
  const shown = shaped(item);
  const width = Math.min(window.innerWidth, 1920);
  const src = artUrl(shown, { kind: shown.art ? 'art' : 'thumb', width });
  return html`<hm-art class="backdrop" ratio="fill" radius="none" src=${src ?? nothing} tone=${shown.thumbTone ?? nothing} .point=${shown.thumbPoint ?? null} eager></hm-art><div class="fade"></div>`;
}

/** @param {(string | number | null | false)[]} words @param {string[]} [badges] */
export const meta = (words, badges = []) => html`<p class="meta">${words.filter(Boolean).map((word) => html`<span>${word}</span>`)}
  ${badges.some(Boolean) ? html`<span class="badges">${badges.filter(Boolean).map((badge) => html`<hm-badge>${badge}</hm-badge>`)}</span>` : nothing}</p>`;

/** What it is about, folded to a few lines. */
export function about(text, isOpen, unfold) {
  if (!text) return nothing;
  return html`<div class="about ${isOpen ? 'open' : ''}"><p class="prose summary">${text}</p>
    ${text.length > LONG ? html`<button type="button" class="link" aria-expanded=${String(isOpen)} @click=${unfold}>${isOpen ? say.less : say.readMore}</button>` : nothing}</div>`;
}

/** How far one is and when it ends. */
export function howFar(item) {
  const done = fraction(item);
  if (done === null) return nothing;
  const rest = item.duration - item.viewOffset;
  return html`<div class="how-far"><hm-progress .value=${done} label=${say.soFar}></hm-progress><span class="second tabular">${left(rest)}<span class="not-phone"> · ${endsAt(rest)}</span></span></div>`;
}

/** Watchlist, watched and share beside the first button; `more` opens the menu of the rest. */
export function sideActions(item, more) {
  const done = isDone(item);
  return html`${isListable(item) ? html`<hm-icon-button square size="large" icon=${item.watchlisted ? 'bookmark-filled' : 'bookmark'} label=${item.watchlisted ? say.unlist : say.list} ?pressed=${item.watchlisted} toggle @click=${() => toggleListed(item)}></hm-icon-button>` : nothing}
    <hm-icon-button square size="large" icon="check" label=${done ? say.markUnwatched : say.markWatched} ?pressed=${done} toggle @click=${() => toggle(item)}></hm-icon-button>
    <hm-icon-button square size="large" icon="share" label=${say.share} @click=${() => shareLink(item)}></hm-icon-button>
    ${more ? html`<hm-icon-button square size="large" icon="dots" label=${say.more} @click=${(event) => more(event.currentTarget)}></hm-icon-button>` : nothing}`;
}

/** Phones: four actions with words under them. @param {({icon: string, label: string, run: () => unknown, pressed?: boolean} | null)[]} list */
export const quick = (list) => html`<div class="quick">${list.filter(Boolean).map((one) => html`<button type="button" aria-pressed=${one.pressed === undefined ? nothing : String(one.pressed)} @click=${one.run}>
  <hm-icon name=${one.icon} size="24"></hm-icon><span class="one-line">${one.label}</span></button>`)}</div>`;

/** Null for what cannot be wished for by itself. */
export const quickList = (item) => (isListable(item) ? { icon: item.watchlisted ? 'bookmark-filled' : 'bookmark', label: say.save, run: () => toggleListed(item), pressed: item.watchlisted } : null);
export const quickMark = (item) => ({ icon: 'check', label: say.watched, run: () => toggle(item), pressed: isDone(item) });
export const quickShare = (item) => ({ icon: 'share', label: say.share, run: () => shareLink(item) });

/** The page while it loads. */
export const heroBones = (below) => loading(html`<section class="hero"><div class="hero-words bones">${bone('title')}${bone('line')}${bones('long', 'half')}
  <div class="bones across">${bones('button', 'square', 'square')}</div></div></section><div class="body">${below}</div>`);
