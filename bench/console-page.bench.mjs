// How long until the list of 10,000 processes can be used in a browser, and how it scrolls.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { grouped, tell } from './figures.mjs';
import { freePort, ROOT, settled, testing, temporaryFolder } from './installation.mjs';
import { libraryText } from './library.mjs';
import { percentile, round } from './measure.mjs';

const PROCESSES = 10_000;
const LOADS = 7;
const FRAME_MS = 1000 / 60;
const WANTED_MS = 1_500;
const { chromium } = createRequire(join(ROOT, 'apps/e2e/package.json'))('playwright-core');

const path = testing.findChromium();
if (path === null) {
  console.log('NOT MEASURED: no Chromium (tools/provision-chromium.mjs)');
  process.exit(0);
}
const { folder, remove } = temporaryFolder();
writeFileSync(join(folder, 'processes.md'), libraryText(PROCESSES));
const port = await freePort();
const recert = await testing.spawnService({
  command: process.execPath,
  args: ['--max-semi-space-size=4', join(ROOT, 'apps/standalone/dist/main.js')],
  env: { PORT: String(port), RECERT_DATA: join(folder, 'data'), LIBRARY: join(folder, 'processes.md') },
  readyLine: /Ctrl-C stops everything/,
});
const link = /Admin link\s+(\S+)/.exec(recert.logs.join('\n'))[1];
const browser = await chromium.launch({ executablePath: path, args: process.getuid() === 0 ? ['--no-sandbox'] : [] });
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
const page = await context.newPage();
await page.goto(link);
const first = page.getByRole('link', { name: 'process 0', exact: true });
await first.waitFor();

/** From the address to the first row that can be pressed. */
async function loadOnce() {
  const cold = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    storageState: await context.storageState(),
  });
  const tab = await cold.newPage();
  const began = performance.now();
  await tab.goto(`http://127.0.0.1:${port}/processes`);
  await tab.getByRole('link', { name: 'process 0', exact: true }).click({ trial: true });
  const ms = performance.now() - began;
  await cold.close();
  return ms;
}

/** Scrolls through 700 rows in three seconds; how long each frame took. */
const scroll = () =>
  page.evaluate(async () => {
    const frames = [];
    let before = performance.now();
    for (let n = 0; n < 180; n += 1) {
      globalThis.scrollBy(0, 200);
      await new Promise((resolve) => globalThis.requestAnimationFrame(resolve));
      frames.push(performance.now() - before);
      before = performance.now();
    }
    return frames;
  });

// What is measured is the page, not how others hear of 10,000 processes.
await settled([`http://127.0.0.1:${port}`], PROCESSES);
const loads = [];
for (let n = 0; n < LOADS; n += 1) loads.push(await loadOnce());
const frames = await scroll();
await browser.close();
await recert.stop();
remove();
console.log(`${PROCESSES} processes, nothing in the browser's cache (ms)`);
console.table({
  'until the first row can be pressed': { p50: round(percentile(loads, 0.5)), worst: round(Math.max(...loads)) },
  'a frame while scrolling': { p50: round(percentile(frames, 0.5)), p95: round(percentile(frames, 0.95)) },
  'a frame at best': { p50: round(FRAME_MS) },
});
const at = `${grouped(PROCESSES)} processes`;
const value = round(percentile(loads, 0.5));
tell({ what: 'console, until the first row can be pressed', at, value, unit: 'ms', most: WANTED_MS });
tell({ what: 'console, a frame while scrolling', at, value: round(percentile(frames, 0.5)), unit: 'ms' });
process.exit();
