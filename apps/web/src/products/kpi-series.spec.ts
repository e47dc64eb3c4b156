import { changeOf, isMet, type KpiSeries, numberText, seriesOf, tickText } from './kpi-series';

const line = (name: string, week: string, value: number, target: number | null = null) => ({
  ...{ product: 'lugha', name, week, value, target, unit: null, better: 'up' as const },
  ...{ receivedAt: '2026-11-21T09:00:00.000Z', corrections: [] },
});
const WEEKS = ['2026-W45', '2026-W46', '2026-W47'];

describe('the series of a product', () => {
  it('have a gap where a week is missing, and the target of the newest week', () => {
    const lines = [
      line('signups', '2026-W45', 9, 10),
      line('signups', '2026-W47', 12, 15),
      line('signups', '2020-W01', 1),
    ];
    expect(seriesOf(lines, WEEKS)).toEqual([
      {
        ...{
          name: 'signups',
          unit: null,
          target: 15,
          better: 'up',
          newest: { week: '2026-W47', value: 12 },
          before: null,
        },
        points: [
          { week: '2026-W45', value: 9 },
          { week: '2026-W46', value: null },
          { week: '2026-W47', value: 12 },
        ],
      },
    ]);
  });

  it('are by name, each with what it was in the week before', () => {
    const lines = [line('b', '2026-W46', 3), line('b', '2026-W45', 2), line('a', '2026-W47', 1)];
    expect(seriesOf(lines, WEEKS).map(({ name, newest, before }) => [name, newest.week, before])).toEqual([
      ['a', '2026-W47', null],
      ['b', '2026-W46', 2],
    ]);
    expect(seriesOf([], WEEKS)).toEqual([]);
  });
});

const of = (value: number, change: Partial<KpiSeries>): KpiSeries => ({
  ...{ name: 'x', unit: null, target: null, better: 'up', points: [], before: null },
  ...change,
  newest: { week: '2026-W47', value },
});

describe('a target', () => {
  it.each([
    [9, 10, 'up', false],
    [10, 10, 'up', true],
    [10, 10, 'down', true],
    [11, 10, 'down', false],
    [11, null, 'down', null],
  ] as const)('%d of %d, better %s, is met: %s', (value, target, better, met) => {
    expect(isMet(of(value, { target, better }))).toBe(met);
  });
});

describe('a change', () => {
  it.each([
    [15, { before: 12 }, '+3 (+25 %)', true],
    [15, { before: 12, better: 'down' }, '+3 (+25 %)', false],
    [9, { before: 12 }, '−3 (−25 %)', false],
    [3, { before: 0 }, '+3', true],
    [-9, { before: -12 }, '+3 (+25 %)', true],
    [12, { before: 12 }, 'as the week before', null],
  ] as const)('to %d with %j is %s', (value, change, text, isGood) => {
    expect(changeOf(of(value, change))).toEqual({ text, isGood });
  });

  it('is not known without the week before', () => expect(changeOf(of(1, {}))).toBeNull());
});

describe('a number', () => {
  it.each([
    [12, '12'],
    [1234.5, '1,234.5'],
    [0.0012, '0.0012'],
    [0.1 + 0.2, '0.3'],
  ])('%d is written %s', (value, text) => expect(numberText(value)).toBe(text));

  it('is short at an axis', () => {
    expect([1e12, 1_250_000, 24_000, 180, 2.8].map(tickText)).toEqual(['1T', '1.25M', '24K', '180', '2.8']);
  });
});
