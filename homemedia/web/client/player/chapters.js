// Pure: what the timeline shows of chapters and markers. All times in ms.

/** Below this share of the whole a piece could not be seen beside its gap. */
const LEAST = 0.004;
const MOST = 80;
const CARD_MS = 30_000;
const CARD_SHARE = 0.1;

/**
 * The bar's pieces, without holes, from 0 to the end; one piece when there are no usable chapters.
 * @param {{title: string | null, start: number}[]} chapters
 * @param {number} duration
 * @returns {{title: string | null, start: number, end: number}[]}
 */
export function segments(chapters, duration) {
  if (!(duration > 0)) return [];
  const sorted = (chapters ?? []).filter((chapter) => chapter.start >= 0 && chapter.start < duration).sort((a, b) => a.start - b.start);
  const begun = [];
  for (const { title, start } of sorted) {
    const last = begun[begun.length - 1];
    const from = begun.length === 0 && start < duration * LEAST ? 0 : start;
    if (last && from - last.start < duration * LEAST) continue;
    begun.push({ title: title || null, start: from });
  }
  if (begun.length < 2 || begun.length > MOST) return [{ title: null, start: 0, end: duration }];
  if (begun[0].start > 0) begun.unshift({ title: null, start: 0 });
  return begun.map((one, i) => ({ ...one, end: begun[i + 1]?.start ?? duration }));
}

/** @returns {number} index of the piece at a time, -1 when there are none */
export function segmentAt(pieces, at) {
  const found = pieces.findIndex((piece) => at < piece.end);
  return found >= 0 ? found : pieces.length - 1;
}

/** Where chapter keys lead: the next beginning, or the last one that lies more than 3 s back. @returns {number | null} */
export function chapterStep(pieces, at, by) {
  if (pieces.length < 2) return null;
  if (by > 0) return pieces.find((piece) => piece.start > at + 500)?.start ?? null;
  return pieces.findLast((piece) => piece.start < at - 3000)?.start ?? 0;
}

/** The intro or recap that runs now. @param {{type: string, start: number, end: number}[]} markers */
export const skippable = (markers, at) =>
  (markers ?? []).find((marker) => (marker.type === 'intro' || marker.type === 'recap') && at >= marker.start && at < marker.end - 1000) ?? null;

/**
 * Whether the card of the next episode stands, and what it counts.
 * It comes with the credits, else 30 s before the end (of short things a tenth of their length), and counts only in that last piece.
 * @param {{at: number, duration: number, markers?: {type: string, start: number, end: number}[]}} now
 * @returns {{shown: boolean, seconds: number | null}} seconds until the next begins by itself, null: it does not count yet
 */
export function nextCard({ at, duration, markers = [] }) {
  if (!(duration > 0)) return { shown: false, seconds: null };
  const last = duration - Math.min(CARD_MS, duration * CARD_SHARE);
  const credits = markers.find((marker) => marker.type === 'credits' && marker.start > duration / 2)?.start ?? last;
  return { shown: at >= Math.min(last, credits), seconds: at >= last ? Math.max(0, Math.ceil((duration - at) / 1000)) : null };
}
