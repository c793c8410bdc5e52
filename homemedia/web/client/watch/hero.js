// The picture over a page that fades into its ground, and the words on it.
import { css } from '../vendor/lit.js';

export const heroStyles = css`
  .hero { position: relative; display: flex; align-items: flex-end; min-height: min(548px, 62vh); margin-left: calc(-1 * 0px); padding: 200px var(--margin-end) 36px var(--margin); }
  .hero.waiting { background: linear-gradient(to bottom, var(--hover), var(--bg)); }
  .backdrop { position: absolute; inset: 0; }
  .fade { position: absolute; inset: 0; background:
    linear-gradient(to top, var(--bg) 0%, color-mix(in oklab, var(--bg) 86%, transparent) 18%, transparent 62%),
    linear-gradient(to right, color-mix(in oklab, var(--bg) 78%, transparent) 0%, transparent 62%); }
  .hero-words { position: relative; max-width: 608px; width: 100%; display: flex; flex-direction: column; gap: 12px; color: var(--text); }
  .over-title { font: var(--font-14); font-weight: 600; color: var(--text2); }
  .meta { display: flex; align-items: center; flex-wrap: wrap; gap: 4px 0; font: var(--font-14); color: var(--text); }
  .meta span + span::before { content: '·'; margin: 0 12px; color: var(--text3); }
  .meta hm-badge { margin-left: 12px; }
  .tagline { font: var(--font-14); font-style: italic; color: var(--text2); }
  .summary { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden; }
  .acts { display: flex; gap: 12px; flex-wrap: wrap; margin-top: 8px; }
  .hero { --on-picture-plain: color-mix(in oklab, var(--text) 14%, transparent); }
  .how-far { display: flex; align-items: center; gap: 12px; }
  .how-far hm-progress { flex: 1 1 auto; max-width: 416px; }
  @media (max-width: 719.98px) {
    .hero { min-height: 0; padding-top: min(64vw, 280px); padding-bottom: 20px; }
    .backdrop { bottom: auto; height: min(92vw, 400px); }
    .fade { height: min(92vw, 400px); bottom: auto; background: linear-gradient(to top, var(--bg) 0%, color-mix(in oklab, var(--bg) 60%, transparent) 30%, transparent 70%); }
    .meta span + span::before { margin: 0 6px; }
    .acts .first { flex: 1 0 100%; }
    .acts hm-button:not(.first) { flex: 1 1 auto; }
  }
`;
