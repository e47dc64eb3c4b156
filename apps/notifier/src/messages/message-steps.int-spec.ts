import { ProcessDue, RunProgressed, type RunStep } from '@recert/contracts';
import { eventually, startFakeTelegram, testDatabase, type FakeTelegram, type TestDatabase } from '@recert/testing';
import { startNotifier, type NotifierUnderTest } from '../notifier-fixture';
import { link } from '../telegram-fixture';

describe('the messages of a run', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let notifier: NotifierUnderTest;

  beforeAll(async () => {
    database = await testDatabase();
    telegram = await startFakeTelegram();
    const environment = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
    notifier = await startNotifier(database.url, environment);
    await link(notifier, telegram, 'ada', telegram.user({ id: 4001, firstName: 'Ada' }));
  }, 15_000);
  afterAll(async () => {
    await notifier.stop();
    await telegram.stop();
    await database.drop();
  });

  it('are steps below the event that they follow from, when they are sent', async () => {
    await notifier.due({ owner: 'ada', reason: 'asked' });
    const [event] = await notifier.query<{ id: string; run: string }>(
      `select event_id as id, headers ->> 'ce-correlationid' as run from outbox where subject = $1`,
      [ProcessDue.subject],
    );
    const steps = await eventually(async () => {
      const told: RunStep[] = (await notifier.published(RunProgressed)).flatMap((one) => one.steps);
      const found = told.filter(({ runId }) => runId === event!.run);
      expect(found.map(({ kind }) => kind)).toContain('message');
      return found;
    });
    expect(new Set(steps.map(({ kind }) => kind))).toEqual(new Set(['event', 'handler', 'message']));
    const message = steps.find(({ kind }) => kind === 'message')!;
    expect(message).toMatchObject({ name: 'telegram.send', causeId: event!.id, state: 'done', attempts: 1 });
    expect(message.tookMs).toBeGreaterThan(0);
  });
});
