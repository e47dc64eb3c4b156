import { type SessionChanged as Session, SessionChanged, TokenChanged } from '@recert/contracts';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { GuestsService, neighbour, newSession, newToken, registry, sha256 } from './fixture';
import { RemoveExpiredSessions } from './sessions/remove-expired-sessions';
import { SessionRepository } from './sessions/session.repository';

const START = new Date('2026-11-21T09:00:00.000Z');
const DAY = 86_400_000;
/** Longer than anything is believed, and than anybody waits for. */
const BELIEVED_MS = 2_000;
const PATIENCE_MS = 1_500;

describe('a service that knows who somebody is', () => {
  let store: TestDatabase;
  let guests: GuestsService;
  let replica: GuestsService;
  const clock = new MovableClock(START);

  beforeAll(async () => {
    store = await testDatabase();
    guests = await GuestsService.start(store.url, clock);
    replica = await GuestsService.start(store.url, clock);
  });
  beforeEach(() => clock.set(START));
  afterAll(async () => {
    for (const each of [guests, replica]) await each.running.stop();
    await store.drop();
  });

  const statuses = async (ask: (of: GuestsService) => Promise<{ status: number }>): Promise<number[]> =>
    (await Promise.all([ask(guests), ask(replica)])).map(({ status }) => status);
  const eventuallyBoth = (status: number, ask: (of: GuestsService) => Promise<{ status: number }>): Promise<void> =>
    eventually(async () => expect(await statuses(ask)).toEqual([status, status]));
  const timeOf = async (work: Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await work;
    return performance.now() - began;
  };
  /** A session that both replicas know. */
  const known = async (change: Partial<Session> = {}): Promise<{ cookie: string; event: Session }> => {
    const session = newSession({ expiresAt: new Date(START.getTime() + DAY).toISOString(), ...change });
    await guests.say(SessionChanged, session.event);
    await eventuallyBoth(200, (of) => of.byCookie(session.cookie));
    return session;
  };
  /** What was said before is handled when a later word of somebody else is. */
  const saidAndHandled = async (event: Session): Promise<void> => {
    const [{ n: before } = { n: 0 }] = await guests.database.query<{ n: number }>(
      'select count(*)::int as n from inbox',
    );
    await guests.say(SessionChanged, event);
    await eventually(async () => {
      const [row] = await guests.database.query<{ n: number }>('select count(*)::int as n from inbox');
      expect(row!.n).toBe(before + 1);
    });
  };

  describe('by a token', () => {
    it.each([
      ['admin', 'admin', 200, 200],
      ['read', 'viewer', 200, 403],
      ['kpi:lugha', 'none', 403, 403],
    ])('with the scope %s takes the bearer for %s', async (scope, role, guest, host) => {
      const { token, event } = newToken(scope);
      await guests.say(TokenChanged, event);
      await eventuallyBoth(guest, (of) => of.byToken(token));
      expect(await statuses((of) => of.byToken(token, '/host'))).toEqual([host, host]);
      if (guest !== 200) return;
      const principal = { name: 'ci', handle: null, role, scopes: [scope], via: 'token' };
      expect((await guests.byToken(token)).body).toEqual(principal);
    });

    it('refuses what is not one of ours, by a character or by its kind', async () => {
      const { token, event } = newToken('admin');
      await guests.say(TokenChanged, event);
      await eventuallyBoth(200, (of) => of.byToken(token));
      const other = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
      for (const wrong of [other, `${token}x`, token.slice(0, -1), newToken('admin').token, event.hash, 'x'])
        expect(await statuses((of) => of.byToken(wrong))).toEqual([401, 401]);
    });

    it('keeps nobody waiting who comes to the API with a wrong one', async () => {
      const { token } = newToken('admin');
      await guests.byToken(token);
      expect(await timeOf(guests.byToken(newToken('admin').token))).toBeLessThan(PATIENCE_MS);
    });

    it('waits at a hook for one that was made a moment ago', async () => {
      const { token, event } = newToken('kpi:lugha');
      const verified = replica.tokens.verify(`Bearer ${token}`, 'kpi:lugha');
      setTimeout(() => void guests.say(TokenChanged, event), 200);
      expect(await verified).toMatchObject({ id: event.tokenId, scopes: ['kpi:lugha'] });
      expect(await replica.tokens.verify(`Bearer ${token}`, 'kpi:shop')).toBeNull();
      expect(await replica.tokens.verify(`Basic ${token}`, 'kpi:lugha')).toBeNull();
      expect(await replica.tokens.verify(undefined, 'kpi:lugha')).toBeNull();
    });

    it('opens nothing any more when it was revoked, and late or repeated news change nothing', async () => {
      const { token, event } = newToken('read', 'kpi:lugha');
      await guests.say(TokenChanged, event);
      await eventuallyBoth(200, (of) => of.byToken(token));
      await guests.say(TokenChanged, { ...event, version: 2, active: false });
      await eventuallyBoth(401, (of) => of.byToken(token));
      for (const late of [event, { ...event, version: 2, name: 'another' }]) await guests.say(TokenChanged, late);
      const { token: later, event: after } = newToken('read');
      await guests.say(TokenChanged, after);
      await eventuallyBoth(200, (of) => of.byToken(later));
      const rows = await guests.database.query('select version, name, active from known_token where id = $1', [
        event.tokenId,
      ]);
      expect(rows).toEqual([{ version: 2, name: 'ci', active: false }]);
      expect(await statuses((of) => of.byToken(token))).toEqual([401, 401]);
      expect(await replica.tokens.verify(`Bearer ${token}`, 'kpi:lugha')).toBeNull();
    });

    it('takes the new one of two while the old one still opens', async () => {
      const [old, fresh] = [newToken('read'), newToken('read')];
      for (const { event } of [old, fresh]) await guests.say(TokenChanged, event);
      for (const { token } of [old, fresh]) await eventuallyBoth(200, (of) => of.byToken(token));
      await guests.say(TokenChanged, { ...old.event, version: 2, active: false });
      await eventuallyBoth(401, (of) => of.byToken(old.token));
      expect(await statuses((of) => of.byToken(fresh.token))).toEqual([200, 200]);
    });
  });

  describe('by a cookie', () => {
    it('takes the browser for the person, with their role', async () => {
      const { cookie } = await known({ name: 'Ada', handle: 'ada', role: 'viewer' });
      const principal = { name: 'Ada', handle: 'ada', role: 'viewer', scopes: [], via: 'session' };
      expect(await guests.byCookie(cookie)).toEqual({ status: 200, body: principal });
      expect(await statuses((of) => of.byCookie(cookie, '/host'))).toEqual([403, 403]);
      const host = await known({ name: 'admin', handle: null, role: 'admin' });
      expect((await replica.byCookie(host.cookie, '/host')).body).toMatchObject({ handle: null, role: 'admin' });
    });

    it('keeps its hash only', async () => {
      const { cookie, event } = await known();
      const [row] = await guests.database.query<{ row: string }>(
        'select s::text as row from known_session s where id = $1',
        [event.sessionId],
      );
      expect(row!.row).toContain(sha256(cookie));
      expect(row!.row).not.toContain(cookie);
    });

    it.each([
      [-1, 200],
      [0, 401],
      [1, 401],
    ])('opens %d ms from its expiry with %d', async (ms, status) => {
      const { cookie, event } = await known();
      clock.set(new Date(Date.parse(event.expiresAt) + ms));
      expect(await statuses((of) => of.byCookie(cookie))).toEqual([status, status]);
    });

    it('waits for one that was opened a moment ago, in whichever replica', async () => {
      const { cookie, event } = newSession();
      const answers = Promise.all([guests, replica].map((of) => of.byCookie(cookie)));
      setTimeout(() => void guests.say(SessionChanged, event), 200);
      expect((await answers).map(({ status }) => status)).toEqual([200, 200]);
    });

    it('waits for a wrong one once', async () => {
      const { cookie } = newSession();
      const first = await timeOf(guests.byCookie(cookie));
      expect(first).toBeGreaterThanOrEqual(PATIENCE_MS);
      expect(first).toBeLessThan(2 * PATIENCE_MS);
      expect(await timeOf(guests.byCookie(cookie))).toBeLessThan(PATIENCE_MS);
      expect((await guests.byCookie(cookie)).status).toBe(401);
    });

    it('opens nothing any more after the logout, and late or repeated news change nothing', async () => {
      const { cookie, event } = await known();
      await guests.say(SessionChanged, { ...event, version: 2, active: false });
      await eventuallyBoth(401, (of) => of.byCookie(cookie));
      for (const late of [event, { ...event, version: 2, role: 'admin' as const }]) await saidAndHandled(late);
      const rows = await guests.database.query('select version, role, active from known_session where id = $1', [
        event.sessionId,
      ]);
      expect(rows).toEqual([{ version: 2, role: 'owner', active: false }]);
      expect(await statuses((of) => of.byCookie(cookie))).toEqual([401, 401]);
    });

    it('refuses one whose logout came before its login', async () => {
      const { cookie, event } = newSession();
      await saidAndHandled({ ...event, version: 2, active: false });
      await saidAndHandled(event);
      expect(await statuses((of) => of.byCookie(cookie))).toEqual([401, 401]);
    });

    it('gives the person another role within two seconds, in whichever replica', async () => {
      const { cookie, event } = await known({ role: 'owner' });
      await guests.say(SessionChanged, { ...event, version: 2, role: 'admin' });
      const since = performance.now();
      await eventuallyBoth(200, (of) => of.byCookie(cookie, '/host'));
      expect(performance.now() - since).toBeLessThan(2 * BELIEVED_MS);
    });

    it('takes the new cookie of a session in place of the old one', async () => {
      const { cookie, event } = await known();
      const next = newSession();
      await guests.say(SessionChanged, { ...event, version: 2, hash: next.event.hash });
      await eventuallyBoth(200, (of) => of.byCookie(next.cookie));
      await eventuallyBoth(401, (of) => of.byCookie(cookie));
    });
  });

  it('removes the sessions that have expired, and takes nothing back of what comes late', async () => {
    const at = (ms: number): Partial<Session> => ({ expiresAt: new Date(START.getTime() + DAY + ms).toISOString() });
    const [before, exactly, after] = [await known(at(-1)), await known(at(0)), await known(at(1))];
    const left = async (): Promise<string[]> => {
      const ids = [before, exactly, after].map(({ event }) => event.sessionId);
      const rows = await guests.database.query<{ id: string }>('select id from known_session where id = any($1)', [
        ids,
      ]);
      return rows.map(({ id }) => id);
    };
    clock.set(new Date(START.getTime() + DAY));
    const remove = new RemoveExpiredSessions(new SessionRepository(guests.database), clock);
    expect(await remove.run()).toBeGreaterThanOrEqual(2);
    expect(await left()).toEqual([after.event.sessionId]);
    expect(await remove.run()).toBe(0);
    await saidAndHandled(before.event);
    expect(await statuses((of) => of.byCookie(before.cookie))).toEqual([401, 401]);
    expect(await remove.run()).toBe(1);
  });

  it('removes them at its start as well', async () => {
    const { event } = await known();
    clock.set(new Date(START.getTime() + 2 * DAY));
    const third = await GuestsService.start(store.url, clock);
    try {
      await eventually(async () => {
        const rows = await guests.database.query('select 1 from known_session where id = $1', [event.sessionId]);
        expect(rows).toEqual([]);
      });
    } finally {
      await third.running.stop();
    }
  });

  it('keeps a stranger waiting once where there are several in a process', async () => {
    const both = await GuestsService.start(store.url, clock, [neighbour]);
    try {
      const { cookie } = newSession();
      expect(await timeOf(both.byCookie(cookie))).toBeLessThan(2 * PATIENCE_MS);
      expect((await both.byCookie(cookie)).status).toBe(401);
    } finally {
      await both.running.stop();
    }
  });

  it('leaves the answer to the registry where that is in the same process', async () => {
    const together = await GuestsService.start(store.url, clock, [registry]);
    try {
      const { token, event } = newToken('admin');
      await together.say(TokenChanged, event);
      await eventuallyBoth(200, (of) => of.byToken(token));
      expect((await together.byToken(token)).status).toBe(401);
      const { cookie } = await known();
      expect(await timeOf(together.byCookie(cookie))).toBeLessThan(PATIENCE_MS);
      expect((await together.byCookie(cookie)).status).toBe(401);
      expect(await together.tokens.verifyToken(token, 'admin')).toMatchObject({ id: event.tokenId });
    } finally {
      await together.running.stop();
    }
  });
});
