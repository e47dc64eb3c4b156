import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AlertView, type KpiView, type Page } from '@recert/contracts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@recert/embedded-postgres';
import { eventually, startFakeTelegram, startNatsServer, type FakeTelegram, type FakeUser } from '@recert/testing';
import { Client } from 'pg';
import { linked, type Product, registerProduct, sendAlert, sendKpis, sendSentry, uptimeIssue } from './story/hooks';
import { separateServices, type Installation } from './story/installation';
import { natsUrlOf, natsUsers } from './story/nats-users';
import { BEFORE, writeLibrary } from './story/story-library';

const PRODUCTS = 8;
const HOOKS = 2_000;
const KILLS = 10;
const WEEKS = ['2026-W43', '2026-W44', '2026-W45', '2026-W46'];
const MINUTES = 60_000;

/** One sender with its product, and the chat of the person who hears of it. */
interface Sender {
  readonly product: Product;
  readonly admin: FakeUser;
  readonly accepted: string[];
  /** How often each of its alerts was said. */
  readonly said: Map<string, number>;
}

describe('2,000 mixed webhooks, while any process is killed with -9 ten times, and PostgreSQL once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recert-hooks-'));
  let postgres: EmbeddedPostgres;
  let telegram: FakeTelegram;
  let installation: Installation;
  const senders: Sender[] = [];
  const undo: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    telegram = await startFakeTelegram();
    undo.push(() => telegram.stop());
    postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
    undo.push(() => postgres.stop());
    const nats = await startNatsServer({ config: natsUsers() });
    undo.push(() => nats.stop());
    installation = await separateServices(telegram, postgres.url, (app) => natsUrlOf(app, nats.url));
    undo.push(() => installation.stop());
    writeLibrary(installation.libraryPath, BEFORE);
    await installation.start();
    for (let n = 0; n < PRODUCTS; n += 1) {
      const handle = `admin${n}`;
      const admin = await linked(installation, telegram, { handle, id: 300_000 + n, roles: ['owner'] });
      const named = { name: `Product ${n}`, owner: handle, admins: [handle], sentryProject: `project-${n}` };
      const product = await registerProduct(installation.doors, named);
      senders.push({ product, admin, accepted: [], said: new Map() });
    }
  }, 3 * MINUTES);

  afterAll(async () => {
    for (const step of undo.reverse()) await step();
    rmSync(folder, { recursive: true, force: true });
  });

  /** One after the other, as a product does: what is not answered is sent again. */
  async function sendAll(sender: Sender, count: number): Promise<void> {
    const { product, accepted, said } = sender;
    const { doors } = installation;
    const began = new Date();
    for (let n = 0; n < count; n += 1) {
      const week = WEEKS[n / 10];
      if (week !== undefined) accepted.push((await sendKpis(doors, product, { week, kpis: { signups: n } })).id);
      else if (n === 5) {
        const issue = uptimeIssue(`outage-${product.id}`, `project-${product.id.at(-1)}`, 'created', began);
        accepted.push((await sendSentry(doors, 'issue', issue)).id);
      } else {
        const key = n % 2 === 0 ? 'backup' : 'queue';
        said.set(key, (said.get(key) ?? 0) + 1);
        const body = { title: `The ${key} is late`, key, severity: 'warning', detail: `for the ${n}th time` };
        accepted.push((await sendAlert(doors, product, body)).id);
      }
    }
  }

  async function killSome(): Promise<void> {
    for (let n = 0; n < KILLS; n += 1) {
      await sleep(500 + Math.random() * 1_000);
      await installation.killOneAndRestart(Math.floor(Math.random() * 5));
      if (n === KILLS / 2) {
        process.kill(postgres.pid, 'SIGKILL');
        await postgres.exited;
        postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
      }
    }
  }

  const items = async <T>(path: string, service: string): Promise<readonly T[]> =>
    (await installation.doors.request<Page<T>>('GET', path, undefined, service)).items;

  it(
    'loses none and counts each once',
    async () => {
      await Promise.all([killSome(), ...senders.map((sender) => sendAll(sender, HOOKS / PRODUCTS))]);
      const accepted = senders.flatMap((sender) => sender.accepted);
      expect(new Set(accepted).size).toBe(HOOKS);

      const client = new Client({ connectionString: postgres.url });
      await client.connect();
      const query = `select count(*) filter (where handled_at is null)::int as open, count(*)::int as n,
          count(*) filter (where id = any($1::uuid[]))::int as known, count(*) filter (where outcome <> 'done')::int as dead
        from (select id, handled_at, outcome from "kpi-ingest".intake union all
              select id, handled_at, outcome from "alert-relay".intake) as taken_in`;
      try {
        await eventually(
          async () => {
            const { rows } = await client.query<Record<string, number>>(query, [accepted]);
            expect(rows[0]).toEqual({ open: 0, n: HOOKS, known: HOOKS, dead: 0 });
          },
          MINUTES,
          500,
        );
      } finally {
        await client.end();
      }

      const alerts = await items<AlertView>('/api/alerts?limit=1000', 'alert-relay');
      for (const { product, said } of senders) {
        const its = alerts.filter((alert) => alert.product === product.id);
        expect(its.filter(({ kind }) => kind === 'uptime')).toHaveLength(1);
        for (const [key, times] of said) {
          const named = its.filter(({ title }) => title === `The ${key} is late`);
          expect(named.map(({ count }) => count)).toEqual([times]);
        }
        const figures = await items<KpiView>(`/api/kpis?product=${product.id}`, 'kpi-ingest');
        expect(figures.map(({ week, value }) => [week, value])).toEqual(WEEKS.map((week, at) => [week, at * 10]));
      }
    },
    5 * MINUTES,
  );

  it(
    'tells everybody of everything, and at most one message twice for each kill',
    async () => {
      const texts = (sender: Sender): string[] => sender.admin.messages.map(({ text }) => text);
      let repeated = 0;
      for (const sender of senders) {
        const expected = ['Downtime detected', 'The backup is late', 'The queue is late'];
        const weeks = WEEKS.map((week) => `week ${week.slice(-2)}`);
        await eventually(
          () => {
            for (const text of [...expected, ...weeks])
              expect(texts(sender).some((one) => one.includes(text))).toBe(true);
            for (const key of ['backup', 'queue']) {
              const latest = texts(sender).filter((one) => one.includes(`The ${key} is late`));
              expect(latest.some((one) => one.includes(String(sender.said.get(key))))).toBe(true);
            }
          },
          2 * MINUTES,
          500,
        );
        for (const text of [...expected, ...weeks])
          repeated += texts(sender).filter((one) => one.includes(text)).length - 1;
      }
      expect(repeated).toBeLessThanOrEqual(KILLS + 1);
      expect(telegram.floods).toEqual([]);
      for (const service of ['registry', 'notifier', 'kpi-ingest', 'alert-relay'])
        expect(await items('/api/dead-letters', service)).toEqual([]);
    },
    5 * MINUTES,
  );
});
