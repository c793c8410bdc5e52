// What a note is made of, the same wherever it is shown: while one writes, and as it was.
import { Collaboration, Mention, StarterKit, TaskItem, TaskList } from '../vendor/editor.js';
import { say } from './en.js';
import { FileNode } from './file-node.js';

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
