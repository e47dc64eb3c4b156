import { type Delivery } from '@recert/bus';
import { MovableClock } from '@recert/testing';
import { KpiChart } from './kpi-chart';
import { report } from './kpi-examples';
import { KpiWeekRepository } from './kpi-week.repository';
import { ShowKpisWhenTheyAreReceived } from './show-kpis-when-they-are-received';
import { TellKpis } from './tell-kpis';
import { TellMissedKpis } from './tell-missed-kpis';

/** How often a report is drawn that is delivered for the `deliveries`th time, and the chart that is said. */
async function handled(deliveries: number): Promise<{ drawn: number; said: unknown[] }> {
  const png = Buffer.from('a picture');
  const draw = jest.spyOn(KpiChart.prototype, 'draw').mockResolvedValue(png);
  const said: unknown[] = [];
  const weeks = {
    lock: () => Promise.resolve({ version: 0, shown: null, missed: null }),
    saveReport: () => Promise.resolve(),
  } as unknown as KpiWeekRepository;
  const kpis = {
    say: (_tx: unknown, _report: unknown, chart: Buffer | null) => Promise.resolve(void said.push(chart)),
  } as unknown as TellKpis;
  const clock = new MovableClock('2026-11-23T08:00:00Z');
  const rule = new ShowKpisWhenTheyAreReceived(weeks, new KpiChart(), kpis, {} as TellMissedKpis, clock);
  await rule.handle(report(), { tx: {}, deliveries } as unknown as Delivery);
  const drawn = draw.mock.calls.length;
  draw.mockRestore();
  return { drawn, said: said.map((chart) => (chart === png ? 'chart' : chart)) };
}

describe('a report that comes again', () => {
  it.each([
    [1, 1, 'chart'],
    [2, 1, 'chart'],
    [3, 0, null],
    [4, 0, null],
  ])('is said at delivery %d after %d drawing', async (deliveries, drawn, chart) => {
    expect(await handled(deliveries)).toEqual({ drawn, said: [chart] });
  });
});
