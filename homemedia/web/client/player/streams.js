// Asks the server how a file is to be played, and opens what it says.
import { address, ApiError } from '../api.js';
import { FileFeed, segmentPlayer } from './feeds.js';
import { browserProfile, profileText } from './profile.js';
import { say } from './en.js';
import { KINDS } from './trouble.js';

const FORCES = { direct: 'remux', remux: 'transcode', transcode: null };

let ownName = null;

/** One name for each window, kept when it is loaded anew: the server ends the window's last stream before it begins another. */
const windowName = () => (ownName ??= namedAgain());

function namedAgain() {
  const isAgain = performance.getEntriesByType?.('navigation')[0]?.type === 'reload';
  const numbers = crypto.getRandomValues(new Uint32Array(2));
  const name = (isAgain && sessionStorage.getItem('player.window')) || `browser ${[...numbers].map((n) => n.toString(36)).join('')}`;
  sessionStorage.setItem('player.window', name);
  return name;
}

/** Why nothing came of it. `kind` as `trouble.js` knows it. */
export class Refusal extends Error {
  constructor(kind, { message = '', reasons = [], info = null, wait = null } = {}) {
    super(message);
    Object.assign(this, { kind, reasons, info, wait });
  }
}

const REASONS = { transcoding_not_allowed: 'TranscodingNotAllowed', ffmpeg_missing: 'ConverterMissing' };

function refusalOf(error, info) {
  if (error instanceof TypeError) return new Refusal('refused', { info }); // a script of ours could not be fetched
  if (!(error instanceof ApiError)) return error;
  const reasons = info?.reasons ?? [];
  const more = REASONS[error.code];
  const kind = error.status === 0 ? 'away' : error.status === 401 ? 'signed-out' : KINDS[error.code] ?? 'refused';
  return new Refusal(kind, { message: error.message, reasons: more ? [...reasons, more] : reasons, info, wait: error.retryAfter });
}

/** Not by api.js: what has to wait here says so itself. */
async function ask(method, path, body) {
  let response;
  try {
    response = await fetch(path, { method, credentials: 'same-origin', headers: { Accept: 'application/json', ...(body ? { 'Content-Type': 'application/json' } : {}) }, body: body ? JSON.stringify(body) : undefined });
  } catch {
    throw new ApiError(0, { code: 'offline', message: say.awayText });
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const wait = Number.parseFloat(response.headers.get('Retry-After') ?? '');
  throw new ApiError(response.status, answer, Number.isFinite(wait) ? wait : null);
}

const given = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null && value !== undefined));

export class Streams {
  /** What somebody chose here; null: the server's choice. */
  wish = { audioTrack: null, subtitleTrack: null, maxBitrate: null, maxHeight: null };
  /** @type {'direct' | 'remux' | 'transcode' | null} after what was decided first did not work */
  force = null;
  #name = windowName();
  #known = new Map();
  #ready = null;

  /** Another thing is played: choices of tracks were for the last one, the quality is for the evening. */
  forget() {
    Object.assign(this.wish, { audioTrack: null, subtitleTrack: null });
    this.force = null;
    this.#known.clear();
  }

  /** @param {number} fileId @param {object} [wish] @returns {Promise<any>} the server's decision, kept @throws {Refusal} */
  info(fileId, wish = this.wish) {
    const path = address(`/api/media/${fileId}/playback-info`, { profile: profileText(browserProfile()), ...wish });
    if (!this.#known.has(path)) {
      const asked = ask('GET', path, null).catch((error) => {
        this.#known.delete(path);
        throw refusalOf(error, null);
      });
      this.#known.set(path, asked);
    }
    return this.#known.get(path);
  }

  /**
   * @param {number} fileId @param {number} at ms within the file @param {AbortSignal} [signal]
   * @returns {Promise<FileFeed | import('./feeds.js').HlsFeed>} @throws {Refusal}
   */
  async open(fileId, at, signal) {
    const info = await this.info(fileId);
    signal?.throwIfAborted();
    if (this.force === 'direct' || (info.method === 'directPlay' && !this.force)) return new FileFeed(info.streamUrl, info);
    if (info.method === 'impossible') throw new Refusal('impossible', { reasons: info.reasons, info });
    const player = segmentPlayer();
    player.catch(() => {}); // told below
    let opened = this.#takePrepared(fileId, at);
    try {
      // Not called off with `signal`: the server would make the stream all the same, and nobody would know its name to end it.
      opened ??= await ask('POST', info.transcodeUrl, this.#body(at, this.wish, this.force));
      const made = await player;
      return made(opened, { ...info, ...said(opened), directPlay: false }, () => this.end(opened.sessionId));
    } catch (error) {
      if (opened) this.end(opened.sessionId);
      throw refusalOf(error, info);
    }
  }

  /**
   * Begins the stream of what comes next a little before it is needed, so that it goes on without a wait.
   * @param {number} fileId @param {number} at ms
   */
  async prepare(fileId, at) {
    if (this.#ready?.fileId === fileId) return;
    this.dropPrepared();
    const ready = (this.#ready = { fileId, at, wish: JSON.stringify(this.#evening()), opened: null });
    try {
      const info = await this.info(fileId, this.#evening());
      if (this.#ready !== ready || (info.method !== 'remux' && info.method !== 'transcode')) return;
      const opened = await ask('POST', info.transcodeUrl, this.#body(at, this.#evening(), null));
      if (this.#ready === ready) ready.opened = opened;
      else this.end(opened.sessionId);
    } catch {
      if (this.#ready === ready) this.#ready = null; // then it begins when its time has come
    }
  }

  /** It is not wished for after all. */
  dropPrepared() {
    if (this.#ready?.opened) this.end(this.#ready.opened.sessionId);
    this.#ready = null;
  }

  /** The wishes that outlast one film. */
  #evening() {
    return { ...this.wish, audioTrack: null, subtitleTrack: null };
  }

  #body(at, wish, force) {
    return given({ profile: browserProfile(), ...wish, startOffset: Math.max(0, Math.round(at)), clientName: this.#name, force });
  }

  /** What was prepared for exactly this, if anything was. */
  #takePrepared(fileId, at) {
    const ready = this.#ready;
    if (!ready) return null;
    this.#ready = null;
    const fits = ready.fileId === fileId && ready.at === at && ready.wish === JSON.stringify(this.wish) && !this.force;
    if (ready.opened && !fits) this.end(ready.opened.sessionId);
    return fits ? ready.opened : null;
  }

  /** What is tried after `feed` did not work. @returns {boolean} whether there is something */
  harder(feed) {
    const next = FORCES[feed.kind === 'direct' ? 'direct' : feed.info.method] ?? null;
    if (next) this.force = next;
    return next !== null;
  }

  /** Works while a page is closed, too; what cannot be told ends by itself. @param {string} sessionId */
  end(sessionId) {
    fetch(`/api/transcode/${sessionId}`, { method: 'DELETE', credentials: 'same-origin', keepalive: true }).catch(() => {});
  }
}

const said = ({ method, reasons, video, audio, subtitle, encoder, expectedSpeed }) => ({ method, reasons, video, audio, subtitle, encoder, expectedSpeed });
