import { css, html } from '../vendor/lit.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { vars } from '../ui/vars.js';

/** A line one drags on, 4 high. Tells `slide {value}` while it is moved and `slid {value}` when let go. */
class Slider extends Widget {
  static shadowRootOptions = { ...Widget.shadowRootOptions, delegatesFocus: true };
  static properties = { value: { type: Number }, max: { type: Number }, step: { type: Number }, label: { type: String }, text: { type: String }, disabled: { type: Boolean }, held: { state: true } };

  static styles = [reset, css`
    :host { display: block; min-width: 0; }
    input { display: block; appearance: none; -webkit-appearance: none; width: 100%; height: 24px; background: none; cursor: pointer; border-radius: 4px; --rest: var(--slider-rest, var(--line)); touch-action: pan-y; }
    input:disabled { cursor: default; }
    input::-webkit-slider-runnable-track { height: 4px; border-radius: 2px; background: linear-gradient(to right, var(--accent) var(--full), var(--rest) var(--full)); }
    input::-moz-range-track { height: 4px; border-radius: 2px; background: linear-gradient(to right, var(--accent) var(--full), var(--rest) var(--full)); }
    input::-webkit-slider-thumb { -webkit-appearance: none; width: 12px; height: 12px; margin-top: -4px; border-radius: 50%; background: var(--accent); opacity: 0; transition: opacity var(--fast) ease-out; }
    input::-moz-range-thumb { width: 12px; height: 12px; border: 0; border-radius: 50%; background: var(--accent); opacity: 0; }
    input:hover::-webkit-slider-thumb, input:focus-visible::-webkit-slider-thumb { opacity: 1; }
    input:hover::-moz-range-thumb, input:focus-visible::-moz-range-thumb { opacity: 1; }
    @media (pointer: coarse) { input { height: 44px; } input::-webkit-slider-thumb, input::-moz-range-thumb { opacity: 1; } }
  `];

  get shown() {
    return this.held ?? this.value ?? 0;
  }

  moved(event) {
    this.held = Number(event.target.value);
    this.emit('slide', { value: this.held });
  }

  let(event) {
    this.held = null;
    this.emit('slid', { value: Number(event.target.value) });
  }

  render() {
    const max = this.max > 0 ? this.max : 1;
    const shown = Math.min(max, this.shown);
    return html`<input type="range" min="0" max=${max} step=${this.step ?? 'any'} .value=${String(shown)} ?disabled=${this.disabled} aria-label=${this.label} aria-valuetext=${this.text} ${vars({ '--full': `${(shown / max) * 100}%` })}
      @input=${this.moved} @change=${this.let}>`;
  }
}
customElements.define('music-slider', Slider);
