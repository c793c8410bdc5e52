import { LitElement, css, html } from '../vendor/lit.js';
import { CollaborationCaret, Editor, Extension, Placeholder, Suggestion } from '../vendor/editor.js';
import { shared } from '../ui/styles.js';
import { go } from '../router.js';
import './block-handle.js';
import { say } from './en.js';
import './format-bar.js';
import { blocksLike, listBeside } from './menus.js';
import { newId } from '../ui/platform.js';
import { notebooks } from './store.js';
import { uploads } from './uploads.js';
import { prose } from './prose.js';
import { blockAt, headingsOf, moveBlock, ownStep, words } from './words.js';

// The binding asks the root of its tree for a range, and a shadow root has none.
ShadowRoot.prototype.createRange ??= () => document.createRange();

/** Blocks go up and down by keys. */
const keys = Extension.create({
  name: 'blockKeys',
  addKeyboardShortcuts() {
    return { 'Alt-ArrowUp': () => moveBlock(this.editor, blockAt(this.editor), -1), 'Alt-ArrowDown': () => moveBlock(this.editor, blockAt(this.editor), 1) };
  },
});

/** The words of one note, written by everybody who has it open. `note` is a `Note`. */
class NoteEditor extends LitElement {
  static properties = { note: { attribute: false }, readOnly: { type: Boolean, attribute: 'read-only' } };

  static styles = [shared, prose, css`:host { display: block; position: relative; }`];

  firstUpdated() {
    this.#open();
  }

  updated(changed) {
    if (changed.has('note') && changed.get('note')) this.#open();
    if (changed.has('readOnly')) this.editor?.setEditable(!this.readOnly);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.editor?.destroy();
    this.editor = null;
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.hasUpdated && !this.editor) this.#open();
  }

  focus() {
    this.editor?.view.focus(); // at once: what is typed next belongs here
    this.editor?.commands.setTextSelection(this.editor.state.doc.content.size);
  }

  /** The headings as the page's outline wants them. */
  get headings() {
    return headingsOf(this.editor);
  }

  /** Bring a heading into view. */
  show(at) {
    this.editor?.view.nodeDOM(at)?.scrollIntoView({ block: 'start', behavior: 'smooth' });
  }

  /** Where a block stands in the window. */
  topOf(at) {
    return this.editor?.view.nodeDOM(at)?.getBoundingClientRect().top ?? Infinity;
  }

  /** Write something else in the place of all words, as one edit among others. @param {object} content */
  replace(content) {
    if (this.editor) ownStep(this.editor);
    this.editor?.commands.setContent(content);
  }

  undo() {
    this.editor?.commands.undo();
  }

  #open() {
    this.editor?.destroy();
    const { note } = this;
    if (!note) return;
    this.editor = new Editor({
      element: this.renderRoot.querySelector('.words'),
      editable: !this.readOnly,
      injectCSS: false,
      editorProps: { attributes: { 'aria-label': say.text, role: 'textbox', 'aria-multiline': 'true' }, handleClick: (_view, _at, event) => this.#follow(event), handleDrop: (view, event, _slice, moved) => !moved && this.#dropped(event.dataTransfer, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos), handlePaste: (_view, event) => this.#dropped(event.clipboardData) },
      extensions: [
        ...words(note.heap, note.content, this.#mention()),
        Placeholder.configure({ placeholder: say.placeholder, showOnlyCurrent: false }),
        CollaborationCaret.configure({ provider: note.provider, user: note.awareness.getLocalState()?.user ?? { name: say.someone }, render: caret, selectionRender: selection }),
        this.#slash(),
        keys,
      ],
      onUpdate: () => this.dispatchEvent(new CustomEvent('hm-outline', { bubbles: true, composed: true })),
      onCreate: () => this.dispatchEvent(new CustomEvent('hm-outline', { bubbles: true, composed: true })),
    });
    this.requestUpdate();
  }

  #slash() {
    const host = this;
    return Extension.create({
      name: 'slash',
      addProseMirrorPlugins() {
        return [Suggestion({
          editor: this.editor,
          char: '/',
          startOfLine: true,
          allowSpaces: true,
          items: ({ query }) => blocksLike(query),
          command: ({ editor, range, props }) => {
            const chain = editor.chain().focus().deleteRange(range);
            if (props.run) props.run(chain).run();
            else chain.run() && host.renderRoot.querySelector('input[type=file]').click();
          },
          render: listBeside(host.renderRoot.querySelector('.words')),
        })];
      },
    });
  }

  #mention() {
    const { heap, block } = this.note;
    const named = (query) =>
      notebooks.notesOf(heap).filter((one) => one.block_id !== block && one.title.toLowerCase().includes(query.toLowerCase())).slice(0, 8).map((one) => ({ id: one.block_id, label: one.title || say.untitled, icon: one.type === 'tag' ? 'bookmark' : 'notes' }));
    return { items: ({ query }) => named(query), render: listBeside(this.renderRoot.querySelector('.words')) };
  }

  /** Files become blocks of their own, where they fell. @returns {boolean} whether there were any */
  #dropped(given, at = this.editor.state.selection.from) {
    const files = [...(given?.files ?? [])];
    if (!files.length || this.readOnly) return false;
    this.#add(files, at);
    return true;
  }

  #add(files, at) {
    const nodes = files.map((file) => {
      const id = newId();
      uploads.begin(this.note.heap, id, file);
      return { type: 'file', attrs: { id, name: file.name, size: file.size } };
    });
    const { doc } = this.editor.state;
    const place = doc.resolve(at);
    const isBlank = place.depth === 1 && !place.parent.childCount; // an empty line makes room
    const from = place.depth ? (isBlank ? place.before(1) : place.after(1)) : at;
    const after = from + nodes.length; // each takes one step
    const last = (isBlank ? from + place.parent.nodeSize : from) >= doc.content.size;
    this.editor.chain().insertContentAt({ from, to: isBlank ? from + place.parent.nodeSize : from }, last ? [...nodes, { type: 'paragraph' }] : nodes).setTextSelection(after + 1).focus().run();
  }

  #chosen(event) {
    const { target } = event;
    if (target.files.length) this.#add([...target.files], this.editor.state.selection.from);
    target.value = '';
  }

  /** Links of the text are followed; those of the house without a load. */
  #follow(event) {
    const link = event.target.closest?.('a[href]');
    if (!link) return false;
    const href = link.getAttribute('href');
    if (href.startsWith('/')) go(href);
    else if (!this.readOnly && !event.ctrlKey && !event.metaKey) return false;
    else window.open(href, '_blank', 'noopener');
    return true;
  }

  render() {
    return html`<div class="words"></div><input type="file" multiple hidden aria-label=${say.addFiles} @change=${this.#chosen}><hm-block-handle .editor=${this.editor}></hm-block-handle><hm-format-bar .editor=${this.editor}></hm-format-bar>`;
  }
}
customElements.define('hm-note-editor', NoteEditor);

/** Somebody else's cursor. */
function caret(user) {
  const line = document.createElement('span');
  line.className = 'caret';
  line.style.setProperty('--tone', user.color);
  const name = document.createElement('span');
  name.className = 'name';
  name.textContent = user.name;
  line.append('\u2060', name, '\u2060');
  return line;
}

/** What somebody else has marked. */
const selection = (user) => ({ class: 'marked', style: `--tone: ${user.color}` });
