// What standalone costs, PostgreSQL included: the time to start on existing data, and the memory of an installation that is
// idle, and of one in a storm of alerts.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { grouped, tell } from './figures.mjs';
import { load, SECRET } from './ingest-load.mjs';
import { settled, startApps, temporaryFolder } from './installation.mjs';
import { libraryText } from './library.mjs';
import { percentile, pssOfTree, round } from './measure.mjs';

const SIZES = [100, 1_000, 10_000];
const STARTS = 5;
const IDLE_MS = 45_000;
const STORM_SECONDS = 20;
const WANTED = { startMs: 2_000, idleMb: 200 };

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The most that it takes while 64 senders send as fast as they are answered. */
async function storm({ url, child }) {
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, pssOfTree(child.pid))), 500);
  const { answered } = await load(Number(new URL(url).port), 64, STORM_SECONDS);
  clearInterval(watch);
  return { most, answered };
}

async function measure(size) {
  const { folder, remove } = temporaryFolder();
  const library = join(folder, 'processes.md');
  writeFileSync(library, libraryText(size));
  const environment = { RECERT_DATA: join(folder, 'data'), LIBRARY: library, SENTRY_CLIENT_SECRET: SECRET };
  const first = await startApps(['standalone'], environment);
  const cold = first.of('standalone').startMs;
  await settled(first.urls, size);
  await first.stop();
  const starts = [];
  for (let n = 0; n < STARTS; n += 1) {
    const again = await startApps(['standalone'], environment);
    starts.push(again.of('standalone').startMs);
    await again.stop();
  }
  const apps = await startApps(['standalone'], environment);
  await pause(IDLE_MS);
  const idle = pssOfTree(apps.of('standalone').child.pid);
  const stormed = await storm(apps.of('standalone'));
  await apps.stop();
  remove();
  return { cold: round(cold), start: round(percentile(starts, 0.5)), idle, ...stormed };
}

for (const size of SIZES) {
  const at = `${grouped(size)} processes`;
  const { cold, start, idle, most, answered } = await measure(size);
  tell({ what: 'standalone, first start', at, value: cold, unit: 'ms' });
  tell({ what: 'standalone, start on existing data', at, value: start, unit: 'ms', most: WANTED.startMs });
  tell({ what: `standalone, idle after ${IDLE_MS / 1000} s (PSS)`, at, value: idle, unit: 'MB', most: WANTED.idleMb });
  const stormed = `standalone, at most in a storm of ${STORM_SECONDS} s (PSS)`;
  tell({ what: stormed, at: `${at}, ${grouped(answered)} alerts`, value: most, unit: 'MB' });
}
