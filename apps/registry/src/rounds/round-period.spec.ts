import { periodOf } from './round-period';

const now = new Date('2026-11-20T09:00:00.000Z');

describe('the time of a round', () => {
  it.each([
    [{}, '2026-08-22T09:00:00.000Z', '2026-11-20T09:00:00.000Z'],
    [{ to: '2026-04-01T02:00:00+02:00' }, '2026-01-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z'],
    [{ from: '2026-11-20T09:00:00Z' }, '2026-11-20T09:00:00.000Z', '2026-11-20T09:00:00.000Z'],
    [
      { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' },
      '2026-01-01T00:00:00.000Z',
      '2027-01-01T00:00:00.000Z',
    ],
  ])('is of %j from %s to %s', (query, from, to) => {
    expect(periodOf(query, now)).toEqual({ from: new Date(from), to: new Date(to) });
  });

  it.each([{ from: '2026-11-20T09:00:00.001Z' }, { from: '2026-01-01T00:00:00.001Z', to: '2026-01-01T00:00:00Z' }])(
    'is none that ends before it begins: %j',
    (query) => expect(() => periodOf(query, now)).toThrow(/^from: .* is after/),
  );
});
