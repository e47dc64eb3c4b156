// What standalone costs: the time to start on existing data, and the memory of an idle installation, PostgreSQL included.
import { join } from 'node:path';
import { ROOT, startApps, temporaryFolder } from './installation.mjs';
import { percentile, pssOfTree, round } from './measure.mjs';

const { folder, remove } = temporaryFolder();
const environment = { RECERT_DATA: join(folder, 'data'), LIBRARY: join(ROOT, 'docs/processes.md') };
const first = await startApps(['standalone'], environment);
const coldMs = first.of('standalone').startMs;
await first.stop();

const starts = [];
for (let i = 0; i < 5; i += 1) {
  const again = await startApps(['standalone'], environment);
  starts.push(again.of('standalone').startMs);
  await again.stop();
}
const idle = await startApps(['standalone'], environment);
await new Promise((resolve) => setTimeout(resolve, 45_000));
const pss = pssOfTree(idle.of('standalone').child.pid);
await idle.stop();
remove();

console.log('standalone');
console.table({
  'start, first time (ms)': { value: round(coldMs) },
  'start, existing data, median of 5 (ms)': { value: round(percentile(starts, 0.5)) },
  'idle after 45 s, PostgreSQL included (MB PSS)': { value: pss },
});
