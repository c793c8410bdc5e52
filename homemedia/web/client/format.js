// The one formatter. Dates are Unix seconds, durations milliseconds, as the API sends them.
import { say } from './en.js';

const LANGUAGE = document.documentElement.lang || 'en';
const LOCALE = LANGUAGE === 'en' ? 'en-GB' : LANGUAGE; // our English writes the day before the month and counts hours to 24
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY_S = 86_400;

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 });
const clockTime = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dayMonth = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'long' });
const weekdayDayMonth = new Intl.DateTimeFormat(LOCALE, { weekday: 'long', day: 'numeric', month: 'long' });
const dayMonthYear = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'long', year: 'numeric' });
const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: 'long' });
const SIZES = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'];
const two = (n) => String(n).padStart(2, '0');

/** "1 h 58 min", "10 min", "2 h", under a minute "40 s". @param {number} ms @returns {string} */
export function duration(ms) {
  if (!Number.isFinite(ms) || ms <= 0) return '';
  if (ms < MINUTE) return `${Math.max(1, Math.round(ms / 1000))} s`;
  const minutes = Math.round(ms / MINUTE);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${whole.format(hours)} h` : `${whole.format(hours)} h ${two(rest)} min`;
}

/** "41 min left". @param {number} ms */
export const left = (ms) => (ms > 0 ? say.left(duration(Math.max(ms, MINUTE))) : '');

/** "ends at 22:47". @param {number} msLeft @param {number} [nowMs] */
export const endsAt = (msLeft, nowMs = Date.now()) => say.endsAt(clockTime.format(nowMs + msLeft));

/** "0:24", "41:08", "1:02:03". @param {number} ms */
export function clock(ms) {
  const seconds = Math.max(0, Math.floor((Number.isFinite(ms) ? ms : 0) / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** "268 GB", "1.8 TB", powers of 1,000 as drives are sold. @param {number} bytes */
export function size(bytes) {
  if (!Number.isFinite(bytes)) return '';
  let step = 0;
  let value = Math.max(0, bytes);
  while (value >= 999.5 && step < SIZES.length - 1) {
    value /= 1000;
    step += 1;
  }
  return `${(step > 0 && value < 99.95 && step !== 1 ? oneDigit : whole).format(step > 1 ? value : Math.round(value))} ${SIZES[step]}`;
}

/** "31,850". @param {number} n */
export const count = (n) => whole.format(n);

/** "186 films", "1 film". @param {number} n @param {string} one @param {string} many */
export const counted = (n, one, many) => `${whole.format(n)} ${n === 1 ? one : many}`;

/** "34 %". @param {number} fraction 0–1 */
export const percent = (fraction) => `${whole.format(Math.round(fraction * 100))} %`;

/** "21 Mbit/s". @param {number} bitsPerSecond */
export const bitrate = (bitsPerSecond) =>
  bitsPerSecond >= 1e6 ? `${whole.format(Math.round(bitsPerSecond / 1e6))} Mbit/s` : `${whole.format(Math.round(bitsPerSecond / 1e3))} kbit/s`;

/** "Saturday, 10 October"; of another year "10 October 2023". @param {number} seconds @param {number} [nowMs] */
export function date(seconds, nowMs = Date.now()) {
  const day = new Date(seconds * 1000);
  return day.getFullYear() === new Date(nowMs).getFullYear() ? withWeekday(day) : dayMonthYear.format(day);
}

const withWeekday = (day) => (LANGUAGE === 'en' ? `${weekday.format(day)}, ${dayMonth.format(day)}` : weekdayDayMonth.format(day));

/** "10 October", of another year with it: for narrow places. @param {number} seconds @param {number} [nowMs] */
export function shortDate(seconds, nowMs = Date.now()) {
  const day = new Date(seconds * 1000);
  return day.getFullYear() === new Date(nowMs).getFullYear() ? dayMonth.format(day) : dayMonthYear.format(day);
}

/** "18:52". @param {number} seconds */
export const time = (seconds) => clockTime.format(seconds * 1000);

const startOfDay = (ms) => new Date(ms).setHours(0, 0, 0, 0) / 1000;

/** "2 h ago", "Yesterday", "Tuesday", then the date. @param {number} seconds @param {number} [nowMs] */
export function ago(seconds, nowMs = Date.now()) {
  const past = nowMs / 1000 - seconds;
  if (past < 0) return until(seconds, nowMs);
  if (past < 60) return say.justNow;
  if (past < 3600) return say.ago(`${Math.floor(past / 60)} min`);
  const today = startOfDay(nowMs);
  if (seconds >= today || past < 6 * 3600) return say.ago(`${Math.floor(past / 3600)} h`);
  if (seconds >= today - DAY_S) return say.yesterday;
  if (seconds >= today - 6 * DAY_S) return weekday.format(seconds * 1000);
  return date(seconds, nowMs);
}

/** "in 6 days", "in 2 h". @param {number} seconds @param {number} [nowMs] */
export function until(seconds, nowMs = Date.now()) {
  const ahead = Math.max(0, seconds - nowMs / 1000);
  if (ahead < 3600) return say.within(`${Math.max(1, Math.round(ahead / 60))} min`);
  if (ahead < DAY_S * 2) return say.within(`${Math.round(ahead / 3600)} h`);
  return say.within(counted(Math.round(ahead / DAY_S), say.day, say.days));
}

/** "Friday evening". @param {Date} [now] */
export function dayPart(now = new Date()) {
  const hour = now.getHours();
  const shifted = hour < 5 ? new Date(now.getTime() - 6 * HOUR) : now; // at 2 in the morning it is still that evening's night
  const part = hour < 5 ? say.night : hour < 12 ? say.morning : hour < 18 ? say.afternoon : say.evening;
  return `${weekday.format(shifted)} ${part}`;
}

/** "S2 · E4", "S1 · E2–3". */
export function episodeCode(season, number, numberEnd = null) {
  const range = numberEnd && numberEnd !== number ? `${number}–${numberEnd}` : number;
  return join(season === null || season === undefined ? null : season === 0 ? say.specials : `S${season}`, number === null || number === undefined ? null : `E${range}`);
}

/** "S2 · E4 — The Well". @param {import('./types.js').Summary} summary */
export function episode(summary) {
  const code = episodeCode(summary.parentIndex, summary.index, summary.indexEnd);
  return code && summary.title ? `${code} — ${summary.title}` : code || summary.title;
}

const enumeration = new Intl.ListFormat(LOCALE);

/** "Films, Shows and Music". @param {string[]} words */
export const listed = (words) => enumeration.format(words);

/** Joins what is there with " · ". @param {...(string|number|null|undefined|false)} parts */
export const join = (...parts) => parts.filter((part) => part !== null && part !== undefined && part !== false && part !== '').join(' · ');

/** "German" for "de". @param {string|null} code */
export function language(code) {
  if (!code || code === 'und') return say.unknownLanguage;
  try {
    const name = new Intl.DisplayNames([LOCALE], { type: 'language' }).of(code);
    return name ? name[0].toLocaleUpperCase(LOCALE) + name.slice(1) : code;
  } catch {
    return code; // not a language tag
  }
}

/** "4K", "1080p", "720p", "SD". @param {import('./types.js').MediaFile} file */
export function resolution(file) {
  const name = file?.videoResolution;
  if (!name) return '';
  if (name === '4k' || name === '2k') return name.toUpperCase();
  return name === 'sd' ? 'SD' : `${name}p`;
}

/** "41 min left" for what was begun, else its length. @param {import('./types.js').Summary} summary */
export const remaining = (summary) =>
  summary.viewOffset > 0 && summary.duration ? left(summary.duration - summary.viewOffset) : duration(summary.duration);

const years = (summary) => (summary.year === null || summary.year === undefined ? null : String(summary.year));

/**
 * The second line of a poster or card: "2008 · 10 min" (the tick of a watched one is drawn by the widget), on phones only the length.
 * @param {import('./types.js').Summary} summary
 * @param {{short?: boolean}} [how]
 */
export function secondLine(summary, { short = false } = {}) {
  switch (summary.type) {
    case 'show':
      return join(years(summary), summary.seasonCount > 1 ? counted(summary.seasonCount, say.season, say.seasons) : counted(summary.episodeCount ?? 0, say.episode, say.episodes));
    case 'season':
      return counted(summary.episodeCount ?? 0, say.episode, say.episodes);
    case 'episode':
      return join(episodeCode(summary.parentIndex, summary.index, summary.indexEnd), duration(summary.duration));
    case 'video':
      return join(summary.releaseDate ? shortDate(Date.parse(summary.releaseDate) / 1000) : years(summary), duration(summary.duration));
    case 'artist':
    case 'album':
      return join(years(summary));
    default:
      return short && summary.duration ? duration(summary.duration) : join(years(summary), duration(summary.duration), summary.resolution);
  }
}
