import { css, html, nothing } from '../vendor/lit.js';
import { Widget } from './element.js';
import { say } from './en.js';
import { reset } from './styles.js';
import { roving } from './tabs.js';

const LETTERS = ['#', ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Letters beside a grid sorted by title; those without anything are pale. */
export class LetterBar extends Widget {
  static properties = { letters: { attribute: false }, value: { type: String }, backwards: { type: Boolean } };

  static styles = [reset, css`
    :host { display: block; position: sticky; top: calc(var(--top) + 8px); width: 24px; height: max-content; margin-right: -12px; user-select: none; touch-action: none; }
    button { display: grid; place-items: center; width: 24px; height: 24px; max-height: calc((100vh - var(--top) - 32px) / 27); border-radius: var(--radius); font: var(--font-12); font-weight: 500; color: var(--text2); }
    button:disabled { color: var(--text3); opacity: .55; cursor: default; }
    button[aria-current] { background: var(--accent); color: var(--on); font-weight: 600; }
    button:focus-visible { outline-offset: -1px; }
    @media (hover: hover) { button:hover:not(:disabled, [aria-current]) { background: var(--hover); color: var(--text); } }
    @media (max-width: 719.98px) { :host { display: none; } }
  `];

  /** @param {string} letter */
  choose(letter) {
    if (letter === this.value || !this.letters?.[letter]) return;
    this.value = letter;
    let index = 0;
    for (const before of this.all) {
      if (before === letter) break;
      index += this.letters?.[before] ?? 0;
    }
    this.emit('hm-change', { value: letter, index });
  }

  /** Letters of the list itself, in its order, `backwards` from Z; other alphabets come after Z as the server sends them. */
  get all() {
    const all = [...LETTERS, ...Object.keys(this.letters ?? {}).filter((letter) => !LETTERS.includes(letter))];
    return this.backwards ? all.reverse() : all;
  }

  /** Which letter stands at an item's place in the list. */
  letterAt(index) {
    let sum = 0;
    for (const letter of this.all) {
      sum += this.letters?.[letter] ?? 0;
      if (index < sum) return letter;
    }
    return null;
  }

  drag(event) {
    if (event.buttons === 0) return;
    const under = this.renderRoot.elementFromPoint?.(event.clientX, event.clientY);
    if (under?.dataset?.letter) this.choose(under.dataset.letter);
  }

  render() {
    return html`<nav aria-label=${say.letters} @pointermove=${this.drag} @keydown=${(event) => roving(event, this.renderRoot, 'button:not(:disabled)')}>
      ${this.all.map((letter) => html`<button type="button" data-letter=${letter} ?disabled=${!this.letters?.[letter]} aria-label=${say.jumpTo(letter)} aria-current=${letter === this.value ? 'true' : nothing}
        tabindex=${letter === (this.value ?? this.all.find((one) => this.letters?.[one])) ? 0 : -1} @click=${() => this.choose(letter)}>${letter}</button>`)}</nav>`;
  }
}
customElements.define('hm-letter-bar', LetterBar);
