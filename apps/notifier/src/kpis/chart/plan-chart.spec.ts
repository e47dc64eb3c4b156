import { figure, report, series, sixFigures, WEEKS } from '../kpi-examples';
import { axisText, drawable, planChart } from './plan-chart';

/** The panel of one KPI. */
const panel = (of: Parameters<typeof figure>[0]) => planChart(report({ figures: [figure(of)] }))?.panels[0];

describe('the plan of a chart', () => {
  it('has the product, the week and a panel for each KPI', () => {
    expect(planChart(report())).toEqual({
      title: 'Lugha',
      subtitle: 'Week 47 (16 to 22 November 2026)',
      columns: 1,
      panels: [
        {
          name: 'signups',
          value: '12',
          unit: '',
          target: { text: 'target 10', at: 10, isMet: true },
          weeks: WEEKS.map((week) => week.slice(5)),
          values: [null, null, null, null, null, null, null, 7, 8, 9, 9, 12],
          fromZero: false,
        },
      ],
    });
  });

  it.each([
    [1, 1, 1],
    [2, 2, 1],
    [3, 3, 2],
    [6, 6, 2],
    [7, 6, 2],
  ])('of %d KPIs has %d panels, %d beside each other', (count, panels, columns) => {
    const figures = Array.from({ length: count }, () => figure());
    const plan = planChart(report({ figures }));
    expect([plan?.panels.length, plan?.columns]).toEqual([panels, columns]);
  });

  it('is none where there is no value to draw', () => {
    expect(planChart(report({ figures: [] }))).toBeNull();
    expect(planChart(report({ figures: [figure({ series: [] })] }))).toBeNull();
    expect(planChart(report({ figures: [figure({ series: series(null) })] }))).toBeNull();
  });

  it('leaves out what is beyond all axes', () => {
    expect(panel({ target: null, series: series(1e15) })).toBeDefined();
    expect(panel({ target: null, series: series(1.001e15) })).toBeUndefined();
    expect(panel({ target: -1e300 })).toBeUndefined();
    const figures = [figure({ target: 1e300 }), ...sixFigures];
    expect(planChart(report({ figures }))?.panels.map(({ name }) => name)).toEqual(sixFigures.map(({ name }) => name));
  });

  it('shows the last twelve weeks', () => {
    const weeks = Array.from({ length: 20 }, (_, i) => ({ week: `2026-W${28 + i}`, value: i }));
    const shown = panel({ series: weeks });
    expect([shown?.weeks.length, shown?.weeks[0], shown?.weeks[11], shown?.values[0]]).toEqual([12, 'W36', 'W47', 8]);
  });

  it('begins at 0 unless everything is far from it', () => {
    const begins = (target: number | null, ...values: number[]) =>
      panel({ target, series: series(...values) })?.fromZero;
    expect([begins(null, 49, 100), begins(null, 50, 100), begins(10, 50, 100), begins(null, -1, 100)]).toEqual([
      ...[true, false, true, false],
    ]);
  });

  it('marks a target that less is better for', () => {
    expect(panel({ better: 'down', target: 11, value: 12 })?.target).toEqual({
      ...{ text: 'target at most 11', at: 11, isMet: false },
    });
  });

  it('shortens a number that would not fit, and never cuts it', () => {
    expect(panel({ value: 123_456_789 })?.value).toBe('123,456,789');
    expect(panel({ value: 1_234_567_890, target: 5e9 })).toMatchObject({
      value: '1.23B',
      target: { text: 'target 5B' },
    });
  });

  it('names axes as short as can be', () => {
    expect([0, 0.5, 1500, 2_000_000, -3500].map(axisText)).toEqual(['0', '0.5', '1.5K', '2M', '−3.5K']);
  });
});

describe('what can be drawn of a name', () => {
  it.each([
    ['signups', 'signups'],
    ['Größe, žluťoučký, Ελλάδα, Русский, tiếng Việt, 5 €', 'Größe, žluťoučký, Ελλάδα, Русский, tiếng Việt, 5 €'],
    ['Cafe\u0301', 'Café'],
    ['🚀 rockets 👩‍🚀', 'rockets'],
    ['مرحبا', ''],
    ['\u202Eabc\u202C 漢字', 'abc'],
  ])('of %j is %j', (name, drawn) => {
    expect(drawable(name)).toBe(drawn);
  });

  it('is the number of the KPI where it is nothing', () => {
    const figures = [figure(), figure({ name: '漢字' })];
    expect(planChart(report({ figures, productName: 'مرحبا' }))).toMatchObject({
      title: 'lugha',
      panels: [{ name: 'signups' }, { name: 'KPI 2' }],
    });
  });
});
