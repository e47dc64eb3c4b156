import { type Figure, type Meaning, mergeReport } from './merge-report';
import { type ReportedFigure } from './read-report';

const earlier = new Date('2026-11-23T08:00:00Z');
const now = new Date('2026-11-23T09:00:00Z');
const none: Meaning = { unit: null, target: null, better: 'up' };
const signups: Figure = { name: 'signups', value: 12, unit: 'users', target: 10, better: 'up', receivedAt: earlier };
const churn: Figure = { name: 'churn', value: 3, ...none, better: 'down', receivedAt: earlier };

describe('a report of a week', () => {
  const merge = (present: Figure[], reported: ReportedFigure[], remembered: Record<string, Meaning> = {}, at = now) =>
    mergeReport(present, new Map(Object.entries(remembered)), reported, at);

  it('is the week where nothing was reported before, by name', () => {
    const { figures, changed, former } = merge(
      [],
      [
        { name: 'signups', value: 12, unit: 'users', target: 10 },
        { name: 'churn', value: 3, better: 'down' },
      ],
    );
    expect(figures).toEqual([
      { ...churn, receivedAt: now },
      { ...signups, receivedAt: now },
    ]);
    expect(changed).toHaveLength(2);
    expect(former).toEqual([]);
  });

  it('corrects the values that it names, and leaves the others', () => {
    const { figures, changed, former } = merge([churn, signups], [{ name: 'signups', value: 13 }]);
    const after = { ...signups, value: 13, receivedAt: now };
    expect(figures).toEqual([churn, after]);
    expect(changed).toEqual([after]);
    expect(former).toEqual([signups]);
  });

  it('changes nothing when it says what is there', () => {
    const reported = [
      { name: 'signups', value: 12, unit: 'users', better: 'up' as const },
      { name: 'churn', value: 3 },
    ];
    expect(merge([churn, signups], reported)).toEqual({ figures: [churn, signups], changed: [], former: [] });
  });

  it('may change what a value means without correcting it', () => {
    const { figures, changed, former } = merge(
      [signups],
      [{ name: 'signups', value: 12, target: null, better: 'down' }],
    );
    expect(figures).toEqual([{ ...signups, target: null, better: 'down' }]);
    expect([changed.length, former.length]).toEqual([1, 0]);
  });

  it('adds a name without correcting anything', () => {
    const { figures, former } = merge([signups], [{ name: 'churn', value: 3, better: 'down' }]);
    expect(figures.map(({ name }) => name)).toEqual(['churn', 'signups']);
    expect(former).toEqual([]);
  });

  it('means what was said for a week before where it leaves that out, until it says otherwise', () => {
    const remembered = { signups: { unit: 'users', target: 10, better: 'down' as const } };
    const figureOf = (said: Omit<ReportedFigure, 'name' | 'value'>): Meaning => {
      const [figure] = merge([], [{ name: 'signups', value: 1, ...said }], remembered).figures;
      const { unit, target, better } = figure!;
      return { unit, target, better };
    };
    expect(figureOf({})).toEqual(remembered.signups);
    expect(figureOf({ target: 20 })).toEqual({ unit: 'users', target: 20, better: 'down' });
    expect(figureOf({ unit: null, target: null, better: 'up' })).toEqual(none);
  });

  it('goes by what was said for this very week first', () => {
    const { figures } = merge([signups], [{ name: 'signups', value: 1 }], { signups: none });
    expect(figures[0]).toMatchObject({ unit: 'users', target: 10 });
  });

  it('that was held up takes no newer value back', () => {
    const newer = { ...signups, receivedAt: new Date(now.getTime() + 1) };
    const reported = [
      { name: 'signups', value: 1 },
      { name: 'churn', value: 3 },
    ];
    const { figures, changed } = merge([newer], reported);
    expect(figures.map(({ name, value }) => [name, value])).toEqual([
      ['churn', 3],
      ['signups', 12],
    ]);
    expect(changed.map(({ name }) => name)).toEqual(['churn']);
    expect(merge([{ ...signups, receivedAt: now }], reported).figures[1]).toMatchObject({ value: 1 });
  });
});
