import { css, html, nothing } from '../vendor/lit.js';
import { ago, clock, join, listed, size } from '../format.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { vars } from '../ui/vars.js';
import './clip-actions.js';
import { hasHeart, heart, hearts, retry } from './deeds.js';
import { say } from './en.js';
import { Faces } from './faces.js';
import './hearted.js';
import './scrub-line.js';
import { labelOf } from './sites.js';
import { sound } from './sound.js';
import './stage.js';
import { clips, seconds } from './store.js';
import { Taps } from './touch.js';

/** One clip with its words over it. `near` and `active` as of the stage; `wide`: what is done with it stands beside, and its talk; `rests`: nobody looks; `dwells`: one stays with it. */
class ClipView extends Widget {
  static properties = { clip: { attribute: false }, near: { type: Boolean }, active: { type: Boolean }, wide: { type: Boolean, reflect: true }, loops: { type: Boolean }, autoScroll: { type: Boolean, attribute: 'auto-scroll' }, rests: { type: Boolean }, dwells: { type: Boolean }, paused: { state: true }, held: { type: Boolean, reflect: true }, isWhole: { state: true }, burst: { state: true }, time: { state: true } };

  static styles = [shared, css`
    :host { display: block; position: relative; height: 100%; overflow: hidden; background: #000; color: #fff; user-select: none; -webkit-user-select: none; -webkit-touch-callout: none; }
    .touch { position: absolute; inset: 0; touch-action: pan-y; cursor: default; }
    .shade { position: absolute; inset: auto 0 0; height: min(56%, 420px); pointer-events: none; background: linear-gradient(transparent, rgb(0 0 0 / .28) 40%, rgb(0 0 0 / .72)); }
    .top { inset: 0 0 auto; height: 132px; background: linear-gradient(rgb(0 0 0 / .5), transparent); } :host([wide]) .top { display: none; }
    .lay { transition: opacity var(--fast) ease-out; } :host([held]) .lay { opacity: 0; pointer-events: none; }
    .words { position: absolute; left: 16px; right: 84px; bottom: 24px; pointer-events: none; } .words > * { pointer-events: auto; }
    .who { display: flex; align-items: center; gap: 12px; min-width: 0; } .who div { min-width: 0; } .who .name { font-weight: 600; } .who .second { color: rgb(255 255 255 / .8); }
    .said { margin-top: 12px; font: var(--font-prose); overflow-wrap: anywhere; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; text-shadow: 0 1px 2px rgb(0 0 0 / .35); white-space: pre-line; cursor: default; }
    .said.whole { -webkit-line-clamp: none; display: block; max-height: 40vh; overflow-y: auto; overscroll-behavior: contain; }
    .song { margin-top: 12px; } .song b { font: var(--font-20); } .links { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 12px; }
    .links a { display: flex; align-items: center; gap: 6px; height: 32px; padding: 0 12px; border-radius: var(--round); background: var(--on-picture-plain); font: var(--font-12); font-weight: 500; --icon: 16px; }
    .hearted { margin-top: 12px; }
    .actions { position: absolute; right: 8px; bottom: 28px; }
    .edge { position: absolute; left: 0; right: 0; bottom: 0; }
    .foot { display: flex; align-items: center; gap: 12px; margin-top: 16px; font: var(--font-14); font-variant-numeric: tabular-nums; } .foot hm-scrub-line { flex: 1 1 0; } .foot hm-icon-button { --on-picture-plain: transparent; margin: -8px -10px -8px -6px; }
    :host([wide]) .words { left: 20px; right: 20px; bottom: 18px; }
    .sign { position: absolute; inset: 0; display: grid; place-items: center; pointer-events: none; } .sign span { display: grid; place-items: center; width: 72px; height: 72px; border-radius: 50%; background: rgb(0 0 0 / .42); --icon: 36px; animation: appear var(--fast) ease-out; }
    @keyframes appear { from { opacity: 0; transform: scale(1.15); } }
    .burst { position: absolute; left: var(--x); top: var(--y); width: 96px; height: 96px; margin: -64px 0 0 -48px; color: var(--on-picture-accent); --icon: 96px; pointer-events: none; animation: burst 700ms ease-out both; }
    @keyframes burst { 0% { opacity: 0; transform: scale(.5); } 22% { opacity: 1; transform: scale(1.1); } 40% { transform: none; } 70% { opacity: 1; } 100% { opacity: 0; transform: translateY(-24px); } }
    .state { position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: 12px; padding: 24px 84px 120px; text-align: center; background: rgb(0 0 0 / .55); } .state p { max-width: 300px; text-wrap: pretty; } .state hm-progress { width: min(220px, 60vw); } :host([wide]) .state { padding-inline: 24px; }
    @media (min-width: 720px) { .words { left: 20px; } }
    @media (max-height: 480px) { .said { -webkit-line-clamp: 1; } .hearted { display: none; } }
  `];

  faces = new Faces(this);

  constructor() {
    super();
    this.paused = false;
    this.isWhole = false;
    this.burst = null;
    this.time = 0;
    this.taps = new Taps({ tap: () => this.toggle(), twice: (x, y) => this.love(x, y), hold: (is) => this.hold(is) });
  }

  connectedCallback() {
    super.connectedCallback();
    this.offSound = sound.subscribe(() => this.requestUpdate());
    this.offStore = clips.subscribe(({ what, id }) => what === 'progress' && id === this.clip.id && this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.offSound();
    this.offStore();
    this.taps.end();
    cancelAnimationFrame(this.frame);
  }

  get stage() {
    return this.renderRoot?.querySelector('hm-clip-stage');
  }

  willUpdate(changed) {
    if (changed.has('active') && !this.active) {
      this.paused = false;
      this.held = false;
      this.isWhole = false;
      this.taps.end();
    }
  }

  updated(changed) {
    if (!changed.has('active')) return;
    cancelAnimationFrame(this.frame);
    if (this.active) this.run();
    else this.line?.show(0);
  }

  get line() {
    return this.renderRoot?.querySelector('hm-scrub-line');
  }

  /** While it is the one that plays: the line goes along, and whoever counts what was watched is told. */
  run() {
    let before = performance.now();
    const step = (now) => {
      const { stage } = this;
      if (stage) {
        const { position, duration } = stage;
        const part = duration ? Math.min(1, position / duration) : 0;
        if (stage.isPlaying) this.emit('hm-clip-time', { clip: this.clip, passed: now - before, part });
        this.line?.show(part);
        if (this.wide && Math.floor(position) !== this.time) this.time = Math.floor(position);
      }
      before = now;
      this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  toggle() {
    if (this.clip.status === 'ready') this.paused = !this.paused;
  }

  hold(is) {
    if (this.clip.status === 'ready') this.held = is;
  }

  /** Two taps only ever give; who wants it back presses the heart. */
  love(x, y) {
    const { left, top } = this.getBoundingClientRect();
    this.burst = { x: x - left, y: y - top, at: performance.now() };
    if (!hasHeart(this.clip)) heart(this.clip);
  }

  scrubbed({ detail: { at, held } }) {
    const { stage } = this;
    if (!stage) return;
    stage.seek(at * stage.duration);
    this.scrubbing = held;
    this.requestUpdate();
  }

  heard({ detail: { what } }) {
    if (what === 'ended') this.emit('hm-clip-ended', { clip: this.clip });
    if (what === 'frame') this.emit('hm-clip-frame', { clip: this.clip });
    if (what === 'refused') this.paused = true;
    if (what === 'state') this.requestUpdate();
  }

  who() {
    const { clip } = this;
    const face = this.faces.of(clip.addedBy, clip.addedByUsername, clip.addedByAvatar);
    const from = join(ago(seconds(clip.createdAt)), clip.creatorName ? say.by(clip.creatorName, labelOf(clip.platform)) : labelOf(clip.platform));
    return html`<div class="who"><hm-avatar name=${face.name} size="40" src=${face.src ?? nothing} aria-hidden="true"></hm-avatar><div><p class="name one-line">${face.name}</p><p class="second one-line">${from}</p></div></div>`;
  }

  caption() {
    const { clip } = this;
    if (clip.contentType === 'music') {
      const links = [[clip.spotifyUrl, labelOf('spotify')], [clip.appleMusicUrl, labelOf('apple_music')], [clip.youtubeMusicUrl, labelOf('youtube_music')]].filter(([href]) => href);
      return html`<div class="song"><b>${clip.title ?? say.aSong}</b>${clip.artist ? html`<p class="second">${clip.artist}</p>` : nothing}
        ${links.length ? html`<div class="links">${links.map(([href, label]) => html`<a href=${href} target="_blank" rel="noopener noreferrer"><hm-icon name="external"></hm-icon>${label}</a>`)}</div>` : nothing}</div>`;
    }
    if (!clip.title || clip.status === 'failed') return nothing;
    return html`<p class="said ${this.isWhole ? 'whole' : ''}" @click=${() => (this.isWhole = !this.isWhole)}>${clip.title}</p>`;
  }

  /** What stands in the way of playing. */
  state() {
    const { clip } = this;
    if (clip.status === 'downloading') {
      const going = clips.progress(clip.id);
      const bytes = going?.bytesDone ? (going.bytesTotal ? say.sizeOf(size(going.bytesDone), size(going.bytesTotal)) : size(going.bytesDone)) : null;
      return html`<div class="state" role="status"><p class="t16">${say.stage(going?.stage)}</p><hm-progress on-picture label=${say.stage(going?.stage)} .value=${going?.percent === null || going?.percent === undefined ? undefined : going.percent / 100}></hm-progress>
        <p class="tabular t12">${join(going?.percent === null || going?.percent === undefined ? null : `${going.percent} %`, bytes) || say.goOn}</p></div>`;
    }
    if (clip.status === 'failed') {
      return html`<div class="state" role="status"><hm-icon name="warning" size="24"></hm-icon><p class="t16">${say.failed}</p><p>${clip.failureReason ?? clip.title ?? say.failedText}</p>
        <hm-button on-picture icon="refresh" @click=${() => retry(clip)}>${say.again}</hm-button><a class="t12 link" href=${clip.originalUrl} target="_blank" rel="noopener noreferrer">${say.openOriginal}</a></div>`;
    }
    if (this.stage?.hasFailed) return html`<div class="state" role="status"><hm-icon name="warning" size="24"></hm-icon><p>${say.notPlayed}</p><hm-button on-picture icon="refresh" @click=${() => this.stage.again()}>${say.again}</hm-button></div>`;
    if (clip.status === 'deleted') return html`<div class="state"><hm-icon name="archive" size="24"></hm-icon><p>${say.expired}</p></div>`;
    return nothing;
  }

  lines() {
    const { clip } = this;
    if (clip.status !== 'ready') return nothing;
    const duration = this.stage?.duration || clip.durationSeconds || 0;
    if (!this.wide) return html`<hm-scrub-line class="edge" edge .duration=${duration} @hm-scrub=${this.scrubbed}></hm-scrub-line>`;
    return html`<div class="foot"><hm-scrub-line .duration=${duration} @hm-scrub=${this.scrubbed}></hm-scrub-line><span>${clock(this.time * 1000)} / ${clock(duration * 1000)}</span>
      <hm-icon-button on-picture icon=${sound.muted ? 'volume-off' : 'volume'} label=${sound.muted ? say.unmute : say.mute} @click=${() => sound.toggle()}></hm-icon-button></div>`;
  }

  render() {
    const { clip, wide, taps } = this;
    const rests = this.rests || this.paused || this.held || Boolean(this.scrubbing);
    const names = this.dwells && hearts(clip) && !wide;
    return html`<hm-clip-stage .clip=${clip} ?near=${this.near} ?active=${this.active} ?loops=${this.loops} ?paused=${rests} @hm-stage=${this.heard}></hm-clip-stage>
      <div class="shade top lay"></div><div class="shade lay"></div>
      <div class="touch" @pointerdown=${(event) => taps.down(event)} @pointermove=${(event) => taps.move(event)} @pointerup=${(event) => taps.up(event)} @pointercancel=${() => taps.cancel()} @contextmenu=${(event) => event.preventDefault()}></div>
      ${this.state()}
      ${this.paused && !this.held ? html`<div class="sign"><span><hm-icon name="play"></hm-icon></span></div>` : nothing}
      ${this.burst ? html`<hm-icon class="burst" name="heart-filled" ${vars({ '--x': `${this.burst.x}px`, '--y': `${this.burst.y}px` })} @animationend=${() => (this.burst = null)}></hm-icon>` : nothing}
      <div class="words lay">${this.who()}${this.caption()}${names ? html`<hm-clip-hearted class="hearted" .clip=${clip}></hm-clip-hearted>` : nothing}${wide ? this.lines() : nothing}</div>
      ${wide ? nothing : html`<hm-clip-actions class="actions lay" .clip=${clip} on-picture ?auto-scroll=${this.autoScroll}></hm-clip-actions>${this.lines()}`}`;
  }
}
customElements.define('hm-clip-view', ClipView);

/** How a reader hears it. */
export const named = (clip) => join(say.clipOf(clip.addedByUsername), ago(seconds(clip.createdAt)), listed([clip.title ?? (clip.contentType === 'music' ? say.aSong : say.aClip)]));
