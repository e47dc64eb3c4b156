import { setTimeout as pause } from 'node:timers/promises';
import { AlertRaised, ProductRegistered } from '@recert/contracts';
import { carol, eventually, startFakeTelegram, testDatabase } from '@recert/testing';
import { type FakeTelegram, type FakeUser, type TestDatabase } from '@recert/testing';
import { newAlert, raise } from '../../alert-fixture';
import { startNotifier, type NotifierUnderTest } from '../../notifier-fixture';
import { invitationOf } from '../../telegram-fixture';

const MINUTE_MS = 60_000;

describe('a storm of alerts', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let notifier: NotifierUnderTest;
  let admin: FakeUser;

  /** When the bot said something in the admin's chat, or edited it. */
  const spokenAt = (): number[] =>
    telegram.calls
      .filter(
        ({ method, parameters, status }) => isSpeaking(method) && status === 200 && parameters['chat_id'] === admin.id,
      )
      .map(({ at }) => at.getTime());

  beforeAll(async () => {
    database = await testDatabase();
    telegram = await startFakeTelegram();
    notifier = await startNotifier(database.url, {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
    });
    admin = telegram.user(carol);
    const { code, invitation } = invitationOf();
    await notifier.person('carol', { roles: ['admin'], invitation });
    admin.start(code);
    await telegram.waitForMessage(admin.id, ({ text }) => text.startsWith('You are linked'));
    for (const id of ['lugha', 'shop']) {
      await notifier.publish(ProductRegistered, { ...ProductRegistered.example, productId: id, name: id, admins: [] });
    }
  }, 20_000);

  afterAll(async () => {
    await notifier.stop();
    await telegram.stop();
    await database.drop();
  });

  it('of 500 is at most 8 messages and a digest, the critical ones first, and every alert is kept', async () => {
    const startedAt = telegram.now().getTime();
    for (let n = 0; n < 500; n += 1) {
      const severity = n >= 100 && n % 100 < 2 ? ('critical' as const) : ('warning' as const);
      const productId = n % 5 === 0 ? 'shop' : 'lugha';
      await notifier.publish(AlertRaised, newAlert({ title: `Alert ${n}`, severity, productId }));
      // Half of them come at once, the others in the half minute after.
      if (n >= 250) await pause(100);
    }
    // All 8 critical ones have a message of their own; warnings that went out before them had the rest of the minute.
    const digest = await telegram.waitForMessage(admin.id, ({ text }) => totalOf(text) > 0, 15_000);
    await eventually(async () => expect(await notifier.query('select 1 from alert')).toHaveLength(500), 20_000);
    const gathered = async (): Promise<number> =>
      (await notifier.query("select 1 from alert_message where place = 'digest'")).length;
    await eventually(async () => {
      const shown = telegram.chat(admin.id).messages.find(({ id }) => id === digest.id)!;
      expect(totalOf(shown.text)).toBe(await gathered());
      expect(shown.text).toMatch(
        /^🌩 \d+ more alerts in the last minutes: lugha \d+, shop \d+\. .*\/alerts lists all\.$/,
      );
    }, 20_000);
    // The bot has just greeted her, which keeps the chat silent for a second.
    const own = admin.messages.filter(({ text }) => text.includes('\nAlert '));
    expect(own).toHaveLength(8);
    expect(own[0]!.at.getTime() - startedAt).toBeLessThan(1500);
    expect(own.filter(({ text }) => text.startsWith('🔴')).length).toBeGreaterThanOrEqual(3);
    expect(500 - own.length).toBe(await gathered());
    admin.send('/alerts');
    const list = await telegram.waitForMessage(admin.id, ({ text }) => text.startsWith('500 alerts are open:'));
    expect(
      list.text
        .split('\n')
        .slice(1, 9)
        .every((line) => line.startsWith('🔴')),
    ).toBe(true);
    expect(list.text).toContain('and 470 more');
    expect(mostInAMinute(spokenAt().filter((at) => at >= startedAt))).toBeLessThanOrEqual(20);
    expect(telegram.floods).toEqual([]);
  }, 60_000);

  it('leaves an urgent alert in the digest only while there is no room', async () => {
    const [row] = await notifier.query<{ id: string }>(
      `select a.id from alert a join alert_message m on m.alert_id = a.id
       where m.place = 'digest' and a.severity = 'warning' limit 1`,
    );
    // A minute later, as far as the chat is concerned.
    await notifier.query(`update delivery set sent_at = sent_at - interval '1 minute' where thread is not null`);
    const [{ title }] = (await notifier.query<{ title: string }>('select title from alert where id = $1', [
      row!.id,
    ])) as [{ title: string }];
    const before = newAlert({ alertId: row!.id, title });
    await raise(notifier, before, { level: 2 });
    await telegram.waitForMessage(admin.id, ({ text }) => text.includes(`\n${title}\n`), 10_000);
    const [shown] = await notifier.query<{ place: string }>('select place from alert_message where alert_id = $1', [
      row!.id,
    ]);
    expect(shown).toEqual({ place: 'own' });
  }, 30_000);
});

function isSpeaking(method: string): boolean {
  return /^(send|editMessage)/.test(method);
}

function totalOf(text: string): number {
  return Number(/^🌩 (\d+) more alert/.exec(text)?.[1] ?? 0);
}

function mostInAMinute(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + MINUTE_MS).length));
}
