// What was watched in the last days, by day, below who watches now.
import { css, html, nothing } from '../vendor/lit.js';
import { artUrl } from '../api.js';
import { date, duration, join, percent, time } from '../format.js';
import { pictureById } from '../people.js';
import { QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { itemHref } from '../watch/links.js';
import { deviceWord, names } from './activity-words.js';
import { say } from './en.js';

const words = say.historyWords;
const DAYS = 7;
const AT_FIRST = 20;
const DAY_S = 86_400;

const dayOf = (seconds) => new Date(seconds * 1000).setHours(0, 0, 0, 0) / 1000;

/** "Today", "Yesterday", "Saturday, 10 October". @param {number} day Unix seconds of its beginning @param {number} nowS */
export function dayName(day, nowS) {
  if (day === dayOf(nowS)) return words.today;
  return day === dayOf(dayOf(nowS) - DAY_S / 2) ? words.yesterday : date(day, nowS * 1000);
}

/** Sittings by the day on which they began, in their order. @param {any[]} sittings @returns {[number, any[]][]} */
export function byDay(sittings) {
  const days = new Map();
  for (const one of sittings) days.set(dayOf(one.startedAt), [...(days.get(dayOf(one.startedAt)) ?? []), one]);
  return [...days];
}

/** "3 people · 12 h". @param {any[]} sittings */
export const summary = (sittings) => join(words.people(new Set(sittings.map((one) => one.user.id)).size), duration(sittings.reduce((sum, one) => sum + one.watched, 0)));

/** `people`: the members, for their pictures. */
class ActivityHistory extends Widget {
  static properties = { people: { attribute: false }, all: { state: true } };

  static styles = [shared, css`
    :host { display: block; }
    header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 2px 16px; padding-bottom: 6px; } header .second { font: var(--font-14); }
    h3 { font: var(--font-12); font-weight: 500; color: var(--text2); padding: 14px 0 6px; }
    ul { list-style: none; margin: 0; padding: 0; }
    li { display: grid; grid-template-columns: 96px minmax(0, 1fr) auto; gap: 0 16px; align-items: center; padding: 10px 0; border-top: 1px solid var(--line); }
    .art { border-radius: var(--radius); } .words { min-width: 0; } .words a { color: inherit; } .name { font: var(--font-14); font-weight: 600; }
    .who { display: flex; align-items: center; gap: 8px; margin-top: 4px; min-width: 0; font: var(--font-14); }
    .when { text-align: end; font: var(--font-14); white-space: nowrap; }
    hm-empty { border-top: 1px solid var(--line); } .more { margin-top: 12px; }
    @media (max-width: 719.98px) { li { grid-template-columns: 72px minmax(0, 1fr); } .when { grid-column: 2; text-align: start; margin-top: 4px; white-space: normal; display: flex; flex-wrap: wrap; gap: 0 8px; } .when .second { font: var(--font-14); } }
  `];

  history = new QueryController(this, () => `/api/home/playback/history?days=${DAYS}`, { poll: 60_000, maxAge: 0 });

  constructor() {
    super();
    this.all = false;
  }

  row(one) {
    const { title, second } = one.item ? names(one) : { title: one.title, second: words.gone };
    const href = one.item && itemHref(one.item);
    const isPoster = one.item?.thumbKind === 'poster' && one.item.art;
    return html`<li aria-label=${words.sittingOf(title, one.user.name)}>
      <hm-art class="art" ratio="16/9" src=${artUrl(one.item, { kind: isPoster ? 'art' : 'thumb', width: 96 }) ?? nothing} tone=${one.item?.thumbTone ?? nothing}></hm-art>
      <div class="words"><p class="name one-line">${href ? html`<a href=${href}>${title}</a>` : title}</p>${second ? html`<p class="second one-line">${second}</p>` : nothing}
        <p class="who"><hm-avatar size="20" name=${one.user.name} src=${pictureById(this.people, one.user.id) ?? nothing}></hm-avatar><span class="one-line">${join(one.user.name, deviceWord(one))}</span></p></div>
      <div class="when tabular"><p>${words.fromTo(time(one.startedAt), time(one.endedAt))}</p><p class="second">${join(one.watched ? duration(Math.max(one.watched, 60_000)) : '', one.finished ? words.toTheEnd : words.upTo(percent(one.percent / 100)))}</p></div></li>`;
  }

  listed({ sittings }) {
    if (!sittings.length) return html`<hm-empty plain icon="clock" heading=${words.nothing} text=${words.nothingText}></hm-empty>`;
    const shown = this.all ? sittings : sittings.slice(0, AT_FIRST);
    const nowS = Date.now() / 1000;
    return html`${byDay(shown).map(([day, ones]) => html`<h3>${dayName(day, nowS)}</h3><ul>${ones.map((one) => this.row(one))}</ul>`)}
      ${shown.length < sittings.length ? html`<hm-button class="more" kind="quiet" @click=${() => (this.all = true)}>${words.showAll(sittings.length)}</hm-button>` : nothing}`;
  }

  render() {
    const { data } = this.history;
    return html`<header><h2 class="t16">${words.title(DAYS)}</h2><p class="second tabular">${data?.sittings.length ? summary(data.sittings) : nothing}</p></header>
      ${this.history.render({ loading: () => html`<hm-skeleton kind="row" count="3"></hm-skeleton>`, data: (answer) => this.listed(answer) })}`;
  }
}
customElements.define('activity-history', ActivityHistory);
