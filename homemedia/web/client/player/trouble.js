// Why a film does not play, asked of the server itself: the browser only says that it failed.
import { html, nothing } from '../vendor/lit.js';
import { join, resolution, size } from '../format.js';
import { codecName } from '../watch/playable.js';
import './devices.js';
import { say } from './en.js';
import { sentences } from './why.js';

/** What a refusal of the server is, by its code; others by their status. */
export const KINDS = { file_missing: 'missing', not_found: 'missing', storage_unavailable: 'disk', playback_stopped: 'stopped', too_many_streams: 'limit', too_many_sessions: 'busy', disk_full: 'full', unplayable: 'impossible', transcoding_not_allowed: 'impossible', ffmpeg_missing: 'impossible' };

/**
 * Asks for one byte.
 * @param {string} address @param {AbortSignal} [signal]
 * @returns {Promise<{kind: 'fine' | 'missing' | 'disk' | 'away' | 'signed-out' | 'stopped' | 'limit' | 'refused', message?: string}>}
 */
export async function askWhy(address, signal) {
  let response = null;
  const stop = new AbortController();
  signal?.addEventListener('abort', () => stop.abort(), { once: true });
  try {
    response = await fetch(address, { headers: { Range: 'bytes=0-0' }, cache: 'no-store', credentials: 'same-origin', signal: stop.signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    return { kind: 'away' };
  }
  if (response.ok) {
    stop.abort(); // a server that ignores the range would send the whole film
    return { kind: 'fine' };
  }
  const body = await response.json().catch(() => ({}));
  const kinds = { 401: 'signed-out', 404: 'missing', 410: 'missing', 503: 'disk' };
  return { kind: KINDS[body.code] ?? kinds[response.status] ?? 'refused', message: body.message };
}

const ended = (response) => response.status === 404 || response.status === 401 || response.status === 403;

/**
 * What became of a stream of segments: its list costs nothing to ask for, the segment that failed says why.
 * @param {string} playlist @param {{status?: number, address?: string | null} | null} failure @param {AbortSignal} [signal]
 * @returns {Promise<{kind: 'fine' | 'gone' | 'failed' | 'away', message?: string}>}
 */
export async function askStream(playlist, failure, signal) {
  try {
    const list = await fetch(playlist, { cache: 'no-store', signal });
    if (ended(list)) return { kind: 'gone' };
    if (failure?.status !== 500 || !failure.address) return { kind: 'fine' };
    const segment = await fetch(failure.address, { cache: 'no-store', signal });
    if (segment.ok) return { kind: 'fine' };
    const { message } = await segment.json().catch(() => ({}));
    return ended(segment) ? { kind: 'gone' } : { kind: 'failed', message };
  } catch (error) {
    if (signal?.aborted) throw error;
    return { kind: 'away' };
  }
}

/** "HEVC, Dolby Digital in MKV". @param {import('../types.js').MediaFile} file */
export function whatItIs(file) {
  const codecs = [file.videoCodec, file.audioCodec].filter(Boolean).map(codecName).join(', ');
  return file.container ? say.inContainer(codecs || say.unknownCodec, file.container.toUpperCase()) : codecs || say.unknownCodec;
}

/** @param {import('../types.js').MediaFile[]} parts */
export const versionName = (parts) => parts[0].version || resolution(parts[0]) || say.standard;
export const versionHint = (parts) => join(parts[0].version ? resolution(parts[0]) : '', size(parts.reduce((sum, part) => sum + part.size, 0)));

const WORDS = {
  missing: () => ({ icon: 'warning', heading: say.missing, text: say.missingText }),
  disk: () => ({ icon: 'drive', heading: say.disk, text: say.diskText, waits: true }),
  codec: (file) => ({ icon: 'film', heading: say.codec, text: say.codecText(whatItIs(file)) }),
  damaged: () => ({ icon: 'warning', heading: say.damaged, text: say.damagedText }),
  away: () => ({ icon: 'network', heading: say.away, text: say.awayText, waits: true }),
  unknown: () => ({ icon: 'question', heading: say.unknown, text: say.unknownText }),
  empty: () => ({ icon: 'film', heading: say.nothingToPlay, text: say.nothingToPlayText }),
  impossible: () => ({ icon: 'film', heading: say.impossible, text: '' }),
  failed: () => ({ icon: 'warning', heading: say.failed, text: say.failedText }),
  full: () => ({ icon: 'drive', heading: say.full, text: say.fullText }),
  limit: () => ({ icon: 'computer', heading: say.limit, text: say.limitText, waits: true }),
  stopped: () => ({ icon: 'pause', heading: say.stopped, text: say.stoppedText }),
  busy: () => ({ icon: 'processor', heading: say.busy, text: say.busyText, waits: true }),
  refused: () => ({ icon: 'warning', heading: say.refused, text: '' }),
};

/**
 * @param {{kind: string, message?: string}} trouble
 * @param {object} how what may be done: `file`, `others` ([{name, use}]), `tryAnyway`, `retry`, `skip`, `leave` (functions or null)
 */
export function drawTrouble(trouble, { file, others = [], tryAnyway, retry, skip, leave }) {
  const words = (WORDS[trouble.kind] ?? WORDS.refused)(file ?? {});
  const says = (trouble.kind === 'impossible' && sentences(trouble.info ?? { reasons: trouble.reasons ?? [] }, file).join(' ')) || (['refused', 'failed', 'impossible', 'busy', 'stopped'].includes(trouble.kind) && trouble.message);
  const button = (label, icon, run, kind = 'plain') => (run ? html`<hm-button kind=${kind} icon=${icon} @click=${run}>${label}</hm-button>` : nothing);
  const isSaveable = file && ['codec', 'damaged', 'impossible', 'failed', 'full'].includes(trouble.kind);
  return html`<div class="trouble" role="alert">
    ${words.waits ? html`<hm-spinner size="24"></hm-spinner>` : html`<hm-icon name=${words.icon} size="28"></hm-icon>`}
    <h2 class="t20">${words.heading}</h2>
    <p class="quiet">${says || words.text}${trouble.kind === 'stopped' && says ? html` ${say.placeKept}` : nothing}</p>
    ${trouble.kind === 'limit' ? html`<player-devices></player-devices>` : nothing}
    <div class="ways">
      ${others.map((other, i) => button(say.useVersion(other.name), 'film', other.use, i === 0 ? 'primary' : 'plain'))}
      ${trouble.kind === 'stopped' ? button(say.playOn, 'play', retry, 'primary') : nothing}
      ${['missing', 'disk', 'refused', 'damaged', 'failed', 'busy', 'full', 'limit'].includes(trouble.kind) ? button(say.tryAgain, 'refresh', retry) : nothing}
      ${trouble.kind === 'damaged' ? button(say.skipOver, 'forward-10', skip) : nothing}
      ${isSaveable ? html`<hm-button icon="download" href="${file.streamUrl}?download=1" download="">${say.download}</hm-button>` : nothing}
      ${['codec', 'impossible'].includes(trouble.kind) && !trouble.isTried ? button(say.tryAnyway, 'play', tryAnyway, 'quiet') : nothing}
      ${['missing', 'unknown', 'empty', 'refused', 'busy', 'full', 'limit', 'stopped'].includes(trouble.kind) ? button(say.goBack, 'arrow-left', leave, 'quiet') : nothing}
    </div></div>`;
}
