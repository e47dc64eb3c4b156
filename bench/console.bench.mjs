// The console over 100, 1,000 and 10,000 processes: a page of 50 in each order, at the first, the middle and the last page and with a
// search, and the summary, over HTTP. Beside each page two floors in the same run: the same rows by one plain statement
// over pg, and the same bytes from a node:http server that knows them by heart.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { api, embedded, ROOT, startApps, temporaryFolder } from './installation.mjs';
import { grouped, tell } from './figures.mjs';
import { libraryText } from './library.mjs';
import { eventually, percentile, round } from './measure.mjs';

const require = createRequire(join(ROOT, 'apps/registry/package.json'));
const { Client } = require('pg');
const { URLSearchParams } = globalThis;

const SIZES = [100, 1_000, 10_000];
const PAGE = 50;
const WARM_UP = 20;
const RUNS = 100;
const MOST_MS = 30;
/** What each order sorts by, for the floor. */
const COLUMNS = {
  library: ['section_key', 'position', 'id'],
  name: ['name_key', 'id'],
  section: ['section_key', 'id'],
  owner: ['owner', 'id'],
  status: ['status', 'id'],
  certificationDate: ['certified_at', 'id'],
  triggerPeriod: ['period_length(trigger_period)', 'id'],
  nextDueAt: ['next_due_at', 'id'],
};
const SHOWN = `id, name, section, owner, deputy, status, certified_at, trigger_period, next_due_at, url, documented,
  product, version`;

const library = (size) =>
  libraryText(size, {
    name: (n) => `process ${(n * 7919) % size}`,
    trigger: (n) => ['annual', 'P6M', 'quarterly', 'P2Y'][n % 4],
    text: (n) => [`What is done in process ${n}, by whom and why. `.repeat(8)],
  });

/** A library that has been lived with: every status, some of nobody, two reviews of each in the last year. */
async function live(client) {
  await client.query(`
    update process set owner = case when position % 20 = 0 then null else owner end,
      status = (array['certified', 'certified', 'uncertified', 'due', 'overdue'])[1 + position % 5],
      status_since = now(), review_id = gen_random_uuid(), review_open = position % 5 > 2, review_opened_at = now(),
      review_reason = 'period-over', review_reminder = 0, certified_by = owner,
      certified_at = case when position % 5 = 2 then null
        else date_trunc('milliseconds', now()) - position * interval '1 hour' / 2 end,
      next_due_at = case when position % 5 > 2 then null
        else date_trunc('milliseconds', now()) + position * interval '1 hour' end`);
  await client.query(`
    insert into review (id, process_id, reason, opened_at, reminders, closed_at, outcome, record_opened, overdue_at)
      select gen_random_uuid(), id, 'period-over', at, 0, at + interval '1 day', 'certified', position % 3 > 0,
        case when position % 7 = 0 then at + interval '12 hours' end
      from process, lateral (select now() - n * interval '150 days' as at from generate_series(1, 2) n) n;
    insert into response (id, process_id, review_id, answer, by, standing, channel, at, record_opened)
      select gen_random_uuid(), process_id, id, 'correct', 'ada', 'owner', 'telegram', closed_at, record_opened
      from review`);
  await client.query('vacuum analyze');
}

async function timed(times, work) {
  const began = performance.now();
  const result = await work();
  times?.push(performance.now() - began);
  return result;
}

/** The cursors of the middle and the last page, found by turning the pages. */
async function cursorsOf(url, query) {
  const cursors = [null];
  for (let cursor = null; ;) {
    const { next } = await api(url, 'GET', pathOf(query, cursor));
    if (next === null) break;
    cursors.push((cursor = next));
  }
  return { first: cursors[0], middle: cursors[Math.floor(cursors.length / 2)], last: cursors.at(-1) };
}

function pathOf(query, cursor) {
  const parameters = new URLSearchParams({ ...query, limit: String(PAGE), ...(cursor ? { cursor } : {}) });
  return `/api/processes?${parameters}`;
}

/** The least that anybody could have PostgreSQL do for these rows: it is told with which they begin. */
function bareStatement({ sort, order, q }, [first]) {
  const names = COLUMNS[sort].join(', ');
  const columns = COLUMNS[sort].map((column) => `${column} ${order}`).join(', ');
  const found = ['name_key', 'section_key', 'owner', 'id'].map((column) => `${column} like $2`).join(' or ');
  const from = `(${names}) ${order === 'asc' ? '>=' : '<='} (select ${names} from process where id = $1)`;
  const wanted = [first ? from : '$1::text is null', q === undefined ? [] : `(${found})`].flat().join(' and ');
  const text = `select ${SHOWN} from process where ${wanted} order by ${columns} limit ${PAGE}`;
  const values = [first?.id ?? null, ...(q === undefined ? [] : [`%${q.toLowerCase()}%`])];
  return { name: `${sort} ${order} ${q} ${first === undefined}`, text, values };
}

async function serveConstant() {
  let body = '[]';
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    answer: (text) => (body = text),
    stop: () => new Promise((resolve) => server.close(resolve) && server.closeAllConnections()),
  };
}

/** In turns, so that whatever else the machine does meets the page and its floors alike. */
async function measure({ url, client, constant }, { query, cursor }) {
  const path = pathOf(query, cursor);
  const page = await api(url, 'GET', path);
  constant.answer(JSON.stringify(page));
  const statement = bareStatement(query, page.items);
  const times = { page: [], sql: [], constant: [] };
  for (let run = -WARM_UP; run < RUNS; run += 1) {
    const into = (list) => (run < 0 ? undefined : list);
    await timed(into(times.page), () => api(url, 'GET', path));
    await timed(into(times.sql), () => client.query(statement));
    await timed(into(times.constant), () => api(constant.url, 'GET', path));
  }
  return times;
}

function line({ page, sql, constant }) {
  const of = (times) => `${round(percentile(times, 0.5))} / ${round(percentile(times, 0.99))}`;
  return { 'page p50 / p99': of(page), 'bare SQL': of(sql), 'constant answer': of(constant) };
}

async function measureAll(tools) {
  const lines = new Map();
  for (const sort of Object.keys(COLUMNS)) {
    const places = await cursorsOf(tools.url, { sort, order: 'asc' });
    for (const [where, cursor] of Object.entries(places)) {
      lines.set(`${sort}, ${where} page`, await measure(tools, { query: { sort, order: 'asc' }, cursor }));
    }
    lines.set(`${sort} downwards`, await measure(tools, { query: { sort, order: 'desc' }, cursor: null }));
  }
  for (const q of ['process 77', 'PERSON-499', 'section', 'nothing of that kind']) {
    const query = { q, sort: 'library', order: 'asc' };
    const places = await cursorsOf(tools.url, query);
    for (const [where, cursor] of Object.entries(places)) {
      if (where === 'first' || cursor !== null)
        lines.set(`q=${q}, ${where} page`, await measure(tools, { query, cursor }));
    }
    lines.set(`q=${q} by name`, await measure(tools, { query: { ...query, sort: 'name' }, cursor: null }));
  }
  return lines;
}

async function measureSummary({ url }) {
  const times = [];
  for (let run = -WARM_UP; run < RUNS; run += 1)
    await timed(run < 0 ? undefined : times, () => api(url, 'GET', '/api/processes/summary'));
  return times;
}

/** A registry over so many processes. */
async function measureAt(size) {
  const { folder, remove } = temporaryFolder();
  const server = await embedded.startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  const path = join(folder, 'processes.md');
  writeFileSync(path, library(size));
  const environment = { DATABASE_URL: server.url, BUS_URL: server.url, LIBRARY: path, LIBRARY_REFRESH: 'off' };
  const apps = await startApps(['registry'], { ...environment, FIRST_REVIEW_AFTER: 'P1D' });
  const client = new Client({ connectionString: server.url, options: '-c search_path=registry' });
  const constant = await serveConstant();
  try {
    await client.connect();
    const { url } = apps.of('registry');
    await eventually(async () => {
      const { total } = await api(url, 'GET', '/api/processes/summary');
      if (total !== size) throw new Error(`${total} are imported`);
    }, 60_000);
    await live(client);
    const lines = await measureAll({ url, client, constant });
    return { lines, summary: await measureSummary({ url }) };
  } finally {
    await constant.stop();
    await client.end();
    await apps.stop();
    await server.stop();
    remove();
  }
}

for (const size of SIZES) {
  const { lines, summary } = await measureAt(size);
  console.log(`a page of ${PAGE} among ${size} processes (ms, p50 / p99)`);
  console.table(Object.fromEntries([...lines].map(([name, times]) => [name, line(times)])));
  console.log(`summary: ${round(percentile(summary, 0.5))} / ${round(percentile(summary, 0.99))} ms`);
  const median = (times) => round(percentile(times, 0.5));
  const slowest = [...lines.values()].reduce((one, other) => (median(other.page) > median(one.page) ? other : one));
  const at = `${grouped(size)} processes`;
  const page = { value: median(slowest.page), floor: median(slowest.sql) };
  tell({ what: 'console API, the slowest page or search, p50', at, unit: 'ms', most: MOST_MS, ...page });
  tell({ what: 'console API, the summary, p50', at, value: median(summary), unit: 'ms', most: MOST_MS });
}
