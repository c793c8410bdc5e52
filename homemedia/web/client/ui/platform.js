// The only module that touches what browsers withhold on plain http at a LAN address (clipboard, sharing, wake lock,
// secure randomness by name …). Everything here has a fall-back or says honestly that it could not.

/** Whether the page runs where browsers give their full set: https or loopback. */
export const secure = window.isSecureContext;

/** Installing, push and offline starts need https; the page that asks for them says so. */
export const canInstall = secure && 'serviceWorker' in navigator;

/** What browsers give to be told of things while no page is open. iPhones give it to installed pages alone. */
export const push = {
  canBe: secure && 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window,
  /** @returns {'default' | 'granted' | 'denied'} */
  get permission() {
    return this.canBe ? Notification.permission : 'denied';
  },
  ask: () => Notification.requestPermission(),
  register: (address) => navigator.serviceWorker.register(address),
  /** @returns {Promise<ServiceWorkerRegistration | undefined>} */
  registration: () => navigator.serviceWorker.getRegistration('/'),
  /** @returns {Promise<ServiceWorkerRegistration>} once it works */
  ready: () => navigator.serviceWorker.ready,
  /** Takes away what this device shows under names that begin so: it was seen here. @param {...string} prefixes */
  async close(...prefixes) {
    const worker = this.canBe ? (await this.registration())?.active : null;
    for (const prefix of prefixes) worker?.postMessage({ type: 'close', prefix });
  },
  /** @param {(message: any) => void} fn */
  heard(fn) {
    if (this.canBe) navigator.serviceWorker.addEventListener('message', (event) => fn(event.data));
  },
};

/** The number at the icon of an installed page; nothing where there is none. @param {number} count */
export function setBadge(count) {
  if (count) navigator.setAppBadge?.(count).catch(() => {});
  else navigator.clearAppBadge?.().catch(() => {});
}

const matches = (query) => window.matchMedia(query).matches;
const PHONE = '(max-width: 719.98px)';

export const media = {
  isTouch: matches('(pointer: coarse)'),
  reducedMotion: matches('(prefers-reduced-motion: reduce)'),
  isPhone: () => matches(PHONE),
};

/**
 * @param {(isPhone: boolean) => void} fn called when the window becomes or stops being as narrow as a phone
 * @returns {() => void} stops it
 */
export function onPhoneChange(fn) {
  const list = window.matchMedia(PHONE);
  const heard = () => fn(list.matches);
  list.addEventListener('change', heard);
  return () => list.removeEventListener('change', heard);
}

function copyBySelection(text) {
  const host = document.querySelector('dialog[open]') ?? document.body; // inside a modal dialog the rest is inert
  const before = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.className = 'visually-hidden';
  area.style.setProperty('position', 'fixed');
  host.append(area);
  area.select();
  area.setSelectionRange(0, text.length);
  let done = false;
  try {
    done = document.execCommand('copy');
  } catch {
    done = false;
  }
  area.remove();
  before?.focus?.({ preventScroll: true });
  return done;
}

/**
 * @param {string} text
 * @returns {Promise<boolean>} false when the browser refused both ways
 */
export async function copyText(text) {
  if (navigator.clipboard?.writeText) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyBySelection(text); // refused by permission: the old way may still be allowed
    }
  }
  return copyBySelection(text);
}

/** Whether a page may ask for what was copied; not on plain http. */
export const canPaste = secure && Boolean(navigator.clipboard?.readText);

/** @returns {Promise<string | null>} null when the browser or the person refused */
export async function pasteText() {
  try {
    return await navigator.clipboard.readText();
  } catch {
    return null;
  }
}

/**
 * Hands an address to the device's share sheet, or copies it.
 * @param {{title?: string, url: string}} what
 * @returns {Promise<'shared' | 'copied' | 'no'>}
 */
export async function share({ title, url }) {
  if (navigator.share) {
    try {
      await navigator.share({ title, url });
      return 'shared';
    } catch (error) {
      if (error.name === 'AbortError') return 'no';
    }
  }
  return (await copyText(url)) ? 'copied' : 'no';
}

/** @returns {string} 32 random hex characters (crypto.randomUUID is missing on plain http, getRandomValues is not) */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Keeps the screen on while something plays; where that is not given a playing video does it by itself.
 * @returns {Promise<() => void>} lets it go
 */
export async function wakeLock() {
  if (!navigator.wakeLock) return () => {};
  let lock = null;
  const take = async () => {
    if (document.visibilityState !== 'visible') return;
    try {
      lock = await navigator.wakeLock.request('screen');
    } catch {
      lock = null; // low battery: the device decides
    }
  };
  await take();
  document.addEventListener('visibilitychange', take);
  return () => {
    document.removeEventListener('visibilitychange', take);
    lock?.release();
  };
}

const HASHED_WHOLE = 64 << 20; // the whole file stands in memory meanwhile
const RESTS_MS = 30_000;

const hasherBy = (file) => ({
  worker: null,
  waiting: new Map(),
  next: 0,
  timer: 0,

  /** @param {Blob} blob @returns {Promise<string>} rejects when the file can no longer be read */
  ask(blob) {
    clearTimeout(this.timer);
    this.worker ??= this.begin();
    this.next += 1;
    return new Promise((done, fail) => {
      this.waiting.set(this.next, { done, fail });
      this.worker.postMessage({ id: this.next, blob });
    });
  },

  begin() {
    const worker = new Worker(new URL(file, import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data: { id, hash } }) => {
      const { done, fail } = this.waiting.get(id);
      this.waiting.delete(id);
      if (hash) done(hash);
      else fail(new Error('unreadable'));
      if (this.waiting.size === 0) this.timer = setTimeout(() => this.end(), RESTS_MS);
    });
    worker.addEventListener('error', () => this.end());
    return worker;
  },

  end() {
    this.worker?.terminate();
    this.worker = null;
    for (const { fail } of this.waiting.values()) fail(new Error('ended'));
    this.waiting.clear();
  },
});

/** In hex, on plain http too and of files of any size. @param {string} name @param {ReturnType<typeof hasherBy>} hasher */
async function hashed(blob, name, hasher) {
  if (!window.crypto?.subtle || blob.size > HASHED_WHOLE) return hasher.ask(blob);
  const digest = await crypto.subtle.digest(name, await blob.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const [bySha1, bySha256] = ['./sha1-worker.js', './sha256-worker.js'].map(hasherBy);

/** @param {Blob} blob @returns {Promise<string>} rejects when it cannot be read */
export const sha1 = (blob) => hashed(blob, 'SHA-1', bySha1);

/** @param {Blob} blob @returns {Promise<string>} rejects when it cannot be read */
export const sha256 = (blob) => hashed(blob, 'SHA-256', bySha256);

/** The platform's file picker, whose handles outlive the page; not on plain http. */
export const isPickerUsable = () => secure && typeof window.showOpenFilePicker === 'function';

/** Puts bytes that are already here among the downloads. @param {Blob} blob @param {string} name */
export function saveBlob(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const PREFIX = 'homemedia.';

/** localStorage that never throws (private windows, full disks) and stores JSON. */
export const store = {
  get(key, fallback = null) {
    try {
      const text = window.localStorage.getItem(PREFIX + key);
      return text === null ? fallback : JSON.parse(text);
    } catch {
      return fallback;
    }
  },
  set(key, value) {
    try {
      if (value === null || value === undefined) window.localStorage.removeItem(PREFIX + key);
      else window.localStorage.setItem(PREFIX + key, JSON.stringify(value));
    } catch {
      // nothing to do: the choice lasts until the window closes
    }
  },
};
