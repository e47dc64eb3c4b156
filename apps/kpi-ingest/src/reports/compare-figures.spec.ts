import fc from 'fast-check';
import { compareFigures, median, type PastValue } from './compare-figures';
import { type Figure } from './merge-report';

const figure = (name: string, value: number): Figure => ({
  ...{ name, value, unit: null, target: null, better: 'up' },
  receivedAt: new Date('2026-11-23T08:00:00Z'),
});
const past = (name: string, values: Record<string, number>): PastValue[] =>
  Object.entries(values).map(([week, value]) => ({ week, name, value }));

describe('the median', () => {
  it.each([
    [[], null],
    [[7], 7],
    [[9, 7], 8],
    [[9, 1, 7], 7],
    [[9, 1, 7, 2], 4.5],
    [[10, 9, 100], 10],
    [[-1, 1], 0],
    [[0, 0, 5, 0], 0],
    [[Number.MAX_VALUE, Number.MAX_VALUE], Number.MAX_VALUE],
  ])('of %j is %j', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('has as many above it as below, whatever the order', () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((each) => !Object.is(each, -0));
    const some = fc.array(value, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(some, (values) => {
        const middle = median(values)!;
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(Math.floor(values.length / 2));
        expect(median(values.toReversed())).toBe(middle);
      }),
    );
  });
});

describe('a figure beside what it was before', () => {
  const compared = (week: string, values: Record<string, number>) =>
    compareFigures(week, [figure('signups', 12)], past('signups', values)).figures[0]!;

  it('has the week before, the median of the four before, and twelve weeks', () => {
    const values = { '2026-W43': 100, '2026-W44': 8, '2026-W45': 7, '2026-W46': 9, '2026-W36': 1 };
    const { previous, median: usual, series } = compared('2026-W47', values);
    expect([previous, usual]).toEqual([9, 8.5]);
    expect(series).toEqual([
      { week: '2026-W36', value: 1 },
      ...[37, 38, 39, 40, 41, 42].map((week) => ({ week: `2026-W${week}`, value: null })),
      { week: '2026-W43', value: 100 },
      { week: '2026-W44', value: 8 },
      { week: '2026-W45', value: 7 },
      { week: '2026-W46', value: 9 },
      { week: '2026-W47', value: 12 },
    ]);
  });

  it('goes over a gap: no week before, and the median of those that there are', () => {
    expect(compared('2026-W47', { '2026-W43': 4, '2026-W45': 6 })).toMatchObject({ previous: null, median: 5 });
    expect(compared('2026-W47', { '2026-W42': 4 })).toMatchObject({ previous: null, median: null });
    expect(compared('2026-W47', {})).toMatchObject({ previous: null, median: null });
  });

  it('takes a zero for a value', () => {
    expect(compared('2026-W47', { '2026-W46': 0 })).toMatchObject({ previous: 0, median: 0 });
  });

  it('goes over the end of a year with 53 weeks, and of one with 52', () => {
    const long = compared('2027-W02', { '2027-W01': 1, '2026-W53': 2, '2026-W52': 3, '2026-W51': 40, '2026-W50': 500 });
    expect([long.previous, long.median]).toEqual([1, 2.5]);
    expect(compared('2027-W01', { '2026-W53': 2 }).previous).toBe(2);
    const short = compared('2026-W01', { '2025-W52': 5, '2025-W48': 500 });
    expect([short.previous, short.median]).toEqual([5, 5]);
    expect(short.series.map(({ week }) => week).slice(-3)).toEqual(['2025-W51', '2025-W52', '2026-W01']);
  });

  it('is compared with its own past only', () => {
    const { figures } = compareFigures('2026-W47', [figure('a', 1), figure('b', 2)], past('a', { '2026-W46': 5 }));
    expect(figures.map(({ name, previous }) => [name, previous])).toEqual([
      ['a', 5],
      ['b', null],
    ]);
  });
});

describe('what is missing', () => {
  const missing = (values: PastValue[], present = ['signups']): string[] =>
    compareFigures(
      '2026-W47',
      present.map((name) => figure(name, 1)),
      values,
    ).missing;

  it('was reported in one of the four weeks before, and is not now', () => {
    const values = [
      ...past('just before', { '2026-W46': 1 }),
      ...past('four weeks ago', { '2026-W43': 1, '2026-W44': 1 }),
      ...past('five weeks ago', { '2026-W42': 1 }),
      ...past('signups', { '2026-W46': 1 }),
    ];
    expect(missing(values)).toEqual(['four weeks ago', 'just before']);
    expect(missing([])).toEqual([]);
  });

  it('is told up to 200 names', () => {
    const values = Array.from({ length: 300 }, (_, n) => past(`kpi ${1000 + n}`, { '2026-W46': 1 })).flat();
    expect(missing(values)).toHaveLength(200);
  });
});
