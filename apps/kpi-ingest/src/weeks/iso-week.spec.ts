import fc from 'fast-check';
import { DAY_MS, toWallTime } from '@recert/recertification';
import {
  addWeeks,
  isWeek,
  lastEndedWeek,
  mondayOf,
  nextWeek,
  weekOf,
  weekOfDay,
  weeksInYear,
  weeksUpTo,
} from './iso-week';

const zones = Intl.supportedValuesOf('timeZone');
const anyZone = fc.constantFrom(...zones);
const anyInstant = fc.date({
  min: new Date('1990-01-01T00:00:00Z'),
  max: new Date('2099-12-31T00:00:00Z'),
  noInvalidDate: true,
});
/** 1 January 1990 was a Monday. */
const anyWeek = fc.integer({ min: 0, max: 5700 }).map((count) => addWeeks('1990-W01', count));

describe('a week of ISO 8601', () => {
  it.each([
    ['2026-11-22', '2026-W47'],
    ['2026-11-23', '2026-W48'],
    ['2025-12-28', '2025-W52'],
    ['2025-12-29', '2026-W01'],
    ['2026-12-27', '2026-W52'],
    ['2026-12-28', '2026-W53'],
    ['2027-01-03', '2026-W53'],
    ['2027-01-04', '2027-W01'],
    ['2021-01-03', '2020-W53'],
    ['2023-01-01', '2022-W52'],
    ['2024-12-30', '2025-W01'],
    ['2024-02-29', '2024-W09'],
  ])('holds the %s in %s', (date, week) => {
    const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
    expect(weekOfDay({ year, month, day })).toBe(week);
  });

  it.each([
    ['2026-W53', true],
    ['2025-W53', false],
    ['2020-W53', true],
    ['2025-W52', true],
    ['2026-W01', true],
    ['2026-W00', false],
    ['2026-W54', false],
    ['2026-W1', false],
    ['2026-47', false],
    [' 2026-W47', false],
    ['', false],
  ])('%j exists: %s', (text, exists) => {
    expect(isWeek(text)).toBe(exists);
  });

  it('begins on a Monday', () => {
    expect(mondayOf('2026-W53')).toEqual({ year: 2026, month: 12, day: 28 });
    expect(mondayOf('2026-W01')).toEqual({ year: 2025, month: 12, day: 29 });
    expect(() => mondayOf('2025-W53')).toThrow('There is no week 2025-W53');
  });

  it('follows another over the ends of years', () => {
    expect(['2025-W52', '2026-W52', '2026-W53'].map(nextWeek)).toEqual(['2026-W01', '2026-W53', '2027-W01']);
    expect(addWeeks('2026-W01', -1)).toBe('2025-W52');
    expect(addWeeks('2027-W01', -1)).toBe('2026-W53');
    expect(weeksUpTo('2027-W02', 4)).toEqual(['2026-W52', '2026-W53', '2027-W01', '2027-W02']);
  });

  it('is another one in another zone at the same moment', () => {
    const at = new Date('2026-11-22T23:00:00Z');
    expect(['Europe/Berlin', 'UTC', 'America/New_York'].map((zone) => weekOf(at, zone))).toEqual([
      '2026-W48',
      '2026-W47',
      '2026-W47',
    ]);
    expect(weekOf(new Date('2027-01-03T10:59:59.999Z'), 'Pacific/Auckland')).toBe('2026-W53');
    expect(weekOf(new Date('2027-01-03T11:00:00.000Z'), 'Pacific/Auckland')).toBe('2027-W01');
  });

  it.each([
    ['2026-11-22T22:59:59.999Z', '2026-W46'],
    ['2026-11-22T23:00:00.000Z', '2026-W47'],
    ['2026-11-29T22:59:59.999Z', '2026-W47'],
    // The days that have 25 and 23 hours.
    ['2026-10-25T22:59:59.999Z', '2026-W42'],
    ['2026-10-25T23:00:00.000Z', '2026-W43'],
    ['2026-03-29T21:59:59.999Z', '2026-W12'],
    ['2026-03-29T22:00:00.000Z', '2026-W13'],
  ])('that ended last at %s in Berlin is %s', (at, week) => {
    expect(lastEndedWeek(new Date(at), 'Europe/Berlin')).toBe(week);
  });

  it('comes every seven days from 1990 to 2099, numbered from 1 in each year', () => {
    let [year, number] = [1990, 1];
    for (let monday = Date.UTC(1990, 0, 1); monday < Date.UTC(2100, 0, 1); monday += 7 * DAY_MS) {
      const thursday = new Date(monday + 3 * DAY_MS);
      number = thursday.getUTCFullYear() === year ? number : 1;
      year = thursday.getUTCFullYear();
      const expected = `${year}-W${String(number).padStart(2, '0')}`;
      for (const day of [0, 3, 6].map((days) => new Date(monday + days * DAY_MS))) {
        const parts = { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() };
        expect(weekOfDay(parts)).toBe(expected);
      }
      number += 1;
    }
  });

  it('holds every instant of every zone, between its Monday and six days later', () => {
    fc.assert(
      fc.property(anyInstant, anyZone, (at, zone) => {
        const { year, month, day } = toWallTime(at, zone);
        const monday = mondayOf(weekOf(at, zone));
        const days = (Date.UTC(year, month - 1, day) - Date.UTC(monday.year, monday.month - 1, monday.day)) / DAY_MS;
        expect([0, 1, 2, 3, 4, 5, 6]).toContain(days);
      }),
    );
  });

  it('sorts as text, exists, and is found again over any way there and back', () => {
    fc.assert(
      fc.property(anyWeek, fc.integer({ min: 1, max: 600 }), (week, count) => {
        const later = addWeeks(week, count);
        expect(isWeek(later)).toBe(true);
        expect(later > week).toBe(true);
        expect(addWeeks(later, -count)).toBe(week);
        expect(weeksUpTo(later, count + 1)[0]).toBe(week);
      }),
    );
  });

  it('53 is in as many years as 400 years have', () => {
    const years = Array.from({ length: 400 }, (_, i) => weeksInYear(1900 + i));
    expect(years.filter((count) => count === 53)).toHaveLength(71);
  });
});
