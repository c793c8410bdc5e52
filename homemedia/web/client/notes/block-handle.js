import { LitElement, css, html } from '../vendor/lit.js';
import { openMenu } from '../ui/menu.js';
import { media } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { blockAt, insertBelow, moveBlock, moveTo, removeBlock } from './blocks.js';
import { say } from './en.js';

const FAR = 6; // px that a press may move and still be a press
const EDGE = 72; // px from the window's edge within which it scrolls along

/**
 * "+" and a handle beside the block below the mouse, or at its right the handle alone beside the block that fingers write in.
 * The block is dragged by the handle, or changed by its menu.
 */
class BlockHandle extends LitElement {
  static properties = { editor: { attribute: false } };

  static styles = [shared, css`
    :host { position: absolute; z-index: 2; left: -56px; top: 0; display: flex; gap: 0; opacity: 0; pointer-events: none; transform: translateY(var(--y, 0)); --icon: 18px; } :host([shown]) { opacity: 1; pointer-events: auto; }
    button { display: grid; place-items: center; width: 24px; height: 28px; border-radius: 4px; color: var(--text2); cursor: pointer; } .grip { cursor: grab; touch-action: none; } :host([held]) .grip { cursor: grabbing; } button:hover { background: var(--hover); color: var(--text); }
    @media (hover: none), (max-width: 719.98px) { :host { left: auto; right: -16px; } .plus { display: none; } .grip { position: relative; width: 24px; height: 28px; color: var(--text3); } .grip::after { content: ''; position: absolute; inset: -8px 0 -8px -20px; } }
  `];

  constructor() {
    super();
    this.moved = (event) => event.pointerType !== 'touch' && this.#below(event);
    this.chosen = () => (media.isTouch || media.isPhone()) && this.#beside(this.editor?.isFocused ? blockAt(this.editor) : null);
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('pointermove', this.moved, { passive: true });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('pointermove', this.moved);
    this.drop?.(null); // the note was left while a block was held
  }

  willUpdate(changed) {
    if (changed.has('editor') && this.editor) for (const name of ['focus', 'blur', 'transaction']) this.editor.on(name, this.chosen);
  }

  /** The blocks of the page: where each begins and its box in the window. */
  get #blocks() {
    const { editor } = this;
    const found = [];
    editor.state.doc.forEach((node, at) => {
      const dom = editor.view.nodeDOM(at);
      const box = dom?.getBoundingClientRect?.();
      if (box) found.push({ at, box, end: at + node.nodeSize, isBeside: dom.classList.contains('picture') && dom.getAttribute('wide') !== 'full' });
    });
    return found;
  }

  #below({ clientX: x, clientY: y }) {
    const { editor } = this;
    if (!editor?.isEditable || this.isHeld || media.isPhone()) return;
    const page = editor.view.dom.getBoundingClientRect();
    const isOver = x > page.left - 64 && x < page.right && y >= page.top && y <= page.bottom;
    const near = isOver ? this.#blocks.filter(({ box }) => y >= box.top - 6 && y <= box.bottom + 6) : [];
    this.#beside((near.find(({ box }) => x >= box.left && x <= box.right) ?? near[0])?.at ?? null);
  }

  #beside(at) {
    if (this.isHeld) return;
    const { editor } = this;
    const dom = at !== null && editor.isEditable ? editor.view.nodeDOM(at) : null;
    this.toggleAttribute('shown', Boolean(dom?.getBoundingClientRect));
    this.at = dom ? at : null;
    if (!dom?.getBoundingClientRect) return;
    const box = dom.getBoundingClientRect();
    const line = Number.parseFloat(getComputedStyle(dom).lineHeight) || 26;
    this.style.setProperty('--y', `${box.top - this.parentNode.host.getBoundingClientRect().top + (Math.min(line, box.height) - 28) / 2}px`);
  }

  #click(event) {
    if (this.wasHeld) this.wasHeld = false;
    else this.#menu(event);
  }

  async #menu(event) {
    const { at, editor } = this;
    this.isHeld = true;
    const id = await openMenu(event.currentTarget, [
      { id: 'add', label: say.insertBelow, icon: 'plus' },
      { id: 'up', label: say.moveUp, icon: 'arrow-up', key: 'Alt ↑' },
      { id: 'down', label: say.moveDown, icon: 'arrow-down', key: 'Alt ↓' },
      { separator: true },
      { id: 'away', label: say.removeBlock, icon: 'trash', danger: true },
    ], { label: say.handle });
    this.isHeld = false;
    if (id === 'up' || id === 'down') moveBlock(editor, at, id === 'up' ? -1 : 1);
    else if (id === 'away') removeBlock(editor, at);
    else if (id === 'add') insertBelow(editor, at);
    if (id) editor.view.focus();
  }

  #press(event) {
    if (event.button !== 0 || this.at === null) return;
    event.preventDefault(); // the words keep the focus, and a phone its keyboard
    const grip = event.currentTarget;
    const from = { x: event.clientX, y: event.clientY };
    const { at } = this;
    const over = new AbortController();
    const hear = (name, heard) => grip.addEventListener(name, heard, { signal: over.signal });
    const end = (this.drop = (to) => {
      this.drop = null;
      over.abort();
      cancelAnimationFrame(this.rolls);
      this.line?.remove();
      this.line = null;
      this.isHeld = false;
      this.removeAttribute('held');
      if (to !== null && to !== undefined) moveTo(this.editor, at, to);
    });
    this.to = null;
    grip.setPointerCapture(event.pointerId);
    hear('pointermove', (move) => {
      if (!this.hasAttribute('held') && Math.hypot(move.clientX - from.x, move.clientY - from.y) < FAR) return;
      if (!this.hasAttribute('held')) this.#begin(at);
      this.point = { x: move.clientX, y: move.clientY };
      this.#aim();
    });
    this.wasHeld = false;
    hear('pointerup', () => {
      this.wasHeld = this.hasAttribute('held'); // then the press that ends it is none
      end(this.to);
    });
    hear('pointercancel', () => end(null));
    document.addEventListener('keydown', (key) => key.key === 'Escape' && end(null), { signal: over.signal });
  }

  #begin(at) {
    this.isHeld = true;
    this.setAttribute('held', '');
    this.editor.commands.setNodeSelection(at);
    this.line = Object.assign(document.createElement('div'), { className: 'drop-line' });
    this.parentNode.querySelector('.words').append(this.line);
    const roll = () => {
      const { y } = this.point ?? { y: innerHeight / 2 };
      const by = y < EDGE + 40 ? -10 : y > innerHeight - EDGE ? 10 : 0;
      if (by) {
        scrollBy(0, by);
        this.#aim();
      }
      this.rolls = requestAnimationFrame(roll);
    };
    roll();
  }

  /** Where the block would come: before or behind the one that is nearest. */
  #aim() {
    const { x, y } = this.point;
    const off = (low, high, value) => Math.max(low - value, 0, value - high);
    const nearest = this.#blocks.map((one) => ({ ...one, far: off(one.box.top, one.box.bottom, y) * 4 + (one.isBeside ? off(one.box.left, one.box.right, x) : 0) })).sort((one, other) => one.far - other.far)[0];
    if (!nearest) return;
    const { box, isBeside } = nearest;
    const isBefore = isBeside ? x < box.left + box.width / 2 : y < box.top + box.height / 2;
    this.to = isBefore ? nearest.at : nearest.end;
    const frame = this.parentNode.querySelector('.words').getBoundingClientRect();
    const set = isBeside
      ? { '--x': (isBefore ? box.left - 5 : box.right + 3) - frame.left, '--y': box.top - frame.top, '--w': 2, '--h': box.height }
      : { '--x': 0, '--y': (isBefore ? box.top - 6 : box.bottom + 4) - frame.top, '--w': frame.width, '--h': 2 };
    for (const [name, px] of Object.entries(set)) this.line.style.setProperty(name, `${px}px`);
  }

  render() {
    return html`<button class="plus" type="button" tabindex="-1" aria-label=${say.insertBelow} title=${say.insertBelow} @click=${() => insertBelow(this.editor, this.at)}><hm-icon name="plus"></hm-icon></button>
      <button class="grip" type="button" tabindex="-1" aria-label=${say.handle} title=${say.handle} @pointerdown=${this.#press} @click=${this.#click}><hm-icon name="handle"></hm-icon></button>`;
  }
}
customElements.define('hm-block-handle', BlockHandle);
