import { LitElement, css, html } from '../vendor/lit.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';

const AGES = [0, 6, 7, 8, 10, 12, 13, 14, 15, 16, 17, 18];
const STREAMS = [1, 2, 3, 4, 6];
const RATES = [1, 2, 4, 8, 12, 20, 40];
const MEGA = 1_000_000;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const AFTERNOON = { days: DAYS, from: '15:00', to: '19:30' };

export const UNRESTRICTED = {
  maxAge: null, allowedRatings: [], blockedRatings: [], blockUnrated: false, allowedLabels: [], blockedLabels: [],
  allowTranscode: true, allowDownload: true, maxStreams: null, maxBitrate: null, schedule: [],
};
const words = say.limitWords;

/** What is taken away, in a few words; "" where nothing is. @param {Partial<typeof UNRESTRICTED> | null} limits */
export function limitsInWords(limits) {
  const { maxAge, schedule, maxStreams, allowDownload, allowedLabels, blockedLabels, allowedRatings, blockedRatings } = { ...UNRESTRICTED, ...limits };
  const found = [
    maxAge === null ? '' : words.upTo(maxAge),
    allowedRatings.length + blockedRatings.length ? words.byRating : '',
    allowedLabels.length + blockedLabels.length ? words.byLabel : '',
    schedule.length ? words.byTime : '',
    maxStreams === null ? '' : words.atOnce(maxStreams),
    allowDownload ? '' : words.noDownload,
  ];
  return found.filter(Boolean).join(' · ');
}

/**
 * What is taken away from a member. `value` (whole or in part) is never changed in place; `hm-change {change}` brings
 * what differs. `ratings` and `labels` are offered while typing.
 */
class RestrictionsEditor extends LitElement {
  static properties = { value: { attribute: false }, ratings: { attribute: false }, labels: { attribute: false }, problem: { attribute: false } };

  static styles = [shared, css`
    :host { display: flex; flex-direction: column; gap: 20px; }
    .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(200px, 100%), 1fr)); gap: 20px 16px; align-items: start; }
    .title { font: var(--font-14); font-weight: 500; margin-bottom: 6px; }
    .window { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; padding: 12px; border-radius: var(--radius); box-shadow: inset 0 0 0 1px var(--line); }
    .window + .window { margin-top: 8px; }
    .days { display: flex; flex-wrap: wrap; gap: 4px; }
    .day { min-width: 40px; height: 32px; padding: 0 6px; border-radius: var(--round); box-shadow: inset 0 0 0 1px var(--line); font: var(--font-12); font-weight: 500; color: var(--text2); }
    .day[aria-pressed="true"] { background: var(--soft); color: var(--accent); box-shadow: none; }
    .times { display: flex; align-items: center; gap: 8px; flex: 1 1 auto; } .times hm-field { width: 136px; } .times hm-icon-button { margin-left: auto; }
    .more { margin-top: 12px; }
    @media (max-width: 719.98px) { .day { height: 44px; min-width: 0; padding: 0; } .days { display: grid; grid-template-columns: repeat(7, 1fr); } .days, .times { width: 100%; } .times hm-field { flex: 1 1 0; } }
  `];

  constructor() {
    super();
    this.value = UNRESTRICTED;
    this.ratings = [];
    this.labels = [];
    this.problem = null;
  }

  get limits() {
    return { ...UNRESTRICTED, ...this.value };
  }

  /** As the server does: who sets a first limit by age or rating hides, with it, what nobody rated. */
  change(change) {
    const { limits } = this;
    const isFirst = limits.maxAge === null && limits.allowedRatings.length === 0;
    const limitsRatings = (change.maxAge ?? null) !== null || change.allowedRatings?.length > 0;
    const whole = isFirst && limitsRatings && !('blockUnrated' in change) ? { ...change, blockUnrated: true } : change;
    this.dispatchEvent(new CustomEvent('hm-change', { detail: { change: whole }, bubbles: true, composed: true }));
  }

  render() {
    const { limits } = this;
    return html`
      <div class="pair">
        ${this.number('maxAge', limits.maxAge, AGES, words.years, words.anyAge)}
        <hm-switch label=${words.blockUnrated} hint=${words.blockUnratedHint} ?checked=${limits.blockUnrated} @hm-change=${(event) => this.flip(event, 'blockUnrated')}></hm-switch></div>
      <div class="pair">${this.chips('allowedRatings', this.ratings)}${this.chips('blockedRatings', this.ratings)}</div>
      <div class="pair">${this.chips('allowedLabels', this.labels)}${this.chips('blockedLabels', this.labels)}</div>
      ${this.schedule(limits.schedule)}
      <div class="pair">${this.number('maxStreams', limits.maxStreams, STREAMS, words.films, words.serverLimit)}
        ${this.number('maxBitrate', limits.maxBitrate, RATES.map((rate) => rate * MEGA), (bits) => words.mbit(bits / MEGA), words.noLimit)}</div>
      <hm-switch label=${words.allowTranscode} hint=${words.allowTranscodeHint} ?checked=${limits.allowTranscode} @hm-change=${(event) => this.flip(event, 'allowTranscode')}></hm-switch>
      <hm-switch label=${words.allowDownload} ?checked=${limits.allowDownload} @hm-change=${(event) => this.flip(event, 'allowDownload')}></hm-switch>`;
  }

  flip(event, name) {
    event.stopPropagation();
    this.change({ [name]: event.detail.checked });
  }

  number(name, value, choices, label, none) {
    const all = value === null || choices.includes(value) ? choices : [...choices, value].sort((a, b) => a - b);
    const options = [{ value: '', label: none }, ...all.map((n) => ({ value: String(n), label: label(n) }))];
    return html`<hm-field type="select" label=${words[name]} .value=${value === null ? '' : String(value)} .options=${options} error=${this.problem?.field?.(name) ?? ''}
      @change=${(event) => this.change({ [name]: event.target.value === '' ? null : Number(event.target.value) })}></hm-field>`;
  }

  chips(name, suggestions) {
    const set = (event) => {
      event.stopPropagation();
      this.change({ [name]: event.detail.values });
    };
    const error = this.problem?.field?.(name) ?? '';
    return html`<hm-chips-field label=${words[name]} hint=${words.hints[name]} .values=${this.limits[name]} .suggestions=${suggestions} maxlength="50" error=${error} @hm-change=${set}></hm-chips-field>`;
  }

  schedule(windows) {
    const put = (index, change) => this.change({ schedule: windows.map((one, at) => (at === index ? { ...one, ...change } : one)) });
    const drop = (index) => this.change({ schedule: windows.filter((_, at) => at !== index) });
    return html`<div role="group" aria-label=${words.schedule}><p class="title">${words.schedule}</p>
      ${windows.length ? windows.map((one, index) => this.window(one, index, put, drop)) : html`<p class="hint">${words.always}</p>`}
      <hm-button class="more" size="small" icon="plus" @click=${() => this.change({ schedule: [...windows, AFTERNOON] })}>${words.addTime}</hm-button></div>`;
  }

  window(one, index, put, drop) {
    const flip = (day) => {
      const days = DAYS.filter((other) => (other === day ? !one.days.includes(day) : one.days.includes(other)));
      if (days.length) put(index, { days }); // a time on no day would say nothing
    };
    const time = (name, label) => html`<hm-field type="time" hide-label label=${label} .value=${one[name]} required @change=${(event) => event.target.value && put(index, { [name]: event.target.value })}></hm-field>`;
    return html`<div class="window">
      <div class="days">${DAYS.map((day) => html`<button class="day" type="button" aria-pressed=${String(one.days.includes(day))} @click=${() => flip(day)}>${words.days[day]}</button>`)}</div>
      <div class="times">${time('from', words.from)}<span>–</span>${time('to', words.to)}
        <hm-icon-button icon="x" label=${words.dropTime} @click=${() => drop(index)}></hm-icon-button></div></div>`;
  }
}
customElements.define('restrictions-editor', RestrictionsEditor);
