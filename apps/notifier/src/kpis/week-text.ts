/** Weeks and instants as people read them. */
import { toWallTime, weekdayOf } from '@recert/recertification';

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const DAY_MS = 86_400_000;

/** @param week of ISO 8601, such as 2026-W47 @returns its number, 1 to 53 */
export function weekNumber(week: string): number {
  return Number(week.slice(6));
}

/** @returns such as `week 47 (16 to 22 November 2026)` */
export function weekWithDays(week: string): string {
  const monday = mondayOf(week);
  const sunday = new Date(monday.getTime() + 6 * DAY_MS);
  const sameYear = monday.getUTCFullYear() === sunday.getUTCFullYear();
  const sameMonth = sameYear && monday.getUTCMonth() === sunday.getUTCMonth();
  const first = sameMonth ? String(monday.getUTCDate()) : dayAndMonth(monday) + (sameYear ? '' : ` ${yearOf(monday)}`);
  return `week ${weekNumber(week)} (${first} to ${dayAndMonth(sunday)} ${yearOf(sunday)})`;
}

/** @returns such as `Mon 23 November 12:00`, as the clocks in `zone` show it */
export function dayAndTime(instant: Date, zone: string): string {
  const { hour, minute } = toWallTime(instant, zone);
  return `${dayText(instant, zone)} ${twoDigits(hour)}:${twoDigits(minute)}`;
}

/** @returns such as `Mon 23 November` */
export function dayText(instant: Date, zone: string): string {
  const wall = toWallTime(instant, zone);
  return `${WEEKDAYS[weekdayOf(wall) - 1]} ${wall.day} ${MONTHS[wall.month - 1]}`;
}

/** Where a week begins, as midnight of UTC. Week 1 is the one with 4 January in it. */
export function mondayOf(week: string): Date {
  const fourth = Date.UTC(Number(week.slice(0, 4)), 0, 4);
  const daysSinceMonday = (new Date(fourth).getUTCDay() + 6) % 7;
  return new Date(fourth + (7 * (weekNumber(week) - 1) - daysSinceMonday) * DAY_MS);
}

function dayAndMonth(day: Date): string {
  return `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]}`;
}

function yearOf(day: Date): number {
  return day.getUTCFullYear();
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
