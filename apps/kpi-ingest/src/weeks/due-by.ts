import { parseWeekTime, toInstant, type WeekTime } from '@recert/recertification';
import { dayAfter, type IsoWeek, mondayOf, nextWeek } from './iso-week';

/** When the KPIs of a week are due in the week after it, on the product's own clock. */
export type DueBy = WeekTime;

/** Reads a day and a time such as `mon 12:00`; null for any other text. */
export const parseDueBy = parseWeekTime;

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
