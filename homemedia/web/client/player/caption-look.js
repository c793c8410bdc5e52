import { css, html } from '../vendor/lit.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { GROUNDS, PLACES, SIZES, STEP_MS } from './captions.js';
import { say } from './en.js';

/** Size, place and timing of subtitles. Tells `player-back`. */
class CaptionLook extends Widget {
  static properties = { captions: { attribute: false } };

  static styles = [reset, css`
    :host { display: block; }
    .panel { width: 384px; border-radius: var(--radius-place); background: var(--raised); color: var(--text); box-shadow: var(--shadow); padding: 10px; animation: appear var(--menu-time) ease-out; }
    @keyframes appear { from { opacity: 0; transform: translateY(4px); } }
    header { display: flex; align-items: center; gap: 4px; } h3, h4 { font: var(--font-12); color: var(--text2); } h4 { padding: 10px 10px 4px; margin: 0; }
    .beside { display: flex; flex-wrap: wrap; gap: 4px; padding: 0 6px; align-items: center; }
    .row { min-height: 40px; padding: 0 12px; border-radius: var(--radius); font: var(--font-14); } .row[aria-checked="true"] { background: var(--menu-hover); color: var(--accent); font-weight: 600; }
    .row:focus-visible { outline: none; background: var(--menu-hover); } @media (hover: hover) { .row:hover { background: var(--menu-hover); } }
    output { flex: 1; text-align: center; font-variant-numeric: tabular-nums; }
    @media (max-width: 719.98px) { .panel { width: 100%; border-radius: var(--radius-place) var(--radius-place) 0 0; padding-bottom: calc(16px + env(safe-area-inset-bottom, 0px)); } .row { min-height: 44px; } }
  `];

  firstUpdated() {
    this.renderRoot.querySelector('hm-icon-button')?.focus();
  }

  keyed(event) {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.emit('player-back');
  }

  set(change) {
    change(this.captions);
    this.requestUpdate();
  }

  radios(label, names, words, chosen, choose) {
    return html`<h4>${label}</h4><div class="beside" role="radiogroup" aria-label=${label}>${names.map((name) => html`<button class="row" type="button" role="radio" aria-checked=${String(name === chosen)} @click=${() => this.set(() => choose(name))}>${words[name]}</button>`)}</div>`;
  }

  render() {
    const { captions } = this;
    const by = (ms) => () => this.set(() => captions.setShift(captions.shift + ms));
    return html`<section class="panel" role="dialog" aria-label=${say.captionLook} @keydown=${this.keyed}>
      <header><hm-icon-button icon="chevron-left" label=${say.toChoices} @click=${() => this.emit('player-back')}></hm-icon-button><h3>${say.captionLook}</h3></header>
      ${this.radios(say.captionSize, SIZES, say.captionSizes, captions.size, (name) => captions.setSize(name))}
      ${this.radios(say.captionPlace, PLACES, say.captionPlaces, captions.place, (name) => captions.setPlace(name))}
      ${this.radios(say.captionGround, GROUNDS, say.captionGrounds, captions.ground, (name) => captions.setGround(name))}
      <h4>${say.captionTiming}</h4>
      <div class="beside"><hm-icon-button icon="minus" label=${say.earlier} @click=${by(-STEP_MS)}></hm-icon-button><output>${captions.shift === 0 ? say.inTime : say.shifted(captions.shift / 1000)}</output><hm-icon-button icon="plus" label=${say.later} @click=${by(STEP_MS)}></hm-icon-button></div></section>`;
  }
}
customElements.define('player-caption-look', CaptionLook);
