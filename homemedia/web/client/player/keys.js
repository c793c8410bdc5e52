// What each key does, and the list of them.
import { html } from '../vendor/lit.js';
import { onKey } from '../ui/controllers.js';
import { say } from './en.js';

const STEP_MS = 10_000;
const WIDE_MS = 30_000;
const VOLUME_STEP = 0.05;

/** A key that presses what has the focus stays with it. */
function pressesFocus(event) {
  const target = event.composedPath()[0];
  return target instanceof Element && target.matches('button:focus-visible, a:focus-visible');
}

/** @param {any} page the player: its actions by name */
export function playerKeys(page) {
  const step = (sign) => (event) => page.jump(sign * (event.shiftKey ? WIDE_MS : STEP_MS));
  const plain = (sign) => () => page.jump(sign * STEP_MS);
  const digits = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [String(n), () => page.toShare(n / 10)]));
  onKey(page, {
    ...digits,
    ' ': (event) => (pressesFocus(event) ? false : page.toggle()),
    k: () => page.toggle(),
    ArrowLeft: step(-1),
    ArrowRight: step(1),
    j: plain(-1),
    l: plain(1),
    ArrowUp: () => page.louder(VOLUME_STEP),
    ArrowDown: () => page.louder(-VOLUME_STEP),
    m: () => page.mute(),
    f: () => page.toggleFull(),
    i: () => page.toggleSmall(),
    n: () => page.playNext(),
    p: () => page.playPrevious(),
    s: () => page.skip(),
    c: () => page.toggleTracks(),
    e: () => page.toggleEpisodes(),
    h: () => page.toggleChapters(),
    v: () => page.toggleSubtitles(),
    g: (event) => page.shiftCaptions(event.shiftKey ? -1 : 1),
    w: () => page.toggleWhy(),
    '<': () => page.faster(-1),
    '>': () => page.faster(1),
    '[': () => page.chapter(-1),
    ']': () => page.chapter(1),
    '?': () => page.toggleHelp(),
    Escape: () => page.escape(),
  });
}

/** @param {(key: string) => boolean} works whether a row's subject is there now; what does nothing is not listed */
export function keyHelp(works, close) {
  const rows = say.keys.filter((row) => works(row.needs));
  return html`<hm-dialog open heading=${say.keyHelp} cross @hm-close=${close}><ul class="keys" tabindex="-1" autofocus>${rows.map((row) => html`<li><span>${row.does}</span><span>${row.keys.map((key) => html`<hm-key>${key}</hm-key>`)}</span></li>`)}</ul></hm-dialog>`;
}
