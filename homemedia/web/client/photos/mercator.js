// Where things lie on a map whose sides are 0…1 (Mercator), and what a window of it shows. Pure.

export const TILE = 256; // px the whole world is wide at zoom 0
export const MOST = 15;
const EDGE = 85;
const BEYOND_PX = 120;
const AROUND_M = 40_075_016;

const across = (lon) => (lon + 180) / 360;

function down(lat) {
  const rad = (Math.max(-EDGE, Math.min(EDGE, lat)) * Math.PI) / 180;
  return 0.5 - Math.log(Math.tan(Math.PI / 4 + rad / 2)) / (2 * Math.PI);
}

/** @param {number} lon @param {number} lat @returns {[number, number]} */
export const toMap = (lon, lat) => [across(lon), down(lat)];

/** @param {number} x @param {number} y @returns {{lon: number, lat: number}} */
export const toGlobe = (x, y) => ({ lon: x * 360 - 180, lat: (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI });

// Nobody looks for photos nearer to the poles; so the world fills a window sooner.
const TOP = down(84);
const FOOT = down(-62);

/** Pixels the world is wide. @param {number} zoom */
export const spread = (zoom) => TILE * 2 ** zoom;

/** How far out one may go: the world fills the window both ways. @param {number} width @param {number} height */
export const least = (width, height) => Math.log2(Math.max(width, height / (FOOT - TOP)) / TILE);

/**
 * The same view, nowhere beyond the edge of the world.
 * @param {{x: number, y: number, zoom: number}} view @param {number} width @param {number} height px of the window
 */
export function held({ x, y, zoom }, width, height) {
  const near = Math.min(MOST, Math.max(least(width, height), zoom));
  const k = spread(near);
  const between = (value, low, high) => (low > high ? (low + high) / 2 : Math.min(high, Math.max(low, value)));
  const beyond = Math.min(BEYOND_PX, width / 6) / k; // so that what lies at the edge can be seen whole
  return { x: between(x, width / 2 / k - beyond, 1 - width / 2 / k + beyond), y: between(y, TOP + height / 2 / k, FOOT - height / 2 / k), zoom: near };
}

/**
 * Nearer or farther, while one place stays under the pointer.
 * @param {{x: number, y: number, zoom: number}} view @param {number} zoom @param {number} right @param {number} below px from the middle of the window
 */
export function around({ x, y, zoom: before }, zoom, right = 0, below = 0) {
  const change = 1 / spread(before) - 1 / spread(zoom);
  return { x: x + right * change, y: y + below * change, zoom };
}

/**
 * The view that holds all of them.
 * @param {{x: number, y: number}[]} points @param {number} width @param {number} height
 * @param {{margin?: number, closest?: number}} [how]
 */
export function fit(points, width, height, { margin = 72, closest = 9 } = {}) {
  if (!points.length) return { x: 0.5, y: (TOP + FOOT) / 2, zoom: 0 };
  let [left, right, top, foot] = [1, 0, 1, 0];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    foot = Math.max(foot, y);
  }
  const zoomOf = (px, part) => (part > 0 ? Math.log2(Math.max(48, px - 2 * margin) / TILE / part) : MOST);
  const zoom = Math.min(closest, zoomOf(width, right - left), zoomOf(height, foot - top));
  if (zoom >= least(width, height)) return { x: (left + right) / 2, y: (top + foot) / 2, zoom };
  const middle = (name) => points.map((one) => one[name]).sort((a, b) => a - b)[points.length >> 1];
  return { x: middle('x'), y: middle('y'), zoom }; // not all can be seen at once: where most are
}

/** A round length that is at most so many px here: `{metres, px}`. @param {{y: number, zoom: number}} view @param {number} [most] px */
export function ruler({ y, zoom }, most = 96) {
  const perPx = (AROUND_M * Math.cos((toGlobe(0, y).lat * Math.PI) / 180)) / spread(zoom);
  const ten = 10 ** Math.floor(Math.log10(perPx * most));
  const metres = [5, 2, 1].map((one) => one * ten).find((one) => one <= perPx * most) ?? ten;
  return { metres, px: metres / perPx };
}

/** "43.4628,11.8806,9.2" of an address. @param {string | undefined} text */
export function placeIn(text) {
  const [lat, lon, zoom] = (text ?? '').split(',').map(Number);
  return [lat, lon, zoom].every(Number.isFinite) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon, zoom } : null;
}

/** @param {{lat: number, lon: number, zoom: number}} place */
export const placeText = ({ lat, lon, zoom }) => `${lat.toFixed(4)},${lon.toFixed(4)},${Number(zoom.toFixed(2))}`;
