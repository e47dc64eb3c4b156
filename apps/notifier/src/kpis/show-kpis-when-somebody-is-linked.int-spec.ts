import { KpiReceived } from '@recert/contracts';
import { eventually, MovableClock, startFakeTelegram, testDatabase } from '@recert/testing';
import { type ChatMessage, type FakeTelegram, type FakeUser, type TestDatabase } from '@recert/testing';
import { startNotifier, type NotifierUnderTest } from '../notifier-fixture';
import { invitationOf } from '../telegram-fixture';
import { figure, report } from './kpi-examples';

/** The last moment at which week 47 of 2026 is news. */
const LAST_MOMENT = '2026-12-01T00:00:00.000Z';

describe('KPIs that arrive before anybody is linked', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let notifier: NotifierUnderTest;
  let clock: MovableClock;

  beforeEach(async () => {
    database = await testDatabase();
    telegram = await startFakeTelegram({ limits: false });
    clock = new MovableClock(LAST_MOMENT);
    const environment = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
    notifier = await startNotifier(database.url, environment, clock);
  }, 20_000);

  afterEach(async () => {
    await notifier.stop();
    await telegram.stop();
    await database.drop();
  });

  /** Waits until everything that was published was handled, and everything that was to be said was said. */
  const settled = (): Promise<void> =>
    eventually(async () => {
      const [row] = await notifier.query<{ events: number; handled: number; waiting: number }>(
        `select (select count(*)::int from outbox where subject in ('kpi.received', 'person.linked')) as events,
           (select count(*)::int from inbox where consumer like 'notifier.show-kpis-%') as handled,
           (select count(*)::int from delivery where state in ('waiting', 'sending')) as waiting`,
      );
      expect(row).toEqual({ events: row!.handled, handled: row!.handled, waiting: 0 });
    });
  const received = async (...reports: Partial<KpiReceived>[]): Promise<void> => {
    for (const of of reports) await notifier.publish(KpiReceived, report(of));
    await settled();
  };
  const linked = async (handle: string, id: number, roles: ('admin' | 'owner')[]): Promise<FakeUser> => {
    const user = telegram.user({ id, firstName: handle });
    const { code, invitation } = invitationOf();
    await notifier.person(handle, { roles, invitation });
    user.start(code);
    await telegram.waitForMessage(id, ({ text }) => text.startsWith('You are linked'));
    await settled();
    return user;
  };
  const reportsTo = (user: FakeUser): readonly ChatMessage[] =>
    user.messages.filter(({ text }) => / week \d+ \(/.test(text));

  it('are told to the first admin who is linked: the newest week of each product, once', async () => {
    const shop = { productId: 'shop', productName: 'Shop' };
    await received({ week: '2026-W46' }, {}, { ...shop }, { ...shop, version: 2, figures: [figure({ value: 99 })] });
    expect(reportsTo(await linked('ada', 4001, ['owner']))).toEqual([]);
    const carol = await linked('carol', 4002, ['admin']);
    const told = reportsTo(carol);
    expect(told.map(({ text }) => text.split(' (')[0])).toEqual(['Lugha, week 47', 'Shop, week 47']);
    expect(told.map(({ hasPhoto }) => hasPhoto)).toEqual([true, true]);
    expect(told[1]!.text).toContain('signups: 99');
    expect(reportsTo(await linked('dan', 4003, ['admin']))).toEqual([]);
    expect(reportsTo(carol)).toHaveLength(2);
    await received({ version: 2, corrected: ['signups'], figures: [figure({ value: 13 })] });
    const [corrected] = reportsTo(carol);
    expect([corrected!.id, corrected!.edits.length]).toEqual([told[0]!.id, 1]);
    expect(corrected!.text).toContain('signups: 13');
  }, 20_000);

  it('are told no more once the week ended over 8 days ago, nor for a product that is switched off', async () => {
    const shop = { productId: 'shop', productName: 'Shop', week: '2026-W48' };
    await received({}, shop);
    await notifier.query(
      `insert into product (id, version, name, owner, admins, active) values ('shop', 1, 'Shop', 'ada', '{}', false)`,
    );
    clock.advance(1);
    expect(reportsTo(await linked('carol', 4002, ['admin']))).toEqual([]);
  });
});
