import { TokenChanged, type Page, type Problem } from '@recert/contracts';
import { sha256 } from '@recert/service-kit';
import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';
import { AdminLinks } from './sessions';
import { type Token } from './token.repository';

const start = new Date('2026-11-20T09:00:00.000Z');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** What a browser sends from our own pages. */
const ours = { 'sec-fetch-site': 'same-origin' };

describe('access', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;
  const clock = new MovableClock(start);

  beforeAll(async () => {
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery, { PUBLIC_URL: 'https://recert.example.org' }, clock);
  });
  beforeEach(() => clock.set(start));
  afterAll(async () => {
    await registry.stop();
    await database.drop();
  });

  const newToken = (...scopes: string[]) =>
    registry.ask<{ id: string; token: string }>('POST', '/api/tokens', { name: scopes.join(' '), scopes });
  const tokens = async () => (await registry.ask<Page<Token>>('GET', '/api/tokens')).items;
  const status = async (method: string, path: string, token: string | null, body?: unknown): Promise<number> =>
    (await registry.request(method, path, { token, ...(body === undefined ? {} : { body }) })).status;

  describe('by token', () => {
    it('is shown once and kept as a hash', async () => {
      const { id, token } = await newToken('read');
      expect(token).toMatch(new RegExp(`^recert_${id}_[\\w-]{43}$`));
      const secret = token.slice(-43);
      const kept = await registry.database.query(
        'select t::text as row from token t union select h::text from history h',
      );
      expect(JSON.stringify([kept, await tokens()])).not.toContain(secret);
    });

    it.each([
      ['admin', 200, 200, 200],
      ['read', 200, 403, 403],
      ['library:import', 403, 200, 403],
      ['kpi:shop', 403, 403, 403],
    ])('with the scope %s goes so far and no further', async (scope, read, load, administrate) => {
      const { token } = await newToken(scope);
      expect([
        await status('GET', '/api/processes', token),
        await status('POST', '/api/library/import', token, { dryRun: true }),
        await status('GET', '/api/tokens', token),
      ]).toEqual([read, load, administrate]);
    });

    it('is refused where it is not one of ours, by a character, or revoked', async () => {
      const { id, token } = await newToken('read');
      const other = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
      for (const wrong of [other, `${token}x`, token.slice(0, -1), 'recert_000000000000_', 'x', token.toUpperCase()]) {
        expect(await status('GET', '/api/processes', wrong)).toBe(401);
      }
      expect(await status('GET', '/api/processes', token)).toBe(200);
      expect(await status('DELETE', `/api/tokens/${id}`, token)).toBe(403);
      await registry.ask('DELETE', `/api/tokens/${id}`);
      expect(await status('GET', '/api/processes', token)).toBe(401);
      expect((await registry.request('DELETE', `/api/tokens/${id}`)).status).toBe(404);
      expect((await tokens()).find((each) => each.id === id)).toMatchObject({ revokedAt: start.toISOString() });
    });

    it('is announced when it is made and when it is revoked, by its hash', async () => {
      const { id, token } = await newToken('kpi:shop', 'kpi:shop', 'alerts:generic');
      await registry.ask('DELETE', `/api/tokens/${id}`);
      const { body: again } = await registry.request('DELETE', `/api/tokens/${id}`);
      expect(again).toMatchObject({ status: 404 });
      const state = {
        ...{ tokenId: id, name: 'kpi:shop kpi:shop alerts:generic', product: null },
        ...{ hash: sha256(token.slice(-43)).toString('hex'), scopes: ['kpi:shop', 'alerts:generic'] },
      };
      const told = (await registry.published(TokenChanged)).filter((event) => event.tokenId === id);
      expect(told).toEqual([
        { ...state, version: 1, active: true },
        { ...state, version: 2, active: false },
      ]);
    });

    it('is announced once at the start where nobody has heard of it, however many start', async () => {
      const ids = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'];
      await registry.database.query(
        `insert into token (id, name, hash, scopes, created_at, revoked_at, announced) values
         ($1, 'old', sha256('1'), '{read}', $3, null, false), ($2, 'older', sha256('2'), '{read}', $3, $3, false)`,
        [...ids, start],
      );
      const others = await Promise.all([1, 2].map(() => RunningRegistry.start(database.url, bakery, {}, clock)));
      await Promise.all(others.map((other) => other.stop()));
      const told = (await registry.published(TokenChanged)).filter((event) => ids.includes(event.tokenId));
      expect(told.map(({ tokenId, version, active }) => [tokenId, version, active])).toEqual([
        [ids[0], 1, true],
        [ids[1], 2, false],
      ]);
    });

    it('notes when it was last used, once a minute', async () => {
      const { id, token } = await newToken('read');
      const lastUse = async () => (await tokens()).find((each) => each.id === id)?.lastUsedAt;
      const use = () => status('GET', '/api/processes', token);
      expect(await lastUse()).toBeNull();
      await use();
      clock.advance(MINUTE - 1);
      await use();
      expect(await lastUse()).toBe(start.toISOString());
      clock.advance(1);
      await use();
      expect(await lastUse()).toBe(new Date(start.getTime() + MINUTE).toISOString());
    });

    it.each([{ name: 'x', scopes: [] }, { name: '', scopes: ['read'] }, { name: 'x', scopes: ['everything'] }, {}])(
      'is not made of %j',
      async (body) => expect((await registry.request('POST', '/api/tokens', { body })).status).toBe(400),
    );
  });

  describe('by one-time link', () => {
    const link = () => registry.process.app.get(AdminLinks, { strict: false }).create();
    const codeOf = async (): Promise<string> => (await link()).split('#')[1]!;
    const logIn = (code: string) => registry.request<Problem>('POST', '/api/session', { body: { code }, token: null });
    const cookieOf = (headers: Headers): string => headers.get('set-cookie')!.split(';')[0]!;

    it('logs an admin in, with a cookie that no script and no other site can use', async () => {
      expect(await link()).toMatch(/^\/login#[\w-]{32}$/);
      const reply = await logIn(await codeOf());
      expect(reply).toMatchObject({ status: 200, body: { name: 'admin', role: 'admin', via: 'session' } });
      expect(reply.headers.get('set-cookie')).toMatch(
        /^recert_session=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure$/,
      );
      const headers = { cookie: cookieOf(reply.headers) };
      const me = await registry.request('GET', '/api/session', { token: null, headers });
      expect(me).toMatchObject({ status: 200, body: { name: 'admin', role: 'admin' } });
      const change = (more: object) =>
        registry.request('POST', '/api/library/import', {
          body: { dryRun: true },
          token: null,
          headers: { ...headers, ...more },
        });
      expect((await change(ours)).status).toBe(200);
      expect((await change({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    });

    it('works once, and not after a day', async () => {
      const [used, old, fresh] = [await codeOf(), await codeOf(), await codeOf()];
      expect((await logIn(used)).status).toBe(200);
      const again = await logIn(used);
      expect(again).toMatchObject({ status: 401, body: { detail: expect.stringContaining('used already') as string } });
      clock.advance(DAY - 1);
      expect((await logIn(fresh)).status).toBe(200);
      clock.advance(1);
      expect((await logIn(old)).status).toBe(401);
      expect((await logIn('x'.repeat(32))).status).toBe(401);
      expect((await logIn('short')).status).toBe(400);
    });

    it('works for one of two who come at the same moment', async () => {
      const code = await codeOf();
      const replies = await Promise.all([logIn(code), logIn(code)]);
      expect(replies.map((reply) => reply.status).toSorted()).toEqual([200, 401]);
    });

    it('ends with the logout, or after thirty days', async () => {
      const headers = { cookie: cookieOf((await logIn(await codeOf())).headers), ...ours };
      const other = { cookie: cookieOf((await logIn(await codeOf())).headers), ...ours };
      const me = async (of: object) =>
        (await registry.request('GET', '/api/session', { token: null, headers: { ...of } })).status;
      const out = await registry.request('DELETE', '/api/session', { token: null, headers });
      expect(out.status).toBe(204);
      expect(out.headers.get('set-cookie')).toMatch(/^recert_session=; Path=\/; Max-Age=0;/);
      expect([await me(headers), await me(other)]).toEqual([401, 200]);
      clock.advance(30 * DAY - 1);
      expect(await me(other)).toBe(200);
      clock.advance(1);
      expect(await me(other)).toBe(401);
    });
  });

  it('is refused without a credential on everything that shows or changes something', async () => {
    const routes = [
      '/api/processes',
      '/api/people',
      '/api/products',
      '/api/tokens',
      '/api/session',
      '/api/audit/export',
    ];
    for (const path of routes) expect(await status('GET', path, null)).toBe(401);
    const changing = ['/api/library/import', '/api/processes/ask', '/api/people', '/api/products', '/api/tokens'];
    for (const path of changing) expect(await status('POST', path, null, {})).toBe(401);
  });
});
