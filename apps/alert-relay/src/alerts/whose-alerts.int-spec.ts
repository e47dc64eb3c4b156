import { createHash, randomBytes } from 'node:crypto';
import { ServiceDatabase } from '@recert/bus';
import { type AlertView, type Page, type Problem, ProductRegistered, SessionChanged } from '@recert/contracts';
import { type RunningProcess, SESSION_COOKIE, startProcess } from '@recert/service-kit';
import { eventually, testDatabase, type TestDatabase } from '@recert/testing';
import { AlertRelayModule, alertRelayConfig } from '../index';
import { ApplySigns } from './apply-signs';

/** Owned by ada, with carol as an admin of its own. */
const lugha = ProductRegistered.example;
const shop = { ...lugha, productId: 'shop', owner: 'bob', admins: [] };

describe('whoever does something about an alert over HTTP', () => {
  let store: TestDatabase;
  let running: RunningProcess;
  let database: ServiceDatabase;
  const cookies = new Map<string, string>();

  const logIn = async (handle: string, role: SessionChanged['role']): Promise<void> => {
    const cookie = randomBytes(32).toString('base64url');
    const hash = createHash('sha256').update(cookie).digest('hex');
    const expiresAt = '2999-01-01T00:00:00.000Z';
    const session = { sessionId: handle, version: 1, hash, name: handle, handle, role, expiresAt, active: true };
    await database.transaction(async (tx) => void tx.publish(SessionChanged, session));
    cookies.set(handle, cookie);
  };
  const ask = async <T>(who: string, path: string, method = 'GET') => {
    const headers = { cookie: `${SESSION_COOKIE}=${cookies.get(who)!}`, 'sec-fetch-site': 'same-origin' };
    const response = await fetch(`${running.url}/api/alerts${path}`, { method, headers });
    return { status: response.status, body: (await response.json()) as T };
  };
  const raise = (key: string, productId: string | null): Promise<void> =>
    database.transaction((tx) =>
      running.app
        .get(ApplySigns, { strict: false })
        .apply(tx, { source: 'generic', hookId: null, receivedAt: new Date('2026-11-21T09:00:00.000Z'), productId }, [
          {
            ...{ key, status: 'firing', kind: 'other', severity: 'warning', title: key, detail: null },
            ...{ link: null, productHints: [], at: null, by: null },
          },
        ]),
    );
  const tell = async (product: ProductRegistered): Promise<void> => {
    await database.transaction(async (tx) => void tx.publish(ProductRegistered, product));
  };
  const knows = (id: string, owner: string | null): Promise<void> =>
    eventually(async () =>
      expect(await database.query('select owner from product where id = $1', [id])).toEqual([{ owner }]),
    );
  const idOf = async (title: string): Promise<string> =>
    (await ask<Page<AlertView>>('grace', '')).body.items.find((alert) => alert.title === title)!.id;

  beforeEach(async () => {
    store = await testDatabase();
    running = await startProcess(
      { name: 'alert-relay', modules: (env) => [AlertRelayModule.forRoot(alertRelayConfig.parse({ ...env }))] },
      { DATABASE_URL: store.url, BUS_URL: store.url, PORT: '0', LOG_LEVEL: 'silent' },
    );
    database = running.app.get(ServiceDatabase, { strict: false });
    await tell(lugha);
    await tell(shop);
    await knows('lugha', 'ada');
    await knows('shop', 'bob');
    await raise('of lugha', 'lugha');
    await raise('of nobody', null);
    await logIn('ada', 'owner');
    await logIn('carol', 'owner');
    await logIn('bob', 'owner');
    await logIn('vera', 'viewer');
    await logIn('grace', 'admin');
  });
  afterEach(async () => {
    await running.stop();
    await store.drop();
  });

  it.each([
    ['ada', 'its owner', 200, 403],
    ['carol', 'one of its admins', 200, 403],
    ['bob', 'an owner of something else', 403, 403],
    ['vera', 'a viewer', 403, 403],
    ['grace', 'an admin of all', 200, 200],
  ])('is told whether they may: %s, %s', async (who, _what, ofLugha, ofNobody) => {
    const { body } = await ask<Page<AlertView>>(who, '');
    const may = Object.fromEntries(body.items.map(({ title, mayAct }) => [title, mayAct]));
    expect(may).toEqual({ 'of lugha': ofLugha === 200, 'of nobody': ofNobody === 200 });
    for (const [title, status] of [
      ['of lugha', ofLugha],
      ['of nobody', ofNobody],
    ] as const) {
      const path = `/${await idOf(title)}`;
      expect((await ask<AlertView>(who, path)).body.mayAct).toBe(status === 200);
      for (const action of ['acknowledge', 'resolve'])
        expect([action, (await ask(who, `${path}/${action}`, 'POST')).status]).toEqual([action, status]);
    }
  });

  it('hears whose it is when they may not, and changes nothing', async () => {
    const id = await idOf('of lugha');
    const { body } = await ask<Problem>('bob', `/${id}/acknowledge`, 'POST');
    expect(body.detail).toBe('This alert is of the product "lugha": only its people and admins may do this.');
    expect((await ask<AlertView>('bob', `/${id}`)).body).toMatchObject({ status: 'firing', acknowledgedBy: null });
  });

  it('is known by the newest word of the registry', async () => {
    await tell({ ...lugha, version: 2, owner: 'bob', admins: [] });
    await knows('lugha', 'bob');
    const path = `/${await idOf('of lugha')}/acknowledge`;
    expect((await ask('ada', path, 'POST')).status).toBe(403);
    expect((await ask('bob', path, 'POST')).status).toBe(200);
  });

  it('is learned of a product that was known before its people were kept', async () => {
    await database.query(`update product set owner = null, admins = '{}' where id = 'lugha'`);
    const path = `/${await idOf('of lugha')}/acknowledge`;
    expect((await ask('ada', path, 'POST')).status).toBe(403);
    await tell(lugha);
    await knows('lugha', 'ada');
    expect((await ask('ada', path, 'POST')).status).toBe(200);
  });
});
