import { css, html, nothing } from '../vendor/lit.js';
import { count } from '../format.js';
import { live } from '../live.js';
import { session } from '../session.js';
import { onKey, QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { media } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { toastError } from '../ui/toast.js';
import { ASKING, ENDING, perform } from './acts.js';
import { onChange, readAgain } from './changes.js';
import * as deeds from './deeds.js';
import { say } from './en.js';
import { furtherItems } from './further.js';
import './day.js';
import { Picks } from './picks.js';
import './scrubber.js';
import './tile.js';
import { Viewing } from './viewing.js';

const READ_AGAIN_MS = 1500;

/** Whether a photo still belongs where it is shown. @param {import('./items.js').Photo & {isGone?: boolean}} photo @param {Record<string, unknown>} filters */
export function belongs(photo, filters) {
  const is = (name) => (filters[name] === undefined ? null : String(filters[name]) === 'true');
  if (photo.isGone) return false;
  if (photo.isTrashed !== (is('isTrashed') ?? false)) return false;
  if (is('isFavorite') !== null && photo.isFavorite !== is('isFavorite')) return false;
  return filters.visibility === undefined || photo.visibility === filters.visibility;
}

/**
 * Photos in rows, with choosing, the viewer and the month scrubber: the body of every page of photos.
 * `source` says what; `kind` what can be done: timeline, favourites, archive, trash, locked, album, found.
 */
class PhotoList extends Widget {
  static properties = {
    source: { attribute: false },
    kind: { type: String },
    album: { attribute: false },
    person: { attribute: false },
    into: { attribute: false },
    shown: { type: String },
    label: { type: String },
    found: { state: true },
    problem: { state: true },
    place: { state: true },
    extents: { state: true },
    drawn: { state: true },
    moves: { state: true },
  };

  static styles = [shared, css`
    :host { display: block; }
    .rows { position: relative; margin-right: 48px; min-height: 120px; }
    .danger { --on-it: var(--bad); }
    .bones { display: flex; flex-wrap: wrap; gap: 4px; padding-top: 48px; } .bones span { height: 200px; flex: 1 1 240px; border-radius: 6px; background: var(--hover); } .bones span:nth-child(3n) { flex-basis: 140px; }
    @media (max-width: 1099.98px) { .rows { margin-right: 0; } }
    @media (max-width: 719.98px) {
      .rows { margin: 0 calc(-1 * var(--margin-end)) 0 calc(-1 * var(--margin)); }
      .bones { gap: 2px; padding-top: 52px; } .bones span { height: 118px; flex-basis: 110px; border-radius: 0; }
    }
  `];

  months = new QueryController(this, () => (this.source?.path && session.user ? this.source.path : null));

  constructor() {
    super();
    this.kind = 'timeline';
    this.found = null;
    this.problem = null;
    this.place = null;
    this.extents = [];
    this.picks = new Picks(this);
    this.scrolled = () => this.look();
    this.drawn = (photo) => this.tile(photo);
    this.viewing = new Viewing({
      isReady: () => this.isConnected && Boolean(this.groups) && Boolean(this.grid || !this.groups.length),
      given: () => ({ list: this, kind: this.kind }),
      ended: (last) => this.ended(last),
    });
    const own = (fn) => () => (this.chosen.length && !this.viewer ? fn(this.chosen) : false);
    onKey(this, { Delete: own((photos) => this.discard(photos)), f: own((photos) => this.act('favourite', photos)) });
  }

  get grid() {
    return this.renderRoot?.querySelector('hm-justified-grid') ?? null;
  }

  get viewer() {
    return this.viewing.viewer;
  }

  get chosen() {
    return [...this.picks.chosen.values()];
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('scroll', this.scrolled, { passive: true });
    this.offs = [onChange((change) => this.heard(change)), live.on('photos.*', () => this.soon())];
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('scroll', this.scrolled);
    for (const off of this.offs) off();
    clearTimeout(this.later);
    this.later = undefined;
    this.viewing.forget();
  }

  willUpdate(changed) {
    if (changed.has('source') && this.source?.key !== this.sourceKey) {
      this.sourceKey = this.source?.key;
      this.found = null;
      this.problem = null;
      if (this.picks.isActive && !this.into) this.picks.stop();
      if (this.source && !this.source.path) this.search();
    }
    if (changed.has('into') && this.into) {
      this.picks.stays = true;
      this.picks.isActive = true;
    }
  }

  async search() {
    const { source } = this;
    try {
      const groups = await source.read();
      if (source.key === this.sourceKey) this.found = groups;
    } catch (error) {
      if (source.key === this.sourceKey) this.problem = error;
    }
  }

  /** Others, or an upload, changed something: read once for many events. */
  soon() {
    this.later ??= setTimeout(() => {
      this.later = undefined;
      readAgain();
    }, READ_AGAIN_MS);
  }

  /** @param {import('./changes.js').Change} change */
  heard({ ids, now, leaves, again }) {
    if (again) {
      if (this.source?.path) this.months.refresh();
      else this.search();
      this.grid?.refresh();
      return;
    }
    const goes = leaves && leaves === this.album?.id;
    const next = (photo) => {
      if (!ids.has(photo.id)) return photo;
      const changed = { ...photo, ...now };
      return goes || !belongs(changed, this.source?.filters ?? {}) ? null : changed;
    };
    this.grid?.change(next);
    this.picks.keepOnly((photo) => next(photo) !== null);
    this.viewer?.changed(ids, now ?? {}, (photo) => next(photo) === null);
  }

  picked() {
    this.drawn = (photo) => this.tile(photo); // another function, so that the grid draws its cells again
    this.emit('photo-chosen', { count: this.picks.chosen.size });
    this.requestUpdate();
  }

  get groups() {
    if (!this.source?.path) return this.found;
    const { data } = this.months;
    if (data === undefined) return null;
    if (data !== this.answer) {
      this.answer = data;
      this.made = this.source.groups(data);
    }
    return this.made;
  }

  get total() {
    return this.groups?.reduce((sum, one) => sum + one.count, 0) ?? null;
  }

  look() {
    const { grid } = this;
    if (!grid || !this.source?.isHeaded) return;
    const place = grid.place;
    if (this.place && window.scrollY > 120 && !this.moves) this.moves = true;
    if (place && (place.id !== this.place?.id || Math.abs(place.part - this.place.part) > 0.004)) this.place = place;
    this.extents = grid.extents;
  }

  updated() {
    this.viewing.follow(this.shown || undefined);
    const { total } = this;
    if (total !== null && total !== this.told) {
      this.told = total;
      this.emit('photo-total', { total });
    }
  }

  /** What was looked at last has the keys now. */
  ended(last) {
    const { grid } = this;
    const at = grid?.things.findIndex((one) => one.id === last) ?? -1;
    if (at >= 0) grid.focusIndex(at);
  }

  clicked(event) {
    if (event.composedPath().some((node) => node.classList?.contains('pick'))) return; // the round tick says it itself
    this.picks.clicked(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey) return;
    const photo = this.picks.photoOf(event);
    if (!photo) return;
    event.preventDefault();
    event.stopPropagation();
    this.viewing.open(photo.id);
  }

  async act(what, photos = this.chosen) {
    const done = perform(what, photos, this);
    if (ENDING.has(what) || (ASKING.has(what) && (await done))) this.picks.stop();
  }

  async discard(photos = this.chosen) {
    if (this.kind === 'trash' || this.kind === 'locked') await deeds.deleteForGood(photos);
    else deeds.trash(photos);
    this.picks.stop();
  }

  tile(photo) {
    return html`<photo-tile .photo=${photo} href="?photo=${photo.id}" ?picking=${this.picks.isActive} ?chosen=${this.picks.chosen.has(photo.id)}></photo-tile>`;
  }

  heading = (day, photos) => html`<photo-day day=${day} .photos=${photos} ?picking=${this.picks.isActive} ?chosen=${this.picks.isActive && photos.every((one) => this.picks.chosen.has(one.id))}></photo-day>`;

  button(id, icon, label, { danger = false, run = () => this.act(id) } = {}) {
    return html`<hm-button class="not-phone ${danger ? 'danger' : ''}" kind="quiet" icon=${icon} @click=${run}>${label}</hm-button>
      <hm-icon-button class="only-phone ${danger ? 'danger' : ''}" icon=${icon} label=${label} @click=${run}></hm-icon-button>`;
  }

  /** What can be done with what is chosen; only with one's own what changes it. */
  buttons() {
    const { chosen } = this;
    const own = chosen.every((one) => one.ownerId === session.user?.id);
    const canTakeOut = this.album && (own || this.album.ownerId === session.user?.id);
    const remove = own ? this.button('remove', 'trash', this.kind === 'trash' || this.kind === 'locked' ? say.deleteForGood : say.delete, { danger: true, run: () => this.discard() }) : nothing;
    if (this.into) return html`<hm-button kind="primary" icon="add-to-album" ?disabled=${!chosen.length} @click=${() => this.emit('photo-into', { photos: chosen })}>${say.addHere}</hm-button>`;
    if (this.kind === 'trash') return html`${this.button('restore', 'refresh', say.restore)}${remove}`;
    if (this.kind === 'locked') return html`${this.button('unlock', 'unlock', say.takeOutOfLocked)}${this.button('download', 'download', say.download)}${this.rarer(chosen, own)}${remove}`;
    const favourites = chosen.length > 0 && chosen.every((one) => one.isFavorite);
    return html`${own ? this.button('favourite', favourites ? 'heart-filled' : 'heart', favourites ? say.unfavourite : say.favourite) : nothing}
      ${own ? this.button('album', 'add-to-album', say.addToAlbum) : nothing}
      ${canTakeOut ? this.button('take-out', 'minus', say.takeOut) : nothing}
      ${this.common(own).map((one) => html`<hm-button class="not-phone" kind="quiet" icon=${one.icon} @click=${() => this.act(one.id)}>${one.label}</hm-button>`)}${this.rarer(chosen, own)}${remove}`;
  }

  /** In the bar where it is wide; on phones behind its dots, so that what deletes still has room. */
  common(own) {
    const archive = this.kind === 'archive' ? { id: 'unarchive', icon: 'archive', label: say.unarchive } : { id: 'archive', icon: 'archive', label: say.archive };
    return [...(own && this.kind !== 'album' ? [archive] : []), { id: 'download', icon: 'download', label: say.download }];
  }

  /** Behind the dots of the bar. */
  rarer(chosen, own) {
    const items = [
      ...(media.isPhone() && this.kind !== 'locked' ? this.common(own) : []),
      ...furtherItems(chosen, { own, kind: this.kind, person: this.person }),
      ...(own && chosen.length > 1 ? [{ id: 'stack', label: say.stack, icon: 'stack' }] : []),
      ...(own && chosen.some((one) => one.stackId) ? [{ id: 'unstack', label: say.unstack, icon: 'stack' }] : []),
    ];
    return items.length ? html`<hm-menu label=${say.more} .items=${items} @hm-select=${(event) => this.act(event.detail.id)}><hm-icon-button icon="dots" label=${say.more}></hm-icon-button></hm-menu>` : nothing;
  }

  bar() {
    const n = this.picks.chosen.size;
    return html`<hm-action-bar ?open=${this.picks.isActive} count-text=${n ? say.selected(n, count(n)) : say.chooseSome} label=${say.selection} @hm-close=${() => (this.into ? this.emit('photo-into', { photos: [] }) : this.picks.stop())}>${n || this.into ? this.buttons() : nothing}</hm-action-bar>`;
  }

  failed(error, retry) {
    return html`<hm-error heading=${say.failedTitle} text=${error.message} retry=${say.retry} @hm-retry=${retry}></hm-error>`;
  }

  render() {
    const { groups } = this;
    if (!groups) {
      const error = this.problem ?? this.months.error;
      if (error) return this.failed(error, () => (this.source.path ? this.months.refresh() : ((this.problem = null), this.search())));
      return html`<div class="rows"><div class="bones" role="status" aria-label=${say.loading}>${Array.from({ length: 18 }, () => html`<span></span>`)}</div></div>`;
    }
    if (groups.length === 0) return html`<slot name="empty"></slot>${this.into ? this.bar() : nothing}`;
    return html`<div class="rows" @click=${{ handleEvent: (event) => this.clicked(event), capture: true }} @photo-pick=${(event) => this.picks.picked(event)} @photo-day=${({ detail: { photos, chosen } }) => (chosen ? this.picks.all(photos) : this.picks.drop(photos))}
        @touchstart=${{ handleEvent: (event) => this.picks.touched(event), passive: true }} @touchmove=${{ handleEvent: (event) => this.picks.moved(event), passive: false }} @touchend=${() => this.picks.letGo()} @touchcancel=${() => this.picks.letGo()}
        @contextmenu=${(event) => this.picks.drawing && event.preventDefault()} @hm-range=${() => this.look()} @hm-loaded=${() => this.look()} @hm-load-failed=${(event) => toastError(event.detail.error)}>
        <hm-justified-grid label=${this.label ?? say.photosTitle} ?sections=${this.source.isHeaded} ?flow=${!this.source.isHeaded} keep=${`photos ${this.source.key}`} .version=${this.source.key}
          .groups=${groups} .group=${this.source.group} .renderItem=${this.drawn} .renderHeading=${this.heading}></hm-justified-grid></div>
      ${this.source.isHeaded ? html`<photo-scrubber ?moves=${this.moves} .extents=${this.extents} .place=${this.place} @photo-jump=${(event) => this.grid.scrollToGroup(event.detail.id, event.detail.part)}></photo-scrubber>` : nothing}
      ${this.bar()}`;
  }
}
customElements.define('photo-list', PhotoList);
