import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AlertView, type KpiView, type Page, type PersonView, type ProductView } from '@recert/contracts';
import {
  copyOfDatabase,
  eventually,
  type FakeTelegram,
  type NatsServer,
  startFakeTelegram,
  startNatsServer,
  testDatabase,
  type TestDatabase,
} from '@recert/testing';
import { Client } from 'pg';
import { linked, registerProduct, sendAlert, sendKpis } from './story/hooks';
import { type Installation, separateServices } from './story/installation';
import { natsUrlOf, natsUsers } from './story/nats-users';
import { QUESTION } from './story/play-story';
import { BEFORE, DEPLOY, writeLibrary } from './story/story-library';

const MINUTES = 60_000;
const PATIENCE_MS = 60_000;
const SCHEMAS = ['registry', 'scheduler', 'notifier', 'kpi-ingest', 'alert-relay'];

/** Everything as in production, but for the backup: it is a copy of the database, taken while nothing runs. */
describe('an installation whose database is restored from a backup', () => {
  let telegram: FakeTelegram;
  let nats: NatsServer;
  let folder: string;
  const undo: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    telegram = await startFakeTelegram();
    undo.push(() => telegram.stop());
    nats = await startNatsServer({ config: natsUsers() });
    undo.push(() => nats.stop());
    folder = mkdtempSync(join(tmpdir(), 'recert-story-'));
  });
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  async function startOn(database: TestDatabase): Promise<Installation> {
    mkdirSync(folder, { recursive: true });
    writeLibrary(join(folder, 'processes.md'), BEFORE);
    const installation = await separateServices(telegram, database.url, (app) => natsUrlOf(app, nats.url), folder);
    undo.push(() => installation.stop());
    await installation.start();
    return installation;
  }
  async function freshDatabase(): Promise<TestDatabase> {
    const database = await testDatabase();
    undo.push(() => database.drop());
    return database;
  }
  async function backUp(database: TestDatabase): Promise<{ readonly backup: TestDatabase; readonly at: Date }> {
    const backup = await copyOfDatabase(database);
    undo.push(() => backup.drop());
    return { backup, at: new Date() };
  }
  /** What `recert restore` does to each schema. */
  async function markRestored({ backup, at }: Awaited<ReturnType<typeof backUp>>): Promise<void> {
    const client = new Client({ connectionString: backup.url });
    await client.connect();
    for (const schema of SCHEMAS) await client.query(`update "${schema}".bus_transport set restored_at = $1`, [at]);
    await client.end();
  }
  const alertsOf = async ({ doors }: Installation): Promise<readonly AlertView[]> =>
    (await doors.request<Page<AlertView>>('GET', '/api/alerts', undefined, 'alert-relay')).items;
  const kpisOf = async ({ doors }: Installation): Promise<(string | number)[][]> =>
    (await doors.request<Page<KpiView>>('GET', '/api/kpis', undefined, 'kpi-ingest')).items.map(
      ({ product, week, value }) => [product, week, value],
    );

  it(
    'has lost nothing that NATS still has: people, answers, products, tokens, KPIs, alerts and what was set by hand',
    async () => {
      const database = await freshDatabase();
      const before = await startOn(database);
      await eventually(async () => expect((await before.doors.processes()).items).toHaveLength(3), PATIENCE_MS);
      await before.stop();
      const backup = await backUp(database);

      const lost = await startOn(database);
      const { doors } = lost;
      const carol = await linked(lost, telegram, { handle: 'carol', id: 200_001, roles: ['admin'] });
      const ada = await linked(lost, telegram, { handle: 'ada', id: 100_001, roles: ['owner'] });
      const question = await telegram.waitForMessage(
        ada.id,
        ({ text, buttons }) => text.includes(QUESTION) && buttons.includes('No'),
        PATIENCE_MS,
      );
      ada.tap(question, 'No');
      const certified = await eventually(async () => {
        const process = await doors.process(DEPLOY);
        expect(process.status).toBe('certified');
        return process;
      }, PATIENCE_MS);
      await doors.request('PATCH', `/api/processes/${DEPLOY}`, { deputy: 'carol', triggerPeriod: 'P1Y' });
      const lugha = await registerProduct(doors, { name: 'Lugha', owner: 'ada' });
      await sendKpis(doors, lugha, { week: '2026-W46', kpis: { signups: 9 } });
      await sendKpis(doors, lugha, { week: '2026-W46', kpis: { signups: 12 } });
      await sendAlert(doors, lugha, { title: 'The queue is long', key: 'queue', severity: 'critical' });
      await sendAlert(doors, lugha, { title: 'The disk is full', key: 'disk' });
      await sendAlert(doors, lugha, { title: 'The disk is full', key: 'disk', status: 'resolved' });
      await telegram.waitForMessage(carol.id, ({ text }) => /week 46/.test(text), PATIENCE_MS);
      await eventually(async () => {
        expect((await alertsOf(lost)).map(({ status }) => status).sort()).toEqual(['firing', 'resolved']);
        expect(await kpisOf(lost)).toEqual([['lugha', '2026-W46', 12]]);
      }, PATIENCE_MS);
      const processes = (await doors.processes()).items.map(({ id }) => id);
      const alerts = await alertsOf(lost);
      await lost.stop();

      await markRestored(backup);
      const restored = await startOn(backup.backup);
      await eventually(async () => {
        const process = await restored.doors.process(DEPLOY);
        expect(process).toMatchObject({ status: 'certified', deputy: 'carol', triggerPeriod: 'P1Y', owner: 'ada' });
        expect(process.certificationDate).toBe(certified.certificationDate);
      }, PATIENCE_MS);
      await eventually(
        async () => expect((await restored.doors.processes()).items.map(({ id }) => id)).toEqual(processes),
        PATIENCE_MS,
      );
      expect(await kpisOf(restored)).toEqual([['lugha', '2026-W46', 12]]);
      expect((await alertsOf(restored)).map(({ id, status, title }) => [id, status, title])).toEqual(
        alerts.map(({ id, status, title }) => [id, status, title]),
      );
      const product = await restored.doors.request<ProductView>('GET', '/api/products/lugha');
      expect(product).toMatchObject({ name: 'Lugha', owner: 'ada' });
      await eventually(async () => {
        const { items } = await restored.doors.request<Page<PersonView>>('GET', '/api/people');
        const linkedOnes = items.filter((person) => person.telegram.linked).map(({ handle }) => handle);
        expect(linkedOnes).toEqual(['ada', 'carol']);
      }, PATIENCE_MS);
      expect(await restored.doors.verifyAudit()).toMatchObject({ ok: true, broken: null });

      // What goes on from there is believed by everybody: no version is said a second time.
      await sendAlert(restored.doors, lugha, { title: 'The queue is long', key: 'queue', status: 'resolved' });
      await sendKpis(restored.doors, lugha, { week: '2026-W46', kpis: { signups: 13 } });
      await eventually(async () => {
        expect((await alertsOf(restored)).map(({ status }) => status)).toEqual(['resolved', 'resolved']);
        expect(await kpisOf(restored)).toEqual([['lugha', '2026-W46', 13]]);
        const shown = telegram.chat(carol.id).messages.filter(({ text }) => text.includes('The queue is long'));
        expect(shown.at(-1)!.text).toMatch(/over after/i);
      }, PATIENCE_MS);
      await restored.doors.ask(DEPLOY);
      const asked = await telegram.waitForMessage(
        ada.id,
        ({ id, text, buttons }) => id > question.id && text.includes(QUESTION) && buttons.includes('No'),
        PATIENCE_MS,
      );
      ada.tap(asked, 'No');
      await eventually(async () => {
        const process = await restored.doors.process(DEPLOY);
        expect(process.status).toBe('certified');
        expect(process.certificationDate).not.toBe(certified.certificationDate);
      }, PATIENCE_MS);
      expect((await restored.doors.deadLetters()).items).toEqual([]);
    },
    5 * MINUTES,
  );
});
