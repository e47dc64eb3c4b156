// What it costs an alert relay to tell its steps: with and without in turns, in short rounds, and the median of each.
import { join } from 'node:path';
import { embedded, ROOT, startApps, temporaryFolder } from './installation.mjs';
import { load, SECRET } from './ingest-load.mjs';
import { percentile, round } from './measure.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);
const SECONDS = 3;
const CONNECTIONS = [64, 1];
const MOST = 0.05;
const OPTIONS = { without: ['--require', join(ROOT, 'bench/steps-off.cjs')], with: [] };

async function measure(databaseUrl, options) {
  const environment = { DATABASE_URL: databaseUrl, BUS_URL: databaseUrl, SENTRY_CLIENT_SECRET: SECRET };
  const relay = await startApps(['alert-relay'], environment, options);
  const port = Number(new URL(relay.of('alert-relay').url).port);
  const figures = [];
  try {
    for (const connections of CONNECTIONS) figures.push((await load(port, connections, SECONDS)).perSecond);
    return figures;
  } finally {
    await relay.stop();
  }
}

const { folder, remove } = temporaryFolder();
const postgres = await embedded.startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
const all = { without: [], with: [] };
await measure(postgres.url, OPTIONS.with);
for (let n = 0; n < ROUNDS; n += 1) {
  // Whoever comes second finds a larger table: they take turns at that, too.
  for (const which of n % 2 === 0 ? ['without', 'with'] : ['with', 'without'])
    all[which].push(await measure(postgres.url, OPTIONS[which]));
}
await postgres.stop();
remove();
const median = (which, i) =>
  percentile(
    all[which].map((figures) => figures[i]),
    0.5,
  );
let isReached = true;
for (const [i, connections] of CONNECTIONS.entries()) {
  const slower = 1 - median('with', i) / median('without', i);
  isReached &&= slower <= MOST;
  const rounds = (which) => all[which].map((figures) => figures[i]).join(' ');
  console.log(`${connections} at once, without: ${median('without', i)} a second (${rounds('without')})`);
  console.log(`${connections} at once, with:    ${median('with', i)} a second (${rounds('with')})`);
  console.log(`${connections} at once: ${round(slower * 100)} % slower, wanted at most ${MOST * 100}`);
}
process.exit(isReached ? 0 : 1);
