// What opens while one types: "/" for a block, "@" for another note. One list, kept by the editor's own suggestion.
import { say } from './en.js';

const BLOCKS = [
  ['h1', 'heading', (chain) => chain.setHeading({ level: 2 })],
  ['h2', 'heading', (chain) => chain.setHeading({ level: 3 })],
  ['tasks', 'tick-circle', (chain) => chain.toggleTaskList()],
  ['list', 'list', (chain) => chain.toggleBulletList()],
  ['numbers', 'list', (chain) => chain.toggleOrderedList()],
  ['quote', 'send', (chain) => chain.toggleBlockquote()],
  ['code', 'key', (chain) => chain.toggleCodeBlock()],
  ['file', 'upload', null],
  ['rule', 'minus', (chain) => chain.setHorizontalRule()],
];

/** Blocks whose name holds what was typed behind the slash. @param {string} query */
export const blocksLike = (query) =>
  BLOCKS.map(([id, icon, run]) => ({ id, icon, run, label: say.blocks[id] })).filter((one) => one.label.toLowerCase().includes(query.toLowerCase()));

/**
 * Draws a suggestion's list beside the cursor.
 * @param {HTMLElement} host where it is drawn
 * @returns {() => object} as `render` of a suggestion wants it
 */
export function listBeside(host) {
  return () => {
    const box = document.createElement('div');
    box.className = 'suggestions';
    box.setAttribute('role', 'listbox');
    let props = null;
    let chosen = 0;
    const draw = () => {
      box.replaceChildren(...props.items.map((item, index) => {
        const row = document.createElement('button');
        row.type = 'button';
        row.setAttribute('role', 'option');
        row.setAttribute('aria-selected', String(index === chosen));
        const sign = document.createElement('hm-icon');
        sign.setAttribute('name', item.icon);
        row.append(sign, item.label);
        row.addEventListener('mousedown', (event) => {
          event.preventDefault();
          props.command(item);
        });
        return row;
      }));
      const at = props.clientRect?.();
      const frame = host.getBoundingClientRect();
      box.hidden = !at || props.items.length === 0;
      if (!at) return;
      box.style.setProperty('--x', `${Math.max(0, Math.min(at.left - frame.left, frame.width - 240))}px`);
      box.style.setProperty('--y', `${at.bottom - frame.top + 4}px`);
    };
    return {
      onStart(given) {
        [props, chosen] = [given, 0];
        host.append(box);
        draw();
      },
      onUpdate(given) {
        [props, chosen] = [given, Math.min(chosen, Math.max(0, given.items.length - 1))];
        draw();
      },
      onKeyDown({ event }) {
        const n = props.items.length;
        if (event.key === 'Escape') {
          box.hidden = true;
          return true;
        }
        if (!n || box.hidden) return false;
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
          chosen = (chosen + (event.key === 'ArrowDown' ? 1 : n - 1)) % n;
          draw();
          return true;
        }
        if (event.key !== 'Enter' && event.key !== 'Tab') return false;
        props.command(props.items[chosen]);
        return true;
      },
      onExit: () => box.remove(),
    };
  };
}
