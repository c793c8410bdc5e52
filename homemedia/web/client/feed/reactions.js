import { css, html, nothing } from '../vendor/lit.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { roving } from '../ui/tabs.js';
import { react } from './deeds.js';
import { talk as say } from './en.js';
import { REACTIONS } from './talk.js';

/** The six signs one may set at a clip, with how many did. `clip`; emits `hm-reacted {emoji}`. */
class ClipReactions extends Widget {
  static properties = { clip: { attribute: false } };

  static styles = [shared, css`
    :host { display: block; }
    .all { display: flex; gap: 4px; justify-content: center; }
    button { display: grid; justify-items: center; align-content: center; gap: 2px; width: 52px; height: 56px; border-radius: var(--radius-place); font: var(--font-12); color: var(--text2); font-variant-numeric: tabular-nums; transition: background-color var(--fast) ease-out; }
    .sign { font-size: 24px; line-height: 28px; font-family: "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", var(--face); } .number { min-height: 16px; }
    button[aria-pressed="true"] { background: var(--soft); color: var(--accent); font-weight: 600; } @media (hover: hover) { button:not([aria-pressed="true"]):hover { background: var(--hover); } }
    @media (max-width: 719.98px) { .all { gap: 2px; } button { width: 48px; } }
  `];

  async press(emoji) {
    if (await react(this.clip, emoji)) this.emit('hm-reacted', { emoji });
  }

  render() {
    if (!this.clip) return nothing;
    const reactions = this.clip.reactions ?? {};
    const first = REACTIONS.find((emoji) => reactions[emoji]?.reacted) ?? REACTIONS[0];
    return html`<div class="all" role="group" aria-label=${say.reactions} @keydown=${(event) => roving(event, this.renderRoot, 'button')}>${REACTIONS.map((emoji) => {
      const { count = 0, reacted: is = false } = reactions[emoji] ?? {};
      return html`<button type="button" tabindex=${emoji === first ? 0 : -1} aria-pressed=${String(is)} aria-label=${say.reaction(emoji, count)} title=${say.signs[emoji]} @click=${() => this.press(emoji)}><span class="sign" aria-hidden="true">${emoji}</span><span class="number">${count || nothing}</span></button>`;
    })}</div>`;
  }
}
customElements.define('hm-clip-reactions', ClipReactions);
