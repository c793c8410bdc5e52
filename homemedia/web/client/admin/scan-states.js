// Pure: what a scan tells of itself, as parts that add up and one line of words.
import { count, counted, duration, join } from '../format.js';
import { say } from './en.js';

const SOON_MS = 60_000;

/**
 * Each file stands in exactly one part; together they are all files found so far. Parts without files are left out, but the first.
 * @param {any} scan one of scan-status' `scans`
 * @returns {{label: string, value: number, tone: string}[]} empty for what does not go through files
 */
export function partsOf({ phase, kind, states, done, total }) {
  if (kind === 'refresh' || !states) return [];
  const skipped = states.ignored + states.duplicate;
  const waiting = phase === 'probe' ? Math.min(Math.max(0, total - done), states.total) : 0;
  const settled = states.total - skipped - states.deferred - states.failed;
  const first = phase === 'discover'
    ? [[say.parts.added, states.added, 'accent'], [say.parts.changed, states.updated + states.moved, 'soft'], [say.parts.unchanged, states.unchanged, 'soft']]
    : [[say.parts.ready, Math.max(0, settled - waiting), 'accent']];
  const rest = [[say.parts.skipped, skipped, 'muted'], [say.parts.deferred, states.deferred, 'warn'], [say.parts.failed, states.failed, 'bad'], [say.parts.waiting, Math.min(waiting, settled), 'rest']];
  return [...first, ...rest].map(([label, value, tone]) => ({ label, value, tone })).filter((part, index) => index === 0 || part.value > 0);
}

/** "31,850 files · about 14 min left · 38 files a second". @param {any} scan */
export function lineOf(scan) {
  const files = scan.states?.total ?? 0;
  const rate = scan.perSecond > 0 ? say.rate(count(scan.perSecond)) : '';
  if (scan.phase === 'discover') return join(say.phases.discover, files ? counted(files, 'file', 'files') : '', rate);
  if (scan.phase === 'probe') return join(counted(files, 'file', 'files'), leftOf(scan), rate);
  return join(say.phases[scan.phase] ?? '', scan.total ? say.ofAll(count(scan.done), count(scan.total)) : '');
}

function leftOf({ perSecond, total, done }) {
  if (!perSecond || !total) return '';
  const ms = ((total - done) / perSecond) * 1000;
  return ms > SOON_MS ? say.left(duration(ms)) : say.soon;
}

/** What is done of the present phase, 0–1; undefined when nobody knows. @param {any} scan */
export const shareOf = ({ phase, done, total }) => (phase === 'discover' || !total ? undefined : done / total);
