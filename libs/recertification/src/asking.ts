/** When a person may be sent a notice they have not asked for. */
import { DAY_MS, toInstant, toWallTime, weekdayOf, type WallTime, type Weekday } from './zoned-time';

/** At any time, or on some days of the week from one minute of the day until before another (1440 is midnight). */
export type AskHours = 'always' | { readonly weekdays: readonly Weekday[]; readonly from: number; readonly to: number };

/** The hours, or for a person why the text is none and what to write instead. */
export type ParsedAskHours =
  { readonly ok: true; readonly hours: AskHours } | { readonly ok: false; readonly reason: string };

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const EXAMPLE = 'write "always", or days and hours such as "mon-fri 09:00-17:00" or "mon,wed 08:30-12:00"';

/**
 * Reads `always`, or days and hours: `mon-fri 09:00-17:00`, `mon,wed,sat-sun 00:00-24:00`. A range of days may go over
 * the weekend (`fri-mon`), hours may not go over midnight.
 */
export function parseAskHours(text: string): ParsedAskHours {
  const words = text.trim().toLowerCase().split(/\s+/);
  if (words.length === 1 && words[0] === 'always') return { ok: true, hours: 'always' };
  const [days, span] = words;
  if (!days || !span || words.length > 2) return refused(`"${text.trim()}" is not days and hours: ${EXAMPLE}`);
  const weekdays = parseDays(days);
  if (!weekdays) return refused(`"${days}" is not days of the week (${dayNames.join(', ')}): ${EXAMPLE}`);
  const [from, to, ...more] = span.split('-').map(parseMinute);
  if (from === undefined || to === undefined || more.length > 0 || Number.isNaN(from + to)) {
    return refused(`"${span}" is not a span of hours from 00:00 to 24:00: ${EXAMPLE}`);
  }
  if (from >= to) return refused(`"${span}" does not end after it begins on the same day: ${EXAMPLE}`);
  return { ok: true, hours: { weekdays, from, to } };
}

/** What decides when a person may next be sent a notice. */
export interface NoticeQuestion {
  readonly now: Date;
  /** The zone whose days and hours count. */
  readonly zone: string;
  readonly hours: AskHours;
  /** When the person was last sent one. */
  readonly lastNoticeAt: Date | null;
  /** Whether a question of the last notice still waits for its answer. */
  readonly outstanding: boolean;
}

/**
 * The earliest instant, `now` or later, at which a person may be sent a notice they have not asked for.
 *
 * Inside the hours, and on no local day that already had one. With `always` any time is right, but while a question of
 * the last notice is open the next one waits until 24 hours after it. An hour that the clocks repeat counts both times
 * when `now` is in it, but its second pass is not waited for.
 * @throws RangeError for hours without a day or a minute, an invalid date or an unknown zone.
 */
export function nextNoticeAt({ now, zone, hours, lastNoticeAt, outstanding }: NoticeQuestion): Date {
  if (hours === 'always') {
    const free = outstanding && lastNoticeAt ? lastNoticeAt.getTime() + DAY_MS : now.getTime();
    return new Date(Math.max(now.getTime(), free));
  }
  const today = toWallTime(now, zone);
  const last = lastNoticeAt && toWallTime(lastNoticeAt, zone);
  const isFree = (day: WallTime): boolean => !last || dayNumber(day) > dayNumber(last);
  if (isFree(today) && isInside(today, hours)) return new Date(now);

  const first = last && !isFree(today) ? { ...last, day: last.day + 1 } : today;
  // A week finds every weekday once; the second week is for hours that a change of the clock swallowed.
  for (let ahead = 0; ahead <= 14; ahead += 1) {
    const start = firstMinute({ ...first, day: first.day + ahead }, hours, zone);
    if (start && start >= now) return start;
  }
  throw new RangeError('These hours never come: they need a day of the week and an end after their beginning');
}

type Hours = Exclude<AskHours, 'always'>;

function isInside(wall: WallTime, { weekdays, from, to }: Hours): boolean {
  const minute = wall.hour * 60 + wall.minute;
  return weekdays.includes(weekdayOf(wall)) && minute >= from && minute < to;
}

/** The first minute of the hours on that local day which its clock really shows; null if there is none. */
function firstMinute(day: WallTime, hours: Hours, zone: string): Date | null {
  if (!hours.weekdays.includes(weekdayOf(day))) return null;
  for (let minute = hours.from; minute < hours.to; minute += 1) {
    const wall = { ...day, hour: 0, minute, second: 0, ms: 0 };
    const instant = toInstant(wall, zone);
    const shown = toWallTime(instant, zone);
    if (shown.hour * 60 + shown.minute === minute && dayNumber(shown) === dayNumber(day)) return instant;
  }
  return null;
}

/** Counts calendar days, so that they can be compared; takes days beyond the end of a month. */
function dayNumber({ year, month, day }: WallTime): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

function parseDays(text: string): Weekday[] | null {
  const found = new Set<number>();
  for (const range of text.split(',')) {
    const [first, last = first, ...more] = range.split('-').map((name) => dayNames.indexOf(name));
    if (first === undefined || last === undefined || more.length > 0 || first < 0 || last < 0) return null;
    for (let day = first; ; day = (day + 1) % 7) {
      found.add(day + 1);
      if (day === last) break;
    }
  }
  return [...found].sort((a, b) => a - b) as Weekday[];
}

/** `HH:MM` as the minute of the day, NaN if it is none. */
function parseMinute(text: string): number {
  const [, hour, minute] = /^(\d{1,2}):([0-5]\d)$/.exec(text) ?? [];
  const total = Number(hour) * 60 + Number(minute);
  return total <= 1440 ? total : NaN;
}

function refused(reason: string): ParsedAskHours {
  return { ok: false, reason };
}
