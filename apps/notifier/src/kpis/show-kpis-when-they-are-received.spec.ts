import { type Delivery } from '@recert/bus';
import { MovableClock } from '@recert/testing';
import { KpiChart } from './kpi-chart';
import { report } from './kpi-examples';
import { type ShownKpis } from './kpi-week';
import { KpiWeekRepository } from './kpi-week.repository';
import { ShowKpisWhenTheyAreReceived } from './show-kpis-when-they-are-received';
import { TellKpis } from './tell-kpis';
import { TellMissedKpis } from './tell-missed-kpis';

const NOW = new Date('2026-11-23T08:00:00Z');

/** How often a report is drawn that is delivered for the `deliveries`th time, and the chart that is said or edited. */
async function handled(
  deliveries: number,
  shown: ShownKpis | null = null,
  hasListeners = true,
): Promise<{ drawn: number; told: unknown[] }> {
  const png = Buffer.from('a picture');
  const draw = jest.spyOn(KpiChart.prototype, 'draw').mockResolvedValue(png);
  const told: unknown[] = [];
  const weeks = {
    lock: () => Promise.resolve({ version: shown === null ? 0 : 1, shown, missed: null }),
    saveReport: () => Promise.resolve(),
  } as unknown as KpiWeekRepository;
  const tell = (how: string) => (_tx: unknown, _report: unknown, chart: Buffer | null) =>
    Promise.resolve(void told.push(how, chart === png ? 'chart' : chart));
  const listening = { hasListeners: () => Promise.resolve(hasListeners) };
  const kpis = { ...listening, say: tell('said'), edit: tell('edited') } as unknown as TellKpis;
  const rule = new ShowKpisWhenTheyAreReceived(
    weeks,
    new KpiChart(),
    kpis,
    {} as TellMissedKpis,
    new MovableClock(NOW),
  );
  await rule.handle(report({ version: 2 }), { tx: {}, deliveries } as unknown as Delivery);
  const drawn = draw.mock.calls.length;
  draw.mockRestore();
  return { drawn, told };
}

describe('a report that comes again', () => {
  it.each([
    [1, 1, 'chart'],
    [2, 1, 'chart'],
    [3, 0, null],
    [4, 0, null],
  ])('is said at delivery %d after %d drawing', async (deliveries, drawn, chart) => {
    expect(await handled(deliveries)).toEqual({ drawn, told: ['said', chart] });
  });
});

describe('a report that nobody would see', () => {
  it('is not drawn', async () => {
    expect(await handled(1, null, false)).toEqual({ drawn: 0, told: ['said', null] });
  });
});

describe('a correction', () => {
  const shown = (hasChart: boolean): ShownKpis => ({ saidAt: NOW, hasChart, hasMore: false, chats: [] });

  it.each([
    ['redraws its chart', true, 1, 1, 'chart'],
    ['redraws its chart once more', true, 2, 1, 'chart'],
    ['leaves its chart when drawing has failed twice', true, 3, 0, null],
    ['draws nothing for a text', false, 1, 0, null],
  ])('%s', async (_what, hasChart, deliveries, drawn, chart) => {
    expect(await handled(deliveries, shown(hasChart))).toEqual({ drawn, told: ['edited', chart] });
  });
});

describe('a test', () => {
  it.each([
    [1, 'chart'],
    [2, 'chart'],
    [3, null],
  ])('at delivery %d is said with %s, and no week is locked or kept for it', async (deliveries, expected) => {
    const png = Buffer.from('a picture');
    const draw = jest.spyOn(KpiChart.prototype, 'draw').mockResolvedValue(png);
    const told: unknown[] = [];
    const kpis = {
      hasListeners: () => Promise.resolve(true),
      sayTest: (_tx: unknown, { testBy }: { testBy: string | null }, chart: Buffer | null) =>
        Promise.resolve(void told.push(testBy, chart === png ? 'chart' : chart)),
    } as unknown as TellKpis;
    // Whatever else it touched would throw.
    const rule = new ShowKpisWhenTheyAreReceived(
      {} as KpiWeekRepository,
      new KpiChart(),
      kpis,
      {} as TellMissedKpis,
      new MovableClock(NOW),
    );
    const tested = report({ test: true, testBy: 'ada' });
    expect(await rule.handle(tested, { tx: {}, deliveries } as unknown as Delivery)).toEqual({ kind: 'done' });
    draw.mockRestore();
    expect(told).toEqual(['ada', expected]);
  });
});
