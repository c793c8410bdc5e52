// What a note is made of, the same wherever it is shown: while one writes, and as it was.
import { Collaboration, Mention, StarterKit, TaskItem, TaskList } from '../vendor/editor.js';
import { say } from './en.js';
import { FileNode } from './file-block.js';

/**
 * The extensions of a note's words.
 * @param {string} heap whose notes are mentioned
 * @param {any} fragment of the document
 * @param {object} [suggestion] what opens behind "@"
 */
export const words = (heap, fragment, suggestion) => [
  StarterKit.configure({ undoRedo: false, heading: { levels: [2, 3] }, link: { openOnClick: false, autolink: true } }),
  TaskList,
  FileNode,
  TaskItem.configure({ nested: true }),
  Collaboration.configure({ fragment }),
  Mention.configure({
    renderHTML: ({ node }) => ['a', { class: 'mention', href: `/notes/${heap}/${node.attrs.id}`, 'data-id': node.attrs.id }, node.attrs.label ?? say.untitled],
    renderText: ({ node }) => node.attrs.label ?? '',
    ...(suggestion ? { suggestion } : {}),
  }),
];

/** A heading's name in an address. @param {string} text */
export const slugOf = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '').slice(0, 60);

/** The headings of a text, as its outline wants them. @param {any} editor */
export function headingsOf(editor) {
  const found = [];
  editor?.state.doc.descendants((node, at) => {
    if (node.type.name === 'heading' && node.textContent.trim()) found.push({ at, text: node.textContent, level: node.attrs.level, slug: slugOf(node.textContent) });
    return node.type.name === 'doc';
  });
  return found;
}

/** Where the block of the cursor begins. @param {any} editor */
export const blockAt = (editor) => editor.state.doc.resolve(editor.state.selection.from).before(1);

/** What comes next is undone by itself, not with what was typed a moment before. @param {any} editor */
export const ownStep = (editor) => editor.state['y-undo$']?.undoManager?.stopCapturing();

/**
 * Move a block of the page one up or down; the cursor goes along.
 * @param {any} editor @param {number} at where it begins @param {-1 | 1} by @returns {boolean} whether there was room
 */
export function moveBlock(editor, at, by) {
  const { doc, tr } = editor.state;
  const index = doc.resolve(at).index(0);
  const node = doc.maybeChild(index);
  const other = doc.maybeChild(index + by);
  if (!node || !other) return false;
  ownStep(editor);
  const to = by < 0 ? at - other.nodeSize : at + other.nodeSize;
  editor.view.dispatch(tr.delete(at, at + node.nodeSize).insert(to, node).scrollIntoView());
  if (node.isTextblock || node.childCount) editor.commands.setTextSelection(Math.min(to + node.nodeSize - 1, editor.state.doc.content.size));
  return true;
}

/** An empty line below a block, the cursor in it. @param {any} editor @param {number} at */
export function insertBelow(editor, at) {
  const end = at + editor.state.doc.nodeAt(at).nodeSize;
  editor.chain().insertContentAt(end, { type: 'paragraph' }).setTextSelection(end + 1).focus().insertContent('/').run();
}

/** @param {any} editor @param {number} at */
export function removeBlock(editor, at) {
  ownStep(editor);
  editor.chain().deleteRange({ from: at, to: at + editor.state.doc.nodeAt(at).nodeSize }).focus().run();
}
