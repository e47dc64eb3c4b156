/**
 * Periods as people write them, and the calendar arithmetic of what recurs.
 *
 * Whatever recurs is `anchor + k * period`, counted from the anchor in one step and never from the date before:
 * monthly from 31 January is 28 February, then 31 March, and not 28 for ever.
 */
import { DAY_MS, daysInMonth, toInstant, toWallTime } from './zoned-time';

/** How often something recurs. Whole numbers, none negative, at least one above zero. */
export interface Period {
  readonly years: number;
  readonly months: number;
  readonly weeks: number;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

/** A period and its canonical ISO 8601 text, or for a person why the text is none and what to write instead. */
export type ParsedPeriod =
  | { readonly ok: true; readonly period: Period; readonly iso: string }
  | { readonly ok: false; readonly reason: string };

const LONGEST_YEARS = 100;
const MEAN_YEAR_MS = 365.2425 * DAY_MS;

const wordToIso: Readonly<Record<string, string>> = {
  daily: 'P1D',
  weekly: 'P1W',
  monthly: 'P1M',
  quarterly: 'P3M',
  semiannual: 'P6M',
  annual: 'P1Y',
  yearly: 'P1Y',
};

/** Words that mean two different things to two people, with what each of them would have to write. */
const ambiguousWords: Readonly<Record<string, string>> = {
  biannual: 'twice a year ("semiannual") and every two years ("P2Y")',
  biyearly: 'twice a year ("semiannual") and every two years ("P2Y")',
  bimonthly: 'twice a month ("P2W") and every two months ("P2M")',
  biweekly: 'twice a week ("P3D") and every two weeks ("P2W")',
};

const EXAMPLE =
  'write daily, weekly, monthly, quarterly, semiannual, annual, or an ISO 8601 duration such as P6M (six months) or P2W (two weeks)';
const units = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'] as const;
const durationPattern =
  /^P(?=.)(?:(?<years>\d+)Y)?(?:(?<months>\d+)M)?(?:(?<weeks>\d+)W)?(?:(?<days>\d+)D)?(?:T(?=.)(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+)S)?)?$/;

/**
 * Reads a period: an ISO 8601 duration of whole numbers (`P3M`, `P1Y6M`, `PT36H`), or one of the words daily, weekly,
 * monthly, quarterly, semiannual, annual, yearly. Case and surrounding blanks do not matter.
 *
 * Refused with a reason: nothing at all, zero, negative numbers, fractions, more than 100 years, ambiguous words.
 */
export function parsePeriod(text: string): ParsedPeriod {
  const word = text.trim().toLowerCase();
  const meanings = Object.hasOwn(ambiguousWords, word) ? ambiguousWords[word] : undefined;
  if (meanings) return refused(`"${word}" is ambiguous, it is read as ${meanings}: write the one that is meant`);
  const iso = (Object.hasOwn(wordToIso, word) && wordToIso[word]) || word.toUpperCase();
  const groups = durationPattern.exec(iso)?.groups;
  if (!groups) return refused(whyNoDuration(iso, text));
  const [years, months, weeks, days, hours, minutes, seconds] = units.map((unit) => Number(groups[unit] ?? 0));
  const period = { years, months, weeks, days, hours, minutes, seconds } as Period;
  const length = meanLengthMs(period);
  if (length === 0) return refused(`"${excerpt(text)}" is no time at all: ${EXAMPLE}`);
  if (length > LONGEST_YEARS * MEAN_YEAR_MS || period.years > LONGEST_YEARS) {
    return refused(`"${excerpt(text)}" is longer than ${LONGEST_YEARS} years: ${EXAMPLE}`);
  }
  return { ok: true, period, iso: formatPeriod(period) };
}

/** The canonical ISO 8601 text: upper case, no zeros, units as they are (`P12M` does not become `P1Y`). */
export function formatPeriod(period: Period): string {
  const part = (count: number, letter: string): string => (count > 0 ? `${count}${letter}` : '');
  const { years, months, weeks, days, hours, minutes, seconds } = period;
  const date = part(years, 'Y') + part(months, 'M') + part(weeks, 'W') + part(days, 'D');
  const time = part(hours, 'H') + part(minutes, 'M') + part(seconds, 'S');
  return `P${date}${time && `T${time}`}`;
}

/**
 * `anchor + count * period` as one step on the calendar of `zone`.
 *
 * Years and months keep the anchor's day of the month, or the last day of a shorter month. Weeks and days keep its time
 * of day across changes of the clock. Hours, minutes and seconds are elapsed time, added last.
 * @throws RangeError when the anchor is an invalid date, the zone is not known, or the result is beyond all dates.
 */
export function addPeriods(anchor: Date, period: Period, count: number, zone: string): Date {
  const months = (period.years * 12 + period.months) * count;
  const days = (period.weeks * 7 + period.days) * count;
  // Through the wall clock only if the calendar moves: an anchor in a repeated hour would else jump to its first pass.
  const moved = months === 0 && days === 0 ? anchor : onCalendar(anchor, months, days, zone);
  const result = new Date(moved.getTime() + exactMs(period) * count);
  if (Number.isNaN(result.getTime())) {
    throw new RangeError(`No such date: ${count} times ${formatPeriod(period)} from ${String(anchor.getTime())} ms`);
  }
  return result;
}

/**
 * The first of `anchor + 1 * period`, `anchor + 2 * period`, .. that lies after `after`, however long ago the anchor is.
 * @throws RangeError as {@link addPeriods}, and for a period of no length.
 */
export function nextDueAfter(anchor: Date, period: Period, zone: string, after: Date): Date {
  const step = meanLengthMs(period);
  const elapsed = after.getTime() - anchor.getTime();
  if (!(step > 0) || Number.isNaN(elapsed)) throw new RangeError('A period above zero and valid dates are needed');
  const dueAt = (k: number): Date => addPeriods(anchor, period, k, zone);
  // The mean length errs by a few days over any span, that is by a few steps at most: the loops below are short.
  let k = Math.max(1, Math.floor(elapsed / step));
  let due = dueAt(k);
  while (due <= after) due = dueAt((k += 1));
  for (; k > 1; k -= 1) {
    const earlier = dueAt(k - 1);
    if (earlier <= after) break;
    due = earlier;
  }
  return due;
}

function onCalendar(anchor: Date, months: number, days: number, zone: string): Date {
  const wall = toWallTime(anchor, zone);
  const month = wall.month + months;
  const day = Math.min(wall.day, daysInMonth(wall.year, month)) + days;
  return toInstant({ ...wall, month, day }, zone);
}

function exactMs({ hours, minutes, seconds }: Period): number {
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

function meanLengthMs(period: Period): number {
  const years = period.years + period.months / 12;
  return years * MEAN_YEAR_MS + (period.weeks * 7 + period.days) * DAY_MS + exactMs(period);
}

function whyNoDuration(iso: string, text: string): string {
  const shown = excerpt(text);
  if (shown === '') return `The period is empty: ${EXAMPLE}`;
  if (/^[+-]|^P.*-\d/.test(iso)) return `"${shown}" has a sign, but a period only goes forward: ${EXAMPLE}`;
  if (/^P.*\d[.,]\d/.test(iso)) return `"${shown}" has a fraction, but only whole numbers count: ${EXAMPLE}`;
  return `"${shown}" is not a period: ${EXAMPLE}`;
}

/** Enough of what was written to find it again, on one line. */
function excerpt(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 60)}..` : line;
}

function refused(reason: string): ParsedPeriod {
  return { ok: false, reason };
}
