// How an album or a playlist lies on its page: the cover at the left, words and songs beside it; on phones below each other.
import { css, html } from '../vendor/lit.js';
import { say } from './en.js';

export const recordStyles = css`
  .body { max-width: 1400px; }
  .record { display: grid; grid-template-columns: clamp(200px, 26vw, 320px) minmax(0, 1fr); grid-template-rows: auto 1fr; column-gap: 40px; padding-top: 12px; }
  .front { grid-row: 1 / -1; position: sticky; top: calc(var(--top) + 12px); align-self: start; }
  .words { display: flex; flex-direction: column; align-items: flex-start; padding-bottom: 24px; } .words h1 { overflow-wrap: anywhere; }
  .by { font: var(--font-16); margin-top: 4px; } .artist { border-radius: 2px; color: var(--accent); } .facts { margin-top: 6px; font: var(--font-14); font-variant-numeric: tabular-nums; }
  .acts { display: flex; gap: 12px; margin-top: 20px; } .about { margin-top: 16px; max-width: 72ch; }
  .list { min-width: 0; } .foot { margin-top: 20px; }
  @media (hover: hover) { .artist:hover { text-decoration: underline; text-underline-offset: 3px; } }
  @media (max-width: 719.98px) {
    .record { grid-template-columns: minmax(0, 1fr); row-gap: 16px; padding-top: 0; } .front { position: static; grid-row: auto; }
    .words { padding-bottom: 0; } .acts { width: 100%; } .acts hm-button { flex: 1 1 0; }
  }
`;

/** Beside Play: by chance. A sign alone on phones, where four stand side by side. @param {() => unknown} run */
export const shuffleAct = (run) => html`<hm-button class="not-phone" size="large" icon="shuffle" @click=${run}>${say.music.shuffle}</hm-button>
  <hm-icon-button class="only-phone" square size="large" icon="shuffle" label=${say.music.shuffle} @click=${run}></hm-icon-button>`;
