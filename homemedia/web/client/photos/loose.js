// Photos that stand in no rows: those of a place on the map, of a group that looks alike.
import { api } from '../api.js';
import { perform } from './acts.js';
import { onChange } from './changes.js';
import * as deeds from './deeds.js';
import { fromAsset } from './items.js';
import { Viewing } from './viewing.js';

/** What the viewer asks of a list, kept for photos that are known by their ids alone and read when they are looked at. */
export class Loose {
  album = null;
  groups = [];

  /** @param {string[]} ids @param {import('./items.js').Photo[]} [known] */
  constructor(ids, known = []) {
    this.ids = [...ids];
    this.known = new Map(known.map((one) => [one.id, one]));
  }

  get grid() {
    return this;
  }

  get totalCount() {
    return this.ids.length;
  }

  get things() {
    return this.ids.map((id) => this.known.get(id) ?? { id });
  }

  indexOf(photo) {
    return this.ids.indexOf(photo.id);
  }

  itemAt(index) {
    return this.known.get(this.ids[index]);
  }

  async thingAt(index) {
    const id = this.ids[index];
    if (id === undefined) return undefined;
    if (!this.known.has(id)) this.known.set(id, fromAsset(await api.get(`/api/assets/${id}`)));
    return this.known.get(id);
  }

  act(what, photos) {
    return perform(what, photos, this);
  }

  discard(photos) {
    return deeds.trash(photos);
  }

  /** @param {import('./changes.js').Change} change @returns {(photo: {id: string}) => boolean} whether a photo is no longer in it */
  take({ ids, now = {} }) {
    const gone = Boolean(now.isTrashed || now.isGone);
    for (const id of ids) if (this.known.has(id)) this.known.set(id, { ...this.known.get(id), ...now });
    if (gone) this.ids = this.ids.filter((id) => !ids.has(id));
    return (photo) => gone && ids.has(photo.id);
  }
}

/** The viewer over a page without rows. */
export class Shown {
  constructor(host) {
    this.host = host;
    this.list = null;
    this.viewing = new Viewing({
      isReady: () => host.isConnected,
      given: (id) => ({ list: (this.list ??= new Loose([id])), kind: 'found' }),
      ended: () => (this.list = null),
    });
    host.addController(this);
  }

  hostConnected() {
    this.off = onChange((change) => this.heard(change));
  }

  hostDisconnected() {
    this.off();
    this.viewing.forget();
  }

  hostUpdated() {
    const id = this.host.search.photo;
    if (!id && this.viewing.viewer) this.list = null;
    this.viewing.follow(id);
  }

  /** @param {Loose} list @param {string} [id] the first of them */
  open(list, id = list.ids[0]) {
    this.list = list;
    this.viewing.open(id);
  }

  heard(change) {
    if (!change.ids || !this.list) return;
    const goes = this.list.take(change);
    this.viewing.viewer?.changed(change.ids, change.now ?? {}, goes);
  }
}
