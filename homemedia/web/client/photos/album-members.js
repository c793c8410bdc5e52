import { css, html, nothing, repeat } from '../vendor/lit.js';
import { api } from '../api.js';
import { session } from '../session.js';
import { QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { toastError } from '../ui/toast.js';
import { readAgain } from './changes.js';
import { say } from './en.js';
import { faceOf } from './items.js';

/** Who sees an album, and who may change it. */
class AlbumMembers extends Widget {
  static properties = { album: { attribute: false } };

  static styles = [shared, css`
    .member { display: flex; align-items: center; gap: 12px; min-height: 52px; } .member .name { flex: 1 1 0; min-width: 0; } hm-field { width: 190px; }
  `];

  users = new QueryController(this, () => '/api/users');

  async run(ask) {
    try {
      await ask();
      const album = await api.get(`/api/albums/${this.album.id}`, { withoutAssets: 'true' });
      this.emit('photo-members', { album });
      readAgain();
    } catch (error) {
      toastError(error);
    }
  }

  changed(user, role) {
    const path = `/api/albums/${this.album.id}/user/${user.id}`;
    const isIn = this.album.albumUsers.some((one) => one.user.id === user.id);
    if (role === 'none') this.run(() => api.delete(path));
    else if (isIn) this.run(() => api.put(path, { role }));
    else this.run(() => api.put(`/api/albums/${this.album.id}/users`, { albumUsers: [{ userId: user.id, role }] }));
  }

  row(user) {
    const role = this.album.albumUsers.find((one) => one.user.id === user.id)?.role ?? 'none';
    const mine = this.album.ownerId === session.user?.id;
    const name = user.name ?? user.displayName ?? user.username;
    return html`<div class="member"><hm-avatar name=${name} size="32" src=${faceOf(user) ?? nothing}></hm-avatar><span class="name one-line">${name}</span>
      ${role === 'owner' || !mine ? html`<span class="second">${say.roles[role]}</span>` : html`<hm-field type="select" hide-label label=${say.roleOf(name)} .value=${role} .options=${['none', 'viewer', 'editor'].map((value) => ({ value, label: say.roles[value] }))} @change=${(event) => this.changed(user, event.target.value)}></hm-field>`}</div>`;
  }

  render() {
    const inside = this.album.albumUsers.map((one) => one.user);
    const others = (Array.isArray(this.users.data) ? this.users.data : (this.users.data?.users ?? [])).filter((user) => !inside.some((one) => one.id === user.id));
    const shown = this.album.ownerId === session.user?.id ? [...inside, ...others] : inside;
    return html`<hm-dialog open cross heading=${say.members}><div class="rows">${repeat(shown, (user) => user.id, (user) => this.row(user))}</div>${shown.length > 1 ? nothing : html`<p class="second">${say.nobodyElse}</p>`}</hm-dialog>`;
  }
}
customElements.define('photo-album-members', AlbumMembers);
