/**
 * Instants and the wall clock of an IANA time zone, both ways.
 *
 * An instant is a `Date`; a wall time is what a clock on the wall of that zone shows. The rules of every zone come
 * from `Intl`, so they are as new as the runtime's time zone data.
 */

/** Milliseconds of 24 hours of elapsed time: not always one day of the calendar. */
export const DAY_MS = 86_400_000;

/** What calendar and clock show in some zone. Months count from 1, hours from 0 to 23. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
}

/** 1 is Monday, 7 is Sunday, as in ISO 8601. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

// Making a formatter costs a hundred times as much as using one.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(zone, formatter);
  }
  return formatter;
}

/** Whether `text` names a time zone of the IANA database, such as `Europe/Berlin` or `UTC`. Offsets (`+02:00`) do not. */
export function isZone(text: string): boolean {
  // Newer runtimes take bare offsets for zones, older ones do not: neither is a place with rules.
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    formatterOf(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * What the clock in `zone` shows at `instant`.
 * @throws RangeError when the instant is an invalid date or the zone is not known.
 */
export function toWallTime(instant: Date, zone: string): WallTime {
  // The locale is fixed to "12/31/2026, 23:59:59"; taking its numbers is three times as fast as formatToParts.
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = (
    formatterOf(zone).format(instant).match(/\d+/g) ?? []
  ).map(Number);
  return { year, month, day, hour, minute, second, ms: instant.getUTCMilliseconds() };
}

/**
 * The instant at which the clock in `zone` shows `wall`.
 *
 * Where the clocks were put forward the wall time does not exist: it moves forward by the length of the gap
 * (02:30 becomes 03:30). Where they were put back it exists twice: the first one counts. Fields beyond their range
 * carry over, so day 32 of January is 1 February.
 * @throws RangeError when the result is no valid date or the zone is not known.
 */
export function toInstant(wall: WallTime, zone: string): Date {
  const asUtc = utcMsOf(wall);
  // No zone is further than 14 hours from UTC, so these two lie on either side of a change near the wall time.
  const before = offsetAt(asUtc - DAY_MS, zone);
  const after = offsetAt(asUtc + DAY_MS, zone);
  if (before === after) return new Date(asUtc - before);
  const early = asUtc - Math.max(before, after);
  const late = asUtc - Math.min(before, after);
  if (offsetAt(early, zone) === asUtc - early) return new Date(early);
  if (offsetAt(late, zone) === asUtc - late) return new Date(late);
  return new Date(asUtc - before);
}

/** The day of the week of a calendar day. */
export function weekdayOf(day: Pick<WallTime, 'year' | 'month' | 'day'>): Weekday {
  const sundayIsZero = new Date(utcMsOf({ ...midnight, ...day })).getUTCDay();
  return (sundayIsZero || 7) as Weekday;
}

/** How many days the month has. Months beyond 1 to 12 carry over into other years. */
export function daysInMonth(year: number, month: number): number {
  return new Date(utcMsOf({ ...midnight, year, month: month + 1, day: 0 })).getUTCDate();
}

const midnight = { hour: 0, minute: 0, second: 0, ms: 0 } as const;

/** Milliseconds the zone's clock is ahead of UTC. */
function offsetAt(ms: number, zone: string): number {
  return utcMsOf(toWallTime(new Date(ms), zone)) - ms;
}

/** The wall time read as if it were UTC. `Date.UTC` would take the year 99 for 1999. */
function utcMsOf({ year, month, day, hour, minute, second, ms }: WallTime): number {
  return new Date(new Date(0).setUTCFullYear(year, month - 1, day)).setUTCHours(hour, minute, second, ms);
}
