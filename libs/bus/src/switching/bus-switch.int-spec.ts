import { startNatsServer, testDatabase, type NatsServer, type TestDatabase } from '@recert/testing';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { toHeaders } from '../envelope';
import { type Invoke } from '../event-consumer';
import { type Passing } from '../observers';
import { retry } from '../outcome';
import { PostgresTransport } from '../postgres/postgres-transport';
import { type ServiceDatabase } from '../service-database';
import { attributesOf } from '../test-kit/hand-delivery';
import { countEffect } from '../test-kit/serve';
import { startMembers, SwitchByHand, type MemberProcess } from '../test-kit/switching';
import { TestLog } from '../test-kit/test-log';
import { Counted, countOf, effectsOf, openService } from '../test-kit/test-service';
import { pause, until } from '../test-kit/until';
import { addressOf, type BusUrls } from './bus-address';

const SERVICES = ['registry', 'notifier', 'scheduler'] as const;

const MOST_AHEAD = 500;

const KINDS = ['in separate processes', 'in one process', 'of which each has two processes'] as const;

/** Two services publish, the third counts. */
describe.each(KINDS)('switching the bus under services %s', (kind) => {
  let store: TestDatabase;
  let nats: NatsServer;
  let urls: BusUrls;
  let databases: ServiceDatabase[] = [];
  let processes: MemberProcess[] = [];
  let number = 0;
  let act: Invoke = countEffect;

  beforeEach(async () => {
    store = await testDatabase();
    nats = await startNatsServer();
    urls = { home: store.url, database: store.url };
    databases = await Promise.all(SERVICES.map((service) => openService(store.url, service)));
    number = 0;
    act = countEffect;
    processes = [];
    startAll();
  });
  afterEach(async () => {
    await Promise.all(processes.map((each) => each.stop()));
    await Promise.all(databases.map((database) => database.dataSource.destroy()));
    await nats.stop();
    await store.drop();
  });

  function startAll(): void {
    const alone = databases.map((database) => [database]);
    const sets = { 'in one process': [databases], 'in separate processes': alone };
    processes = (kind === 'of which each has two processes' ? [...alone, ...alone] : sets[kind]).map(startOne);
  }
  function startOne(of: readonly ServiceDatabase[]): MemberProcess {
    const handle: Invoke = (data, delivery) => act(data, delivery);
    const counting = { durable: 'scheduler.count', event: Counted, handle };
    const isThere = of.some(({ service }) => service === 'scheduler');
    return startMembers({ urls, databases: of, handlers: isThere ? [counting] : [] });
  }
  async function restart(): Promise<void> {
    await Promise.all(processes.map((each) => each.stop()));
    startAll();
  }
  const there = (generation = 1): SwitchByHand => onTheWay(generation, addressOf(store.url), addressOf(nats.url));
  const back = (generation = 2): SwitchByHand => onTheWay(generation, addressOf(nats.url), addressOf(store.url));
  function onTheWay(generation: number, from: string, to: string): SwitchByHand {
    return new SwitchByHand(generation, from, to, databases[0]!, databases, addressOf(urls.home));
  }
  async function commit(count: number): Promise<void> {
    for (const service of databases.slice(0, 2))
      await service.transaction(async (tx) => {
        for (let i = 0; i < count; i += 1) tx.publish(Counted, { n: (number += 1), text: '' });
      });
  }
  /** Publishes until it is stopped, as fast as is acted on it: how long a backlog lasts says nothing of the bus. */
  function load(): { stop: () => Promise<void> } {
    let over = false;
    const hasRoom = async (): Promise<boolean> =>
      over || number - (await countOf(databases[2]!, 'effect')) < MOST_AHEAD;
    const loading = (async () => {
      for (let round = 0; !over; round += 1, await pause(5)) {
        if (round % 10 === 0) await until('what was published acts', hasRoom, 60_000);
        await commit(8);
      }
    })();
    return {
      stop: () => {
        over = true;
        return loading;
      },
    };
  }
  async function expectEachOnce(withinMs = 30_000): Promise<void> {
    const scheduler = databases[2]!;
    await until(`${number} effects`, async () => (await countOf(scheduler, 'effect')) >= number, withinMs);
    await pause(300);
    expect(await effectsOf(scheduler)).toEqual(Array.from({ length: number }, (_, i) => i + 1));
    expect(await countOf(scheduler, 'dead_letter')).toBe(0);
  }
  const publishedOn = (): string[] =>
    [
      ...new Set(
        processes.flatMap(({ server }) => SERVICES.map((service) => server.carriage(service)?.publishesOn ?? '')),
      ),
    ].filter((address) => address !== '');

  it('goes there and back while they publish, and every event acts once', async () => {
    const seen: Passing[] = [];
    await processes[0]!.server.observe({ saw: (event) => void seen.push(event), missed: () => undefined }).begun;
    const loading = load();
    const published = (count: number): Promise<void> => until(`${count} events`, () => number >= count, 30_000);
    await published(500);
    await there().all();
    expect(publishedOn()).toEqual([addressOf(nats.url)]);
    await published(number + 500);
    await back().all();
    expect(publishedOn()).toEqual([addressOf(store.url)]);
    await published(Math.max(number + 200, 2_000));
    await loading.stop();
    await expectEachOnce();
    const counted = seen.filter(({ subject }) => subject === Counted.subject);
    await until('observers went on', () => counted.length > 0 && seen.length >= number * 0.9);
  }, 90_000);

  it('publishes nothing of before again on the new transport', async () => {
    await commit(200);
    await expectEachOnce();
    await there().all();
    await commit(5);
    await expectEachOnce();
    await pause(1_200);
    const elsewhere = await databases[0]!.query<{ n: number }>(
      `select count(*)::int as n from outbox where subject = '${Counted.subject}' and stream_lineage is not null`,
    );
    expect(elsewhere[0]!.n).toBe(5);
  }, 60_000);

  it.each(['asked', 'decided', 'draining'] as const)(
    'goes on when all restart after "%s"',
    async (phase) => {
      const loading = load();
      await there().all(async (now) => {
        if (now === phase) await restart();
      });
      await pause(200);
      await loading.stop();
      await expectEachOnce();
      expect(publishedOn()).toEqual([addressOf(nats.url)]);
      await restart();
      await commit(3);
      await expectEachOnce();
      await until('the switch to be remembered', () => publishedOn().join() === addressOf(nats.url));
    },
    90_000,
  );

  it('changes nothing when the target is away and the switch is abandoned', async () => {
    const loading = load();
    await nats.kill();
    for (const generation of [1, 2]) {
      const switching = there(generation);
      await switching.tell('asked');
      await switching.reached('told why', ({ underWay }) => /NATS/.test(underWay?.problem ?? ''));
      await switching.tell('abandoned');
      await switching.reached('left', ({ underWay, closed }) => underWay === null && closed === generation);
    }
    expect(publishedOn()).toEqual([addressOf(store.url)]);
    await loading.stop();
    await expectEachOnce();
    for (const { server } of processes) expect([...server.ways.all.keys()]).toEqual([addressOf(store.url)]);
  }, 60_000);

  it('refuses an address that BUS_URL_OTHER leaves out, and says so', async () => {
    await Promise.all(processes.map((each) => each.stop()));
    urls = { ...urls, others: ['nats://127.0.0.1:1'] };
    startAll();
    const switching = there();
    await switching.tell('asked');
    await switching.reached('refused', ({ underWay }) => underWay?.reached === 'refused');
    await commit(3);
    await expectEachOnce();
    await restart();
    await commit(3);
    await expectEachOnce();
  }, 60_000);

  it('publishes again what the old transport took with it when it went for good', async () => {
    const forth = there();
    await forth.all();
    const loading = load();
    await pause(300);
    const home = back();
    await home.tell('asked');
    await home.reached('joined', ({ underWay }) => underWay?.reached === 'joined');
    await home.tell('decided');
    await home.reached('flipped', ({ underWay }) => underWay?.reached === 'flipped');
    await nats.kill();
    await home.tell('draining');
    await home.reached('drained', ({ underWay }) => underWay?.reached === 'drained');
    await home.tell('done');
    await home.reached('done', ({ generation }) => generation === 2);
    await loading.stop();
    await expectEachOnce();
  }, 60_000);

  it('publishes again what the old transport lost while it was left', async () => {
    await there().all();
    const loading = load();
    await pause(300);
    await back().all(async (phase) => {
      if (phase !== 'decided') return;
      const { storeDir, port } = nats;
      await nats.kill();
      rmSync(join(storeDir, 'jetstream'), { recursive: true });
      await pause(200);
      nats = await startNatsServer({ storeDir, port });
    });
    await loading.stop();
    await expectEachOnce();
  }, 60_000);

  it('leaves the old transport only when what is put off there is handled, and says meanwhile what it does', async () => {
    let isReady = false;
    act = async (data, delivery) => (isReady ? countEffect(data, delivery) : retry(300, 'not yet'));
    await commit(2);
    const switching = there();
    let overtaken = false;
    const all = switching.all(async (phase) => {
      if (phase === 'draining') overtaken = !isReady;
    });
    await until('the flip', () => publishedOn().join() === addressOf(nats.url));
    await pause(1_500);
    const details = (await processes[0]!.server.health()).map(({ detail }) => detail).join();
    expect(details).toContain('a switch is under way');
    expect(processes[0]!.server.ways.all.size).toBe(2);
    isReady = true;
    await all;
    expect(overtaken).toBe(false);
    await expectEachOnce();
    const after = (await processes[0]!.server.health()).map(({ detail }) => detail).join();
    expect(after).not.toContain('a switch is under way');
  }, 60_000);

  it('publishes again what a process that had slept through it put on the old transport', async () => {
    const late = new PostgresTransport(store.url, new TestLog());
    await there().all(async (phase) => {
      if (phase !== 'draining') return;
      // It publishes from its memory, and marks what it published, after all others have left.
      const [registry] = databases;
      const { id } = await late.lineage();
      number += 1;
      await registry!.query(
        `insert into outbox (event_id, subject, payload, headers, published_at, stream_lineage, stream_seq)
         select event_id, '${Counted.subject}', $1, $2::jsonb || jsonb_build_object('ce-id', event_id::text), now(), $3, 1
         from (select gen_random_uuid() as event_id) as one`,
        [JSON.stringify({ n: number, text: '' }), JSON.stringify(toHeaders(attributesOf(Counted.subject))), id],
      );
    });
    await late.close();
    await expectEachOnce();
  }, 60_000);

  it('follows another BUS_URL at a start, whatever a switch had said, with every event acting once', async () => {
    await commit(20);
    await there().all();
    await commit(20);
    await expectEachOnce();
    await Promise.all(processes.map((each) => each.stop()));
    await commit(20);
    urls = { ...urls, home: `${store.url}${store.url.includes('?') ? '&' : '?'}application_name=other` };
    // The same address: a switch still has the word.
    startAll();
    await expectEachOnce();
    expect(publishedOn()).toEqual([addressOf(nats.url)]);
    await Promise.all(processes.map((each) => each.stop()));
    urls = { ...urls, home: nats.url };
    startAll();
    await commit(5);
    await expectEachOnce();
    await Promise.all(processes.map((each) => each.stop()));
    urls = { ...urls, home: store.url };
    startAll();
    await commit(5);
    await expectEachOnce();
  }, 60_000);
});
