// Opens a link and keeps it open: what it wants, what lies in it, what is brought. No account is needed, and none is used.
import { ApiError } from '../api.js';
import { say as product } from '../en.js';

export const PAGE = 100;
const BASE = '/api/v1/shared';
const KEPT = 'link.';

/**
 * @typedef {object} SharedItem
 * @property {string} id @property {string} type @property {string} title @property {number|null} width @property {number|null} height
 * @property {number|null} duration_ms @property {number|null} item_count @property {string|null} thumbhash @property {Record<string, any>|null} metadata
 * @property {string|null} taken_at @property {string|null} thumbnail_url @property {string|null} preview_url @property {string|null} stream_url
 * @property {string|null} hls_url @property {string|null} download_url @property {number} ratio
 */

export class Door {
  /** @param {string} name token or slug */
  constructor(name) {
    this.path = `${BASE}/${encodeURIComponent(name)}`;
    // Six letters are enough to tell links apart here; the whole address stands in no storage.
    this.keptAs = `${KEPT}${name.slice(0, 6)}`;
    this.access = kept(this.keptAs);
  }

  /** @param {{parent?: string | null, offset?: number, limit?: number}} [asked] @param {string} [password] */
  async read({ parent = null, offset = 0, limit = PAGE } = {}, password) {
    const search = new URLSearchParams({ offset: String(offset), limit: String(limit) });
    if (parent) search.set('parent', parent);
    const answer = await ask('GET', `${this.path}?${search}`, this.headers(password));
    const body = await answer.json();
    this.access = body.access_token;
    keep(this.keptAs, this.access);
    return { ...body, items: body.items.map(withRatio) };
  }

  headers(password) {
    return { Accept: 'application/json', ...(this.access ? { 'X-Share-Access': this.access } : {}), ...(password ? { 'X-Share-Password': password } : {}) };
  }

  /** Whether it is open still; asking is no visit. */
  async look() {
    await ask('HEAD', this.path, this.headers());
  }

  /** @param {string} url @param {File} file */
  async bring(url, file) {
    const form = new FormData();
    form.append('fileCreatedAt', new Date(file.lastModified).toISOString());
    form.append('fileModifiedAt', new Date(file.lastModified).toISOString());
    form.append('file', file, file.name);
    return withRatio(await (await ask('POST', url, this.headers(), form)).json());
  }
}

/** @param {SharedItem} item */
const withRatio = (item) => ({ ...item, ratio: item.width && item.height ? item.width / item.height : 1 });

async function ask(method, path, headers, body) {
  let response;
  try {
    // Not the cookie: a link is what it is for everybody, and what wants a member says so.
    response = await fetch(path, { method, headers, body, credentials: 'same-origin', referrerPolicy: 'no-referrer', cache: 'no-store' });
  } catch {
    throw new ApiError(0, { code: 'offline', message: product.offlineError });
  }
  if (response.ok) return response;
  const wait = Number.parseFloat(response.headers.get('Retry-After') ?? '');
  throw new ApiError(response.status, await response.json().catch(() => ({})), Number.isFinite(wait) ? wait : null);
}

function kept(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null; // storage withheld
  }
}

function keep(name, access) {
  try {
    sessionStorage.setItem(name, access);
  } catch {
    return; // then a reload is a new visit
  }
}
