// From the tap on a button to the edited message, through both hops of the bus, against the fake Telegram.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { api, embedded, ROOT, settled, startApps, temporaryFolder, testing } from './installation.mjs';
import { grouped, tell } from './figures.mjs';
import { libraryText } from './library.mjs';
import { eventually, spread } from './measure.mjs';

const OWNERS = 100;
const SIZES = [100, 1_000, 10_000];
const MOST_MS = 20;
/** Node compiles what runs often: the first taps after a start are told apart. */
const WARM_UP = 40;
const { startFakeTelegram, startNatsServer } = testing;

/** The first of them belong to those who tap. */
function library(size) {
  return libraryText(size, { owner: (n) => (n < OWNERS ? `owner${n}` : 'nobody') });
}

async function measure(which, size) {
  const { folder, remove } = temporaryFolder();
  const telegram = await startFakeTelegram();
  const path = join(folder, 'processes.md');
  writeFileSync(path, library(size));
  const common = {
    LIBRARY: path,
    LIBRARY_REFRESH: 'off',
    FIRST_REVIEW_AFTER: 'P1D',
    ASK_HOURS: 'always',
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
  };
  const undo = [remove, () => telegram.stop()];
  let apps;
  if (which === 'postgres') {
    apps = await startApps(['standalone'], { ...common, RECERT_DATA: join(folder, 'data') });
  } else {
    const postgres = await embedded.startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
    const nats = await startNatsServer();
    undo.push(
      () => postgres.stop(),
      () => nats.stop(),
    );
    apps = await startApps(['registry', 'scheduler', 'notifier'], {
      ...common,
      DATABASE_URL: postgres.url,
      BUS_URL: nats.url,
    });
  }
  undo.push(() => apps.stop());
  try {
    return await tapAll(apps, telegram, size);
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

async function tapAll(apps, telegram, size) {
  const { url } = apps.of('registry');
  const processes = await eventually(async () => {
    const { total } = await api(url, 'GET', '/api/processes/summary');
    if (total !== size) throw new Error('not imported yet');
    const { items } = await api(url, 'GET', `/api/processes?limit=${OWNERS}&sort=library`);
    return items;
  }, 60_000);
  // Others hear of a large library for a while.
  await settled(apps.urls, size);
  const questions = [];
  for (const [i, process] of processes.entries()) {
    const user = telegram.user({ id: 500_000 + i, firstName: process.owner });
    const { url: link } = await eventually(() => api(url, 'POST', `/api/people/${process.owner}/invite`, {}));
    user.start(new URL(link).searchParams.get('start'));
    await telegram.waitForMessage(user.id, () => true, 20_000);
    await api(url, 'POST', `/api/processes/${process.id}/ask`, {});
    questions.push({
      user,
      message: await telegram.waitForMessage(user.id, (one) => one.buttons.includes('No'), 20_000),
    });
  }
  const times = [];
  for (const { user, message } of questions) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    const began = performance.now();
    user.tap(message, 'No');
    await telegram.waitForEdit(message, (one) => /Certified/.test(one.text), 20_000);
    times.push(performance.now() - began);
  }
  if (telegram.floods.length > 0) throw new Error("Telegram's limits were exceeded");
  return times;
}

/** The least anybody could do: poll, keep the tap in PostgreSQL, edit the message. No bus, no decision, no history. */
async function floor() {
  const { folder, remove } = temporaryFolder();
  const telegram = await startFakeTelegram();
  const postgres = await embedded.startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  const { Client } = createRequire(join(ROOT, 'libs/testing/package.json'))('pg');
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  await client.query('create table tap (id bigint primary key, data text)');
  const call = async (method, body) =>
    (
      await (
        await fetch(`${telegram.url}/bot${telegram.token}/${method}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).json()
    ).result;
  const times = [];
  let offset = 0;
  for (let i = 0; i < OWNERS; i += 1) {
    const user = telegram.user({ id: 600_000 + i, firstName: 'x' });
    user.start();
    const keyboard = { inline_keyboard: [[{ text: 'No', callback_data: 'no' }]] };
    await call('sendMessage', { chat_id: user.id, text: 'Question', reply_markup: keyboard });
    const message = await telegram.waitForMessage(user.id);
    for (const update of await call('getUpdates', { offset, timeout: 0 })) offset = update.update_id + 1;
    const waiting = call('getUpdates', { offset, timeout: 10 });
    await new Promise((resolve) => setTimeout(resolve, 30));
    telegram.advance(1500);
    const began = performance.now();
    user.tap(message, 'No');
    const [update] = await waiting;
    await client.query('insert into tap values ($1, $2)', [update.update_id, update.callback_query.data]);
    await call('editMessageText', { chat_id: user.id, message_id: message.id, text: 'Certified' });
    times.push(performance.now() - began);
  }
  await client.end();
  await postgres.stop();
  await telegram.stop();
  remove();
  return times;
}

const rows = {};
const floors = await floor();
const note = (name, times) => {
  rows[name] = spread(times.slice(WARM_UP));
  rows[`${name}: first ${WARM_UP} after the start`] = spread(times.slice(0, WARM_UP));
  return rows[name].p50;
};
const least = note('floor: poll, one insert, edit', floors);
for (const [name, which, size] of [
  ...SIZES.map((size) => ['postgres transport, one process', 'postgres', size]),
  ['JetStream, three processes', 'jetstream', SIZES[0]],
]) {
  const at = `${grouped(size)} processes`;
  const value = note(`${name}, ${at}`, await measure(which, size));
  tell({ what: `tap to edited message, ${name}, p50`, at, value, unit: 'ms', most: MOST_MS, floor: least });
}
console.log('tap to edited message (ms)');
console.table(rows);
process.exit();
