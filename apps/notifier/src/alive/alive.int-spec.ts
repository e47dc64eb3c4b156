import { randomUUID } from 'node:crypto';
import { AlertRaised, KpiMissed, LetterKept, serviceNames, TaskDown, TaskReported } from '@recert/contracts';
import { carol, eventually, MovableClock, startFakeNtfy, startFakeTelegram, testDatabase } from '@recert/testing';
import { type ChatMessage, type FakeNtfy, type FakeTelegram, type TestDatabase } from '@recert/testing';
import { newAlert } from '../alert-fixture';
import { startNotifier, type NotifierUnderTest } from '../notifier-fixture';
import { link } from '../telegram-fixture';

const PATIENCE_MS = 20_000;
const SUNDAY = '2026-11-29T12:00:00.000Z';
/** 09:00 in Berlin. */
const MONDAY_NINE = '2026-11-30T08:00:00.000Z';

describe('the weekly "I am alive"', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let ntfy: FakeNtfy;
  let replicas: NotifierUnderTest[] = [];
  const clock = new MovableClock(SUNDAY);

  const start = async (of: Record<string, string> = {}): Promise<NotifierUnderTest> => {
    const environment = {
      ...{ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url },
      ...{ NTFY_URL: ntfy.url, NTFY_TOKEN: 'tk_of-tests', ...of },
    };
    const replica = await startNotifier(database.url, environment, clock);
    replicas.push(replica);
    return replica;
  };
  const stopAll = async (): Promise<void> => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    replicas = [];
  };
  const said = (): ChatMessage[] =>
    telegram.user(carol).messages.filter(({ text, from }) => from.is_bot && text.startsWith('I am alive.'));
  const nextAt = async ({ query }: { query: NotifierUnderTest['query'] }): Promise<string | undefined> =>
    (await query<{ next_at: Date }>('select next_at from alive_turn'))[0]?.next_at.toISOString();
  const of = (replica: NotifierUnderTest) => ({ query: replica.query.bind(replica) });
  const sits = async (replica: NotifierUnderTest, at: string): Promise<void> =>
    eventually(async () => expect(await nextAt(of(replica))).toBe(at), PATIENCE_MS);

  beforeAll(async () => {
    database = await testDatabase();
    [telegram, ntfy] = [await startFakeTelegram({ limits: false }), await startFakeNtfy()];
  }, PATIENCE_MS);
  afterAll(async () => {
    await stopAll();
    await Promise.all([telegram.stop(), ntfy.down()]);
    await database.drop();
  });

  it(
    'comes once from two replicas, in a few lines, and once through the fallback',
    async () => {
      const [one] = [await start(), await start()];
      await link(one, telegram, 'carol', telegram.user(carol));
      await one.person('carol', { roles: ['admin'] });
      await sits(one, MONDAY_NINE);
      for (const service of serviceNames.filter((name) => name !== 'alert-relay')) {
        const at = '2026-11-30T07:58:00.000Z';
        const report = {
          reportId: randomUUID(),
          taskId: `${service}.some-timer`,
          status: 'success',
          at,
          log: null,
        } as const;
        await one.publish(TaskReported, report);
      }
      await one.publish(AlertRaised, newAlert({ severity: 'critical', startedAt: '2026-11-28T09:00:00.000Z' }));
      await one.publish(AlertRaised, newAlert({ startedAt: '2026-11-20T09:00:00.000Z' }));
      await one.publish(LetterKept, LetterKept.example);
      await one.publish(TaskDown, { ...TaskDown.example, level: 'admins' });
      await one.publish(KpiMissed, { ...KpiMissed.example, level: 'admins' });
      await one.registered(await one.due(), { status: 'certified', certificationDate: '2026-11-27T09:00:00.000Z' });
      await eventually(async () => {
        const [known] = await one.query<{ n: number }>(
          `select (select count(*) from alert)::int + (select count(*) from letter)::int + (select count(*) from trouble)::int
             + (select count(*) from kpi_week)::int + (select count(*) from service_pulse where at > '2026-11-30')::int
             + (select count(*) from process where status = 'certified')::int + (select count(*) from person where roles = '{admin}')::int as n`,
        );
        expect(known!.n).toBe(2 + 1 + 1 + 1 + 4 + 1 + 1);
      }, PATIENCE_MS);
      expect(said()).toEqual([]);

      clock.set(MONDAY_NINE);
      await sits(one, '2026-12-07T08:00:00.000Z');
      await eventually(() => expect([said().length, ntfy.messages.length]).toEqual([1, 1]), PATIENCE_MS);
      const lines = said()[0]!.text.split('\n');
      expect(lines[1]).toMatch(/^Services: 4 of 5 are up; alert-relay was never heard\.$/);
      expect(lines.slice(2, 6)).toEqual([
        'Processes: 1 certified; 1 certified this week.',
        'Alerts: 1 this week, 1 of them critical; 2 open now.',
        expect.stringMatching(/^KPIs: 0 of 1 products have reported; missing: /),
        'Trouble: 1 task is down, 1 dead letter waits.',
      ]);
      expect(lines[6]).toBe('Fallback: ntfy has never delivered anything.');
      expect(lines.at(-1)).toBe('The next one comes on Mon 7 December 09:00. If it does not, look after me.');
      expect(ntfy.messages[0]).toMatchObject({ title: 'Recert: I am alive', priority: 2 });
    },
    2 * PATIENCE_MS,
  );

  it(
    'comes late once after weeks of downtime, also by another setting, and not again at the next start',
    async () => {
      await stopAll();
      clock.set('2026-12-24T10:00:00.000Z');
      const late = await start({ ALIVE_AT: 'fri 12:00' });
      clock.advance(59_999);
      await late.person('dora');
      await eventually(
        async () => expect(await late.query(`select 1 from person where handle = 'dora'`)).toHaveLength(1),
        PATIENCE_MS,
      );
      expect(said()).toHaveLength(1);
      clock.advance(1);
      await sits(late, '2026-12-25T11:00:00.000Z');
      await eventually(() => expect([said().length, ntfy.messages.length]).toEqual([2, 2]), PATIENCE_MS);
      expect(said()[1]!.text).toContain('Fallback: ntfy delivered last on Mon 30 November.');
      await stopAll();
      const again = await start();
      await sits(again, '2026-12-28T08:00:00.000Z');
      clock.set('2026-12-28T08:00:00.001Z');
      await sits(again, '2027-01-04T08:00:00.000Z');
      await eventually(() => expect(said()).toHaveLength(3), PATIENCE_MS);
      // The same month: not through the fallback.
      expect(ntfy.messages).toHaveLength(2);
    },
    3 * PATIENCE_MS,
  );
});
