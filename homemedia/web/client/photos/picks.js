// Choosing photos: with the round tick, with Shift to the last one, with a long press and a finger drawn over them.
import { onKey } from '../ui/controllers.js';

const HOLD_MS = 400;
const STILL_PX = 8;
const EDGE_PX = 72;

/** A controller of the list; the host has `grid` (a justified grid) and gives `photo-pick` and clicks on. */
export class Picks {
  constructor(host) {
    this.host = host;
    /** @type {Map<string, import('./items.js').Photo>} */
    this.chosen = new Map();
    this.isActive = false;
    this.last = null;
    host.addController(this);
    onKey(host, { Escape: () => (this.isActive ? this.stop() : false), 'x': (event) => this.byKey(event) });
  }

  hostDisconnected() {
    this.letGo();
    this.chosen = new Map();
    this.isActive = false;
  }

  changed() {
    this.isActive ||= this.chosen.size > 0;
    this.host.picked();
  }

  start() {
    this.isActive = true;
    this.changed();
  }

  stop() {
    this.isActive = false;
    this.chosen = new Map();
    this.last = null;
    this.host.picked();
  }

  toggle(photo) {
    if (!this.chosen.delete(photo.id)) this.chosen.set(photo.id, photo);
    this.last = photo;
    if (this.chosen.size === 0 && !this.stays) this.stop();
    else this.changed();
  }

  /** Shift: everything between the last one and this; months in between that are not here are read. */
  async upTo(photo) {
    const { grid } = this.host;
    if (!this.last) return this.toggle(photo);
    const [from, to] = [grid.indexOf(this.last), grid.indexOf(photo)].sort((a, b) => a - b);
    for (let i = from; i <= to; i += 1) {
      const one = await grid.thingAt(i);
      if (one) this.chosen.set(one.id, one);
    }
    this.last = photo;
    return this.changed();
  }

  async all(photos) {
    for (const one of photos) this.chosen.set(one.id, one);
    this.changed();
  }

  drop(photos) {
    for (const one of photos) this.chosen.delete(one.id);
    if (this.chosen.size === 0) this.stop();
    else this.changed();
  }

  /** What is no longer there is no longer chosen. */
  keepOnly(isThere) {
    for (const [id, one] of this.chosen) if (!isThere(one)) this.chosen.delete(id);
    if (this.isActive && this.chosen.size === 0 && !this.stays) this.stop();
  }

  photoOf(event) {
    return event.composedPath().find((node) => node.localName === 'photo-tile')?.photo ?? null;
  }

  picked(event) {
    const { photo, isRange } = event.detail;
    if (isRange) this.upTo(photo);
    else this.toggle(photo);
  }

  /** A click on a photo itself: chooses while choosing, else opens. */
  clicked(event) {
    const photo = this.photoOf(event);
    if (this.swallow) {
      this.swallow = false;
      event.preventDefault();
      event.stopPropagation();
    } else if (photo && (this.isActive || event.shiftKey)) {
      event.preventDefault();
      event.stopPropagation();
      if (event.shiftKey) this.upTo(photo);
      else this.toggle(photo);
    }
  }

  byKey(event) {
    const photo = this.photoOf(event);
    if (!photo) return false;
    this.toggle(photo);
    return true;
  }

  /** A finger that rests chooses; drawn on, it takes along what lies between. */
  touched(event) {
    const photo = this.photoOf(event);
    this.letGo();
    if (!photo || event.touches.length !== 1) return;
    const [{ clientX: x, clientY: y }] = event.touches;
    this.from = { x, y, photo };
    this.timer = setTimeout(() => this.held(), HOLD_MS);
  }

  held() {
    this.swallow = true; // the click that follows when the finger is lifted
    this.drawing = { first: this.host.grid.indexOf(this.from.photo), before: new Map(this.chosen), adds: !this.chosen.has(this.from.photo.id) };
    this.draw(this.drawing.first);
    navigator.vibrate?.(10);
  }

  moved(event) {
    const [touch] = event.touches;
    if (this.drawing) {
      event.preventDefault(); // no scrolling meanwhile
      this.finger = { x: touch.clientX, y: touch.clientY };
      this.follow();
      this.edge ??= requestAnimationFrame(() => this.scroll());
    } else if (this.from && Math.hypot(touch.clientX - this.from.x, touch.clientY - this.from.y) > STILL_PX) this.letGo();
  }

  follow() {
    let node = document.elementFromPoint(this.finger.x, this.finger.y);
    while (node?.shadowRoot && node.localName !== 'photo-tile') {
      const inner = node.shadowRoot.elementFromPoint(this.finger.x, this.finger.y);
      if (!inner || inner === node) break;
      node = inner;
    }
    const tile = node?.closest?.('photo-tile') ?? node?.getRootNode?.().host;
    if (tile?.photo) this.draw(this.host.grid.indexOf(tile.photo));
  }

  draw(index) {
    const { first, before, adds } = this.drawing;
    const chosen = new Map(before);
    for (let i = Math.min(first, index); i <= Math.max(first, index); i += 1) {
      const one = this.host.grid.itemAt(i);
      if (one && adds) chosen.set(one.id, one);
      else if (one) chosen.delete(one.id);
    }
    this.chosen = chosen;
    this.last = this.from.photo;
    this.changed();
  }

  /** Near the upper or lower end of the window the page goes on by itself. */
  scroll() {
    this.edge = undefined;
    if (!this.drawing) return;
    const { y } = this.finger;
    const by = y < EDGE_PX ? y - EDGE_PX : y > window.innerHeight - EDGE_PX ? y - window.innerHeight + EDGE_PX : 0;
    if (!by) return;
    window.scrollBy(0, by / 4);
    this.follow();
    this.edge = requestAnimationFrame(() => this.scroll());
  }

  letGo() {
    clearTimeout(this.timer);
    this.from = null;
    if (this.drawing) setTimeout(() => (this.swallow = false), 300);
    this.drawing = null;
  }
}
