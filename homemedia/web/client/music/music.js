// The music of this window: what plays, what comes, where one is. Draws nothing; stays while pages come and go.
import { artUrl, connection } from '../api.js';
import { live } from '../live.js';
import { Reporter } from '../player/reporter.js';
import { mediaKeys } from '../player/screen.js';
import { router } from '../router.js';
import { session } from '../session.js';
import { store } from '../ui/platform.js';
import { toast } from '../ui/toast.js';
import { Deck } from './deck.js';
import { say } from './en.js';
import { factorOf } from './gain.js';
import { Queue } from './queue.js';
import { feedNow, feedOf, songOf } from './sources.js';

const KEEP = 'homemedia.music';
const KEEP_EVERY_MS = 5000;
const READY_MS = 25_000; // before the end of a song the next is fetched
const BACK_MS = 3000; // later than this "previous" goes to the song's own beginning
const REOPEN_MS = 10_000; // a stream that ends sooner than this after it was opened anew is not worth another try
const TRIES = 3; // songs in a row that fail before it gives up

class Music extends EventTarget {
  queue = new Queue();
  deck = new Deck();
  isHeld = false; // the server is away: goes on by itself
  heldAt = 0;
  #turn = new AbortController();
  #reporter = null;
  #ready = null;
  #failures = 0;
  #keptAt = 0;
  #isConverted = false;
  #reopenedAt = -REOPEN_MS;
  #wants = false;

  constructor() {
    super();
    const on = (name, fn) => this.deck.addEventListener(name, fn);
    this.deck.loudness(store.get('music.volume', 1), store.get('music.muted', false));
    on('change', () => this.#changed());
    on('playing', () => this.#sounds());
    on('pause', () => this.#report('paused'));
    on('seeked', () => this.#report(this.deck.isPlaying ? 'playing' : 'paused', { force: true }));
    on('ended', () => this.#ended());
    on('error', () => this.#failed());
    window.addEventListener('hm-heard', () => this.isPlaying && this.pause()); // a clip that is heard too
    router.subscribe(({ path }) => path.startsWith('/play/') && this.isPlaying && this.pause()); // a film is heard alone
    window.addEventListener('pagehide', () => {
      this.#report('stopped');
      this.#keep();
    });
    session.subscribe(() => !session.user && this.song && this.clear());
    connection.subscribe((ok) => ok && this.isHeld && this.#goOn());
    live.on('playback.stopped', (event) => event.rating_key === this.song?.id && this.#stopped(event.message));
  }

  // what is

  get song() {
    return this.queue.current;
  }

  get isPlaying() {
    return this.deck.isPlaying || this.isHeld;
  }

  get time() {
    return this.deck.time;
  }

  get duration() {
    return this.deck.duration || this.song?.duration || 0;
  }

  /** @param {string} id rating key */
  isSong(id) {
    return this.song?.id === id;
  }

  // what one does

  /**
   * @param {any[]} cards tracks in order
   * @param {{start?: number | null, source?: Queue['source'], isShuffled?: boolean}} [how]
   */
  play(cards, { start = null, source = null, isShuffled = false } = {}) {
    const first = start === null ? null : cards[start];
    const there = cards.filter((card) => card.available !== false);
    if (!there.length) return toast(say.nothingToPlay);
    this.queue.set(there.map(songOf), { start: first ? Math.max(0, there.indexOf(first)) : null, source, isShuffled });
    this.#failures = 0;
    return this.#open({ play: true });
  }

  /** @param {any[]} cards @param {{isNext?: boolean}} [how] */
  add(cards, how) {
    const wasEmpty = !this.song;
    this.queue.add(cards.filter((card) => card.available !== false).map(songOf), how);
    this.deck.dropPrepared();
    this.#ready = null;
    if (wasEmpty && this.song) this.#open({ play: true });
    this.#keep();
    this.#changed();
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.resume();
  }

  pause() {
    this.#wants = false;
    this.isHeld = false;
    this.deck.pause();
    this.#changed();
  }

  resume() {
    if (!this.song) return;
    if (!this.deck.feed) this.#open({ at: this.heldAt, play: true });
    else this.#start();
  }

  next() {
    if (this.queue.next()) this.#open({ play: true });
    else this.pause();
  }

  previous() {
    if (this.time > BACK_MS) this.seek(0);
    else if (this.queue.previous()) this.#open({ play: true });
  }

  /** @param {number} at a place in the queue's list */
  jump(at) {
    if (this.queue.jump(at)) this.#open({ play: true });
  }

  seek(ms) {
    this.deck.seek(ms);
  }

  step(ms) {
    this.seek(Math.max(0, this.time + ms));
  }

  shuffle() {
    this.queue.shuffle(!this.queue.isShuffled);
    this.#reordered();
  }

  repeat() {
    this.queue.turnRepeat();
    this.#reordered();
  }

  /** @param {number} at a place in the queue's list */
  remove(at) {
    const song = this.queue.list[at];
    if (!song || at === this.queue.at) return;
    const undo = this.queue.remove(at);
    this.#reordered();
    toast(say.removed(song.title), { undo: () => (undo(), this.#reordered()) });
  }

  /** @param {number} from @param {number} to places in the queue's list @returns {boolean} whether anything moved */
  move(from, to) {
    const is = this.queue.move(from, to);
    if (is) this.#reordered();
    return is;
  }

  /** Ends with the song that plays. */
  clearComing() {
    const undo = this.queue.clearComing();
    this.#reordered();
    toast(say.cleared, { undo: () => (undo(), this.#reordered()) });
  }

  volume(level) {
    this.deck.loudness(level, level === 0);
    this.#keepLoudness();
  }

  mute() {
    const { isMuted, level } = this.deck;
    this.deck.loudness(isMuted && level === 0 ? 0.5 : level, !isMuted);
    this.#keepLoudness();
  }

  #keepLoudness() {
    if (this.deck.level > 0) store.set('music.volume', Math.round(this.deck.level * 100) / 100);
    store.set('music.muted', this.deck.isMuted);
  }

  /** Stops and forgets everything. */
  clear() {
    this.#turn.abort();
    this.#report('stopped');
    this.#wants = false;
    this.isHeld = false;
    this.#reporter = null;
    this.#ready = null;
    this.deck.empty();
    this.queue.clear();
    mediaKeys.show(null);
    this.#keep();
    this.#changed();
  }

  // what follows

  #changed() {
    this.#report(this.deck.isPlaying ? 'playing' : null);
    if (this.deck.isPlaying) {
      this.#prepare();
      mediaKeys.at({ time: this.time, duration: this.duration, isPlaying: true });
      if (performance.now() - this.#keptAt > KEEP_EVERY_MS) this.#keep();
    }
    this.dispatchEvent(new CustomEvent('change'));
  }

  #reordered() {
    this.deck.refactor(this.#factor(this.song));
    this.deck.dropPrepared();
    this.#ready = null;
    this.#keep();
    this.#changed();
  }

  /** Album gain keeps the songs of an album to each other as they were made. */
  #factor(song) {
    return factorOf(song?.gain, this.queue.source?.kind === 'album' && !this.queue.isShuffled);
  }

  async #open({ at = 0, play = false, isConverted = false }) {
    this.#turn.abort();
    const { signal } = (this.#turn = new AbortController());
    const { song, deck } = this;
    this.#report('stopped');
    this.#ready = null;
    this.#wants = play;
    this.#isConverted = isConverted;
    Object.assign(this, { isHeld: false, heldAt: 0 });
    this.#reporter = new Reporter(song.id, () => (deck.feed && song.file ? { fileId: song.file.id, offset: deck.time, duration: this.duration, sessionId: deck.feed.sessionId } : null));
    this.#keep();
    const feed = isConverted ? null : feedNow(song);
    if (feed) {
      deck.open(feed, { at, factor: this.#factor(song) });
      if (play) this.#start();
      return;
    }
    deck.empty();
    deck.unlock();
    deck.isWaiting = true;
    this.#changed();
    try {
      const made = await feedOf(song, { at, signal, isConverted });
      if (signal.aborted) return made?.end();
      if (!made) return this.#skip(say.missing);
      deck.open(made, { at, factor: this.#factor(song) });
      if (this.#wants) this.#start();
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!connection.ok || error.status === 0) return this.#hold(at);
      const isOurs = error.message && error.kind !== 'impossible'; // what the server says: too many devices, a full disk
      return this.#skip(isOurs ? error.message : say.unplayable);
    }
    return undefined;
  }

  async #start() {
    this.#wants = true;
    if (!(await this.deck.play())) this.pause(); // the browser wants a press
  }

  #sounds() {
    this.#failures = 0;
    this.#report('playing');
    this.#showKeys();
  }

  #showKeys() {
    const { song } = this;
    if (!song) return;
    mediaKeys.show({
      title: song.title,
      artist: song.artists?.join(', ') || song.grandparentTitle || '',
      album: song.parentTitle ?? '',
      artwork: artUrl(song, { width: 480 }),
      actions: {
        play: () => this.resume(), pause: () => this.pause(), stop: () => this.clear(), previoustrack: () => this.previous(), nexttrack: () => this.next(),
        seekto: ({ seekTime }) => this.seek(seekTime * 1000), seekbackward: () => this.step(-10_000), seekforward: () => this.step(10_000),
      },
    });
  }

  /** @param {'playing' | 'paused' | 'stopped' | null} state */
  #report(state, how) {
    if (state) this.#reporter?.tell(state, how);
  }

  /** Fetches the next song shortly before it is wanted. Converted ones wait: their stream costs the server something. */
  async #prepare() {
    const { song, duration, time } = this;
    const next = this.queue.peek({ isAuto: true });
    if (!next || !duration || duration - time > READY_MS || this.#ready?.for === song || next === song) return;
    const ready = (this.#ready = { for: song, next: null });
    const { signal } = this.#turn;
    try {
      const feed = feedNow(next) ?? (next.file ? null : await feedOf(next, { signal }));
      if (signal.aborted || this.#ready !== ready || !feed) return feed?.end();
      if (feed.kind !== 'direct') return feed.end();
      this.deck.prepare(feed, this.#factor(next));
      ready.next = next;
    } catch {
      return undefined; // it is tried once more when its turn comes
    }
    return undefined;
  }

  #ended() {
    this.#report('stopped');
    const ready = this.#ready?.next;
    const next = this.queue.next({ isAuto: true });
    if (!next) return this.#finished();
    if (ready !== next) return this.#open({ play: true });
    this.#turn.abort();
    this.#turn = new AbortController();
    this.#ready = null;
    const { deck } = this;
    deck.swap();
    this.#reporter = new Reporter(next.id, () => (deck.feed ? { fileId: next.file.id, offset: deck.time, duration: this.duration } : null));
    this.#keep();
    return this.#start();
  }

  /** All was played: back to the first, silent. */
  #finished() {
    this.queue.jump(0);
    this.#open({ play: false });
    mediaKeys.at({ time: 0, duration: 0, isPlaying: false });
  }

  // what goes wrong

  async #failed() {
    const { deck, song } = this;
    const at = deck.time;
    const { signal } = this.#turn;
    if (deck.feed?.kind !== 'direct') return this.#streamFailed(at, signal);
    let status = 0;
    try {
      status = (await fetch(deck.feed.address, { method: 'HEAD', credentials: 'same-origin', signal })).status;
    } catch {
      status = 0;
    }
    if (signal.aborted || this.song !== song) return undefined;
    if (status === 0) return this.#hold(at);
    return status < 300 ? this.#open({ at, play: true, isConverted: true }) : this.#skip(say.missing);
  }

  /** A stream ends when the server starts anew, or after a long pause: then there is another from here. */
  async #streamFailed(at, signal) {
    const { deck, song } = this;
    let kind = 'away';
    try {
      const { askStream } = await import('../player/trouble.js');
      kind = (await askStream(deck.feed.address, null, signal)).kind;
    } catch {
      kind = 'away';
    }
    if (signal.aborted || this.song !== song) return undefined;
    if (kind === 'away') return this.#hold(at);
    const now = performance.now();
    if (kind !== 'gone' || now - this.#reopenedAt < REOPEN_MS) return this.#skip(say.unplayable);
    this.#reopenedAt = now;
    return this.#open({ at, play: this.#wants, isConverted: this.#isConverted });
  }

  /** Somebody else ended it; it goes on from its place when one wants to. */
  #stopped(message) {
    this.#turn.abort();
    this.#report('stopped');
    Object.assign(this, { isHeld: false, heldAt: this.deck.time });
    this.#wants = false;
    this.deck.empty();
    toast(message);
    this.#changed();
  }

  #hold(at) {
    this.deck.empty();
    Object.assign(this, { isHeld: true, heldAt: at });
    toast(say.waiting, { kind: 'bad' });
    this.#changed();
  }

  #goOn() {
    this.#open({ at: this.heldAt, play: true });
  }

  #skip(why) {
    const { song } = this;
    this.#failures += 1;
    const wanted = this.#wants;
    this.deck.empty();
    if (!wanted || this.#failures >= Math.min(TRIES, this.queue.length) || !this.queue.next()) {
      this.#wants = false;
      toast(say.stopped(why), { kind: 'bad' });
      return this.#changed();
    }
    toast(say.skipped(song.title, why), { kind: 'bad' });
    return this.#open({ play: true });
  }

  // what outlives a reload

  #keep() {
    this.#keptAt = performance.now();
    try {
      if (this.song) sessionStorage.setItem(KEEP, JSON.stringify({ user: session.user?.id, time: this.deck.time, queue: this.queue }));
      else sessionStorage.removeItem(KEEP);
    } catch {
      this.#keptAt = Infinity; // withheld or too full: it lasts as long as the page
    }
  }

  /** Shows what played before the page was loaded anew; silent, since a window may have been doubled. */
  restore() {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(KEEP) ?? 'null');
    } catch {
      kept = null;
    }
    if (!kept || kept.user !== session.user?.id || !this.queue.restore(kept.queue)) return;
    this.#open({ at: kept.time > 0 ? kept.time : 0, play: false });
  }
}

export const music = new Music();
