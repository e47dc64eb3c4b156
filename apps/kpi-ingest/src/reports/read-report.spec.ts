import { MOST_FIGURES, readReport, type Report } from './read-report';

/** A Wednesday of 2026-W48. */
const NOW = new Date('2026-11-25T09:00:00Z');

describe('a report', () => {
  const read = (body: unknown, at = NOW, zone = 'Europe/Berlin') =>
    readReport(Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)), at, zone);
  const reportIn = (body: unknown, at = NOW, zone = 'Europe/Berlin'): Report => {
    const result = read(body, at, zone);
    if (!result.ok) throw new Error(result.reason);
    return result.report;
  };
  const reasonOf = (body: unknown): string => {
    const result = read(body);
    if (result.ok) throw new Error('it was read');
    return result.reason;
  };

  it('is names with values, of the week that ended last', () => {
    expect(reportIn({ kpis: { signups: 12, ' churn ': 0.5, loss: -3 } })).toEqual({
      week: '2026-W47',
      figures: [
        { name: 'signups', value: 12 },
        { name: 'churn', value: 0.5 },
        { name: 'loss', value: -3 },
      ],
    });
  });

  it('is a list that says more, and keeps apart what is left out and what is none', () => {
    const kpis = [
      { name: 'signups', value: 12, unit: ' users ', target: 10, better: 'up' },
      { name: 'churn', value: 1, unit: null, target: null },
      { name: 'cost', value: 2, unit: '', better: 'down' },
    ];
    expect(reportIn({ week: '2026-W40', kpis }).figures).toEqual([
      { name: 'signups', value: 12, unit: 'users', target: 10, better: 'up' },
      { name: 'churn', value: 1, unit: null, target: null },
      { name: 'cost', value: 2, unit: null, better: 'down' },
    ]);
  });

  it.each([
    ['2026-11-22T22:59:59.999Z', 'Europe/Berlin', '2026-W46'],
    ['2026-11-22T23:00:00.000Z', 'Europe/Berlin', '2026-W47'],
    ['2026-11-22T23:00:00.000Z', 'America/New_York', '2026-W46'],
    ['2027-01-04T12:00:00.000Z', 'UTC', '2026-W53'],
    ['2026-01-01T12:00:00.000Z', 'UTC', '2025-W52'],
  ])('that names no week at %s in %s is of %s', (at, zone, week) => {
    expect(reportIn({ kpis: { signups: 1 } }, new Date(at), zone).week).toBe(week);
  });

  it.each(['2026-W48', '2026-W47', '2020-W53', '2016-W48'])('may be of %s', (week) => {
    expect(reportIn({ week, kpis: { signups: 1 } }).week).toBe(week);
  });

  it.each([
    ['2026-W49', 'week: 2026-W49 has not begun, it is 2026-W48 there'],
    ['2026-W53', 'week: 2026-W53 has not begun, it is 2026-W48 there'],
    ['2025-W53', 'week: there is no 2025-W53, that year ends with week 52'],
    ['2016-W47', 'week: 2016-W47 is more than 10 years back'],
    ['0001-W01', 'week: 0001-W01 is more than 10 years back'],
    ['2026-W54', 'week: expected an ISO week such as 2026-W47'],
    ['last', 'week: expected an ISO week such as 2026-W47'],
  ])('cannot be of %s', (week, reason) => {
    expect(reasonOf({ week, kpis: { signups: 1 } })).toBe(reason);
  });

  it('may be of a week that has begun for the product and not yet elsewhere', () => {
    const at = new Date('2026-11-22T23:00:00.000Z');
    const body = { week: '2026-W48', kpis: { signups: 1 } };
    expect(read(body, at, 'Europe/Berlin').ok).toBe(true);
    expect(read(body, at, 'UTC').ok).toBe(false);
  });

  const many = (count: number) => Array.from({ length: count }, (_, n) => [`kpi ${n}`, n] as const);

  it('has up to 200 figures', () => {
    expect(reportIn({ kpis: Object.fromEntries(many(MOST_FIGURES)) }).figures).toHaveLength(200);
    expect(reasonOf({ kpis: Object.fromEntries(many(MOST_FIGURES + 1)) })).toBe('kpis: 201 figures are more than 200');
    const list = many(MOST_FIGURES + 1).map(([name, value]) => ({ name, value }));
    expect(reasonOf({ kpis: list })).toBe('kpis: 201 figures are more than 200');
  });

  it.each([
    ['no JSON', Buffer.from('{"kpis":'), /^the body is not JSON/],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), /^the body is not UTF-8/],
    ['a list', [], /^the body: /],
    ['null', null, /^the body: /],
    ['a text', 'kpis', /^the body: /],
    ['no figures', {}, /^kpis: /],
    ['no figure', { kpis: {} }, /^kpis: name at least one figure/],
    ['an empty list', { kpis: [] }, /^kpis: name at least one figure/],
    ['figures of another shape', { kpis: 12 }, /^kpis: /],
    ['a value that is a text', { kpis: { signups: '12' } }, /^kpis\.signups: /],
    ['a value that is null', { kpis: { signups: null } }, /^kpis\.signups: /],
    ['a value beyond all numbers', Buffer.from('{"kpis":{"signups":1e999}}'), /^kpis\.signups: /],
    ['a list without a value', { kpis: [{ name: 'a', value: 1 }, { name: 'b' }] }, /^kpis\.1\.value: /],
    ['a direction that is none', { kpis: [{ name: 'a', value: 1, better: 'left' }] }, /^kpis\.0\.better: /],
    ['a name of blanks', { kpis: { '  ': 1 } }, /^kpis\./],
    ['a name of blanks in a list', { kpis: [{ name: ' ', value: 1 }] }, /^kpis\.0\.name: /],
    ['a name that is too long', { kpis: { ['a'.repeat(101)]: 1 } }, /^kpis\./],
    ['a name with the end of a line', { kpis: { 'a\nb': 1 } }, /^kpis: a control character.* "a\\nb"/],
    ['a name with a NUL', { kpis: { 'a\u0000b': 1 } }, /NUL character/],
    ['half a character', { kpis: { '\ud83d': 1 } }, /half a surrogate pair/],
    [
      'a name twice',
      {
        kpis: [
          { name: 'a', value: 1 },
          { name: ' a', value: 2 },
        ],
      },
      /^kpis: "a" is there twice/,
    ],
    ['a name twice but for blanks', { kpis: { a: 1, 'a ': 2 } }, /^kpis: two names are the same apart from blanks/],
    ['a name that no object takes', Buffer.from('{"kpis":{"__proto__":1,"a":2}}'), /^kpis/],
  ])('is not in a body with %s', (_what, body, reason) => {
    expect(reasonOf(body)).toMatch(reason);
  });
});
