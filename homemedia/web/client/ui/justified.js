// Pure: rows of pictures of many shapes, each row as wide as the page. The arithmetic of the justified grid, without a document.

const NARROWEST = 0.45;
const WIDEST = 3.2;
const USUAL = 4 / 3;
const MANY_A_DAY = 9;

/** The shape a picture is shown in: very long ones are cropped. */
const bounded = (ratio) => Math.min(WIDEST, Math.max(NARROWEST, ratio || USUAL));

/**
 * @typedef {object} Laid one group of things as it lies: what came in one answer
 * @property {Float32Array} boxes x, y, width, height of each thing, px from the group's own corner
 * @property {{first: number, last: number, y: number, height: number}[]} rows last not included
 * @property {{key: string, first: number, last: number, y: number}[]} sections
 * @property {number} height px
 */

/**
 * Rows of one section: filled until they would be too wide, then made lower until they fit.
 * @param {number[]} ratios @param {{width: number, height: number, gap: number, fill?: boolean}} how `fill`: the last row too ends where the others do
 * @returns {{first: number, last: number, height: number}[]}
 */
export function rowsOf(ratios, { width, height, gap, fill = false }) {
  const rows = [];
  const fitted = (first, last) => {
    let sum = 0;
    for (let i = first; i < last; i += 1) sum += bounded(ratios[i]);
    return (width - gap * (last - first - 1)) / sum;
  };
  let first = 0;
  for (let i = 0; i < ratios.length; i += 1) {
    const fits = fitted(first, i + 1);
    if (fits > height) continue; // there is room for more
    const without = i > first ? fitted(first, i) : Infinity; // one less may come nearer to the wanted height
    const end = without < height * 1.25 && without / height < height / fits ? i : i + 1;
    rows.push({ first, last: end, height: end > i ? fits : without });
    first = end;
  }
  if (first < ratios.length) {
    const fits = fitted(first, ratios.length);
    if (!fill) rows.push({ first, last: ratios.length, height: Math.min(height, fits) });
    else if (rows.length && fits > height * 1.8) {
      const before = rows.at(-1);
      rows[rows.length - 1] = { first: before.first, last: ratios.length, height: fitted(before.first, ratios.length) };
    } else rows.push({ first, last: ratios.length, height: Math.min(height * 1.8, fits) });
  }
  return rows;
}

/** What a group that has not come yet will probably be: pictures of the usual shape, some a day. @param {number} count @param {boolean} sections */
function guessed(count, sections) {
  const days = sections ? Math.min(31, Math.ceil(count / MANY_A_DAY)) : 1;
  const each = Math.ceil(count / Math.max(1, days));
  return Array.from({ length: count }, (_, i) => ({ ratio: USUAL, section: sections ? `?${Math.floor(i / each)}` : '' }));
}

/**
 * @param {{ratio: number, section?: string}[] | number} items what came, or only how many will
 * @param {{width: number, height: number, gap: number, heading: number, between: number, sections: boolean, fill?: boolean}} how `heading`: height of a section's words, 0 without them; `between`: room above a section that is not the first
 * @returns {Laid}
 */
export function lay(items, { width, height, gap, heading, between, sections, fill = false }) {
  const things = typeof items === 'number' ? guessed(items, sections) : items;
  const laid = { boxes: new Float32Array(things.length * 4), rows: [], sections: [], height: 0 };
  let y = 0;
  for (let first = 0; first < things.length;) {
    const key = sections ? (things[first].section ?? '') : '';
    let last = first + 1;
    while (last < things.length && (!sections || (things[last].section ?? '') === key)) last += 1;
    if (heading) {
      laid.sections.push({ key, first, last, y });
      y += heading;
    }
    for (const row of rowsOf(things.slice(first, last).map((one) => one.ratio), { width, height, gap, fill })) {
      let x = 0;
      for (let i = first + row.first; i < first + row.last; i += 1) {
        const wide = bounded(things[i].ratio) * row.height;
        laid.boxes.set([x, y, wide, row.height], i * 4);
        x += wide + gap;
      }
      laid.rows.push({ first: first + row.first, last: first + row.last, y, height: row.height });
      y += row.height + gap;
    }
    y += between - gap;
    first = last;
  }
  laid.height = Math.max(0, y);
  return laid;
}

/** The first of `list` (in order of `valueOf`) that lies beyond `value`. @template T @param {T[]} list @param {(one: T) => number} valueOf @param {number} value */
export function firstBeyond(list, valueOf, value) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (valueOf(list[middle]) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
