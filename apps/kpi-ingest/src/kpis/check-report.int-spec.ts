import { createHash, randomBytes } from 'node:crypto';
import { ServiceDatabase } from '@recert/bus';
import { type KpiCheckView, type Problem, ProductRegistered, TokenChanged } from '@recert/contracts';
import { type RunningProcess, startProcess } from '@recert/service-kit';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { KpiIngestModule, kpiIngestConfig } from '../index';

const ADMIN = 'a-token-for-the-tests';

describe('POST /api/kpis/check', () => {
  let store: TestDatabase;
  let running: RunningProcess;
  let database: ServiceDatabase;
  const secret = randomBytes(32).toString('base64url');
  const token = `recert_6f1d2a9be04c_${secret}`;

  const post = async <T>(path: string, text: string, bearer: string | null = ADMIN) => {
    const response = await fetch(`${running.url}${path}`, {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
    });
    return { status: response.status, body: (await response.json()) as T };
  };
  const check = (body: unknown) => post<KpiCheckView>('/api/kpis/check?product=lugha', JSON.stringify(body));
  const problemOf = async (body: unknown, path = '/api/kpis/check?product=lugha', bearer: string | null = ADMIN) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const { status, body: problem } = await post<Problem>(path, text, bearer);
    return { status, detail: problem.detail, fields: problem.errors?.map(({ field }) => field) ?? [] };
  };
  const figures = () => database.query('select * from figure');

  beforeAll(async () => {
    store = await testDatabase();
    running = await startProcess(
      { name: 'kpi-ingest', modules: (env) => [KpiIngestModule.forRoot(kpiIngestConfig.parse(env))] },
      { DATABASE_URL: store.url, BUS_URL: store.url, PORT: '0', LOG_LEVEL: 'silent', RECERT_ADMIN_TOKEN: ADMIN },
      new MovableClock(new Date('2026-11-21T09:00:00.000Z')),
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
  afterAll(async () => {
    await running.stop();
    await store.drop();
  });

  it('answers what would be stored of a report, and stores nothing', async () => {
    const { status, body } = await check({ kpis: [{ name: ' signups ', value: 12, unit: 'people', target: 20 }] });
    expect(status).toBe(200);
    expect(body).toEqual({
      week: '2026-W46',
      figures: [{ name: 'signups', value: 12, unit: 'people', target: 20, better: 'up', effect: 'new' }],
    });
    expect(await figures()).toEqual([]);
    expect(await database.query('select from report')).toEqual([]);
    expect(await database.query('select from intake')).toEqual([]);
  });

  it('says what it would do to what the week has already, in the meaning that was given before', async () => {
    const sent = { week: '2026-W45', kpis: [{ name: 'churn', value: 3, unit: '%', better: 'down' }] };
    expect((await post('/hooks/kpi/lugha', JSON.stringify(sent), token)).status).toBe(202);
    await eventually(async () => expect(await figures()).toHaveLength(1));
    const { body } = await check({ week: '2026-W45', kpis: { churn: 4, visits: 9 } });
    expect(body.figures).toEqual([
      { name: 'churn', value: 4, unit: '%', target: null, better: 'down', effect: 'corrected' },
      { name: 'visits', value: 9, unit: null, target: null, better: 'up', effect: 'new' },
    ]);
    expect((await check({ week: '2026-W45', kpis: { churn: 3 } })).body.figures).toMatchObject([{ effect: 'kept' }]);
    expect(await figures()).toMatchObject([{ value: 3 }]);
  });

  it.each([
    [{ week: '2026-W48', kpis: { signups: 1 } }, ['week']],
    [{ kpis: { signups: 'twelve' } }, ['kpis.signups']],
    [{ kpis: [{ name: 'signups' }] }, ['kpis.0.value']],
    [{ kpis: {} }, ['kpis']],
    [[], ['body']],
    ['null', ['body']],
  ])('names the field that is wrong in %j', async (body, fields) => {
    expect(await problemOf(body)).toMatchObject({ status: 422, fields });
  });

  it('takes the week that runs, and refuses what is no JSON at all', async () => {
    expect((await check({ week: '2026-W47', kpis: { signups: 1 } })).status).toBe(200);
    expect(await problemOf('{"week": ')).toMatchObject({ status: 400 });
  });

  it('knows no other product, and nobody without a token for this', async () => {
    const body = { kpis: { signups: 1 } };
    expect(await problemOf(body, '/api/kpis/check?product=other')).toMatchObject({ status: 404 });
    expect(await problemOf(body, '/api/kpis/check')).toMatchObject({ status: 400, fields: ['product'] });
    expect(await problemOf(body, '/api/kpis/check?product=lugha', null)).toMatchObject({ status: 401 });
    expect(await problemOf(body, '/api/kpis/check?product=lugha', token)).toMatchObject({ status: 403 });
  });
});
