import { css, html, nothing } from '../vendor/lit.js';
import { ApiError } from '../api.js';
import { count, counted, date, duration, join } from '../format.js';
import { say as product } from '../en.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toast.js';
import { Door, PAGE } from './door.js';
import { say } from './en.js';
import { showFilm } from './link-film.js';
import './link-tile.js';
import './link-viewer.js';

// What plays has much of it beforehand, so it is asked for more often than a page that stands still.
const LOOK_MS = 20_000;
const LOOK_PLAYING_MS = 3_000;
const TAKEN = 'image/*,video/*';

/** What lies behind a link, for whoever holds it. */
class LinkPage extends Page {
  static properties = { ...Page.properties, link: { state: true }, problem: { state: true }, busy: { state: true }, wrong: { state: true }, bringing: { state: true }, version: { state: true } };

  static styles = [Page.styles, css`
    :host { display: block; min-height: 100dvh; --margin: 40px; --margin-end: 40px; --top: 0px; }
    .mark { display: flex; align-items: center; gap: 12px; height: 72px; padding: 0 40px; font: var(--font-16); font-weight: 600; }
    .page { padding: 8px 40px 56px; }
    .head { display: flex; flex-wrap: wrap; align-items: flex-end; gap: 16px 24px; margin-bottom: 24px; }
    .head .words { flex: 1 1 320px; min-width: 0; } h1 { text-wrap: balance; overflow-wrap: anywhere; }
    .head .second { margin-top: 6px; } .note { margin-top: 12px; max-width: 68ch; white-space: pre-line; overflow-wrap: anywhere; }
    .ways { display: flex; flex-wrap: wrap; gap: 12px; }
    .column { width: min(420px, 100% - 48px); margin: clamp(24px, 10vh, 96px) auto 56px; }
    .column p { margin-top: 8px; color: var(--text2); text-wrap: pretty; }
    .column form { display: flex; flex-direction: column; gap: 20px; margin-top: 28px; } .column .ways { margin-top: 24px; }
    .sign { display: grid; place-items: center; width: 56px; height: 56px; margin-bottom: 20px; border-radius: 50%; background: var(--hover); color: var(--text2); }
    .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 24px 20px; }
    .card { display: block; border-radius: 6px; } .card p { margin-top: 8px; font: var(--font-14); font-weight: 500; } .card .second { margin-top: 2px; font: var(--font-12); font-weight: 400; }
    .alone { max-width: 1200px; } .screen { position: relative; aspect-ratio: 16 / 9; max-height: calc(100dvh - 260px); background: #000; border-radius: 12px; overflow: hidden; }
    .link-film { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; background: #000; }
    .link-note { position: absolute; inset: auto 16px 88px; padding: 12px 16px; border-radius: 6px; max-width: 420px; margin: 0 auto; text-align: center; font: var(--font-14); color: #fff; background: rgb(0 0 0 / .7); } .link-note[hidden] { display: none; }
    .songs li { display: flex; align-items: center; gap: 16px; padding: 8px 0; } .songs .words { flex: 1 1 0; min-width: 0; } audio { width: min(360px, 46vw); height: 40px; }
    input[type="file"] { display: none; }
    @media (max-width: 719.98px) {
      :host { --margin: 16px; --margin-end: 16px; } .mark { height: 56px; padding: 0 16px; } .page { padding: 0 16px 40px; } .gallery { margin: 0 -16px; }
      .cards { grid-template-columns: 1fr 1fr; gap: 16px 12px; } .screen { margin: 0 -16px; border-radius: 0; } .head .ways { width: 100%; } .head .ways hm-button { flex: 1 1 140px; } .songs li { flex-wrap: wrap; } audio { width: 100%; }
    }
  `];

  constructor() {
    super();
    this.busy = false;
    this.version = 0;
    this.drawn = (item) => html`<link-tile .item=${item} href=${this.to({ item: item.id })}></link-tile>`;
    this.pages = new Map();
  }

  connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => this.look(), LOOK_PLAYING_MS);
    this.lookedAt = performance.now();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
    this.film?.end();
    this.hideViewer();
  }

  willUpdate(changed) {
    const isOther = changed.has('params') && changed.get('params')?.name !== this.params.name;
    const isDeeper = changed.has('search') && (changed.get('search')?.in ?? null) !== (this.search.in ?? null);
    if (isOther) this.door = new Door(this.params.name);
    if (isOther || (isDeeper && this.link)) this.read();
  }

  /** The address of this page with something of it open. */
  to({ item, inside }) {
    const search = new URLSearchParams();
    if (inside ?? this.search.in) search.set('in', inside ?? this.search.in);
    if (item) search.set('item', item);
    const text = search.toString();
    return text ? `${location.pathname}?${text}` : location.pathname;
  }

  async read(password) {
    const { door } = this;
    this.busy = true;
    this.wrong = '';
    try {
      const link = await door.read({ parent: this.search.in ?? null }, password);
      if (door !== this.door) return;
      this.pages = new Map([[0, link.items]]);
      this.version += 1;
      this.problem = null;
      this.link = link;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 'password_incorrect') this.wrong = say.wrong;
      else this.wrong = '';
      this.problem = error;
      this.link = null;
    } finally {
      this.busy = false;
    }
  }

  get plays() {
    return [this.renderRoot, this.viewer?.renderRoot].some((root) => root && [...root.querySelectorAll('video, audio')].some((one) => !one.paused));
  }

  /** Taken back while somebody looks: he is told, and does not wonder. */
  async look() {
    const plays = this.plays;
    if (!this.link || this.bringing || (!plays && (document.hidden || performance.now() - this.lookedAt < LOOK_MS))) return;
    this.lookedAt = performance.now();
    try {
      await this.door.look();
    } catch (error) {
      if (error.status !== 0) this.read();
    }
  }

  /** A part of the list by the number of its page. */
  async part(number) {
    if (!this.pages.has(number)) {
      const { items } = await this.door.read({ parent: this.search.in ?? null, offset: number * PAGE });
      this.pages.set(number, items);
    }
    return this.pages.get(number);
  }

  get things() {
    const { pages, link } = this;
    return {
      count: link.total,
      at: (index) => pages.get(Math.floor(index / PAGE))?.[index % PAGE],
      read: async (index) => (await this.part(Math.floor(index / PAGE)))[index % PAGE],
    };
  }

  get isGallery() {
    // A clip plays where it stands, as a film does.
    return this.link.target_type !== 'clip' && this.link.items.every((item) => !item.hls_url && (item.type === 'image' || item.type === 'video'));
  }

  async submit(event) {
    event.preventDefault();
    const password = String(new FormData(event.target).get('password') ?? '');
    if (!password) this.wrong = say.missing;
    else if (!this.busy) await this.read(password);
  }

  async bring(event) {
    const files = [...event.target.files];
    event.target.value = '';
    if (!files.length) return;
    let done = 0;
    const failed = [];
    for (const file of files) {
      this.bringing = { done: done + failed.length + 1, all: files.length };
      try {
        await this.door.bring(this.link.upload_url, file);
        done += 1;
      } catch (error) {
        failed.push(error);
      }
    }
    this.bringing = null;
    if (done) toast(say.added(done, count(done)));
    if (failed.length) toast(join(say.notAdded(failed.length, counted(failed.length, 'file', 'files')), failed[0].message), { kind: 'bad' });
    if (done) await this.read();
  }

  render() {
    this.title = this.link?.title ?? say.title;
    return html`<header class="mark"><hm-icon name="mark" size="24"></hm-icon>${product.product}</header>
      ${this.link ? this.opened() : this.problem ? html`<main class="column">${this.shut(this.problem)}</main>` : html`<main class="page"><hm-skeleton kind="text" count="2"></hm-skeleton></main>`}`;
  }

  // What it wants before it opens

  shut(problem) {
    const sentences = {
      share_not_found: ['link', say.goneHeading, say.goneText],
      share_expired: ['clock', say.overHeading, say.overText],
      link_locked: ['clock', say.lockedHeading, say.lockedText(soon(problem))],
      too_many_attempts: ['clock', say.lockedHeading, say.lockedText(soon(problem))],
      rate_limited: ['clock', say.lockedHeading, say.hurriedText(soon(problem))],
    };
    if (problem.code === 'password_required' || problem.code === 'password_incorrect') return this.asking();
    if (problem.code === 'authentication_required') return this.sign('lock', say.loginHeading, say.loginText, html`<hm-button kind="primary" size="large" href=${`/sign-in?next=${encodeURIComponent(location.pathname)}`}>${say.signIn}</hm-button>`);
    const [icon, heading, text] = sentences[problem.code] ?? ['warning', say.troubleHeading, problem.message];
    const isHopeless = problem.code === 'share_not_found' || problem.code === 'share_expired';
    return this.sign(icon, heading, text, isHopeless ? nothing : html`<hm-button size="large" icon="refresh" ?busy=${this.busy} @click=${() => this.read()}>${say.again}</hm-button>`);
  }

  sign(icon, heading, text, way) {
    return html`<div class="sign"><hm-icon name=${icon} size="24"></hm-icon></div><h1 class="t28" tabindex="-1">${heading}</h1><p>${text}</p>${way === nothing ? nothing : html`<div class="ways">${way}</div>`}`;
  }

  asking() {
    return html`<div class="sign"><hm-icon name="lock" size="24"></hm-icon></div><h1 class="t28" tabindex="-1">${say.passwordHeading}</h1><p>${say.passwordText}</p>
      <form novalidate @submit=${this.submit}><hm-field label=${say.password} name="password" type="password" autocomplete="off" required error=${this.wrong ?? ''}></hm-field>
        <hm-button kind="primary" size="large" type="submit" wide ?busy=${this.busy}>${say.open}</hm-button></form>`;
  }

  // What lies in it

  opened() {
    const { link } = this;
    const isOne = link.total === 1 && !this.isGallery && link.items[0].type === 'video' && !this.search.in;
    const how = isOne ? link.items[0].duration_ms && duration(link.items[0].duration_ms) : this.isGallery ? say.photosAndVideos(link.total, count(link.total)) : say.things(link.total, count(link.total));
    return html`<main class="page">
      <div class=${isOne ? 'head alone' : 'head'}><div class="words"><h1 class="t28" tabindex="-1">${link.title}</h1>
        <p class="second">${join(say.by(link.owner_name), how, link.expires_at && say.until(date(Date.parse(link.expires_at) / 1000)))}</p>${link.note ? html`<p class="note t14">${link.note}</p>` : nothing}</div>
        <div class="ways">${this.search.in ? html`<hm-button icon="arrow-left" href=${location.pathname}>${say.back}</hm-button>` : nothing}${this.ways(isOne)}</div></div>
      ${this.body(isOne)}</main>`;
  }

  ways(isOne) {
    const { link, bringing } = this;
    const home = isOne ? link.items[0].download_url : link.archive_url;
    return html`${link.upload_url ? html`<input type="file" multiple accept=${TAKEN} @change=${this.bring}><hm-button icon="plus" ?busy=${Boolean(bringing)} @click=${() => this.renderRoot.querySelector('input[type=file]').click()}>${bringing ? say.adding(bringing.done, bringing.all) : say.add}</hm-button>` : nothing}
      ${home && link.total ? html`<hm-button kind=${isOne ? 'plain' : 'primary'} icon="download" href=${home} download>${isOne || link.total === 1 ? say.download : say.downloadAll}</hm-button>` : nothing}`;
  }

  body(isOne) {
    const { link } = this;
    if (!link.total) return html`<hm-empty icon="photos" heading=${say.empty} text=${say.emptyText}></hm-empty>`;
    if (isOne) return html`<div class="alone"><div class="screen"></div>${link.items[0].metadata?.summary ? html`<p class="note prose">${link.items[0].metadata.summary}</p>` : nothing}</div>`;
    if (this.isGallery) {
      const groups = Array.from({ length: Math.ceil(link.total / PAGE) }, (_, i) => ({ id: String(i), count: Math.min(PAGE, link.total - i * PAGE) }));
      return html`<div class="gallery"><hm-justified-grid flow label=${link.title} .version=${this.version} .groups=${this.grouped(groups)} .group=${this.group} .renderItem=${this.drawn}></hm-justified-grid></div>`;
    }
    if (link.items.every((item) => item.type === 'audio')) return html`<ul class="rows songs">${link.items.map((item) => html`<li><div class="words"><p class="one-line">${item.title}</p><p class="second">${item.duration_ms ? duration(item.duration_ms) : nothing}</p></div><audio controls preload="none" src=${item.stream_url}></audio></li>`)}</ul>`;
    return html`<div class="cards">${link.items.map((item) => this.card(item))}</div>`;
  }

  /** The same list as long as nothing is different, so that the grid lies still. */
  grouped(groups) {
    if (this.groupsOf !== this.version) {
      this.groupsOf = this.version;
      this.kept = groups;
    }
    return this.kept;
  }

  group = (id) => this.part(Number(id));

  card(item) {
    const isHolding = item.item_count !== null || item.type === 'collection' || item.type === 'folder';
    const href = isHolding ? this.to({ inside: item.id }) : this.to({ item: item.id });
    const second = isHolding ? item.item_count && say.seasons(item.item_count, count(item.item_count)) : item.duration_ms && duration(item.duration_ms);
    return html`<a class="card" href=${href}><hm-art src=${item.thumbnail_url ? `${item.thumbnail_url}&size=medium` : nothing} ratio="16/9" radius="place"></hm-art><p class="one-line">${item.title}</p>${second ? html`<p class="second">${second}</p>` : nothing}</a>`;
  }

  /** Where what the address names lies; null for what is not here yet. */
  get at() {
    for (const [number, items] of this.pages) {
      const at = items.findIndex((item) => item.id === this.search.item);
      if (at >= 0) return number * PAGE + at;
    }
    return null;
  }

  /** It stands in the document itself: what it is made with looks there for what was touched. */
  showViewer() {
    const isWanted = Boolean(this.link && this.search.item);
    if (!isWanted || this.viewer) {
      if (!isWanted) this.hideViewer();
      return;
    }
    const { at } = this;
    if (at === null) {
      this.setSearch({ item: null }); // further down than what was read, or gone
      return;
    }
    this.viewer = Object.assign(document.createElement('link-viewer'), { things: this.things, at });
    this.viewer.addEventListener('link-shown', (event) => event.detail.id !== this.search.item && this.setSearch({ item: event.detail.id }));
    this.viewer.addEventListener('link-closed', () => this.setSearch({ item: null }));
    document.body.append(this.viewer);
  }

  hideViewer() {
    this.viewer?.remove();
    this.viewer = null;
  }

  updated() {
    this.showViewer();
    const screen = this.renderRoot.querySelector('.screen');
    if (!screen) {
      this.film?.end();
      this.film = null;
    } else if (!this.film) {
      this.film = showFilm(screen, this.link.items[0]);
      this.film.begin();
    }
  }
}

const soon = (problem) => say.inMinutes(Math.max(1, Math.ceil((problem.retryAfter ?? 60) / 60)));

customElements.define('link-page', LinkPage);
