import { LoginOffered, PersonChanged, SessionChanged, type AdminLinkView, type Problem } from '@recert/contracts';
import { sha256 } from '@recert/service-kit';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';
import { cookieOf, DAY, Logins, MINUTE, newCode, offerOf } from './login-fixture';

const start = new Date('2026-11-20T09:00:00.000Z');
const PATIENCE_MS = 1500;
const USED = expect.stringContaining('used already or has expired') as string;

describe('logging in', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;
  const clock = new MovableClock(start);
  const logins = new Logins(() => registry, clock);

  beforeEach(async () => {
    clock.set(start);
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery, { PUBLIC_URL: 'https://recert.example.org' }, clock);
  });
  afterEach(async () => {
    await registry.stop();
    await database.drop();
  });

  const statuses = async (...codes: string[]): Promise<number[]> => {
    const replies = [];
    for (const code of codes) replies.push((await logins.logIn(code)).status);
    return replies;
  };
  /** Waits until the registry has handled what it was told before. */
  const heardAll = async (): Promise<void> => {
    await logins.codeOf('bob');
  };

  describe('by the link of the start', () => {
    it('makes an admin, with a cookie that no script and no other host can use', async () => {
      const code = await logins.adminCode();
      expect(code).toMatch(/^[\w-]{32}$/);
      const reply = await logins.logIn(code);
      expect(reply).toMatchObject({
        status: 200,
        body: { name: 'admin', handle: null, role: 'admin', via: 'session' },
      });
      expect(reply.headers.get('set-cookie')).toMatch(
        /^__Host-recert_session=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure$/,
      );
      expect(reply.headers.get('cache-control')).toBe('no-store');
    });

    it('is made anew for whoever holds a token with all rights, and for no session', async () => {
      const made = await registry.request<AdminLinkView & Problem>('POST', '/api/session/link');
      expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
      expect(made.body.url).toMatch(/^https:\/\/recert\.example\.org\/login#[\w-]{32}$/);
      const { headers } = await logins.logIn(made.body.url.split('#')[1]!);
      const cookie = headers.get('set-cookie')!.split(';')[0]!;
      const again = await registry.request<Problem>('POST', '/api/session/link', {
        token: null,
        headers: { cookie, 'sec-fetch-site': 'same-origin' },
      });
      expect([again.status, again.body.detail]).toEqual([403, 'Only an API token with all rights makes such a link.']);
    });

    it('works once, and not after a day', async () => {
      const [used, old, fresh] = [await logins.adminCode(), await logins.adminCode(), await logins.adminCode()];
      expect(await statuses(used)).toEqual([200]);
      expect(await logins.logIn(used)).toMatchObject({ status: 401, body: { detail: USED } });
      clock.advance(DAY - 1);
      expect(await statuses(fresh)).toEqual([200]);
      clock.advance(1);
      expect(await statuses(old, 'x'.repeat(32), 'short')).toEqual([401, 401, 400]);
    });
  });

  describe('by a link of the chat', () => {
    it('makes a session of the person it was given to, with the highest of their roles', async () => {
      await registry.ask('PATCH', '/api/people/ada', { roles: ['viewer', 'admin', 'owner'] });
      const expected = { scopes: [], via: 'session' };
      expect(await logins.logIn(await logins.codeOf('ada'))).toMatchObject({
        status: 200,
        body: { name: 'ada', handle: 'ada', role: 'admin', ...expected },
      });
      expect(await logins.logIn(await logins.codeOf('bob'))).toMatchObject({
        status: 200,
        body: { name: 'bob', handle: 'bob', role: 'owner', ...expected },
      });
    });

    it('works once', async () => {
      const code = await logins.codeOf('ada');
      expect(await statuses(code, code)).toEqual([200, 401]);
    });

    it('works for one of two who come at the same moment, also before the registry has heard of it', async () => {
      const [known, unheard] = [await logins.codeOf('ada'), newCode()];
      for (const code of [known, unheard]) {
        const replies = Promise.all([logins.logIn(code), logins.logIn(code)]);
        if (code === unheard) await registry.hear(LoginOffered, offerOf('ada', code, clock.now()));
        expect((await replies).map(({ status }) => status).toSorted()).toEqual([200, 401]);
      }
    });

    it.each([
      [5 * MINUTE - 1, 200],
      [5 * MINUTE, 401],
      [5 * MINUTE + 1, 401],
    ])('is after %d ms answered %d', async (ms, status) => {
      const code = await logins.codeOf('ada');
      clock.advance(ms);
      expect(await statuses(code)).toEqual([status]);
    });

    it('is waited for a moment, and then refused', async () => {
      const code = newCode();
      const early = logins.logIn(code);
      await new Promise((resolve) => setTimeout(resolve, 300));
      await registry.hear(LoginOffered, offerOf('ada', code, clock.now()));
      expect((await early).status).toBe(200);
      const began = performance.now();
      expect(await statuses(newCode())).toEqual([401]);
      expect(performance.now() - began).toBeGreaterThanOrEqual(PATIENCE_MS);
    });

    it('is not kept when it comes too late, and a repeated word of it changes nothing', async () => {
      const [late, used] = [newCode(), await logins.codeOf('ada')];
      expect(await statuses(used)).toEqual([200]);
      await registry.hear(LoginOffered, offerOf('ada', used, clock.now()));
      await registry.hear(LoginOffered, offerOf('bob', used, clock.now(), DAY));
      await registry.hear(LoginOffered, offerOf('ada', late, new Date(start.getTime() - 5 * MINUTE)));
      await heardAll();
      expect(await logins.knows(late)).toBe(false);
      expect(await statuses(used, late)).toEqual([401, 401]);
    });

    it('opens nothing for somebody who is switched off, even after they are back', async () => {
      const [before, after] = [await logins.codeOf('ada'), newCode()];
      await registry.ask('PATCH', '/api/people/ada?heir=bob', { active: false });
      await registry.hear(LoginOffered, offerOf('ada', after, clock.now()));
      await heardAll();
      expect(await statuses(before, after)).toEqual([401, 401]);
      await registry.ask('PATCH', '/api/people/ada', { active: true });
      expect(await statuses(before, after)).toEqual([401, 401]);
      expect(await statuses(await logins.codeOf('ada'))).toEqual([200]);
    });

    it('opens nothing for somebody without a role, and becomes a dead letter for nobody', async () => {
      await registry.ask('POST', '/api/people', { handle: 'eve', name: 'Eve' });
      const [before, after, nobodys] = [await logins.codeOf('eve'), newCode(), newCode()];
      await registry.ask('PATCH', '/api/people/eve', { roles: [] });
      for (const [handle, code] of [
        ['eve', after],
        ['nobody', nobodys],
      ] as const) {
        await registry.hear(LoginOffered, offerOf(handle, code, clock.now()));
      }
      await heardAll();
      expect(await statuses(before, after, nobodys)).toEqual([401, 401, 401]);
      const letters = await registry.database.query<{ reason: string }>('select reason from dead_letter');
      expect(letters).toMatchObject([{ reason: expect.stringContaining('no person "nobody"') as string }]);
    });

    it('leaves no secret in any table, nor any other word of the browser than its name', async () => {
      const code = await logins.codeOf('ada');
      const reply = await logins.logIn(code, { 'user-agent': `${'d'.repeat(200)}and more`, 'x-other': 'not-kept' });
      const secret = cookieOf(reply).split('=')[1]!;
      const tables = await registry.database.query<{ name: string }>(
        `select format('%I', table_name) as name from information_schema.tables
         where table_schema = current_schema() and table_type = 'BASE TABLE'`,
      );
      expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['session', 'login_code', 'outbox']));
      const rows = [];
      for (const { name } of tables) rows.push(await registry.database.query(`select t::text as row from ${name} t`));
      const kept = JSON.stringify(rows);
      for (const hash of [code, secret].map((text) => sha256(text).toString('hex'))) expect(kept).toContain(hash);
      for (const text of [code, secret, 'and more', 'not-kept']) expect(kept).not.toContain(text);
    });
  });

  it('is announced, so that others know the session, by its hash', async () => {
    const code = await logins.codeOf('ada');
    const reply = await logins.logIn(code);
    expect(await registry.published(SessionChanged)).toEqual([
      {
        sessionId: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
        version: 1,
        hash: sha256(cookieOf(reply).split('=')[1]!).toString('hex'),
        ...{ name: 'ada', handle: 'ada', role: 'owner', active: true },
        expiresAt: new Date(start.getTime() + 30 * DAY).toISOString(),
      },
    ]);
    expect(await registry.published(PersonChanged)).not.toHaveLength(0);
  });

  describe('with codes that open nothing', () => {
    const guess = () => logins.logIn('x'.repeat(31));

    it('is limited to ten a minute of an address, and a good one opens all the same', async () => {
      for (let n = 0; n < 10; n += 1) expect((await guess()).status).toBe(401);
      const eleventh = await guess();
      expect(eleventh.status).toBe(429);
      expect(eleventh.headers.get('retry-after')).toBe('60');
      expect(await statuses(await logins.codeOf('ada'))).toEqual([200]);
      const began = performance.now();
      expect(await statuses(newCode())).toEqual([429]);
      expect(performance.now() - began).toBeLessThan(PATIENCE_MS);
      clock.advance(MINUTE - 1);
      expect((await guess()).status).toBe(429);
      clock.advance(1);
      expect((await guess()).status).toBe(401);
    });

    it('is limited for each address that the proxy before it names', async () => {
      const from = async (address: string): Promise<number> =>
        (await logins.logIn('x'.repeat(31), { 'x-forwarded-for': address })).status;
      for (let n = 0; n < 10; n += 1) await from('192.0.2.1');
      expect([await from('192.0.2.1'), await from('192.0.2.2')]).toEqual([429, 401]);
    });
  });

  it.each([
    ['http', {}, /^recert_session=[^;]+; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/],
    ['https before a proxy', { 'x-forwarded-proto': 'https' }, /^__Host-recert_session=.*; Secure$/],
  ])('over %s without a public address sets a cookie that fits', async (_, headers, expected) => {
    const plain = await RunningRegistry.start(database.url, bakery, {}, clock);
    try {
      const reply = await new Logins(() => plain, clock).logIn(await logins.codeOf('ada'), headers);
      expect(reply.headers.get('set-cookie')).toMatch(expected);
      const me = await plain.request('GET', '/api/session', { token: null, headers: { cookie: cookieOf(reply) } });
      expect(me.status).toBe(200);
    } finally {
      await plain.stop();
    }
  });

  it('from another site is not possible by a form, which cannot send JSON', async () => {
    const code = await logins.adminCode();
    const headers = { 'content-type': 'text/plain', 'sec-fetch-site': 'cross-site' };
    const body = JSON.stringify({ code });
    expect((await registry.request('POST', '/api/session', { body, headers, token: null })).status).not.toBe(200);
    await eventually(async () => expect(await statuses(code)).toEqual([200]));
  });
});
