// Choosing several things of a grid and changing them together: a few lines in the page, the rest here.
import { html, nothing } from '../vendor/lit.js';
import { count } from '../format.js';
import { onKey } from '../ui/controllers.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { mayEdit } from './menu.js';

export const MOST = 500;

/**
 * A controller of a page with a grid. The page draws `button()` among its tools and `bar()` at its end, listens with `capture` around its grid,
 * gives `drawn(card)` to the grid and `pick(item)` to its cards.
 */
export class Selection {
  #drawn = new WeakMap();

  /** @param {any} host @param {() => Promise<any[]>} readAll everything the grid holds now, `MOST` at most */
  constructor(host, readAll) {
    this.host = host;
    this.readAll = readAll;
    this.isActive = false;
    /** @type {Map<string, any>} things by rating key, in the order they were chosen */
    this.chosen = new Map();
    this.capture = { handleEvent: (event) => this.clicked(event), capture: true };
    host.addController(this);
    onKey(host, { Escape: () => (this.isActive ? this.stop() : false), x: (event) => this.byKey(event) });
  }

  hostDisconnected() {
    this.isActive = false;
    this.chosen = new Map();
    this.last = null;
  }

  #changed() {
    this.#drawn = new WeakMap(); // the grid draws its cells again when it gets another function
    this.host.requestUpdate();
  }

  start() {
    this.isActive = true;
    this.#changed();
  }

  stop() {
    this.isActive = false;
    this.chosen = new Map();
    this.#changed();
  }

  toggle(item) {
    const chosen = new Map(this.chosen);
    if (!chosen.delete(item.id)) chosen.set(item.id, item);
    if (chosen.size > MOST) {
      toast(say.tooMany(count(MOST)));
      return;
    }
    this.isActive = true;
    this.chosen = chosen;
    this.#changed();
  }

  /** Whether a card is drawn as chosen; null while nothing is being chosen. @returns {boolean | null} */
  pick = (item) => (this.isActive ? this.chosen.has(item.id) : null);

  /** The same function until the choice changes. @template {(item: any, index: number) => unknown} F @param {F} card @returns {F} */
  drawn(card) {
    let made = this.#drawn.get(card);
    if (!made) {
      made = (item, index) => card(item, index);
      this.#drawn.set(card, made);
    }
    return made;
  }

  of(event) {
    return event.composedPath().find((node) => node.item?.id)?.item ?? null;
  }

  clicked(event) {
    const item = this.of(event);
    if (!item || !mayEdit() || (!this.isActive && !event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey && this.last && this.last !== item.id) this.toLast(item, event);
    else this.toggle(item);
    this.last = item.id;
  }

  /** Shift: everything between the one chosen before and this one. */
  toLast(item, event) {
    const grid = event.composedPath().find((node) => node.localName === 'hm-virtual-grid');
    const shown = [...(grid?.pages ?? [])].flatMap(([number, items]) => items.map((one, at) => ({ one, at: number * items.length + at, number }))).sort((a, b) => a.number - b.number || a.at - b.at).map(({ one }) => one);
    const [from, to] = [shown.findIndex((one) => one?.id === this.last), shown.findIndex((one) => one?.id === item.id)].sort((a, b) => a - b);
    if (from < 0) {
      this.toggle(item);
      return;
    }
    const chosen = new Map(this.chosen);
    for (const one of shown.slice(from, to + 1)) if (one && chosen.size < MOST) chosen.set(one.id, one);
    this.isActive = true;
    this.chosen = chosen;
    this.#changed();
  }

  byKey(event) {
    const item = mayEdit() ? this.of(event) : null;
    if (!item) return false;
    this.toggle(item);
    return true;
  }

  async all() {
    try {
      const items = await this.readAll();
      this.chosen = new Map(items.slice(0, MOST).map((item) => [item.id, item]));
      if (items.length > MOST) toast(say.tooMany(count(MOST)));
      this.#changed();
    } catch (error) {
      toastError(error);
    }
  }

  async edit() {
    const { editMany } = await import('./bulk-dialog.js');
    if (await editMany([...this.chosen.values()])) this.stop();
  }

  /** Among the tools of the page; nothing for members. */
  button() {
    if (!mayEdit()) return nothing;
    return html`<hm-icon-button class="select" icon="tick-circle" label=${say.select} toggle ?pressed=${this.isActive} @click=${() => (this.isActive ? this.stop() : this.start())}></hm-icon-button>`;
  }

  bar() {
    const n = this.chosen.size;
    return html`<hm-action-bar ?open=${this.isActive} count-text=${say.chosen(n, count(n))} label=${say.select} @hm-close=${() => this.stop()}>
      <hm-button kind="quiet" @click=${() => this.all()}>${say.chooseAll}</hm-button>
      <hm-button kind="primary" icon="edit" ?disabled=${!n} @click=${() => this.edit()}>${say.editChosen}</hm-button></hm-action-bar>`;
  }
}
