import { createHash, randomBytes } from 'node:crypto';
import { ServiceDatabase } from '@recert/bus';
import {
  KpiMissed,
  KpiReceived,
  type KpiTestView,
  type Problem,
  ProductRegistered,
  SessionChanged,
  TokenChanged,
} from '@recert/contracts';
import { type RunningProcess, SESSION_COOKIE, startProcess } from '@recert/service-kit';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { KpiIngestModule, kpiIngestConfig } from '../index';

const ADMIN = 'a-token-for-the-tests';
const NOW = new Date('2026-11-21T09:00:00.000Z');

describe('POST /api/kpis/test', () => {
  let store: TestDatabase;
  let running: RunningProcess;
  let database: ServiceDatabase;
  const secret = randomBytes(32).toString('base64url');
  const token = `recert_6f1d2a9be04c_${secret}`;
  const clock = new MovableClock(NOW);

  const post = async <T>(path: string, text: string, bearer: string | null = ADMIN) => {
    const response = await fetch(`${running.url}${path}`, {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
    });
    return { status: response.status, body: (await response.json()) as T };
  };
  const test = (body: object) => post<KpiTestView>('/api/kpis/test', JSON.stringify({ product: 'lugha', ...body }));
  const problemOf = async (body: unknown, bearer: string | null = ADMIN) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const { status, body: problem } = await post<Problem>('/api/kpis/test', text, bearer);
    return { status, detail: problem.detail, fields: problem.errors?.map(({ field }) => field) ?? [] };
  };
  const figures = () => database.query('select * from figure');
  const published = async <T>(subject: string): Promise<T[]> => {
    const rows = await database.query<{ payload: string }>(
      'select payload from outbox where subject = $1 order by id',
      [subject],
    );
    return rows.map((row) => JSON.parse(row.payload) as T);
  };
  const received = () => published<KpiReceived>(KpiReceived.subject);
  const lastReceived = async (): Promise<KpiReceived> => (await received()).at(-1)!;
  /** A test by somebody who is logged in. @returns its status */
  const testAs = async (handle: string): Promise<number> => {
    const cookie = randomBytes(32).toString('base64url');
    const hash = createHash('sha256').update(cookie).digest('hex');
    const session = { sessionId: handle, hash, name: handle, handle, role: 'owner' as const };
    const expiresAt = new Date(clock.now().getTime() + 365 * 86_400_000).toISOString();
    await database.transaction(
      async (tx) => void tx.publish(SessionChanged, { ...SessionChanged.example, ...session, expiresAt }),
    );
    const response = await fetch(`${running.url}/api/kpis/test`, {
      method: 'POST',
      body: JSON.stringify({ product: 'lugha', kpis: { signups: 1 } }),
      headers: {
        'content-type': 'application/json',
        cookie: `${SESSION_COOKIE}=${cookie}`,
        'sec-fetch-site': 'same-origin',
      },
    });
    return response.status;
  };

  beforeEach(async () => {
    store = await testDatabase();
    clock.set(NOW);
    running = await startProcess(
      { name: 'kpi-ingest', modules: (env) => [KpiIngestModule.forRoot(kpiIngestConfig.parse(env))] },
      { DATABASE_URL: store.url, BUS_URL: store.url, PORT: '0', LOG_LEVEL: 'silent', RECERT_ADMIN_TOKEN: ADMIN },
      clock,
    );
    database = running.app.get(ServiceDatabase, { strict: false });
    const hash = createHash('sha256').update(secret).digest('hex');
    await database.transaction(async (tx) => {
      tx.publish(ProductRegistered, { ...ProductRegistered.example, productId: 'lugha' });
      const known = { tokenId: '6f1d2a9be04c', hash, scopes: ['kpi:lugha'], product: 'lugha' };
      tx.publish(TokenChanged, { ...TokenChanged.example, ...known });
    });
    await eventually(async () => {
      expect(await database.query('select from product p, known_token t')).toHaveLength(1);
    });
  });
  afterEach(async () => {
    await running.stop();
    await store.drop();
  });

  it('says a test, answers what would be stored of it, and stores nothing', async () => {
    const { status, body } = await test({ kpis: [{ name: ' signups ', value: 12, unit: 'people', target: 20 }] });
    expect(status).toBe(200);
    expect(body).toEqual({
      week: '2026-W46',
      figures: [{ name: 'signups', value: 12, unit: 'people', target: 20, better: 'up', effect: 'new' }],
    });
    expect(await figures()).toEqual([]);
    for (const table of ['report', 'intake', 'former_value', 'silence'])
      expect(await database.query(`select from ${table}`)).toEqual([]);
    expect(await received()).toMatchObject([
      {
        ...{ productId: 'lugha', productName: 'Lugha', week: '2026-W46', version: 1, corrected: null, late: false },
        ...{ receivedAt: NOW.toISOString(), missing: [], test: true, testBy: 'admin' },
        figures: [{ name: 'signups', value: 12, unit: 'people', target: 20, previous: null }],
      },
    ]);
  });

  it('leaves no trace in what is said of the report that comes after it', async () => {
    const report = { week: '2026-W45', kpis: { signups: 9 } };
    await test({ week: '2026-W44', kpis: { signups: 7, churn: 2 } });
    await test({ week: '2026-W45', kpis: { signups: 8 } });
    expect((await post('/hooks/kpi/lugha', JSON.stringify(report), token)).status).toBe(202);
    await eventually(async () => expect(await received()).toHaveLength(3));
    expect(await lastReceived()).toMatchObject({
      ...{ week: '2026-W45', version: 1, corrected: null, missing: [], test: false, testBy: null },
      figures: [{ name: 'signups', value: 9, previous: null, median: null }],
    });
  });

  it('does not stop the word that the KPIs of its week are missing', async () => {
    expect((await test({ week: '2026-W46', kpis: { signups: 1 } })).status).toBe(200);
    await database.query(`update product set expected_from = '2026-W46'`);
    await database.transaction(
      async (tx) => void tx.publish(ProductRegistered, { ...ProductRegistered.example, version: 2 }),
    );
    const missed = () => published<KpiMissed>(KpiMissed.subject);
    await eventually(async () => {
      expect(await missed()).toMatchObject([{ week: '2026-W46', lastHeardAt: null, lastWeek: null }]);
    });
    await test({ week: '2026-W46', kpis: { signups: 1 } });
    expect(await lastReceived()).toMatchObject({ test: true, late: true });
    expect(await database.query('select week from silence')).toEqual([{ week: '2026-W46' }]);
  });

  it('is for an admin and the owner of the product', async () => {
    expect(await testAs('ada')).toBe(200);
    expect(await lastReceived()).toMatchObject({ test: true, testBy: 'ada' });
    expect(await testAs('ben')).toBe(403);
    expect(await received()).toHaveLength(1);
  });

  it('says what it would do to what the week has already, in the meaning that was given before', async () => {
    const sent = { week: '2026-W45', kpis: [{ name: 'churn', value: 3, unit: '%', better: 'down' }] };
    expect((await post('/hooks/kpi/lugha', JSON.stringify(sent), token)).status).toBe(202);
    await eventually(async () => expect(await figures()).toHaveLength(1));
    const { body } = await test({ week: '2026-W45', kpis: { churn: 4, visits: 9 } });
    expect(body.figures).toEqual([
      { name: 'churn', value: 4, unit: '%', target: null, better: 'down', effect: 'corrected' },
      { name: 'visits', value: 9, unit: null, target: null, better: 'up', effect: 'new' },
    ]);
    // What the week has already keeps its version, and is not corrected.
    expect(await lastReceived()).toMatchObject({
      ...{ version: 1, corrected: ['churn'], test: true },
      figures: [
        { name: 'churn', value: 4 },
        { name: 'visits', value: 9 },
      ],
    });
    expect((await test({ week: '2026-W45', kpis: { churn: 3 } })).body.figures).toMatchObject([{ effect: 'kept' }]);
    expect(await figures()).toMatchObject([{ value: 3 }]);
  });

  it.each([
    [{ week: '2026-W48', kpis: { signups: 1 } }, ['week']],
    [{ kpis: { signups: 'twelve' } }, ['kpis.signups']],
    [{ kpis: [{ name: 'signups' }] }, ['kpis.0.value']],
    [{ kpis: {} }, ['kpis']],
    [{}, ['kpis']],
  ])('names the field that is wrong in %j, and says nothing', async (body, fields) => {
    expect(await problemOf({ product: 'lugha', ...body })).toMatchObject({ status: 422, fields });
    expect(await received()).toEqual([]);
  });

  it('takes the week that runs, and refuses what is no JSON at all', async () => {
    expect((await test({ week: '2026-W47', kpis: { signups: 1 } })).status).toBe(200);
    expect(await problemOf('{"week": ')).toMatchObject({ status: 400 });
  });

  it('knows no other product, and nobody without a token for this', async () => {
    const kpis = { signups: 1 };
    expect(await problemOf({ product: 'other', kpis })).toMatchObject({ status: 404 });
    expect(await problemOf({ kpis })).toMatchObject({ status: 400, fields: ['product'] });
    for (const none of [[], 'null']) expect(await problemOf(none)).toMatchObject({ status: 400 });
    expect(await problemOf({ product: 'lugha', kpis }, null)).toMatchObject({ status: 401 });
    expect(await problemOf({ product: 'lugha', kpis }, token)).toMatchObject({ status: 403 });
    expect(await received()).toEqual([]);
  });
});
