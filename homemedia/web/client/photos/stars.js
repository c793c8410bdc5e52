import { css, html } from '../vendor/lit.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { say } from './en.js';

/** One to five stars; the one that is given takes them away. Emits `photo-rated {rating}`. */
class PhotoStars extends Widget {
  static properties = { value: { type: Number }, fixed: { type: Boolean } };

  static styles = [reset, css`
    :host { display: inline-flex; margin-left: -6px; }
    button, span { position: relative; display: grid; place-items: center; width: 32px; height: 36px; border-radius: var(--radius); color: var(--text2); --icon: 20px; } .on { color: var(--accent); }
    @media (hover: hover) { button:hover { background: var(--hover); } } @media (pointer: coarse) { button { width: 44px; height: 44px; } }
  `];

  give(rating) {
    this.emit('photo-rated', { rating: rating === this.value ? null : rating });
  }

  keyed(event) {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const buttons = [...this.renderRoot.querySelectorAll('button')];
    buttons[Math.min(4, Math.max(0, buttons.indexOf(this.renderRoot.activeElement) + by))].focus();
  }

  render() {
    const value = this.value || 0;
    const star = (n) => html`<hm-icon name=${n <= value ? 'star-filled' : 'star'}></hm-icon>`;
    if (this.fixed) return html`${[1, 2, 3, 4, 5].map((n) => html`<span class=${n <= value ? 'on' : ''}>${star(n)}</span>`)}<span class="visually-hidden">${say.stars(value)}</span>`;
    return html`${[1, 2, 3, 4, 5].map((n) => html`<button type="button" class=${n <= value ? 'on' : ''} aria-label=${say.stars(n)} aria-pressed=${String(n === value)} @keydown=${this.keyed} @click=${() => this.give(n)}>${star(n)}</button>`)}`;
  }
}
customElements.define('photo-stars', PhotoStars);
