// Does a tick cost what is due, and not what exists? 1,000 due among 10,000 processes beside 1,000 among 1,000,000, and
// beside both the bare SQL that claims, updates and inserts as much. Fails when the ratio is above 1.5.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { embedded, ROOT, temporaryFolder } from './installation.mjs';
import { percentile, spread } from './measure.mjs';

const require = createRequire(join(ROOT, 'apps/scheduler/package.json'));
const { SchedulerReplica } = require('./dist/schedule/scheduler-replica.js');
const { Client } = require('pg');

const SIZES = [10_000, 1_000_000];
const DUE = 1_000;
const RUNS = 15;
const MOST = 1.5;
const NOW = new Date('2026-11-22T09:00:00Z');

const databaseUrl = (server, name) => Object.assign(new URL(server), { pathname: `/${name}` }).href;

async function onServer(url, statement) {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/** A database of its own with `size` processes, all of them due within the coming year. */
async function fill(server, size) {
  await onServer(server, `create database bench_${size}`);
  const url = databaseUrl(server, `bench_${size}`);
  const replica = await SchedulerReplica.start(url, { now: () => NOW });
  await replica.database.query(
    `insert into schedule (process_id, version, name, section, owner, deputy, url, documented, status, next_due_at, wake_at)
     select 'process-' || n, 1, 'process ' || n, 'section ' || n % 50, 'person-' || n % 500, 'person-' || n % 499,
       'https://example.org/processes.md#process-' || n, true, 'certified', due, due
     from generate_series(1, $1::int) n, lateral (select $2::timestamptz + n % 365 * interval '1 day' + interval '1 hour') d(due)`,
    [size, NOW],
  );
  await replica.database.query('vacuum analyze schedule');
  const client = new Client({ connectionString: url, options: '-c search_path=scheduler' });
  await client.connect();
  return { size, replica, client, code: [], floor: [] };
}

/** Another thousand, spread over the whole table, for the second before the last time. */
async function makeDue({ size, client }, round) {
  const dueAt = new Date(NOW.getTime() - round * 1000);
  const { rowCount } = await client.query(
    `update schedule set wake_at = $1, next_due_at = $1, status = 'certified', review_id = null
     where process_id in (select 'process-' || 1 + (n * $2::int + $3) % $4 from generate_series(1, $5) n)`,
    [dueAt, size / DUE, round, size, DUE],
  );
  if (rowCount !== DUE) throw new Error(`${rowCount} processes were made due instead of ${DUE}`);
}

async function timed(work) {
  const began = performance.now();
  const done = await work();
  if (done !== DUE) throw new Error(`${done} processes were looked at instead of ${DUE}`);
  return performance.now() - began;
}

/** What any scheduler would have to have PostgreSQL do, in as few statements as possible and without a decision. */
async function bareTick(client) {
  let done = 0;
  for (let claimed = 500; claimed === 500; done += claimed) {
    await client.query('begin');
    const { rows } = await client.query(
      'select process_id, next_due_at from schedule where wake_at <= $1 order by wake_at limit 500 for update skip locked',
      [NOW],
    );
    claimed = rows.length;
    const parameters = [rows.map((row) => row.process_id), rows.map((row) => row.next_due_at), NOW];
    await client.query(
      `with given as (select * from unnest($1::text[], $2::timestamptz[]) as g(id, due_at)),
        opened as (insert into occurrence select id, due_at, gen_random_uuid(), $3 from given returning process_id, review_id),
        said as (insert into outbox (event_id, subject, payload, headers)
          select review_id, 'process.due', json_build_object('processId', process_id)::text, '{}' from opened)
       update schedule set review_id = o.review_id, status = 'due', wake_at = $3::timestamptz + interval '3 days'
         from opened o where schedule.process_id = o.process_id`,
      parameters,
    );
    await client.query('commit');
  }
  return done;
}

const { folder, remove } = temporaryFolder();
const server = await embedded.startEmbeddedPostgres({ dataDir: folder });
const libraries = [];
try {
  for (const size of SIZES) libraries.push(await fill(server.url, size));
  // In turns, so that whatever else the machine does meets all of them alike. The first round warms up.
  for (let round = 0; round <= RUNS; round += 1) {
    for (const library of libraries) {
      await makeDue(library, 2 * round);
      const code = await timed(() => library.replica.tick());
      await makeDue(library, 2 * round + 1);
      const floor = await timed(() => bareTick(library.client));
      if (round > 0) [library.code, library.floor].forEach((times, i) => times.push([code, floor][i]));
    }
  }
} finally {
  await Promise.all(libraries.flatMap(({ replica, client }) => [replica.stop(), client.end()]));
  await server.stop();
  remove();
}

const median = (times) => percentile(times, 0.5);
console.log(`scheduler tick with ${DUE} due (ms)`);
console.table(
  Object.fromEntries(
    libraries.flatMap(({ size, code, floor }) => [
      [`floor: bare SQL, ${size} processes`, spread(floor)],
      [`tick, ${size} processes`, spread(code)],
    ]),
  ),
);
const [few, many] = libraries.map(({ code }) => median(code));
const ratio = many / few;
console.log(
  `${SIZES[1]} against ${SIZES[0]}: ${ratio.toFixed(2)} times, at most ${MOST}: ${ratio <= MOST ? 'kept' : 'MISSED'}`,
);
process.exitCode = ratio <= MOST ? 0 : 1;
