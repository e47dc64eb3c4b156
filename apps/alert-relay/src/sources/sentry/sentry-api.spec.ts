import { nextCursor, waitOf } from './sentry-api';

const NOW = Date.parse('2026-11-21T09:00:00Z');

describe('how long Sentry wants to be left alone', () => {
  it.each([
    ['120', 120_000],
    ['0', 1000],
    ['-5', 1000],
    ['Sat, 21 Nov 2026 09:05:00 GMT', 300_000],
    ['Sat, 21 Nov 2026 08:00:00 GMT', 1000],
    ['soon', 60_000],
    ['', 60_000],
    [null, 60_000],
  ])('by the header %s is %i ms', (header, ms) => {
    expect(waitOf(header, NOW)).toBe(ms);
  });
});

describe('the next page', () => {
  const link = (results: boolean): string =>
    `<https://sentry.io/a>; rel="previous"; results="false"; cursor="0:0:1", <https://sentry.io/b>; rel="next"; results="${results}"; cursor="0:100:0"`;

  it('has its cursor in the header, when there is one', () => {
    expect(nextCursor(link(true))).toBe('0:100:0');
    expect(nextCursor(link(false))).toBeNull();
    expect(nextCursor(null)).toBeNull();
  });
});
