import { testDatabase, type TestDatabase } from '@recert/testing';
import { type DataSource } from 'typeorm';
import { newEventId } from './event-id';
import { OutboxRefill } from './outbox-refill';
import { OutboxRelay } from './outbox-relay';
import { ServiceDatabase } from './service-database';
import { MemoryTransport } from './test-kit/memory-transport';
import { envelopes } from './test-kit/recorder';
import { TestLog } from './test-kit/test-log';
import { countOf, Counted, openService } from './test-kit/test-service';
import { until } from './test-kit/until';

const EVENTS = 40;

describe('filling a transport that lost its store', () => {
  let store: TestDatabase;
  let database: ServiceDatabase;
  let transport: MemoryTransport;
  let relay: OutboxRelay;

  beforeAll(async () => {
    store = await testDatabase();
  });
  afterAll(() => store.drop());
  beforeEach(async () => {
    database = await openService(store.url, 'registry');
    await database.query('truncate outbox');
    transport = new MemoryTransport();
    relay = new OutboxRelay(database, transport, new TestLog(), { pollMs: 600_000, lineageCheckMs: 600_000 });
    relay.start();
    await database.transaction(async (tx) => {
      for (let n = 1; n <= EVENTS; n += 1) tx.publish(Counted, { n, text: '' });
    });
    await until('all published', async () => (await countOf(database, 'outbox', 'published_at is null')) === 0);
  });
  afterEach(async () => {
    await relay.stop();
    await database.dataSource.destroy();
  });

  const ids = (): string[] => transport.stored.map((envelope) => envelope.attributes.id);

  /** Reconnects and waits until every row says where its event lies now. */
  async function expectAllThere(): Promise<void> {
    const before = await database.query<{ event_id: string }>('select event_id from outbox order by id');
    transport.reconnect();
    await until('every event', () => before.every((row) => ids().includes(row.event_id)));
    await until('every mark', async () => {
      const rows = await database.query<{ event_id: string; stream_lineage: string | null; stream_seq: string }>(
        'select event_id, stream_lineage, stream_seq from outbox where published_at is not null',
      );
      const right = rows.filter(
        (row) => row.stream_lineage === transport.lineageId && ids()[Number(row.stream_seq) - 1] === row.event_id,
      );
      return right.length === EVENTS;
    });
  }

  it('asks one question and publishes nothing while everything is there', async () => {
    let published = 0;
    transport.trouble = () => void (published += 1);
    transport.asked = 0;
    expect((await new OutboxRefill(database, transport, new TestLog()).check()).again).toBe(0);
    expect([transport.asked, published]).toEqual([1, 0]);
  });

  it('publishes everything again to a store that was wiped', async () => {
    transport.stored = [];
    transport.lineageId = 'second';
    await expectAllThere();
  });

  it('publishes everything again to a store that was wiped and has more events of others by now', async () => {
    transport.stored = envelopes('task.other', 3 * EVENTS);
    transport.lineageId = 'second';
    await expectAllThere();
  });

  it.each([0, 1, EVENTS / 2, EVENTS - 1])(
    'publishes the rest to a store that was rolled back to %i events',
    async (kept) => {
      transport.stored = transport.stored.slice(0, kept);
      await expectAllThere();
      expect(transport.stored).toHaveLength(EVENTS);
    },
  );

  it.each([0, 1, 5, EVENTS / 2, EVENTS - 2, EVENTS - 1])(
    'is not misled when others have written to the store since it was rolled back to %i events',
    async (kept) => {
      transport.stored = [...transport.stored.slice(0, kept), ...envelopes('task.other', 2 * EVENTS)];
      await expectAllThere();
    },
  );

  it.each([
    ['a commit', () => database.transaction(async (tx) => tx.publish(Counted, { n: 0, text: '' }))],
    [
      'a look into the table',
      async () => {
        await database.query(
          `insert into outbox (event_id, subject, payload, headers)
           select gen_random_uuid(), subject, payload, headers || jsonb_build_object('ce-id', '${newEventId()}') from outbox limit 1`,
        );
        await database.query(`update outbox set event_id = (headers->>'ce-id')::uuid where published_at is null`);
        return relay.republishSince(new Date('2999-01-01'));
      },
    ],
  ])('compares first when the store was rolled back between %s and the publication', async (_, begin) => {
    transport.trouble = () => {
      transport.trouble = () => undefined;
      transport.stored = [...transport.stored.slice(0, EVENTS / 2), ...envelopes('task.other', 2 * EVENTS)];
      transport.reconnect();
    };
    await begin();
    await until('every event', async () => {
      const rows = await database.query<{ event_id: string }>('select event_id from outbox');
      return rows.every((row) => ids().includes(row.event_id));
    });
  });

  it('does not take an event that was removed for its age for a lost one', async () => {
    const check = async (): Promise<number> =>
      (await new OutboxRefill(database, transport, new TestLog()).check()).again;
    transport.stored = envelopes('task.other', EVENTS + 1);
    transport.firstSequence = EVENTS + 1;
    expect(await check()).toBe(0);
    transport.firstSequence = EVENTS;
    expect(await check()).toBeGreaterThan(0);
  });

  it('reads no table from end to end, however many events were published', async () => {
    await database.query(`insert into outbox (event_id, subject, payload, headers, published_at, stream_lineage, stream_seq)
      select gen_random_uuid(), 'task.counted', '{}', '{}', now(), 'first', ${EVENTS} + n from generate_series(1, 200000) as n`);
    await database.query('analyze outbox');
    const [newest] = await database.query<{ event_id: string }>(
      'select event_id from outbox order by stream_seq desc limit 1',
    );
    const holding = new MemoryTransport();
    holding.lineage = async () => ({ id: 'first', session: 1, firstSequence: 1, lastSequence: EVENTS + 200_000 });
    holding.holds = async (_, eventId) => eventId === newest?.event_id;
    const runner = database.dataSource.createQueryRunner();
    await runner.startTransaction();
    // One connection, so that PostgreSQL's own count of what it read there can be asked for.
    const query = (sql: string, given: unknown[]): Promise<unknown> => runner.query(sql, given);
    const here = new ServiceDatabase('registry', { query } as unknown as DataSource);
    const rowsRead = async (): Promise<number> => {
      const rows = (await runner.query(
        `select seq_tup_read::int as n from pg_stat_xact_user_tables where relname = 'outbox'`,
      )) as { n: number }[];
      return rows[0]?.n ?? 0;
    };
    const before = await rowsRead();
    const began = performance.now();
    expect((await new OutboxRefill(here, holding, new TestLog()).check()).again).toBe(0);
    const took = performance.now() - began;
    expect(await rowsRead()).toBe(before);
    expect(took).toBeLessThan(500);
    await runner.rollbackTransaction();
    await runner.release();
  }, 120_000);
});
