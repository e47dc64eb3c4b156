// How many of the accepted webhooks are handled in a second, by how many senders there are (one sender's are handled in
// order) and by how many alert relays work on them. Nothing is accepted meanwhile.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { grouped, tell } from './figures.mjs';
import { load } from './ingest-load.mjs';
import { api, embedded, ROOT, startApps, temporaryFolder } from './installation.mjs';
import { cpuOfTree, percentile, round } from './measure.mjs';

const SENDERS = [1, 10, 100];
const RELAYS = [1, 2, 4];
const LOAD_SECONDS = 3;
const MEASURED_MS = 8_000;
const LOOK_MS = 250;
const { Client } = createRequire(join(ROOT, 'libs/testing/package.json'))('pg');

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Alerts of so many products in turn: twenty of each, said again and again. */
function requestsOf(products) {
  let made = 0;
  return () => {
    made += 1;
    const { token } = products[made % products.length];
    const key = `alert ${Math.floor(made / products.length) % 20}`;
    const body = JSON.stringify({ title: `The ${key}`, key, severity: 'warning', detail: `for the ${made}th time` });
    return (
      'POST /hooks/alerts/generic HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n' +
      `Authorization: Bearer ${token}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
    );
  };
}

async function registered(url, count) {
  await api(url, 'POST', '/api/people', { handle: 'owner', name: 'Owner', roles: ['owner'] });
  const products = [];
  for (let n = 0; n < count; n += 1) {
    const named = { name: `Product ${n}`, owner: 'owner', admins: [] };
    products.push(await api(url, 'POST', '/api/products', named));
  }
  return products;
}

/**
 * @param cpuMs processor time until now of those who work on it
 * @returns how many were handled in each second of a while in which there is always enough to do, and what one of them cost
 */
async function rates(client, cpuMs) {
  const handled = async () => {
    const { rows } = await client.query(
      `select count(*) filter (where handled_at is not null)::int as done, count(*)::int as n from intake`,
    );
    return { ...rows[0], at: performance.now() };
  };
  const perSecond = [];
  const [began, cpuBefore] = [await handled(), cpuMs()];
  const ends = performance.now() + MEASURED_MS;
  for (let before = await handled(); performance.now() < ends;) {
    await pause(LOOK_MS);
    const now = await handled();
    if (now.done === now.n) break;
    perSecond.push(((now.done - before.done) / (now.at - before.at)) * 1000);
    before = now;
  }
  return { perSecond, cpu: (cpuMs() - cpuBefore) / ((await handled()).done - began.done) };
}

async function measure(senders, relays) {
  const { folder, remove } = temporaryFolder();
  const postgres = await embedded.startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  const environment = { DATABASE_URL: postgres.url, BUS_URL: postgres.url, LIBRARY: join(ROOT, 'docs/processes.md') };
  const settings = { ...environment, HOOK_RATE: 'off', LIBRARY_REFRESH: 'off' };
  const apps = await startApps(['registry', 'alert-relay'], settings, []);
  const others = relays === 1 ? null : await startApps(Array(relays - 1).fill('alert-relay'), settings, []);
  const client = new Client({ connectionString: postgres.url, options: '-c search_path=alert-relay' });
  await client.connect();
  try {
    const products = await registered(apps.of('registry').url, senders);
    await pause(2_000);
    await client.query('begin; lock table alert in access exclusive mode');
    const { answered } = await load(
      ...[Number(new URL(apps.of('alert-relay').url).port), 64, LOAD_SECONDS, requestsOf(products)],
    );
    await client.query('commit');
    const pids = [apps.of('alert-relay'), ...(others?.all ?? [])].map(({ child }) => child.pid);
    const server = Number(readFileSync(join(folder, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0]);
    const cpuMs = () => [...pids, server].reduce((sum, pid) => sum + cpuOfTree(pid), 0);
    const { perSecond, cpu } = await rates(client, cpuMs);
    if (perSecond.length < 4) throw new Error(`${answered} were too few to see how quickly they are handled`);
    // The first look sees the lock go.
    return { value: round(percentile(perSecond.slice(1), 0.5)), cpu: Number(cpu.toFixed(2)) };
  } finally {
    await client.end();
    await others?.stop();
    await apps.stop();
    await postgres.stop();
    remove();
  }
}

function show(who, senders, { value, cpu }) {
  const at = `${grouped(senders)} senders`;
  console.log(`${who}, ${at}: ${value} a second, ${cpu} ms of a processor each`);
  tell({ what: `webhooks handled by ${who}`, at, value, unit: '/s' });
  tell({ what: `webhooks handled by ${who}, processor time of one`, at, value: cpu, unit: 'ms' });
}

for (const senders of SENDERS) {
  show('one relay', senders, await measure(senders, 1));
}
for (const relays of RELAYS.slice(1)) {
  show(`${relays} relays`, SENDERS.at(-1), await measure(SENDERS.at(-1), relays));
}
process.exit();
