/**
 * Weeks of ISO 8601: from Monday to Sunday, and a week belongs to the year of its Thursday.
 *
 * A week is written `2026-W47`. While years have four digits, weeks sort as their texts do.
 */
import { DAY_MS, toWallTime, type WallTime, weekdayOf } from '@recert/recertification';

/** A week that exists, as `2026-W47`. */
export type IsoWeek = string;
export type Day = Pick<WallTime, 'year' | 'month' | 'day'>;

const WEEK = /^(\d{4})-W(\d{2})$/;

/** 53 in years that begin or end on a Thursday, else 52. */
export function weeksInYear(year: number): 52 | 53 {
  const ends: Day[] = [
    { year, month: 1, day: 1 },
    { year, month: 12, day: 31 },
  ];
  return ends.some((day) => weekdayOf(day) === 4) ? 53 : 52;
}

/** Whether the calendar has such a week: `2026-W53` is one, `2025-W53` is not. */
export function isWeek(text: string): boolean {
  const [, year, number] = WEEK.exec(text) ?? [];
  return year !== undefined && Number(number) >= 1 && Number(number) <= weeksInYear(Number(year));
}

/** The week that a day of the calendar is in. */
export function weekOfDay(day: Day): IsoWeek {
  const thursday = dayAfter(day, 4 - weekdayOf(day));
  const daysBefore = (msOf(thursday) - msOf({ year: thursday.year, month: 1, day: 1 })) / DAY_MS;
  return `${pad(thursday.year, 4)}-W${pad(Math.floor(daysBefore / 7) + 1, 2)}`;
}

/** The week that the calendar of `zone` shows at `instant`: it may be another one elsewhere. */
export function weekOf(instant: Date, zone: string): IsoWeek {
  return weekOfDay(toWallTime(instant, zone));
}

/** The week that ended last in `zone`. At midnight from Sunday to Monday that is the one which ends there. */
export function lastEndedWeek(instant: Date, zone: string): IsoWeek {
  return addWeeks(weekOf(instant, zone), -1);
}

/** @throws RangeError when the year has no such week */
export function mondayOf(week: IsoWeek): Day {
  const [, year, number] = WEEK.exec(week) ?? [];
  if (!isWeek(week)) throw new RangeError(`There is no week ${week}`);
  // The fourth of January is in the first week of every year.
  const fourth = { year: Number(year), month: 1, day: 4 };
  return dayAfter(fourth, 1 - weekdayOf(fourth) + (Number(number) - 1) * 7);
}

/** The week that many weeks later; earlier for a negative count. */
export function addWeeks(week: IsoWeek, count: number): IsoWeek {
  return weekOfDay(dayAfter(mondayOf(week), count * 7));
}

export function nextWeek(week: IsoWeek): IsoWeek {
  return addWeeks(week, 1);
}

/** The week and those before it, `count` in all, oldest first. */
export function weeksUpTo(week: IsoWeek, count: number): IsoWeek[] {
  return Array.from({ length: count }, (_, i) => addWeeks(week, i + 1 - count));
}

/** Days beyond the end of a month carry over. */
export function dayAfter({ year, month, day }: Day, days: number): Day {
  const date = new Date(msOf({ year, month, day: day + days }));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

function msOf({ year, month, day }: Day): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

function pad(number: number, length: number): string {
  return String(number).padStart(length, '0');
}
