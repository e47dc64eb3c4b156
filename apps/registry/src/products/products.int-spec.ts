import {
  ProductRegistered,
  TokenChanged,
  type Page,
  type Problem,
  type ProductCreated,
  type ProductView,
} from '@recert/contracts';
import { sha256 } from '@recert/service-kit';
import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { type HistoryEntry } from '../history/history-chain';
import { type Token } from '../access/token.repository';
import { bakery } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';

const clock = new MovableClock('2026-11-20T09:00:00.000Z');
const PUBLIC_URL = 'https://recert.example.org';

const text = (pattern: RegExp): string => expect.stringMatching(pattern) as string;

describe('products', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;

  beforeEach(async () => {
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery, { PUBLIC_URL }, clock);
  });
  afterEach(async () => {
    await registry.stop();
    await database.drop();
  });

  const lugha = { name: 'Lugha', owner: 'ada', admins: ['bob'] };
  const add = (body: object = lugha) => registry.request<ProductCreated & Problem>('POST', '/api/products', { body });
  const edit = (id: string, body: object) =>
    registry.request<ProductView & Problem>('PATCH', `/api/products/${id}`, { body });
  const rotate = (id = 'lugha') =>
    registry.request<{ id: string; token: string } & Problem>('POST', `/api/products/${id}/tokens`);
  const tokens = async () => (await registry.ask<Page<Token>>('GET', '/api/tokens')).items;
  const told = async (tokenId: string) =>
    (await registry.published(TokenChanged)).filter((event) => event.tokenId === tokenId);
  const history = async () =>
    (await registry.ask<HistoryEntry[]>('GET', '/api/audit/export')).filter(({ field }) => field.startsWith('product'));

  it('are registered with a token that is shown once, and announced', async () => {
    const { status, body } = await add();
    const { tokenId, token, ...view } = body;
    expect([status, view]).toEqual([
      201,
      {
        ...{ id: 'lugha', name: 'Lugha', owner: 'ada', admins: ['bob'], active: true, version: 1 },
        ...{ url: null, repository: null, sentryProject: null },
        week: { timezone: 'Europe/Berlin', dueBy: 'mon 12:00' },
        hooks: {
          kpi: `${PUBLIC_URL}/hooks/kpi/lugha`,
          alerts: `${PUBLIC_URL}/hooks/alerts/generic`,
          sentry: `${PUBLIC_URL}/hooks/sentry`,
        },
      },
    ]);
    expect(await registry.ask('GET', '/api/products/lugha')).toEqual(view);
    const { id: productId, hooks: _hooks, ...state } = view;
    expect(await registry.published(ProductRegistered)).toEqual([{ productId, ...state }]);
    const secret = token.slice(-43);
    const scopes = ['kpi:lugha', 'alerts:generic', 'alerts:alertmanager', 'alerts:grafana', 'alerts:uptime-kuma'];
    expect(await told(tokenId)).toEqual([
      {
        ...{ tokenId, version: 1, name: 'lugha', scopes, product: 'lugha', active: true },
        hash: sha256(secret).toString('hex'),
      },
    ]);
    const kept = await registry.database.query('select payload as row from outbox union select t::text from token t');
    expect(JSON.stringify([kept, await tokens(), await history()])).not.toContain(secret);
    expect(await tokens()).toMatchObject([{ id: tokenId, product: 'lugha', revokedAt: null }]);
    expect((await registry.request('GET', '/api/products', { token })).status).toBe(403);
    expect((await history()).map((row) => [row.field, row.new])).toContainEqual(['product lugha owner', 'ada']);
  });

  it('are announced once more at the start where that is wanted, however many start', async () => {
    await add();
    await registry.database.query('update product set announced = false');
    const others = await Promise.all([1, 2].map(() => RunningRegistry.start(database.url, bakery, {}, clock)));
    await Promise.all(others.map((other) => other.stop()));
    const [first, ...again] = await registry.published(ProductRegistered);
    expect(again).toEqual([first]);
  });

  it('have everything that is said of them', async () => {
    const said = {
      ...{ id: 'kuhama', url: 'https://kuhama.example.org', repository: 'https://github.com/acme/kuhama' },
      sentryProject: 'kuhama-web',
    };
    const week = { timezone: 'Africa/Nairobi', dueBy: 'Tuesday 9:30' };
    expect((await add({ name: '日本語', owner: 'bob', week, ...said })).body).toMatchObject({
      ...said,
      week: { timezone: 'Africa/Nairobi', dueBy: 'tue 09:30' },
    });
  });

  it('are told the address that the request came to where no other is configured', async () => {
    const other = await RunningRegistry.start(database.url, bakery, {}, clock);
    const { hooks } = await other.ask<ProductCreated>('POST', '/api/products', lugha);
    expect(hooks.kpi).toBe(`${other.process.url.replace('localhost', '127.0.0.1')}/hooks/kpi/lugha`);
    await other.stop();
  });

  it('come in pages by id', async () => {
    for (const name of ['C', 'a', 'B']) await add({ name, owner: 'ada' });
    const first = await registry.ask<Page<ProductView>>('GET', '/api/products?limit=2');
    const second = await registry.ask<Page<ProductView>>('GET', `/api/products?limit=2&cursor=${first.next}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(second.next).toBeNull();
  });

  it.each([
    [{}, 409, /product "lugha" already/],
    [{ name: '!!!' }, 422, /^id: no address can be made of "!!!": give an id/],
    [{ name: 'Each' }, 422, /^id: "each" stands for every product/],
    [{ name: 'X', owner: 'eve' }, 422, /^owner: nobody is called "eve": add the person first/],
    [{ name: 'X', admins: ['bob', 'eve'] }, 422, /^admins: nobody is called "eve": add the person first/],
    [{ name: 'X', week: { timezone: 'Mars/Olympus' } }, 422, /^week\.timezone: .* write for example Europe\/Berlin/],
    [{ name: 'X', week: { timezone: '+01:00' } }, 422, /^week\.timezone: /],
    [{ name: 'X', week: { dueBy: 'someday' } }, 422, /^week\.dueBy: "someday" .* mon 12:00/],
    [{ name: '' }, 400, /name/],
    [{ name: 'X', id: 'A b' }, 400, /id: a product id is a slug/],
    [{ name: 'X', url: 'ftp://x' }, 400, /url/],
    [{ name: 'X', kpis: [] }, 400, /kpis/],
  ])('are not registered with %j', async (facts, status, detail) => {
    await add();
    const reply = await add({ ...lugha, ...facts });
    expect(reply).toMatchObject({ status, body: { detail: text(detail) } });
    expect(await registry.published(ProductRegistered)).toHaveLength(1);
    expect(await tokens()).toHaveLength(1);
  });

  it('have one registration win where several come at once', async () => {
    const replies = await Promise.all(Array.from({ length: 4 }, () => add()));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
    expect(await tokens()).toHaveLength(1);
  });

  it('change in what is named, with a row for each field and a version that grows', async () => {
    await add({ ...lugha, url: 'https://x.org' });
    const changed = await edit('lugha', { owner: 'bob', admins: [], url: null, week: { dueBy: 'fri' } });
    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'Lugha', owner: 'bob', admins: [], url: null, version: 2, hooks: { sentry: text(/sentry/) } },
    });
    expect(changed.body.week).toEqual({ timezone: 'Europe/Berlin', dueBy: 'fri 12:00' });
    expect((await edit('lugha', { owner: 'bob' })).body.version).toBe(2);
    expect((await registry.published(ProductRegistered)).map(({ version, owner }) => [version, owner])).toEqual([
      [1, 'ada'],
      [2, 'bob'],
    ]);
    const rows = (await history()).filter((row) => row.cause === 'product lugha: edit');
    expect(rows.map((row) => [row.by, row.field, row.old, row.new])).toEqual([
      ['admin', 'product lugha owner', 'ada', 'bob'],
      ['admin', 'product lugha admins', 'bob', null],
      ['admin', 'product lugha url', 'https://x.org', null],
      ['admin', 'product lugha dueBy', 'mon 12:00', 'fri 12:00'],
    ]);
    expect(await registry.ask('GET', '/api/audit/verify')).toMatchObject({ ok: true });
  });

  it.each([
    ['kuhama', { name: 'x' }, 404],
    ['lugha', {}, 400],
    ['lugha', { id: 'x' }, 400],
    ['lugha', { owner: 'eve' }, 422],
    ['lugha', { week: { timezone: 'Mars' } }, 422],
    ['lugha', { week: { dueBy: 'mon 25:00' } }, 422],
  ])('do not change: %s with %j is %i', async (id, body, status) => {
    await add();
    expect((await edit(id, body)).status).toBe(status);
    expect(await registry.ask('GET', '/api/products/lugha')).toMatchObject({ version: 1 });
  });

  it('are for admins to change, and not there by an id that none has', async () => {
    await add();
    const { token } = await registry.ask<{ token: string }>('POST', '/api/tokens', { name: 'r', scopes: ['read'] });
    const status = async (method: string, path: string) =>
      (await registry.request(method, path, { token, ...(method === 'GET' ? {} : { body: { name: 'x' } }) })).status;
    expect([
      await status('GET', '/api/products'),
      await status('GET', '/api/products/lugha'),
      await status('GET', '/api/products/kuhama'),
      await status('POST', '/api/products'),
      await status('PATCH', '/api/products/lugha'),
      await status('POST', '/api/products/lugha/tokens'),
    ]).toEqual([200, 200, 404, 403, 403, 403]);
    expect((await registry.request('GET', '/api/products', { token: null })).status).toBe(401);
  });

  describe('whose token is rotated', () => {
    it('have two at most, and are told which one to revoke', async () => {
      const { tokenId } = (await add()).body;
      clock.advance(1);
      const second = await rotate();
      expect(second).toMatchObject({ status: 201, body: { token: text(/^recert_/) } });
      expect((await rotate()).body.detail).toBe(
        `"lugha" has the tokens ${tokenId} and ${second.body.id} already: revoke one, DELETE /api/tokens/${tokenId}.`,
      );
      expect((await registry.request('DELETE', `/api/tokens/${tokenId}`)).status).toBe(204);
      expect(await told(tokenId)).toMatchObject([
        { version: 1, active: true },
        { version: 2, active: false, product: 'lugha' },
      ]);
      expect((await rotate()).status).toBe(201);
      expect((await rotate()).status).toBe(409);
      expect(await registry.ask('GET', '/api/audit/verify')).toMatchObject({ ok: true });
    });

    it('have no third where several ask at once', async () => {
      await add();
      const replies = await Promise.all(Array.from({ length: 5 }, () => rotate()));
      expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409]);
      expect((await tokens()).filter(({ revokedAt }) => revokedAt === null)).toHaveLength(2);
    });

    it('count only the tokens of their own', async () => {
      await add();
      await add({ ...lugha, name: 'Kuhama' });
      const scopes = ['kpi:lugha', 'alerts:generic'];
      const { id } = await registry.ask<{ id: string }>('POST', '/api/tokens', { name: 'ci', scopes });
      expect(await told(id)).toMatchObject([{ version: 1, product: null, scopes }]);
      expect((await rotate()).status).toBe(201);
      expect((await rotate('nothing')).status).toBe(404);
    });
  });

  it('that are deactivated have no valid token, and get none until they are activated', async () => {
    const { tokenId } = (await add()).body;
    const second = (await rotate()).body.id;
    expect((await edit('lugha', { active: false })).body).toMatchObject({ active: false, version: 2 });
    for (const id of [tokenId, second]) expect((await told(id)).at(-1)).toMatchObject({ version: 2, active: false });
    expect((await rotate()).body.detail).toContain('"lugha" is not active');
    expect((await edit('lugha', { active: true })).body).toMatchObject({ active: true, version: 3 });
    expect((await rotate()).status).toBe(201);
    expect(await registry.ask('GET', '/api/audit/verify')).toMatchObject({ ok: true });
  });

  it('are not activated for somebody who has left', async () => {
    await registry.ask('POST', '/api/people', { handle: 'eve', name: 'Eve' });
    await add({ ...lugha, owner: 'eve' });
    await edit('lugha', { active: false });
    await registry.ask('PATCH', '/api/people/eve', { active: false });
    expect(await edit('lugha', { active: true })).toMatchObject({
      status: 422,
      body: { detail: text(/^owner: "eve" is deact/) },
    });
    expect((await edit('lugha', { active: true, owner: 'ada' })).status).toBe(200);
  });
});
