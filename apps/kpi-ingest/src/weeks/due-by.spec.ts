import fc from 'fast-check';
import { toWallTime, type Weekday, weekdayOf } from '@recert/recertification';
import { dueAt, parseDueBy } from './due-by';
import { addWeeks, lastEndedWeek, mondayOf, nextWeek } from './iso-week';

const noon = { weekday: 1, hour: 12, minute: 0 } as const;
const HOUR = 3_600_000;

describe('the day and time at which KPIs are due', () => {
  it.each([
    ['mon 12:00', { weekday: 1, hour: 12, minute: 0 }],
    ['sun 23:59', { weekday: 7, hour: 23, minute: 59 }],
    ['  Wed   9:05 ', { weekday: 3, hour: 9, minute: 5 }],
    ['fri 00:00', { weekday: 5, hour: 0, minute: 0 }],
  ])('are read from %j', (text, expected) => {
    expect(parseDueBy(text)).toEqual(expected);
  });

  it.each(['', 'mon', '12:00', 'mon 24:00', 'mon 12:60', 'mon 12', 'monday 12:00', 'xyz 12:00', 'mon-fri 12:00'])(
    'are not in %j',
    (text) => {
      expect(parseDueBy(text)).toBeNull();
    },
  );
});

describe('the moment at which the KPIs of a week are due', () => {
  it.each([
    ['2026-W47', noon, 'Europe/Berlin', '2026-11-23T11:00:00.000Z'],
    ['2026-W47', noon, 'America/New_York', '2026-11-23T17:00:00.000Z'],
    ['2026-W47', { weekday: 1, hour: 0, minute: 0 }, 'Europe/Berlin', '2026-11-22T23:00:00.000Z'],
    ['2026-W47', { weekday: 7, hour: 23, minute: 59 }, 'Europe/Berlin', '2026-11-29T22:59:00.000Z'],
    ['2026-W53', noon, 'UTC', '2027-01-04T12:00:00.000Z'],
    ['2025-W52', noon, 'UTC', '2025-12-29T12:00:00.000Z'],
    ['2026-W47', noon, 'Asia/Kathmandu', '2026-11-23T06:15:00.000Z'],
    ['2026-W47', noon, 'Pacific/Kiritimati', '2026-11-22T22:00:00.000Z'],
  ] as const)('of %s by %j in %s is %s', (week, dueBy, zone, expected) => {
    expect(dueAt(week, dueBy, zone).toISOString()).toBe(expected);
  });

  it.each([
    ['Europe/Berlin', '2026-W11', '2026-W12', 7 * 24],
    ['Europe/Berlin', '2026-W12', '2026-W13', 7 * 24 - 1],
    ['Europe/Berlin', '2026-W42', '2026-W43', 7 * 24 + 1],
    ['America/New_York', '2026-W09', '2026-W10', 7 * 24 - 1],
    ['America/New_York', '2026-W43', '2026-W44', 7 * 24 + 1],
    ['Australia/Lord_Howe', '2026-W39', '2026-W40', 7 * 24 - 0.5],
  ])('in %s of %s and of %s are as far apart as the clocks say', (zone, week, next, hours) => {
    expect(dueAt(next, noon, zone).getTime() - dueAt(week, noon, zone).getTime()).toBe(hours * HOUR);
  });

  it('moves on by what the clocks skip', () => {
    // Sunday, 29 March 2026 in Berlin: 02:00 is 03:00.
    const at = (hour: number, minute: number) => dueAt('2026-W12', { weekday: 7, hour, minute }, 'Europe/Berlin');
    expect(at(1, 59).toISOString()).toBe('2026-03-29T00:59:00.000Z');
    expect(at(2, 0).toISOString()).toBe('2026-03-29T01:00:00.000Z');
    expect(at(2, 30).toISOString()).toBe('2026-03-29T01:30:00.000Z');
    expect(at(3, 0).toISOString()).toBe('2026-03-29T01:00:00.000Z');
  });

  it('is the first of two that the clocks show', () => {
    // Sunday, 1 November 2026 in New York: 01:59 is followed by 01:00.
    const at = (hour: number, minute: number) => dueAt('2026-W43', { weekday: 7, hour, minute }, 'America/New_York');
    expect(at(1, 30).toISOString()).toBe('2026-11-01T05:30:00.000Z');
    expect(at(2, 0).toISOString()).toBe('2026-11-01T07:00:00.000Z');
  });

  const anyZone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  const anyWeek = fc.integer({ min: 0, max: 2900 }).map((count) => addWeeks('2000-W01', count));
  const anyDueBy = fc.record({
    weekday: fc.integer({ min: 1, max: 7 }).map((day) => day as Weekday),
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
  });

  it('is what the clock of any zone shows in the week after, but where that time is skipped', () => {
    fc.assert(
      fc.property(anyWeek, anyDueBy, anyZone, (week, dueBy, zone) => {
        const due = dueAt(week, dueBy, zone);
        const wall = toWallTime(due, zone);
        const isShown = weekdayOf(wall) === dueBy.weekday && wall.hour === dueBy.hour && wall.minute === dueBy.minute;
        if (isShown) expect(lastEndedWeek(due, zone)).toBe(week);
        else
          expect(offsetAt(due.getTime() + 26 * HOUR, zone)).toBeGreaterThan(offsetAt(due.getTime() - 26 * HOUR, zone));
      }),
      { numRuns: 500 },
    );
  });

  it('comes later for a later week, day or time', () => {
    fc.assert(
      fc.property(anyWeek, anyDueBy, anyZone, (week, dueBy, zone) => {
        const due = dueAt(week, dueBy, zone);
        expect(dueAt(nextWeek(week), dueBy, zone) > due).toBe(true);
        if (dueBy.weekday < 7) {
          const dayAfter = { ...dueBy, weekday: (dueBy.weekday + 1) as Weekday };
          expect(dueAt(week, dayAfter, zone) >= due).toBe(true);
        }
        expect(due.getTime()).toBeGreaterThan(
          Date.UTC(mondayOf(week).year, mondayOf(week).month - 1, mondayOf(week).day),
        );
      }),
    );
  });

  function offsetAt(ms: number, zone: string): number {
    const { year, month, day, hour, minute, second } = toWallTime(new Date(ms), zone);
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
  }
});
