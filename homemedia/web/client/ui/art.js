import { css, html, nothing } from '../vendor/lit.js';
import { Widget } from './element.js';
import { reset } from './styles.js';

/**
 * Where to put a picture in a box it does not fit, so that the point of interest stays inside: object-position in percent.
 * @param {[number, number] | null} point 0–1 @param {number} picture aspect @param {number} box aspect
 */
export function positionFor(point, picture, box) {
  if (!Array.isArray(point)) return '50% 50%';
  const along = (at, seen) => (seen >= 1 ? 50 : Math.round(Math.min(1, Math.max(0, (at - seen / 2) / (1 - seen))) * 1000) / 10);
  return `${along(point[0], box / picture)}% ${along(point[1], picture / box)}%`;
}

/** A picture that fades in over its tone in 120 ms. What stands in the slot lies on it. */
export class Art extends Widget {
  static properties = {
    src: { type: String },
    alt: { type: String },
    tone: { type: String },
    point: { attribute: false },
    ratio: { type: String, reflect: true },
    radius: { type: String, reflect: true },
    eager: { type: Boolean },
    state: { type: String, reflect: true },
    aspect: { state: true },
  };

  static styles = [reset, css`
    :host { display: block; position: relative; overflow: hidden; border-radius: var(--radius); background: var(--tone, var(--hover)); aspect-ratio: var(--ratio, 16 / 9); isolation: isolate; }
    :host([ratio="fill"]) { aspect-ratio: auto; width: 100%; height: 100%; }
    :host([radius="place"]) { border-radius: var(--radius-place); }
    :host([radius="none"]) { border-radius: 0; }
    img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; object-position: var(--at, 50% 50%); opacity: 0; transition: opacity var(--fast) ease-out; filter: var(--art-filter, none); }
    :host([state="there"]) img { opacity: 1; }
    :host([state="at-once"]) img { opacity: 1; transition: none; }
    /* the hairline keeps pale pictures from running into the paper */
    .edge { position: absolute; inset: 0; border-radius: inherit; box-shadow: inset 0 0 0 1px rgb(128 120 110 / .18); pointer-events: none; }
    slot { position: relative; z-index: 1; }
  `];

  constructor() {
    super();
    this.state = 'waiting';
    this.aspect = 16 / 9;
  }

  willUpdate(changed) {
    if (changed.has('src')) this.state = 'waiting';
  }

  updated(changed) {
    if (!changed.has('src') || !this.src) return;
    const img = this.renderRoot.querySelector('img');
    if (img?.complete && img.naturalWidth > 0) this.loaded('at-once', img); // kept by the browser: no fade on the way back
  }

  loaded(state, img) {
    this.state = state;
    if (img.naturalHeight > 0) this.aspect = img.naturalWidth / img.naturalHeight;
    this.emit('hm-loaded', { width: img.naturalWidth, height: img.naturalHeight });
  }

  render() {
    const fills = this.ratio === 'fill';
    const [across, down] = fills ? [this.clientWidth || 16, this.clientHeight || 9] : (this.ratio ?? '16/9').split('/').map(Number);
    const set = { '--ratio': this.ratio && !fills ? `${across} / ${down}` : null, '--tone': this.tone ?? null, '--at': positionFor(this.point, this.aspect, across / down) };
    for (const [name, value] of Object.entries(set)) value === null ? this.style.removeProperty(name) : this.style.setProperty(name, value);
    return html`${this.src
      ? html`<img src=${this.src} alt=${this.alt ?? ''} loading=${this.eager ? 'eager' : 'lazy'} decoding="async"
          @load=${(event) => this.state === 'waiting' && this.loaded('there', event.target)} @error=${() => { this.state = 'failed'; }}>`
      : nothing}<slot></slot><div class="edge"></div>`;
  }
}
customElements.define('hm-art', Art);
