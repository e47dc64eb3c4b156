import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './measure.mjs';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
export const testing = require(join(ROOT, 'libs/testing/dist/index.js'));
export const embedded = require(join(ROOT, 'libs/embedded-postgres/dist/index.js'));
export const TOKEN = 'the-admin-token-of-the-bench';

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'recert-bench-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Starts built apps as processes of their own and waits until each is ready.
 * @param {string[]} options of Node; by default those of `npm start`
 */
export async function startApps(apps, environment, options = ['--max-semi-space-size=4']) {
  const running = [];
  for (const app of apps) {
    const port = await freePort();
    const began = performance.now();
    const child = spawn(process.execPath, [...options, join(ROOT, 'apps', app, 'dist/main.js')], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        LOG_LEVEL: 'warn',
        RECERT_ADMIN_TOKEN: TOKEN,
        ...environment,
        PORT: String(port),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const url = `http://127.0.0.1:${port}`;
    running.push({ app, child, url, began });
  }
  for (const one of running) {
    await eventually(async () => {
      if (one.child.exitCode !== null) process.exit(1);
      const response = await fetch(`${one.url}/health/ready`);
      if (!response.ok) throw new Error('not ready');
    }, 60_000);
    one.startMs = performance.now() - one.began;
  }
  return {
    of: (app) => running.find((one) => one.app === app) ?? running[0],
    all: running,
    urls: running.map(({ url }) => url),
    stop: () =>
      Promise.all(
        running.map(
          ({ child }) =>
            new Promise((resolve) => {
              child.once('exit', resolve);
              child.kill('SIGTERM');
            }),
        ),
      ),
  };
}

/** Waits until so many events are handled and no more are: others hear of an import for a while. */
export async function settled(urls, least) {
  const handledBy = async (url) =>
    (await (await fetch(`${url}/metrics`)).text())
      .split('\n')
      .filter((line) => line.startsWith('recert_events_handled_total'))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  const handled = async () => (await Promise.all(urls.map(handledBy))).reduce((sum, count) => sum + count, 0);
  for (let before = -1, now = await handled(); now < least || now !== before; before = now, now = await handled())
    await new Promise((resolve) => setTimeout(resolve, 2_000));
}

export async function api(url, method, path, body) {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const data = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(data)}`);
  return data;
}
