import { css, html, nothing } from '../vendor/lit.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { say } from './en.js';
import { commonPlace } from './items.js';
import { dayWords, howMany } from './words.js';

/** The words over a day's photos: which day, where most were taken, how many. */
class PhotoDay extends Widget {
  static properties = { day: { type: String }, photos: { attribute: false }, picking: { type: Boolean, reflect: true }, chosen: { type: Boolean } };

  static styles = [reset, css`
    :host { display: flex; align-items: center; gap: 12px; height: 48px; padding-bottom: 4px; white-space: nowrap; }
    h2 { font: var(--font-16); letter-spacing: -0.008em; overflow: hidden; text-overflow: ellipsis; } .where { font: var(--font-14); color: var(--text2); overflow: hidden; text-overflow: ellipsis; } .many { margin-left: auto; font: var(--font-12); color: var(--text3); font-variant-numeric: tabular-nums; }
    button { display: grid; place-items: center; flex: none; width: 24px; height: 24px; border-radius: 50%; color: var(--text2); opacity: 0; margin-left: -4px; transition: opacity var(--fast) ease-out; }
    button[aria-pressed="true"] { color: var(--accent); }
    @media (hover: hover) { :host(:hover) button { opacity: 1; } } button:focus-visible, :host([picking]) button { opacity: 1; }
    @media (hover: none) { :host(:not([picking])) button { display: none; } }
    @media (max-width: 719.98px) { :host { height: 52px; padding: 0 16px; } .many { display: none; } .where { margin-left: auto; font: var(--font-12); color: var(--text3); } button { width: 44px; height: 44px; margin: 0 -10px; } }
  `];

  render() {
    const day = dayWords(this.day);
    return html`<h2>${day}</h2><span class="where">${commonPlace(this.photos) ?? nothing}</span>
      <button type="button" aria-label=${say.chooseDay(day)} aria-pressed=${String(Boolean(this.chosen))} @click=${() => this.emit('photo-day', { photos: this.photos, chosen: !this.chosen })}><hm-icon name="tick-circle"></hm-icon></button>
      <span class="many">${howMany(this.photos)}</span>`;
  }
}
customElements.define('photo-day', PhotoDay);
