import { ApiError, api } from './api.js';
import { say } from './en.js';
import { live } from './live.js';
import { queries } from './query.js';
import { theme } from './ui/theme.js';

/** Who is here and what the house shows: the one place pages ask. */
export const session = {
  /** @type {import('./types.js').User | null} */
  user: null,
  /** @type {import('./types.js').ServerInfo | null} */
  server: null,
  /** @type {import('./types.js').Library[]} */
  libraries: [],
  /** Whether somebody signed out since the page was loaded: then nothing signs him in again by itself. */
  hasLeft: false,
  listeners: new Set(),

  /** Those with something to watch or to hear: photos are their owner's, whoever sees what else. */
  get watched() {
    return this.libraries.filter((library) => library.type !== 'photo');
  },

  /** @param {() => void} fn @returns {() => void} */
  subscribe(fn) {
    this.listeners.add(fn);
    return () => this.listeners.delete(fn);
  },

  tell() {
    for (const fn of [...this.listeners]) fn();
  },

  /** Reads server, member and libraries; after it `user` is null when nobody is signed in. */
  async load() {
    const [server, user] = await Promise.all([api.get('/api/server'), api.get('/api/auth/me', null, { quiet: true }).catch(notSignedIn)]);
    this.server = server;
    this.user = user;
    this.libraries = [];
    if (user) {
      await Promise.all([this.readLibraries(false), this.readHouse()]);
      live.start();
    } else live.stop();
    this.tell();
  },

  /** After a way in has answered: reads who is here. @throws {ApiError} `no_cookie` when the browser kept nothing of it */
  async enter() {
    await this.load();
    if (!this.user) throw new ApiError(401, { code: 'no_cookie', message: say.noCookie });
  },

  async readLibraries(announce = true) {
    const answer = await api.get('/api/libraries', null, { quiet: true }).catch(notSignedIn);
    this.libraries = answer?.libraries ?? [];
    if (announce) this.tell();
  },

  /** Oneself again: name, picture, rights and libraries may be changed by somebody else meanwhile. */
  async readUser() {
    const user = await api.get('/api/auth/me', null, { quiet: true }).catch(notSignedIn);
    if (!user || user.id !== this.user?.id) return; // signed out meanwhile; the next request leads to sign-in
    this.user = user;
    await this.readLibraries();
  },

  /** The household's name and accent, which may change while one looks on. */
  async readHouse() {
    const house = await api.get('/api/home/accounts/household', null, { quiet: true }).catch(notNeeded);
    if (!house) return;
    theme.setHue(house.accent);
    this.server = { ...this.server, name: house.name };
  },

  async signOut() {
    await api.post('/api/auth/logout', {}, { quiet: true }).catch(notSignedIn);
    this.hasLeft = true;
    this.end();
  },

  /** Forgets everything that belonged to the member. */
  end() {
    live.stop();
    queries.clear();
    this.user = null;
    this.libraries = [];
    this.tell();
  },
};

function notSignedIn(error) {
  if (error.status === 401 || error.status === 403) return null;
  throw error;
}

/** What only dresses the page must not keep it from starting. */
function notNeeded(error) {
  if (error instanceof ApiError) return null;
  throw error;
}

const again = () => session.user && session.readLibraries();
live.on('library.changed', again);
live.on('libraries.changed', again);
live.on('libraries.changed', () => session.user && session.readLibraries());
live.on('member.*', ({ user_id: id }) => id === session.user?.id && session.readUser());
live.on('household.changed', () => session.user && session.readHouse().then(() => session.tell()));
