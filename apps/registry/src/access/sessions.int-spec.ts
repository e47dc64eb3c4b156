import { SessionChanged, type Problem } from '@recert/contracts';
import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery, fireOven, mixDough } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';
import { type Browser, DAY, Logins, MINUTE, ours } from './login-fixture';

const start = new Date('2026-11-20T09:00:00.000Z');
const at = (ms: number): string => new Date(start.getTime() + ms).toISOString();

describe('sessions', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;
  const clock = new MovableClock(start);
  const logins = new Logins(() => registry, clock);

  beforeEach(async () => {
    clock.set(start);
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery, {}, clock);
  });
  afterEach(async () => {
    await registry.stop();
    await database.drop();
  });

  /** What others hear of a browser's session after its login: version, role, whether it is open. */
  const told = async ({ hash }: Browser) =>
    (await registry.published(SessionChanged))
      .filter((event) => event.hash === hash)
      .slice(1)
      .map(({ version, role, active }) => [version, role, active]);
  const idOf = async (browser: Browser): Promise<string> =>
    (await browser.sessions()).find(({ current }) => current)!.id;

  it('are listed newest first: all of them for an admin, their own for others', async () => {
    const ada = await logins.browserOf('ada', 'Firefox on a phone');
    clock.advance(1);
    const [bob, again] = [await logins.browserOf('bob'), await logins.browserOf('ada', ' ')];
    clock.advance(1);
    const admin = await logins.adminBrowser();
    expect(await ada.sessions()).toEqual([
      expect.objectContaining({ handle: 'ada', device: null, current: false, createdAt: at(1) }),
      {
        id: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
        ...{ name: 'ada', handle: 'ada', role: 'owner', device: 'Firefox on a phone', current: true },
        ...{ createdAt: at(0), lastSeenAt: at(0), expiresAt: at(30 * DAY) },
      },
    ]);
    expect((await bob.sessions()).map(({ handle }) => handle)).toEqual(['bob']);
    const all = await admin.sessions();
    expect(all.map(({ name }) => name).toSorted()).toEqual(['ada', 'ada', 'admin', 'bob']);
    expect(all[0]).toMatchObject({ name: 'admin', handle: null, role: 'admin', current: true });
    expect(all.filter(({ current }) => current)).toHaveLength(1);
    expect((await again.sessions()).find(({ current }) => current)).toMatchObject({ createdAt: at(1) });
  });

  it('come in pages', async () => {
    for (let n = 0; n < 3; n += 1) await logins.browserOf('ada');
    const ada = await logins.browserOf('ada');
    const first = await ada.ask<{ items: { id: string }[]; next: string }>('GET', '/api/sessions?limit=3');
    const second = await ada.sessions(`?limit=3&cursor=${first.body.next}`);
    expect(second).toHaveLength(1);
    expect(new Set([...first.body.items, ...second].map(({ id }) => id)).size).toBe(4);
  });

  it('are no matter of a token: one of an admin sees all, another none', async () => {
    await logins.browserOf('ada');
    const { token } = await registry.ask<{ token: string }>('POST', '/api/tokens', { name: 'r', scopes: ['read'] });
    expect((await registry.request('GET', '/api/sessions', { token })).body).toEqual({ items: [], next: null });
    const { items } = await registry.ask<{ items: { id: string; current: boolean }[] }>('GET', '/api/sessions');
    expect(items).toMatchObject([{ current: false }]);
    expect((await registry.request('DELETE', `/api/sessions/${items[0]!.id}`, { token })).status).toBe(404);
  });

  it('are ended by whose they are and by an admin, and by nobody else', async () => {
    const [ada, phone, bob, admin] = [
      await logins.browserOf('ada'),
      await logins.browserOf('ada'),
      await logins.browserOf('bob'),
      await logins.adminBrowser(),
    ];
    const end = async (by: Browser, id: string) => (await by.ask('DELETE', `/api/sessions/${id}`)).status;
    const [phones, bobs] = [await idOf(phone), await idOf(bob)];
    expect(await end(ada, bobs)).toBe(404);
    expect(await end(ada, phones)).toBe(204);
    expect(await end(ada, phones)).toBe(404);
    expect(await end(admin, bobs)).toBe(204);
    expect(await end(admin, 'none')).toBe(404);
    expect([await phone.me(), await bob.me()]).toEqual([null, null]);
    expect(await ada.me()).toMatchObject({ handle: 'ada' });
    expect([await told(phone), await told(bob), await told(ada)]).toEqual([
      [[2, 'owner', false]],
      [[2, 'owner', false]],
      [],
    ]);
    expect((await admin.sessions()).map(({ name }) => name).toSorted()).toEqual(['ada', 'admin']);
    expect(await end(ada, await idOf(ada))).toBe(204);
    expect(await ada.me()).toBeNull();
  });

  it('end with the logout, which others hear of once', async () => {
    const [ada, other] = [await logins.browserOf('ada'), await logins.browserOf('ada')];
    const out = await ada.ask('DELETE', '/api/session');
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie()).toEqual([
      'recert_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
      '__Host-recert_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
    ]);
    expect((await ada.ask('DELETE', '/api/session')).status).toBe(401);
    expect([await ada.me(), (await other.me())?.name]).toEqual([null, 'ada']);
    expect(await told(ada)).toEqual([[2, 'owner', false]]);
  });

  it('are known by the cookie that no other host can set, if there are two; the logout ends both', async () => {
    const [ada, bob] = [await logins.browserOf('ada'), await logins.browserOf('bob')];
    const both = { ...ours, cookie: `${bob.cookie}; __Host-${ada.cookie}` };
    const me = await registry.request('GET', '/api/session', { token: null, headers: both });
    expect(me.body).toMatchObject({ handle: 'ada' });
    expect((await registry.request('DELETE', '/api/session', { token: null, headers: both })).status).toBe(204);
    expect([await ada.me(), await bob.me()]).toEqual([null, null]);
  });

  it.each([
    [30 * DAY - 1, 'ada'],
    [30 * DAY, undefined],
    [30 * DAY + 1, undefined],
  ])('are after %d ms still of %s, and their end is not told', async (ms, name) => {
    const ada = await logins.browserOf('ada');
    clock.advance(ms);
    expect((await ada.me())?.name).toBe(name);
    expect(await told(ada)).toEqual([]);
    expect((await registry.ask<{ items: unknown[] }>('GET', '/api/sessions')).items).toHaveLength(name ? 1 : 0);
  });

  it('are seen once a minute at most', async () => {
    const ada = await logins.browserOf('ada');
    const seen = async () => (await ada.sessions())[0]?.lastSeenAt;
    clock.advance(MINUTE - 1);
    await ada.me();
    expect(await seen()).toBe(at(0));
    clock.advance(1);
    await ada.me();
    expect(await seen()).toBe(at(MINUTE));
  });

  it('follow the roles of their person at once', async () => {
    await registry.ask('POST', '/api/people', { handle: 'eve', name: 'Eve' });
    const [eve, bob] = [await logins.browserOf('eve'), await logins.browserOf('bob')];
    const mayAdministrate = async () => (await eve.ask('GET', '/api/tokens')).status;
    const give = (...roles: string[]) => registry.ask('PATCH', '/api/people/eve', { roles });
    expect(await mayAdministrate()).toBe(403);
    await give('owner', 'admin');
    expect([await mayAdministrate(), (await eve.me())?.role]).toEqual([200, 'admin']);
    await give('admin');
    await give('viewer');
    expect([await mayAdministrate(), (await eve.me())?.role]).toEqual([403, 'viewer']);
    expect(await told(eve)).toEqual([
      [2, 'admin', true],
      [3, 'viewer', true],
    ]);
    await give();
    expect(await eve.me()).toBeNull();
    await give('admin');
    expect(await eve.me()).toBeNull();
    expect((await told(eve)).slice(2)).toEqual([[4, 'viewer', false]]);
    expect([await told(bob), (await bob.me())?.role]).toEqual([[], 'owner']);
  });

  it('end, all of them, when their person is switched off, and stay ended', async () => {
    const [ada, phone, bob] = [
      await logins.browserOf('ada'),
      await logins.browserOf('ada'),
      await logins.browserOf('bob'),
    ];
    await registry.ask('PATCH', '/api/people/ada', { name: 'Ada' });
    expect(await told(ada)).toEqual([]);
    await registry.ask('PATCH', '/api/people/ada?heir=bob', { active: false });
    expect([await ada.me(), await phone.me(), (await bob.me())?.name]).toEqual([null, null, 'bob']);
    expect([await told(ada), await told(phone), await told(bob)]).toEqual([
      [[2, 'owner', false]],
      [[2, 'owner', false]],
      [],
    ]);
    await registry.ask('PATCH', '/api/people/ada', { active: true });
    expect([await ada.me(), await phone.me()]).toEqual([null, null]);
  });

  it('that begin in the moment in which their person is switched off do not outlive it', async () => {
    await registry.ask('PATCH', '/api/people/ada?heir=bob', { active: false });
    for (let n = 0; n < 8; n += 1) {
      await registry.ask('PATCH', '/api/people/ada', { active: true });
      const code = await logins.codeOf('ada');
      const off = () => registry.ask('PATCH', '/api/people/ada', { active: false });
      const [reply] = await Promise.all([logins.logIn(code), new Promise((go) => setTimeout(go, n)).then(off)]);
      expect([200, 401]).toContain(reply.status);
      const open = await registry.database.query('select 1 from session where revoked_at is null');
      expect(open).toEqual([]);
      const events = await registry.published(SessionChanged);
      expect(events.filter(({ active }) => active)).toHaveLength(events.length / 2);
    }
  });

  it('that nobody has heard of are announced at the start, once', async () => {
    const [ada, gone] = [await logins.browserOf('ada'), await logins.browserOf('ada')];
    await gone.ask('DELETE', '/api/session');
    await registry.database.query('update session set announced = false');
    const others = await Promise.all([1, 2].map(() => RunningRegistry.start(database.url, bakery, {}, clock)));
    await Promise.all(others.map((other) => other.stop()));
    expect([await told(ada), await told(gone)]).toEqual([[[1, 'owner', true]], [[2, 'owner', false]]]);
  });

  it('let an owner answer for their own processes and as deputy, and for no others', async () => {
    const [ada, bob] = [await logins.browserOf('ada'), await logins.browserOf('bob')];
    const answer = async (by: Browser, id: string) => {
      const reply = await by.ask<Problem>('POST', `/api/processes/${id}/response`, { answer: 'correct' });
      return reply.status;
    };
    expect(await answer(bob, mixDough)).toBe(403);
    expect(await answer(ada, mixDough)).toBe(200);
    expect(await answer(ada, fireOven)).toBe(200);
    // Whoever answers for something is made an owner, so that this is never so for long.
    await registry.database.query(`update person set roles = '{viewer}' where handle = 'ada'`);
    expect(await answer(ada, mixDough)).toBe(403);
  });
});
