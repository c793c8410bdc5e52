// What one can do in the player, whichever way: by a button, a key, a finger, a headset.
import { percent } from '../format.js';
import { back, go } from '../router.js';
import { playHref } from '../watch/links.js';
import { chapterStep } from './chapters.js';
import { say } from './en.js';
import { wayOut } from './item.js';
import { loudness } from './loudness.js';
import { STEP_MS as SHIFT_MS } from './captions.js';
import { full, small } from './screen.js';
import { RATES, subtitleName } from './tracks.js';

export const STEP_MS = 10_000;

/** Needs of the page: `playing`, `stage`, `item`, `pieces`, `groups`, `panel`, `flash(text, side)`, `nameTime(at)`, `wake()`. */
export const Commands = (Base) => class extends Base {
  toggle() {
    if (!this.playing.trouble) this.stage.toggle();
  }

  jump(ms, side = '') {
    if (!this.stage.parts.length || this.playing.trouble) return;
    const at = this.stage.time + ms;
    this.stage.seek(at);
    if (!side) this.nameTime(at);
    this.flash(say.jumped(ms / 1000), side);
  }

  toShare(share) {
    if (!(this.stage.duration > 0)) return;
    this.stage.seek(this.stage.duration * share);
    this.nameTime(this.stage.duration * share);
  }

  chapter(by) {
    const at = chapterStep(this.pieces, this.stage.time, by);
    if (at === null) return;
    this.stage.seek(at);
    this.nameTime(at);
  }

  skip() {
    const marker = this.skippable;
    if (marker) this.stage.seek(marker.end);
  }

  startOver() {
    this.resumeShown = false;
    this.stage.seek(0);
  }

  louder(by) {
    const { video } = this.stage;
    loudness.set(video, Math.round((loudness.of(video) + by) * 100) / 100);
    this.flash(say.loudness(percent(loudness.of(video))));
  }

  mute() {
    const { video } = this.stage;
    loudness.mute(video);
    this.flash(video.muted ? say.muted : say.loudness(percent(video.volume)));
  }

  toggleFull() {
    if (full.is()) full.leave();
    else full.enter(this, this.stage.video);
  }

  toggleSmall() {
    if (small.can(this.stage.video)) small.toggle(this.stage.video);
  }

  notTonight() {
    this.playing.isNotTonight = true;
    this.playing.streams.dropPrepared();
    this.requestUpdate();
  }

  playNext() {
    if (this.item?.next) this.switchTo(this.item.next);
  }

  playPrevious() {
    if (this.item?.previous) this.switchTo(this.item.previous);
  }

  /** Another thing in the same place of the history: Back leads out of the player, not through all that was played. */
  switchTo(key) {
    if (key === this.item?.id) return this.closePanel();
    history.replaceState(history.state, '', playHref(key));
    this.search = {};
    this.params = { key };
    return undefined;
  }

  open(panel) {
    const focused = this.renderRoot.activeElement;
    if (!this.panel) this.openedBy = focused?.matches(':focus-visible') ? focused : null; // by key from a button: that is where it leads back to
    this.panel = this.panel === panel ? null : panel;
    this.cameFrom = null;
    this.wake();
  }

  toggleTracks() {
    if (this.groups.length) this.open('tracks');
  }

  toggleWhy() {
    if (this.playing.info) this.open('why');
  }

  toggleChapters() {
    if (this.pieces.length > 1) this.open('chapters');
  }

  /** Those that were shown last, else the first there are. */
  toggleSubtitles() {
    const tracks = this.playing.info?.subtitleTracks ?? [];
    if (!tracks.length) return;
    const before = this.caption;
    const next = before === null ? (tracks.find((one) => one.track === this.lastCaption) ?? tracks[0]) : null;
    if (before !== null) this.lastCaption = before;
    this.subtitle(next?.track ?? null);
    this.flash(next ? subtitleName(next).label : say.subtitlesOff);
  }

  /** @param {1 | -1} by later or earlier */
  shiftCaptions(by) {
    if (!this.captions.address) return;
    this.captions.setShift(this.captions.shift + by * SHIFT_MS);
    this.flash(this.captions.shift === 0 ? say.inTime : say.shifted(this.captions.shift / 1000));
  }

  /** @param {1 | -1} by to the next rate */
  faster(by) {
    const rate = RATES[RATES.indexOf(this.stage.rate) + by];
    if (!rate) return;
    this.stage.setRate(rate);
    this.flash(say.times(rate));
  }

  toggleEpisodes() {
    if (this.hasEpisodes) this.open('episodes');
  }

  toggleElsewhere() {
    this.open('elsewhere');
  }

  toggleHelp() {
    this.open('help');
  }

  closePanel() {
    this.panel = null;
    const to = this.openedBy?.isConnected ? this.openedBy : this.renderRoot.querySelector('h1');
    this.openedBy = null;
    to?.focus({ preventScroll: true });
  }

  escape() {
    if (this.panel) this.closePanel();
    else if (full.is()) full.leave();
    else this.leave();
  }

  leave({ isEnd = false } = {}) {
    const out = wayOut(this.item);
    if (isEnd && this.item?.type === 'episode') go(out, { replace: true });
    else back(out);
  }
};
