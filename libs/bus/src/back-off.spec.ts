import { backOffMs, MAX_DELIVERIES, operationalBackOffMs, patienceMs } from './back-off';

describe('the wait before an event is tried again', () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [8, 128_000],
    [9, 256_000],
    [10, 300_000],
    [1_000, 300_000],
  ])('after failure %i is %i ms, and up to a fifth more', (attempt, ms) => {
    expect(backOffMs(attempt, 0)).toBe(ms);
    expect(backOffMs(attempt, 1)).toBe(ms * 1.2);
    expect(backOffMs(attempt)).toBeGreaterThanOrEqual(ms);
    expect(backOffMs(attempt)).toBeLessThanOrEqual(ms * 1.2);
  });

  it('is never shorter than a second', () => {
    expect([backOffMs(0, 0), backOffMs(-5, 0)]).toEqual([1_000, 1_000]);
  });

  it('is never longer than 15 s when only the database is away', () => {
    expect([1, 4, 5, 1_000].map((attempt) => operationalBackOffMs(attempt, 0))).toEqual([1_000, 8_000, 15_000, 15_000]);
  });

  it('asks for what is on its way soon first, and never more seldom than it is told', () => {
    expect([1, 2, 7, 8, 1_000].map((deliveries) => patienceMs(deliveries, 5_000))).toEqual([
      50, 100, 3_200, 5_000, 5_000,
    ]);
  });

  it('gives somebody eight minutes to mend a defect before the event is a dead letter', () => {
    const waits = Array.from({ length: MAX_DELIVERIES - 1 }, (_, i) => backOffMs(i + 1, 0));
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(511_000);
  });
});
