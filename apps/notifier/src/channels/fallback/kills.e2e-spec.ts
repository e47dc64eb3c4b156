import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectTransport, newEventId, type Transport } from '@recert/bus';
import { AlertRaised, type EventContract, PersonChanged } from '@recert/contracts';
import { carol, eventually, spawnService, startFakeNtfy, startFakeTelegram, testDatabase } from '@recert/testing';
import { type FakeNtfy, type FakeTelegram, type SpawnedService, type TestDatabase } from '@recert/testing';
import { Client } from 'pg';
import { newAlert } from '../../alert-fixture';
import { invitationOf } from '../../telegram-fixture';

const PATIENCE_MS = 30_000;

describe('a notifier that is killed while Telegram is away', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let ntfy: FakeNtfy;
  let transport: Transport;
  let service: SpawnedService;
  let client: Client;

  const start = async (): Promise<void> => {
    service = await spawnService({
      command: process.execPath,
      args: [resolve(__dirname, '../../../dist/main.js')],
      env: {
        ...{ DATABASE_URL: database.url, BUS_URL: database.url, PORT: '0', LOG_LEVEL: 'debug', ASK_HOURS: 'always' },
        ...{ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url },
        ...{ NTFY_URL: ntfy.url, NTFY_TOKEN: 'tk_of-tests', FALLBACK_AFTER: 'PT3S' },
      },
      readyLine: /bus: consuming/,
    });
  };
  const publish = async (event: EventContract, data: unknown): Promise<void> => {
    const id = newEventId();
    const attributes = { id, source: 'test', type: event.subject, time: new Date().toISOString(), correlationId: id };
    await transport.publish([{ attributes: { ...attributes, causationId: null }, payload: JSON.stringify(data) }]);
  };
  const states = async (): Promise<string[]> =>
    (await client.query<{ state: string }>('select state from notifier.fallback_delivery order by id')).rows.map(
      ({ state }) => state,
    );
  const titles = (): string[] => ntfy.messages.map(({ title }) => title);

  beforeAll(async () => {
    database = await testDatabase();
    [telegram, ntfy] = [await startFakeTelegram(), await startFakeNtfy()];
    transport = connectTransport(database.url, 'test', { info: () => {}, warn: () => {}, error: () => {} });
    await start();
    client = new Client({ connectionString: database.url });
    await client.connect();
    const { code, invitation } = invitationOf();
    const person = { handle: 'carol', version: 1, name: 'Carol', roles: ['admin'], active: true, invitation };
    await publish(PersonChanged, person);
    telegram.user(carol).start(code);
    await telegram.waitForMessage(carol.id, ({ text }) => text.startsWith('You are linked'), PATIENCE_MS);
  }, PATIENCE_MS);

  afterAll(async () => {
    await service.stop();
    await client.end();
    await transport.close();
    await Promise.all([telegram.stop(), ntfy.down()]);
    await database.drop();
  });

  it(
    'goes on counting from before, says each thing once besides Telegram, and once in it',
    async () => {
      await telegram.down();
      const began = performance.now();
      await publish(AlertRaised, newAlert({ title: 'The database is away', severity: 'critical' }));
      await sleep(1_500);
      await service.kill9();
      expect(titles()).toEqual([]);
      await start();
      await eventually(() => expect(titles()).toEqual(['Recert: Telegram is unreachable']), PATIENCE_MS);
      expect(performance.now() - began).toBeGreaterThan(3_000);
      // Killed before its mark, it would be sent again: at least once.
      await eventually(async () => expect(await states()).toEqual(['sent']), PATIENCE_MS);
      await service.kill9();
      await start();
      await sleep(1_500);
      expect(titles()).toHaveLength(1);
      await telegram.up();
      await eventually(() => expect(titles().at(-1)).toBe('Recert: Telegram is back'), PATIENCE_MS);
      expect(titles()).toHaveLength(2);
      const said = telegram.user(carol).messages.filter(({ text }) => text.includes('The database is away'));
      expect(said).toHaveLength(1);
    },
    4 * PATIENCE_MS,
  );
});
