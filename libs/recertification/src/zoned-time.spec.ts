import fc from 'fast-check';
import { daysInMonth, isZone, toInstant, toWallTime, weekdayOf, type WallTime } from './zoned-time';

const wall = (text: string): WallTime => {
  const [year, month, day, hour, minute, second, ms] = text.split(/[-T:.]/).map(Number);
  return { year, month, day, hour, minute, second: second ?? 0, ms: ms ?? 0 } as WallTime;
};
const instantOf = (text: string, zone: string): string => toInstant(wall(text), zone).toISOString();

const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
const instants = fc.date({ min: new Date('1975-01-01'), max: new Date('2060-01-01'), noInvalidDate: true });

describe('isZone', () => {
  it.each(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'europe/berlin'])(
    'knows %s',
    (zone) => {
      expect(isZone(zone)).toBe(true);
    },
  );

  it.each(['', 'Mars/Olympus', 'Europe/Berlin ', '+02:00', '-0500', 'Berlin', '__proto__'])(
    'does not know %j',
    (zone) => {
      expect(isZone(zone)).toBe(false);
    },
  );
});

describe('toWallTime', () => {
  it('shows what the clock of the zone shows, to the millisecond', () => {
    expect(toWallTime(new Date('2026-07-01T21:59:59.999Z'), 'Europe/Berlin')).toEqual(wall('2026-07-01T23:59:59.999'));
  });

  it('shows midnight as hour 0 of the new day', () => {
    expect(toWallTime(new Date('2026-07-01T22:00:00Z'), 'Europe/Berlin')).toEqual(wall('2026-07-02T00:00'));
  });

  it('counts milliseconds forward before 1970 too', () => {
    expect(toWallTime(new Date(-1), 'UTC')).toEqual(wall('1969-12-31T23:59:59.999'));
  });

  it('refuses an invalid date and an unknown zone', () => {
    expect(() => toWallTime(new Date(NaN), 'UTC')).toThrow(RangeError);
    expect(() => toWallTime(new Date(0), 'Mars/Olympus')).toThrow(RangeError);
  });
});

describe('toInstant', () => {
  it.each([
    ['just before the gap', '2026-03-29T01:59:59.999', '2026-03-29T00:59:59.999Z'],
    ['at the beginning of the gap: an hour on', '2026-03-29T02:00', '2026-03-29T01:00:00.000Z'],
    ['inside the gap: an hour on', '2026-03-29T02:30', '2026-03-29T01:30:00.000Z'],
    ['at the end of the gap', '2026-03-29T03:00', '2026-03-29T01:00:00.000Z'],
    ['just before the repeated hour', '2026-10-25T01:59:59.999', '2026-10-24T23:59:59.999Z'],
    ['inside the repeated hour: its first pass', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
    ['just after the repeated hour', '2026-10-25T03:00', '2026-10-25T02:00:00.000Z'],
  ])('in Berlin, %s', (_where, text, instant) => {
    expect(instantOf(text, 'Europe/Berlin')).toBe(instant);
  });

  it('moves by the length of a gap that is half an hour', () => {
    expect(instantOf('2026-10-04T02:10', 'Australia/Lord_Howe')).toBe(
      instantOf('2026-10-04T02:40', 'Australia/Lord_Howe'),
    );
  });

  it('knows the gap at midnight of a southern spring', () => {
    expect(instantOf('2026-09-06T00:00', 'America/Santiago')).toBe('2026-09-06T04:00:00.000Z');
    expect(instantOf('2026-09-06T01:00', 'America/Santiago')).toBe('2026-09-06T04:00:00.000Z');
  });

  it('moves a day that an island left out to the next one', () => {
    expect(instantOf('2011-12-30T10:00', 'Pacific/Apia')).toBe(instantOf('2011-12-31T10:00', 'Pacific/Apia'));
  });

  it('carries fields beyond their range over', () => {
    expect(instantOf('2025-14-32T24:60', 'UTC')).toBe('2026-03-05T01:00:00.000Z');
  });

  it('does not take an early year for one of the twentieth century', () => {
    expect(instantOf('0099-01-01T00:00', 'UTC')).toBe('0099-01-01T00:00:00.000Z');
  });

  it('gives every instant back in every zone, but the second pass of a repeated hour', () => {
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        const back = toInstant(toWallTime(instant, zone), zone);
        if (back.getTime() === instant.getTime()) return;
        expect(back.getTime()).toBeLessThan(instant.getTime());
        expect(toWallTime(back, zone)).toEqual(toWallTime(instant, zone));
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees in every zone with a search through all instants around', () => {
    const quarters = Array.from({ length: 4 * 60 }, (_, n) => (n - 120) * 900_000);
    fc.assert(
      fc.property(instants, zones, (near, zone) => {
        const asked = { ...toWallTime(near, zone), minute: 0, second: 0, ms: 0 };
        const utc = Date.UTC(asked.year, asked.month - 1, asked.day, asked.hour);
        const shows = (at: number): boolean => JSON.stringify(toWallTime(new Date(at), zone)) === JSON.stringify(asked);
        const first = quarters.map((ms) => utc + ms).find(shows);
        if (first !== undefined) expect(toInstant(asked, zone).getTime()).toBe(first);
      }),
      { numRuns: 60 },
    );
  });
});

describe('weekdayOf', () => {
  it('counts from Monday, 1, to Sunday, 7', () => {
    const days = [20, 21, 22, 23, 24, 25, 26].map((day) => weekdayOf({ year: 2026, month: 7, day }));
    expect(days).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('daysInMonth', () => {
  it.each([
    [2023, 2, 28],
    [2024, 2, 29],
    [1900, 2, 28],
    [2000, 2, 29],
    [2026, 12, 31],
    [2025, 14, 28],
    [2026, 0, 31],
  ])('of year %d, month %d is %d', (year, month, days) => {
    expect(daysInMonth(year, month)).toBe(days);
  });
});
