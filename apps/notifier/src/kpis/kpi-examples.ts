/** Reports of KPIs for the tests of this folder. */
import { type KpiFigure, type KpiMissed, type KpiReceived } from '@recert/contracts';

/** The twelve weeks up to week 47 of 2026. */
export const WEEKS = Array.from({ length: 12 }, (_, i) => `2026-W${36 + i}`);

/** @param values of the last weeks, the newest last; null where nothing was reported */
export function series(...values: (number | null)[]): KpiFigure['series'] {
  const padding = WEEKS.length - values.length;
  return WEEKS.map((week, i) => ({ week, value: values[i - padding] ?? null }));
}

export function figure(of: Partial<KpiFigure> = {}): KpiFigure {
  return {
    name: 'signups',
    value: 12,
    unit: null,
    target: 10,
    better: 'up',
    previous: 9,
    median: 8.5,
    series: series(7, 8, 9, 9, 12),
    ...of,
  };
}

export function report(of: Partial<KpiReceived> = {}): KpiReceived {
  return {
    productId: 'lugha',
    productName: 'Lugha',
    week: '2026-W47',
    version: 1,
    corrected: null,
    late: false,
    receivedAt: '2026-11-23T08:00:00.000Z',
    figures: [figure()],
    missing: [],
    test: false,
    testBy: null,
    ...of,
  };
}

export function missed(of: Partial<KpiMissed> = {}): KpiMissed {
  return {
    productId: 'lugha',
    productName: 'Lugha',
    week: '2026-W47',
    owner: 'ada',
    level: 'owner',
    expectedBy: '2026-11-23T11:00:00.000Z',
    lastHeardAt: '2026-11-16T08:00:00.000Z',
    lastWeek: '2026-W46',
    ...of,
  };
}

/** A product with six KPIs of all kinds, with gaps. */
export const sixFigures: readonly KpiFigure[] = [
  figure({ series: series(4, 6, 5, 7, 9, 8, 8.5, 7, 8, 9, 9, 12) }),
  figure({
    ...{ name: 'monthly recurring revenue', value: 12_840.5, unit: 'EUR', target: 15_000 },
    ...{ previous: 12_100, median: 11_900 },
    series: series(9100, 9400, 9900, 10_200, null, null, 10_900, 11_400, 11_700, 12_050, 12_100, 12_840.5),
  }),
  figure({
    ...{ name: 'churn', value: 3.4, unit: '%', target: 2.5, better: 'down', previous: 2.1, median: 2.2 },
    series: series(2.9, 2.7, 2.5, 2.6, 2.4, 2.2, 2.3, 2.2, 2.1, 2.3, 2.1, 3.4),
  }),
  figure({
    ...{ name: 'crashes', value: 0, target: null, better: 'down', previous: 4, median: 2 },
    series: series(3, null, 2, null, 1, 0, 0, 5, 2, 2, 4, 0),
  }),
  figure({
    ...{ name: 'lessons finished', value: 1_204_311, target: null, previous: null, median: 1_100_000 },
    series: series(
      800_000,
      850_000,
      930_000,
      990_000,
      1_000_000,
      1_050_000,
      1_100_000,
      null,
      null,
      null,
      null,
      1_204_311,
    ),
  }),
  figure({
    name: 'app rating',
    value: 4.6,
    unit: '★',
    target: 4.5,
    previous: null,
    median: null,
    series: series(4.6),
  }),
];
