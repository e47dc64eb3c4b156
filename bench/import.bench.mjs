// A library of 100, 1,000 and 10,000 records: the first import, the same again, and again with one record in a hundred
// edited, through the HTTP API of a registry of its own. Beside it the floor: only reading the text, and only inserting as
// many rows.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { api, embedded, ROOT, startApps, temporaryFolder } from './installation.mjs';
import { grouped, tell } from './figures.mjs';
import { libraryText } from './library.mjs';
import { eventually, percentile, round, spread } from './measure.mjs';

const require = createRequire(join(ROOT, 'apps/registry/package.json'));
const { parseLibrary } = require('./dist/library/parse-library.js');
const { Client } = require('pg');

const SIZES = [100, 1_000, 10_000];
const ROUNDS = 5;
/** Of the largest. */
const MOST_MS = { import: 10_000, same: 2_000 };

/** @param edition each edits another hundredth of the records */
function edition(number, records) {
  return libraryText(records, {
    trigger: (n) => (n % 2 ? 'annual' : 'P6M'),
    text: (n) => [
      `What is done in process ${n}, by whom and why.`,
      ...['', '```mermaid', 'flowchart LR'],
      `  start[somebody asks for ${n}] --> check{is it complete?}`,
      ...['  check -->|yes| done', '```'],
      ...(number > 0 && n % 100 === number ? ['', `Edited in edition ${number}.`] : []),
    ],
  });
}

async function timed(work) {
  const began = performance.now();
  const result = await work();
  return [performance.now() - began, result];
}

function expectCounts(report, expected) {
  const { created, changed, unchanged } = report;
  const found = { created: created.length, changed: changed.length, unchanged };
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`the import reports ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
  }
}

async function importOnce(server, path, name, records) {
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(`create database ${name}`).finally(() => client.end());
  const database = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  // What is imported at the start is no part of the figures.
  writeFileSync(path, '## first of all\n\nowner: ada\n\nIt is there at the start.\n');
  const environment = { DATABASE_URL: database, BUS_URL: database, LIBRARY: path, LIBRARY_REFRESH: 'off' };
  const apps = await startApps(['registry'], { ...environment, FIRST_REVIEW_AFTER: 'P1D' });
  try {
    const { url } = apps.of('registry');
    const post = () => timed(() => api(url, 'POST', '/api/library/import', {}));
    await eventually(async () => {
      const { items } = await api(url, 'GET', '/api/processes');
      if (items.length !== 1) throw new Error('not imported yet');
    });
    writeFileSync(path, edition(0, records));
    const [first, created] = await post();
    expectCounts(created, { created: records, changed: 0, unchanged: 0 });
    const [same, unchanged] = await post();
    expectCounts(unchanged, { created: 0, changed: 0, unchanged: records });
    writeFileSync(path, edition(1, records));
    const [edited, changed] = await post();
    expectCounts(changed, { created: 0, changed: records / 100, unchanged: (records * 99) / 100 });
    return { first, same, edited };
  } finally {
    await apps.stop();
  }
}

function parseOnly(path) {
  const began = performance.now();
  const files = [{ path: 'processes.md', text: readFileSync(path, 'utf8') }];
  const library = parseLibrary(files, { baseUrl: null, checkPeriod: () => null });
  if (!library.ok) throw new Error('the generated library cannot be read');
  return performance.now() - began;
}

/** As many rows as an import leaves: a process, a revision of its record, a line of history, an event. */
async function insertOnly(server, records) {
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(`
    create temporary table process (id text primary key, owner text, record text, period text);
    create temporary table revision (id text, hash text, record text, primary key (id, hash));
    create temporary table history (seq int primary key, id text, field text, value text);
    create temporary table outbox (seq int primary key, payload text)`);
  const record = 'x'.repeat(200);
  const numbers = Array.from({ length: records }, (_, n) => n);
  const columns = [numbers.map((n) => `section-process-${n}`), numbers.map(() => record)];
  const began = performance.now();
  await client.query('begin');
  const given = 'from unnest($1::text[], $2::text[]) with ordinality as g(id, record, n)';
  await client.query(`insert into process select id, 'ada', record, 'P1Y' ${given}`, columns);
  await client.query(`insert into revision select id, md5(record), record ${given}`, columns);
  await client.query(`insert into history select n, id, 'status', record ${given}`, columns);
  await client.query(`insert into outbox select n, record || record ${given}`, columns);
  await client.query('commit');
  const took = performance.now() - began;
  await client.end();
  return took;
}

async function measure(server, path, records) {
  const rounds = [];
  const floors = { parse: [], insert: [] };
  for (let n = 0; n < ROUNDS; n += 1) {
    rounds.push(await importOnce(server, path, `bench_${records}_${n}`, records));
    floors.parse.push(parseOnly(path));
    floors.insert.push(await insertOnly(server, records));
  }
  const times = (what) => rounds.map((one) => one[what]);
  return { ...floors, first: times('first'), same: times('same'), edited: times('edited') };
}

function show(records, { parse, insert, first, same, edited }) {
  console.log(`a library of ${records} records (ms)`);
  console.table({
    'floor: only parse it': spread(parse),
    'floor: only insert as many rows': spread(insert),
    'first import': spread(first),
    'the same again': spread(same),
    'again with 1 in 100 edited': spread(edited),
  });
  const median = (times) => round(percentile(times, 0.5));
  const isLargest = records === SIZES.at(-1);
  const figure = (what, times, floor, most) =>
    tell({
      ...{ what, at: `${grouped(records)} records`, value: median(times), unit: 'ms', floor },
      ...(isLargest ? { most } : {}),
    });
  figure('import, the first', first, round(median(parse) + median(insert)), MOST_MS.import);
  figure('import, the same again', same, median(parse), MOST_MS.same);
}

const { folder, remove } = temporaryFolder();
const server = await embedded.startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
try {
  for (const records of SIZES) show(records, await measure(server.url, join(folder, 'processes.md'), records));
} finally {
  await server.stop();
  remove();
}
