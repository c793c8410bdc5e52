// The outlines of the world, drawn by ourselves: no tile is asked for, nobody learns where a family has been.
import { spread, toMap } from './mercator.js';

const FIRST = 63;
const MORE = 32;
const FINEST = 7; // from this zoom on every point is drawn: the data is no finer
const APART_PX = 0.9;
const SEEN_PX = 0.7; // smaller islands are left out
const LABEL_PX = 1.5; // a country is named where it is so many times as wide as its name

let reading = null;

/** @returns {Promise<World>} read once */
export function world() {
  reading ??= read().catch((error) => {
    reading = null;
    throw error;
  });
  return reading;
}

async function read() {
  const answer = await fetch(new URL('../vendor/world.json', import.meta.url));
  if (!answer.ok) throw new Error(answer.statusText);
  return new World(await answer.json());
}

/** An arc of letters as x, y, x, y … of the map. @param {string} text @param {number} scale @returns {Float64Array} */
export function lineOf(text, scale) {
  const numbers = [];
  for (let at = 0; at < text.length;) {
    let [value, shift, letter] = [0, 0, MORE];
    while (letter >= MORE) {
      letter = text.charCodeAt(at) - FIRST;
      value |= (letter & (MORE - 1)) << shift;
      shift += 5;
      at += 1;
    }
    numbers.push(value & 1 ? ~(value >> 1) : value >> 1);
  }
  const line = new Float64Array(numbers.length);
  let [lon, lat] = [0, 0];
  for (let i = 0; i < numbers.length; i += 2) {
    lon += numbers[i];
    lat += numbers[i + 1];
    [line[i], line[i + 1]] = toMap(lon / scale, lat / scale);
  }
  return line;
}

/** Left, top, right, foot. */
function boxOf(lines) {
  const box = [1, 1, 0, 0];
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      box[0] = Math.min(box[0], line[i]);
      box[1] = Math.min(box[1], line[i + 1]);
      box[2] = Math.max(box[2], line[i]);
      box[3] = Math.max(box[3], line[i + 1]);
    }
  }
  return box;
}

/** Both ends, and of what lies between what is so far apart. @param {Float64Array} line @param {number} apart @returns {ArrayLike<number>} */
export function thinned(line, apart) {
  const kept = [line[0], line[1]];
  for (let i = 2; i < line.length - 2; i += 2) {
    if (Math.abs(line[i] - kept.at(-2)) + Math.abs(line[i + 1] - kept.at(-1)) >= apart) kept.push(line[i], line[i + 1]);
  }
  kept.push(line[line.length - 2], line[line.length - 1]);
  return kept;
}

const arcOf = (index) => (index < 0 ? ~index : index);

export class World {
  #levels = new Map();

  /** @param {{scale: number, arcs: string[], countries: {name: string, at: [number, number], shapes: number[][][]}[]}} data as packaging/make_world.py writes it */
  constructor({ scale, arcs, countries }) {
    this.lines = arcs.map((text) => lineOf(text, scale));
    this.boxes = this.lines.map((line) => boxOf([line]));
    const uses = new Uint8Array(arcs.length);
    this.shapes = [];
    this.names = countries.map(({ name, at, wide, shapes }) => {
      for (const rings of shapes) {
        for (const index of rings.flat()) uses[arcOf(index)] += 1;
        this.shapes.push({ rings, box: boxOf(rings[0].map((index) => this.lines[arcOf(index)])) });
      }
      const [x, y] = toMap(...at);
      return { name, x, y, width: wide / 360 };
    }).sort((a, b) => b.width - a.width);
    this.borders = [...uses.keys()].filter((index) => uses[index] > 1);
  }

  #level(zoom) {
    const number = Math.max(0, Math.min(FINEST, Math.floor(zoom)));
    if (!this.#levels.has(number)) {
      const apart = number === FINEST ? 0 : APART_PX / spread(number + 1);
      this.#levels.set(number, { lines: this.lines.map((line) => (apart ? thinned(line, apart) : line)), shapes: [], borders: [] });
    }
    return this.#levels.get(number);
  }

  #shape(level, number) {
    level.shapes[number] ??= (() => {
      const path = new Path2D();
      let crosses = 0;
      for (const ring of this.shapes[number].rings) {
        let [before, turns] = [null, 0];
        for (const index of ring) {
          const line = level.lines[arcOf(index)];
          for (let n = 0; n < line.length; n += 2) {
            const i = index < 0 ? line.length - 2 - n : n;
            if (before === null) path.moveTo(line[i], line[i + 1]);
            else {
              const jump = Math.round(before - line[i]); // over the edge of the map it goes on beyond it
              turns += jump;
              crosses ||= turns;
              path.lineTo(line[i] + turns, line[i + 1]);
            }
            before = line[i];
          }
        }
        path.closePath();
      }
      if (crosses) path.addPath(new Path2D(path), new DOMMatrix([1, 0, 0, 1, -Math.sign(crosses), 0])); // and stands at the other edge too
      return path;
    })();
    return level.shapes[number];
  }

  #border(level, index) {
    level.borders[index] ??= (() => {
      const path = new Path2D();
      const line = level.lines[index];
      path.moveTo(line[0], line[1]);
      for (let i = 2; i < line.length; i += 2) {
        if (Math.abs(line[i] - line[i - 2]) > 0.5) path.moveTo(line[i], line[i + 1]);
        else path.lineTo(line[i], line[i + 1]);
      }
      return path;
    })();
    return level.borders[index];
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {{x: number, y: number, zoom: number}} view the middle
   * @param {{width: number, height: number, dense: number}} size px of the page, and how many of the screen each has
   * @param {{sea: string, land: string, border: string, word: string, font: string}} look
   * @param {{x: number, y: number}[]} [taken] where no name may stand
   */
  draw(to, { x, y, zoom }, { width, height, dense }, look, taken = []) {
    const k = spread(zoom);
    to.setTransform(dense, 0, 0, dense, 0, 0);
    to.fillStyle = look.sea;
    to.fillRect(0, 0, width, height);
    for (const turn of [0, -1, 1]) {
      const [left, right] = [x - turn - width / 2 / k, x - turn + width / 2 / k];
      if (right > 0 && left < 1) this.#land(to, { x: x - turn, y, zoom, k, left, right, width, height, dense }, look); // the world goes on behind its edge
    }
    to.setTransform(dense, 0, 0, dense, 0, 0);
    this.#name(to, { x, y, k, width, height }, look, taken);
  }

  #land(to, { x, y, zoom, k, left, right, width, height, dense }, look) {
    const [top, foot] = [y - height / 2 / k, y + height / 2 / k];
    const seen = (box) => box[2] >= left && box[0] <= right && box[3] >= top && box[1] <= foot;
    const level = this.#level(zoom);
    to.setTransform(dense * k, 0, 0, dense * k, dense * (width / 2 - x * k), dense * (height / 2 - y * k));
    to.lineJoin = 'round';
    to.fillStyle = look.land;
    this.shapes.forEach(({ box }, number) => {
      if (seen(box) && Math.max(box[2] - box[0], box[3] - box[1]) * k > SEEN_PX) to.fill(this.#shape(level, number));
    });
    to.lineWidth = 1 / k; // also hides the seams between neighbours
    to.strokeStyle = look.border;
    for (const index of this.borders) if (seen(this.boxes[index])) to.stroke(this.#border(level, index));
  }

  #name(to, { x, y, k, width, height }, look, marks) {
    to.font = look.font;
    to.fillStyle = look.word;
    to.textAlign = 'center';
    to.textBaseline = 'middle';
    const taken = marks.map((one) => ({ right: (one.x - x) * k + width / 2, below: (one.y - y) * k + height / 2 + 12, half: 40, high: 48 }));
    for (const one of this.names) {
      if (one.width * k < 40) break; // the narrowest come last
      const [right, below] = [(one.x - x) * k + width / 2, (one.y - y) * k + height / 2];
      if (right < -80 || right > width + 80 || below < -20 || below > height + 20) continue;
      const half = to.measureText(one.name).width / 2;
      if (one.width * k < half * 2 * LABEL_PX) continue;
      if (taken.some((other) => Math.abs(other.right - right) < other.half + half + 8 && Math.abs(other.below - below) < (other.high ?? 18))) continue;
      taken.push({ right, below, half });
      to.fillText(one.name, right, below);
    }
  }
}
