// What the pages of one kind share (films, shows, home videos, music): which library, the tabs, and the ways to look at it.
import { html, nothing } from '../vendor/lit.js';
import { openMenu } from '../ui/menu.js';
import { Page } from '../ui/page.js';
import { onPhoneChange } from '../ui/platform.js';
import { session } from '../session.js';
import { say } from './en.js';
import { NOTHING_CHOSEN } from './filters.js';
import { kindTabs } from './kind-tabs.js';
import { viewHref } from './links.js';

const TYPES = { films: 'movie', shows: 'show', videos: 'video' };
const ICONS = { movie: 'film' };
const VIEWED = new Set(['movie', 'show']); // the others are looked at one way

/** The base of the grid, of what is recommended and of the collections; the library stands in the address. */
export class KindPage extends Page {
  static properties = { ...Page.properties, isPhone: { state: true } };

  /** What the library can be narrowed by; tells too whether there are collections. */
  filters = this.query(() => (this.library && this.type !== 'music' ? `/api/home/library/filters?library=${this.library.id}` : null), { keep: true });

  constructor() {
    super();
    this.isPhone = window.innerWidth < 720;
  }

  connectedCallback() {
    super.connectedCallback();
    this.offSession = session.subscribe(() => this.requestUpdate());
    this.offPhone = onPhoneChange((is) => (this.isPhone = is));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.offPhone();
    this.offSession();
  }

  get type() {
    this.lastType = TYPES[location.pathname.split('/')[1]] ?? this.lastType ?? 'movie'; // the address of the next page is there before that page
    return this.lastType;
  }

  get all() {
    return session.libraries.filter((library) => library.type === this.type);
  }

  get library() {
    return this.all.find((library) => library.id === this.search.library) ?? this.all[0] ?? null;
  }

  header() {
    return html`<hm-page-header heading=${this.isPhone ? say.watch : say.kinds[this.type]}>${kindTabs(this.type)}</hm-page-header>`;
  }

  /** All, recommended, collections. @param {'all' | 'recommended' | 'collections'} current */
  views(current) {
    if (!VIEWED.has(this.type)) return nothing;
    const known = this.filters.data?.library.id === this.library?.id ? this.filters.data : null;
    const names = ['all', 'recommended', ...(known?.collections.length || current === 'collections' ? ['collections'] : [])];
    return html`<hm-segmented class="views" ?wide=${this.isPhone} label=${say.views.label} value=${current} .options=${names.map((value) => ({ value, label: say.views[value] }))}
      @hm-change=${(event) => this.go(this.viewAddress(event.detail.value))}></hm-segmented>`;
  }

  viewAddress(view) {
    return viewHref(this.type, view, this.all.length > 1 ? this.library : null);
  }

  libraryChip() {
    if (this.all.length < 2) return nothing;
    return html`<hm-chip menu @click=${(event) => this.chooseLibrary(event.currentTarget)}>${this.library.name}</hm-chip>`;
  }

  async chooseLibrary(at) {
    const id = await openMenu(at, this.all.map((one) => ({ id: one.id, label: one.name, checked: one.id === this.library.id })), { label: say.library });
    if (!id) return;
    this.setSearch({ library: id, ...NOTHING_CHOSEN });
    window.scrollTo({ top: 0 });
  }

  /** Nothing in the library, or no library yet. */
  nothingYet() {
    const reading = this.all.some((library) => library.scanning);
    const words = this.type === 'music' ? say.music : say;
    const admin = session.user?.isAdmin && !reading;
    return html`<hm-empty icon=${ICONS[this.type] ?? this.type} heading=${reading ? words.reading : say.emptyKind[this.type]} text=${reading ? words.readingText : words.emptyKindText}>
      ${reading ? html`<hm-progress slot="action" label=${words.reading}></hm-progress>` : nothing}
      ${admin ? html`<hm-button slot="action" kind="primary" href=${this.library ? '/admin/libraries' : '/admin/libraries/new'}>${this.library ? say.toLibraries : say.addFolders}</hm-button>` : nothing}</hm-empty>`;
  }
}
