import { MovableClock, eventually, startFakeTelegram, testDatabase } from '@recert/testing';
import { type ChatMessage, type FakeTelegram, type FakeUser, type TestDatabase } from '@recert/testing';
import { startNotifier, type NotifierUnderTest } from '../../notifier-fixture';
import { link } from '../../telegram-fixture';

describe('several processes that are due', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let notifier: NotifierUnderTest;
  let clock: MovableClock;
  let ada: FakeUser;

  const start = async (askHours: string, now: string): Promise<void> => {
    clock = new MovableClock(now);
    notifier = await startNotifier(
      database.url,
      { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url, ASK_HOURS: askHours },
      clock,
    );
    ada = telegram.user({ id: 4001, firstName: 'Ada' });
    // Linked long before, so that the day of linking has no part in it.
    await link(notifier, telegram, 'ada', ada);
  };
  const due = (name: string, of: object = {}) => notifier.due({ owner: 'ada', name, ...of });
  const questions = (): readonly ChatMessage[] => ada.messages.filter(({ buttons }) => buttons.includes('Yes'));
  const asked = (name: string, timeoutMs?: number): Promise<ChatMessage> =>
    telegram.waitForMessage(ada.id, ({ buttons, text }) => buttons.includes('Yes') && text.includes(name), timeoutMs);

  beforeEach(async () => {
    database = await testDatabase();
    telegram = await startFakeTelegram();
  });

  afterEach(async () => {
    expect(telegram.floods).toEqual([]);
    await notifier.stop();
    await telegram.stop();
    await database.drop();
  });

  it('come as one digest whose questions follow one another as they are answered', async () => {
    await start('always', '2026-11-21T10:00:00Z');
    const reviews = [await due('first'), await due('second'), await due('third')];
    const one = await asked('first');
    expect(one.text).toMatch(/^1 of 3\nfirst\n/);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(questions()).toHaveLength(1);

    ada.tap(one, 'No');
    const [response] = await eventually(async () => {
      const responses = await notifier.responses(reviews[0]!);
      expect(responses).toHaveLength(1);
      return responses;
    });
    await notifier.certify(reviews[0]!, response!);
    const two = await asked('second');
    expect(two.text).toMatch(/^2 of 3\n/);

    ada.tap(two, 'Later');
    const [later] = await eventually(async () => {
      const responses = await notifier.responses(reviews[1]!);
      expect(responses).toHaveLength(1);
      return responses;
    });
    const { reviewId: id, openedAt, reason } = reviews[1]!;
    const snoozedUntil = '2026-11-24T10:00:00.000Z';
    const review = { id, openedAt, reason, open: true, reminder: 0, disownedBy: null, snoozedUntil };
    await notifier.decide(reviews[1]!, later!, { review });
    expect((await asked('third')).text).toMatch(/^3 of 3\n/);
  }, 20_000);

  it('wait for the working hours, but for what somebody asked for', async () => {
    // A Saturday in Berlin.
    await start('mon-fri 09:00-17:00', '2026-11-21T10:00:00Z');
    await due('weekly');
    await due('monthly');
    await due('broken', { reason: 'incident' });
    await asked('broken');
    clock.set('2026-11-23T07:59:59Z');
    await new Promise((resolve) => setTimeout(resolve, 6000));
    expect(questions()).toHaveLength(1);
    clock.set('2026-11-23T08:00:00Z');
    expect((await asked('weekly', 10_000)).text).toMatch(/^1 of 2\n/);
  }, 30_000);

  it('wait for tomorrow when today had a notice, answered or not', async () => {
    await start('mon-sun 00:00-24:00', '2026-11-23T10:00:00Z');
    await due('today');
    await asked('today');
    await due('tomorrow');
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(questions()).toHaveLength(1);
    clock.set('2026-11-23T23:00:00Z');
    await asked('tomorrow', 10_000);
  }, 20_000);
});
