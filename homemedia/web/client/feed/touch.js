// Taps on a clip: one stops it and lets it go on, two give a heart, a finger that rests holds it. Scrolling stays the browser's.
const TWICE_MS = 280;
const REST_MS = 350;
const STILL_PX = 10;

export class Taps {
  #from = null;
  #last = null;
  #once = 0;
  #rest = 0;
  #isHeld = false;

  /** @param {{tap: () => void, twice: (x: number, y: number) => void, hold: (is: boolean) => void}} deeds */
  constructor(deeds) {
    this.deeds = deeds;
  }

  down(event) {
    if (event.button > 0) return;
    this.#from = { x: event.clientX, y: event.clientY, at: event.timeStamp };
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#hold(true), REST_MS);
  }

  move(event) {
    if (this.#from && this.#far(event, this.#from)) this.cancel();
  }

  up(event) {
    const from = this.#from;
    clearTimeout(this.#rest);
    this.#from = null;
    if (this.#isHeld) {
      this.#hold(false);
      return;
    }
    if (!from || this.#far(event, from)) return;
    const isTwice = this.#last && event.timeStamp - this.#last.at < TWICE_MS && !this.#far(event, this.#last, 4);
    clearTimeout(this.#once);
    if (isTwice) {
      this.#last = null;
      this.deeds.twice(event.clientX, event.clientY);
      return;
    }
    this.#last = { x: event.clientX, y: event.clientY, at: event.timeStamp };
    this.#once = setTimeout(() => this.deeds.tap(), TWICE_MS);
  }

  /** The browser scrolls, or the clip is gone. */
  cancel() {
    clearTimeout(this.#rest);
    this.#from = null;
    if (this.#isHeld) this.#hold(false);
  }

  end() {
    this.cancel();
    clearTimeout(this.#once);
    this.#last = null;
  }

  #hold(is) {
    this.#isHeld = is;
    this.deeds.hold(is);
  }

  #far(event, from, times = 1) {
    return Math.hypot(event.clientX - from.x, event.clientY - from.y) > STILL_PX * times;
  }
}
