import { testDatabase, type TestDatabase } from '@recert/testing';
import { newEventId } from './event-id';
import { OutboxRelay, type RelayOptions } from './outbox-relay';
import { type ServiceDatabase } from './service-database';
import { MemoryTransport } from './test-kit/memory-transport';
import { TestLog } from './test-kit/test-log';
import { countOf, Counted, openService } from './test-kit/test-service';
import { pause, until } from './test-kit/until';
import { RefusedEvent } from './transport';

/** Nothing in these tests may wait for a poll. */
const never = { pollMs: 600_000, lineageCheckMs: 600_000 };

describe('the outbox relay', () => {
  let store: TestDatabase;
  let database: ServiceDatabase;
  let transport: MemoryTransport;
  let log: TestLog;
  let relays: OutboxRelay[] = [];

  beforeAll(async () => {
    store = await testDatabase();
  });
  afterAll(() => store.drop());
  beforeEach(async () => {
    database = await openService(store.url, 'registry');
    await database.query('truncate outbox');
    transport = new MemoryTransport();
    log = new TestLog();
  });
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop()));
    relays = [];
    await database.dataSource.destroy();
  });

  function start(options: RelayOptions = never): OutboxRelay {
    const relay = new OutboxRelay(database, transport, log, options);
    relays.push(relay);
    relay.start();
    return relay;
  }
  async function commit(...numbers: number[]): Promise<string[]> {
    return database.transaction(async (tx) => numbers.map((n) => tx.publish(Counted, { n, text: '' })));
  }
  const stored = (): number[] => transport.stored.map((envelope) => (JSON.parse(envelope.payload) as { n: number }).n);
  const unpublished = (): Promise<number> => countOf(database, 'outbox', 'published_at is null');

  it('publishes what was committed before it started, in order, with attributes and data', async () => {
    const ids = await commit(1, 2, 3);
    start();
    await until('three events', () => transport.stored.length === 3);
    expect(stored()).toEqual([1, 2, 3]);
    expect(transport.stored.map((envelope) => envelope.attributes.id)).toEqual(ids);
    expect(transport.stored[0]).toMatchObject({
      payload: '{"n":1,"text":""}',
      attributes: { source: 'registry', type: 'task.counted', correlationId: ids[0], causationId: null },
    });
  });

  it('is woken by each commit with events', async () => {
    start();
    for (let n = 1; n <= 20; n += 1) {
      await commit(n);
      await until(`event ${n}`, () => transport.stored.length === n);
    }
    expect(stored()).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  it('publishes nothing of a transaction that was rolled back', async () => {
    start();
    const failing = database.transaction(async (tx) => {
      tx.publish(Counted, { n: 1, text: '' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await commit(2);
    await until('the other event', () => transport.stored.length > 0);
    expect(stored()).toEqual([2]);
  });

  it('marks a row after the transport has it, not before, and tries again when it was refused', async () => {
    let calls = 0;
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    transport.trouble = async () => {
      calls += 1;
      if (calls === 1) throw new Error('the transport is away');
      await gate;
    };
    start();
    await commit(1);
    await until('the second try', () => calls === 2);
    expect(await unpublished()).toBe(1);
    release();
    await until('the mark', async () => (await unpublished()) === 0);
    expect(await countOf(database, 'outbox', "stream_lineage = 'first' and stream_seq = 1 and attempts = 1")).toBe(1);
    expect(log.lines.join()).toContain('outbox: publishing failed, will try again');
  });

  it('tries again also what it read from the table', async () => {
    let calls = 0;
    transport.trouble = () => {
      if ((calls += 1) === 1) throw new Error('the transport is away');
    };
    await commit(1, 2);
    start();
    await until('the events', () => transport.stored.length === 2);
    expect(calls).toBe(2);
  });

  it('puts off an event that the transport can never take, says which, and lets the others pass', async () => {
    const [, bad] = await commit(1, 2, 3);
    transport.trouble = (batch) => {
      if (batch.some((envelope) => envelope.attributes.id === bad)) throw new RefusedEvent(bad!, 'too large');
    };
    start();
    await until('the others', () => transport.stored.length === 2);
    await commit(4);
    await until('the next', () => transport.stored.length === 3);
    expect(stored()).toEqual([1, 3, 4]);
    const [row] = await database.query<{ last_error: string; later: boolean }>(
      `select last_error, not_before > now() + interval '5 seconds' as later from outbox where event_id = $1`,
      [bad],
    );
    expect(row).toEqual({ last_error: `the transport refuses event ${bad}: too large`, later: true });
    expect(log.lines.join()).toContain(`"eventId":"${bad}"`);
  });

  it('does not skip a row that is committed late with a lower id, by whomever', async () => {
    start({ pollMs: 20 });
    let commitSlow: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (commitSlow = resolve));
    let written = false;
    const slow = database.dataSource.transaction(async (db) => {
      await db.query(
        `insert into outbox (event_id, subject, payload, headers)
         values (($1::text)::uuid, 'task.counted', '{"n":1}', jsonb_build_object('ce-id', $1::text, 'ce-source', 's', 'ce-type', 't', 'ce-time', 'now'))`,
        [newEventId()],
      );
      written = true;
      await gate;
    });
    await until('the slow row', () => written);
    await commit(2);
    await until('the quick event', () => transport.stored.length === 1);
    commitSlow();
    await slow;
    await until('the slow event', () => transport.stored.length === 2);
    expect(stored()).toEqual([2, 1]);
  });

  it('publishes again what was committed since a moment', async () => {
    const relay = start();
    await commit(1);
    await until('the first', async () => (await unpublished()) === 0);
    const [row] = await database.query<{ now: Date }>('select clock_timestamp() as now');
    await commit(2, 3);
    await until('all', async () => transport.stored.length === 3 && (await unpublished()) === 0);
    let again: number[] = [];
    transport.trouble = (batch) => {
      again = batch.map((envelope) => (JSON.parse(envelope.payload) as { n: number }).n);
    };
    expect(await relay.republishSince(row!.now)).toBe(2);
    await until('the second time', () => again.length > 0);
    expect(again).toEqual([2, 3]);
  });

  it('publishes in order also more than it keeps in memory, while more is committed', async () => {
    start();
    const count = 5_000;
    await commit(...Array.from({ length: count }, (_, i) => i));
    for (let n = 0; n < 50; n += 1) await commit(count + n);
    await until('all', () => transport.stored.length === count + 50, 30_000);
    expect(stored().slice(0, count)).toEqual(Array.from({ length: count }, (_, i) => i));
    expect([...stored()].sort((a, b) => a - b)).toEqual(Array.from({ length: count + 50 }, (_, i) => i));
    await until('the marks', async () => (await unpublished()) === 0);
  }, 60_000);

  it('reads of a backlog what it takes of it, and not all of it for each batch', async () => {
    const count = 12_000;
    await database.dataSource.destroy();
    database = await openService(store.url, 'backlog');
    await commit(...Array.from({ length: count }, (_, i) => i));
    start();
    await until('all', () => transport.stored.length === count, 30_000);
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    // A connection that ends gives its counts to PostgreSQL's statistics.
    await database.dataSource.destroy();
    database = await openService(store.url, 'backlog');
    let read = 0;
    await until('the statistics', async () => {
      const [row] = await database.query<{ read: number }>(
        `select (seq_tup_read + idx_tup_fetch)::int as read from pg_stat_user_tables
         where schemaname = 'backlog' and relname = 'outbox'`,
      );
      read = row!.read;
      return read >= count;
    });
    expect(read).toBeLessThan(20 * count);
  }, 60_000);

  it('publishes on stopping what was committed before', async () => {
    let slow: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (slow = resolve));
    transport.trouble = () => gate;
    const relay = start();
    await commit(1);
    await pause(20);
    await commit(2);
    const stopped = relay.stop();
    slow();
    await stopped;
    expect(stored()).toEqual([1, 2]);
    expect(await unpublished()).toBe(0);
  });

  it('stops also when the transport has never been there', async () => {
    transport.connected = new Promise(() => undefined);
    const relay = start();
    await commit(1);
    await relay.stop();
  });
});
