import { testDatabase, type TestDatabase } from '@recert/testing';
import { Client } from 'pg';
import { envelopes } from '../test-kit/recorder';
import { TestLog } from '../test-kit/test-log';
import { BUS_SCHEMA } from './schema';
import { PostgresStore } from './store';

const nobody = { owner: 1, leaseSeconds: 15, room: [] };
const RETENTION_DAYS = 30;

describe('the tables of the postgres bus', () => {
  let database: TestDatabase;
  let store: PostgresStore;
  let admin: Client;

  beforeAll(async () => {
    database = await testDatabase();
    admin = new Client({ connectionString: database.url });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await database.drop();
  });
  beforeEach(async () => {
    await admin.query('drop schema if exists bus cascade');
    store = new PostgresStore(database.url, 20_000, new TestLog());
    await store.prepare();
  });
  afterEach(() => store.close());

  const subscription = (durable: string, subject: string) => ({
    durable,
    subject,
    concurrency: 1,
    receive: () => Promise.resolve(),
  });
  async function rows(sql: string): Promise<unknown[]> {
    return (await admin.query<Record<string, unknown>>(sql)).rows.map((row) => Object.values(row)[0]);
  }
  const ago = (days: number, more: string): string => `now() - interval '${days} days' - interval '${more}'`;

  it('are made by any number of processes that start at once, and again without harm', async () => {
    await admin.query('drop schema bus cascade');
    const others = Array.from({ length: 5 }, () => new PostgresStore(database.url, 20_000, new TestLog()));
    await Promise.all(others.map((other) => other.prepare()));
    const ids = await Promise.all(others.map(async (other) => (await other.lineage()).id));
    expect(new Set(ids).size).toBe(1);
    await admin.query(BUS_SCHEMA);
    expect((await others[0]!.lineage()).id).toBe(ids[0]);
    await Promise.all(others.map((other) => other.close()));
  });

  it('keep a message for 30 days, and longer while somebody has not had it', async () => {
    await store.publish(envelopes('task.old', 3), nobody);
    await admin.query(`update bus.message set at = ${ago(RETENTION_DAYS, '-1 minute')} where seq = 1`);
    await admin.query(`update bus.message set at = ${ago(RETENTION_DAYS, '1 minute')} where seq > 1`);
    await admin.query(`insert into bus.delivery (durable, seq, available_at) values ('a.slow', 3, now())`);
    await store.cleanUp(['a.slow'], RETENTION_DAYS);
    expect(await rows('select seq::int from bus.message order by seq')).toEqual([1, 3]);
  });

  it('lose more than one batch of old messages in one go', async () => {
    await admin.query(`insert into bus.message (event_id, subject, payload, headers, at)
      select gen_random_uuid(), 'task.old', '{}', '{}', ${ago(RETENTION_DAYS, '1 day')} from generate_series(1, 4500)`);
    await store.cleanUp([], RETENTION_DAYS);
    expect(await rows('select count(*)::int from bus.message')).toEqual([0]);
  });

  it('forget a consumer that no process has had for 30 days, with what waited for it', async () => {
    for (const durable of ['a.gone', 'a.nearly', 'a.here']) await store.register(subscription(durable, 'task.old'));
    await store.publish(envelopes('task.old', 2), nobody);
    await admin.query(`update bus.consumer set seen_at = ${ago(RETENTION_DAYS, '1 minute')}`);
    await admin.query(
      `update bus.consumer set seen_at = ${ago(RETENTION_DAYS, '-1 minute')} where durable = 'a.nearly'`,
    );
    await store.cleanUp(['a.here'], RETENTION_DAYS);
    expect(await rows('select durable from bus.consumer order by 1')).toEqual(['a.here', 'a.nearly']);
    expect(await rows('select distinct durable from bus.delivery order by 1')).toEqual(['a.here', 'a.nearly']);
  });

  it('give a consumer that changed its subject what is published from then on', async () => {
    await store.register(subscription('a.moved', 'task.old'));
    await store.publish([...envelopes('task.old', 2), ...envelopes('task.new', 1)], nobody);
    await store.register(subscription('a.moved', 'task.new'));
    expect(await rows('select count(*)::int from bus.delivery')).toEqual([0]);
    await store.publish([...envelopes('task.old', 1), ...envelopes('task.new', 1)], nobody);
    expect(await rows('select subject from bus.delivery join bus.message using (seq)')).toEqual(['task.new']);
  });

  it('give the publishing process no more than it has room for, the oldest first, and leave the rest to all', async () => {
    for (const durable of ['a.here', 'a.full', 'a.elsewhere']) await store.register(subscription(durable, 'task.some'));
    const room = [
      { durable: 'a.here', free: 2 },
      { durable: 'a.full', free: 0 },
    ];
    const events = await store.publish(envelopes('task.some', 4), { owner: 7, leaseSeconds: 60, room });
    expect(events.map((event) => event.takers)).toEqual([['a.here'], ['a.here'], [], []]);
    const { rows: held } = await admin.query(
      `select durable, seq::int, deliveries, available_at > now() + interval '50 seconds' as leased
       from bus.delivery where owner = 7 order by seq`,
    );
    expect(held).toEqual([
      { durable: 'a.here', seq: 1, deliveries: 1, leased: true },
      { durable: 'a.here', seq: 2, deliveries: 1, leased: true },
    ]);
    expect(await rows('select count(*)::int from bus.delivery where owner is null and available_at <= now()')).toEqual([
      10,
    ]);
  });

  it('tell other processes only of what is left for them', async () => {
    await store.register(subscription('a.here', 'task.some'));
    const hints: (string | undefined)[] = [];
    admin.on('notification', (hint) => hints.push(hint.payload));
    await admin.query('listen recert_bus');
    await store.publish(envelopes('task.some', 2), {
      owner: 7,
      leaseSeconds: 60,
      room: [{ durable: 'a.here', free: 2 }],
    });
    await store.publish(envelopes('task.nobody', 1), { ...nobody, owner: 8 });
    await store.publish(envelopes('task.some', 3), {
      owner: 9,
      leaseSeconds: 60,
      room: [{ durable: 'a.here', free: 2 }],
    });
    await admin.query('select 1');
    expect(hints).toEqual(['9']);
    await admin.query('unlisten *');
  });
});
