import { LitElement, css, html, nothing, repeat } from '../vendor/lit.js';
import { count } from '../format.js';
import { media } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { vars } from '../ui/vars.js';
import { signOf, titleOf } from './block-card.js';
import { say } from './folder-en.js';

const ROW = 34;
const ROW_TOUCH = 44;
const AHEAD = 8;
const TYPED_MS = 600;

/**
 * The folders and files of a notebook as a tree, only what is seen of it in the document. Keys as in any tree: arrows, Home and
 * End, letters, * for all beside it; Enter opens. `model` is the notebook's, `here` the folder that is open. `hm-go` {id}.
 */
class FolderTree extends LitElement {
  static properties = { model: { attribute: false }, here: {}, view: { state: true } };

  static styles = [shared, css`
    :host { display: block; min-height: 0; height: 100%; }
    .tree { position: relative; height: 100%; overflow: auto; overscroll-behavior: contain; outline: none; padding: 4px 0; } .all { position: relative; height: var(--height); }
    .row { position: absolute; left: 8px; right: 8px; top: var(--y); height: var(--row); display: flex; align-items: center; gap: 6px; padding-left: calc((var(--level) - 1) * 16px); border-radius: var(--radius); font: var(--font-14); color: var(--text); cursor: pointer; --icon: 18px; user-select: none; }
    .row:hover { background: var(--hover); } .row[aria-selected='true'] { background: var(--hover); font-weight: 600; } .row[aria-selected='true'] > hm-icon { color: var(--accent); }
    .tree:focus-visible .row.active { box-shadow: inset 0 0 0 2px var(--accent); }
    .fold { flex: none; width: 22px; height: 100%; display: grid; place-items: center; color: var(--text3); --icon: 14px; } .row[aria-expanded='true'] .fold hm-icon { transform: rotate(90deg); }
    .row > hm-icon { flex: none; color: var(--text2); } .row b { flex: 1; min-width: 0; font-weight: inherit; } .row i { font-style: normal; font: var(--font-12); color: var(--text3); padding-right: 10px; font-variant-numeric: tabular-nums; }
    .ghost { flex: 1; height: 10px; border-radius: 4px; margin-right: 24px; background: var(--hover); }
    .away { opacity: 0.5; }
    @media (max-width: 719.98px) { .fold { width: 36px; } }
  `];

  constructor() {
    super();
    this.view = { top: 0, height: 600 };
    this.typed = '';
    this.again = () => this.requestUpdate();
    this.watcher = new ResizeObserver(() => this.#seen());
  }

  get row() {
    return media.isPhone() || media.isTouch ? ROW_TOUCH : ROW;
  }

  connectedCallback() {
    super.connectedCallback();
    this.model?.addEventListener('change', this.again);
    this.watcher.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.model?.removeEventListener('change', this.again);
    this.watcher.disconnect();
  }

  willUpdate(changed) {
    if (changed.has('model')) {
      changed.get('model')?.removeEventListener('change', this.again);
      this.model.addEventListener('change', this.again);
    }
    if (changed.has('here') && this.here !== this.model.root) this.model.active = this.here;
  }

  firstUpdated() {
    this.box.scrollTop = this.model.top;
    this.#seen();
  }

  updated(changed) {
    if (changed.has('here')) this.shown = null;
    // The open folder is brought into sight once, when its row has come.
    if (this.shown !== this.here) {
      const at = this.model.rows().findIndex((row) => row.id === this.here);
      if (at >= 0) {
        this.shown = this.here;
        this.#intoView(at);
      }
    }
    this.#fill();
  }

  get box() {
    return this.renderRoot.querySelector('.tree');
  }

  #seen = () => {
    const { box } = this;
    if (!box) return;
    this.model.top = box.scrollTop;
    this.view = { top: box.scrollTop, height: box.clientHeight };
  };

  get range() {
    const rows = this.model.rows();
    const first = Math.max(0, Math.floor(this.view.top / this.row) - AHEAD);
    return [first, Math.min(rows.length, Math.ceil((this.view.top + this.view.height) / this.row) + AHEAD)];
  }

  /** What is seen and not there yet. */
  #fill() {
    const rows = this.model.rows();
    const [first, last] = this.range;
    for (let at = first; at < last; at += 1) if (!rows[at].block) this.model.fill(rows[at].parent, rows[at].index).catch(() => {}); // asked again with the next look
  }

  #intoView(at) {
    const { box, row } = this;
    const y = at * row;
    if (y < box.scrollTop) box.scrollTop = y;
    else if (y + row > box.scrollTop + box.clientHeight) box.scrollTop = y + row - box.clientHeight;
    this.#seen();
  }

  #to(at) {
    const rows = this.model.rows();
    const to = Math.max(0, Math.min(at, rows.length - 1));
    if (!rows[to]) return;
    this.model.active = rows[to].id;
    this.#intoView(to);
    this.requestUpdate();
  }

  #go(row) {
    if (!row?.block) return;
    this.model.active = row.id;
    this.dispatchEvent(new CustomEvent('hm-go', { detail: { id: row.id }, bubbles: true, composed: true }));
  }

  get at() {
    const rows = this.model.rows();
    const at = rows.findIndex((row) => row.id === this.model.active);
    // What has gone, or is read anew, leaves the keys where they were.
    if (at >= 0) this.lastAt = at;
    return Math.max(0, Math.min(this.lastAt ?? 0, rows.length - 1));
  }

  #keyed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = this.model.rows();
    const { at } = this;
    const row = rows[at];
    const page = Math.max(1, Math.floor(this.view.height / this.row) - 1);
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1, PageDown: at + page, PageUp: at - page };
    if (event.key in moves) this.#to(moves[event.key]);
    else if (event.key === 'ArrowRight' && row?.isFolder) row.isOpen ? this.#to(rows[at + 1]?.parent === row.id ? at + 1 : at) : this.model.toggle(row.id, true);
    else if (event.key === 'ArrowLeft') row?.isOpen ? this.model.toggle(row.id, false) : this.#to(Math.max(0, rows.findIndex((one) => one.id === row?.parent)));
    else if (event.key === 'Enter' || event.key === ' ') this.#go(row);
    else if (event.key === '*') rows.filter((one) => one.parent === row?.parent && one.isFolder).forEach((one) => this.model.toggle(one.id, true));
    else if (event.key.length === 1) this.#type(event.key);
    else return;
    event.preventDefault();
  }

  /** The next row that begins with what was typed in a moment. */
  #type(letter) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.typed = ''), TYPED_MS);
    this.typed += letter.toLocaleLowerCase();
    const rows = this.model.rows();
    const from = this.typed.length > 1 ? this.at : this.at + 1;
    for (let step = 0; step < rows.length; step += 1) {
      const at = (from + step) % rows.length;
      if (rows[at].block && titleOf(rows[at].block).toLocaleLowerCase().startsWith(this.typed)) return this.#to(at);
    }
    return undefined;
  }

  #clicked(event, row) {
    if (row.isFolder && event.target.closest('.fold')) {
      this.model.active = row.id;
      this.model.toggle(row.id);
    } else {
      if (row.isFolder) this.model.toggle(row.id, true);
      this.#go(row);
    }
  }

  one(row, number) {
    const { block } = row;
    const isAway = block?.file && !block.file.available;
    return html`<div class="row ${row.id === this.model.active ? 'active' : ''} ${isAway ? 'away' : ''}" id=${`at-${number}`} role="treeitem" aria-level=${row.level} aria-posinset=${row.at} aria-setsize=${row.of} aria-expanded=${row.isFolder ? String(row.isOpen) : nothing} aria-selected=${row.id === this.here ? 'true' : 'false'} aria-label=${block ? titleOf(block) : say.stillComing} title=${block ? titleOf(block) : nothing}
      ${vars({ '--y': `${number * this.row}px`, '--level': String(Math.min(row.level, 12)) })} @click=${(event) => this.#clicked(event, row)}>
      <span class="fold">${row.isFolder ? html`<hm-icon name="chevron-right"></hm-icon>` : nothing}</span>
      ${block ? html`<hm-icon name=${row.isFolder && row.isOpen ? 'folder-open' : signOf(block)}></hm-icon><b class="one-line">${titleOf(block)}</b>${row.isFolder && block.counts.children ? html`<i>${count(block.counts.children)}</i>` : nothing}` : html`<span class="ghost"></span>`}</div>`;
  }

  render() {
    const rows = this.model.rows();
    const [first, last] = this.range;
    const shown = rows.slice(first, last).map((row, index) => [row, first + index]);
    const { at } = this;
    return html`<div class="tree" role="tree" tabindex="0" aria-label=${say.folderTree} aria-activedescendant=${at >= first && at < last ? `at-${at}` : nothing} @keydown=${this.#keyed} @scroll=${this.#seen} @focus=${() => (this.model.active ??= rows[0]?.id ?? null)}>
      <div class="all" ${vars({ '--height': `${rows.length * this.row}px`, '--row': `${this.row}px` })} role="presentation">${repeat(shown, ([row]) => row.id, ([row, number]) => this.one(row, number))}</div></div>`;
  }
}
customElements.define('hm-folder-tree', FolderTree);
