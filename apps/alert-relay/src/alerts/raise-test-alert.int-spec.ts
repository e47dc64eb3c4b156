import { ServiceDatabase } from '@recert/bus';
import { AlertRaised, AlertResolved, type AlertView, type Problem, ProductRegistered } from '@recert/contracts';
import { type RunningProcess, startProcess } from '@recert/service-kit';
import { eventually, testDatabase, type TestDatabase } from '@recert/testing';
import { AlertRelayModule, alertRelayConfig } from '../index';

const ADMIN = 'a-token-for-the-tests';

describe('POST /api/alerts/test', () => {
  let store: TestDatabase;
  let running: RunningProcess;
  let database: ServiceDatabase;

  const test = async <T>(body: unknown, bearer: string | null = ADMIN) => {
    const response = await fetch(`${running.url}/api/alerts/test`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
    });
    return { status: response.status, body: (await response.json()) as T };
  };
  const published = async () => {
    const rows = await database.query<{ subject: string; payload: string }>(
      `select subject, payload from outbox where subject like 'alert.%' order by id`,
    );
    return rows.map(({ subject, payload }) => ({ subject, ...(JSON.parse(payload) as AlertRaised & AlertResolved) }));
  };

  beforeAll(async () => {
    store = await testDatabase();
    running = await startProcess(
      { name: 'alert-relay', modules: (env) => [AlertRelayModule.forRoot(alertRelayConfig.parse({ ...env }))] },
      { DATABASE_URL: store.url, BUS_URL: store.url, PORT: '0', LOG_LEVEL: 'silent', RECERT_ADMIN_TOKEN: ADMIN },
    );
    database = running.app.get(ServiceDatabase, { strict: false });
    await database.transaction(async (tx) => {
      tx.publish(ProductRegistered, { ...ProductRegistered.example, productId: 'lugha' });
    });
    await eventually(async () => expect(await database.query('select from product')).toHaveLength(1));
  });
  afterAll(async () => {
    await running.stop();
    await store.drop();
  });

  it('raises an alert of the product as a source would, and ends it', async () => {
    const { status, body } = await test<AlertView>({ product: 'lugha' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ source: 'test', product: 'lugha', severity: 'info', title: 'Test of lugha', status: 'resolved' },
      ...{ count: 1, resolvedBy: 'admin' },
    });
    expect(body.durationSeconds).toBeGreaterThanOrEqual(1);
    expect(await published()).toMatchObject([
      { subject: AlertRaised.subject, alertId: body.id, productId: 'lugha', level: 1, severity: 'info' },
      { subject: AlertResolved.subject, alertId: body.id, productId: 'lugha' },
    ]);
    const signs = await database.query('select status, effect from alert_sign order by received_at');
    expect(signs).toEqual([
      { status: 'firing', effect: 'raised at level 1' },
      { status: 'resolved', effect: 'resolved' },
    ]);
  });

  it('is another alert each time', async () => {
    const [first, second] = [
      await test<AlertView>({ product: 'lugha' }),
      await test<AlertView>({ product: 'lugha' }),
    ] as const;
    expect(second.body.id).not.toBe(first.body.id);
    expect(second.body).toMatchObject({ status: 'resolved', count: 1 });
  });

  it('knows no other product, and nobody without a token', async () => {
    const unknown = await test<Problem>({ product: 'other' });
    expect(unknown).toMatchObject({ status: 404, body: { detail: 'There is no product "other".' } });
    expect((await test<Problem>({})).body.errors).toMatchObject([{ field: 'product' }]);
    expect((await test({ product: 'lugha' }, null)).status).toBe(401);
  });
});
