// Who is who in what is said about a clip: names and pictures by id or by the name a member signs in with.
import { pictureOf } from '../people.js';
import { session } from '../session.js';
import { QueryController } from '../ui/controllers.js';

/**
 * @typedef {object} Face
 * @property {string} id @property {string} username @property {string} name @property {string | null} src
 */

/** The members of the house to an element: drawn again when they change. */
export class Faces {
  #from = [];
  #all = [];

  /** @param {import('../vendor/lit.js').LitElement} host */
  constructor(host) {
    this.group = new QueryController(host, () => '/api/group/members', { maxAge: 60_000 });
    this.users = new QueryController(host, () => '/api/users', { maxAge: 60_000 });
  }

  /** @returns {Face[]} in the order they joined; empty until it is known */
  get all() {
    const from = [this.group.data, this.users.data];
    if (from.some((data, i) => data !== this.#from[i])) {
      this.#from = from;
      const users = new Map((Array.isArray(from[1]) ? from[1] : []).map((user) => [user.id, user]));
      const members = Array.isArray(from[0]) ? from[0] : [];
      this.#all = members.map(({ id, username, avatarPath }) => {
        const user = users.get(id);
        return { id, username, name: user?.name || user?.displayName || username, src: pictureOf(user) ?? address(avatarPath) };
      });
    }
    return this.#all;
  }

  /** @param {string} id @param {string} [username] of one who has left meanwhile @param {string | null} [avatarPath] @returns {Face} */
  of(id, username = '', avatarPath = null) {
    return this.all.find((face) => face.id === id) ?? { id, username, name: username, src: address(avatarPath) };
  }

  /** @param {string} username @returns {Face} */
  called(username) {
    const low = username.toLocaleLowerCase();
    return this.all.find((face) => face.username.toLocaleLowerCase() === low) ?? { id: '', username, name: username, src: null };
  }

  get me() {
    const { user } = session;
    return this.of(user?.id ?? '', user?.username ?? '');
  }
}

const address = (avatarPath) => (avatarPath ? `/api/profile/avatar/${encodeURIComponent(avatarPath)}` : null);
