// Subtitles drawn over the picture: the browser keeps their time, their look is ours (size, place, timing).
import { store } from '../ui/platform.js';
import { small } from './screen.js';

export const SIZES = ['small', 'normal', 'large', 'huge'];
export const PLACES = ['low', 'high', 'top'];
export const GROUNDS = ['shade', 'none', 'black'];
export const STEP_MS = 500;
const HEAD_LINES = 6;
const NATIVE = ['webkitbeginfullscreen', 'enterpictureinpicture'];
const OWN = ['webkitendfullscreen', 'leavepictureinpicture'];

/** Where a cue asks to stand. @param {{line: number | 'auto', snapToLines: boolean}} cue @returns {'head' | 'foot'} */
export function sideOf(cue) {
  if (typeof cue.line !== 'number') return 'foot';
  return (cue.snapToLines ? cue.line >= 0 && cue.line < HEAD_LINES : cue.line < 50) ? 'head' : 'foot';
}

export class Captions extends EventTarget {
  box = document.createElement('div');
  size = SIZES.includes(store.get('player.captions.size', 'normal')) ? store.get('player.captions.size', 'normal') : 'normal';
  place = PLACES.includes(store.get('player.captions.place', 'low')) ? store.get('player.captions.place', 'low') : 'low';
  ground = GROUNDS.includes(store.get('player.captions.ground', 'shade')) ? store.get('player.captions.ground', 'shade') : 'shade';
  shift = 0;
  address = null;
  #element = null;
  #video = null;
  #times = new WeakMap();

  constructor() {
    super();
    this.box.className = 'captions';
    this.box.setAttribute('aria-live', 'off');
  }

  /** @param {HTMLVideoElement} video @param {string | null} address of WebVTT @param {string} [code] its language */
  show(video, address, code = '') {
    if (this.#video === video && this.address === address && (this.#element?.isConnected || !address)) return;
    this.#drop();
    this.address = address;
    if (!address) return;
    const element = document.createElement('track');
    Object.assign(element, { kind: 'subtitles', src: address, srclang: code || 'und' });
    this.#element = element;
    this.#video = video;
    element.addEventListener('load', () => this.#apply());
    element.addEventListener('error', () => {
      if (this.#element !== element) return;
      this.dispatchEvent(new CustomEvent('unreadable'));
    });
    element.track.addEventListener('cuechange', () => this.#draw());
    video.append(element);
    element.track.mode = 'hidden'; // kept in time, drawn by us
    for (const name of NATIVE) video.addEventListener(name, this.#native);
    for (const name of OWN) video.addEventListener(name, this.#own);
    if (small.is(video)) this.#native();
  }

  /** An iPhone's own full screen, and a small window, show only what the browser draws itself. */
  #native = () => {
    if (this.#element) this.#element.track.mode = 'showing';
  };

  #own = () => {
    if (this.#element) this.#element.track.mode = 'hidden';
  };

  #drop() {
    for (const name of NATIVE) this.#video?.removeEventListener(name, this.#native);
    for (const name of OWN) this.#video?.removeEventListener(name, this.#own);
    this.#element?.remove();
    this.#element = null;
    this.#video = null;
    this.box.replaceChildren();
  }

  setSize(size) {
    this.size = size;
    store.set('player.captions.size', size);
    this.#changed();
  }

  setPlace(place) {
    this.place = place;
    store.set('player.captions.place', place);
    this.#changed();
  }

  setGround(ground) {
    this.ground = ground;
    store.set('player.captions.ground', ground);
    this.#changed();
  }

  /** @param {number} ms later (negative: earlier) */
  setShift(ms) {
    this.shift = ms;
    this.#apply();
    this.#changed();
  }

  #changed() {
    this.#draw();
    this.dispatchEvent(new CustomEvent('change'));
  }

  #apply() {
    for (const cue of [...(this.#element?.track.cues ?? [])]) {
      if (!this.#times.has(cue)) this.#times.set(cue, [cue.startTime, cue.endTime]);
      const [start, end] = this.#times.get(cue);
      cue.endTime = Math.max(0, end + this.shift / 1000);
      cue.startTime = Math.max(0, start + this.shift / 1000);
    }
  }

  #draw() {
    const cues = [...(this.#element?.track.activeCues ?? [])];
    const sides = { head: [], foot: [] };
    for (const cue of cues) {
      const line = document.createElement('p');
      line.append(cue.getCueAsHTML());
      sides[this.place === 'top' ? 'head' : sideOf(cue)].push(line);
    }
    this.box.dataset.size = this.size;
    this.box.dataset.place = this.place;
    this.box.dataset.ground = this.ground;
    this.box.replaceChildren(...Object.entries(sides).filter(([, list]) => list.length).map(([side, list]) => {
      const group = document.createElement('div');
      group.className = side;
      group.append(...list);
      return group;
    }));
  }
}
