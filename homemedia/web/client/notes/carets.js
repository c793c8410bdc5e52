// The cursors of others, as they are drawn in a note.
import { CollaborationCaret } from '../vendor/editor.js';
import { say } from './en.js';

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

/** @param {any} note */
export const carets = (note) =>
  CollaborationCaret.extend({
    /**
     * A step of one's own that splits, joins or adds blocks takes all cursors away, and they are drawn again when somebody's
     * moves. Where one's own stays in its place nobody's does: files put above it would leave the others without theirs.
     */
    onTransaction({ transaction, editor }) {
      if (!transaction.docChanged || editor.state['yjs-cursor$']?.find().length) return;
      const others = [...note.awareness.getStates()].filter(([id, one]) => id !== note.doc.clientID && one.cursor);
      if (others.length) note.awareness.emit('change', [{ added: [], updated: others.map(([id]) => id), removed: [] }, 'carets']);
    },
  }).configure({ provider: note.provider, user: note.awareness.getLocalState()?.user ?? { name: say.someone }, render: caret, selectionRender: selection });
