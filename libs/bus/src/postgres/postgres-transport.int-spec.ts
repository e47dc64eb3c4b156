import { TcpProxy, testDatabase, type TestDatabase } from '@recert/testing';
import { Client } from 'pg';
import { envelopes, Recorder } from '../test-kit/recorder';
import { TestLog } from '../test-kit/test-log';
import { TransportTests, type TransportStore } from '../test-kit/transport-tests';
import { pause, until } from '../test-kit/until';
import { transportSuite } from '../transport-suite';
import { PostgresTransport, type PostgresTransportOptions } from './postgres-transport';

const LEASE_MS = 900;
const SILENCE_MS = 2_000;

describe('the postgres transport', () => {
  const suite = transportSuite(() => postgresStore({ leaseMs: LEASE_MS, silenceMs: SILENCE_MS }), LEASE_MS);

  it('outlives the loss of its connections at any moment of any statement', async () => {
    const [publisher, consumer] = [suite.open(), suite.open()];
    const recorder = new Recorder();
    await consumer.subscribe(recorder.subscription('a.outlives', suite.subject));
    let over = false;
    const killing = (async () => {
      for (let kill = 0; kill < 150; kill += 1) {
        await suite.store.killAndRestore();
        await pause(kill % 20);
      }
      over = true;
    })();
    const asking = (async () => {
      for (let i = 0; !over; i += 1) {
        const other = suite.open();
        const running = await other
          .subscribe(new Recorder().subscription(`a.other${i}`, 'task.nothing'))
          .catch(() => null);
        await other.lineage().catch(() => null);
        await running?.stop();
        await other.close();
      }
    })();
    let published = 0;
    for (; !over; published += 3) await suite.publish(publisher, envelopes(suite.subject, 3, published));
    await Promise.all([killing, asking]);
    await recorder.has(published, LEASE_MS + 10_000);
  }, 60_000);
});

describe('the postgres transport with a lease of a minute', () => {
  const suite = new TransportTests(() => postgresStore({ leaseMs: 60_000 }), 60_000);

  it('delivers what a killed process held at once to one that starts then', async () => {
    const { transport: killed, sever } = await suite.store.openSeverable();
    let release: () => void = () => undefined;
    const hung = new Promise<void>((resolve) => (release = resolve));
    const before = new Recorder(() => hung);
    await killed.subscribe(before.subscription('a.restarted', suite.subject));
    await suite.open().publish(envelopes(suite.subject, 5));
    await before.has(4);
    await sever();
    const after = new Recorder();
    await until('the successor', async () => {
      await suite.open().subscribe(after.subscription('a.restarted', suite.subject));
      await pause(200);
      return after.distinct === 5;
    });
    release();
    await killed.close();
  }, 20_000);
});

describe('the postgres transport with much in its tables', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  it('reads no table from end to end, also where it planned while they were empty', async () => {
    const transport = new PostgresTransport(database.url, new TestLog());
    const [quick, slow] = [new Recorder(), new Recorder((incoming) => incoming.retryAfter(3_600_000))];
    await transport.subscribe(quick.subscription('a.quick', 'task.full', 8));
    await transport.subscribe(slow.subscription('a.slow', 'task.full', 8));
    for (let from = 0; from < 3_000; from += 50) await transport.publish(envelopes('task.full', 50, from));
    await Promise.all([quick.has(3_000, 30_000), slow.has(3_000, 30_000)]);
    await transport.lineage();
    await transport.close();
    const admin = new Client({ connectionString: database.url });
    await admin.connect();
    let rows: { relname: string; read: number; written: number }[] = [];
    await until('the statistics', async () => {
      ({ rows } = await admin.query<{ relname: string; read: number; written: number }>(
        `select relname, seq_tup_read::int as read, n_tup_ins::int as written from pg_stat_user_tables
         where schemaname = 'bus' and relname in ('message', 'delivery') order by relname`,
      ));
      return rows.every((row) => row.written >= 3_000);
    });
    await admin.end();
    expect(rows).toEqual([
      { relname: 'delivery', read: 0, written: 6_000 },
      { relname: 'message', read: 0, written: 3_000 },
    ]);
  }, 60_000);
});

async function postgresStore(options: PostgresTransportOptions): Promise<TransportStore> {
  const database = await testDatabase();
  const admin = new Client({ connectionString: database.url });
  await admin.connect();
  const log = new TestLog();
  return {
    open: () => new PostgresTransport(database.url, log, options),
    openSeverable: async () => {
      const proxy = await new TcpProxy({ path: socketOf(database.url) }).listen();
      const transport = new PostgresTransport(throughProxy(database.url, proxy.port), log, options);
      return {
        transport,
        sever: () => proxy.sever(),
        freeze: () => proxy.freeze(),
        restore: async () => void (await proxy.listen()),
      };
    },
    killAndRestore: async () => {
      await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like 'recert bus%'`);
    },
    wipe: async () => {
      await admin.query('drop schema bus cascade');
    },
    close: async () => {
      await admin.end();
      await database.drop();
    },
  };
}

function socketOf(url: string): string {
  return `${new URL(url).searchParams.get('host')}/.s.PGSQL.5432`;
}

function throughProxy(url: string, port: number): string {
  const given = new URL(url);
  return `postgres://${given.username}:${given.password}@127.0.0.1:${port}${given.pathname}`;
}
