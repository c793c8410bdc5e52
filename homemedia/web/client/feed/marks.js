// How long one waits for a picture: from the swipe to the first frame on the screen, as marks of the browser's own timeline.
const KEPT = 50;

let from = null;

/** @param {{id: string} | null} [clip] what one swiped to; none: the page was opened */
export function swiped(clip = null) {
  from = { id: clip?.id ?? null, at: performance.now() };
  performance.mark('clip-swipe', { startTime: from.at, detail: { id: from.id } });
}

/** @param {{id: string}} clip */
export function frameShown(clip) {
  if (from?.id !== clip.id) return;
  performance.measure('clip-first-frame', { start: from.at, end: performance.now(), detail: { id: clip.id } });
  from = null;
  if (performance.getEntriesByName('clip-first-frame').length < KEPT) return;
  performance.clearMarks('clip-swipe');
  performance.clearMeasures('clip-first-frame');
}
