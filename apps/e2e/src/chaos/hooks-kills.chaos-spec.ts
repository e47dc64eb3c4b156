import { setTimeout as sleep } from 'node:timers/promises';
import { type Page } from '@recert/contracts';
import { eventually } from '@recert/testing';
import { Client } from 'pg';
import { AttackedSystem } from './attacked-system';
import { heard, miscounted, registerSenders, type Sender, sendMixed } from './hook-senders';
import { type Outside } from './ledger';
import { messagesOf, settle } from './read-ledger';
import { type Run, scenario } from './scenario';

const PRODUCTS = 8;
const MINUTES = 60_000;
const DRAINED_MS = 30_000;
/** Besides the services. */
const OTHERS = ['nats', 'postgres', 'session'] as const;
/** Any of these may take a message with it that was sent and not written down. */
const SENDERS = ['notifier', 'postgres', 'session'];

describe('mixed webhooks, while processes, the bus, PostgreSQL and sessions of it are killed with -9', () => {
  let system: AttackedSystem;
  let senders: readonly Sender[];
  const undo: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    system = await AttackedSystem.start(undo);
    senders = await registerSenders(system.installation, system.telegram, PRODUCTS);
  }, 3 * MINUTES);
  afterAll(async () => {
    for (const step of undo.reverse()) await step();
  });

  async function kill(victim: string, run: Run): Promise<void> {
    const { installation } = system;
    if (victim === 'postgres') await system.killPostgres();
    else if (victim === 'session') await system.endSession(run.random.between(0, 1_000));
    else if (victim === 'nats') {
      await system.killNats();
      await sleep(run.random.between(0, 500));
      await system.startNats();
    } else {
      await installation.kill(victim);
      await installation.startService(victim);
    }
  }

  /** Each of them at least once. */
  function victimsOf(run: Run, kills: number): readonly string[] {
    const all = [...OTHERS, ...system.installation.services];
    const more = Array.from({ length: kills - all.length }, () => run.random.one(all));
    return run.random.shuffled([...all, ...more]);
  }

  const outside = (): Outside => ({
    accepted: senders.flatMap((sender) => sender.accepted),
    messages: messagesOf(system.telegram),
  });

  scenario('T1', 'random kills lose nothing and count nothing twice', { short: 4, long: 8 }, async (run) => {
    const [hooks, kills] = [run.size(2_000, 10_000), run.size(10, 50)];
    const { installation, telegram } = system;
    const victims = victimsOf(run, kills);
    const began = performance.now();
    const killing = (async () => {
      for (const victim of victims) {
        await sleep(run.random.between(run.size(300, 200), run.size(1_200, 800)));
        await kill(victim, run);
      }
    })();
    await Promise.all([killing, ...senders.map((sender) => sendMixed(installation, sender, hooks / PRODUCTS))]);
    const { orphans, pending, tookMs } = await settle(system.databaseUrl, outside, { withinMs: 2 * MINUTES });
    run.must('seconds', Math.round((performance.now() - began) / 1000), { most: run.size(150, 200) });
    expect(orphans).toEqual([]);
    expect(pending).toEqual([]);
    run.must('accepted', new Set(outside().accepted).size, { exactly: hooks });
    run.tell('kills', victims.length);
    run.must('lost, or from nowhere', orphans.length, { exactly: 0 });
    run.must('seconds until drained', Math.ceil(tookMs / 1000), { most: DRAINED_MS / 1000 });
    const wrong = await miscounted(installation, senders);
    expect(wrong).toEqual([]);
    run.must('counted otherwise than once', wrong.length, { exactly: 0 });
    await eventually(() => expect(heard(senders).missing).toEqual([]), DRAINED_MS, 500);
    const most = victims.filter((victim) => SENDERS.includes(victim)).length;
    run.must('messages said twice', heard(senders).repeated, { most });
    run.must('messages sent too fast', telegram.floods.length, { exactly: 0 });
    for (const service of ['registry', 'notifier', 'kpi-ingest', 'alert-relay']) {
      const { items } = await installation.doors.request<Page<unknown>>('GET', '/api/dead-letters', undefined, service);
      expect(items).toEqual([]);
    }
  });

  scenario('T15', 'a row that is gone is noticed, whichever table had it', { short: 3, long: 3 }, async (run) => {
    const client = new Client({ connectionString: system.databaseUrl });
    await client.connect();
    try {
      const before = await settle(system.databaseUrl, outside, { withinMs: MINUTES });
      expect([...before.orphans, ...before.pending]).toEqual([]);
      run.must('found where nothing is gone', before.orphans.length, { exactly: 0 });
      for (const [table, id, rows] of LOSSES) {
        const { rows: found } = await client.query<{ at: string; id: string }>(
          `select ctid::text as at, ${id}::text as id from ${table} where ${rows} order by random() limit 1`,
        );
        const { at, id: gone } = found[0]!;
        await client.query(`create temporary table gone as select * from ${table} where ctid = '${at}'`);
        await client.query(`delete from ${table} where ctid = '${at}'`);
        const { orphans, tookMs } = await settle(system.databaseUrl, outside, { withinMs: 0 });
        run.must(`${table}: orphans found`, orphans.filter((one) => one.includes(gone)).length, { least: 1 });
        run.must(`${table}: seconds until it was found`, Math.ceil(tookMs / 1000), { most: 60 });
        await client.query(`insert into ${table} overriding system value select * from gone; drop table gone;`);
      }
      run.must(
        'found when all is back',
        (await settle(system.databaseUrl, outside, { withinMs: MINUTES })).orphans.length,
        {
          exactly: 0,
        },
      );
    } finally {
      await client.end();
    }
  });
});

/** Tables, the columns that name a row in what is found, and which rows are taken. */
const LOSSES = [
  ['"alert-relay".intake', 'id', 'true'],
  ['"kpi-ingest".intake', 'id', 'true'],
  ['"alert-relay".outbox', 'event_id', `subject = 'alert.raised'`],
  ['"kpi-ingest".outbox', 'event_id', `subject = 'kpi.received'`],
  ['registry.outbox', 'event_id', `subject = 'product.registered'`],
  ['notifier.inbox', 'event_id', `consumer like '%alert%'`],
  ['notifier.delivery', 'chat_id', `kind = 'send' and state = 'sent' and text like '%linked%'`],
] as const;
