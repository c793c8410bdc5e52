// Small pictures to look for a scene by: what there is of a file, and the sheets that are looked at. Draws nothing.
import { api } from '../api.js';

const AGAIN_MS = 60_000;
/** A sheet is 23 MB once it is decoded: the one that is looked at, and the one before it for who goes to and fro. */
const MOST_SHEETS = 2;

/** @typedef {{state: 'ready' | 'waiting' | 'none' | 'off', interval: number, width: number, height: number, columns: number, rows: number, count: number, sheets: string[]}} Pictures */

/**
 * Pure: where the picture for a time of a file lies.
 * @param {Pictures} found ready
 * @param {number} at ms
 * @returns {{address: string, x: number, y: number, width: number, height: number}}
 */
export function tileAt({ interval, width, height, columns, rows, count, sheets }, at) {
  const number = Math.min(Math.max(0, Math.floor(at / interval)), count - 1);
  const onSheet = number % (columns * rows);
  return { address: sheets[Math.floor(number / (columns * rows))], x: (onSheet % columns) * width, y: Math.floor(onSheet / columns) * height, width, height };
}

/** Event: `change`, when something has arrived. */
export class Scrub extends EventTarget {
  /** @type {Map<number, {found: Pictures | null, asked: number}>} */
  #files = new Map();
  /** @type {Map<string, {image: HTMLImageElement, isThere: boolean}>} the one looked at last comes last */
  #sheets = new Map();

  /**
   * The picture of a file for a time; null where there is none. The first time for a file asks what there is.
   * @param {number} fileId
   * @param {number} at ms within the file
   * @returns {{tile: ReturnType<typeof tileAt>, image: HTMLImageElement | null} | null} image null: it is on its way
   */
  at(fileId, at) {
    const found = this.#of(fileId);
    if (!found) return null;
    const tile = tileAt(found, at);
    const sheet = this.#sheet(tile.address, fileId);
    return { tile, image: sheet.isThere ? sheet.image : null };
  }

  /** Asks what there is of a file, so that it is known before somebody looks. @param {number} fileId */
  know(fileId) {
    this.#of(fileId);
  }

  /** Nobody looks any more. */
  forget() {
    this.#files.clear();
    this.#sheets.clear();
  }

  #of(fileId) {
    const known = this.#files.get(fileId);
    if (known?.found?.state === 'ready') return known.found;
    const isDue = !known || (!['none', 'off'].includes(known.found?.state) && performance.now() - known.asked > AGAIN_MS);
    if (isDue) this.#ask(fileId);
    return null;
  }

  async #ask(fileId) {
    const entry = { found: null, asked: performance.now() };
    this.#files.set(fileId, entry);
    try {
      entry.found = await api.get(`/api/home/playback/trickplay/${fileId}`, null, { patient: false });
    } catch {
      return; // without a picture the time says where one is; it is asked again in a minute
    }
    if (entry.found.state === 'ready') this.dispatchEvent(new CustomEvent('change'));
  }

  #sheet(address, fileId) {
    const known = this.#sheets.get(address);
    this.#sheets.delete(address);
    const sheet = known ?? this.#load(address, fileId);
    this.#sheets.set(address, sheet);
    for (const other of this.#sheets.keys()) {
      if (this.#sheets.size <= MOST_SHEETS) break;
      this.#sheets.delete(other);
    }
    return sheet;
  }

  #load(address, fileId) {
    const sheet = { image: new Image(), isThere: false };
    sheet.image.src = address;
    sheet.image.decode().then(
      () => {
        sheet.isThere = true;
        this.dispatchEvent(new CustomEvent('change'));
      },
      () => {
        if (!this.#sheets.has(address)) return;
        this.#sheets.delete(address);
        this.#files.set(fileId, { found: null, asked: performance.now() });
        this.dispatchEvent(new CustomEvent('change'));
      },
    );
    return sheet;
  }
}
