// From a webhook to its message in Telegram: committed at each step, through both hops of the bus, against the fake Telegram.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { api, embedded, startApps, temporaryFolder, testing } from './installation.mjs';
import { grouped, tell } from './figures.mjs';
import { libraryText } from './library.mjs';
import { eventually, percentile, round, spread } from './measure.mjs';

const HOOKS = 150;
const WARM_UP = 50;
const ADMINS = 30;
/** Registered products, of which those of the admins send. */
const SIZES = [30, 300, 3_000];
const MOST_MS = { p50: 20, p99: 60 };
const { startFakeTelegram, startNatsServer } = testing;

async function measure(which, size) {
  const { folder, remove } = temporaryFolder();
  const telegram = await startFakeTelegram();
  const library = join(folder, 'processes.md');
  writeFileSync(library, libraryText(1));
  const common = { LIBRARY: library, LIBRARY_REFRESH: 'off', FIRST_REVIEW_AFTER: 'P1D', HOOK_RATE: 'off' };
  const bot = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
  const undo = [remove, () => telegram.stop()];
  let apps;
  if (which === 'postgres') {
    apps = await startApps(['standalone'], { ...common, ...bot, RECERT_DATA: join(folder, 'data') });
  } else {
    const postgres = await embedded.startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
    const nats = await startNatsServer();
    undo.push(
      () => postgres.stop(),
      () => nats.stop(),
    );
    const urls = { DATABASE_URL: postgres.url, BUS_URL: nats.url };
    apps = await startApps(['registry', 'notifier', 'alert-relay'], { ...common, ...bot, ...urls });
  }
  undo.push(() => apps.stop());
  try {
    return await sendAll(apps, telegram, size);
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

/** Each alert is another product's, whose own admin hears of it: no chat is spoken to twice in its second. */
async function sendAll(apps, telegram, size) {
  const registry = apps.of('registry').url;
  const products = [];
  for (let n = 0; n < ADMINS; n += 1) {
    const handle = `admin${n}`;
    await eventually(() => api(registry, 'POST', '/api/people', { handle, name: handle }));
    const user = telegram.user({ id: 700_000 + n, firstName: handle });
    const { url } = await eventually(() => api(registry, 'POST', `/api/people/${handle}/invite`, {}));
    user.start(new URL(url).searchParams.get('start'));
    await telegram.waitForMessage(user.id, () => true, 20_000);
    const named = { name: `Product ${n}`, owner: handle, admins: [handle] };
    products.push({ ...(await api(registry, 'POST', '/api/products', named)), user });
  }
  const named = (n) => ({ name: `Silent product ${n}`, owner: 'admin0', admins: ['admin0'] });
  for (let n = ADMINS; n < size; n += 1) await api(registry, 'POST', '/api/products', named(n));
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const times = [];
  for (let n = 0; n < HOOKS; n += 1) {
    const { token, user } = products[n % ADMINS];
    await new Promise((resolve) => setTimeout(resolve, 60));
    telegram.advance(60_000 / ADMINS);
    const title = `alert number ${n}.`;
    const began = performance.now();
    const response = await fetch(`${apps.of('alert-relay').url}/hooks/alerts/generic`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ title, key: `alert ${n}`, severity: 'warning' }),
    });
    if (response.status !== 202) throw new Error(`answered ${response.status}: ${await response.text()}`);
    await telegram.waitForMessage(user.id, (message) => message.text.includes(title), 20_000);
    times.push(performance.now() - began);
  }
  if (telegram.floods.length > 0) throw new Error("Telegram's limits were exceeded");
  return times.slice(WARM_UP);
}

const rows = {};
for (const [name, which, size] of [
  ...SIZES.map((size) => ['postgres transport, one process', 'postgres', size]),
  ['JetStream, three processes', 'jetstream', SIZES[0]],
]) {
  const times = await measure(which, size);
  const [p50, p99] = [0.5, 0.99].map((share) => round(percentile(times, share)));
  const at = `${grouped(size)} products`;
  rows[`${name}, ${at}`] = { ...spread(times), p99 };
  tell({ what: `webhook to message, ${name}, p50`, at, value: p50, unit: 'ms', most: MOST_MS.p50 });
  tell({ what: `webhook to message, ${name}, p99`, at, value: p99, unit: 'ms', most: MOST_MS.p99 });
}
console.log('webhook to message (ms)');
console.table(rows);
process.exit();
