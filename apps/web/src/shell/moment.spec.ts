import { duration, relative } from './moment';

const now = new Date('2026-11-21T12:00:00.000Z');
const after = (ms: number): string => relative(new Date(now.getTime() + ms).toISOString(), now);
const MINUTE = 60_000;
const DAY = 86_400_000;

describe('a moment beside now', () => {
  it.each([
    [0, 'now'],
    [MINUTE - 1, 'now'],
    [MINUTE, 'in 1 minute'],
    [-59 * MINUTE, '59 minutes ago'],
    [-60 * MINUTE, '1 hour ago'],
    [DAY - 1, 'in 23 hours'],
    [DAY, 'tomorrow'],
    [-DAY, 'yesterday'],
    [7 * DAY, 'next week'],
    [-400 * DAY, 'last year'],
  ])('%d ms from now is %s', (ms, words) => expect(after(ms)).toBe(words));
});

describe('a duration', () => {
  it.each([
    [0, '0 s'],
    [29, '29 s'],
    [30, '1 min'],
    [3_599, '1 h'],
    [7_800, '2 h 10 min'],
    [86_400, '1 d'],
    [100_000, '1 d 3 h'],
  ])('of %d s is %s', (seconds, words) => expect(duration(seconds)).toBe(words));
});
