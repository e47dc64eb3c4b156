import { parseWeekTime, weekTimeAfter } from './week-time';

const ZONE = 'Europe/Berlin';
const MONDAY_NINE = { weekday: 1, hour: 9, minute: 0 } as const;
const after = (instant: string, time: Parameters<typeof weekTimeAfter>[1] = MONDAY_NINE, zone = ZONE) =>
  weekTimeAfter(new Date(instant), time, zone).toISOString();

describe('a time of the week', () => {
  it('is read from a day and a time, and from nothing else', () => {
    expect(parseWeekTime(' Mon 9:00 ')).toEqual(MONDAY_NINE);
    expect(parseWeekTime('sun 23:59')).toEqual({ weekday: 7, hour: 23, minute: 59 });
    for (const text of ['monday 09:00', 'mon', 'mon 24:00', 'mon 09:60', '1 09:00', 'xyz 09:00']) {
      expect(parseWeekTime(text)).toBeNull();
    }
  });

  it('comes next just after an instant before it, and a week later at it and after it', () => {
    expect(after('2026-11-30T07:59:59.999Z')).toBe('2026-11-30T08:00:00.000Z');
    expect(after('2026-11-30T08:00:00.000Z')).toBe('2026-12-07T08:00:00.000Z');
    expect(after('2026-11-30T08:00:00.001Z')).toBe('2026-12-07T08:00:00.000Z');
    expect(after('2026-12-01T00:00:00.000Z')).toBe('2026-12-07T08:00:00.000Z');
  });

  it('stays at the same time of the day when the clocks change', () => {
    expect(after('2026-03-23T08:00:00.000Z')).toBe('2026-03-30T07:00:00.000Z');
    expect(after('2026-10-19T07:00:00.000Z')).toBe('2026-10-26T08:00:00.000Z');
  });

  it('moves forward where the clocks skip it, and comes once where they repeat it', () => {
    const sunday = { weekday: 7, hour: 2, minute: 30 } as const;
    expect(after('2026-03-28T12:00:00.000Z', sunday)).toBe('2026-03-29T01:30:00.000Z');
    expect(after('2026-03-29T01:30:00.000Z', sunday)).toBe('2026-04-05T00:30:00.000Z');
    expect(after('2026-10-24T12:00:00.000Z', sunday)).toBe('2026-10-25T00:30:00.000Z');
    expect(after('2026-10-25T00:30:00.000Z', sunday)).toBe('2026-11-01T01:30:00.000Z');
  });

  it('counts the days of its own zone, over the end of a year', () => {
    expect(after('2026-12-31T12:00:00.000Z', { weekday: 5, hour: 0, minute: 30 }, 'Pacific/Auckland')).toBe(
      '2027-01-07T11:30:00.000Z',
    );
  });
});
