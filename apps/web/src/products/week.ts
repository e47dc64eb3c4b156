/** Weeks of ISO 8601, as products report them: from Monday to Sunday, in the product's own zone. */

const DAY_MS = 86_400_000;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const WEEK = /^(\d{4})-W(\d{2})$/;

/** What a clock on the wall shows. */
interface Wall {
  /** Midnight of the day there, as if it were one of UTC. */
  readonly day: Date;
  /** Since Monday 00:00. */
  readonly minuteOfWeek: number;
}

/** @param zone IANA; UTC for one that this browser does not know */
export function wallIn(zone: string, at: Date): Wall {
  const format = (timeZone: string) =>
    new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' });
  let parts: Intl.DateTimeFormatPart[];
  try {
    parts = format(zone).formatToParts(at);
  } catch {
    parts = format('UTC').formatToParts(at);
  }
  const number = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const day = new Date(Date.UTC(number('year'), number('month') - 1, number('day')));
  return { day, minuteOfWeek: weekday(day) * 1440 + number('hour') * 60 + number('minute') };
}

/** 0 is Monday. */
function weekday(day: Date): number {
  return (day.getUTCDay() + 6) % 7;
}

/** The week that a day is in: it belongs to the year of its Thursday. */
export function weekOf(day: Date): string {
  const thursday = new Date(day.getTime() + (3 - weekday(day)) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const number = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / DAY_MS / 7) + 1;
  return `${String(year).padStart(4, '0')}-W${String(number).padStart(2, '0')}`;
}

/** The week so many weeks later; earlier for a negative count. One that is no week stays as it is. */
export function addWeeks(week: string, count: number): string {
  const [, year, number] = WEEK.exec(week) ?? [];
  if (year === undefined) return week;
  // The fourth of January is in the first week of every year.
  const fourth = new Date(Date.UTC(Number(year), 0, 4));
  return weekOf(new Date(fourth.getTime() + (Number(number) - 1 + count) * 7 * DAY_MS));
}

/** The week and those before it, oldest first. */
export function weeksUpTo(week: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => addWeeks(week, i + 1 - count));
}

/** The week that ended last in a zone. */
export function lastWeek(zone: string, now: Date): string {
  return addWeeks(weekOf(wallIn(zone, now).day), -1);
}

/** Whether a day and time such as `mon 12:00` of this week is over in the zone; null for any other text. */
export function isDue(dueBy: string, zone: string, now: Date): boolean | null {
  const [, name, hour, minute] = /^([a-z]{3})\s+(\d{1,2}):(\d{2})$/.exec(dueBy.trim().toLowerCase()) ?? [];
  const day = DAYS.findIndex((one) => one === name);
  if (day < 0) return null;
  return wallIn(zone, now).minuteOfWeek >= day * 1440 + Number(hour) * 60 + Number(minute);
}

/** How the report of the week that ended last stands. */
export type Standing = 'reported' | 'awaited' | 'missing' | 'unheard';

/** @param newest the newest week that was reported; null for none: whether one is expected yet is not known then */
export function standingOf(
  week: { readonly timezone: string; readonly dueBy: string },
  newest: string | null,
  now: Date,
): Standing {
  if (newest === null) return 'unheard';
  if (newest >= lastWeek(week.timezone, now)) return 'reported';
  return isDue(week.dueBy, week.timezone, now) === true ? 'missing' : 'awaited';
}
