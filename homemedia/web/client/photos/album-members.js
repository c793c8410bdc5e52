import { css, html, nothing, repeat } from '../vendor/lit.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { faceOf } from './items.js';

/** Who sees an album, for those it was given to; whose it is changes that where all sharing is done. */
class AlbumMembers extends Widget {
  static properties = { album: { attribute: false } };

  static styles = [shared, css`
    .member { display: flex; align-items: center; gap: 12px; min-height: 52px; } .member .name { flex: 1 1 0; min-width: 0; }
  `];

  row = ({ user, role }) => html`<div class="member"><hm-avatar name=${user.name} size="32" src=${faceOf(user) ?? nothing}></hm-avatar><span class="name one-line">${user.name}</span><span class="second">${say.roles[role]}</span></div>`;

  render() {
    return html`<hm-dialog open cross heading=${say.members}><div class="rows">${repeat(this.album.albumUsers, ({ user }) => user.id, this.row)}</div></hm-dialog>`;
  }
}
customElements.define('photo-album-members', AlbumMembers);
