import { toInstant, toWallTime, type Weekday, weekdayOf } from './zoned-time';

/** A day of the week and a time of the day, on the clock of whoever it is about. */
export interface WeekTime {
  readonly weekday: Weekday;
  /** 0 to 23. */
  readonly hour: number;
  readonly minute: number;
}

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const WEEK_TIME = /^([a-z]{3})\s+([01]?\d|2[0-3]):([0-5]\d)$/;

/** Reads a day and a time such as `mon 12:00`; null for any other text. */
export function parseWeekTime(text: string): WeekTime | null {
  const [, name, hour, minute] = WEEK_TIME.exec(text.trim().toLowerCase()) ?? [];
  const weekday = dayNames.indexOf(name ?? '') + 1;
  return weekday === 0 ? null : { weekday: weekday as Weekday, hour: Number(hour), minute: Number(minute) };
}

/**
 * The first such day and time after an instant, never the instant itself.
 *
 * A time that the clocks skip moves forward by what they skip, 02:30 to 03:30; of one that they repeat the first counts.
 * @throws RangeError for an unknown zone
 */
export function weekTimeAfter(instant: Date, { weekday, hour, minute }: WeekTime, zone: string): Date {
  const today = toWallTime(instant, zone);
  const inDays = (weekday - weekdayOf(today) + 7) % 7;
  const at = (days: number): Date =>
    toInstant({ ...today, day: today.day + days, hour, minute, second: 0, ms: 0 }, zone);
  const thisWeek = at(inDays);
  return thisWeek > instant ? thisWeek : at(inDays + 7);
}
