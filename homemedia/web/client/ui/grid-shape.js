// Pure: how many columns, how high a row, what is seen. The grid's arithmetic without a document.

/**
 * @typedef {object} Shape
 * @property {number} columns
 * @property {number} cell width of one, px
 * @property {number} rowHeight pitch of rows with their gap, px
 * @property {number} gap
 * @property {number} height of everything, px
 */

const LINES = 8 + 20 + 16; // gap, name, second line under the picture

/**
 * @param {{kind: string, width: number, count: number, phone: boolean, tablet: boolean, min?: number, gap?: number, rowGap?: number, rowHeight?: number, lines?: number}} how
 * @returns {Shape}
 */
export function shapeOf({ kind, width, count, phone, tablet, min, gap, rowGap, rowHeight, lines = LINES }) {
  if (kind === 'list') {
    const pitch = rowHeight ?? 64;
    return { columns: 1, cell: width, rowHeight: pitch, gap: 0, height: count * pitch };
  }
  const still = kind === 'still';
  const between = gap ?? (phone ? 12 : tablet ? 16 : 24);
  const below = rowGap ?? (phone ? 20 : 28);
  const fits = (least) => Math.max(1, Math.floor((width + between) / (least + between)));
  let columns;
  if (min) columns = fits(min);
  else if (phone) columns = still ? Math.max(1, Math.floor(width / 320)) : 3;
  else if (tablet) columns = still ? fits(200) : Math.min(5, Math.max(4, fits(150)));
  else columns = still ? fits(232) : fits(148);
  const cell = (width - (columns - 1) * between) / columns;
  const pitch = (still ? (cell * 9) / 16 : kind === 'square' ? cell : cell * 1.5) + lines + below;
  const rows = Math.ceil(count / columns);
  return { columns, cell, rowHeight: pitch, gap: between, height: Math.max(0, rows * pitch - below) };
}

/**
 * @param {Shape} shape @param {number} count @param {number} top px above the window @param {number} view height of the window @param {number} [spare] windows drawn above and below
 * @returns {{first: number, last: number}} indexes, last not included
 */
export function seen(shape, count, top, view, spare = 0.75) {
  const from = Math.max(0, Math.floor((top - view * spare) / shape.rowHeight));
  const to = Math.max(0, Math.ceil((top + view * (1 + spare)) / shape.rowHeight));
  return { first: Math.min(count, from * shape.columns), last: Math.min(count, to * shape.columns) };
}

/** @param {Shape} shape @param {number} index @returns {{x: number, y: number}} */
export const placeOf = (shape, index) => ({
  x: (index % shape.columns) * (shape.cell + shape.gap),
  y: Math.floor(index / shape.columns) * shape.rowHeight,
});

/** Where an arrow key leads. @returns {number | null} */
export function neighbour(key, index, columns, count, perPage) {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, PageDown: perPage, PageUp: -perPage }[key];
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (step === undefined) return null;
  const to = index + step;
  if (to >= 0 && to < count) return to;
  if (key === 'PageDown' || (key === 'ArrowDown' && Math.floor(index / columns) < Math.floor((count - 1) / columns))) return count - 1;
  return key === 'PageUp' ? index % columns : index;
}
