import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { startNatsServer, testDatabase, type NatsServer, type TestDatabase } from '@recert/testing';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MEASURE_NOTHING, type Verdict } from '../event-consumer';
import { type EventServer } from '../event-server';
import { type ServiceDatabase } from '../service-database';
import { countEffect, serve } from '../test-kit/serve';
import { TestLog } from '../test-kit/test-log';
import { Counted, countOf, effectsOf, openService } from '../test-kit/test-service';
import { pause, until } from '../test-kit/until';
import { JetStreamTransport } from './jetstream-transport';
import { STREAM } from './stream';

/** The outboxes of two services, whose events one consumer of a third counts, all on a server that loses its store. */
describe('a JetStream server that loses its store', () => {
  let database: TestDatabase;
  let server: NatsServer;
  let services: ServiceDatabase[] = [];
  let processes: EventServer[] = [];
  let verdicts: Verdict[] = [];
  let published = 0;

  beforeEach(async () => {
    database = await testDatabase();
    server = await startNatsServer();
    services = await Promise.all(['registry', 'notifier', 'scheduler'].map((name) => openService(database.url, name)));
    verdicts = [];
    published = 0;
    processes = services.map(start);
  });
  afterEach(async () => {
    await Promise.all(processes.map((each) => each.close()));
    await Promise.all(services.map((service) => service.dataSource.destroy()));
    await server.stop();
    await database.drop();
  });

  function start(service: ServiceDatabase): EventServer {
    const counting = { durable: 'scheduler.count', event: Counted, handle: countEffect };
    return serve({
      transport: new JetStreamTransport(server.url, service.service, new TestLog(), { ackWaitMs: 2_000 }),
      databases: [service],
      handlers: service.service === 'scheduler' ? [counting] : [],
      measure: { ...MEASURE_NOTHING, handled: (_, verdict) => verdicts.push(verdict) },
    });
  }
  /** Each of the publishing services commits `count` more events. */
  async function commit(count: number, publishers = services.slice(0, 2)): Promise<void> {
    for (const service of publishers)
      await service.transaction(async (tx) => {
        for (let i = 0; i < count; i += 1) tx.publish(Counted, { n: (published += 1), text: '' });
      });
  }
  async function expectEachOnce(withinMs = 30_000): Promise<void> {
    const scheduler = services[2]!;
    await until(`${published} effects`, async () => (await countOf(scheduler, 'effect')) >= published, withinMs);
    await pause(200);
    expect(await effectsOf(scheduler)).toEqual(Array.from({ length: published }, (_, i) => i + 1));
  }
  async function restart(meanwhile: () => void = () => undefined): Promise<void> {
    const { storeDir, port } = server;
    await server.kill();
    meanwhile();
    server = await startNatsServer({ storeDir, port });
  }
  const store = (): string => join(server.storeDir, 'jetstream');
  async function asking<T>(question: (manager: JetStreamManager, nats: NatsConnection) => Promise<T>): Promise<T> {
    const nats = await connect({ servers: server.url });
    try {
      return await question(await jetstreamManager(nats), nats);
    } finally {
      await nats.close();
    }
  }

  it('makes stream and consumer anew, is filled by the outboxes, and no event acts twice', async () => {
    await commit(50);
    await expectEachOnce();
    for (let round = 0; round < 2; round += 1) {
      const committing = commit(100);
      await restart(() => rmSync(store(), { recursive: true }));
      await committing;
      await commit(20);
      await expectEachOnce();
    }
    expect(verdicts).toContain('repeated');
    const { messages } = await asking(async (manager) => (await manager.streams.info(STREAM)).state);
    expect(messages).toBe(published);
  }, 90_000);

  it.each([1, 30])(
    'delivers what is published after it was rolled back by %i events of each service, and gets the lost ones back',
    async (lost) => {
      await commit(40);
      await expectEachOnce();
      // An ack is on the disk a little later: a store that was saved too early would only deliver more.
      await pause(300);
      await restart(() => cpSync(store(), `${store()}-saved`, { recursive: true }));
      await commit(lost);
      await expectEachOnce();
      await pause(300);
      await restart(() => {
        // The stream is put back; the consumer stays ahead of it, as after a power cut that takes only the newer file.
        const obs = (of: string): string => join(of, '$G', 'streams', STREAM, 'obs');
        cpSync(obs(store()), `${store()}-obs`, { recursive: true });
        rmSync(store(), { recursive: true });
        cpSync(`${store()}-saved`, store(), { recursive: true });
        rmSync(obs(store()), { recursive: true });
        cpSync(`${store()}-obs`, obs(store()), { recursive: true });
      });
      await commit(lost + 5);
      await expectEachOnce();
    },
    60_000,
  );

  it('loses nothing when it is rolled back with everything in it', async () => {
    await commit(40);
    await expectEachOnce();
    await restart(() => cpSync(store(), `${store()}-saved`, { recursive: true }));
    await commit(30);
    await expectEachOnce();
    await restart(() => {
      rmSync(store(), { recursive: true });
      cpSync(`${store()}-saved`, store(), { recursive: true });
    });
    await commit(35);
    await expectEachOnce();
  }, 60_000);

  it('is filled also by a service that was down, after others have written over what it lost', async () => {
    await commit(40);
    await expectEachOnce();
    await restart(() => cpSync(store(), `${store()}-saved`, { recursive: true }));
    await commit(10);
    await expectEachOnce();
    await processes[1]!.close();
    // Nobody has seen what is lost: its consumer was not rolled back, but made anew with an empty inbox.
    await services[2]!.query('truncate inbox, effect');
    await restart(() => {
      rmSync(store(), { recursive: true });
      cpSync(`${store()}-saved`, store(), { recursive: true });
    });
    await asking((manager) => manager.consumers.delete(STREAM, 'scheduler_count'));
    await commit(40, [services[0]!]);
    await until('the new ones', async () => (await countOf(services[2]!, 'effect')) >= published - 10, 20_000);
    processes[1] = start(services[1]!);
    await expectEachOnce();
  }, 60_000);

  it('survives kill -9 in the middle of the work without a repeated effect', async () => {
    for (let kill = 0; kill < 4; kill += 1) {
      const committing = (async () => {
        for (let i = 0; i < 20; i += 1) await commit(5);
      })();
      await pause(50 + 40 * kill);
      await restart();
      await committing;
    }
    await expectEachOnce();
  }, 90_000);

  it('has a stream that keeps its promises', async () => {
    await commit(1);
    await expectEachOnce();
    const [stream, consumer] = await asking(async (manager) => [
      (await manager.streams.info(STREAM)).config,
      (await manager.consumers.info(STREAM, 'scheduler_count')).config,
    ]);
    expect(stream).toMatchObject({
      storage: 'file',
      retention: 'limits',
      discard: 'new',
      deny_purge: true,
      deny_delete: true,
      max_age: 30 * 86_400 * 1e9,
      max_bytes: 1024 ** 3,
      duplicate_window: 300 * 1e9,
    });
    expect(consumer).toMatchObject({
      durable_name: 'scheduler_count',
      filter_subject: Counted.subject,
      ack_policy: 'explicit',
      deliver_policy: 'all',
      max_deliver: -1,
      max_ack_pending: -1,
    });
    await asking(async (manager) => {
      await expect(manager.streams.purge(STREAM)).rejects.toThrow('purge');
      await expect(manager.streams.deleteMessage(STREAM, 1)).rejects.toThrow('delete');
    });
  });

  it('goes on when somebody deletes the stream or the consumer while it runs', async () => {
    await commit(20);
    await expectEachOnce();
    await asking((manager) => manager.consumers.delete(STREAM, 'scheduler_count'));
    await commit(20);
    await expectEachOnce();
    await asking((manager) => manager.streams.delete(STREAM));
    await commit(20);
    await expectEachOnce();
  }, 60_000);
});
