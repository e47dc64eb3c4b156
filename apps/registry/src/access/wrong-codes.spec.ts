import { WrongCodes } from './wrong-codes';

const start = new Date('2026-11-20T09:00:00.000Z');
const MINUTE = 60_000;
const after = (ms: number): Date => new Date(start.getTime() + ms);

describe('codes that open nothing', () => {
  const counting = (times: number, address = '192.0.2.7'): WrongCodes => {
    const codes = new WrongCodes();
    for (let n = 0; n < times; n += 1) codes.count(address, start);
    return codes;
  };

  it.each([
    [9, true],
    [10, false],
    [11, false],
  ])('leave after %d the next one %s', (times, expected) => {
    expect(counting(times).count('192.0.2.7', start)).toBe(expected);
  });

  it.each([
    [MINUTE - 1, false],
    [MINUTE, true],
    [MINUTE + 1, true],
  ])('count for %d ms: then the next one is %s', (ms, expected) => {
    expect(counting(10).count('192.0.2.7', after(ms))).toBe(expected);
  });

  it('count against their sender alone, who is a whole network', () => {
    const codes = counting(10, '2001:db8::1');
    expect(codes.count('2001:db8::ffff', start)).toBe(false);
    expect(codes.count('2001:db8:0:1::1', start)).toBe(true);
    expect(codes.count('192.0.2.8', start)).toBe(true);
  });

  it('do not count when they turn out to be good', () => {
    const codes = counting(10);
    codes.takeBack('192.0.2.7');
    expect([codes.count('192.0.2.7', start), codes.count('192.0.2.7', start)]).toEqual([true, false]);
    codes.takeBack('192.0.2.9');
    expect(codes.count('192.0.2.9', start)).toBe(true);
  });
});
