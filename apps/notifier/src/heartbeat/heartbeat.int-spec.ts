import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, startFakeNtfy, startFakeTelegram, testDatabase } from '@recert/testing';
import { type FakeNtfy, type FakeTelegram, type TestDatabase } from '@recert/testing';
import { startNotifier, type NotifierUnderTest } from '../notifier-fixture';

const PATIENCE_MS = 20_000;
const PATH = '/ping/5e0a1b6c-0000-4000-8000-000000000000';

/** Whoever waits outside for a sign of life. */
class Watcher {
  /** Of each call: its method, its path and what it says. */
  readonly calls: string[] = [];
  private readonly server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      this.calls.push(`${request.method} ${request.url} ${body}`.trim());
      response.end('OK');
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${PATH}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('the sign of life', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let ntfy: FakeNtfy;
  let watcher: Watcher;
  let notifier: NotifierUnderTest;
  const alive = `POST ${PATH} Recert works`;
  const failed = `POST ${PATH}/fail`;

  beforeAll(async () => {
    database = await testDatabase();
    [telegram, ntfy, watcher] = [await startFakeTelegram({ limits: false }), await startFakeNtfy(), new Watcher()];
    notifier = await startNotifier(database.url, {
      ...{ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url, FALLBACK_AFTER: 'PT1S' },
      ...{ NTFY_URL: ntfy.url, NTFY_TOKEN: 'tk_of-tests' },
      ...{ HEARTBEAT_URL: await watcher.start(), HEARTBEAT_EVERY: 'PT1S', HEARTBEAT_METHOD: 'POST' },
    });
  }, PATIENCE_MS);
  afterAll(async () => {
    await Promise.all([telegram.stop(), ntfy.down(), watcher.stop()]);
    await database.drop();
  });

  /** The next call that is made from now on. */
  const next = async (): Promise<string | undefined> => {
    const seen = watcher.calls.length;
    await eventually(() => expect(watcher.calls.length).toBeGreaterThan(seen), PATIENCE_MS);
    return watcher.calls.at(-1);
  };
  const becomes = (call: string | RegExp): Promise<void> =>
    eventually(async () => expect(await next()).toMatch(call), PATIENCE_MS);
  const putWaiting = (ago: string, chatId = 5): Promise<unknown> =>
    notifier.query(
      `insert into delivery (kind, chat_id, priority, text, entities, buttons, state, created_at, not_before, lease_until)
       values ('send', $1, 30, 'x', '[]', '[]', 'sending', now() - $2::interval, now(), now() + interval '1 hour')`,
      [chatId, ago],
    );

  it('is given again and again while all is well', async () => {
    expect([await next(), await next()]).toEqual([alive, alive]);
  });

  it(
    'is a failure when a message is stuck, and is given again when it is not',
    async () => {
      await putWaiting('29 minutes');
      expect([await next(), await next()]).toEqual([alive, alive]);
      await putWaiting('30 minutes');
      await becomes(new RegExp(`^${failed} a message waits for 30 min$`));
      await notifier.query('delete from delivery');
      await becomes(alive);
    },
    PATIENCE_MS,
  );

  it(
    'is a failure while Telegram is away and nobody hears of it, and is given while the fallback speaks',
    async () => {
      await telegram.down();
      // No message waits: there is nothing that the fallback would have to say.
      await becomes(new RegExp(`^${failed} Telegram is away for 0 min`));
      await putWaiting('1 minute');
      await notifier.query(
        `update delivery set state = 'waiting', lease_until = null, text = '🔴 x', thread = 'alert:1'`,
      );
      await becomes(alive);
      expect(ntfy.messages).toHaveLength(1);
      await telegram.up();
      await eventually(() => expect(ntfy.messages).toHaveLength(2), PATIENCE_MS);
      await becomes(alive);
    },
    2 * PATIENCE_MS,
  );

  it(
    'is a failure when the tables cannot be read, and is missed once the notifier is stopped',
    async () => {
      await notifier.query('alter table delivery rename to delivery_elsewhere');
      await becomes(`${failed} no answer: what waits to be sent`);
      await notifier.query('alter table delivery_elsewhere rename to delivery');
      await becomes(alive);
      await notifier.stop();
      const seen = watcher.calls.length;
      await sleep(2_000);
      expect(watcher.calls).toHaveLength(seen);
    },
    PATIENCE_MS,
  );
});
