import { css, html, nothing } from '../vendor/lit.js';
import { router } from '../router.js';
import { onKey } from '../ui/controllers.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toast.js';
import { decline, isOffered, keepBest } from './catching-up.js';
import './clip-actions.js';
import './clip-list.js';
import './clip-view.js';
import { named } from './clip-view.js';
import './deck.js';
import { heart, share } from './deeds.js';
import { say } from './en.js';
import './end-cards.js';
import { frameShown, swiped } from './marks.js';
import { keepAutoScroll, Panels } from './panels.js';
import { sound } from './sound.js';
import { clips } from './store.js';
import { feedStyles } from './styles.js';
import { Watching } from './watching.js';

const FILTERS = { '/feed': 'unwatched', '/feed/favorites': 'favorites', '/feed/watched': 'watched', '/feed/mine': 'uploads' };
const AHEAD = 5; // so many before the end the next page is asked for
const PATIENCE_MS = 1500; // a clip that does not begin keeps its neighbours waiting no longer
const DWELL_MS = 400; // who goes on faster is not asked about: no address, no talk

/** The feed: one clip after another. */
class FeedPage extends Page {
  static properties = { ...Page.properties, isWide: { state: true }, isPhone: { state: true }, isRoomy: { state: true }, isReady: { state: true }, shown: { state: true }, direct: { state: true }, isOffer: { state: true }, isHidden: { state: true }, dwelt: { state: true }, said: { state: true } };

  static styles = [Page.styles, feedStyles];

  any = this.query(() => (this.list?.isEmpty && this.filter === 'unwatched' ? '/api/clips?limit=1' : null));

  constructor() {
    super();
    this.filter = FILTERS[router.current.path] ?? 'unwatched';
    this.list = clips.list(this.filter);
    this.direct = null;
    this.shown = null;
    this.isOffer = false;
    this.panels = new Panels(this);
    this.watching = new Watching();
    this.desktop = matchMedia('(min-width: 1100px) and (min-height: 480.02px)');
    this.low = matchMedia('(max-width: 719.98px), (max-height: 480px)');
    this.roomy = matchMedia('(min-width: 1280px)');
    this.fitted = () => this.fit();
    this.hid = () => (this.isHidden = document.hidden);
    const keys = { ArrowDown: () => this.step(1), PageDown: () => this.step(1), PageUp: () => this.step(-1), j: () => this.step(1), ArrowUp: () => this.step(-1), k: () => this.step(-1), Home: () => this.deck?.to(0), End: () => this.deck?.to(this.slides.length - 1), ' ': (event) => this.stopped(event) };
    onKey(this, { ...keys, m: () => sound.toggle(), l: () => this.clip && heart(this.clip), c: () => this.open('comments'), r: () => this.open('reactions'), s: () => this.clip && share(this.clip), f: () => this.full() });
  }

  connectedCallback() {
    super.connectedCallback();
    this.isHidden = document.hidden;
    this.offStore = clips.subscribe((change) => this.heard(change));
    this.offSound = sound.subscribe(() => this.requestUpdate());
    for (const list of [this.desktop, this.low, this.roomy]) list.addEventListener('change', this.fitted);
    document.addEventListener('visibilitychange', this.hid);
    this.watching.connect();
    this.fit();
    this.begin();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const off of [this.offStore, this.offSound]) off();
    for (const list of [this.desktop, this.low, this.roomy]) list.removeEventListener('change', this.fitted);
    document.removeEventListener('visibilitychange', this.hid);
    clearTimeout(this.patience);
    clearTimeout(this.dwelling);
    this.watching.disconnect();
    this.cover(false);
  }

  /** A phone held across is one too. */
  fit() {
    this.isWide = this.desktop.matches;
    this.isPhone = this.low.matches;
    this.isRoomy = this.roomy.matches;
    this.cover();
  }

  /** On phones the clip lies under what the frame draws. */
  cover(over = this.isPhone) {
    window.dispatchEvent(new CustomEvent('hm-header', { detail: { over } }));
  }

  async begin() {
    const me = await clips.readMe();
    if (!this.isConnected) return;
    sound.begin(me?.user?.mutedByDefault);
    swiped();
    if (this.list.isStarted && this.filter !== 'unwatched') this.list.refresh();
    else if (this.list.isStarted) this.startAnew();
    else this.list.start();
    await this.ask(this.search.clip);
  }

  /** Back after a while: what was watched meanwhile is behind one. */
  startAnew() {
    this.list.drop(this.list.ids.filter((id) => clips.get(id)?.watched && id !== this.search.clip));
    if (!this.list.ids.length || this.list.error) this.list.refresh();
    else clips.again();
  }

  /** The clip of the address, wherever it is. */
  async ask(id) {
    if (!id || id === this.shown) return;
    await this.list.start();
    if (!this.list.ids.includes(id)) {
      const clip = await clips.load(id).catch(() => undefined);
      if (!clip) {
        if (clip === null) toast(say.gone);
        this.setSearch({ clip: null });
        return;
      }
      this.direct = id;
    }
    this.wanted = id;
    this.requestUpdate();
  }

  willUpdate(changed) {
    if (changed.has('search') && changed.get('search') && this.search.clip !== changed.get('search').clip) this.ask(this.search.clip);
    if (this.filter === 'unwatched' && !this.offerAsked && clips.unwatched !== null) {
      this.offerAsked = true;
      this.isOffer = isOffered(clips.unwatched) && !this.search.clip;
    }
    this.slides = this.laid();
  }

  updated() {
    this.panels.follow(this.search);
    if (!this.wanted || !this.deck) return;
    const at = this.slides.findIndex((slide) => slide.id === this.wanted);
    if (at < 0) return;
    this.wanted = null;
    this.deck.updateComplete.then(() => this.deck?.to(at, { smooth: false }));
  }

  get deck() {
    return this.renderRoot.querySelector('hm-clip-deck');
  }

  get view() {
    return this.deck?.renderRoot.querySelector('.slide:not([inert]) hm-clip-view') ?? null;
  }

  /** The button at which the signs open. */
  get heart() {
    const deeds = this.isWide ? this.renderRoot.querySelector('hm-clip-actions') : this.view?.renderRoot.querySelector('hm-clip-actions');
    return deeds?.renderRoot.querySelector('.reactions') ?? null;
  }

  /** The clip one looks at, as it is by now. */
  get clip() {
    return this.shown ? (clips.get(this.shown) ?? null) : null;
  }

  laid() {
    const { list } = this;
    const of = (clip) => ({ id: clip.id, kind: 'clip', clip, label: named(clip) });
    const direct = this.direct && !list.ids.includes(this.direct) ? clips.get(this.direct) : null;
    const own = list.clips.filter((clip) => clip.status !== 'deleted').map(of);
    const first = [...(this.isOffer ? [{ id: 'offer', kind: 'offer', label: say.offer(clips.unwatched ?? 0) }] : []), ...(direct ? [of(direct)] : [])];
    if (!own.length && !first.length) return [];
    const last = list.hasMore ? { id: 'more', kind: 'more' } : { id: 'end', kind: 'end', label: this.filter === 'unwatched' ? say.caughtUp : say.endOf[this.filter] };
    return [...first, ...own, last];
  }

  heard({ what, id }) {
    if (what === 'removed' && id === this.direct) this.direct = null;
    this.requestUpdate();
  }

  /** Another one is looked at. */
  reached({ detail: { slide, index } }) {
    const clip = slide.kind === 'clip' ? slide.clip : null;
    swiped(clip);
    this.shown = clip?.id ?? null;
    this.isReady = !clip || clip.status !== 'ready';
    clearTimeout(this.patience);
    this.patience = setTimeout(() => (this.isReady = true), PATIENCE_MS);
    this.watching.begin(clip?.status === 'ready' ? clip : null);
    this.list.reached(slide.id);
    this.said = clip ? slide.label : (slide.label ?? '');
    if (slide.kind === 'more' || index >= this.slides.length - AHEAD) this.list.more();
    clearTimeout(this.dwelling);
    this.dwelling = setTimeout(() => this.dwell(), this.dwelt ? DWELL_MS : 0);
  }

  dwell() {
    this.dwelt = this.shown;
    if ((this.search.clip ?? null) !== this.shown) this.setSearch({ clip: this.shown });
  }

  framed({ detail: { clip } }) {
    if (clip.id !== this.shown) return;
    frameShown(clip);
    this.isReady = true;
  }

  played({ detail: { clip, passed, part } }) {
    if (clip.id === this.shown) this.watching.tick(passed, part);
  }

  ended({ detail: { clip } }) {
    if (clip.id === this.shown && this.goesOn) this.step(1);
  }

  /** What the member prefers; a panel that is open keeps the clip it talks of. */
  get goesOn() {
    return Boolean(clips.me?.user?.autoScroll) && !this.panels.isOpen;
  }

  step(by) {
    this.deck?.step(by);
  }

  stopped(event) {
    if (event.composedPath().some((node) => node instanceof Element && node.matches('button, a, [role="button"]'))) return false;
    this.view?.toggle();
    return true;
  }

  open(what, from) {
    if (what === 'full') this.full();
    else if (what === 'scroll') keepAutoScroll(!clips.me?.user?.autoScroll).then(() => this.requestUpdate());
    else this.panels.open(what, from);
  }

  full() {
    const it = this.renderRoot.querySelector('.stage');
    if (document.fullscreenElement) document.exitFullscreen();
    else it?.requestFullscreen?.().catch(() => {}); // refused: it stays in the page
  }

  async keepBest() {
    this.isBusy = true;
    this.requestUpdate();
    const done = await keepBest();
    this.isBusy = false;
    if (done) this.isOffer = false;
    this.requestUpdate();
  }

  keepAll() {
    decline();
    this.step(1);
  }

  slide = (slide, { active, near }) => {
    if (slide.kind === 'clip') return html`<hm-clip-view .clip=${slide.clip} ?near=${near} ?active=${active} ?rests=${this.isHidden} ?dwells=${slide.id === this.dwelt} ?wide=${this.isWide} ?loops=${!this.goesOn} ?auto-scroll=${Boolean(clips.me?.user?.autoScroll)}></hm-clip-view>`;
    if (slide.kind === 'offer') return html`<hm-feed-offer .waiting=${clips.unwatched ?? 0} ?busy=${this.isBusy} @hm-keep-best=${this.keepBest} @hm-keep-all=${this.keepAll}></hm-feed-offer>`;
    if (slide.kind === 'end') return html`<hm-feed-end filter=${this.filter} .passed=${this.passed.length} @hm-first=${() => this.deck.to(0)} @hm-passed=${() => this.deck.to(this.passed[0])}></hm-feed-end>`;
    return html`<div class="more">${this.list.error ? this.failed() : html`<hm-spinner size="24"></hm-spinner>`}</div>`;
  };

  /** Where those stand that were passed too quickly to count. */
  get passed() {
    if (this.filter !== 'unwatched') return [];
    return this.slides.flatMap((slide, i) => (slide.kind === 'clip' && slide.clip.status === 'ready' && !slide.clip.watched ? [i] : []));
  }

  failed() {
    return html`<hm-error heading=${say.loadFailed} text=${this.list.error.message} retry=${say.again} @hm-retry=${() => this.list.more()}></hm-error>`;
  }

  signs() {
    const { fresh } = this.list;
    const silent = sound.muted && this.clip?.status === 'ready' && !this.isWide;
    return html`<div class="signs">
      ${fresh.length ? html`<button type="button" class="sign chip" @click=${() => this.deck.to(this.slides.findIndex((slide) => slide.id === fresh[0]))}><hm-icon name="arrow-down" size="16"></hm-icon>${say.newOnes(fresh.length)}</button>` : nothing}
      ${silent || (sound.isRefused && sound.muted) ? html`<button type="button" class="sign" @click=${() => sound.set(false)}><hm-icon name="volume-off" size="20"></hm-icon>${say.tapForSound}</button>` : nothing}</div>`;
  }

  theatre() {
    const { clip, isWide } = this;
    const talked = this.dwelt ? clips.get(this.dwelt) : null;
    const heading = this.filter === 'unwatched' ? say.unseen(clips.unwatched ?? 0) : say.tabs[this.filter];
    return html`<div class="theatre ${clip ? '' : 'no-clip'}">
      ${isWide ? html`<hm-clip-list class="list" .clips=${this.slides.filter((slide) => slide.clip).map((slide) => slide.clip)} current=${this.shown ?? ''} heading=${heading} ?dims=${this.filter === 'unwatched'} @hm-choose=${({ detail: { id } }) => this.deck.to(this.slides.findIndex((slide) => slide.id === id))}></hm-clip-list>` : nothing}
      <div class="stage" @hm-clip-time=${this.played} @hm-clip-ended=${this.ended} @hm-clip-frame=${this.framed}>
        <hm-clip-deck label=${say.feed} .slides=${this.slides} .renderSlide=${this.slide} ?ready=${this.isReady} ?busy=${this.list.hasMore} @hm-deck=${this.reached}></hm-clip-deck>${this.signs()}</div>
      ${isWide ? html`<hm-clip-actions class="beside" .clip=${clip} has-talk ?auto-scroll=${Boolean(clips.me?.user?.autoScroll)}></hm-clip-actions><div class="talk">${talked && clip ? html`<hm-clip-comments .clip=${talked}></hm-clip-comments>` : nothing}</div>` : nothing}</div>`;
  }

  nothingHere() {
    if (this.filter !== 'unwatched') {
      const [icon, heading, text] = say.empty[this.filter];
      return html`<div class="said"><hm-empty icon=${icon} heading=${heading} text=${text}><hm-button slot="action" kind="plain" href="/feed">${say.toFeed}</hm-button></hm-empty></div>`;
    }
    return this.any.render({
      loading: () => this.bones(),
      data: ({ clips: some }) => html`<div class="said">${some.length ? html`<hm-feed-end class="plain" filter="unwatched" alone></hm-feed-end>` : html`<hm-feed-empty @hm-add=${() => this.open('add')}></hm-feed-empty>`}</div>`,
    });
  }

  bones() {
    return html`<div class="theatre bones" role="status" aria-label=${say.feed}><div class="stage"><span class="bone round"></span><span class="bone line"></span><span class="bone short"></span></div></div>`;
  }

  main() {
    if (this.slides.length) return this.theatre();
    if (this.list.error) return html`<div class="said">${this.failed()}</div>`;
    return this.list.isEmpty ? this.nothingHere() : this.bones();
  }

  head() {
    const tabs = Object.entries(FILTERS).map(([href, id]) => ({ id, href, label: (this.isPhone && say.tabsShort[id]) || say.tabs[id] }));
    const add = () => this.open('add');
    if (!this.isPhone) return html`<hm-page-header heading=${say.feed}><hm-tabs label=${say.lists} .tabs=${tabs} value=${this.filter}></hm-tabs>${this.isRoomy ? html`<hm-button slot="end" kind="plain" icon="plus" @click=${add}>${say.add}</hm-button>` : html`<hm-icon-button slot="end" square icon="plus" label=${say.add} @click=${add}></hm-icon-button>`}</hm-page-header>`;
    return html`<div class="over ${this.slides.length ? '' : 'paper'}"><h1 class="visually-hidden" tabindex="-1">${say.feed}</h1><nav aria-label=${say.lists}>${tabs.map((tab) => html`<a href=${tab.href} aria-current=${tab.id === this.filter ? 'page' : nothing}>${tab.label}</a>`)}</nav>
      <hm-icon-button ?on-picture=${this.slides.length > 0} icon="plus" icon-size="24" label=${say.add} @click=${add}></hm-icon-button></div>`;
  }

  render() {
    this.title = say.feed;
    return html`${this.head()}<div class="main" @hm-clip-open=${({ detail: { what, from } }) => this.open(what, from)}>${this.main()}</div>
      <p class="visually-hidden" aria-live="polite">${this.said ?? ''}</p>${this.panels.render()}`;
  }
}
customElements.define('feed-page', FeedPage);
