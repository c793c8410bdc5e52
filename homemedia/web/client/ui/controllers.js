import { html, nothing } from '../vendor/lit.js';
import { query } from '../api.js';
import { live } from '../live.js';
import { say } from './en.js';

/** Keeps a host in step with one cached answer; the path may change with the host's state. */
export class QueryController {
  #current = null;
  #path = null;
  #off = null;
  #timer = 0;

  /**
   * @param {import('../vendor/lit.js').LitElement} host
   * @param {() => string | null} path asked before each drawing; null: nothing to read yet
   * @param {{poll?: number, maxAge?: number, keep?: boolean}} [options] poll: ms between readings while seen; keep: show the old data while another path loads
   */
  constructor(host, path, options = {}) {
    this.host = host;
    this.wanted = path;
    this.options = options;
    this.last = undefined;
    host.addController(this);
  }

  hostConnected() {
    this.#path = null; // subscribes again before the next drawing
    this.host.requestUpdate();
    if (this.options.poll) this.#timer = setInterval(() => document.visibilityState === 'visible' && this.refresh(), this.options.poll);
  }

  hostDisconnected() {
    this.#off?.();
    this.#off = null;
    this.#path = null;
    clearInterval(this.#timer);
  }

  hostUpdate() {
    const path = this.wanted();
    if (path === this.#path) return;
    this.#off?.();
    this.#path = path;
    this.#current = path === null ? null : query(path, this.options);
    this.#off = this.#current?.subscribe(() => this.host.requestUpdate()) ?? null;
  }

  get data() {
    const data = this.#current?.data;
    if (data !== undefined) this.last = data;
    return data === undefined && this.options.keep ? this.last : data;
  }

  get error() {
    return this.#current?.error ?? null;
  }

  get loading() {
    return this.#current?.loading ?? false;
  }

  refresh() {
    return this.#current?.refresh() ?? Promise.resolve(undefined);
  }

  update(change) {
    this.#current?.update(change);
  }

  /** Draws whichever of the states it is in; data, once there, stays while a later reading fails. */
  render({ data, loading = () => nothing, error }) {
    const value = this.data;
    if (value !== undefined) return data(value);
    if (this.error) return error ? error(this.error) : this.#failed(this.error);
    return loading();
  }

  #failed(problem) {
    return html`<hm-error heading=${say.failedTitle} text=${problem.message} retry=${say.retry} @hm-retry=${() => this.refresh()}></hm-error>`;
  }
}

/** Hears live events while the host is connected. */
export class LiveController {
  #offs = [];

  /** @param {any} host @param {Record<string, (event: any) => void>} handlers */
  constructor(host, handlers) {
    this.handlers = handlers;
    host.addController(this);
  }

  hostConnected() {
    this.#offs = Object.entries(this.handlers).map(([name, fn]) => live.on(name, fn));
  }

  hostDisconnected() {
    for (const off of this.#offs) off();
    this.#offs = [];
  }
}

const TYPING = 'input, textarea, select, [contenteditable=""], [contenteditable="true"]';

/** Whether a key belongs to what has the focus rather than to the page. */
export function typing(event) {
  const target = event.composedPath()[0];
  return target instanceof Element && target.matches(TYPING) && !/^(checkbox|radio|range|button)$/.test(target.type ?? '');
}

class Keys {
  constructor(host, keys) {
    this.keys = keys;
    this.heard = (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
      const fn = this.keys[event.key] ?? this.keys[event.key.toLowerCase()];
      if (!fn || dialogOver(host)) return;
      if (fn(event) !== false) event.preventDefault();
    };
    host.addController(this);
  }

  hostConnected() {
    document.addEventListener('keydown', this.heard);
  }

  hostDisconnected() {
    document.removeEventListener('keydown', this.heard);
  }
}

const open = new Set();

/** Dialogs and viewers say so here while they are open, so that the page's keys rest. */
export const openDialogs = open;

/** Walks up through shadow roots: is a dialog open that does not hold this element? */
function dialogOver(host) {
  if (open.size === 0) return false;
  const top = [...open].at(-1);
  for (let node = host; node; node = node.assignedSlot ?? node.parentNode ?? node.host) if (node === top) return false;
  return true;
}

/** Keys of a page: `onKey(this, {w: () => …})` in the constructor; rests while typing and under dialogs. A function that answers false lets the key pass. */
export const onKey = (host, keys) => new Keys(host, keys);
