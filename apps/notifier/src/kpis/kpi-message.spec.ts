import { type KpiReceived } from '@recert/contracts';
import fc from 'fast-check';
import { figure, report, series, sixFigures } from './kpi-examples';
import { CAPTION_LIMIT, kpiMessages, kpiSummaryLines } from './kpi-message';

const zone = 'Europe/Berlin';
const messages = (of: Partial<KpiReceived> = {}, limit = CAPTION_LIMIT) => kpiMessages(report(of), { zone, limit });
const text = (of: Partial<KpiReceived> = {}) => messages(of).first.text;
/** What the line of one KPI says behind its name. */
const said = (of: Parameters<typeof figure>[0]) => text({ figures: [figure(of)] }).split('signups: ')[1];

describe('the message of a week', () => {
  it('has a line for each KPI', () => {
    expect(text({ figures: [...sixFigures], missing: ['refunds'] })).toBe(
      [
        'Lugha, week 47 (16 to 22 November 2026)',
        '',
        'signups: 12 · +3 (+33%) on last week · +3.5 (+41%) on the 4-week median · target 10 met',
        'monthly recurring revenue: 12,841 EUR · +740.5 (+6.1%) on last week · +940.5 (+7.9%) on the 4-week median · target 15,000 EUR missed',
        'churn: 3.4% · +1.3 points on last week · +1.2 points on the 4-week median · target at most 2.5% missed',
        'crashes: 0 · −4 (−100%) on last week · −2 (−100%) on the 4-week median',
        'lessons finished: 1,204,311 · none last week · +104,311 (+9.5%) on the 4-week median',
        'app rating: 4.6 ★ · first value · target 4.5 ★ met',
        'refunds: not reported this week',
      ].join('\n'),
    );
  });

  it('marks the names, and nothing else', () => {
    const { first } = messages({ figures: [figure()], missing: ['churn'] });
    const marked = first.entities.map(({ offset, length }) => first.text.slice(offset, offset + length));
    expect(marked).toEqual(['Lugha', 'signups', 'churn']);
    expect(first.buttons).toEqual([]);
  });

  it('says when it came late', () => {
    expect(text({ late: true })).toMatch(/^Lugha, .*\nLate: it arrived on Mon 23 November 09:00\.\n\nsignups: /);
  });

  it('says what was corrected, and that it was late no longer', () => {
    expect(text({ corrected: ['signups'], late: true, version: 2 })).toBe(
      [
        'Lugha, week 47 (16 to 22 November 2026)',
        'Corrected on Mon 23 November 09:00: signups.',
        '',
        'signups: 12 · +3 (+33%) on last week · +3.5 (+41%) on the 4-week median · target 10 met · corrected',
      ].join('\n'),
    );
    expect(text({ corrected: [] })).toContain('Reported again on Mon 23 November 09:00, with the same values.');
    expect(text({ corrected: ['a', 'b', 'c', 'd', 'e'] })).toContain('09:00: a, b, c, d, e.');
    expect(text({ corrected: ['a', 'b', 'c', 'd', 'e', 'f'] })).toContain('09:00: a, b, c, d, e and 1 more.');
  });

  it('says first that it is a test, by whom, and that nothing was counted', () => {
    expect(text({ test: true, testBy: 'ada', corrected: ['signups'], version: 2 })).toBe(
      [
        'This is a test sent by ada: nothing of it was counted.',
        'Lugha, week 47 (16 to 22 November 2026)',
        'Corrected on Mon 23 November 09:00: signups.',
        '',
        'signups: 12 · +3 (+33%) on last week · +3.5 (+41%) on the 4-week median · target 10 met · corrected',
      ].join('\n'),
    );
    expect(text({ test: true, testBy: 'two\nlines' })).toMatch(/^This is a test sent by two lines: /);
    const many = Array.from({ length: 40 }, (_, n) => figure({ name: `KPI ${n}` }));
    const { first, more } = messages({ test: true, testBy: 'ada', figures: many });
    expect(first.text.length).toBeLessThanOrEqual(CAPTION_LIMIT);
    expect(more!.text).toMatch(/^This is a test sent by ada: .*\nLugha, week 47, continued\n/);
  });

  it('says of a report without KPIs that it has none', () => {
    expect(text({ figures: [] })).toBe('Lugha, week 47 (16 to 22 November 2026)\nThe report has no KPI in it.');
  });

  it('calls a product and a KPI without a name something', () => {
    expect(text({ productName: ' \n', figures: [figure({ name: '' })] })).toMatch(
      /^lugha, week(.|\n)*\n\(no name\): 12/,
    );
  });
});

describe('the line of a KPI', () => {
  const alone = { target: null, median: null };

  it.each([
    ['a rise', { ...alone, value: 12, previous: 9 }, '12 · +3 (+33%) on last week'],
    ['a fall', { ...alone, value: 9, previous: 12 }, '9 · −3 (−25%) on last week'],
    ['no change', { ...alone, value: 9, previous: 9 }, '9 · as last week'],
    ['a change from 0', { ...alone, value: 9, previous: 0 }, '9 · +9 on last week'],
    ['a change below 0', { ...alone, value: -9, previous: -3 }, '−9 · −6 on last week'],
    ['a change to 0', { ...alone, value: 0, previous: 3 }, '0 · −3 (−100%) on last week'],
    ['a sum that is not exact', { ...alone, value: 0.3, previous: 0.1 }, '0.3 · +0.2 (+200%) on last week'],
    ['percentages', { ...alone, value: 12, previous: 10, unit: '%' }, '12% · +2 points on last week'],
    ['a gap of a week', { target: null, previous: null, median: 12 }, '12 · none last week · as the 4-week median'],
    ['a gap of a month', { ...alone, previous: null, series: series(3, null, 12) }, '12 · none in the 4 weeks before'],
    ['the first value', { ...alone, previous: null, series: series(12) }, '12 · first value'],
    ['the first value without weeks', { ...alone, previous: null, series: [] }, '12 · first value'],
  ])('says of %s what changed', (_what, of, line) => {
    expect(said(of)).toBe(line);
  });

  it.each([
    ['up', 9.99, 'target 10 missed'],
    ['up', 10, 'target 10 met'],
    ['up', 10.01, 'target 10 met'],
    ['down', 9.99, 'target at most 10 met'],
    ['down', 10, 'target at most 10 met'],
    ['down', 10.01, 'target at most 10 missed'],
  ] as const)('where %s is better says of %d: %s', (better, value, line) => {
    expect(said({ better, value })).toMatch(new RegExp(` · ${line}$`));
  });
});

describe('a message that is too long', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => figure({ name: `KPI number ${i + 1} of many, with a longer name` }));

  it('goes on in a second one, at the end of a line', () => {
    const { first, more } = messages({ figures: many(20) });
    expect(more?.text).toMatch(/^Lugha, week 47, continued\n\nKPI number 9 of/);
    const lines = [...first.text.split('\n').slice(2), ...more!.text.split('\n').slice(2)];
    expect(lines).toHaveLength(20);
    expect(lines.every((line) => line.startsWith('KPI number') && line.endsWith('target 10 met'))).toBe(true);
  });

  it('fits as long as it has exactly as many units as it may', () => {
    const whole = text({ figures: many(5) });
    expect(messages({ figures: many(5) }, whole.length)).toMatchObject({ first: { text: whole }, more: null });
    const tight = messages({ figures: many(5) }, whole.length - 1);
    expect([tight.first.text.split('\n').length, tight.more?.text.split('\n').length]).toEqual([6, 3]);
  });

  it('counts what is too much for the second one, too', () => {
    const { first, more } = messages({ figures: many(100) });
    const shown = [first.text, more!.text].join('\n').match(/^KPI number/gm)!.length;
    expect(more!.text.split('\n').at(-1)).toBe(`and ${100 - shown} more`);
  });

  it('is never longer than it may be, whatever people call things', () => {
    const name = fc.string({ unit: 'binary', maxLength: 300 });
    const figures = fc.array(
      fc.record({ name, unit: fc.option(name), value: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(name, figures, fc.array(name, { maxLength: 60 }), (productName, some, names) => {
        const of = { productName, figures: some.map((each) => figure(each)), missing: names, corrected: names };
        const { first, more } = messages(of);
        expect(first.text.length).toBeLessThanOrEqual(CAPTION_LIMIT);
        expect(more?.text.length ?? 1).toBeLessThanOrEqual(4096);
        expect(first.text + (more?.text ?? '')).not.toMatch(/\p{Surrogate}/u);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the summary of a week', () => {
  const summary = (most: number) =>
    kpiSummaryLines(report({ figures: [...sixFigures], missing: ['refunds'] }), most)
      .map((part) => part.text)
      .join('');

  it('has the first KPIs, and says how many there are besides', () => {
    expect(
      summary(2)
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual([...['Lugha, week 47 (16 to 22 November 2026)', 'signups', 'monthly recurring revenue', 'and 5 more']]);
    expect(summary(6)).toMatch(/\nand 1 more$/);
    expect(summary(7)).toMatch(/\nrefunds: not reported this week$/);
  });
});
