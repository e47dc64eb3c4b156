import { kpiIngestConfig } from './config';

describe('the configuration of kpi-ingest', () => {
  const graceOf = (text: string | undefined) => kpiIngestConfig.parse({ KPI_GRACE: text }).KPI_GRACE;
  const none = { years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0, seconds: 0 };

  it.each([
    [undefined, { ...none, hours: 2 }],
    ['PT30M', { ...none, minutes: 30 }],
    ['P5D', { ...none, days: 5 }],
    ['PT120H', { ...none, hours: 120 }],
    ['off', null],
    ['OFF', null],
  ])('takes %s as grace', (text, expected) => {
    expect(graceOf(text)).toEqual(expected);
  });

  it.each(['P5DT1S', 'PT121H', 'P1W', 'P1M', 'P1Y', 'two hours', '-PT2H', 'PT0S', '2'])('refuses %s', (text) => {
    expect(() => graceOf(text)).toThrow(/KPI_GRACE is malformed \(expected .*e\.g\. PT2H/s);
  });
});
