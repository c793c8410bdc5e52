import { css, html } from '../vendor/lit.js';
import { percent } from '../format.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { vars } from '../ui/vars.js';
import { say } from './en.js';

/** Mute and, with a mouse, a slider; phones have keys of their own for it. Tells `player-volume {value}` and `player-mute`. */
class Volume extends Widget {
  static properties = { value: { type: Number }, muted: { type: Boolean } };

  static styles = [reset, css`
    :host { display: flex; align-items: center; gap: 8px; } hm-icon-button { --ground: transparent; }
    input { appearance: none; -webkit-appearance: none; width: 88px; height: 24px; background: none; cursor: pointer; border-radius: 4px; }
    input::-webkit-slider-runnable-track { height: 4px; border-radius: 2px; background: linear-gradient(to right, #fff var(--full), rgb(255 255 255 / .3) var(--full)); }
    input::-moz-range-track { height: 4px; border-radius: 2px; background: linear-gradient(to right, #fff var(--full), rgb(255 255 255 / .3) var(--full)); }
    input::-webkit-slider-thumb { -webkit-appearance: none; width: 12px; height: 12px; margin-top: -4px; border-radius: 50%; background: #fff; opacity: 0; }
    input::-moz-range-thumb { width: 12px; height: 12px; border: 0; border-radius: 50%; background: #fff; opacity: 0; }
    input:hover::-webkit-slider-thumb, input:focus-visible::-webkit-slider-thumb { opacity: 1; }
    input:hover::-moz-range-thumb, input:focus-visible::-moz-range-thumb { opacity: 1; }
    @media (pointer: coarse) { input { display: none; } }
  `];

  /** The slider's arrows are its own: the page's would seek. */
  keyed(event) {
    if (event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End') event.stopPropagation();
  }

  render() {
    const shown = this.muted ? 0 : this.value;
    const icon = shown === 0 ? 'volume-off' : shown < 0.5 ? 'volume-low' : 'volume';
    return html`<hm-icon-button size="large" on-picture icon=${icon} label=${this.muted ? say.unmute : say.mute} @click=${() => this.emit('player-mute')}></hm-icon-button>
      <input type="range" min="0" max="1" step="0.05" .value=${String(shown)} aria-label=${say.volume} aria-valuetext=${percent(shown)} ${vars({ '--full': `${shown * 100}%` })}
        @input=${(event) => this.emit('player-volume', { value: Number(event.target.value) })} @keydown=${this.keyed}>`;
  }
}
customElements.define('player-volume', Volume);
