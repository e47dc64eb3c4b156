import {
  PersonChanged,
  PersonLinked,
  ReviewRequested,
  type HistoryView,
  type Page,
  type PersonView,
  type Problem,
} from '@recert/contracts';
import { sha256 } from '@recert/service-kit';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery, fireOven, mixDough } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';

const start = new Date('2026-11-20T09:00:00.000Z');

describe('people', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;
  const clock = new MovableClock(start);

  beforeEach(async () => {
    clock.set(start);
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery, {}, clock);
  });
  afterEach(async () => {
    await registry.stop();
    await database.drop();
  });

  const person = async (handle: string): Promise<PersonView | undefined> =>
    (await registry.ask<Page<PersonView>>('GET', '/api/people')).items.find((each) => each.handle === handle);
  const botIsUp = async (username = 'recert_bot'): Promise<void> => {
    await registry.hear(PersonLinked, { what: 'bot-up', username, at: start.toISOString() });
    await eventually(async () => expect(await registry.database.query('select 1 from bot')).toHaveLength(1));
  };
  const latest = async (handle: string): Promise<PersonChanged | undefined> =>
    (await registry.published(PersonChanged)).findLast((event) => event.handle === handle);

  it('are added with a handle that is free, and announced', async () => {
    const added = await registry.request<PersonView>('POST', '/api/people', { body: { handle: 'eve', name: 'Eve' } });
    expect(added).toMatchObject({ status: 201, body: { handle: 'eve', roles: ['owner'], active: true, owns: 0 } });
    expect(await latest('eve')).toMatchObject({ version: 1, name: 'Eve', invitation: null });
    const again = await registry.request<Problem>('POST', '/api/people', { body: { handle: 'eve', name: 'Eva' } });
    expect(again).toMatchObject({ status: 409, body: { detail: expect.stringContaining('"eve"') as string } });
  });

  it.each([
    [{ handle: 'Eve', name: 'Eve' }, /handle: a handle is made of/],
    [{ handle: 'eve' }, /name: /],
    [{ handle: 'eve', name: 'a\u0000b' }, /name: a NUL character/],
    [{ handle: 'eve', name: '\ud800' }, /name: half a surrogate pair/],
    [{ handle: 'eve', name: 'Eve', roles: ['king'] }, /roles/],
  ])('are not added as %j', async (body, detail) => {
    const reply = await registry.request<Problem>('POST', '/api/people', { body });
    expect(reply).toMatchObject({ status: 400, body: { detail: expect.stringMatching(detail) as string } });
  });

  it('come in pages by handle', async () => {
    for (const handle of ['carol', 'dave']) await registry.ask('POST', '/api/people', { handle, name: handle });
    const first = await registry.ask<Page<PersonView>>('GET', '/api/people?limit=3');
    const second = await registry.ask<Page<PersonView>>('GET', `/api/people?limit=3&cursor=${first.next}`);
    expect([...first.items, ...second.items].map((each) => each.handle)).toEqual(['ada', 'bob', 'carol', 'dave']);
    expect(second.next).toBeNull();
  });

  it('that are deactivated hand over what they own, and are deputy of nothing', async () => {
    const keep = await registry.request<Problem>('PATCH', '/api/people/ada', { body: { active: false } });
    const why = '"ada" owns a process: name who takes over, ?heir=<handle>. What there is: mix dough.';
    expect(keep).toMatchObject({ status: 409, body: { detail: why } });
    expect(await person('ada')).toMatchObject({ active: true });

    expect(await registry.ask('PATCH', '/api/people/ada?heir=bob', { active: false })).toMatchObject({
      active: false,
      owns: 0,
    });
    expect(await registry.get(mixDough)).toMatchObject({ owner: 'bob' });
    expect(await registry.get(fireOven)).toMatchObject({ owner: 'bob', deputy: null });
    const { items } = await registry.ask<Page<HistoryView>>('GET', `/api/processes/${fireOven}/history`);
    expect(items.at(-1)).toMatchObject({ field: 'deputy', old: 'ada', new: null, cause: 'ada was deactivated' });
  });

  it('who take over a certified process are asked about it', async () => {
    await registry.ask('POST', `/api/processes/${mixDough}/response`, { answer: 'correct' });
    await registry.ask('PATCH', '/api/people/ada?heir=bob', { active: false });
    expect(await registry.published(ReviewRequested)).toMatchObject([{ processId: mixDough, reason: 'owner-changed' }]);
  });

  it.each([
    ['?heir=nobody', { active: false }, 422],
    ['?heir=ada', { active: false }, 422],
    ['?heir=bob', { name: 'Ada' }, 422],
    ['?heir=', { active: false }, 400],
    ['', { active: 'no' }, 400],
  ])('do not change with %s and %j', async (query, body, status) => {
    expect((await registry.request('PATCH', `/api/people/ada${query}`, { body })).status).toBe(status);
    expect(await person('ada')).toMatchObject({ active: true, name: 'ada', owns: 1 });
  });

  it('are shown one by one with what they own and stand in for', async () => {
    expect(await registry.ask('GET', '/api/people/ada')).toEqual({
      ...{ handle: 'ada', name: 'ada', roles: ['owner'], active: true, owns: 1, deputyOf: 1 },
      telegram: { linked: false, since: null, lost: null },
    });
    expect(await person('ada')).toEqual(await registry.ask('GET', '/api/people/ada'));
    await registry.ask('PATCH', '/api/people/ada?heir=bob', { active: false });
    expect(await registry.ask('GET', '/api/people/ada')).toMatchObject({ active: false, owns: 0, deputyOf: 0 });
    expect(await registry.ask('GET', '/api/people/bob')).toMatchObject({ owns: 2, deputyOf: 0 });
  });

  it('are not there by a handle that nobody has', async () => {
    expect((await registry.request('GET', '/api/people/eve')).status).toBe(404);
    expect((await registry.request('PATCH', '/api/people/eve', { body: { name: 'x' } })).status).toBe(404);
    expect((await registry.request('POST', '/api/people/eve/invite')).status).toBe(404);
  });

  describe('that are invited', () => {
    const invite = (handle: string) =>
      registry.ask<{ url: string; expiresAt: string }>('POST', `/api/people/${handle}/invite`);

    it('get a link of the bot that is up, of which only the hash is told', async () => {
      await botIsUp();
      const { url, expiresAt } = await invite('ada');
      const [, code] = /^https:\/\/t\.me\/recert_bot\?start=([\w-]{22,64})$/.exec(url) ?? [];
      expect(expiresAt).toBe('2026-11-20T09:10:00.000Z');
      expect(await latest('ada')).toMatchObject({
        version: 2,
        invitation: { codeHash: sha256(code ?? '').toString('hex'), expiresAt },
      });
      const kept = await registry.database.query(
        'select t::text as row from person t union select payload from outbox',
      );
      expect(JSON.stringify(kept)).not.toContain(code);
    });

    it('have one open invitation, the newest', async () => {
      await botIsUp();
      const urls = [await invite('ada'), await invite('ada')].map((each) => each.url);
      expect(urls[0]).not.toBe(urls[1]);
      const code = urls[1]!.split('=')[1]!;
      expect((await latest('ada'))?.invitation?.codeHash).toBe(sha256(code).toString('hex'));
    });

    it('need a bot, and an active person', async () => {
      const noBot = await registry.request<Problem>('POST', '/api/people/ada/invite');
      expect(noBot).toMatchObject({
        status: 409,
        body: { detail: expect.stringContaining('TELEGRAM_BOT_TOKEN') as string },
      });
      await botIsUp();
      await registry.ask('PATCH', '/api/people/ada?heir=bob', { active: false });
      expect((await registry.request('POST', '/api/people/ada/invite')).status).toBe(409);
    });
  });

  it('are linked and lost as the channel says, whatever comes late', async () => {
    await botIsUp();
    await registry.ask('POST', '/api/people/ada/invite');
    const at = (minute: number): string => new Date(start.getTime() + minute * 60_000).toISOString();
    const linked = { what: 'linked', handle: 'ada', channel: 'telegram', account: '1001' } as const;
    await registry.hear(PersonLinked, { ...linked, at: at(1) });
    await eventually(async () =>
      expect(await person('ada')).toMatchObject({ telegram: { linked: true, since: at(1), lost: null } }),
    );
    expect(await latest('ada')).toMatchObject({ invitation: null });
    await registry.hear(PersonLinked, {
      what: 'lost',
      handle: 'ada',
      channel: 'telegram',
      reason: 'blocked',
      at: at(3),
    });
    await eventually(async () =>
      expect(await person('ada')).toMatchObject({ telegram: { linked: false, since: null, lost: 'blocked' } }),
    );
    await registry.hear(PersonLinked, { ...linked, at: at(2) });
    await registry.hear(PersonLinked, { ...linked, handle: 'bob', at: at(2) });
    await eventually(async () => expect(await person('bob')).toMatchObject({ telegram: { linked: true } }));
    expect(await person('ada')).toMatchObject({ telegram: { linked: false, lost: 'blocked' } });
  });
});
