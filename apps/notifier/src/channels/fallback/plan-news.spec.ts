import { planNews, type Told, type WaitingNews } from './plan-news';

const START = new Date('2026-11-30T09:00:00.000Z').getTime();
const MINUTES = 60_000;
const after = (ms: number): Date => new Date(START + ms);

const news = (thread: string, of: Partial<WaitingNews> = {}): WaitingNews => ({
  ...{ thread, priority: 45, headline: `about ${thread}` },
  ...of,
});
const told = (of: Partial<Told> = {}): Told => ({
  ...{ headlines: new Map([['alert:1', 'about alert:1']]), lastAt: after(0), isSending: false },
  ...of,
});

describe('what the fallback says', () => {
  it('is, at the begin of an outage, all that waits, the most urgent first, at once, and also where nothing does', () => {
    const waiting = [news('task:a'), news('alert:2', { priority: 25 }), news('kpi-missed:b', { priority: 40 })];
    const first = planNews(waiting, { headlines: new Map(), lastAt: null, isSending: false }, after(0));
    expect(first?.fresh.map(({ thread }) => thread)).toEqual(['alert:2', 'kpi-missed:b', 'task:a']);
    expect(planNews([], { headlines: new Map(), lastAt: null, isSending: false }, after(0))).toEqual({
      fresh: [],
      changed: [],
    });
  });

  it.each([
    [MINUTES - 1, false],
    [MINUTES, true],
    [MINUTES + 1, true],
  ])('is gathered for a minute: %d ms after the last message', (ms, isSaid) => {
    const plan = planNews([news('alert:1'), news('alert:2')], told(), after(ms));
    expect(plan).toEqual(isSaid ? { fresh: [news('alert:2')], changed: [] } : null);
  });

  it.each([
    [5 * MINUTES - 1, false],
    [5 * MINUTES, true],
    [5 * MINUTES + 1, true],
  ])('waits five minutes where something only reads otherwise: %d ms after the last message', (ms, isSaid) => {
    const over = news('alert:1', { headline: 'over' });
    expect(planNews([over], told(), after(ms))).toEqual(isSaid ? { fresh: [], changed: [over] } : null);
  });

  it('takes what reads otherwise along with what is new', () => {
    const over = news('alert:1', { headline: 'over' });
    expect(planNews([over, news('alert:2')], told(), after(MINUTES))).toEqual({
      fresh: [news('alert:2')],
      changed: [over],
    });
  });

  it('is nothing while the last message is not sent, and nothing where nothing is new', () => {
    expect(planNews([news('alert:2')], told({ isSending: true }), after(60 * MINUTES))).toBeNull();
    expect(planNews([news('alert:1')], told(), after(60 * MINUTES))).toBeNull();
  });

  it('makes of a storm of 500 alerts within ten minutes at most eleven messages', () => {
    let known: Told = { headlines: new Map(), lastAt: null, isSending: false };
    let messages = 0;
    const said = new Set<string>();
    for (let second = 0; second <= 600; second += 1) {
      const waiting = Array.from({ length: Math.min(500, second) }, (_, n) => news(`alert:${n}`));
      const plan = planNews(waiting, known, after(second * 1000));
      if (plan === null) continue;
      messages += 1;
      for (const { thread } of plan.fresh) said.add(thread);
      const headlines = new Map(waiting.map(({ thread, headline }) => [thread, headline]));
      known = { headlines, lastAt: after(second * 1000), isSending: false };
    }
    expect(messages).toBeLessThanOrEqual(11);
    expect(said.size).toBe(500);
  });
});
