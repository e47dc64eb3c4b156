import { startNatsServer, testDatabase, type NatsServer, type TestDatabase } from '@recert/testing';
import { connectTransport } from './connect-transport';
import { type EventServer } from './event-server';
import { drop } from './outcome';
import { type ServiceDatabase } from './service-database';
import { countEffect, serve } from './test-kit/serve';
import { TestLog } from './test-kit/test-log';
import { Counted, countOf, effectsOf, openService } from './test-kit/test-service';
import { until } from './test-kit/until';

const DURABLE = 'scheduler.follow-for-a-while';

describe.each(['postgres', 'jetstream'] as const)('a consumer that comes and goes, on %s', (kind) => {
  let store: TestDatabase;
  let nats: NatsServer | null = null;
  let registry: ServiceDatabase;
  let scheduler: ServiceDatabase;
  let server: EventServer;

  beforeEach(async () => {
    store = await testDatabase();
    if (kind === 'jetstream') nats = await startNatsServer();
    [registry, scheduler] = await Promise.all([
      openService(store.url, 'registry'),
      openService(store.url, 'scheduler'),
    ]);
    const transport = connectTransport(nats?.url ?? store.url, 'test', new TestLog());
    server = serve({ transport, databases: [registry!, scheduler!] });
  });
  afterEach(async () => {
    await server.close();
    await Promise.all([registry, scheduler].map((database) => database.dataSource.destroy()));
    await nats?.stop();
    nats = null;
    await store.drop();
  });

  const say = (...numbers: number[]): Promise<void> =>
    registry.transaction(async (tx) => numbers.forEach((n) => void tx.publish(Counted, { n, text: '' })));
  const had = (...numbers: number[]): Promise<void> =>
    until(`the effects ${String(numbers)}`, async () => String(await effectsOf(scheduler)) === String(numbers));
  const follow = (handle = countEffect) => server.follow({ durable: DURABLE, event: Counted, handle });

  it('has each event once, rests while nobody wants it, and goes on where it was', async () => {
    const first = follow();
    await say(1, 2);
    await had(1, 2);
    await first.stop();
    await say(3);
    follow();
    await had(1, 2, 3);
    expect(await countOf(scheduler, 'inbox', `consumer = '${DURABLE}'`)).toBe(3);
  });

  it('knows by its inbox what it had before it was forgotten', async () => {
    const first = follow();
    await say(1);
    await had(1);
    await first.stop();
    await server.forget(DURABLE);
    await say(2);
    follow();
    await had(1, 2);
    await say(3);
    await had(1, 2, 3);
  });

  it('keeps what it cannot handle as a dead letter, which is replayed while it is followed', async () => {
    const refusing = follow(() => Promise.resolve(drop('not now')));
    await say(7);
    await until('the dead letter', async () => (await countOf(scheduler, 'dead_letter')) === 1);
    const [letter] = await server.deadLetters()[1]!.list(1);
    await refusing.stop();
    expect(await server.replay(letter!.id)).toMatch('does not exist any more');
    follow();
    expect(await server.replay(letter!.id)).toBeNull();
    await had(7);
  });

  it('is refused under a name that is followed, or of no service here, and forgotten only when nobody follows it', async () => {
    const running = follow();
    await say(1);
    await had(1);
    expect(() => follow()).toThrow(`"${DURABLE}" is followed already`);
    expect(() => server.follow({ durable: 'notifier.elsewhere', event: Counted, handle: countEffect })).toThrow(
      'belongs to no service of this process',
    );
    await expect(server.forget(DURABLE)).rejects.toThrow('is followed');
    await running.stop();
    await server.forget(DURABLE);
  });

  it('ends with the server, whether it has begun or not', async () => {
    follow();
    await server.close();
    await say(1);
    expect(await effectsOf(scheduler)).toEqual([]);
  });
});
