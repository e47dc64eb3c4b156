import { dayOf, monthsLater, numberOf, ZoneOracle } from './zone-oracle';

describe('the oracle of days', () => {
  it.each([
    [{ year: 1970, month: 1, day: 1 }, 0],
    [{ year: 2000, month: 2, day: 29 }, 11_016],
    [{ year: 2024, month: 12, day: 31 }, 20_088],
    [{ year: 2100, month: 3, day: 1 }, 47_541],
  ])('counts %j as %d, and back', (day, number) => {
    expect(numberOf(day)).toBe(number);
    expect(dayOf(number)).toEqual(day);
  });

  it('takes the last day of a shorter month', () => {
    expect(monthsLater({ year: 2024, month: 1, day: 31 }, 1)).toEqual({ year: 2024, month: 2, day: 29 });
    expect(monthsLater({ year: 2024, month: 2, day: 29 }, -12)).toEqual({ year: 2023, month: 2, day: 28 });
    expect(monthsLater({ year: 2024, month: 11, day: 30 }, 3)).toEqual({ year: 2025, month: 2, day: 28 });
  });
});

describe('the oracle of a zone', () => {
  const berlin = new ZoneOracle('Europe/Berlin', 2026, 2026);
  const at = (month: number, day: number, hour: number, minute = 0): string =>
    new Date(berlin.instantOf({ year: 2026, month, day, hour, minute })).toISOString();

  it('finds the days on which the clocks change', () => {
    expect(berlin.changes()).toMatchObject([
      { month: 3, day: 29 },
      { month: 10, day: 25 },
    ]);
    expect(new ZoneOracle('Asia/Kathmandu', 2026, 2026).changes()).toEqual([]);
  });

  it('moves what is skipped on by as much, and takes the first of what comes twice', () => {
    expect([at(3, 29, 1, 59), at(3, 29, 2, 30), at(3, 29, 3)]).toEqual([
      '2026-03-29T00:59:00.000Z',
      '2026-03-29T01:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
    ]);
    expect([at(10, 25, 2, 30), at(10, 25, 3)]).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-25T02:00:00.000Z']);
  });

  it('shows what the clock shows', () => {
    expect(berlin.timeAt(Date.UTC(2026, 6, 1, 22, 0))).toEqual({ year: 2026, month: 7, day: 2, hour: 0, minute: 0 });
  });
});
