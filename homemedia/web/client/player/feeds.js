// What a video element is fed with: the file itself, or a stream of segments by hls.js or by the browser's own player.
import { hasMediaSource } from './profile.js';

const WORKER = new URL('../vendor/hls.worker.js', import.meta.url).href;
const MENDS_MS = 30_000;
// The server adds 10 s to all times of a film, counted on this clock, so that what is decoded before it is shown has one.
const BEGINNING = { baseTime: 900_000, timescale: 90_000, trackId: 1 };

// The server answers late rather than never: a segment may take 25 s to be made, and "not yet" is asked again.
const patience = {
  maxTimeToFirstByteMs: 35_000,
  maxLoadTimeMs: 120_000,
  timeoutRetry: { maxNumRetry: 3, retryDelayMs: 0, maxRetryDelayMs: 0 },
  errorRetry: { maxNumRetry: 30, retryDelayMs: 1000, maxRetryDelayMs: 2000, shouldRetry: (config, count, _isTimeout, response) => response?.code === 503 && count < config.maxNumRetry },
};
const policy = { default: patience };

/** @typedef {{cause: 'network' | 'media', status: number, address: string | null}} Failure */

/** The file as it is. */
export class FileFeed {
  kind = 'direct';
  sessionId = null;

  /** @param {string} address @param {any} info of the decision */
  constructor(address, info) {
    Object.assign(this, { address, info });
  }

  attach(video) {
    video.src = this.address;
  }

  /** Lets go of the video. */
  detach() {}

  /** Tells the server that it is over. */
  end() {}
}

/** A stream of segments by the browser's own player (phones without media source extensions). */
export class NativeFeed extends FileFeed {
  kind = 'hls';

  constructor(opened, info, end) {
    super(opened.playlistUrl, info);
    this.sessionId = opened.sessionId;
    this.end = end;
  }
}

/** A stream of segments by hls.js. */
export class HlsFeed {
  kind = 'hls';
  /** @type {(failure: Failure) => void} */
  onFailure = () => {};
  #hls = null;
  #hasLoaded = false;
  #lib;
  #mended = -MENDS_MS;

  constructor(lib, opened, info, end) {
    this.#lib = lib;
    Object.assign(this, { address: opened.playlistUrl, sessionId: opened.sessionId, info, end });
  }

  /** @param {HTMLVideoElement} video @param {number} at ms */
  attach(video, at) {
    const { Hls, Events, ErrorTypes } = this.#lib;
    const hls = new Hls({
      workerPath: WORKER, startPosition: at / 1000, startFragPrefetch: true, backBufferLength: 60, maxBufferLength: 30, maxMaxBufferLength: 50,
      fragLoadPolicy: policy, playlistLoadPolicy: policy, manifestLoadPolicy: policy,
    });
    this.#hls = hls;
    hls.on(Events.FRAG_LOADED, () => (this.#hasLoaded = true));
    hls.on(Events.ERROR, (_, data) => {
      const status = data.response?.code ?? 0;
      // With one rendition hls.js takes an answer of the server for a mishap and asks on and on.
      const isFinal = data.fatal || (status >= 400 && status !== 503);
      if (!isFinal || this.#hls !== hls) return;
      const isNetwork = data.type === ErrorTypes.NETWORK_ERROR;
      if (data.type === ErrorTypes.MEDIA_ERROR && this.mend()) return;
      hls.stopLoad();
      this.onFailure({ cause: isNetwork ? 'network' : 'media', status, address: data.frag?.url ?? data.url ?? null, details: data.details });
    });
    // Left to itself hls.js takes the first decode time it sees for the beginning: every picture would be shown late by as
    // much as B-frames are decoded early, and the film would begin with a hole.
    hls.on(Events.MANIFEST_PARSED, () => {
      hls.streamController.initPTS[0] = { ...BEGINNING };
    });
    hls.loadSource(this.address);
    hls.attachMedia(video);
  }

  /** Bits/s the line gave lately; null before the first segment. */
  get line() {
    const bits = this.#hls?.bandwidthEstimate;
    return bits > 0 && this.#hasLoaded ? bits : null;
  }

  /** Another place was wished for before the first picture came. @param {number} at ms */
  begin(at) {
    const hls = this.#hls;
    if (!hls) return;
    if (hls.levels.length === 0) {
      hls.config.startPosition = at / 1000; // its list is on the way: stopped now, it would never begin
      return;
    }
    hls.stopLoad();
    hls.startLoad(at / 1000);
  }

  /** Takes the picture's decoder anew; once in a while that is all it needs. @returns {boolean} whether it was tried */
  mend() {
    const now = performance.now();
    if (!this.#hls || now - this.#mended < MENDS_MS) return false;
    this.#mended = now;
    this.#hls.recoverMediaError();
    return true;
  }

  detach() {
    const hls = this.#hls;
    this.#hls = null;
    hls?.destroy();
  }
}

/** How segments are played here: by script where the browser takes them so, else by the browser itself. @returns {Promise<(opened: any, info: any, end: () => void) => HlsFeed | NativeFeed>} */
export async function segmentPlayer() {
  // Chromium says "maybe" to playlists it does not follow, so that script comes first.
  if (!hasMediaSource()) return (opened, info, end) => new NativeFeed(opened, info, end);
  const lib = await import('../vendor/hls.js');
  return (opened, info, end) => new HlsFeed(lib, opened, info, end);
}
