import { LitElement, css, html } from '../vendor/lit.js';
import { Editor, Extension, Placeholder, Suggestion } from '../vendor/editor.js';
import { shared } from '../ui/styles.js';
import { go } from '../router.js';
import * as given from '../ui/given-files.js';
import './block-handle.js';
import { blockAt, insertFiles, moveBlock, ownStep } from './blocks.js';
import { carets } from './carets.js';
import { say } from './en.js';
import './format-bar.js';
import { blocksLike, listBeside } from './menus.js';
import { isPickerUsable, newId } from '../ui/platform.js';
import { toastError } from '../ui/toast.js';
import { notebooks } from './store.js';
import { uploads } from './uploads.js';
import { prose } from './prose.js';
import { headingsOf, words } from './words.js';

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
      editorProps: { attributes: { 'aria-label': say.text, role: 'textbox', 'aria-multiline': 'true' }, handleClick: (_view, _at, event) => this.#follow(event), handleDrop: (view, event, _slice, moved) => !moved && this.#dropped(event.dataTransfer, this.#placeOf(view, event)), handlePaste: (_view, event) => this.#pasted(event.clipboardData) },
      extensions: [
        ...words(note.heap, note.content, this.#mention()),
        Placeholder.configure({ placeholder: say.placeholder, showOnlyCurrent: false }),
        carets(note),
        this.#slash(),
        keys,
      ],
      onUpdate: () => this.dispatchEvent(new CustomEvent('hm-outline', { bubbles: true, composed: true })),
      onCreate: () => this.dispatchEvent(new CustomEvent('hm-outline', { bubbles: true, composed: true })),
    });
    this.requestUpdate();
  }

  /** The place between two blocks that is nearest to where something fell. */
  #placeOf(view, { clientX, clientY }) {
    const at = view.posAtCoords({ left: clientX, top: clientY });
    if (!at) return view.state.doc.content.size;
    const place = view.state.doc.resolve(at.pos);
    if (!place.depth) return at.pos;
    const box = view.nodeDOM(place.before(1))?.getBoundingClientRect?.();
    return box && clientY < box.top + box.height / 2 && place.parent.childCount ? place.before(1) : at.pos;
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
            else chain.run() && host.#choose();
          },
          render: listBeside(host.renderRoot.querySelector('.words')),
        })];
      },
    });
  }

  #mention() {
    const { heap, block } = this.note;
    const named = (query) =>
      notebooks.notesOf(heap).filter((one) => one.block_id !== block && one.title.toLowerCase().includes(query.toLowerCase())).slice(0, 8).map((one) => ({ id: one.block_id, label: one.title || say.untitled, icon: one.type === 'tag' ? 'tag' : 'notes' }));
    return { items: ({ query }) => named(query), render: listBeside(this.renderRoot.querySelector('.words')) };
  }

  /** Files become blocks of their own, where they fell. @returns {boolean} whether there were any */
  #dropped(data, at = this.editor.state.selection.from) {
    if (this.readOnly || !data?.files.length) return false;
    given.dropped(data).then((files) => this.#add(files, at)).catch(toastError);
    return true;
  }

  /** Files and pictures of the clipboard; where there are words too (a table, a page), the words are meant. */
  #pasted(data) {
    const isWords = [...(data?.types ?? [])].some((type) => type === 'text/plain' || type === 'text/rtf');
    return !isWords && this.#dropped(data);
  }

  /** Files that fell beside the words come at their end. @returns {boolean} */
  take(data) {
    return this.#dropped(data, this.editor.state.doc.content.size);
  }

  #add(files, at) {
    if (!this.editor || !files.length) return;
    const nodes = files.map((one) => {
      const id = newId();
      uploads.begin(this.note.heap, id, one, { page: this.note.block });
      return { type: 'file', attrs: { id, name: one.file.name, size: one.file.size, mime: one.file.type } };
    });
    insertFiles(this.editor, nodes, at);
    this.editor.view.focus();
  }

  async #choose() {
    const at = this.editor.state.selection.from;
    if (!isPickerUsable()) return void this.renderRoot.querySelector('input[type=file]').click();
    try {
      this.#add(await given.ofHandles(await window.showOpenFilePicker({ multiple: true })), at); // found again after a reload
    } catch (error) {
      if (error.name !== 'AbortError') toastError(error);
    }
  }

  #chosen({ target }) {
    this.#add(given.chosen(target.files), this.editor.state.selection.from);
    target.value = '';
  }

  /** The pictures of the note in the whole window, the one that was pressed first. */
  async #look({ detail: { block } }) {
    const shown = [...this.renderRoot.querySelectorAll('hm-file-block')].filter((one) => one.isPictured && one.file && one.kind === 'image');
    const { lookAt } = await import('./file-viewer.js');
    lookAt(shown.map((one) => ({ name: one.name, block: one.card.block, file: one.file })), shown.findIndex((one) => one.block === block));
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
    return html`<div class="words" @hm-look=${this.#look}></div><input type="file" multiple hidden aria-label=${say.addFiles} @change=${this.#chosen}><hm-block-handle .editor=${this.editor}></hm-block-handle><hm-format-bar .editor=${this.editor}></hm-format-bar>`;
  }
}
customElements.define('hm-note-editor', NoteEditor);
