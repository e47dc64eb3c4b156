import { toInstant, type Weekday } from '@recert/recertification';
import { dayAfter, type IsoWeek, mondayOf, nextWeek } from './iso-week';

/** When the KPIs of a week are due in the week after it, on the product's own clock. */
export interface DueBy {
  readonly weekday: Weekday;
  /** 0 to 23. */
  readonly hour: number;
  readonly minute: number;
}

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const DUE_BY = /^([a-z]{3})\s+([01]?\d|2[0-3]):([0-5]\d)$/;

/** Reads a day and a time such as `mon 12:00`; null for any other text. */
export function parseDueBy(text: string): DueBy | null {
  const [, name, hour, minute] = DUE_BY.exec(text.trim().toLowerCase()) ?? [];
  const weekday = dayNames.indexOf(name ?? '') + 1;
  return weekday === 0 ? null : { weekday: weekday as Weekday, hour: Number(hour), minute: Number(minute) };
}

/**
 * The instant at which the KPIs of `week` are due: the first such day and time after the week has ended, which it does on
 * Monday 00:00. `mon 00:00` is that very moment.
 *
 * A time that the clocks skip moves forward by what they skip, 02:30 to 03:30; of one that they repeat the first counts.
 * @throws RangeError for a week that does not exist or an unknown zone
 */
export function dueAt(week: IsoWeek, { weekday, hour, minute }: DueBy, zone: string): Date {
  const day = dayAfter(mondayOf(nextWeek(week)), weekday - 1);
  return toInstant({ ...day, hour, minute, second: 0, ms: 0 }, zone);
}
