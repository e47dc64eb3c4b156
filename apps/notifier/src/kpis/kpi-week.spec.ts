import { eachOnce, howToTell, isStillNews, type KpiWeek, threadsOf } from './kpi-week';

const SAID_AT = new Date('2026-11-23T08:00:00Z');
const HOUR_MS = 3_600_000;
const shown = { saidAt: SAID_AT, hasChart: true, hasMore: false, chats: [] };
const tell = (week: Partial<KpiWeek>, version: number, hoursLater = 1) =>
  howToTell(
    { version: 1, shown, missed: null, ...week },
    { version },
    new Date(SAID_AT.getTime() + hoursLater * HOUR_MS),
  );

describe('a report of a week', () => {
  it('is said when it is the first', () => {
    expect(tell({ version: 0, shown: null }, 1)).toBe('say');
  });

  it('is said when nobody could be told of the first', () => {
    expect(tell({ shown: null }, 2)).toBe('say');
  });

  it.each([
    [1, 'nothing'],
    [2, 'nothing'],
    [3, 'edit'],
    [9, 'edit'],
  ])('with the version %d, where 2 is known, becomes: %s', (version, telling) => {
    expect(tell({ version: 2 }, version)).toBe(telling);
  });

  it.each([
    [47.999, 'edit'],
    [48, 'say-anew'],
    [48.001, 'say-anew'],
  ])('corrected after %d hours becomes: %s', (hours, telling) => {
    expect(tell({}, 2, hours)).toBe(telling);
  });

  it('has threads of its own', () => {
    expect(threadsOf({ productId: 'lugha', week: '2026-W47' })).toEqual({
      first: 'kpi:lugha:2026-W47',
      more: 'kpi:lugha:2026-W47:more',
      missed: 'kpi-missed:lugha:2026-W47',
    });
  });

  it('is told once in each chat', () => {
    const chat = (chatId: number, topicId: number | null) => ({ chatId, topicId, handle: null });
    expect(eachOnce([chat(1, null), chat(2, null), chat(1, 7)])).toEqual([chat(1, 7), chat(2, null)]);
  });
});

describe('a week that nobody was told of', () => {
  // Week 47 ends with Sunday 22 November.
  it.each([
    ['2026-11-22T12:00:00.000Z', true],
    ['2026-11-30T23:59:59.999Z', true],
    ['2026-12-01T00:00:00.000Z', true],
    ['2026-12-01T00:00:00.001Z', false],
  ])('at %s is still news: %s', (now, isNews) => {
    expect(isStillNews({ week: '2026-W47' }, new Date(now))).toBe(isNews);
  });
});
