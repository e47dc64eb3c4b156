import { decideAfterSend, DISABLED_AFTER_MS, SCHEDULE_MS, type AfterSend, type Attempted } from './decide-after-send';

const NOW = new Date('2026-11-27T08:00:00.000Z');
const DAY_MS = 86_400_000;
const wrong: Attempted = { status: 500, error: 'it answered 500', retryAfter: null };
const failed = (
  what: Partial<Attempted> = {},
  { attempts = 1, failingSince = null as Date | null, chance = 0 } = {},
): Extract<AfterSend, { kind: 'failed' }> => {
  const decision = decideAfterSend({ attempts, failingSince }, { ...wrong, ...what }, NOW, chance);
  if (decision.kind !== 'failed') throw new Error('it did not fail');
  return decision;
};
const ago = (ms: number): Date => new Date(NOW.getTime() - ms);
const waitMs = (decision: { nextAt: Date | null }): number | null =>
  decision.nextAt === null ? null : decision.nextAt.getTime() - NOW.getTime();

describe('after an attempt', () => {
  it('nothing more is to do when it arrived', () => {
    const before = { attempts: 10, failingSince: ago(10 * DAY_MS) };
    expect(decideAfterSend(before, { status: 204, error: null, retryAfter: '60' }, NOW, 0)).toEqual({ kind: 'sent' });
  });

  it.each([
    [1, '5 s', 5_000],
    [2, '5 min', 300_000],
    [3, '30 min', 1_800_000],
    [4, '2 h', 7_200_000],
    [5, '5 h', 18_000_000],
    [6, '10 h', 36_000_000],
    [7, '14 h', 50_400_000],
    [8, '20 h', 72_000_000],
    [9, '24 h', 86_400_000],
  ])('that failed as number %i it is tried again after %s, and up to a fifth more', (attempts, _, ms) => {
    expect(waitMs(failed({}, { attempts }))).toBe(ms);
    expect(waitMs(failed({}, { attempts, chance: 1 }))).toBe(ms * 1.2);
  });

  it('it is given up when the last one failed', () => {
    expect(SCHEDULE_MS).toHaveLength(9);
    expect(failed({}, { attempts: 10 })).toMatchObject({ nextAt: null, disables: false });
  });

  it('nothing more is sent once nothing has succeeded for five days', () => {
    expect(DISABLED_AFTER_MS).toBe(5 * DAY_MS);
    expect(failed({}, { failingSince: ago(5 * DAY_MS - 1) }).disables).toBe(false);
    expect(failed({}, { failingSince: ago(5 * DAY_MS) }).disables).toBe(true);
    expect(failed({}).failingSince).toEqual(NOW);
  });

  it('nothing more is sent at once to who says that it is gone, and what was sent waits', () => {
    expect(failed({ status: 410 })).toMatchObject({ disables: true, nextAt: new Date(NOW.getTime() + 5_000) });
    expect(failed({ status: 410 }, { attempts: 10 }).nextAt).not.toBeNull();
    expect(failed({ status: 404 }).disables).toBe(false);
  });

  it.each([
    ['120', 120_000],
    ['Fri, 27 Nov 2026 08:10:00 GMT', 600_000],
    ['0', 5_000],
    ['Fri, 27 Nov 2026 07:00:00 GMT', 5_000],
    ['9999999', DAY_MS],
    ['soon', 5_000],
    ['-5', 5_000],
    ['', 5_000],
  ])('by 503 or 429 with Retry-After: %s it waits so long, but a day at most', (retryAfter, ms) => {
    expect(waitMs(failed({ status: 503, retryAfter }))).toBe(ms);
    expect(waitMs(failed({ status: 429, retryAfter }))).toBe(ms);
  });

  it('the others are left alone as well while the receiver wants to be', () => {
    expect(failed({ status: 429, retryAfter: '60' }).quietUntil).toEqual(new Date(NOW.getTime() + 60_000));
    expect(failed({ status: 429 }).quietUntil).toBeNull();
    expect(failed({ status: 500, retryAfter: '60' })).toMatchObject({ quietUntil: null });
    expect(waitMs(failed({ status: 500, retryAfter: '60' }))).toBe(5_000);
  });

  it('an earlier wish of the receiver does not shorten the plan', () => {
    expect(waitMs(failed({ status: 503, retryAfter: '1' }, { attempts: 3 }))).toBe(1_800_000);
  });
});
