import { startNatsServer, testDatabase, type NatsServer, type TestDatabase } from '@recert/testing';
import { type ServiceDatabase } from '../service-database';
import { countEffect } from '../test-kit/serve';
import { startMembers, SwitchByHand, type MemberProcess } from '../test-kit/switching';
import { Counted, effectsOf, openService } from '../test-kit/test-service';
import { until } from '../test-kit/until';
import { addressOf } from './bus-address';

const SERVICES = ['registry', 'scheduler'] as const;

describe('a consumer that comes and goes, while the bus is switched', () => {
  let store: TestDatabase;
  let nats: NatsServer;
  let registry: ServiceDatabase;
  let scheduler: ServiceDatabase;
  let running: MemberProcess;

  beforeEach(async () => {
    store = await testDatabase();
    nats = await startNatsServer();
    [registry, scheduler] = await Promise.all([
      openService(store.url, SERVICES[0]),
      openService(store.url, SERVICES[1]),
    ]);
    running = startMembers({ urls: { home: store.url, database: store.url }, databases: [registry, scheduler] });
  });
  afterEach(async () => {
    await running.stop();
    await Promise.all([registry, scheduler].map((database) => database.dataSource.destroy()));
    await nats.stop();
    await store.drop();
  });

  const follow = (durable = 'scheduler.follow-for-a-while' as const) =>
    running.server.follow({ durable, event: Counted, handle: countEffect });
  const say = (...numbers: number[]): Promise<void> =>
    registry.transaction(async (tx) => numbers.forEach((n) => void tx.publish(Counted, { n, text: '' })));
  const had = (...numbers: number[]): Promise<void> =>
    until(`the effects ${String(numbers)}`, async () => String(await effectsOf(scheduler)) === String(numbers));
  const there = (): SwitchByHand => {
    const [from, to] = [addressOf(store.url), addressOf(nats.url)];
    return new SwitchByHand(1, from, to, registry, [registry, scheduler], from);
  };

  it('goes over with the others, has each event once, and may begin or end on the way', async () => {
    const first = follow();
    await say(1);
    await had(1);
    let number = 1;
    await there().all(async (phase) => {
      if (phase === 'decided') await first.stop();
      await say((number += 1));
      if (phase === 'draining') follow();
    });
    await say((number += 1));
    await had(1, 2, 3, 4, 5);
  }, 60_000);

  it('that ended before it is forgotten on both sides, and holds nothing up', async () => {
    const first = follow();
    await say(1);
    await had(1);
    await first.stop();
    await say(2);
    await there().all(async (phase) => {
      if (phase === 'asked') await running.server.forget('scheduler.follow-for-a-while');
    });
    await running.server.forget('scheduler.follow-for-a-while');
    await say(3);
    expect(await effectsOf(scheduler)).toEqual([1]);
    follow();
    await until('what comes then', async () => (await effectsOf(scheduler)).includes(3));
  }, 60_000);
});
