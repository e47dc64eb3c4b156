import { TokenChanged, TokenUsed, tokenListView, type Page, type TokenListView } from '@recert/contracts';
import { sha256 } from '@recert/service-kit';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery, mixDough } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';
import { changingRoutes } from './login-fixture';

const start = new Date('2026-11-20T09:00:00.000Z');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Longer than it takes until somebody looks whether there is something to tell. */
const LOOK = 1_500;
/** About the sender's own logins. */
const OF_VIEWERS = new Set(['/api/session', '/api/sessions/{id}']);

describe('access', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;
  const clock = new MovableClock(start);

  beforeAll(async () => {
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery, {}, clock);
  });
  beforeEach(() => clock.set(start));
  afterAll(async () => {
    await registry.stop();
    await database.drop();
  });

  const newToken = (...scopes: string[]) =>
    registry.ask<{ id: string; token: string }>('POST', '/api/tokens', { name: scopes.join(' '), scopes });
  const tokens = async () => (await registry.ask<Page<TokenListView>>('GET', '/api/tokens')).items;
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

    it('is listed without its secret, in the shape that was promised', async () => {
      const { id } = await newToken('kpi:shop');
      const { items } = await registry.ask<Page<TokenListView>>('GET', '/api/tokens');
      for (const item of items) expect(tokenListView.strict().parse(item)).toEqual(item);
      expect(items.find((item) => item.id === id)).toMatchObject({
        ...{ name: 'kpi:shop', scopes: ['kpi:shop'], product: null },
        ...{ createdAt: start.toISOString(), lastUsedAt: null, revokedAt: null },
      });
    });

    it.each([
      ['admin', 'admin'],
      ['read', 'viewer'],
    ])('of the scope %s is %s and nobody', async (scope, role) => {
      const { token } = await newToken('kpi:shop', scope);
      const { body } = await registry.request('GET', '/api/session', { token });
      expect(body).toEqual({
        ...{ name: `kpi:shop ${scope}`, handle: null, role, via: 'token' },
        scopes: ['kpi:shop', scope],
      });
    });

    it.each(['kpi:shop', 'alerts:generic', 'tasks:backup', 'library:import'])(
      'of the scope %s alone sees and changes nothing else',
      async (scope) => {
        const { token } = await newToken(scope);
        for (const path of ['processes', 'people', 'people/ada', 'products', 'session', 'sessions', 'audit/export']) {
          expect([path, await status('GET', `/api/${path}`, token)]).toEqual([path, 403]);
        }
        const body = { answer: 'correct' };
        expect(await status('POST', `/api/processes/${mixDough}/response`, token, body)).toBe(403);
      },
    );

    it('that only reads changes nothing', async () => {
      const { token } = await newToken('read');
      const changing = (await changingRoutes(registry)).filter(({ path }) => !OF_VIEWERS.has(path));
      expect(changing.length).toBeGreaterThan(10);
      for (const { method, path } of changing) {
        expect([path, await status(method, path, token, {})]).toEqual([path, 403]);
      }
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
      const isLastUsed = (at: string) => eventually(async () => expect(await lastUse()).toBe(at));
      expect(await lastUse()).toBeNull();
      // Whatever was told by the tests before is more than a minute ago.
      clock.advance(DAY);
      const first = clock.now();
      await use();
      await isLastUsed(first.toISOString());
      clock.advance(MINUTE - 1);
      await use();
      await new Promise((resolve) => setTimeout(resolve, LOOK));
      expect(await lastUse()).toBe(first.toISOString());
      clock.advance(1);
      await isLastUsed(new Date(first.getTime() + MINUTE - 1).toISOString());
    });

    it('moves its last use forward only, and passes over one that is revoked or unknown', async () => {
      const [used, revoked] = [await newToken('kpi:shop'), await newToken('kpi:shop')];
      await registry.request('DELETE', `/api/tokens/${revoked.id}`);
      const at = (ms: number) => new Date(start.getTime() + ms).toISOString();
      const handled = async (): Promise<number> => {
        const consumer = 'registry.note-use-when-token-is-used';
        return (await registry.database.query('select from inbox where consumer = $1', [consumer])).length;
      };
      const heard = async (...uses: TokenUsed['uses']) => {
        const before = await handled();
        await registry.hear(TokenUsed, { uses });
        await eventually(async () => expect(await handled()).toBe(before + 1));
        const found = (await tokens()).filter(({ id }) => [used.id, revoked.id].includes(id));
        return Object.fromEntries(found.map(({ id, lastUsedAt }) => [id === used.id ? 'used' : 'revoked', lastUsedAt]));
      };
      const each = [used.id, revoked.id, 'ffffffffffff'];
      const ofAll = (ms: number) => heard(...each.map((tokenId) => ({ tokenId, at: at(ms) })));
      expect(await ofAll(5)).toEqual({ used: at(5), revoked: null });
      expect(await ofAll(4)).toEqual({ used: at(5), revoked: null });
      expect(await ofAll(6)).toEqual({ used: at(6), revoked: null });
    });

    it.each([{ name: 'x', scopes: [] }, { name: '', scopes: ['read'] }, { name: 'x', scopes: ['everything'] }, {}])(
      'is not made of %j',
      async (body) => expect((await registry.request('POST', '/api/tokens', { body })).status).toBe(400),
    );
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
