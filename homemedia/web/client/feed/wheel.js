// A wheel or two fingers on a pad: one step for one push, however long its swing-out lasts.
const QUIET_MS = 180;
const LEAST_MS = 260;
const LEAST_PX = 4;
const HARDER = 1.6;

export class Wheel {
  #at = -1e9;
  #stepped = -1e9;
  #size = 0;
  #way = 0;

  /** @param {(by: 1 | -1) => void} step */
  constructor(step) {
    this.step = step;
  }

  /** @param {WheelEvent} event */
  heard(event) {
    if (event.ctrlKey) return; // zooming
    event.preventDefault();
    const size = Math.abs(event.deltaY) * (event.deltaMode === 1 ? 16 : 1);
    const way = Math.sign(event.deltaY);
    const now = event.timeStamp;
    const isNew = now - this.#at > QUIET_MS || size > this.#size * HARDER + LEAST_PX || way !== this.#way;
    this.#at = now;
    this.#size = size;
    if (size < LEAST_PX || !isNew || (way === this.#way && now - this.#stepped < LEAST_MS)) return;
    this.#stepped = now;
    this.#way = way;
    this.step(way);
  }
}
