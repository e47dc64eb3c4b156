import { connect, headers as natsHeaders } from '@nats-io/transport-node';
import { startNatsServer, testDatabase, type TestDatabase } from '@recert/testing';
import { type EventServer } from './event-server';
import { toHeaders } from './envelope';
import { newEventId } from './event-id';
import { JetStreamTransport } from './jetstream/jetstream-transport';
import { PostgresTransport } from './postgres/postgres-transport';
import { type ServiceDatabase } from './service-database';
import { type Poison, poison } from './test-kit/poison';
import { countEffect, serve } from './test-kit/serve';
import { TestLog } from './test-kit/test-log';
import { countOf, Counted, effectsOf, onDatabase, openService } from './test-kit/test-service';
import { until } from './test-kit/until';
import { type Transport } from './transport';

const GOOD = 1_500;
const EACH_POISON = 5;
const LONGEST_DELAY_MS = 5_000;

interface Bus {
  readonly transport: Transport;
  /** Puts it on the bus behind the back of everything that would refuse it; false where no such message can be. */
  inject(poison: Poison): Promise<boolean>;
  close(): Promise<void>;
}

const kinds: Readonly<Record<string, (database: TestDatabase) => Promise<Bus>>> = {
  postgres: async ({ url }) => ({
    transport: new PostgresTransport(url, new TestLog()),
    inject: ({ attributes, payload }) =>
      onDatabase(
        url,
        `with added as (insert into bus.message (event_id, subject, payload, headers)
           values ('${newEventId()}', '${Counted.subject}', convert_from('\\x${payload.toString('hex')}', 'UTF8'),
             '${JSON.stringify(attributes === null ? {} : toHeaders(attributes)).replaceAll("'", "''")}') returning seq)
         insert into bus.delivery (durable, seq, available_at) select durable, seq, now() from added, bus.consumer`,
      ).then(
        () => true,
        () => false,
      ),
    close: () => Promise.resolve(),
  }),
  jetstream: async () => {
    const server = await startNatsServer();
    const nats = await connect({ servers: server.url });
    return {
      transport: new JetStreamTransport(server.url, 'poison', new TestLog()),
      inject: async ({ attributes, payload }) => {
        const carried = natsHeaders();
        for (const [name, value] of Object.entries(attributes === null ? {} : toHeaders(attributes)))
          carried.set(name, value);
        nats.publish(Counted.subject, payload, { headers: carried });
        return true;
      },
      close: async () => {
        await nats.close();
        await server.stop();
      },
    };
  },
};

describe.each(Object.entries(kinds))('poison on the bus, carried by %s', (_, open) => {
  let store: TestDatabase;
  let database: ServiceDatabase;
  let bus: Bus;
  let server: EventServer;
  let mended = false;
  const handledAfter: number[] = [];
  const publishedAt: number[] = [];

  beforeAll(async () => {
    store = await testDatabase();
    database = await openService(store.url, 'scheduler');
    bus = await open(store);
    server = serve({
      transport: bus.transport,
      databases: [database],
      handlers: [
        {
          durable: 'scheduler.count',
          event: Counted,
          handle: async (data, delivery) => {
            const { n, text } = data as { n: number; text: string };
            if (text === 'defect' && !mended) return { kind: 'drop', reason: 'a defect of the handler' };
            handledAfter.push(performance.now() - (publishedAt[n] ?? 0));
            return countEffect(data, delivery);
          },
        },
      ],
    });
    await bus.transport.ready();
    await until('the consumer', async () => (await bus.transport.lineage()) !== null);
  });
  afterAll(async () => {
    await server.close();
    await bus.close();
    await database.dataSource.destroy();
    await store.drop();
  });

  it('becomes dead letters, all of it, and delays nothing that is good', async () => {
    const corpus = Array.from({ length: EACH_POISON }, poison).flat();
    let injected = 0;
    const defects = 20;
    for (let n = 0, next = 0; n < GOOD; n += 1) {
      publishedAt[n] = performance.now();
      await database.transaction(async (tx) => {
        tx.publish(Counted, { n, text: n < defects ? 'defect' : '' });
      });
      if (n % 10 === 0) injected += Number(await bus.inject(corpus[next++ % corpus.length]!));
    }
    await until('the good ones', async () => (await countOf(database, 'effect')) >= GOOD - defects, 30_000);
    await until('the letters', async () => (await countOf(database, 'dead_letter')) >= injected + defects, 30_000);
    expect(await countOf(database, 'dead_letter')).toBe(injected + defects);
    expect(injected).toBeGreaterThan(100);
    expect(Math.max(...handledAfter)).toBeLessThan(LONGEST_DELAY_MS);
    expect(await effectsOf(database)).toEqual(Array.from({ length: GOOD - defects }, (_, i) => i + defects));
  }, 90_000);

  it('is applied once when the handler is mended and the letters are replayed', async () => {
    mended = true;
    const [letters] = server.deadLetters();
    const all = await letters!.list(1_000);
    const outcomes = await Promise.all(all.map((letter) => server.replay(letter.id)));
    for (const letter of all) await server.replay(letter.id);
    expect(outcomes.filter((reason) => reason === null)).toHaveLength(20);
    expect(await effectsOf(database)).toEqual(Array.from({ length: GOOD }, (_, i) => i));
    expect(await countOf(database, 'dead_letter', 'replayed_at is null')).toBe(all.length - 20);
  }, 60_000);
});
