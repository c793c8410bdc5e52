// The node of a file in a note's words: its element, and what may be changed of it.
import { Node, mergeAttributes } from '../vendor/editor.js';
import { ownStep } from './blocks.js';
import './file-block.js';

/** Who draws a file may change its place in the note: what its menu asks for. */
const handleOf = (editor, getPos) => ({
  get canWrite() {
    return editor.isEditable;
  },
  set: (attrs) => {
    ownStep(editor);
    editor.chain().command(({ tr }) => Boolean(tr.setNodeMarkup(getPos(), undefined, { ...tr.doc.nodeAt(getPos()).attrs, ...attrs }))).run();
  },
  remove: () => {
    ownStep(editor);
    editor.chain().deleteRange({ from: getPos(), to: getPos() + 1 }).focus().run();
  },
});

const show = (dom, { attrs }) => Object.assign(dom, { block: attrs.id, name: attrs.name, bytes: Number(attrs.size), mime: attrs.mime, wide: attrs.wide });

export const FileNode = Node.create({
  name: 'file',
  group: 'block',
  atom: true,
  draggable: true,
  addAttributes: () => ({ id: { default: null }, name: { default: '' }, size: { default: 0 }, mime: { default: '' }, wide: { default: null } }),
  parseHTML: () => [{ tag: 'hm-file-block' }],
  renderHTML: ({ HTMLAttributes }) => ['hm-file-block', mergeAttributes(HTMLAttributes)],
  addNodeView:
    () =>
    ({ node, editor, getPos }) => {
      const dom = show(document.createElement('hm-file-block'), node);
      dom.place = handleOf(editor, getPos);
      return {
        dom,
        update: (next) => next.type.name === 'file' && next.attrs.id === dom.block && Boolean(show(dom, next)),
        ignoreMutation: () => true,
        stopEvent: (event) => !event.type.startsWith('drag') && event.type !== 'drop' && event.type !== 'mousedown',
      };
    },
});
