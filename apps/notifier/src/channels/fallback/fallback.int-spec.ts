import { AlertRaised, KpiMissed, ProductRegistered, TaskDown } from '@recert/contracts';
import {
  alice,
  carol,
  eventually,
  startFakeMailServer,
  startFakeNtfy,
  startFakeTelegram,
  testDatabase,
} from '@recert/testing';
import { type FakeMailServer, type FakeNtfy, type FakeTelegram, type TestDatabase } from '@recert/testing';
import { newAlert } from '../../alert-fixture';
import { startNotifier, type NotifierUnderTest } from '../../notifier-fixture';
import { invitationOf, link } from '../../telegram-fixture';

const PATIENCE_MS = 20_000;

describe('the fallback', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let ntfy: FakeNtfy;
  let mail: FakeMailServer;
  let notifier: NotifierUnderTest;
  const user = (): ReturnType<FakeTelegram['user']> => telegram.user(carol);

  beforeAll(async () => {
    database = await testDatabase();
    telegram = await startFakeTelegram({ limits: false });
    [ntfy, mail] = [await startFakeNtfy(), await startFakeMailServer()];
    notifier = await startNotifier(database.url, {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
      PUBLIC_URL: 'https://recert.example.org',
      FALLBACK_AFTER: 'PT1S',
      ...{ NTFY_URL: ntfy.url, NTFY_TOKEN: 'tk_of-tests' },
      ...{ SMTP_URL: mail.url, FALLBACK_MAIL_FROM: 'recert@example.org', FALLBACK_MAIL_TO: 'ops@example.org' },
    });
    const { code, invitation } = invitationOf();
    await notifier.person('carol', { roles: ['admin'], invitation });
    user().start(code);
    await telegram.waitForMessage(carol.id, ({ text }) => text.startsWith('You are linked'));
    await link(notifier, telegram, 'alice', telegram.user(alice));
    await notifier.publish(ProductRegistered, {
      ...ProductRegistered.example,
      productId: 'lugha',
      name: 'Lugha',
      admins: [],
    });
  }, PATIENCE_MS);

  afterAll(async () => {
    await notifier.stop();
    await Promise.all([telegram.stop(), ntfy.down(), mail.stop()]);
    await database.drop();
  });

  beforeEach(() => {
    ntfy.messages.length = 0;
    mail.mails.length = 0;
  });

  const titles = (): string[] => ntfy.messages.map(({ title }) => title);
  const waiting = async (): Promise<number> =>
    (await notifier.query("select 1 from delivery where state in ('waiting', 'sending')")).length;
  const ended = (): Promise<void> =>
    eventually(
      () => expect([titles().at(-1), mail.mails.length]).toEqual(['Recert: Telegram is back', titles().length]),
      PATIENCE_MS,
      100,
    );
  const begun = (): Promise<void> =>
    eventually(() => expect(titles()).toContain('Recert: Telegram is unreachable'), PATIENCE_MS, 50);
  const inTelegram = (words: string): number => user().messages.filter(({ text }) => text.includes(words)).length;

  it(
    'says what waits while Telegram is away, the critical first, and its end; all of it is in Telegram once when it is back',
    async () => {
      await telegram.down();
      await notifier.publish(AlertRaised, newAlert({ title: 'The queue is long', detail: 'user=ada@example.org' }));
      await notifier.publish(TaskDown, { ...TaskDown.example, level: 'admins', log: 'password=geheim' });
      await notifier.publish(KpiMissed, { ...KpiMissed.example, level: 'admins' });
      await notifier.publish(AlertRaised, newAlert({ title: 'The database is away', severity: 'critical' }));
      await notifier.due();
      await begun();
      const { text, priority, click } = ntfy.messages[0]!;
      expect(priority).toBe(5);
      expect(click).toBe('https://recert.example.org');
      expect(text).toMatch(/^Telegram has been unreachable since \w+ \d+ \w+ \d\d:\d\d\. These messages wait, /);
      const lines = text.split('\n').filter((line) => line.startsWith('- '));
      expect(lines[0]).toBe('- 🔴 Critical · Lugha: The database is away');
      expect(lines.slice(1).sort()).toEqual(
        expect.arrayContaining(['- Nightly backup did not report.', '- 🟠 Warning · Lugha: The queue is long']),
      );
      expect(lines).toHaveLength(4);
      expect(text).not.toMatch(/ada|geheim|Review your process/i);
      await eventually(() => expect(mail.mails).toHaveLength(1), PATIENCE_MS);
      expect(mail.mails[0]).toMatchObject({ from: 'recert@example.org', to: ['ops@example.org'] });
      expect(mail.mails[0]!.raw).toMatch(/Subject: Recert: Telegram is unreachable\r\n/);
      expect(mail.mails[0]!.raw).toMatch(/Message-ID: <recert\.\d+\.\d+@example\.org>/);
      expect(await waiting()).toBeGreaterThanOrEqual(5);

      await telegram.up();
      await ended();
      await eventually(async () => expect(await waiting()).toBe(0), PATIENCE_MS);
      expect([inTelegram('The database is away'), inTelegram('The queue is long')]).toEqual([1, 1]);
      expect(titles()).toEqual(['Recert: Telegram is unreachable', 'Recert: Telegram is back']);
      expect(ntfy.messages[1]!.text).toContain('Telegram is back since');
    },
    2 * PATIENCE_MS,
  );

  it(
    'begins when the token was revoked, and makes of a storm of 500 alerts one message a minute',
    async () => {
      for (const method of ['sendMessage', 'editMessageText'])
        telegram.fail(method, { error: 'unauthorized', times: 100_000 });
      for (let n = 0; n < 500; n += 1) await notifier.publish(AlertRaised, newAlert({ title: `Storm ${n}` }));
      await begun();
      await eventually(
        async () => expect((await notifier.query('select 1 from alert')).length).toBeGreaterThanOrEqual(502),
        PATIENCE_MS,
      );
      telegram.heal();
      await ended();
      // Within the minute in which it began, and its end.
      expect(titles()).toHaveLength(2);
      await eventually(async () => expect(await waiting()).toBe(0), PATIENCE_MS);
    },
    3 * PATIENCE_MS,
  );

  it(
    'is not begun by one chat that is gone, nor by a request for silence',
    async () => {
      telegram.fail('sendMessage', { error: 'blocked', times: 3, chatId: alice.id });
      telegram.fail('sendMessage', { error: { retryAfter: 2 }, times: 2, chatId: carol.id });
      await notifier.due();
      await notifier.publish(AlertRaised, newAlert({ title: 'After the silence', severity: 'critical' }));
      await telegram.waitForMessage(carol.id, ({ text }) => text.includes('After the silence'), PATIENCE_MS);
      expect(titles()).toEqual([]);
      expect(await notifier.query('select 1 from telegram_reach where fallback_since is not null')).toEqual([]);
      await eventually(async () => expect(await waiting()).toBe(0), PATIENCE_MS);
    },
    2 * PATIENCE_MS,
  );

  describe('when it is tried', () => {
    interface Shown {
      readonly ways: string[];
      readonly messages: { readonly id: number; readonly state: string; readonly error: string | null }[];
    }
    const test = async (): Promise<number[]> => {
      const answer = await notifier.fetch('/api/fallback/test', { method: 'POST' });
      expect(answer.status).toBe(202);
      return ((await answer.json()) as { messages: number[] }).messages;
    };
    const becomes = (ids: number[], ...outcomes: unknown[]): Promise<void> =>
      eventually(async () => {
        const shown = (await (await notifier.fetch('/api/fallback')).json()) as Shown;
        const of = (id: number) => shown.messages.find((one) => one.id === id);
        expect(ids.map((id) => [of(id)?.state, of(id)?.error])).toEqual(outcomes);
      }, PATIENCE_MS);

    it('arrives on each way', async () => {
      await becomes(await test(), ['sent', null], ['sent', null]);
      expect(titles()).toEqual(['Recert: a test of the fallback']);
      expect(mail.mails[0]!.raw).toContain('This is a test that');
    });

    it('says what the other side says, without a secret, and tries again what may go better later', async () => {
      ntfy.refuse(403);
      mail.refuse(451);
      await becomes(
        await test(),
        ['failed', 'ntfy answered 403: NTFY_TOKEN is missing, wrong, or may not write to the topic'],
        ['sent', null],
      );
      mail.refuse(550);
      await becomes(
        await test(),
        ['sent', null],
        ['failed', 'the mail server answered 550 at MAIL: does it take FALLBACK_MAIL_FROM and FALLBACK_MAIL_TO?'],
      );
    });

    it('is sent again when whoever sent it has died, and not while they may still be at it', async () => {
      const insert = (lease: string): Promise<{ id: number }[]> =>
        notifier.query(
          `insert into fallback_delivery (way, kind, urgency, title, text, state, lease_until, not_before, created_at)
           values ('ntfy', 'test', 3, 'Leased', 'x', 'sending', now() + $1::interval, now(), now()) returning id::int`,
          [lease],
        );
      const [{ id: died }] = (await insert('-1 second')) as [{ id: number }];
      await becomes([died], ['sent', null]);
      const [{ id: busy }] = (await insert('1 hour')) as [{ id: number }];
      // What comes after it waits for it.
      const [after] = await test();
      await becomes([busy, after!], ['sending', null], ['waiting', null]);
      await notifier.query(`update fallback_delivery set lease_until = now() where id = $1`, [busy]);
      await becomes([busy, after!], ['sent', null], ['sent', null]);
      expect(titles().filter((title) => title === 'Leased')).toHaveLength(2);
    });
  });
});

describe('a notifier without a fallback', () => {
  it('says what to set when it is tried', async () => {
    const database = await testDatabase();
    const notifier = await startNotifier(database.url);
    const answer = await notifier.fetch('/api/fallback/test', { method: 'POST' });
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('Set NTFY_URL, or SMTP_URL with FALLBACK_MAIL_FROM and FALLBACK_MAIL_TO');
    await notifier.stop();
    await database.drop();
  });
});
