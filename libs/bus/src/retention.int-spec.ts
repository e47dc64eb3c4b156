import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { newEventId } from './event-id';
import { INBOX_DAYS, LETTER_DAYS, OUTBOX_DAYS, Retention } from './retention';
import { type ServiceDatabase } from './service-database';
import { TestLog } from './test-kit/test-log';
import { countOf, openService } from './test-kit/test-service';
import { until } from './test-kit/until';

const DAY_MS = 86_400_000;
const now = new Date('2026-11-22T09:00:00.000Z');

describe('retention', () => {
  let store: TestDatabase;
  let database: ServiceDatabase;
  const clock = new MovableClock(now);

  beforeAll(async () => {
    store = await testDatabase();
    database = await openService(store.url, 'registry');
  });
  afterAll(async () => {
    await database.dataSource.destroy();
    await store.drop();
  });
  beforeEach(() => database.query('truncate outbox, inbox, event_retry, dead_letter'));

  const ago = (days: number, ms = 0): Date => new Date(now.getTime() - days * DAY_MS - ms);
  const retention = (everyMs?: number): Retention =>
    new Retention(database, new TestLog(), { now: () => clock.now(), ...(everyMs === undefined ? {} : { everyMs }) });

  async function outboxRow(createdAt: Date, published: boolean): Promise<void> {
    await database.query(
      `insert into outbox (event_id, subject, payload, headers, created_at, published_at)
       values ($1, 's', case when $3 then 'published' else 'unpublished' end, '{}', $2, case when $3 then $2::timestamptz end)`,
      [newEventId(), createdAt, published],
    );
  }
  async function inboxRow(at: Date): Promise<void> {
    await database.query('insert into inbox (consumer, event_id, at) values ($1, $2, $3)', ['a.b', newEventId(), at]);
    await database.query(`insert into event_retry (consumer, event_id, reason, at) values ('a.b', $1, 'r', $2)`, [
      newEventId(),
      at,
    ]);
  }

  it(`keeps a published event for ${OUTBOX_DAYS} days to the millisecond`, async () => {
    await outboxRow(ago(OUTBOX_DAYS, -1), true);
    await outboxRow(ago(OUTBOX_DAYS), true);
    expect(await retention().sweep()).toBe(0);
    await outboxRow(ago(OUTBOX_DAYS, 1), true);
    expect(await retention().sweep()).toBe(1);
    expect(await countOf(database, 'outbox')).toBe(2);
  });

  it('keeps an event that was not published, however old it is', async () => {
    await outboxRow(ago(1000), false);
    expect(await retention().sweep()).toBe(0);
  });

  it(`knows a handled event, and one that is tried again, for ${INBOX_DAYS} days to the millisecond`, async () => {
    await inboxRow(ago(INBOX_DAYS, -1));
    await inboxRow(ago(INBOX_DAYS));
    expect(await retention().sweep()).toBe(0);
    await inboxRow(ago(INBOX_DAYS, 1));
    expect(await retention().sweep()).toBe(2);
    expect([await countOf(database, 'inbox'), await countOf(database, 'event_retry')]).toEqual([2, 2]);
  });

  it(`keeps a dead letter for ${LETTER_DAYS} days after it was replayed, and until then for ever`, async () => {
    const letter = (replayedAt: Date | null): Promise<unknown> =>
      database.query(
        `insert into dead_letter (id, consumer, event_id, subject, payload, headers, reason, deliveries, at, replayed_at)
         values ($1::uuid, 'a.b', $1::uuid::text, 's', '', '{}', 'r', 1, $2, $3)`,
        [newEventId(), ago(1000), replayedAt],
      );
    await letter(null);
    await letter(ago(LETTER_DAYS, -1));
    await letter(ago(LETTER_DAYS));
    expect(await retention().sweep()).toBe(0);
    await letter(ago(LETTER_DAYS, 1));
    expect(await retention().sweep()).toBe(1);
    expect(await countOf(database, 'dead_letter')).toBe(3);
  });

  it('removes more than one batch in one go', async () => {
    await database.query(
      `insert into inbox (consumer, event_id, at) select 'a.b', gen_random_uuid(), $1 from generate_series(1, 2500)`,
      [ago(INBOX_DAYS + 1)],
    );
    expect(await retention().sweep()).toBe(2500);
  });

  it('runs by itself, and no more after it was stopped', async () => {
    await outboxRow(ago(OUTBOX_DAYS, -5), true);
    const running = retention(20);
    running.start();
    clock.advance(4);
    expect(await countOf(database, 'outbox')).toBe(1);
    clock.advance(2);
    await until('the row to go', async () => (await countOf(database, 'outbox')) === 0);
    await running.stop();
  });
});
