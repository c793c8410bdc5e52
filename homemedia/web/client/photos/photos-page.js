import { css, html, nothing } from '../vendor/lit.js';
import { onPhoneChange, media } from '../ui/platform.js';
import { Page } from '../ui/page.js';
import { Drops, dropStyles, pickFiles, pickFolder, takePicture } from './adding.js';
import { say } from './en.js';
import './list.js';

export const TABS = [
  { id: 'timeline', label: say.timeline, href: '/photos' },
  { id: 'albums', label: say.albums, href: '/photos/albums' },
  { id: 'people', label: say.people, href: '/photos/people' },
  { id: 'places', label: say.places, href: '/photos/places' },
];

/** What pages of photos share: tabs, the menu of further lists, adding. */
export class PhotosPage extends Page {
  static properties = { ...Page.properties, isPhone: { state: true } };

  static styles = [Page.styles, dropStyles, css`
    .tabs { display: block; } .few { max-width: 640px; padding-top: 12px; }
    @media (max-width: 719.98px) { hm-tabs { margin-left: -4px; } .few { padding: 12px 0 0; } }
  `];

  constructor() {
    super();
    this.isPhone = media.isPhone();
    this.drops = new Drops(this, () => this.dropAlbum);
  }

  connectedCallback() {
    super.connectedCallback();
    this.offPhone = onPhoneChange((is) => (this.isPhone = is));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.offPhone();
  }

  /** The album that what is dropped goes into; null: the timeline alone. */
  get dropAlbum() {
    return null;
  }

  get list() {
    return this.renderRoot.querySelector('photo-list');
  }

  more() {
    return [
      { id: 'select', label: say.select, icon: 'tick-circle' },
      { separator: true },
      ...(media.isTouch ? [{ id: 'camera', label: say.takePicture, icon: 'camera' }] : [{ id: 'folder', label: say.addFolder, icon: 'folder' }]),
      { id: 'tags', label: say.tags, icon: 'tag', href: '/photos/tags' },
      { id: 'favourites', label: say.favourites, icon: 'heart', href: '/photos/favourites' },
      { id: 'memories', label: say.memories, icon: 'calendar', href: '/photos/memories' },
      { id: 'archive', label: say.archiveTitle, icon: 'archive', href: '/photos/archive' },
      { id: 'locked', label: say.lockedFolder, icon: 'lock', href: '/photos/locked' },
      { id: 'duplicates', label: say.duplicates, icon: 'copy', href: '/photos/duplicates' },
      { id: 'trash', label: say.trash, icon: 'trash', href: '/photos/trash' },
    ];
  }

  tools(items = this.more()) {
    return html`<hm-icon-button slot="end" icon="upload" icon-size="24" label=${say.upload} @click=${() => pickFiles(this.dropAlbum)}></hm-icon-button>
      ${items.length ? html`<hm-menu slot="end" align="end" label=${say.more} .items=${items} @hm-select=${(event) => this.did(event.detail.id)}><hm-icon-button icon="dots" icon-size="24" label=${say.more}></hm-icon-button></hm-menu>` : nothing}`;
  }

  did(id) {
    if (id === 'select') this.list?.picks.start();
    if (id === 'folder') pickFolder(this.dropAlbum);
    if (id === 'camera') takePicture(this.dropAlbum);
  }

  tabbed(value, items) {
    return html`<hm-page-header heading=${say.photosTitle}><hm-tabs label=${say.photosTitle} .tabs=${TABS} value=${value}></hm-tabs>${this.tools(items)}</hm-page-header>`;
  }
}
