import { RateLimit } from './rate-limit';

describe('the rate of a sender', () => {
  it('lets a burst pass, then one for each part of a second, and says how long to wait', () => {
    const limit = new RateLimit({ perSecond: 10, burst: 3 });
    expect([1, 2, 3].map(() => limit.take('a', 0))).toEqual([0, 0, 0]);
    expect(limit.take('a', 0)).toBe(100);
    expect(limit.take('a', 99)).toBe(1);
    expect(limit.take('a', 100)).toBe(0);
    expect(limit.take('a', 100)).toBe(100);
  });

  it('fills again to the burst and not beyond it', () => {
    const limit = new RateLimit({ perSecond: 10, burst: 2 });
    limit.take('a', 0);
    limit.take('a', 0);
    expect([1, 2, 3].map(() => limit.take('a', 60_000))).toEqual([0, 0, 100]);
  });

  it('counts each sender by itself', () => {
    const limit = new RateLimit({ perSecond: 1, burst: 1 });
    expect([limit.take('a', 0), limit.take('b', 0), limit.take('a', 0)]).toEqual([0, 0, 1000]);
  });

  it('can be switched off', () => {
    const limit = new RateLimit(null);
    for (let i = 0; i < 1000; i += 1) expect(limit.take('a', 0)).toBe(0);
  });
});
