import { testDatabase, type TestDatabase } from '@recert/testing';
import { type EventServer } from './event-server';
import { PostgresTransport } from './postgres/postgres-transport';
import { type ServiceDatabase } from './service-database';
import { MemoryTransport } from './test-kit/memory-transport';
import { countEffect, serve } from './test-kit/serve';
import { TestLog } from './test-kit/test-log';
import { Answered, Counted, effectsOf, openService } from './test-kit/test-service';
import { until } from './test-kit/until';

describe('observing the bus of a process', () => {
  let store: TestDatabase;
  let databases: ServiceDatabase[] = [];
  let server: EventServer | null = null;

  beforeAll(async () => {
    store = await testDatabase();
    databases = [await openService(store.url, 'registry'), await openService(store.url, 'scheduler')];
  });
  afterEach(async () => {
    await server?.close();
    server = null;
  });
  afterAll(async () => {
    await Promise.all(databases.map((database) => database.dataSource.destroy()));
    await store.drop();
  });

  it('shows the events of all its services, each once, beside their consumers', async () => {
    const [registry, scheduler] = databases as [ServiceDatabase, ServiceDatabase];
    const handler = { durable: 'scheduler.count-when-counted', event: Counted, handle: countEffect };
    server = serve({ transport: new PostgresTransport(store.url, new TestLog()), databases, handlers: [handler] });
    const seen: string[] = [];
    const observation = server.observe({ saw: ({ subject }) => void seen.push(subject), missed: () => undefined });
    await observation.begun;
    await registry.transaction(async (tx) => void tx.publish(Counted, { n: 1, text: '' }));
    await scheduler.transaction(async (tx) => void tx.publish(Answered, { n: 2 }));
    await until('both events', () => seen.length >= 2);
    await until('the effect', async () => (await effectsOf(scheduler)).length === 1);
    await registry.transaction(async (tx) => void tx.publish(Answered, { n: 3 }));
    await until('the third event', () => seen.length >= 3);
    expect(seen.sort()).toEqual([Answered.subject, Answered.subject, Counted.subject]);
    await observation.stop();
  });

  it('begins when the transport is there, and can be stopped before that', async () => {
    const transport = new MemoryTransport();
    let connect: () => void = () => undefined;
    transport.connected = new Promise((resolve) => (connect = resolve));
    let observers = 0;
    transport.observe = () => {
      observers += 1;
      return Promise.resolve({ stop: () => Promise.resolve(void (observers -= 1)) });
    };
    server = serve({ transport, databases: [] });
    const onlooker = { saw: () => undefined, missed: () => undefined };
    const [kept, stopped] = [server.observe(onlooker), server.observe(onlooker)];
    const stopping = stopped.stop();
    expect(observers).toBe(0);
    connect();
    await Promise.all([kept.begun, stopping]);
    expect(observers).toBe(1);
    await kept.stop();
    expect(observers).toBe(0);
  });

  it('tries again when the transport would not', async () => {
    const transport = new MemoryTransport();
    let attempts = 0;
    transport.observe = () => {
      attempts += 1;
      return attempts < 2 ? Promise.reject(new Error('not now')) : Promise.resolve({ stop: () => Promise.resolve() });
    };
    const log = new TestLog();
    server = serve({ transport, databases: [], log });
    await server.observe({ saw: () => undefined, missed: () => undefined }).begun;
    expect(attempts).toBe(2);
    expect(log.lines.some((line) => line.includes('not now'))).toBe(true);
  });
});
