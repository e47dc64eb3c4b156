import { judgeHealth, type TelegramFacts, type Vital } from './judge-health';

const NOW = new Date('2026-11-30T09:00:00.000Z');
const MINUTES = 60_000;
const ago = (ms: number): Date => new Date(NOW.getTime() - ms);
const vital = (of: Partial<Vital> = {}): Vital[] => [
  { name: 'bus', ok: true },
  { name: 'database notifier', ok: true, ...of },
];
const WELL: TelegramFacts = { failingSince: null, isReplaced: false, waitingSince: null };
const judge = (of: Partial<TelegramFacts> | null, checks = vital()) =>
  judgeHealth(checks, of === null ? null : { ...WELL, ...of }, NOW, 5 * MINUTES);

describe('the sign of life', () => {
  it('is given when database, bus and Telegram are there and nothing is stuck, or where there is no bot', () => {
    expect(judge({})).toEqual({ ok: true, says: 'Recert works' });
    expect(judge(null)).toMatchObject({ ok: true });
  });

  it('is not given without what is vital', () => {
    expect(judge(null, vital({ ok: false }))).toEqual({ ok: false, says: 'no answer: database notifier' });
  });

  it.each([
    [5 * MINUTES - 1, true],
    [5 * MINUTES, false],
    [5 * MINUTES + 1, false],
  ])('bears that Telegram is away for a moment: after %d ms %s', (ms, ok) => {
    expect(judge({ failingSince: ago(ms) }).ok).toBe(ok);
  });

  it.each([
    [30 * MINUTES - 1, true],
    [30 * MINUTES, false],
    [30 * MINUTES + 1, false],
  ])('bears that a message waits for its turn: after %d ms %s', (ms, ok) => {
    expect(judge({ waitingSince: ago(ms) }).ok).toBe(ok);
  });

  it('is given while the fallback speaks, although messages wait', () => {
    const away = { failingSince: ago(99 * MINUTES), waitingSince: ago(99 * MINUTES) };
    expect(judge({ ...away, isReplaced: true }).ok).toBe(true);
    expect(judge(away).says).toBe('Telegram is away for 99 min, and so is the fallback; a message waits for 99 min');
  });
});
