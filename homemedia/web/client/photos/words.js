// Days, months and sizes as photos say them; clocks are those of the place, ms as if they were UTC.
import { counted, date, join } from '../format.js';
import { say } from './en.js';

const LOCALE = document.documentElement.lang === 'en' || !document.documentElement.lang ? 'en-GB' : document.documentElement.lang;
const monthYear = new Intl.DateTimeFormat(LOCALE, { month: 'long', year: 'numeric', timeZone: 'UTC' });
const shortMonthYear = new Intl.DateTimeFormat(LOCALE, { month: 'short', year: 'numeric', timeZone: 'UTC' });
const clock = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' });
const long = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

/** "Saturday, 10 October", of another year "10 October 2023". @param {string} day "2024-01-31" */
export function dayWords(day) {
  const [year, month, at] = day.split('-').map(Number);
  return date(new Date(year, month - 1, at, 12).getTime() / 1000);
}

/** "October 2026", or "Oct 2026". @param {string} month "2026-10-01" */
export const monthWords = (month, short = false) => (short ? shortMonthYear : monthYear).format(Date.parse(`${month.slice(0, 10)}T00:00:00Z`)).replace('Sept', 'Sep');

/** "10 October 2026, 18:52". @param {number} at */
export const whenWords = (at) => `${long.format(at)}, ${clock.format(at)}`;

/** "8 photos, 1 video". @param {import('./items.js').Photo[]} photos */
export function howMany(photos) {
  const videos = photos.filter((one) => !one.isImage).length;
  const images = photos.length - videos;
  return [images ? counted(images, say.photo, say.photos) : '', videos ? counted(videos, say.video, say.videos) : ''].filter(Boolean).join(', ');
}

const dayMonth = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'long', timeZone: 'UTC' });

/** "20 November". @param {string} day "2024-11-20" */
export const dayOfYear = (day) => dayMonth.format(Date.parse(`${day}T00:00:00Z`));

const period = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** "1–14 Jun 2024". @param {string | undefined} first ISO @param {string | undefined} last ISO */
export const periodWords = (first, last) => (first && last ? period.formatRange(Date.parse(first), Date.parse(last)).replace(/\s/g, ' ') : '');

/** The line under an album's name. */
export const albumLine = (album) => join(counted(album.assetCount, say.photo, say.photos), album.assetCount ? periodWords(album.startDate, album.endDate) : '', album.shared ? say.shared : '');
