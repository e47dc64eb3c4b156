// What it costs an alert relay to tell its steps. One process, told by a signal to leave it and to take it up again:
// between two processes more differs than that. Pairs of short rounds, and the median of their ratios.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { embedded, ROOT, startApps, temporaryFolder } from './installation.mjs';
import { tell } from './figures.mjs';
import { load, SECRET } from './ingest-load.mjs';
import { cpuOfTree, percentile, round } from './measure.mjs';

const PAIRS = Number(process.env.BENCH_ROUNDS ?? 12);
const SECONDS = 3;
const CONNECTIONS = (process.env.BENCH_CONNECTIONS ?? '64,1').split(',').map(Number);
const MOST = 5;
const OPTIONS = ['--max-semi-space-size=4', '--require', join(ROOT, 'bench/steps-toggled.cjs')];

const { folder, remove } = temporaryFolder();
const dataDir = join(folder, 'postgres');
const postgres = await embedded.startEmbeddedPostgres({ dataDir });
const postmaster = Number(readFileSync(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);
const environment = { DATABASE_URL: postgres.url, BUS_URL: postgres.url, SENTRY_CLIENT_SECRET: SECRET };
const relay = await startApps(['alert-relay'], environment, OPTIONS);
const { url, child } = relay.of('alert-relay');
const cpuMs = () => cpuOfTree(child.pid) + cpuOfTree(postmaster);
let tells = true;

/** Requests a second, and the processor time of one request in relay and PostgreSQL together (ms). */
async function measure(connections, shallTell) {
  if (tells !== shallTell) child.kill('SIGUSR2');
  tells = shallTell;
  const before = cpuMs();
  const { perSecond, answered } = await load(Number(new URL(url).port), connections, SECONDS);
  return { perSecond, cpu: (cpuMs() - before) / answered };
}

async function compare(connections) {
  const pairs = [];
  for (let n = 0; n < PAIRS; n += 1) {
    // Whoever comes second finds a larger table: they take turns at that, too.
    const first = await measure(connections, n % 2 === 0);
    const second = await measure(connections, n % 2 !== 0);
    pairs.push(n % 2 === 0 ? { told: first, untold: second } : { told: second, untold: first });
  }
  const median = (of) => percentile(pairs.map(of), 0.5);
  const slower = median(({ told, untold }) => 1 - told.perSecond / untold.perSecond);
  const dearer = median(({ told, untold }) => told.cpu / untold.cpu - 1);
  const rate = (which) => `${median((pair) => pair[which].perSecond)} a second`;
  console.log(`${connections} at once: ${rate('untold')} without, ${rate('told')} with`);
  console.log(
    `  of each pair: ${pairs.map((p) => round((1 - p.told.perSecond / p.untold.perSecond) * 100)).join(' ')}`,
  );
  console.log(`  processor time of a request: ${round(dearer * 100)} % more, ${round(median((p) => p.told.cpu))} ms`);
  const at = `${connections} at once`;
  tell({ what: 'telling of steps, slower by', at, value: round(slower * 100), unit: '%', most: MOST });
}

try {
  await measure(64, true);
  for (const connections of CONNECTIONS) await compare(connections);
} finally {
  await relay.stop();
  await postgres.stop();
  remove();
}
process.exit();
