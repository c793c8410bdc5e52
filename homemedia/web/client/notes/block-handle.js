import { LitElement, css, html } from '../vendor/lit.js';
import { openMenu } from '../ui/menu.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { insertBelow, moveBlock, removeBlock } from './blocks.js';

/** "+" and a handle beside the block below the mouse; the block is dragged by the handle, or changed by its menu. */
class BlockHandle extends LitElement {
  static properties = { editor: { attribute: false } };

  static styles = [shared, css`
    :host { position: absolute; left: -56px; top: 0; display: flex; gap: 0; opacity: 0; pointer-events: none; transform: translateY(var(--y, 0)); --icon: 18px; } :host([shown]) { opacity: 1; pointer-events: auto; }
    button { display: grid; place-items: center; width: 24px; height: 28px; border-radius: 4px; color: var(--text2); cursor: pointer; } button + button { cursor: grab; } button:hover { background: var(--hover); color: var(--text); }
    @media (hover: none), (max-width: 719.98px) { :host { display: none; } }
  `];

  constructor() {
    super();
    this.moved = (event) => this.#find(event);
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('mousemove', this.moved, { passive: true });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('mousemove', this.moved);
  }

  #find({ clientX, clientY }) {
    const { editor } = this;
    if (!editor?.isEditable || this.isHeld) return;
    const page = editor.view.dom.getBoundingClientRect();
    const isBeside = clientX > page.left - 64 && clientX < page.right && clientY >= page.top && clientY <= page.bottom;
    let found = null;
    if (isBeside) editor.state.doc.forEach((_node, at) => {
      const box = editor.view.nodeDOM(at)?.getBoundingClientRect?.();
      if (box && clientY >= box.top - 6 && clientY <= box.bottom + 6) found = { at, box };
    });
    this.toggleAttribute('shown', Boolean(found));
    this.at = found?.at ?? null;
    if (!found) return;
    const line = Number.parseFloat(getComputedStyle(editor.view.nodeDOM(found.at)).lineHeight) || 26;
    this.style.setProperty('--y', `${found.box.top - this.parentNode.host.getBoundingClientRect().top + (Math.min(line, found.box.height) - 28) / 2}px`);
  }

  async #menu(event) {
    const { at, editor } = this;
    this.isHeld = true;
    const id = await openMenu(event.currentTarget, [
      { id: 'up', label: say.moveUp, icon: 'arrow-up', key: 'Alt ↑' },
      { id: 'down', label: say.moveDown, icon: 'arrow-down', key: 'Alt ↓' },
      { separator: true },
      { id: 'away', label: say.removeBlock, icon: 'trash', danger: true },
    ], { label: say.handle });
    this.isHeld = false;
    if (id === 'up' || id === 'down') moveBlock(editor, at, id === 'up' ? -1 : 1);
    else if (id === 'away') removeBlock(editor, at);
    if (id) editor.view.focus();
  }

  #drag(event) {
    const { at, editor } = this;
    editor.commands.setNodeSelection(at);
    const { view } = editor;
    event.dataTransfer.setData('text/plain', view.state.selection.node?.textContent ?? '');
    event.dataTransfer.setDragImage(view.nodeDOM(at), 0, 0);
    view.dragging = { slice: view.state.selection.content(), move: true };
  }

  render() {
    return html`<button type="button" tabindex="-1" aria-label=${say.insertBelow} title=${say.insertBelow} @click=${() => insertBelow(this.editor, this.at)}><hm-icon name="plus"></hm-icon></button>
      <button type="button" tabindex="-1" draggable="true" aria-label=${say.handle} title=${say.handle} @click=${this.#menu} @dragstart=${this.#drag}><hm-icon name="handle"></hm-icon></button>`;
  }
}
customElements.define('hm-block-handle', BlockHandle);
