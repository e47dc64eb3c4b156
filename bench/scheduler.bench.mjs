// Does a tick cost what is due, and not what exists? 1,000 due among 10,000 processes, 100,000 and 1,000,000, and beside
// each the bare SQL that claims, updates and inserts as much.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { embedded, ROOT, temporaryFolder } from './installation.mjs';
import { grouped, tell } from './figures.mjs';
import { percentile, round, spread } from './measure.mjs';

const require = createRequire(join(ROOT, 'apps/scheduler/package.json'));
const { SchedulerReplica } = require('./dist/schedule/scheduler-replica.js');
const { Client } = require('pg');

const SIZES = [10_000, 100_000, 1_000_000];
const DUE = 1_000;
const RUNS = 20;
/** Times the smallest. */
const MOST = 1.5;
const START = Date.parse('2026-11-22T09:00:00Z');
const HOUR = 3_600_000;

/** Processes of which 1,000, spread over the whole table, become due each hour. */
class Library {
  hours = 0;
  code = [];
  floor = [];

  constructor(size) {
    this.size = size;
  }

  get now() {
    return new Date(START + this.hours * HOUR);
  }

  async open(server) {
    const name = `bench_${this.size}`;
    const other = new Client({ connectionString: server });
    await other.connect();
    await other.query(`create database ${name}`).finally(() => other.end());
    const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
    this.replica = await SchedulerReplica.start(url, { now: () => this.now });
    this.client = new Client({ connectionString: url, options: '-c search_path=scheduler' });
    await this.client.connect();
    await this.fill();
  }

  async fill() {
    this.hours = 0;
    await this.client.query('truncate schedule, occurrence, outbox');
    await this.client.query(
      `insert into schedule (process_id, version, name, section, owner, deputy, url, documented, status, next_due_at, wake_at)
       select 'process-' || n, 1, 'process ' || n, 'section ' || n % 50, 'person-' || n % 500, 'person-' || n % 499,
         'https://example.org/processes.md#process-' || n, true, 'certified', due, due
       from generate_series(1, $1::int) n,
         lateral (select $2::timestamptz + (1 + n % $3::int) * interval '1 hour') d(due)`,
      [this.size, new Date(START), this.size / DUE],
    );
    await this.client.query('vacuum analyze schedule');
  }

  /** Another thousand becomes due; tells how long `tick` took for them. */
  async nextHour(tick) {
    if ((this.hours + 1) * DUE >= this.size) await this.fill();
    this.hours += 1;
    const began = performance.now();
    const done = await tick();
    if (done !== DUE) throw new Error(`${done} processes were looked at instead of ${DUE}`);
    return performance.now() - began;
  }

  async close() {
    await this.replica?.stop();
    await this.client?.end();
  }
}

/** What any scheduler would have PostgreSQL do, in as few statements as possible and without a decision. */
async function bareTick({ client, now }) {
  let done = 0;
  for (let claimed = 500; claimed === 500; done += claimed) {
    await client.query('begin');
    const { rows } = await client.query(
      'select process_id, next_due_at from schedule where wake_at <= $1 order by wake_at limit 500 for update skip locked',
      [now],
    );
    claimed = rows.length;
    await client.query(
      `with given as (select * from unnest($1::text[], $2::timestamptz[]) as g(id, due_at)),
         opened as (insert into occurrence select id, due_at, gen_random_uuid(), $3 from given returning process_id, review_id),
         said as (insert into outbox (event_id, subject, payload, headers)
           select review_id, 'process.due', json_build_object('processId', process_id)::text, '{}' from opened)
       update schedule set review_id = o.review_id, status = 'due', wake_at = $3::timestamptz + interval '30 days'
         from opened o where schedule.process_id = o.process_id`,
      [rows.map((row) => row.process_id), rows.map((row) => row.next_due_at), now],
    );
    await client.query('commit');
  }
  return done;
}

const { folder, remove } = temporaryFolder();
const server = await embedded.startEmbeddedPostgres({ dataDir: folder });
const libraries = SIZES.map((size) => new Library(size));
try {
  for (const library of libraries) await library.open(server.url);
  // In turns, so that whatever else the machine does meets all of them alike. The first rounds warm up.
  for (let run = -2; run < RUNS; run += 1) {
    for (const library of libraries) {
      const code = await library.nextHour(() => library.replica.tick());
      const floor = await library.nextHour(() => bareTick(library));
      if (run < 0) continue;
      library.code.push(code);
      library.floor.push(floor);
    }
  }
} finally {
  for (const library of libraries) await library.close();
  await server.stop();
  remove();
}

console.log(`scheduler tick with ${DUE} due (ms)`);
const lines = libraries.flatMap(({ size, code, floor }) => [
  [`floor: bare SQL, ${size} processes`, spread(floor)],
  [`tick, ${size} processes`, spread(code)],
]);
console.table(Object.fromEntries(lines));
const median = (times) => round(percentile(times, 0.5));
for (const { size, code, floor } of libraries) {
  const at = `${grouped(size)} processes`;
  tell({ what: `scheduler tick, ${grouped(DUE)} due`, at, value: median(code), unit: 'ms', floor: median(floor) });
}
const [few, many] = [libraries[0], libraries.at(-1)].map(({ code }) => percentile(code, 0.5));
const value = Number((many / few).toFixed(2));
tell({ what: 'scheduler tick, the largest against the smallest', value, unit: 'times', most: MOST });
