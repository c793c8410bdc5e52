import { css } from '../vendor/lit.js';

/** The player is dark in both themes: the page sets `data-theme`, so the tokens here are the dark ones. */
export const playerStyles = css`
  :host { position: fixed; inset: 0; z-index: 55; background: #000; color: #fff; overflow: hidden; user-select: none; -webkit-user-select: none; font: var(--font-14);
    --edge: max(40px, env(safe-area-inset-left, 0px), env(safe-area-inset-right, 0px)); --foot: max(28px, env(safe-area-inset-bottom, 0px)); --head: max(20px, env(safe-area-inset-top, 0px)); }
  :host([asleep]) { cursor: none; }
  .stage, .stage-box { position: absolute; inset: 0; touch-action: manipulation; }
  .stage-box video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; background: #000; }
  .stage-box video::cue { font-family: var(--face); background: rgb(0 0 0 / .6); }
  .stage-box .still { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
  .captions { position: absolute; inset: 0; z-index: 1; pointer-events: none; --letter: clamp(16px, 3.6vmin, 44px); }
  .captions[data-size="small"] { --letter: clamp(14px, 2.8vmin, 34px); } .captions[data-size="large"] { --letter: clamp(20px, 4.8vmin, 58px); } .captions[data-size="huge"] { --letter: clamp(24px, 6.2vmin, 76px); }
  .captions div { position: absolute; left: 0; right: 0; padding: 0 6%; text-align: center; white-space: pre-line; font: 500 var(--letter) / 1.35 var(--face); text-shadow: 0 0 2px #000, 0 1px 3px rgb(0 0 0 / .9); transition: transform var(--slow) ease-out; }
  .captions p { width: fit-content; max-width: 100%; margin: 4px auto 0; padding: 1px 10px; border-radius: 4px; background: rgb(0 0 0 / .58); text-wrap: balance; }
  .captions[data-ground="none"] p { background: none; text-shadow: 0 0 3px #000, 0 0 3px #000, 0 1px 4px #000, 0 0 12px rgb(0 0 0 / .8); } .captions[data-ground="black"] p { background: #000; }
  .captions .foot { bottom: 4.5%; } .captions[data-place="high"] .foot { bottom: 18%; } .captions .head { top: 4.5%; }
  .captions .foot { transform: translateY(calc(0px - var(--above, 0px))); } :host(:not([asleep])) .captions .foot { transform: translateY(calc(-108px - var(--above, 0px))); } :host(:not([asleep])) .captions .head { transform: translateY(56px); }
  .top, .bottom { position: absolute; left: 0; right: 0; transition: opacity var(--slow) ease-out; }
  .top { top: 0; display: flex; align-items: center; gap: 16px; padding: var(--head) var(--edge) 56px calc(var(--edge) - 8px); background: linear-gradient(rgb(0 0 0 / .72), rgb(0 0 0 / .4) 45%, transparent); pointer-events: none; }
  .top > * { pointer-events: auto; } .names { min-width: 0; } .names h1 { font: var(--font-20); line-height: 24px; letter-spacing: -0.014em; } .names p { color: rgb(255 255 255 / .8); }
  .bottom { bottom: 0; padding: 140px var(--edge) var(--foot); background: linear-gradient(transparent, rgb(0 0 0 / .5) 45%, rgb(0 0 0 / .82)); pointer-events: none; }
  .bottom > * { pointer-events: auto; }
  :host([asleep]) .top, :host([asleep]) .bottom { opacity: 0; } :host([asleep]) .top > *, :host([asleep]) .bottom > * { pointer-events: none; }
  .time { display: grid; grid-template-columns: 64px minmax(0, 1fr) 72px; align-items: center; }
  .time span { font-variant-numeric: tabular-nums; letter-spacing: .02em; font-size: 15px; } .time span:last-child { text-align: right; }
  .time.hours { grid-template-columns: 76px minmax(0, 1fr) 88px; }
  .row { display: flex; align-items: center; gap: 8px; margin-top: 12px; } .row .push { flex: 1 1 0; min-width: 0; }
  .chapter { color: rgb(255 255 255 / .85); margin-left: 8px; padding: 8px; border-radius: var(--radius); max-width: 100%; } @media (hover: hover) { .chapter:hover { color: #fff; background: rgb(255 255 255 / .12); } }
  .top hm-icon-button, .row hm-icon-button { --ground: transparent; } .row .on-now { --ground: rgb(255 255 255 / .2); --round: var(--radius-place); }
  .above { position: absolute; z-index: 1; left: var(--edge); right: var(--edge); bottom: calc(var(--foot) + 148px); display: flex; align-items: flex-end; justify-content: space-between; gap: 16px; flex-wrap: wrap; pointer-events: none; transition: transform var(--slow) ease-out; }
  .above > * { pointer-events: auto; } .above .right { margin-left: auto; display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 12px; align-items: center; } .said span { white-space: nowrap; }
  :host([asleep]) .above.low { transform: translateY(100px); }
  .above .right { transition: opacity var(--fast) ease-out; } :host([pointing]) .above { z-index: 0; } :host([pointing]) .above .right { opacity: 0; pointer-events: none; }
  .said { display: flex; align-items: center; gap: 12px; padding: 6px 6px 6px 16px; border-radius: var(--round); background: var(--tag); font-variant-numeric: tabular-nums; }
  .said hm-button { --radius: var(--round); } .skip { --ground: var(--tag); border-radius: var(--radius); }
  :host([asleep]) .said { opacity: 0; pointer-events: none; }
  .flash { position: absolute; left: 50%; top: 22%; transform: translateX(-50%); padding: 8px 16px; border-radius: var(--round); background: var(--tag); font: var(--font-16); white-space: nowrap; font-variant-numeric: tabular-nums; pointer-events: none; animation: flash 900ms ease-out forwards; }
  .flash.left { left: 18%; top: 46%; } .flash.right { left: 82%; top: 46%; }
  @keyframes flash { 0%, 70% { opacity: 1; } 100% { opacity: 0; } }
  .middle { position: absolute; inset: 0; display: grid; place-items: center; pointer-events: none; } .middle > * { pointer-events: auto; }
  .middle.stopped { background: rgb(0 0 0 / .74); pointer-events: auto; } .middle .waiting { display: flex; flex-direction: column; align-items: center; gap: 8px; max-width: min(480px, calc(100vw - 48px)); text-align: center; } .preparing { margin-top: 8px; font: var(--font-16); font-weight: 600; } .waiting .quiet { color: rgb(255 255 255 / .85); text-shadow: 0 0 4px #000; text-wrap: pretty; }
  .waiting hm-button { pointer-events: auto; margin-top: 4px; }
  .middle .waiting { pointer-events: none; opacity: 0; animation: late 200ms 500ms ease-out forwards; } @keyframes late { to { opacity: 1; } }
  .big { display: grid; place-items: center; width: 88px; height: 88px; border-radius: 50%; background: var(--on-picture-accent); color: var(--on-picture-ink); }
  .trouble { display: flex; flex-direction: column; align-items: center; gap: 8px; max-width: min(520px, calc(100vw - 48px)); padding: 32px 24px; text-align: center; }
  .trouble hm-icon, .trouble hm-spinner { color: var(--text2); margin-bottom: 8px; } .trouble p { text-wrap: pretty; }
  .ways { display: flex; flex-wrap: wrap; justify-content: center; gap: 12px; margin-top: 16px; }
  .tracks { position: absolute; right: var(--edge); bottom: calc(var(--foot) + 108px); z-index: 3; }
  .episodes { position: absolute; top: 0; right: 0; bottom: 0; width: min(400px, 100%); z-index: 4; padding-right: env(safe-area-inset-right, 0px); background: var(--raised); }
  .keys { display: grid; gap: 0; margin-top: 8px; } .keys li { display: flex; justify-content: space-between; gap: 16px; padding: 7px 0; border-top: 1px solid var(--line); } .keys li:first-child { border: 0; } .keys hm-key { margin-left: 6px; }
  :focus-visible { outline-color: #fff; }
  @media (max-width: 1099.98px) { :host { --edge: max(24px, env(safe-area-inset-left, 0px), env(safe-area-inset-right, 0px)); } .chapter { visibility: hidden; } }
  @media (max-width: 719.98px) {
    :host { --edge: 16px; --foot: max(16px, env(safe-area-inset-bottom, 0px)); --head: max(8px, env(safe-area-inset-top, 0px)); }
    .row { gap: 0; margin: 4px -12px 0; justify-content: space-between; } .row > hm-icon-button { --side: 44px; } .row player-volume, .row .wide-only { display: none; } .row .push { display: none; }
    .time, .time.hours { grid-template-columns: auto minmax(0, 1fr) auto; gap: 12px; } .time span { font-size: 13px; }
    .above { bottom: calc(var(--foot) + 116px); }
    .tracks { left: 0; right: 0; bottom: 0; } .episodes { top: auto; left: 0; width: 100%; height: 70dvh; border-radius: var(--radius-place) var(--radius-place) 0 0; overflow: hidden; }
  }
  @media (max-height: 480px) {
    :host { --foot: max(8px, env(safe-area-inset-bottom, 0px)); --head: max(8px, env(safe-area-inset-top, 0px)); }
    .bottom { padding-top: 64px; } .row { margin-top: 0; } .above { bottom: calc(var(--foot) + 104px); } .top { padding-bottom: 32px; } .trouble { padding: 16px 24px; gap: 4px; }
  }
  @media (pointer: coarse) { .row { margin-top: 0; } }
`;
