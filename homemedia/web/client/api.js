// Talking to the server: fetch with the session cookie, errors as objects, patience while the server is away.
import { say } from './en.js';
import { Query, queries } from './query.js';

export class ApiError extends Error {
  /**
   * @param {number} status 0 when no answer came
   * @param {Partial<import('./types.js').Problem>} body
   * @param {number | null} [retryAfter] seconds
   */
  constructor(status, body, retryAfter = null) {
    super(body.message || say.unreadable);
    this.name = 'ApiError';
    this.status = status;
    this.code = body.code || 'unknown';
    this.details = Array.isArray(body.details) ? body.details : [];
    this.retryAfter = retryAfter;
    /** What some routes say beside the error itself. @type {Record<string, any>} */
    this.body = body;
  }

  /** @param {string} name @returns {string | null} the reason given for that field */
  field(name) {
    return this.details.find((detail) => detail?.field === name)?.reason ?? null;
  }
}

/** Whether the server answers. `subscribe` hears each change; the frame draws the banner. */
export const connection = {
  ok: true,
  since: Date.now(),
  listeners: new Set(),
  waiting: null,
  subscribe(fn) {
    this.listeners.add(fn);
    return () => this.listeners.delete(fn);
  },
  change(ok) {
    if (ok === this.ok) return;
    this.ok = ok;
    this.since = Date.now();
    for (const fn of this.listeners) fn(ok);
  },
  /** One prober for all who wait: asks with growing pauses (1 to 10 s) until the server answers. */
  recovered() {
    this.change(false);
    this.waiting ??= (async () => {
      for (let pause = 1000; ; pause = Math.min(pause * 2, 10_000)) {
        await Promise.race([
          new Promise((done) => setTimeout(done, pause)),
          new Promise((done) => window.addEventListener('online', done, { once: true })),
        ]);
        try {
          await fetch('/api/server', { cache: 'no-store' });
          break;
        } catch {
          continue; // still away
        }
      }
      this.waiting = null;
      this.change(true);
    })();
    return this.waiting;
  },
};

const hooks = { unauthorized: () => {} };

/** app.js says what a lost session leads to. @param {() => void} fn */
export function onUnauthorized(fn) {
  hooks.unauthorized = fn;
}

/** @param {string} path @param {Record<string, unknown> | null | undefined} params values null, undefined and '' are left out */
export function address(path, params) {
  if (!params) return path;
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value === null || value === undefined || value === '') continue;
    search.set(key, value === true ? '1' : String(value));
  }
  const text = search.toString();
  return text ? `${path}${path.includes('?') ? '&' : '?'}${text}` : path;
}

async function problemOf(response) {
  let body = {};
  try {
    body = await response.json();
  } catch {
    body = { message: say.unreadable, code: 'unreadable' };
  }
  const wait = Number.parseFloat(response.headers.get('Retry-After') ?? '');
  return new ApiError(response.status, body, Number.isFinite(wait) ? wait : null);
}

const aborted = (signal, done) => signal?.addEventListener('abort', done, { once: true });

async function send(method, path, body, { signal, quiet = false, patient = method === 'GET' } = {}) {
  const init = { method, signal, credentials: 'same-origin', headers: { Accept: 'application/json' } };
  if (body instanceof Blob || body instanceof FormData) init.body = body;
  else if (body !== undefined && body !== null) {
    init.headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  for (;;) {
    try {
      const response = await fetch(path, init);
      connection.change(true);
      if (response.ok) return response;
      const problem = await problemOf(response);
      if (response.status === 401 && !quiet) hooks.unauthorized();
      throw problem;
    } catch (error) {
      // fetch says TypeError when no answer came at all; anything else is an answer or an abort.
      if (!(error instanceof TypeError)) throw error;
      const back = connection.recovered();
      if (!patient) throw new ApiError(0, { code: 'offline', message: say.offlineError });
      await Promise.race([back, new Promise((done) => aborted(signal, done))]);
      signal?.throwIfAborted();
    }
  }
}

async function json(method, path, body, options) {
  const response = await send(method, path, body, options);
  if (response.status === 204) return null;
  const text = await response.text();
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    throw new ApiError(response.status, { code: 'unreadable', message: say.unreadable });
  }
}

/** Options of each call: `body` (of a delete), `signal`, `quiet` (a 401 is thrown and leads nowhere), `patient` (wait for a server that is away). */
export const api = {
  get: (path, params, options) => json('GET', address(path, params), undefined, options),
  post: (path, body, options) => json('POST', path, body ?? {}, options),
  put: (path, body, options) => json('PUT', path, body ?? {}, options),
  patch: (path, body, options) => json('PATCH', path, body ?? {}, options),
  delete: (path, params, options) => json('DELETE', address(path, params), options?.body, options),
  /** An answer that is no JSON. @returns {Promise<Response>} */
  bytes: (method, path, body, options) => send(method, path, body, options),
};

/** @param {string} path @param {{maxAge?: number}} [options] maxAge: ms for which no one asks again. @returns {Query} */
export const query = (path, options) => queries.get(path, (signal) => json('GET', path, undefined, { signal }), options);

/** Marks what was read under these prefixes as old and asks again for what is on screen. @param {...string} prefixes */
export const invalidate = (...prefixes) => queries.invalidate(prefixes);

export { Query };

const LADDER = [120, 180, 240, 320, 480, 640, 780, 960, 1280, 1920, 3840];

/**
 * The address of an item's picture in a size that the server also keeps.
 * @param {import('./types.js').Summary | null} item
 * @param {{kind?: 'thumb' | 'art', width?: number, height?: number}} [how] CSS pixels; the screen's density is added here
 * @returns {string | null}
 */
export function artUrl(item, { kind = 'thumb', width = 320, height = null } = {}) {
  const path = item?.[kind];
  if (!path) return null;
  const density = Math.min(window.devicePixelRatio || 1, 2);
  const step = (px) => LADDER.find((w) => w >= px * density) ?? LADDER[LADDER.length - 1];
  return address(path, { w: step(width), h: height ? step(height) : null, v: item[`${kind}Tag`] });
}
