import { LitElement, css, html } from '../vendor/lit.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { blockAt, moveBlock } from './blocks.js';

const DEEDS = [
  ['undo', 'undo', (chain) => chain.undo()],
  ['redo', 'redo', (chain) => chain.redo()],
  ['bold', 'bold', (chain) => chain.toggleBold(), (editor) => editor.isActive('bold')],
  ['italic', 'italic', (chain) => chain.toggleItalic(), (editor) => editor.isActive('italic')],
  ['h1', 'heading', (chain) => chain.toggleHeading({ level: 2 }), (editor) => editor.isActive('heading')],
  ['list', 'list', (chain) => chain.toggleBulletList(), (editor) => editor.isActive('bulletList')],
  ['tasks', 'tick-circle', (chain) => chain.toggleTaskList(), (editor) => editor.isActive('taskList')],
];

/** What fingers have instead of keys, above the keyboard of a phone while one writes. */
class FormatBar extends LitElement {
  static properties = { editor: { attribute: false } };

  static styles = [shared, css`
    :host { display: none; position: fixed; z-index: 20; left: 0; right: 0; bottom: var(--under, var(--bottom, 0px)); overflow-x: auto; gap: 4px; padding: 2px 8px; background: var(--surface); border-top: 1px solid var(--line); scrollbar-width: none; }
    @media (max-width: 719.98px) { :host([shown]) { display: flex; } }
    button { flex: 1 0 44px; display: grid; place-items: center; height: 44px; border-radius: var(--radius); color: var(--text2); } button[aria-pressed='true'] { background: var(--soft); color: var(--accent); }
  `];

  constructor() {
    super();
    this.placed = () => this.#place();
    this.again = () => {
      this.toggleAttribute('shown', Boolean(this.editor?.isFocused && this.editor.isEditable));
      this.requestUpdate();
    };
  }

  connectedCallback() {
    super.connectedCallback();
    for (const name of ['resize', 'scroll']) window.visualViewport?.addEventListener(name, this.placed);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const name of ['resize', 'scroll']) window.visualViewport?.removeEventListener(name, this.placed);
  }

  willUpdate(changed) {
    if (!changed.has('editor') || !this.editor) return;
    for (const name of ['focus', 'blur', 'transaction']) this.editor.on(name, this.again);
  }

  /** Keyboards lie over the page; what is seen of it ends where they begin. */
  #place() {
    const seen = window.visualViewport;
    const covered = window.innerHeight - seen.height - seen.offsetTop;
    if (covered > 80) this.style.setProperty('--under', `${covered}px`);
    else this.style.removeProperty('--under');
  }

  #press(event, run) {
    event.preventDefault(); // the words keep the focus, so the keyboard stays
    run();
  }

  render() {
    const { editor } = this;
    if (!editor) return html``;
    const button = (label, icon, run, pressed) => html`<button type="button" aria-label=${label} aria-pressed=${pressed} @mousedown=${(event) => event.preventDefault()} @click=${(event) => this.#press(event, run)}><hm-icon name=${icon}></hm-icon></button>`;
    return html`${DEEDS.map(([id, icon, run, is]) => button(say.blocks[id], icon, () => run(editor.chain().focus()).run(), is ? String(is(editor)) : 'false'))}
      ${button(say.moveUp, 'arrow-up', () => moveBlock(editor, blockAt(editor), -1), 'false')}${button(say.moveDown, 'arrow-down', () => moveBlock(editor, blockAt(editor), 1), 'false')}`;
  }
}
customElements.define('hm-format-bar', FormatBar);
