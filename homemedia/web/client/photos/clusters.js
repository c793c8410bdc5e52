// Photos that lie near one another on the map become one mark. Pure.
import { spread } from './mercator.js';

export const CELL = 84; // px
const NEAR = 0.72; // of a cell: marks closer than this would lie on one another

/**
 * @typedef {object} Mark
 * @property {string} key
 * @property {number} x
 * @property {number} y
 * @property {{id: string, city: string | null, country: string | null}[]} photos in the order they came
 * @property {string} name the town, or the country, they all are of; empty where they are not
 */

const same = (photos, field) => {
  const [first] = photos;
  return first[field] && photos.every((one) => one[field] === first[field]) ? first[field] : '';
};

function middle(photos) {
  let [x, y] = [0, 0];
  for (const one of photos) {
    x += one.x;
    y += one.y;
  }
  return { x: x / photos.length, y: y / photos.length };
}

const WORLD = { left: 0, top: 0, right: 1, foot: 1 };

/**
 * The marks of a zoom. Cells are fixed to the world, so that marks stay while one moves about.
 * @param {{id: string, x: number, y: number, city: string | null, country: string | null}[]} points
 * @param {number} zoom a whole number
 * @param {{left: number, top: number, right: number, foot: number}} [area] what lies beyond is left out
 * @returns {Mark[]} those of most photos first
 */
export function marksOf(points, zoom, { left, top, right, foot } = WORLD) {
  const across = spread(zoom) / CELL;
  const [first, upper] = [Math.floor(left * across), Math.floor(top * across)];
  const wide = Math.ceil(right * across) - first + 2; // keys stay small whole numbers, which are looked up fast
  const cells = new Map();
  for (const one of points) {
    if (one.x < left || one.x > right || one.y < top || one.y > foot) continue;
    const column = Math.floor(one.x * across);
    const row = Math.floor(one.y * across);
    const key = (row - upper) * wide + column - first;
    const cell = cells.get(key);
    if (cell) cell.photos.push(one);
    else cells.set(key, { column, row, photos: [one] });
  }
  for (const cell of cells.values()) Object.assign(cell, middle(cell.photos));
  const ordered = [...cells.values()].sort((a, b) => b.photos.length - a.photos.length);
  const near = NEAR / across;
  for (const cell of ordered) {
    if (cell.isTaken) continue;
    for (let row = cell.row - 1; row <= cell.row + 1; row += 1) {
      for (let column = cell.column - 1; column <= cell.column + 1; column += 1) {
        const other = cells.get((row - upper) * wide + column - first);
        if (!other || other === cell || other.isTaken || other.hasTaken || Math.hypot(other.x - cell.x, other.y - cell.y) > near) continue;
        other.isTaken = true;
        cell.hasTaken = true;
        cell.photos = [...cell.photos, ...other.photos];
      }
    }
  }
  return ordered.filter((cell) => !cell.isTaken).map(({ photos, ...cell }) => {
    const { x, y } = cell.hasTaken ? middle(photos) : cell;
    return { key: `${zoom} ${cell.row} ${cell.column}`, x, y, photos, name: same(photos, 'city') || same(photos, 'country') };
  });
}
