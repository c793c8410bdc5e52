import { css, html, LitElement, nothing } from '../vendor/lit.js';
import { count } from '../format.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { redate, rezone, shift } from './edits.js';
import { withOffset, zoneNames } from './zones.js';

const HOUR = 60;
const DAY = 24 * HOUR;
const KEEP = '';

/** Another date for chosen photos: one for all, all of them later or earlier, or the clocks of another zone. */
class DateDialog extends LitElement {
  static properties = { photos: { attribute: false }, how: { state: true }, problem: { state: true } };

  static styles = [shared, css`
    form { display: grid; gap: 16px; padding-top: 12px; } .two { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; } .three { display: grid; grid-template-columns: repeat(3, 1fr); gap: 12px; } p { color: var(--text2); }
  `];

  constructor() {
    super();
    this.how = 'shift';
    this.problem = null;
  }

  finish(done) {
    this.done(done);
    this.remove();
  }

  value(name) {
    return this.renderRoot.querySelector(`[name="${name}"]`)?.value ?? '';
  }

  submit(event) {
    event.preventDefault();
    const { photos } = this;
    if (this.how === 'set') {
      const [day, time, zone] = [this.value('day'), this.value('time') || '00:00', this.value('zone')];
      if (!day) return;
      const local = `${day}T${time.length === 5 ? `${time}:00` : time}`;
      redate(photos, zone ? withOffset(local, zone) : withOffset(local, Intl.DateTimeFormat().resolvedOptions().timeZone), zone || null);
    } else if (this.how === 'zone') {
      if (!this.value('zone')) return;
      rezone(photos, this.value('zone'));
    } else {
      const [days, hours, minutes] = ['days', 'hours', 'minutes'].map((name) => Math.trunc(Number(this.value(name))) || 0);
      const by = (this.value('way') === 'earlier' ? -1 : 1) * (days * DAY + hours * HOUR + minutes);
      if (!by) {
        this.problem = say.howFar;
        return;
      }
      shift(photos, by);
    }
    this.finish(true);
  }

  zones(first) {
    return html`<hm-field name="zone" type="select" label=${say.timeZone} .options=${[{ value: KEEP, label: first }, ...zoneNames().map((value) => ({ value, label: value.replaceAll('_', ' ') }))]}></hm-field>`;
  }

  fields() {
    const number = (name, label) => html`<hm-field name=${name} type="number" label=${label} min="0" max="99999" inputmode="numeric" value="0"></hm-field>`;
    if (this.how === 'set') return html`<p>${say.oneDateText}</p><div class="two"><hm-field name="day" type="date" label=${say.day} required></hm-field><hm-field name="time" type="time" label=${say.time} value="12:00"></hm-field></div>${this.zones(say.zoneHere)}`;
    if (this.how === 'zone') return html`<p>${say.zoneText}</p>${this.zones(say.chooseZone)}`;
    return html`<p>${say.shiftText}</p><hm-field name="way" type="select" hide-label label=${say.moveDate} value="later" .options=${[{ value: 'later', label: say.later }, { value: 'earlier', label: say.earlier }]}></hm-field>
      <div class="three">${number('days', say.days)}${number('hours', say.hours)}${number('minutes', say.minutes)}</div>${this.problem ? html`<p class="bad" role="alert">${this.problem}</p>` : nothing}`;
  }

  render() {
    return html`<hm-dialog open heading=${say.dateOf(this.photos.length, count(this.photos.length))} @hm-close=${() => this.finish(false)}>
      <form @submit=${this.submit}><hm-segmented wide label=${say.changeDate} value=${this.how} .options=${['shift', 'set', 'zone'].map((value) => ({ value, label: say.dateWays[value] }))} @hm-change=${(event) => (this.how = event.detail.value)}></hm-segmented>${this.fields()}</form>
      <hm-button slot="actions" kind="quiet" @click=${() => this.finish(false)}>${say.cancel}</hm-button>
      <hm-button slot="actions" kind="primary" @click=${(event) => this.submit(event)}>${say.save}</hm-button></hm-dialog>`;
  }
}
customElements.define('photo-date-dialog', DateDialog);

/** @param {{id: string}[]} photos @returns {Promise<boolean>} whether it was changed */
export function changeDates(photos) {
  return new Promise((done) => {
    document.body.append(Object.assign(document.createElement('photo-date-dialog'), { photos, done }));
  });
}
