import { createServer } from 'node:net';
import { PersonLinked } from '@recert/contracts';
import { alice, bob, eventually, mallory, startFakeTelegram, testDatabase } from '@recert/testing';
import { type FakeTelegram, type TestDatabase } from '@recert/testing';
import { startNotifier, type NotifierUnderTest } from '../../../notifier-fixture';
import { invite, link } from '../../../telegram-fixture';

describe('receiving updates', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let notifier: NotifierUnderTest;

  const start = async (environment: Record<string, string> = {}): Promise<void> => {
    notifier = await startNotifier(database.url, {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
      ...environment,
    });
  };
  const stored = (): Promise<{ outcome: string | null; attempts: number; error: string | null; parked: boolean }[]> =>
    notifier.query(
      'select outcome, attempts, error, parked_at is not null as parked from telegram_update order by update_id',
    );
  const health = async (): Promise<{ status: string; telegram: string | undefined }> => {
    const { status, checks } = (await (await notifier.fetch('/health/ready')).json()) as {
      status: string;
      checks: { name: string; detail: string }[];
    };
    return { status, telegram: checks.find(({ name }) => name === 'telegram')?.detail };
  };

  beforeEach(async () => {
    database = await testDatabase();
    telegram = await startFakeTelegram();
  });

  afterEach(async () => {
    await notifier.stop();
    await telegram.stop();
    await database.drop();
  });

  it('loses nothing that came before the start', async () => {
    const eve = telegram.user(mallory);
    eve.send('/help');
    await start();
    await telegram.waitForMessage(eve.id, ({ text }) => text.includes('Your Telegram id is 6666.'));
    await eventually(() => expect(telegram.pendingUpdates).toEqual([]));
  });

  it('acts once on an update that Telegram brings twice', async () => {
    await start();
    const ada = telegram.user(alice);
    const update = ada.start(await invite(notifier, 'alice'));
    await telegram.waitForMessage(ada.id, ({ text }) => text.startsWith('You are linked'));
    telegram.redeliver(update!);
    telegram.user(bob).send('/help');
    await telegram.waitForMessage(bob.id);
    expect(await stored()).toHaveLength(2);
    expect(ada.messages.filter(({ text }) => text.startsWith('You are linked'))).toHaveLength(1);
    expect((await notifier.published(PersonLinked)).filter(({ what }) => what === 'linked')).toHaveLength(1);
  });

  it('confirms nothing that is not stored', async () => {
    await start();
    await eventually(async () => expect((await health()).telegram).toBe('connected'));
    await notifier.query('alter table telegram_update rename to hidden');
    telegram.user(mallory).send('/help');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(telegram.pendingUpdates).toHaveLength(1);
    await notifier.query('alter table hidden rename to telegram_update');
    await telegram.waitForMessage(mallory.id);
    expect(await stored()).toMatchObject([{ outcome: 'handled' }]);
  }, 15_000);

  it('sends the reply that was committed but not sent when the process ended, once', async () => {
    telegram.fail('sendMessage', { error: 'server-error', times: 1000 });
    await start();
    const ada = telegram.user(alice);
    ada.start(await invite(notifier, 'alice'));
    await eventually(async () => expect(await stored()).toMatchObject([{ outcome: 'handled' }]));
    await notifier.stop();
    telegram.heal();
    await start();
    await telegram.waitForMessage(ada.id, ({ text }) => text.startsWith('You are linked'), 10_000);
    expect(ada.messages.filter(({ text }) => text.startsWith('You are linked'))).toHaveLength(1);
  }, 20_000);

  it('tries an update again that cannot be handled, parks it in the end, and lets nobody wait for it', async () => {
    await start();
    await notifier.query(`create function refuse() returns trigger language plpgsql as $$ begin
      if new.chat_id = ${mallory.id} then raise exception 'no message to %', new.chat_id; end if; return new; end $$`);
    await notifier.query('create trigger refuse before insert on delivery for each row execute function refuse()');
    telegram.user(mallory).send('/help');
    telegram.user(bob).send('/help');
    await telegram.waitForMessage(bob.id);
    await eventually(async () => expect((await stored())[0]).toMatchObject({ outcome: null, attempts: 2 }));
    await notifier.query('update telegram_update set attempts = 7 where handled_at is null');
    await eventually(async () => expect((await stored())[0]).toMatchObject({ attempts: 8, parked: true }), 10_000);
    expect((await stored())[0]!.error).toContain('no message to 6666');
    expect(await health()).toEqual({
      status: 'degraded',
      telegram: 'connected; 1 updates could not be handled and were put aside',
    });
  }, 20_000);

  it('ignores what is not its own', async () => {
    await start();
    const ada = telegram.user(alice);
    const group = telegram.group({ title: 'On-call' });
    group.addBot(ada);
    group.send(ada, 'hello all');
    await eventually(async () =>
      expect((await stored()).map(({ outcome }) => outcome)).toEqual(['ignored', 'ignored']),
    );
    expect(telegram.chat(group.id).messages).toHaveLength(1);
  });

  it('stands another poller, and goes on when it is gone', async () => {
    await start();
    await eventually(async () => expect((await health()).telegram).toBe('connected'));
    await fetch(`${telegram.url}/bot${telegram.token}/getUpdates?timeout=0`);
    await eventually(async () =>
      expect((await health()).telegram).toMatch(/409 Conflict: terminated by other getUpdates/),
    );
    expect((await health()).status).toBe('degraded');
    telegram.user(mallory).send('/help');
    await telegram.waitForMessage(mallory.id);
    await eventually(async () => expect((await health()).telegram).toBe('connected'));
  }, 15_000);

  it('takes back the updates from a webhook of an earlier set-up', async () => {
    await fetch(`${telegram.url}/bot${telegram.token}/setWebhook?url=http://127.0.0.1:9/gone`);
    telegram.user(mallory).send('/help');
    await start();
    await telegram.waitForMessage(mallory.id, () => true, 10_000);
  }, 15_000);

  it('starts with a token that is no bot, and says so', async () => {
    await start({ TELEGRAM_BOT_TOKEN: '700001:wrong-token' });
    await eventually(async () =>
      expect(await health()).toEqual({ status: 'degraded', telegram: 'getMe: 401 Unauthorized' }),
    );
    expect((await notifier.fetch('/api/inbox')).status).toBe(200);
  });

  it('starts while Telegram cannot be reached, and goes on when it can', async () => {
    await telegram.down();
    await start();
    await eventually(async () => expect((await health()).status).toBe('degraded'));
    expect((await health()).telegram).not.toContain(telegram.token);
    await telegram.up();
    await link(notifier, telegram, 'alice', telegram.user(alice));
  }, 15_000);

  it('is done by one replica at a time, and by the next when that one ends', async () => {
    await start();
    const first = notifier;
    const eve = telegram.user(mallory);
    const replies = () => eve.messages.filter(({ text }) => text.includes('Your Telegram id is 6666.')).length;
    eve.send('/help');
    await eventually(() => expect(replies()).toBe(1));
    await start();
    eve.send('/help');
    await eventually(() => expect(replies()).toBe(2));
    expect((await health()).telegram).toBe('standing by');
    await first.stop();
    eve.send('/help');
    await eventually(() => expect(replies()).toBe(3), 10_000);
    expect(await stored()).toHaveLength(3);
    expect(telegram.calls.filter(({ status }) => status === 409)).toEqual([]);
  }, 20_000);

  describe('by webhook', () => {
    const freePort = async (): Promise<number> => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const { port } = server.address() as { port: number };
      await new Promise((done) => server.close(done));
      return port;
    };
    const hook = (body: string, secret: string): Promise<Response> =>
      notifier.fetch('/hooks/telegram', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
        body,
      });

    it('has Telegram bring updates to its address, and acts once on each', async () => {
      const port = await freePort();
      await start({ PORT: String(port), TELEGRAM_WEBHOOK_URL: `http://127.0.0.1:${port}` });
      const ada = telegram.user(alice);
      await link(notifier, telegram, 'alice', ada);
      const update = ada.send('/help');
      await telegram.waitForMessage(ada.id, ({ text }) => text.includes('Your Telegram id is 1001.'));
      telegram.redeliver(update!);
      await eventually(() => expect(telegram.pendingUpdates).toEqual([]));
      expect(await stored()).toHaveLength(2);
    });

    it('refuses a wrong secret, what is not JSON, and what is no update', async () => {
      const port = await freePort();
      await start({ PORT: String(port), TELEGRAM_WEBHOOK_URL: `http://127.0.0.1:${port}` });
      await eventually(() => expect(telegram.calls.some(({ method }) => method === 'setWebhook')).toBe(true));
      const { parameters } = telegram.calls.find(({ method }) => method === 'setWebhook')!;
      const secret = (parameters as { secret_token: string }).secret_token;
      expect((await hook('{"update_id":1}', 'guess')).status).toBe(401);
      expect((await hook('{"update_id":1}', '')).status).toBe(401);
      expect((await hook('{"update_id":', secret)).status).toBe(400);
      expect((await hook('{"hello":1}', secret)).status).toBe(400);
      expect((await hook('{"update_id":1}', secret)).status).toBe(200);
      await eventually(async () => expect(await stored()).toMatchObject([{ outcome: 'ignored' }]));
    });

    it('is no address at all while updates are fetched', async () => {
      await start();
      expect((await hook('{"update_id":1}', 'guess')).status).toBe(404);
    });
  });
});
