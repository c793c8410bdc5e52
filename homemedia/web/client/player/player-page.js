import { html, nothing } from '../vendor/lit.js';
import { artUrl, connection } from '../api.js';
import { Page } from '../ui/page.js';
import { wakeLock } from '../ui/platform.js';
import { theme } from '../ui/theme.js';
import { nameOf } from '../watch/actions.js';
import { playsHere } from '../watch/playable.js';
import './caption-look.js';
import './chapter-list.js';
import { Captions } from './captions.js';
import { Commands, STEP_MS } from './commands.js';
import { aboveBar, bottomBar, topBar } from './controls.js';
import { say } from './en.js';
import './elsewhere.js';
import './episodes.js';
import { namesOf } from './item.js';
import { keyHelp, playerKeys } from './keys.js';
import { loudness } from './loudness.js';
import './next-card.js';
import { locate } from './parts.js';
import { Playing } from './playing.js';
import { followRotation, full, mediaKeys, small } from './screen.js';
import { Scrub } from './scrub.js';
import { playerStyles } from './styles.js';
import './timeline.js';
import { onPresses } from './touch.js';
import { choices } from './tracks.js';
import { drawTrouble, versionName } from './trouble.js';
import './volume.js';
import { verdictOf } from './why.js';

const SLEEPS_MS = 3000;
const RESUME_SHOWN_MS = 12_000;
const SLOW_MS = 8000;
const ABOVE_GAP = 12;

const numberOf = (text) => (/^\d{1,9}$/.test(text ?? '') ? Number(text) : null);

/** `/play/KEY?file=ID&at=MS&audio=N&subtitle=N`, each but the key left out. Going on to the next episode keeps this element, so that full screen and the right to play with sound stay. */
class PlayerPage extends Commands(Page) {
  static properties = { ...Page.properties, asleep: { type: Boolean, reflect: true }, panel: { state: true }, flashed: { state: true }, scrub: { state: true }, resumeShown: { state: true } };
  static styles = [Page.styles, playerStyles];

  playing = new Playing();
  stage = this.playing.stage;
  captions = new Captions();
  scrubber = new Scrub();

  constructor() {
    super();
    Object.assign(this, { asleep: false, panel: null, flashed: null, scrub: null, resumeShown: false });
    playerKeys(this);
    const on = (name, fn) => this.playing.addEventListener(name, fn);
    on('change', () => this.changed());
    on('opened', () => this.opened());
    on('instead', ({ detail }) => this.switchTo(detail));
    on('finished', () => this.finished());
    this.stage.addEventListener('pause', () => this.wake());
    for (const name of ['pointermove', 'pointerdown']) this.addEventListener(name, (event) => (event.pointerType !== 'touch' || !event.composedPath().includes(this.area)) && this.wake());
    this.addEventListener('keydown', () => this.wake());
    this.addEventListener('player-seek', ({ detail }) => this.stage.seek(detail.at));
    this.addEventListener('player-scrub', ({ detail }) => (this.scrub = detail.at));
    this.addEventListener('player-point', ({ detail }) => this.toggleAttribute('pointing', detail.at !== null));
    this.addEventListener('player-volume', ({ detail }) => loudness.set(this.stage.video, detail.value));
    this.addEventListener('player-mute', () => loudness.mute(this.stage.video));
    this.addEventListener('player-next', () => this.playNext());
    this.addEventListener('player-not-tonight', () => this.notTonight());
    this.addEventListener('player-episode', ({ detail }) => this.switchTo(detail.item.id));
    this.addEventListener('player-close', () => this.closePanel());
    this.addEventListener('player-freed', () => this.playing.trouble?.kind === 'limit' && this.playing.retry());
    this.addEventListener('player-chosen', () => this.requestUpdate());
    this.addEventListener('player-panel', ({ detail }) => Object.assign(this, { cameFrom: 'tracks', panel: detail.name }));
    this.addEventListener('player-back', () => (this.cameFrom ? (this.panel = this.cameFrom) : this.closePanel()));
    this.addEventListener('player-version', ({ detail }) => {
      this.playing.useVersion(detail.index);
      this.closePanel();
    });
    this.addEventListener('player-as-it-is', () => {
      this.quality(null);
      this.closePanel();
    });
    this.live({ 'playback.stopped': (event) => this.playing.stopped(event) });
    this.captions.addEventListener('change', () => this.requestUpdate());
    this.scrubber.addEventListener('change', () => this.drawScrub());
    this.stage.addEventListener('playing', () => this.item?.type !== 'track' && this.playing.file && this.scrubber.know(this.playing.file.id));
    this.drawScrub();
    this.captions.addEventListener('unreadable', () => this.flash(say.captionsMissing));
  }

  connectedCallback() {
    super.connectedCallback();
    this.dataset.theme = 'dark'; // in both themes
    this.away = new AbortController();
    const { signal } = this.away;
    document.documentElement.classList.add('locked');
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', '#000000');
    full.watch(() => this.requestUpdate(), signal);
    followRotation(this, () => this.stage.video, signal);
    document.addEventListener('keydown', () => this.wake(), { signal });
    window.addEventListener('pagehide', () => this.playing.closeNow(), { signal });
    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && this.playing.tellNow(false), { signal });
    signal.addEventListener('abort', connection.subscribe(() => this.requestUpdate()));
    this.wake();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.away.abort();
    clearTimeout(this.sleepTimer);
    clearTimeout(this.resumeTimer);
    clearTimeout(this.slowTimer);
    document.documentElement.classList.remove('locked');
    theme.apply();
    full.leave();
    if (small.is(this.stage.video)) small.toggle(this.stage.video);
    mediaKeys.show(null);
    this.playing.close();
    this.playing.streams.dropPrepared();
    this.scrubber.forget();
    this.opens = null;
    this.keepAwake(false);
  }

  firstUpdated() {
    this.area = this.renderRoot.querySelector('.stage');
    onPresses(this.area, {
      tap: () => (this.asleep ? this.wake() : this.panel ? this.closePanel() : this.sleep()),
      step: (sign) => this.jump(sign * STEP_MS, sign < 0 ? 'left' : 'right'),
      click: () => (this.panel ? this.closePanel() : this.toggle()),
      doubleClick: () => this.toggleFull(),
    });
  }

  willUpdate() {
    const file = Number.parseInt(this.search.file, 10);
    const at = Number.parseInt(this.search.at, 10);
    const { audio = null, subtitle = null } = this.search;
    const opens = `${this.params.key} ${file}`;
    if (!this.isConnected || !this.params.key || opens === this.opens) return; // a drawing that was due when the page left must not play on unseen
    this.opens = opens;
    this.playing.open(this.params.key, { fileId: Number.isFinite(file) ? file : null, at: Number.isFinite(at) && at >= 0 ? at : null, wish: { audioTrack: numberOf(audio), subtitleTrack: subtitle === 'none' ? subtitle : numberOf(subtitle) } });
  }

  /** Subtitles stand over what stands over the bar. */
  updated() {
    const above = this.renderRoot.querySelector('.above');
    this.style.setProperty('--above', above ? `${above.offsetHeight + ABOVE_GAP}px` : '0px');
  }

  // what the bars ask

  get item() {
    return this.playing.item;
  }

  /** Another function whenever a picture has arrived: that is how the bar of time hears of it. */
  drawScrub() {
    this.scrubPicture = (at) => {
      const { parts } = this.stage;
      if (!parts.length || this.item?.type === 'track') return null;
      const { index, offset } = locate(parts, at);
      return this.scrubber.at(parts[index].fileId, offset);
    };
    this.requestUpdate();
  }

  /** Says for a moment what lies where one has jumped. */
  nameTime(at) {
    this.renderRoot.querySelector('player-timeline')?.name(at);
  }

  get pieces() {
    return this.playing.pieces;
  }

  get card() {
    return this.playing.card;
  }

  get nextItem() {
    return this.playing.nextItem;
  }

  get skippable() {
    return this.playing.skippable;
  }

  get resumedAt() {
    return this.resumeShown ? this.playing.resumedAt : 0;
  }

  get hasEpisodes() {
    return this.item?.type === 'episode' && Boolean(this.item.parentId);
  }

  get groups() {
    const { versions, source, info, file, streams } = this.playing;
    return choices({ info, file, versions, version: source?.version ?? 0, wish: streams.wish, rate: this.stage.rate, caption: this.caption }, {
      audio: (track) => this.playing.choose({ audioTrack: track }),
      subtitle: (track) => this.subtitle(track),
      quality: (one) => this.quality(one),
      version: (index) => this.playing.useVersion(index),
      rate: (rate) => this.stage.setRate(rate),
    });
  }

  get caption() {
    return this.playing.caption;
  }

  subtitle(track) {
    const { info } = this.playing;
    const isText = track === null || info.subtitleTracks.find((one) => one.track === track)?.text;
    this.playing.choose({ subtitleTrack: track ?? 'none' }, { isSame: isText && info.subtitle?.action !== 'burn' });
  }

  quality(one) {
    this.playing.choose({ maxHeight: one?.height ?? null, maxBitrate: one?.bitrate ?? null });
  }

  /** Subtitles over the picture, of the file that plays now. */
  showCaption() {
    const { info, file } = this.playing;
    const track = info?.subtitle?.action === 'burn' ? null : info?.subtitleTracks?.find((one) => one.track === this.caption);
    const address = track?.text && file && this.stage.feed ? `/api/media/${file.id}/subtitle/${track.track}` : null;
    this.captions.show(this.stage.video, address, track?.language);
  }

  // what happens

  changed() {
    const { stage } = this;
    mediaKeys.at({ time: stage.time, duration: stage.duration, isPlaying: stage.isPlaying, rate: stage.video.playbackRate });
    this.keepAwake(stage.isPlaying);
    if (this.asleep && this.playing.trouble) this.wake();
    if (stage.isPlaying && this.playing.resumedAt > 0 && !this.resumeTimer) {
      this.resumeShown = true;
      this.resumeTimer = setTimeout(() => (this.resumeShown = false), RESUME_SHOWN_MS);
    }
    this.showCaption();
    clearTimeout(this.slowTimer);
    if (stage.isWaiting) this.slowTimer = setTimeout(() => this.requestUpdate(), SLOW_MS + 100);
    this.requestUpdate();
  }

  opened() {
    const { title, second } = namesOf(this.item);
    const whose = this.item.grandparentId ?? this.item.id;
    if (this.captionsOf !== whose) this.captions.setShift(0); // of one show all may be late alike
    this.captionsOf = whose;
    this.title = nameOf(this.item);
    this.stage.showCover(this.item.type === 'track' ? artUrl(this.item, { width: 960 }) : null);
    const step = (ms) => () => this.jump(ms);
    mediaKeys.show({
      title: second || title,
      artist: second ? title : '',
      artwork: artUrl(this.item, { width: 480 }),
      actions: {
        play: () => this.stage.play(), pause: () => this.stage.pause(), stop: () => this.leave(), seekbackward: step(-STEP_MS), seekforward: step(STEP_MS),
        seekto: ({ seekTime }) => this.stage.seek(seekTime * 1000), previoustrack: this.item.previous ? () => this.playPrevious() : null, nexttrack: this.item.next ? () => this.playNext() : null,
      },
    });
    clearTimeout(this.resumeTimer);
    Object.assign(this, { resumeTimer: 0, resumeShown: false, panel: null });
    this.wake();
  }

  finished() {
    if (this.item?.next && !this.playing.isNotTonight) this.playNext();
    else this.leave({ isEnd: true });
  }

  async keepAwake(is) {
    if (is === Boolean(this.lock)) return;
    const lock = this.lock;
    this.lock = is ? wakeLock() : null;
    (await lock)?.();
  }

  wake() {
    this.asleep = false;
    clearTimeout(this.sleepTimer);
    this.sleepTimer = setTimeout(() => this.sleep(), SLEEPS_MS);
  }

  sleep() {
    const isBusy = !this.stage.isPlaying || this.panel || this.playing.shownTrouble || this.scrub !== null;
    if (!isBusy) this.asleep = true;
    else if (this.isConnected) this.wake();
  }

  flash(text, side = '') {
    clearTimeout(this.flashTimer);
    this.flashed = { text, side, at: performance.now() };
    this.flashTimer = setTimeout(() => (this.flashed = null), 900);
  }

  // what is drawn

  render() {
    const trouble = this.playing.shownTrouble;
    return html`<div class="stage">${this.stage.box}${this.captions.box}</div>
      ${this.middle(trouble)}
      <p class="visually-hidden" role="status">${this.flashed?.text ?? ''}</p>
      ${this.flashed ? html`<div class="flash ${this.flashed.side}" aria-hidden="true">${this.flashed.text}</div>` : nothing}
      ${topBar(this)}${trouble || !this.item ? nothing : html`${aboveBar(this)}${bottomBar(this)}${this.drawPanel()}`}`;
  }

  middle(trouble) {
    if (trouble) return html`<div class="middle stopped">${this.drawTrouble(trouble)}</div>`;
    if (this.stage.isBlocked) return html`<div class="middle"><button class="big" type="button" aria-label=${say.play} @click=${() => this.stage.play()}><hm-icon name="play" size="32"></hm-icon></button></div>`;
    if (this.stage.isWaiting || !this.item) return html`<div class="middle"><div class="waiting" role="status" aria-label=${say.loading}><hm-spinner size="40"></hm-spinner>${this.preparing() ?? this.slow()}</div></div>`;
    return nothing;
  }

  /** A stream has to be made before it can be shown: what is done meanwhile, and why. */
  preparing() {
    const { feed, hasStarted } = this.stage;
    if (feed?.kind !== 'hls' || hasStarted || this.isSlow) return null;
    return html`<p class="preparing">${say.preparing}</p><p class="quiet">${verdictOf(feed.info, this.playing.file).text}</p>`;
  }

  get isSlow() {
    const { isWaiting, waitsSince } = this.stage;
    return isWaiting && performance.now() - waitsSince > SLOW_MS;
  }

  /** Long waits: what may be the cause, and a way that asks for less. */
  slow() {
    if (!this.isSlow || !this.item) return nothing;
    const { info, lower } = this.playing;
    return html`<p class="quiet">${info?.method === 'transcode' ? say.slowMaking : say.slowLine}</p>${lower ? html`<hm-button on-picture @click=${() => this.quality(lower)}>${say.goOnAt(lower.height)}</hm-button>` : nothing}`;
  }

  drawTrouble(trouble) {
    const { playing } = this;
    const version = playing.source?.version ?? -1;
    const others = playing.versions.map((parts, index) => ({ name: versionName(parts), use: () => playing.useVersion(index) })).filter((_, index) => index !== version);
    return drawTrouble(trouble, {
      file: playing.file, others, tryAnyway: () => playing.tryAnyway(), retry: () => (this.item ? playing.retry() : this.reopen()), skip: () => playing.skipDamage(STEP_MS), leave: () => this.leave(),
    });
  }

  reopen() {
    this.opens = null;
    this.requestUpdate();
  }

  /** Panels behind the choices. */
  get further() {
    const { info } = this.playing;
    const list = [];
    if (info?.subtitleTracks?.some((one) => one.text)) list.push({ name: 'look', side: 1, icon: 'settings', label: say.captionLook });
    if (this.pieces.length > 1) list.push({ name: 'chapters', side: this.groups.some((group) => group.side === 0) ? 0 : 1, icon: 'chapters', label: say.chapters });
    if (this.stage.parts.length) list.push({ name: 'elsewhere', side: 1, icon: 'cast', label: say.elsewhere });
    if (info) list.push({ name: 'why', side: this.groups.some((group) => group.side === 0) ? 0 : 1, icon: 'info', label: say.how });
    return list;
  }

  /** What would play as it is. */
  get ways() {
    const { versions, source, streams } = this.playing;
    const index = versions.findIndex((parts, i) => i !== source?.version && parts.every((file) => file.available !== false && playsHere(file)));
    return { version: index < 0 ? null : { index, name: versionName(versions[index]) }, asItIs: Boolean(streams.wish.maxHeight) };
  }

  drawPanel() {
    if (this.panel === 'tracks') return html`<player-tracks class="tracks" .groups=${this.groups} .more=${this.further}></player-tracks>`;
    if (this.panel === 'look') return html`<player-caption-look class="tracks" .captions=${this.captions}></player-caption-look>`;
    if (this.panel === 'why' && this.playing.info) return html`<player-why class="tracks" .info=${this.playing.info} .file=${this.playing.file} .caption=${this.caption} .ways=${this.ways} .health=${this.stage.health}></player-why>`;
    if (this.panel === 'elsewhere') return html`<player-elsewhere class="tracks" .parts=${this.stage.parts.slice(this.stage.index)} heading=${nameOf(this.item)} at=${this.stage.place?.offset ?? 0}></player-elsewhere>`;
    if (this.panel === 'chapters' && this.pieces.length > 1) return html`<player-chapters class="tracks" .pieces=${this.pieces} .time=${this.stage.time}></player-chapters>`;
    if (this.panel === 'episodes') return html`<player-episodes class="episodes" .item=${this.item}></player-episodes>`;
    if (this.panel !== 'help') return nothing;
    const has = { chapters: this.pieces.length > 1, episodes: this.hasEpisodes, intro: this.item?.markers?.some((marker) => marker.type !== 'credits'), tracks: this.groups.length > 0, subtitles: this.playing.info?.subtitleTracks?.length > 0, texts: this.captions.address !== null, why: Boolean(this.playing.info), full: full.can(this, this.stage.video), small: small.can(this.stage.video) };
    return keyHelp((needs) => !needs || has[needs], () => this.closePanel());
  }
}
customElements.define('player-page', PlayerPage);
