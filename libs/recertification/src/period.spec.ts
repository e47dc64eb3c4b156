import fc from 'fast-check';
import { addPeriods, formatPeriod, nextDueAfter, parsePeriod, type Period } from './period';
import { DAY_MS, daysInMonth, toWallTime, type WallTime } from './zoned-time';

const none: Period = { years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0, seconds: 0 };
const every = (text: string): Period => {
  const parsed = parsePeriod(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.period;
};
const added = (anchor: string, period: string, count: number, zone: string): string =>
  addPeriods(new Date(anchor), every(period), count, zone).toISOString();
const nextDue = (anchor: string, period: string, zone: string, after: string): string =>
  nextDueAfter(new Date(anchor), every(period), zone, new Date(after)).toISOString();

describe('parsePeriod', () => {
  it.each([
    ['daily', 'P1D'],
    ['weekly', 'P1W'],
    ['monthly', 'P1M'],
    ['quarterly', 'P3M'],
    ['semiannual', 'P6M'],
    ['annual', 'P1Y'],
    ['yearly', 'P1Y'],
    [' Annual\n', 'P1Y'],
    ['P6M', 'P6M'],
    ['p1y6m', 'P1Y6M'],
    ['P0Y03M', 'P3M'],
    ['P12M', 'P12M'],
    ['P1W3D', 'P1W3D'],
    ['PT36H', 'PT36H'],
    ['P1DT2H3M4S', 'P1DT2H3M4S'],
    ['PT1S', 'PT1S'],
    ['P100Y', 'P100Y'],
    ['P1200M', 'P1200M'],
  ])('reads %j as %s', (text, iso) => {
    expect(parsePeriod(text)).toMatchObject({ ok: true, iso });
  });

  it('reads months before and minutes after the T', () => {
    expect(every('P2MT2M')).toEqual({ ...none, months: 2, minutes: 2 });
  });

  it.each([
    ['P0D', /no time at all/],
    ['P0Y0M0DT0S', /no time at all/],
    ['-P1D', /sign/],
    ['P-1D', /sign/],
    ['+P1D', /sign/],
    ['P1.5Y', /fraction/],
    ['P0,5M', /fraction/],
    ['PT0.5S', /fraction/],
    ['P101Y', /longer than 100 years/],
    ['P1201M', /longer than 100 years/],
    ['P100Y1D', /longer than 100 years/],
    ['PT9999999999999999H', /longer than 100 years/],
    ['P99999999999999999999999999999999Y', /longer than 100 years/],
    ['', /empty/],
    [' \t', /empty/],
    ['P', /not a period/],
    ['PT', /not a period/],
    ['P1DT', /not a period/],
    ['P1M1Y', /not a period/],
    ['P1H', /not a period/],
    ['1Y', /not a period/],
    ['P1Y P1M', /not a period/],
    ['every now and then', /not a period/],
    ['toString', /not a period/],
    ['__proto__', /not a period/],
  ])('refuses %j and gives an example', (text, why) => {
    const parsed = parsePeriod(text);
    expect(parsed).toEqual({ ok: false, reason: expect.stringMatching(why) as string });
    expect(parsed).toEqual({ ok: false, reason: expect.stringContaining('such as P6M (six months)') as string });
  });

  it.each(['biannual', 'Biweekly', 'bimonthly', 'biyearly'])(
    'refuses %s as ambiguous and names both meanings',
    (text) => {
      expect(parsePeriod(text)).toEqual({
        ok: false,
        reason: expect.stringMatching(/ambiguous.*"P\dD?[WMY]?"/) as string,
      });
    },
  );

  it('repeats no more than a line of what was written', () => {
    const parsed = parsePeriod(`a\n${'b'.repeat(10_000)}`);
    expect(parsed.ok ? '' : parsed.reason).toMatch(/^"a b{58}\.\." is not/);
  });

  it('reads back what formatPeriod writes', () => {
    const part = fc.nat({ max: 12 });
    const periods = fc.record({
      years: part,
      months: part,
      weeks: part,
      days: part,
      hours: part,
      minutes: part,
      seconds: part,
    });
    fc.assert(
      fc.property(periods, (period) => {
        fc.pre(Object.values(period).some((count) => count > 0));
        const iso = formatPeriod(period);
        expect(parsePeriod(iso)).toEqual({ ok: true, period, iso });
      }),
    );
  });

  it('answers any text at all', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^P[\dYMWDTHS.,-]*$/)), (text) => {
        const parsed = parsePeriod(text);
        if (parsed.ok) expect(parsePeriod(parsed.iso)).toEqual(parsed);
        else expect(parsed.reason).not.toBe('');
      }),
    );
  });
});

describe('addPeriods', () => {
  it.each([
    ['29 February to the 28th of a common year', '2024-02-29T09:00Z', 'P1Y', 1, '2025-02-28T09:00:00.000Z'],
    ['29 February back to the 29th of a leap year', '2024-02-29T09:00Z', 'P1Y', 4, '2028-02-29T09:00:00.000Z'],
    ['31 January to the end of February', '2026-01-31T09:00Z', 'P1M', 1, '2026-02-28T09:00:00.000Z'],
    ['31 January to 31 March, not to the 28th', '2026-01-31T09:00Z', 'P1M', 2, '2026-03-31T09:00:00.000Z'],
    ['30 November to the end of February', '2025-11-30T09:00Z', 'P3M', 1, '2026-02-28T09:00:00.000Z'],
    ['31 December over the year', '2025-12-31T09:00Z', 'P1M', 2, '2026-02-28T09:00:00.000Z'],
    ['months before days', '2026-01-31T09:00Z', 'P1M1D', 1, '2026-03-01T09:00:00.000Z'],
    ['nothing', '2026-01-31T09:00Z', 'P1M', 0, '2026-01-31T09:00:00.000Z'],
    ['one back', '2026-03-31T09:00Z', 'P1M', -1, '2026-02-28T09:00:00.000Z'],
  ])('counts %s', (_what, anchor, period, count, result) => {
    expect(added(anchor, period, count, 'UTC')).toBe(result);
  });

  it.each([
    ['northern spring', 'Europe/Berlin', '2026-03-28T08:00Z', '2026-03-29T07:00:00.000Z', '2026-03-29T08:00:00.000Z'],
    ['northern autumn', 'Europe/Berlin', '2026-10-24T07:00Z', '2026-10-25T08:00:00.000Z', '2026-10-25T07:00:00.000Z'],
    [
      'southern spring',
      'Australia/Sydney',
      '2026-10-02T23:00Z',
      '2026-10-03T22:00:00.000Z',
      '2026-10-03T23:00:00.000Z',
    ],
    [
      'southern autumn',
      'Australia/Sydney',
      '2026-04-03T22:00Z',
      '2026-04-04T23:00:00.000Z',
      '2026-04-04T22:00:00.000Z',
    ],
  ])(
    'keeps the time of day over a change of the clock by a day, not by 24 hours: %s',
    (_when, zone, anchor, day, hours) => {
      expect(added(anchor, 'P1D', 1, zone)).toBe(day);
      expect(added(anchor, 'PT24H', 1, zone)).toBe(hours);
    },
  );

  it('goes an hour on when the clock leaves the time of day out, and back on the day after', () => {
    expect(added('2026-03-28T01:30Z', 'P1D', 1, 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
    expect(added('2026-03-28T01:30Z', 'P1D', 2, 'Europe/Berlin')).toBe('2026-03-30T00:30:00.000Z');
  });

  it('leaves the second pass of a repeated hour where it is when only hours are added', () => {
    expect(added('2026-10-25T01:30Z', 'PT1H', 1, 'Europe/Berlin')).toBe('2026-10-25T02:30:00.000Z');
    expect(added('2026-10-25T01:30Z', 'P1Y', 0, 'Europe/Berlin')).toBe('2026-10-25T01:30:00.000Z');
  });

  it('counts in the zone: the last day of a month there, the first of the next in UTC', () => {
    expect(added('2026-01-31T12:00Z', 'P1M', 1, 'Pacific/Kiritimati')).toBe('2026-02-28T12:00:00.000Z');
    expect(added('2026-01-31T09:59Z', 'P1M', 1, 'Pacific/Kiritimati')).toBe('2026-02-28T09:59:00.000Z');
  });

  it('refuses an invalid date, an unknown zone and what is beyond all dates', () => {
    expect(() => addPeriods(new Date(NaN), every('PT1S'), 1, 'UTC')).toThrow(RangeError);
    expect(() => addPeriods(new Date(0), every('P1D'), 1, 'Mars/Olympus')).toThrow(RangeError);
    expect(() => addPeriods(new Date(0), every('P100Y'), 1e6, 'UTC')).toThrow(RangeError);
    expect(() => addPeriods(new Date(0), every('PT1S'), 1e15, 'UTC')).toThrow(/1000000000000000 times PT1S from 0 ms/);
  });
});

describe('nextDueAfter', () => {
  it.each([
    ['just before a due date', '2026-02-28T08:59:59.999Z', '2026-02-28T09:00:00.000Z'],
    ['at a due date', '2026-02-28T09:00:00.000Z', '2026-03-31T09:00:00.000Z'],
    ['just after a due date', '2026-02-28T09:00:00.001Z', '2026-03-31T09:00:00.000Z'],
    ['at the anchor', '2026-01-31T09:00:00.000Z', '2026-02-28T09:00:00.000Z'],
    ['before the anchor: the first, never the anchor itself', '2020-01-01T00:00:00.000Z', '2026-02-28T09:00:00.000Z'],
    ['long after', '2031-12-31T09:00:00.000Z', '2032-01-31T09:00:00.000Z'],
  ])('finds the next %s', (_when, after, due) => {
    expect(nextDue('2026-01-31T09:00Z', 'P1M', 'UTC', after)).toBe(due);
  });

  it('takes no longer for seconds over decades', () => {
    expect(nextDue('1970-01-01T00:00Z', 'PT1S', 'Europe/Berlin', '2026-07-01T00:00:00.500Z')).toBe(
      '2026-07-01T00:00:01.000Z',
    );
  });

  it('refuses a period of no length and invalid dates instead of searching for ever', () => {
    expect(() => nextDueAfter(new Date(0), none, 'UTC', new Date(1))).toThrow(RangeError);
    expect(() => nextDueAfter(new Date(NaN), every('P1D'), 'UTC', new Date(1))).toThrow(RangeError);
    expect(() => nextDueAfter(new Date(0), every('P1D'), 'UTC', new Date(NaN))).toThrow(RangeError);
  });
});

describe('periods in every zone', () => {
  const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  const instants = fc.date({ min: new Date('1980-01-01'), max: new Date('2050-01-01'), noInvalidDate: true });
  const small = fc.nat({ max: 3 });
  const periods = fc
    .record({
      years: small,
      months: fc.nat({ max: 13 }),
      weeks: small,
      days: fc.nat({ max: 40 }),
      hours: fc.nat({ max: 30 }),
      minutes: small,
      seconds: small,
    })
    .filter((period) => Object.values(period).some((count) => count > 0));
  const scaled = (period: Period, by: number): Period =>
    Object.fromEntries(
      Object.entries(period).map(([unit, count]: [string, number]) => [unit, count * by]),
    ) as unknown as Period;

  it('never go back from one to the next, and go on with the one after at the latest', () => {
    fc.assert(
      fc.property(instants, periods, zones, fc.nat({ max: 60 }), (anchor, period, zone, k) => {
        const [first, second, third] = [k, k + 1, k + 2].map((n) => addPeriods(anchor, period, n, zone).getTime());
        // Only a day that a zone left out altogether falls together with the next.
        expect(second).toBeGreaterThanOrEqual(first!);
        expect(third).toBeGreaterThan(first!);
      }),
      { numRuns: 1000 },
    );
  });

  it('are counted in one step: k times a period is one period that is k times as long', () => {
    fc.assert(
      fc.property(instants, periods, zones, fc.integer({ min: 1, max: 60 }), (anchor, period, zone, k) => {
        expect(addPeriods(anchor, period, k, zone)).toEqual(addPeriods(anchor, scaled(period, k), 1, zone));
      }),
      { numRuns: 500 },
    );
  });

  it('keep the day of the month or take the last, and the time of day where the clock shows it', () => {
    fc.assert(
      fc.property(instants, zones, fc.integer({ min: 1, max: 600 }), (anchor, zone, months) => {
        const from = toWallTime(anchor, zone);
        const result = addPeriods(anchor, { ...none, months: 1 }, months, zone);
        const to = toWallTime(result, zone);
        const day = Math.min(from.day, daysInMonth(from.year, from.month + months));
        if (timeOfDay(to) === timeOfDay(from)) return expect(to.day).toBe(day);
        // Else the clock was put forward within the day before: a day earlier it showed something else.
        const dayBefore = toWallTime(new Date(result.getTime() - DAY_MS), zone);
        expect(timeOfDay(dayBefore)).not.toBe(timeOfDay(to));
      }),
      { numRuns: 500 },
    );
  });

  it('give the smallest k above 0 that lies after: the one before does not', () => {
    fc.assert(
      fc.property(instants, periods, zones, instants, (anchor, period, zone, after) => {
        const due = nextDueAfter(anchor, period, zone, after);
        expect(due.getTime()).toBeGreaterThan(after.getTime());
        let [low, high] = [1, 2 ** 32];
        while (low < high) {
          const middle = Math.floor((low + high) / 2);
          if (isAfter(anchor, period, middle, zone, after)) high = middle;
          else low = middle + 1;
        }
        expect(due).toEqual(addPeriods(anchor, period, low, zone));
      }),
      { numRuns: 300 },
    );
  });

  const timeOfDay = ({ hour, minute, second, ms }: WallTime): string => [hour, minute, second, ms].join(':');
  const isAfter = (anchor: Date, period: Period, k: number, zone: string, after: Date): boolean => {
    try {
      return addPeriods(anchor, period, k, zone) > after;
    } catch {
      return true;
    }
  };
});
