import { css, html, nothing } from '../vendor/lit.js';
import { connection } from '../api.js';
import { say } from '../en.js';
import { inbox } from '../inbox/state.js';
import { pictureOf } from '../people.js';
import { allPlaces, go, hasRoute, keptScroll, router, toSignIn } from '../router.js';
import { session } from '../session.js';
import { typing } from './controllers.js';
import { Widget } from './element.js';
import { shared } from './styles.js';
import { theme } from './theme.js';

const RESTORE_MS = 3000;
const TYPING_PAUSE_MS = 250;

/** The house around every page: rail or bottom bar, search, own picture, the page itself. */
export class App extends Widget {
  static properties = { current: { state: true }, page: { state: true }, state: { state: true }, over: { state: true }, offline: { state: true } };

  static styles = [shared, css`
    :host { display: block; min-height: 100vh; min-height: 100dvh; --cluster: 0px; }
    .skip { position: fixed; z-index: 60; left: 12px; top: -120px; padding: 10px 16px; background: var(--raised); border-radius: var(--radius); box-shadow: var(--shadow); }
    .skip:focus { top: 12px; }
    .rail { position: fixed; z-index: 40; inset: 0 auto 0 0; width: var(--rail); display: flex; flex-direction: column; align-items: center; background: var(--bg); padding-top: 16px; overflow-y: auto; scrollbar-width: none; }
    .logo { display: grid; place-items: center; width: 40px; height: 40px; margin-bottom: 24px; border-radius: var(--radius); flex: none; }
    .place { position: relative; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 4px; width: 68px; height: 60px; border-radius: var(--radius-place); color: var(--text2); font: var(--font-12); margin-bottom: 4px; flex: none; transition: background-color var(--fast) ease-out, color var(--fast) ease-out; }
    @media (hover: hover) { .place:hover { color: var(--text); background: var(--hover); } }
    .place[aria-current] { color: var(--text); font-weight: 600; background: var(--hover); } .place[aria-current] hm-icon { color: var(--accent); }
    .waits { position: absolute; left: 50%; top: 6px; margin-left: 5px; min-width: 16px; height: 16px; padding: 0 4px; border-radius: var(--round); background: var(--accent); color: var(--on); box-shadow: 0 0 0 2px var(--bg); font: var(--font-12); font-weight: 600; text-align: center; font-variant-numeric: tabular-nums; }
    main { margin-left: var(--rail); min-height: 100vh; min-height: 100dvh; position: relative; }
    .bare main { margin: 0; }
    .cluster { position: fixed; z-index: 30; top: 0; right: var(--margin-end); height: var(--top); display: flex; align-items: center; gap: 12px; }
    .over .cluster { position: absolute; }
    .find { position: relative; width: 360px; }
    .find input { width: 100%; height: 40px; padding: 0 44px 0 44px; border: 0; border-radius: var(--round); background: var(--search); color: var(--text); font: var(--font-14); outline-offset: 0; appearance: none; -webkit-appearance: none; }
    .find input::placeholder { color: var(--text3); opacity: 1; } .find input::-webkit-search-cancel-button { display: none; }
    .find input:focus { outline: 2px solid var(--accent); outline-offset: 0; }
    .find > hm-icon { position: absolute; left: 15px; top: 10px; color: var(--text2); pointer-events: none; } .find hm-key { position: absolute; right: 14px; top: 11px; }
    .find input:not(:placeholder-shown) ~ hm-key, .find input:focus ~ hm-key { display: none; }
    .me { border-radius: 50%; display: block; }
    .banner { position: fixed; z-index: 50; left: var(--rail); right: 0; bottom: var(--bottom); display: flex; align-items: center; justify-content: center; gap: 12px; min-height: 40px; padding: 6px 16px; background: var(--warn-soft); color: var(--warn); font: var(--font-14); font-weight: 500; }
    .bare .banner { left: 0; bottom: 0; }
    .wait { padding: calc(var(--top) + 20px) var(--margin-end) 0 var(--margin); }
    .said { max-width: 560px; padding: calc(var(--top) + 20px) var(--margin-end) 0 var(--margin); }
    .dot { display: none; }
    .framed { --cluster: 484px; } .framed.over { --cluster: 156px; }
    @media (max-width: 1099.98px) { .framed { --cluster: 156px; } }
    .framed.lean { --cluster: 52px; } .lean .cluster > :not(hm-menu) { display: none; }
    @media (max-width: 719.98px) {
      .framed, .framed.over { --cluster: 128px; }
      .slim { --cluster: 44px; } .slim .cluster > :not(hm-menu) { display: none; }
      .cluster { position: absolute; gap: 0; right: 8px; } .me { padding: 6px; } .me hm-avatar { --side: 32px; }
      .rail { inset: auto 0 0; width: auto; height: var(--foot); flex-direction: row; justify-content: space-around; align-items: stretch; padding: 0 0 env(safe-area-inset-bottom, 0px); border-top: 1px solid var(--line); }
      .logo { display: none; } .place, .place[aria-current] { background: none; } .place { width: auto; flex: 1 1 0; height: auto; margin: 0; border-radius: 0; } .place[aria-current] { color: var(--text); }
    }
  `];

  constructor() {
    super();
    this.current = router.current;
    this.state = 'starting';
    this.page = null;
    this.over = false;
    this.offline = false;
    this.narrow = matchMedia('(max-width: 1099.98px)');
  }

  connectedCallback() {
    super.connectedCallback();
    router.subscribe((current) => this.navigated(current));
    session.subscribe(() => this.requestUpdate());
    inbox.subscribe(() => this.requestUpdate());
    window.addEventListener('hm-places', () => this.requestUpdate());
    connection.subscribe((ok) => {
      this.offline = !ok;
    });
    window.addEventListener('hm-header', (event) => {
      this.over = event.detail.over;
    });
    document.addEventListener('keydown', (event) => this.slash(event));
    this.narrow.addEventListener('change', () => this.requestUpdate());
  }

  /** The house could not be read at all: says what the server said. @param {Error} error */
  fail(error) {
    this.problem = error.message;
    this.state = 'failed';
  }

  slash(event) {
    if (event.key !== '/' || typing(event) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const field = this.renderRoot.querySelector('.find input');
    const { href } = this.finder;
    if (!field && !hasRoute(href)) return;
    event.preventDefault();
    if (field) field.select();
    else go(href);
  }

  async navigated(current) {
    this.current = current;
    const route = current.route;
    if (!route) return this.show(null, 'unknown');
    if (!route.public && !session.user) return session.server ? toSignIn() : undefined;
    if (route.admin && !session.user?.isAdmin) return this.show(null, 'forbidden');
    const same = this.page?.localName === route.tag && this.shownPath === current.path; // only the ?query differs
    if (same && current.how !== 'reload') return this.hand(this.page, current);
    try {
      await route.load();
    } catch (error) {
      console.error(error);
      return this.current === current ? this.show(null, 'failed') : undefined;
    }
    if (this.current !== current) return undefined; // went on meanwhile
    const page = document.createElement(route.tag);
    this.hand(page, current);
    return this.show(page, 'page');
  }

  hand(page, current) {
    page.params = current.params;
    page.search = current.search;
    if (page === this.page && current.how !== 'search') this.settle(current);
  }

  async show(page, state) {
    const { how } = this.current;
    const first = this.state === 'starting';
    this.page = page;
    this.state = state;
    this.shownPath = this.current.path;
    this.replaceChildren(...(page ? [page] : [])); // in the document itself, where password managers and the theme's tokens reach it
    if (how === 'go') window.scrollTo(0, 0);
    if (state !== 'page') document.title = session.server?.name ?? say.product;
    await this.updateComplete;
    if (!first && how !== 'search') this.focusHeading();
    this.settle(this.current);
  }

  /** After Back, waits until the page is tall enough for where it was; a person who moves meanwhile wins. */
  settle(current) {
    const wanted = current.how === 'go' ? 0 : keptScroll();
    if (current.how === 'go') window.scrollTo(0, 0);
    if (!wanted) return current.how === 'back' ? window.scrollTo(0, 0) : undefined;
    const until = performance.now() + RESTORE_MS;
    const stop = new AbortController();
    for (const name of ['wheel', 'touchstart', 'keydown', 'pointerdown']) window.addEventListener(name, () => stop.abort(), { once: true, passive: true, signal: stop.signal });
    const step = () => {
      if (stop.signal.aborted || this.current !== current) return;
      window.scrollTo(0, wanted);
      if (Math.abs(window.scrollY - wanted) < 2 || performance.now() > until) stop.abort();
      else requestAnimationFrame(step);
    };
    return step();
  }

  /** The page's h1 takes the focus, so that a reader hears where it is; pages drawn late get a second. */
  focusHeading(tries = 20) {
    const page = this.page;
    const root = page?.shadowRoot ?? page ?? this.renderRoot.querySelector('main');
    const header = root?.querySelector('hm-page-header');
    const heading = root?.querySelector('h1') ?? header?.shadowRoot?.querySelector('h1');
    const active = document.activeElement;
    if (page && active && active !== document.body && page.contains(active)) return; // the page put it somewhere itself
    if (this.renderRoot.activeElement?.localName === 'input') return; // typing in the search field goes on
    if (heading) heading.focus({ preventScroll: true });
    else if (tries > 0 && page === this.page) setTimeout(() => this.focusHeading(tries - 1), 50);
  }

  places() {
    const shown = allPlaces().filter((place) => !place.shown || place.shown(session));
    return shown.map((place) => {
      const here = place.id === this.current.route?.place;
      const waits = here ? 0 : (place.badge?.() ?? 0); // whoever is there sees it
      return html`<a class="place" href=${place.href} aria-current=${here ? 'page' : nothing} aria-label=${waits ? `${place.label}, ${place.badgeLabel(waits)}` : nothing}>
      <hm-icon name=${place.icon} size="24"></hm-icon><span>${place.label}</span>${waits ? html`<i class="waits" aria-hidden="true">${waits > 99 ? '99+' : waits}</i>` : nothing}</a>`;
    });
  }

  searched(event) {
    if (event.key === 'Escape') event.target.blur();
    if (event.type !== 'input' && event.key !== 'Enter') return;
    clearTimeout(this.timer);
    this.searchText = event.target.value;
    const text = this.searchText.trim();
    const { href } = this.finder;
    const here = this.current.path === href;
    const ask = () => (text || here) && go(text ? `${href}?q=${encodeURIComponent(text)}` : href, { replace: here });
    if (event.type === 'input') this.timer = setTimeout(ask, TYPING_PAUSE_MS);
    else ask();
  }

  /** Where one looks for things from here: a place may have its own. */
  get finder() {
    return allPlaces().find((place) => place.id === this.current.route?.place)?.search ?? { href: '/search', hint: say.searchHint };
  }

  search() {
    const { href, hint } = this.finder;
    if (!hasRoute(href)) return nothing;
    if (this.over || this.narrow.matches) return html`<hm-icon-button icon="search" icon-size="24" label=${say.search} href=${href} ?over=${this.over}></hm-icon-button>`;
    const asked = this.current.path === href ? (this.current.search.q ?? '') : '';
    const text = this.searchText?.trim() === asked ? this.searchText : asked; // as typed: a word may follow the blank
    return html`<div class="find" role="search"><input type="search" placeholder=${hint} aria-label=${say.search} autocomplete="off" spellcheck="false" .value=${text} @input=${this.searched} @keydown=${this.searched}>
      <hm-icon name="search"></hm-icon><hm-key>/</hm-key></div>`;
  }

  menu() {
    const user = session.user;
    const chosen = theme.get();
    const as = (id, label) => ({ id: `theme:${id}`, label, checked: chosen === id });
    return [
      { group: user.displayName || user.username },
      ...(hasRoute('/shared') ? [{ id: 'shared', label: say.sharing, icon: 'share', href: '/shared' }] : []),
      ...(hasRoute('/settings') ? [{ id: 'settings', label: say.settings, icon: 'settings', href: '/settings' }] : []),
      ...(user.isAdmin && hasRoute('/admin') ? [{ id: 'admin', label: say.administration, icon: 'server', href: '/admin' }] : []),
      { separator: true },
      { group: say.appearance },
      as('system', say.themeSystem),
      as('light', say.themeLight),
      as('dark', say.themeDark),
      { separator: true },
      { id: 'out', label: say.signOut, icon: 'log-out' },
    ];
  }

  async chosen({ detail: { id } }) {
    if (id.startsWith('theme:')) theme.set(id.slice(6));
    if (id === 'out') {
      await session.signOut();
      go('/sign-in');
    }
    this.requestUpdate();
  }

  cluster() {
    const user = session.user;
    const name = user.displayName || user.username;
    return html`<div class="cluster">${this.search()}
      ${hasRoute('/inbox') ? html`<hm-icon-button icon="bell" icon-size="24" label=${inbox.unread ? say.inboxUnread(inbox.unread) : say.inbox} href="/inbox" ?badge=${inbox.unread > 0} ?over=${this.over}></hm-icon-button>` : nothing}
      <hm-menu .items=${this.menu()} label=${say.you(name)} @hm-select=${this.chosen}><button class="me" type="button" aria-label=${say.you(name)} aria-haspopup="menu"><hm-avatar name=${name} size="40" src=${pictureOf(user) ?? nothing}></hm-avatar></button></hm-menu></div>`;
  }

  outlet() {
    if (this.page) return html`<slot></slot>`;
    if (this.state === 'starting') return html`<div class="wait">${this.offline ? html`<hm-error heading=${say.startTitle} text=${say.startText}></hm-error>` : nothing}</div>`;
    const words = {
      unknown: ['question', say.notFoundTitle, say.notFoundText],
      forbidden: ['lock', say.notForYouTitle, say.notForYouText],
      failed: ['warning', say.pageFailedTitle, this.problem ?? say.pageFailedText],
    }[this.state];
    const action = this.state === 'failed'
      ? html`<hm-button slot="action" kind="plain" icon="refresh" @click=${() => location.reload()}>${say.loadAgain}</hm-button>`
      : html`<hm-button slot="action" kind="plain" href="/">${say.goHome}</hm-button>`;
    return html`<div class="said"><h1 class="visually-hidden" tabindex="-1">${words[1]}</h1><hm-empty icon=${words[0]} heading=${words[1]} text=${words[2]}>${action}</hm-empty></div>`;
  }

  render() {
    const framed = Boolean(session.user) && (this.current.route?.frame ?? true);
    document.documentElement.classList.toggle('framed', framed);
    const banner = this.offline && this.state !== 'starting' ? html`<div class="banner" role="status"><hm-spinner></hm-spinner>${say.offline}</div>` : nothing;
    return html`<div class="${framed ? 'framed' : 'bare'} ${this.over ? 'over' : ''} ${this.current.route?.slim ? 'slim' : ''} ${this.current.route?.lean ? 'lean' : ''}">
      ${framed ? html`<a class="skip" href="#content" @click=${this.skip}>${say.skip}</a>
        <nav class="rail" aria-label=${say.places}><a class="logo" href="/" aria-label=${session.server?.name ?? say.product}><hm-icon name="mark" size="24"></hm-icon></a>${this.places()}</nav>` : nothing}
      <main id="content">${this.outlet()}</main>${framed ? this.cluster() : nothing}<hm-music-bar></hm-music-bar>${banner}</div>`;
  }

  skip(event) {
    event.preventDefault();
    this.focusHeading();
  }
}
customElements.define('hm-app', App);
