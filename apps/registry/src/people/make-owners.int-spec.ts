import {
  type HistoryView,
  type Page,
  PersonChanged,
  type PersonView,
  type Problem,
  SessionChanged,
} from '@recert/contracts';
import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery, fireOven, mixDough } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';

const NOW = new Date('2026-11-27T09:00:00.000Z');
const WHY = 'has something to answer for';

describe('whoever answers for something', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;

  beforeEach(async () => {
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery, {}, new MovableClock(NOW));
    await registry.ask('POST', '/api/people', { handle: 'eve', name: 'Eve', roles: ['viewer'] });
  });
  afterEach(async () => {
    await registry.stop();
    await database.drop();
  });

  const rolesOf = async (handle: string): Promise<string[] | undefined> =>
    (await registry.ask<Page<PersonView>>('GET', '/api/people')).items.find((each) => each.handle === handle)?.roles;
  const announced = async (handle: string): Promise<(readonly string[])[]> =>
    (await registry.published(PersonChanged)).filter((event) => event.handle === handle).map(({ roles }) => roles);
  const history = async () =>
    (await registry.ask<(HistoryView & { person: string | null })[]>('GET', '/api/audit/export')).filter(
      ({ cause }) => cause === WHY,
    );
  const edit = (handle: string, body: object) =>
    registry.request<PersonView & Problem>('PATCH', `/api/people/${handle}`, { body });
  const product = { name: 'Lugha', owner: 'ada', admins: [] as string[] };

  it.each<[string, () => Promise<unknown>]>([
    ['owner of a process', () => registry.ask('PATCH', `/api/processes/${mixDough}`, { owner: 'eve' })],
    ['deputy of a process', () => registry.ask('PATCH', `/api/processes/${mixDough}`, { deputy: 'eve' })],
    ['owner of a product', () => registry.ask('POST', '/api/products', { ...product, owner: 'eve' })],
    ['admin of a product', () => registry.ask('POST', '/api/products', { ...product, admins: ['eve'] })],
    [
      'owner of a task',
      () => registry.ask('POST', '/api/tasks', { name: 'Backup', owner: 'eve', trigger: { every: 'P1D' } }),
    ],
    ['heir of a process', () => registry.ask('PATCH', '/api/people/bob?heir=eve', { active: false })],
    [
      'heir of a product',
      async () => {
        await registry.ask('POST', '/api/people', { handle: 'zoe', name: 'Zoe' });
        await registry.ask('POST', '/api/products', { ...product, owner: 'zoe' });
        await registry.ask('PATCH', '/api/people/zoe?heir=eve', { active: false });
      },
    ],
  ])('is made an owner when they become %s, which is announced and in the history', async (_what, give) => {
    await give();
    expect(await rolesOf('eve')).toEqual(['viewer', 'owner']);
    expect(await announced('eve')).toEqual([['viewer'], ['viewer', 'owner']]);
    expect(await history()).toMatchObject([
      { person: 'eve', field: 'roles', old: 'viewer', new: 'owner viewer', by: 'admin' },
    ]);
  });

  it('may answer from then on where they are logged in already', async () => {
    await registry.database.query(
      `insert into session (id, version, hash, handle, device, created_at, last_seen_at, expires_at, announced)
       values ('6f1d2a9be04c', 1, sha256('a cookie'), 'eve', 'a browser', $1, $1, $2, true)`,
      [NOW, new Date(NOW.getTime() + 86_400_000)],
    );
    await registry.ask('PATCH', `/api/processes/${mixDough}`, { owner: 'eve' });
    expect((await registry.published(SessionChanged)).at(-1)).toMatchObject({
      ...{ sessionId: '6f1d2a9be04c', version: 2, handle: 'eve', role: 'owner', active: true },
    });
  });

  it('stays as they are when they are an owner or admin already', async () => {
    await edit('eve', { roles: ['admin'] });
    await registry.ask('PATCH', `/api/processes/${mixDough}`, { owner: 'eve' });
    expect(await rolesOf('eve')).toEqual(['admin']);
    expect(await history()).toEqual([]);
  });

  it.each([[['viewer']], [[]]])('is not made %j, but is told what that is', async (roles) => {
    const { status, body } = await edit('bob', { roles });
    expect([status, body.detail]).toEqual([
      409,
      expect.stringMatching(/^"bob" answers for a process, .* What there is: fire oven\.$/),
    ]);
    expect((await edit('bob', { roles: ['admin', 'viewer'] })).status).toBe(200);
    await edit('bob', { roles: ['owner'] });
    await registry.ask('PATCH', `/api/processes/${fireOven}`, { owner: 'eve', deputy: null });
    expect((await edit('bob', { roles })).status).toBe(200);
  });

  it('is made an owner once at the start where they were given it before that, however many start', async () => {
    await registry.database.query(`update person set roles = '{viewer}' where handle = 'ada'`);
    const others = await Promise.all(
      [1, 2].map(() => RunningRegistry.start(database.url, bakery, {}, new MovableClock(NOW))),
    );
    await Promise.all(others.map((other) => other.stop()));
    expect(await rolesOf('ada')).toEqual(['viewer', 'owner']);
    expect(await history()).toMatchObject([{ person: 'ada', by: 'recert', source: 'start' }]);
    expect(await rolesOf('eve')).toEqual(['viewer']);
  });

  it('keeps the role that is taken from them in the same moment', async () => {
    await edit('eve', { roles: ['owner'] });
    await Promise.all([
      registry.request('PATCH', `/api/processes/${mixDough}`, { body: { owner: 'eve' } }),
      edit('eve', { roles: ['viewer'] }),
    ]);
    expect(await rolesOf('eve')).toContain('owner');
  });
});
