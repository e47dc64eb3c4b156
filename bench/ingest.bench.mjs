// How many webhooks a second are accepted, each durable when it is answered, beside three floors in the same run.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { embedded, ROOT, startApps, temporaryFolder } from './installation.mjs';
import { tell } from './figures.mjs';
import { load, SECRET } from './ingest-load.mjs';
import { percentile, round } from './measure.mjs';

const SECONDS = 5;
/** First those of what is wanted: the others find larger tables. */
const CONNECTIONS = [64, 1, 10, 100];
const { Client } = createRequire(join(ROOT, 'libs/testing/package.json'))('pg');

async function floor(which, databaseUrl) {
  const child = spawn(process.execPath, [join(ROOT, 'bench/ingest-floor.mjs'), which, databaseUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise((resolve) =>
    child.stdout.on('data', (line) => resolve(Number(/listening (\d+)/.exec(line)[1]))),
  );
  const figures = await measure(port);
  await new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });
  return figures;
}

async function measure(port) {
  const figures = {};
  for (const connections of CONNECTIONS) {
    const { perSecond, times } = await load(port, connections, SECONDS);
    figures[connections] = { perSecond, p50: round(percentile(times, 0.5)), p99: round(percentile(times, 0.99)) };
  }
  return figures;
}

/** The alert relay as it is, with its signature check, its routing and its table. */
async function ours(databaseUrl, { heldBack }) {
  const environment = { DATABASE_URL: databaseUrl, BUS_URL: databaseUrl, SENTRY_CLIENT_SECRET: SECRET };
  // As a service of its own, with Node's own young generation: the small one of `npm start` costs a quarter of this.
  const relay = await startApps(['alert-relay'], environment, []);
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // Whoever makes something of what was accepted waits for this lock; whoever accepts does not.
    if (heldBack) await client.query('begin; lock table "alert-relay".alert in access exclusive mode');
    return await measure(Number(new URL(relay.of('alert-relay').url).port));
  } finally {
    await client.end();
    await relay.stop();
  }
}

const { folder, remove } = temporaryFolder();
const postgres = await embedded.startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
const rows = {};
const all = {};
for (const [name, run] of [
  ['floor 1: answers, keeps nothing', () => floor('bare', postgres.url)],
  ['floor 2: one row and commit each', () => floor('each', postgres.url)],
  ['floor 3: one writer, whatever waits', () => floor('group', postgres.url)],
  ['alert-relay, the work held back', () => ours(postgres.url, { heldBack: true })],
  ['alert-relay, the work running', () => ours(postgres.url, { heldBack: false })],
]) {
  const figures = await run();
  all[name] = figures;
  for (const connections of CONNECTIONS) rows[`${name}, ${connections} at once`] = figures[connections];
}
await postgres.stop();
remove();
console.log('webhooks accepted (requests a second; ms)');
console.table(rows);

const [, each, group, held, running] = Object.values(all);
const rate = (figures, share) => ({ unit: 'requests/s', ...(share ? { least: Math.ceil(share) } : {}), ...figures });
for (const connections of CONNECTIONS) {
  const at = `${connections} at once`;
  const [one, many, waiting, working] = [each, group, held, running].map((figures) => figures[connections]);
  const isWanted = connections === 64;
  const floor = connections === 1 ? one.perSecond : many.perSecond;
  const least = connections === 1 ? one.perSecond : isWanted ? 0.7 * floor : 0;
  tell({ what: 'webhooks accepted, the work held back', at, ...rate({ value: waiting.perSecond, floor }, least) });
  const leastWorking = isWanted ? 0.4 * floor : 0;
  tell({ what: 'webhooks accepted, the work running', at, ...rate({ value: working.perSecond, floor }, leastWorking) });
  const most = isWanted ? { most: one.p99 } : {};
  tell({ what: 'webhooks accepted, held back, p99', at, value: waiting.p99, unit: 'ms', floor: one.p99, ...most });
}
process.exit();
