// Clocks of places: what the browser knows of time zones, in minutes ahead of UTC.

const MINUTE = 60_000;
const FIXED = /^(?:UTC|GMT)?(?:([+-])(\d{1,2})(?::?(\d{2}))?)?$/i;

/** "+02:00". @param {number} minutes */
export function offsetText(minutes) {
  const two = (n) => String(Math.floor(n)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

/** How far a zone is ahead at an instant. @param {string} zone "Europe/Rome", "UTC+2" @param {number} at ms @returns {number | null} minutes; null: no such zone */
export function aheadAt(zone, at) {
  const fixed = FIXED.exec(zone.trim());
  if (fixed) return fixed[1] ? (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3] ?? 0)) : 0;
  try {
    const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(at);
    const part = (type) => Number(parts.find((one) => one.type === type).value);
    const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return Math.round((local - Math.floor(at / 1000) * 1000) / MINUTE);
  } catch {
    return null;
  }
}

/** An instant as its place's clock and how far that is ahead: "2024-07-01T18:30:00+02:00". @param {string} local "2024-07-01T18:30:00" @param {string} zone @returns {string} */
export function withOffset(local, zone) {
  const clock = Date.parse(`${local}Z`);
  const near = aheadAt(zone, clock) ?? 0;
  const ahead = aheadAt(zone, clock - near * MINUTE) ?? near; // the hour in which clocks change
  return `${local}${offsetText(ahead)}`;
}

/** All zones a browser knows by name. @returns {string[]} */
export const zoneNames = () => Intl.supportedValuesOf?.('timeZone') ?? [];

/** How far an asset's own clock is ahead. @param {{localDateTime: string, fileCreatedAt: string}} asset */
export const aheadOf = (asset) => Math.round((Date.parse(asset.localDateTime) - Date.parse(asset.fileCreatedAt)) / MINUTE);

/** The asset's time as it is sent back. */
export const takenOf = (asset) => `${asset.localDateTime.slice(0, 19)}${offsetText(aheadOf(asset))}`;
