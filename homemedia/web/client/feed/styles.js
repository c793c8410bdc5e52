// How the feed's page is laid out: edge to edge on phones, one column on tablets, list, clip, deeds and talk on desktops.
import { css } from '../vendor/lit.js';

export const feedStyles = css`
  .main { position: fixed; z-index: 0; inset: 0 0 var(--bottom) var(--rail); }
  .theatre { position: absolute; inset: 0; }
  .stage { position: relative; height: 100%; overflow: hidden; background: #000; }
  .signs-six { width: min(360px, calc(100vw - 16px)); position: fixed; inset: auto; margin: 0; padding: 6px; border: 0; border-radius: var(--radius-place); background: var(--raised); color: var(--text); box-shadow: var(--shadow); --hover: var(--menu-hover); }
  .more { display: grid; place-items: center; height: 100%; padding: 24px; background: #000; color: #fff; } .more hm-error { max-width: 100%; }
  .over { position: fixed; z-index: 5; top: 0; left: 0; right: 52px; height: 60px; display: flex; align-items: center; padding-left: 16px; color: #fff; }
  .over nav { display: flex; gap: clamp(8px, 2.6vw, 16px); flex: 1 1 0; min-width: 0; overflow-x: auto; scrollbar-width: none; } .over nav { mask-image: linear-gradient(90deg, #000 calc(100% - 20px), transparent); padding-right: 12px; } .over nav::-webkit-scrollbar { display: none; }
  .over a { display: flex; align-items: center; height: 44px; font: var(--font-16); letter-spacing: -0.008em; color: rgb(255 255 255 / .72); white-space: nowrap; text-shadow: 0 1px 3px rgb(0 0 0 / .45); } .over a[aria-current] { color: #fff; }
  .over hm-icon-button { --on-picture-plain: transparent; }
  .over.paper { color: var(--text); } .over.paper a { color: var(--text2); text-shadow: none; } .over.paper a[aria-current] { color: var(--text); }
  .signs { position: absolute; z-index: 2; top: 68px; left: 0; right: 0; display: grid; justify-items: center; gap: 8px; pointer-events: none; }
  .sign { display: flex; align-items: center; gap: 8px; min-height: 36px; padding: 0 14px; border-radius: var(--round); background: rgb(0 0 0 / .5); color: #fff; font: var(--font-14); font-weight: 500; pointer-events: auto; position: relative; } .sign::after { content: ''; position: absolute; inset: -4px; }
  .sign.chip { background: var(--inverse); color: var(--on-inverse); }
  .said { position: absolute; inset: 0; overflow-y: auto; display: grid; padding: calc(var(--top) + 8px) var(--margin) 24px; } .said > * { margin: auto; width: 100%; max-width: 560px; } .plain { background: none; height: auto; padding: 0; }
  .bones .stage { background: var(--hover); } .bone { position: absolute; left: 16px; background: var(--line); border-radius: 4px; } .bone.round { bottom: 112px; width: 40px; height: 40px; border-radius: 50%; } .bone.line { bottom: 76px; width: 62%; height: 14px; } .bone.short { bottom: 52px; width: 40%; height: 14px; }
  .list, .beside, .talk { display: none; }
  @media (min-width: 720px) and (max-height: 480px) { .over { left: var(--rail); right: 180px; } .stage { border-radius: 0; } }
  @media (min-width: 720px) and (min-height: 480.02px) {
    .main { top: var(--top); } .said { padding-top: 8px; }
    .theatre { display: grid; justify-content: center; inset: 4px 24px 24px; --high: calc(100dvh - var(--top) - var(--bottom) - 28px); grid-template-columns: min(100%, calc(var(--high) * 9 / 16)); grid-template-rows: 100%; }
    .stage { border-radius: var(--radius-place); } .signs { top: 16px; }
    .stage:fullscreen { border-radius: 0; }
  }
  @media (min-width: 1100px) and (min-height: 480.02px) {
    .theatre { inset: 4px 24px 34px; --high: calc(100dvh - var(--top) - var(--bottom) - 38px); --talk: clamp(280px, 100vw - 764px, 400px); grid-template-columns: 96px min(calc(var(--high) * 9 / 16), calc(100vw - var(--talk) - 400px)) 60px var(--talk); column-gap: 18px; }
    .list { display: flex; margin-right: 0; } .stage { margin-left: 38px; width: calc(100% - 38px); }
    .theatre { grid-template-columns: 96px min(calc(var(--high) * 9 / 16 + 38px), calc(100vw - var(--talk) - 380px)) 60px var(--talk); }
    .beside { display: flex; align-self: end; } .no-clip .beside { visibility: hidden; }
    .talk { display: block; min-height: 0; padding: 20px; border-radius: var(--radius-place); background: var(--surface); }
    .no-clip .talk { background: none; }
    .bones .stage { grid-column: 2; }
  }
`;
