import { startNatsServer, testDatabase, type TestDatabase } from '@recert/testing';
import { type EventServer } from './event-server';
import { JetStreamTransport } from './jetstream/jetstream-transport';
import { PostgresTransport } from './postgres/postgres-transport';
import { type ServiceDatabase } from './service-database';
import { countEffect, serve } from './test-kit/serve';
import { TestLog } from './test-kit/test-log';
import { countOf, Counted, effectsOf, killConnections, openService } from './test-kit/test-service';
import { pause, until } from './test-kit/until';
import { type Transport } from './transport';

/** A server to carry the bus, and how one process reaches it. */
interface Carrier {
  transport(): Transport;
  close(): Promise<void>;
}

const carriers: Readonly<Record<string, (database: TestDatabase) => Promise<Carrier>>> = {
  postgres: async ({ url }) => ({
    transport: () => new PostgresTransport(url, new TestLog(), { pollMs: 1_000, leaseMs: 3_000 }),
    close: () => Promise.resolve(),
  }),
  jetstream: async () => {
    const server = await startNatsServer();
    return {
      transport: () => new JetStreamTransport(server.url, 'test', new TestLog(), { ackWaitMs: 3_000 }),
      close: () => server.stop(),
    };
  },
};

describe.each(Object.entries(carriers))('two processes of the same services, carried by %s', (_, open) => {
  let store: TestDatabase;
  let carrier: Carrier;
  let databases: ServiceDatabase[] = [];
  let servers: EventServer[] = [];
  const publishedBy = [0, 0];

  beforeEach(async () => {
    store = await testDatabase();
    carrier = await open(store);
    for (let process = 0; process < 2; process += 1) {
      const own = [await openService(store.url, 'registry'), await openService(store.url, 'scheduler')];
      databases.push(...own);
      servers.push(
        serve({
          transport: carrier.transport(),
          databases: own,
          handlers: [{ durable: 'scheduler.count', event: Counted, handle: countEffect }],
          options: { relay: { pollMs: 1_000 } },
        }),
      );
    }
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.close()));
    await Promise.all(databases.map((database) => database.dataSource.destroy()));
    await carrier.close();
    await store.drop();
    [databases, servers] = [[], []];
  });

  it('publish each event of one outbox once in effect and lose none while connections are killed', async () => {
    let n = 0;
    const committed: number[] = [];
    const publishing = [0, 2].map(async (registry) => {
      for (let i = 0; i < 150; i += 1) {
        const numbers = [(n += 1), (n += 1), (n += 1)];
        try {
          await databases[registry]!.transaction(async (tx) => {
            for (const number of numbers) tx.publish(Counted, { n: number, text: '' });
          });
          committed.push(...numbers);
        } catch {
          // The connection was killed: whether this one was committed is for the outbox to say.
        }
        publishedBy[registry / 2]! += 1;
        await pause(5);
      }
    });
    for (let kill = 0; kill < 8; kill += 1) {
      await pause(100);
      await killConnections(store.url, ['service registry', 'service scheduler', 'recert bus', ''][kill % 4]!);
    }
    await Promise.all(publishing);
    const outbox = await databases[0]!.query<{ n: number }>(
      `select (payload::json->>'n')::int as n from outbox order by n`,
    );
    const expected = outbox.map((row) => row.n);
    for (const number of committed) expect(expected).toContain(number);
    const scheduler = databases[1]!;
    await until('every effect', async () => (await countOf(scheduler, 'effect')) >= expected.length, 30_000);
    await pause(200);
    expect(await effectsOf(scheduler)).toEqual(expected);
    await until('every mark', async () => (await countOf(databases[0]!, 'outbox', 'published_at is null')) === 0);
    expect(await countOf(scheduler, 'dead_letter')).toBe(0);
  }, 90_000);

  it('take over what one that died had committed and not published', async () => {
    await servers[0]!.close();
    // This process's relay is gone: nobody is woken.
    await databases[0]!.transaction(async (tx) => {
      tx.publish(Counted, { n: 1, text: '' });
    });
    await until('the effect', async () => (await countOf(databases[3]!, 'effect')) === 1);
  }, 20_000);
});
