import { copyOfDatabase, startNatsServer, testDatabase, type NatsServer, type TestDatabase } from '@recert/testing';
import { DeadLetters } from '../dead-letters';
import { type EventServer } from '../event-server';
import { JetStreamTransport } from '../jetstream/jetstream-transport';
import { type ServiceDatabase } from '../service-database';
import { countEffect, serve } from '../test-kit/serve';
import { TestLog } from '../test-kit/test-log';
import { Counted, countOf, effectsOf, openService } from '../test-kit/test-service';
import { pause, until } from '../test-kit/until';
import { recallAfterRestore } from './recall-after-restore';
import { recalling, type Recalling } from './recalling';

/** One service says numbers and keeps them, another counts them: on a server that goes on when their database is restored. */
describe('a database that was restored beside a JetStream that is newer', () => {
  let database: TestDatabase;
  let backup: TestDatabase | undefined;
  let server: NatsServer;
  let services: ServiceDatabase[] = [];
  let processes: EventServer[] = [];
  let log: TestLog;

  beforeEach(async () => {
    [database, server] = [await testDatabase(), await startNatsServer()];
    log = new TestLog();
    await start(database.url);
  });
  afterEach(async () => {
    await stop();
    await server.stop();
    await backup?.drop();
    await database.drop();
  });

  const keep = recalling(Counted, async ({ n }, { tx }) => {
    await tx.db.query('insert into effect values ($1)', [n]);
  });
  const registry = (): ServiceDatabase => services[0]!;
  const scheduler = (): ServiceDatabase => services[1]!;

  async function start(url: string, recallings: readonly Recalling[] = [keep]): Promise<void> {
    services = await Promise.all(['registry', 'scheduler'].map((name) => openService(url, name)));
    processes = services.map((service) =>
      serve({
        transport: new JetStreamTransport(server.url, service.service, log, { ackWaitMs: 2_000 }),
        databases: [service],
        handlers:
          service.service === 'scheduler' ? [{ durable: 'scheduler.count', event: Counted, handle: countEffect }] : [],
        before: (events) =>
          recallAfterRestore(events, {
            ...{ database: service, log },
            recallings: service.service === 'registry' ? recallings : [],
          }),
      }),
    );
  }
  async function stop(): Promise<void> {
    await Promise.all(processes.map((each) => each.close()));
    await Promise.all(services.map((service) => service.dataSource.destroy()));
    [processes, services] = [[], []];
  }
  async function say(...numbers: readonly number[]): Promise<void> {
    for (const n of numbers)
      await registry().transaction(async (tx) => {
        await tx.db.query('insert into effect values ($1)', [n]);
        tx.publish(Counted, { n, text: '' });
      });
  }
  async function expectAll(highest: number): Promise<void> {
    const all = Array.from({ length: highest }, (_, i) => i + 1);
    for (const service of services)
      await until(
        `${highest} at ${service.service}`,
        async () => (await countOf(service, 'effect')) >= highest,
        20_000,
      );
    await pause(200);
    for (const service of services) expect(await effectsOf(service)).toEqual(all);
  }
  /** Takes a backup of what is there, and goes on with the original. */
  async function backUp(): Promise<Date> {
    await stop();
    backup = await copyOfDatabase(database);
    const at = new Date();
    await start(database.url);
    return at;
  }
  async function restore(at: Date, recallings?: readonly Recalling[]): Promise<void> {
    await stop();
    const restored = await Promise.all(['registry', 'scheduler'].map((name) => openService(backup!.url, name)));
    for (const service of restored) {
      await service.query('update bus_transport set restored_at = $1', [at]);
      await service.dataSource.destroy();
    }
    await start(backup!.url, recallings);
  }
  const isDone = async (): Promise<boolean> =>
    (await Promise.all(services.map((service) => countOf(service, 'bus_transport', 'restored_at is null')))).every(
      (n) => n === 1,
    );

  it('recalls what its service has said since, and has everything delivered again that acts once', async () => {
    await say(1, 2, 3);
    await expectAll(3);
    const at = await backUp();
    await say(4, 5);
    await expectAll(5);
    await restore(at);
    await expectAll(5);
    expect(await isDone()).toBe(true);
    await say(6);
    await expectAll(6);
    expect(await countOf(registry(), 'outbox', 'published_at is not null and subject = $$task.counted$$')).toBe(6);
  }, 60_000);

  it('has nothing to recall where the bus is the older one, which the outboxes fill', async () => {
    await say(1, 2);
    await expectAll(2);
    const at = await backUp();
    await say(3);
    await expectAll(3);
    await server.stop();
    server = await startNatsServer();
    await restore(at);
    await expectAll(2);
    await say(3);
    await expectAll(3);
  }, 60_000);

  it('waits for a bus that is away, and says so', async () => {
    await say(1);
    await expectAll(1);
    const at = await backUp();
    await say(2);
    await expectAll(2);
    const { storeDir, port } = server;
    await server.kill();
    await restore(at);
    await until('the words', () => log.lines.some((line) => line.includes('waits for the bus')), 20_000);
    expect(await effectsOf(registry())).toEqual([1]);
    expect(await isDone()).toBe(false);
    server = await startNatsServer({ storeDir, port });
    await expectAll(2);
    await until('all is done', isDone);
  }, 60_000);

  it('begins again where the database broke in the middle, and recalls each event once', async () => {
    await say(1);
    await expectAll(1);
    const at = await backUp();
    await say(2, 3, 4);
    await expectAll(4);
    let broken = false;
    await restore(at, [
      recalling(Counted, async (data, recalled) => {
        await keep.recall(data, recalled);
        if (data.n !== 3 || broken) return;
        broken = true;
        throw new Error('Connection terminated unexpectedly');
      }),
    ]);
    await expectAll(4);
    expect(broken).toBe(true);
  }, 60_000);

  it('keeps as a dead letter what it cannot make anything of, goes on, and makes it when that is replayed', async () => {
    await say(1);
    await expectAll(1);
    const at = await backUp();
    await say(2, 3);
    await expectAll(3);
    let isMended = false;
    const fussy = recalling(Counted, async (data, recalled) => {
      if (data.n === 2 && !isMended) throw new Error('two is no number');
      await keep.recall(data, recalled);
    });
    await restore(at, [fussy]);
    await until('it is done', isDone);
    expect(await effectsOf(registry())).toEqual([1, 3]);
    const [letter] = await new DeadLetters(registry()).list(10);
    expect(letter).toMatchObject({ consumer: 'registry.recall-task-counted', reason: 'Error: two is no number' });
    isMended = true;
    expect(await processes[0]!.replay(letter!.id)).toBeNull();
    expect(await effectsOf(registry())).toEqual([1, 2, 3]);
    expect((await new DeadLetters(registry()).list(10))[0]!.replayedAt).not.toBeNull();
  }, 60_000);

  it('leaves to others what they have said, and what is older than the backup', async () => {
    await say(1);
    await expectAll(1);
    const at = await backUp();
    await scheduler().transaction(async (tx) => void tx.publish(Counted, { n: 2, text: '' }));
    await until('it is counted', async () => (await countOf(scheduler(), 'effect')) === 2);
    await registry().query('delete from outbox');
    await restore(new Date(at.getTime() + 2 * 3_600_000));
    await until('it is done', isDone);
    await until('it is counted', async () => (await countOf(scheduler(), 'effect')) === 2, 20_000);
    expect(await effectsOf(registry())).toEqual([1]);
  }, 60_000);
});
