import { createHash, randomBytes } from 'node:crypto';
import { ServiceDatabase } from '@recert/bus';
import {
  type DeadLetterView,
  KpiMissed,
  KpiReceived,
  type KpiView,
  type Page,
  ProductRegistered,
  TokenChanged,
  TokenUsed,
} from '@recert/contracts';
import { type RunningProcess, startProcess } from '@recert/service-kit';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { KpiIngestModule, kpiIngestConfig } from './index';

const ADMIN = 'a-token-for-the-tests';

describe('kpi-ingest as a service', () => {
  let store: TestDatabase;
  let clock: MovableClock;
  let running: RunningProcess;
  let database: ServiceDatabase;
  let token: string;

  const start = async (environment: Record<string, string> = {}): Promise<void> => {
    running = await startProcess(
      { name: 'kpi-ingest', modules: (env) => [KpiIngestModule.forRoot(kpiIngestConfig.parse(env))] },
      {
        ...{ DATABASE_URL: store.url, BUS_URL: store.url, PORT: '0', LOG_LEVEL: 'silent', RECERT_ADMIN_TOKEN: ADMIN },
        ...environment,
      },
      clock,
    );
    database = running.app.get(ServiceDatabase, { strict: false });
  };

  /** What the registry does when a product is made. @returns its token */
  const register = async (productId: string, change: Partial<ProductRegistered> = {}): Promise<string> => {
    const id = randomBytes(6).toString('hex');
    const secret = randomBytes(32).toString('base64url');
    const hash = createHash('sha256').update(secret).digest('hex');
    await database.transaction(async (tx) => {
      tx.publish(ProductRegistered, { ...ProductRegistered.example, productId, ...change });
      const scopes = [`kpi:${productId}`];
      tx.publish(TokenChanged, { ...TokenChanged.example, tokenId: id, hash, scopes, product: productId });
    });
    await eventually(async () => {
      const known = await database.query('select from product p, known_token t where p.product_id = $1 and t.id = $2', [
        productId,
        id,
      ]);
      expect(known).toHaveLength(1);
    });
    return `recert_${id}_${secret}`;
  };
  const post = async (path: string, body: unknown, bearer: string | null = token) => {
    const response = await fetch(`${running.url}${path}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
    });
    return { status: response.status, body: (await response.json()) as { id: string; detail: string } };
  };
  const get = async <T>(path: string, bearer: string | null = ADMIN): Promise<{ status: number; body: T }> => {
    const headers = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
    const response = await fetch(`${running.url}${path}`, { headers });
    return { status: response.status, body: (await response.json()) as T };
  };
  const published = async <T>(subject: string): Promise<T[]> => {
    const rows = await database.query<{ payload: string }>(
      'select payload from outbox where subject = $1 order by id',
      [subject],
    );
    return rows.map((row) => JSON.parse(row.payload) as T);
  };
  const receivedTimes = (n: number): Promise<KpiReceived[]> =>
    eventually(async () => {
      const events = await published<KpiReceived>(KpiReceived.subject);
      expect(events).toHaveLength(n);
      return events;
    });

  beforeEach(async () => {
    store = await testDatabase();
    clock = new MovableClock(new Date());
    await start();
    token = await register('lugha');
  });
  afterEach(async () => {
    await running.stop();
    await store.drop();
  });

  it('takes a report in by its product’s token, answers, and says it', async () => {
    const { status, body } = await post('/hooks/kpi/lugha', { week: '2026-W01', kpis: { signups: 12 } });
    expect(status).toBe(202);
    const [event] = await receivedTimes(1);
    expect(event).toMatchObject({ productId: 'lugha', week: '2026-W01', figures: [{ name: 'signups', value: 12 }] });
    const rows = await database.query<{ headers: Record<string, string> }>(
      'select headers from outbox where subject = $1',
      [KpiReceived.subject],
    );
    expect(rows[0]!.headers['ce-correlationid']).toBe(body.id);
  });

  it('takes the same bytes once in a week, and as the report of another week in another one', async () => {
    const body = { kpis: { signups: 12 } };
    const first = await post('/hooks/kpi/lugha', body);
    expect(await post('/hooks/kpi/lugha', body)).toEqual({ status: 200, body: first.body });
    await receivedTimes(1);
    clock.advance(7 * 86_400_000);
    expect((await post('/hooks/kpi/lugha', body)).status).toBe(202);
  });

  it('lets nobody else in, and tells nobody which products there are', async () => {
    const other = await register('other');
    const body = { kpis: { signups: 12 } };
    const refused = { status: 401, detail: 'Send a valid token: Authorization: Bearer <token>.' };
    const attempts = [
      post('/hooks/kpi/lugha', body, null),
      post('/hooks/kpi/lugha', body, other),
      post('/hooks/kpi/lugha', body, ADMIN),
      post('/hooks/kpi/lugha', body, `${token}x`),
      post('/hooks/kpi/nobody', body, token),
      post('/hooks/kpi/nobody', body, null),
      post('/hooks/kpi/', body, token),
    ];
    for (const { status, body: problem } of await Promise.all(attempts)) {
      expect({ status, detail: problem.detail }).toEqual(refused);
    }
    expect(await database.query('select from intake')).toEqual([]);
  });

  it('lets a token in no more that was revoked', async () => {
    const [, id] = token.split('_');
    await database.transaction(async (tx) => {
      tx.publish(TokenChanged, { ...TokenChanged.example, tokenId: id!, version: 2, active: false });
    });
    await eventually(async () => expect((await post('/hooks/kpi/lugha', { kpis: { a: 1 } })).status).toBe(401));
  });

  it('tells when its token was used, at first and then once a minute, and at the end', async () => {
    const tokenId = token.split('_')[1]!;
    const told = () => published<TokenUsed>(TokenUsed.subject);
    const toldTimes = (n: number) => eventually(async () => expect(await told()).toHaveLength(n));
    const use = async (signups: number): Promise<string> => {
      const { status } = await post('/hooks/kpi/lugha', { week: '2026-W01', kpis: { signups } });
      expect(status).toBe(202);
      return clock.now().toISOString();
    };
    const looked = () => new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await post('/hooks/kpi/shop', { kpis: { signups: 1 } })).status).toBe(401);
    await looked();
    expect(await told()).toEqual([]);
    const first = await use(1);
    await toldTimes(1);
    await use(2);
    clock.advance(59_999);
    const last = await use(3);
    await looked();
    expect(await told()).toEqual([{ uses: [{ tokenId, at: first }] }]);
    clock.advance(1);
    await toldTimes(2);
    expect((await told())[1]).toEqual({ uses: [{ tokenId, at: last }] });
    clock.advance(1);
    const end = await use(4);
    await running.stop();
    await start();
    expect((await told())[2]).toEqual({ uses: [{ tokenId, at: end }] });
  });

  it('makes a dead letter with its reason of what it cannot use, and takes it when it can', async () => {
    const next = { week: '2099-W01', kpis: { signups: 12 } };
    expect((await post('/hooks/kpi/lugha', next)).status).toBe(202);
    const [letter] = await eventually(async () => {
      const { body } = await get<Page<DeadLetterView>>('/api/dead-letters');
      expect(body.items).toHaveLength(1);
      return body.items;
    });
    expect(letter).toMatchObject({ service: 'kpi-ingest', payload: JSON.stringify(next) });
    expect(letter!.reason).toMatch(/^week: 2099-W01 has not begun/);
    const replayed = await post(`/api/dead-letters/${letter!.id}/replay`, {}, ADMIN);
    expect(replayed.body).toMatchObject({ replayed: false });
  });

  it('says without waiting for a poll when KPIs are missed, and that they came late', async () => {
    await database.query(`update product set expected_from = '2020-W01'`);
    await database.transaction(async (tx) => {
      tx.publish(ProductRegistered, { ...ProductRegistered.example, productId: 'lugha', version: 2 });
    });
    const missed = await eventually(async () => {
      const [event] = await published<KpiMissed>(KpiMissed.subject);
      expect(event).toMatchObject({ productId: 'lugha', level: 'owner', lastHeardAt: null });
      return event!;
    }, 3000);
    await post('/hooks/kpi/lugha', { week: missed.week, kpis: { signups: 12 } });
    expect(await receivedTimes(1)).toMatchObject([{ week: missed.week, late: true }]);
  });

  describe('shows what was reported', () => {
    const list = async (query: string) => {
      const { body } = await get<Page<KpiView>>(`/api/kpis?${query}`);
      return { lines: body.items.map(({ product, week, name }) => `${product} ${week} ${name}`), next: body.next };
    };
    beforeEach(async () => {
      const other = await register('other');
      await post('/hooks/kpi/lugha', { week: '2026-W02', kpis: { signups: 12, churn: 3 } });
      await post('/hooks/kpi/lugha', { week: '2025-W52', kpis: { signups: 9 } });
      await post('/hooks/kpi/lugha', { week: '2026-W02', kpis: { signups: 13 } });
      await post('/hooks/kpi/other', { week: '2026-W02', kpis: { churn: 5 } }, other);
      await receivedTimes(4);
    });

    it('by week and name, page by page', async () => {
      const all = ['lugha 2025-W52 signups', 'lugha 2026-W02 churn', 'other 2026-W02 churn', 'lugha 2026-W02 signups'];
      expect(await list('')).toEqual({ lines: all, next: null });
      const first = await list('limit=2');
      expect(first.lines).toEqual(all.slice(0, 2));
      const second = await list(`limit=2&cursor=${first.next}`);
      expect(second).toEqual({ lines: all.slice(2), next: null });
    });

    it.each([
      ['product=other', ['other 2026-W02 churn']],
      ['product=nobody', []],
      ['name=signups', ['lugha 2025-W52 signups', 'lugha 2026-W02 signups']],
      ['product=lugha&from=2026-W01&name=churn', ['lugha 2026-W02 churn']],
      ['to=2025-W52', ['lugha 2025-W52 signups']],
      ['from=2026-W02&to=2026-W02&product=lugha', ['lugha 2026-W02 churn', 'lugha 2026-W02 signups']],
      ['from=2026-W03', []],
    ])('by %s', async (query, lines) => {
      expect((await list(query)).lines).toEqual(lines);
    });

    it('with what it was before it was corrected', async () => {
      const { body } = await get<Page<KpiView>>('/api/kpis?product=lugha&name=signups&from=2026-W02');
      expect(body.items).toEqual([
        {
          ...{ product: 'lugha', week: '2026-W02', name: 'signups', value: 13, unit: null, target: null, better: 'up' },
          receivedAt: expect.stringMatching(/Z$/) as string,
          corrections: [{ value: 12, receivedAt: expect.stringMatching(/Z$/) as string }],
        },
      ]);
    });

    it.each([
      'from=2025-W53',
      'to=2025-W53',
      'from=now',
      'product=A%20b',
      'limit=0',
      'cursor=nonsense',
      `cursor=${Buffer.from('[1,2,3]').toString('base64url')}`,
      `cursor=${Buffer.from('["\\u0000","b","c"]').toString('base64url')}`,
      'name=%00',
    ])('to nobody who asks with %s', async (query) => {
      expect((await get(`/api/kpis?${query}`)).status).toBe(400);
    });

    it('to nobody without a token, nor with one that only sends', async () => {
      expect((await get('/api/kpis', null)).status).toBe(401);
      expect((await get('/api/kpis', token)).status).toBe(403);
    });
  });

  it('is ready, with a schema of its own', async () => {
    await eventually(async () => expect((await get('/health/ready', null)).status).toBe(200));
    const rows = await database.query<{ schema: string }>('select current_schema() as schema');
    expect(rows).toEqual([{ schema: 'kpi-ingest' }]);
  });
});
