// The blocks of a note that is open: where they stand, and how they move.

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

/**
 * Move a block before another place between two blocks.
 * @param {any} editor @param {number} at where it begins @param {number} to a place between blocks
 */
export function moveTo(editor, at, to) {
  const { doc, tr } = editor.state;
  const node = doc.nodeAt(at);
  if (!node || (to >= at && to <= at + node.nodeSize)) return;
  ownStep(editor);
  tr.delete(at, at + node.nodeSize);
  editor.view.dispatch(tr.insert(tr.mapping.map(to), node).scrollIntoView());
}

/**
 * Put blocks of files into a note; there is always a line to write on behind them. An empty line stays and goes down: who has
 * his cursor in it keeps it, as he would not if the line were taken away.
 * @param {any} editor @param {object[]} nodes @param {number} at
 */
export function insertFiles(editor, nodes, at) {
  const { doc } = editor.state;
  const place = doc.resolve(Math.min(at, doc.content.size));
  const isBefore = place.depth === 1 && place.parentOffset === 0;
  const from = place.depth ? (isBefore ? place.before(1) : place.after(1)) : place.pos;
  ownStep(editor);
  editor.chain().insertContentAt(from, doc.resolve(from).nodeAfter ? nodes : [...nodes, { type: 'paragraph' }], { updateSelection: false }).run();
  const after = from + nodes.length; // each takes one step
  if (editor.state.doc.nodeAt(after)?.isTextblock) editor.commands.setTextSelection(after + 1);
}
