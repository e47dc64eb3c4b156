import { Logger } from '@nestjs/common';
import { type KpiFigure } from '@recert/contracts';
import { inflateSync } from 'node:zlib';
import { KpiChart } from './kpi-chart';
import { figure, report, series, sixFigures } from './kpi-examples';

const MOST_BYTES = 100_000;
const SIGNATURE = '89504e470d0a1a0a';

describe('the chart of a week', () => {
  const chart = new KpiChart();
  const draw = async (figures: readonly KpiFigure[]): Promise<Buffer> =>
    (await chart.draw(report({ figures: [...figures] })))!;
  const sizeOf = (png: Buffer): number[] => [png.readUInt32BE(16), png.readUInt32BE(20)];

  it.each([
    [1, 416],
    [2, 732],
    [3, 732],
    [6, 1048],
  ])('of %d KPIs is a small PNG, 800 pixels wide and %d high', async (count, height) => {
    const png = await draw(sixFigures.slice(0, count));
    expect(png.subarray(0, 8).toString('hex')).toBe(SIGNATURE);
    expect(sizeOf(png)).toEqual([800, height]);
    expect(png.length).toBeLessThan(MOST_BYTES);
  });

  it('is the same for the same report', async () => {
    expect((await draw(sixFigures)).equals(await draw(sixFigures))).toBe(true);
  });

  it('shows a gap as a gap, and a target as a line', async () => {
    const whole = await draw([figure({ target: null, series: series(3, 4, 5, 6) })]);
    expect((await draw([figure({ target: null, series: series(3, null, 5, 6) })])).equals(whole)).toBe(false);
    expect((await draw([figure({ target: 4, series: series(3, 4, 5, 6) })])).equals(whole)).toBe(false);
  });

  it('has words in it on a machine without fonts', async () => {
    const { GlobalFonts } = await import('@napi-rs/canvas');
    const usual = await draw(sixFigures);
    GlobalFonts.removeAll();
    expect((await draw(sixFigures)).equals(usual)).toBe(true);
    const dark = [await draw([figure({ name: 'signups' })]), await draw([figure({ name: 'i' })])].map(darkPixels);
    expect(GlobalFonts.families.filter(({ family }) => !/^(Inter|Recert)/.test(family))).toEqual([]);
    expect(dark[0]! - dark[1]!).toBeGreaterThan(200);
  });

  it.each([
    ['one week', series(5)],
    ['one week of one', [{ week: '2026-W47', value: 5 }]],
    ['twelve weeks', series(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)],
    ['nothing but 0', series(0, 0, 0)],
    ['every other week', series(1, null, 3, null, 5)],
    ['numbers that are hardly apart', series(0.1, 0.1000000001)],
    ['numbers that are far apart', series(-1e15, 1e15)],
    ['numbers that are hardly there', series(5e-324, 1e-320)],
  ])('is drawn of %s', async (_what, weeks) => {
    expect(sizeOf(await draw([figure({ series: weeks, target: null })]))).toEqual([800, 416]);
  });

  it('is drawn whatever people call things', async () => {
    const names = ['👩‍🚀 rocket users 🚀', 'مرحبا بالعالم', 'W'.repeat(200), '', '\u202Eabc', '\uD83D'];
    const png = await draw(
      names.map((name) => figure({ name, unit: name, value: 1e15, target: -1e15, better: 'down' })),
    );
    expect(sizeOf(png)).toEqual([800, 1048]);
    expect(png.length).toBeLessThan(MOST_BYTES);
  });

  it('is none where there is nothing to draw', async () => {
    expect(await chart.draw(report({ figures: [] }))).toBeNull();
  });

  it('is none where it cannot be drawn, which is said once', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const broken = new KpiChart();
    const wrong = report({ figures: [figure({ name: null as unknown as string })] });
    expect([await broken.draw(wrong), await broken.draw(wrong)]).toEqual([null, null]);
    expect(error).toHaveBeenCalledTimes(1);
    expect(error.mock.calls[0]![0]).toContain('KPIs go out as text');
    error.mockRestore();
  });
});

/** Pixels of the chart's darkest ink, in which names are written. */
function darkPixels(png: Buffer): number {
  const width = png.readUInt32BE(16);
  const pixels = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
  let dark = 0;
  for (let at = 0; at < pixels.length; at += 1) {
    const column = (at % (1 + 3 * width)) - 1;
    if (column >= 0 && column % 3 === 0 && pixels[at]! < 40) dark += 1;
  }
  return dark;
}
