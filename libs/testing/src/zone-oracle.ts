/** A day of the calendar; months count from 1. */
export interface CivilDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** What a clock on a wall shows, to the minute. */
export interface CivilTime extends CivilDay {
  readonly hour: number;
  readonly minute: number;
}

/** A span of time in which the clocks of a zone are the same minutes ahead of UTC. */
interface Span {
  /** Milliseconds; the first one has no beginning, the last one no end. */
  readonly from: number;
  readonly until: number;
  readonly aheadMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Another opinion on the clocks of a zone: it asks `Intl` only how far they are ahead of UTC, day by day over the years it
 * is made for, and reckons with days of its own. Nothing of the product is in it, neither its code nor its way.
 */
export class ZoneOracle {
  private readonly spans: readonly Span[];

  /** @param zone IANA name @param from first year @param to last year */
  constructor(
    readonly zone: string,
    from: number,
    to: number,
  ) {
    this.spans = spansOf(zone, utcOf({ year: from, month: 1, day: 1 }), utcOf({ year: to + 1, month: 1, day: 1 }));
  }

  /** The days on which its clocks are put forward or back. */
  changes(): CivilDay[] {
    return this.spans.slice(1).map(({ from }) => this.timeAt(from - MINUTE_MS));
  }

  /** What its clock shows at an instant in milliseconds. */
  timeAt(instant: number): CivilTime {
    const span = this.spans.find(({ from, until }) => from <= instant && instant < until)!;
    const shown = instant + span.aheadMs;
    const minutes = Math.floor(shown / MINUTE_MS) % 1440;
    return { ...dayOf(Math.floor(shown / DAY_MS)), hour: Math.floor(minutes / 60), minute: minutes % 60 };
  }

  /** The first instant at which its clock shows that; where it never does, as much later as the clock was put forward. */
  instantOf(shown: CivilTime): number {
    const utc = utcOf(shown) + (shown.hour * 60 + shown.minute) * MINUTE_MS;
    const found = this.spans.find(({ from, until, aheadMs }) => from <= utc - aheadMs && utc - aheadMs < until);
    if (found !== undefined) return utc - found.aheadMs;
    const before = this.spans.findLast(({ until, aheadMs }) => until <= utc - aheadMs)!;
    return utc - before.aheadMs;
  }
}

/** Days since 1 January 1970, counted in eras of 400 years whose years begin in March. */
export function numberOf({ year, month, day }: CivilDay): number {
  const marchYear = month > 2 ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146_097 + yearOfEra * 365 + leapDays + dayOfYear - 719_468;
}

const daysByNumber = new Map<number, CivilDay>();

/** The day of such a number. */
export function dayOf(number: number): CivilDay {
  const day = daysByNumber.get(number) ?? searchDay(number);
  daysByNumber.set(number, day);
  return day;
}

function searchDay(number: number): CivilDay {
  let year = 1970 + Math.floor(number / 366);
  while (numberOf({ year: year + 1, month: 1, day: 1 }) <= number) year += 1;
  let month = 1;
  while (month < 12 && numberOf({ year, month: month + 1, day: 1 }) <= number) month += 1;
  return { year, month, day: number - numberOf({ year, month, day: 1 }) + 1 };
}

/** Whole months later on the calendar; the last day of the month where there is no such day. */
export function monthsLater({ year, month, day }: CivilDay, months: number): CivilDay {
  const count = year * 12 + month - 1 + months;
  const first = { year: Math.floor(count / 12), month: (count % 12) + 1, day: 1 };
  const next = { year: Math.floor((count + 1) / 12), month: ((count + 1) % 12) + 1, day: 1 };
  return { ...first, day: Math.min(day, numberOf(next) - numberOf(first)) };
}

function utcOf(day: CivilDay): number {
  return numberOf(day) * DAY_MS;
}

function spansOf(zone: string, from: number, to: number): Span[] {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, year: 'numeric', timeZoneName: 'longOffset' });
  const nameAt = (instant: number): string => format.format(instant);
  const spans: Span[] = [];
  let begin = -Infinity;
  let name = nameAt(from);
  for (let day = from + DAY_MS; day < to + DAY_MS; day += DAY_MS) {
    // The year is part of the name: on its last day the offset is the same after all.
    const next = nameAt(day);
    if (next === name) continue;
    const isChange = aheadOf(next) !== aheadOf(name);
    if (isChange) {
      const at = firstMinute(day - DAY_MS, day, (minute) => aheadOf(nameAt(minute)) !== aheadOf(name));
      spans.push({ from: begin, until: at, aheadMs: aheadOf(name) });
      begin = at;
    }
    name = next;
  }
  return [...spans, { from: begin, until: Infinity, aheadMs: aheadOf(name) }];
}

/** The first minute after `low` and up to `high` of which it is true. */
function firstMinute(low: number, high: number, isTrue: (minute: number) => boolean): number {
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
    if (isTrue(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Of `2026 GMT+05:30` or `2026 GMT`, in milliseconds. */
function aheadOf(name: string): number {
  const [, sign, hours = '0', minutes = '0'] = /GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(name) ?? [];
  const ahead = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  return sign === '-' ? -ahead : ahead;
}
