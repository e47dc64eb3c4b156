import {
  TaskRegistered,
  type Page,
  type Problem,
  type ProductCreated,
  type TaskCreated,
  type TaskView,
} from '@recert/contracts';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { Logins } from '../access/login-fixture';
import { bakery } from '../fixtures/bakery';
import { RegistryOfTasks } from '../fixtures/registry-of-tasks';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PROCESS = 'task-nightly-backup';
/** A library whose process has the id that the one of a task would have. */
const clashing = `${bakery}
## Task

### nightly backup

owner: bob

By hand.
`;

describe('tasks', () => {
  let database: TestDatabase;
  let clock: MovableClock;
  let hub: RegistryOfTasks;

  beforeEach(async () => {
    database = await testDatabase();
    clock = new MovableClock('2026-11-27T09:00:00.000Z');
    hub = await RegistryOfTasks.start(database.url, clock);
  });
  afterEach(async () => {
    await hub.stop();
    await database.drop();
  });

  /** What time brings about comes within a poll of five seconds, since the timer does not know that this clock jumps. */
  const inTime = (check: () => Promise<void>): Promise<void> => eventually(check, 20_000);

  const ids = async (query: string): Promise<string[]> =>
    (await hub.registry.ask<Page<TaskView>>('GET', `/api/tasks?service=outside&${query}`)).items.map(({ id }) => id);

  describe('and their tokens', () => {
    const rotate = () => hub.registry.request<{ token: string } & Problem>('POST', '/api/tasks/nightly-backup/tokens');

    it('have two while they are rotated, and no third', async () => {
      const { token: first, tokenId } = await hub.add();
      // The oldest is named first, and one of the same moment is no older.
      clock.advance(1);
      const second = await rotate();
      expect(second.status).toBe(201);
      await hub.report(first, { status: 'start' });
      await hub.report(second.body.token, { status: 'success' });
      const third = await rotate();
      expect([third.status, third.body.detail]).toEqual([409, expect.stringContaining(`/api/tokens/${tokenId}`)]);
      await hub.registry.ask('DELETE', `/api/tokens/${tokenId}`);
      expect((await hub.send(first, { status: 'success' })).status).toBe(401);
      expect((await rotate()).status).toBe(201);
    });

    it('have none while they are taken away, and another when they are back', async () => {
      await hub.add();
      await hub.registry.ask('DELETE', '/api/tasks/nightly-backup');
      expect((await rotate()).status).toBe(409);
      await hub.registry.ask('PATCH', '/api/tasks/nightly-backup', { active: true });
      await hub.report((await rotate()).body.token, { status: 'success' });
    });

    it('are not those of their product', async () => {
      await hub.registry.ask<ProductCreated>('POST', '/api/products', { name: 'Lugha', owner: 'ada' });
      const { token } = await hub.add({ product: 'lugha' });
      expect((await hub.registry.request('POST', '/api/products/lugha/tokens')).status).toBe(201);
      await hub.registry.ask('PATCH', '/api/products/lugha', { active: false });
      await hub.report(token, { status: 'success' });
      expect(await hub.refused({ id: 'other', product: 'nowhere' })).toEqual([
        422,
        expect.stringMatching(/^product: /),
      ]);
    });
  });

  describe('of an owner', () => {
    it('are theirs to register, change and take away, and those of others are not', async () => {
      const logins = new Logins(() => hub.registry, clock);
      const bob = await logins.browserOf('bob');
      const body = { name: 'Backup', owner: 'bob', trigger: { every: 'P1D' } };
      const made = await bob.ask<TaskCreated>('POST', '/api/tasks', body);
      expect(made.status).toBe(201);
      expect((await bob.ask('PATCH', '/api/tasks/backup', { grace: 'PT2H' })).status).toBe(200);
      expect((await bob.ask('POST', '/api/tasks/backup/tokens')).status).toBe(201);
      expect((await bob.ask('POST', '/api/tasks', { ...body, id: 'of-ada', owner: 'ada' })).status).toBe(403);
      await hub.add();
      for (const [method, path, sent] of [
        ['PATCH', '', { grace: 'PT2H' }],
        ['PATCH', '', { owner: 'bob' }],
        ['POST', '/tokens', undefined],
        ['DELETE', '', undefined],
      ] as const) {
        expect((await bob.ask(method, `/api/tasks/nightly-backup${path}`, sent)).status).toBe(403);
      }
      expect((await bob.ask('DELETE', '/api/tasks/backup')).status).toBe(204);
    });

    it('go to the heir of whoever leaves, who is asked and told', async () => {
      await hub.add({ owner: 'bob' });
      await hub.registry.ask('PATCH', '/api/people/bob?heir=ada', { active: false });
      expect((await hub.show()).owner).toBe('ada');
      clock.advance(25 * HOUR);
      await inTime(async () => expect(await hub.downs()).toMatchObject([{ owner: 'ada' }]));
    });

    it('that were given to somebody as a process are given back there', async () => {
      await hub.add();
      await hub.registry.ask('PATCH', `/api/processes/${PROCESS}`, { owner: 'bob' });
      const reply = await hub.registry.request<Problem>('PATCH', '/api/tasks/nightly-backup', {
        body: { owner: 'ada' },
      });
      expect([reply.status, reply.body.detail]).toEqual([409, expect.stringContaining(`/api/processes/${PROCESS}`)]);
      await hub.registry.ask('PATCH', `/api/processes/${PROCESS}`, { owner: 'ada' });
      expect((await hub.show()).owner).toBe('ada');
      await hub.registry.ask('PATCH', '/api/tasks/nightly-backup', { owner: 'bob' });
      expect([(await hub.show()).owner, (await hub.registry.get(PROCESS)).owner]).toEqual(['bob', 'bob']);
    });

    it('do not come back to somebody who has left meanwhile', async () => {
      await hub.add({ owner: 'bob' });
      await hub.registry.ask('DELETE', '/api/tasks/nightly-backup');
      await hub.registry.ask('PATCH', '/api/people/bob?heir=ada', { active: false });
      const activate = (body: object) =>
        hub.registry.request<Problem>('PATCH', '/api/tasks/nightly-backup', { body: { active: true, ...body } });
      const reply = await activate({});
      expect([reply.status, reply.body.detail]).toEqual([422, expect.stringMatching(/^owner: /)]);
      expect((await activate({ owner: 'ada' })).status).toBe(200);
      expect((await hub.registry.get(PROCESS)).owner).toBe('ada');
    });
  });

  it('and libraries never take an id from each other, also where it is retired', async () => {
    await hub.add();
    await expect(hub.registry.importText(clashing)).rejects.toThrow(/422.*task-nightly-backup/s);
    await hub.registry.ask('DELETE', '/api/tasks/nightly-backup');
    await expect(hub.registry.importText(clashing)).rejects.toThrow(/422.*task-nightly-backup/s);
    await hub.registry.importText(clashing.replace('nightly backup', 'weekly backup'));
    expect((await hub.refused({ id: 'weekly-backup' }))[0]).toBe(422);
    await hub.registry.importText(bakery);
    expect((await hub.refused({ id: 'weekly-backup' }))[0]).toBe(422);
  });

  it('say of their newest run when it began, when it ended and how long it took', async () => {
    const { token } = await hub.add();
    expect((await hub.show()).lastRun).toBeNull();
    await hub.report(token, { status: 'start' });
    const startedAt = clock.now().toISOString();
    expect((await hub.show()).lastRun).toEqual({ startedAt, endedAt: null, tookMs: null });
    clock.advance(90_000);
    await hub.report(token, { status: 'success' });
    const endedAt = clock.now().toISOString();
    expect((await hub.show()).lastRun).toEqual({ startedAt, endedAt, tookMs: 90_000 });
    clock.advance(HOUR);
    await hub.report(token, { status: 'success' });
    expect((await hub.show()).lastRun).toMatchObject({ startedAt: null, tookMs: null });
  });

  it('are found by each state that they are shown with', async () => {
    const { token } = await hub.add();
    const only = async (state: string): Promise<void> => {
      expect((await hub.show()).state).toBe(state);
      const found = await Promise.all(
        ['new', 'up', 'running', 'late', 'down', 'off'].map(
          async (each) => [each, await ids(`state=${each}`)] as const,
        ),
      );
      expect(found.filter(([, tasks]) => tasks.length > 0)).toEqual([[state, ['nightly-backup']]]);
    };
    await only('new');
    await hub.report(token, { status: 'start' });
    await only('running');
    await hub.report(token, { status: 'success' });
    await only('up');
    clock.advance(24 * HOUR);
    await only('late');
    await hub.report(token, { status: 'fail' });
    await only('down');
    await hub.registry.ask('DELETE', '/api/tasks/nightly-backup');
    await only('off');
  });

  it('that have begun and not ended within their grace are unfinished, and the admins hear what a failed one said', async () => {
    const { token } = await hub.add();
    await hub.report(token, { status: 'start' });
    clock.advance(HOUR - 1);
    expect((await hub.show()).state).toBe('running');
    clock.advance(1);
    await inTime(async () => expect(await hub.downs()).toMatchObject([{ why: 'unfinished', level: 'owner' }]));
    await hub.report(token, { status: 'success' });
    await hub.report(token, { status: 'fail', log: 'no disk' });
    clock.advance(HOUR);
    await inTime(async () =>
      expect((await hub.downs()).slice(1)).toMatchObject([
        { trouble: 2, why: 'failed', level: 'owner', log: 'no disk' },
        { trouble: 2, why: 'failed', level: 'admins', log: 'no disk' },
      ]),
    );
  });

  it('that are silent together are each told of once by two replicas, while others report', async () => {
    const { token } = await hub.add({ trigger: { hand: true } });
    const names = Array.from({ length: 24 }, (_, n) => `silent-${String(n).padStart(2, '0')}`);
    for (const name of names) await hub.add({ name });
    const other = await RegistryOfTasks.start(database.url, clock);
    try {
      clock.advance(25 * HOUR);
      for (const status of ['start', 'fail', 'start', 'success']) await hub.report(token, { status });
      const told = async (): Promise<string[]> =>
        (await hub.downs()).filter(({ why }) => why === 'silent').map(({ taskId, level }) => `${taskId} ${level}`);
      await inTime(async () => expect((await told()).length).toBeGreaterThanOrEqual(names.length));
      clock.advance(HOUR);
      await inTime(async () => expect((await told()).length).toBeGreaterThanOrEqual(2 * names.length));
      expect((await told()).toSorted()).toEqual(names.flatMap((name) => [`${name} admins`, `${name} owner`]));
      expect(await hub.ups()).toMatchObject([{ taskId: 'nightly-backup', how: 'success' }]);
    } finally {
      await other.stop();
    }
  }, 60_000);

  it('of services count by versions of their service, which the owner of an id from outside never loses', async () => {
    await hub.add();
    await hub.registry.hear(TaskRegistered, {
      ...{ ...TaskRegistered.example, service: 'scheduler', name: 'Mine', version: 9 },
    });
    await hub.registry.hear(TaskRegistered, {
      ...{ ...TaskRegistered.example, taskId: 'other', service: 'scheduler', owner: null, version: 1 },
    });
    await eventually(() => hub.show('other'));
    expect(await hub.show()).toMatchObject({ service: 'outside', name: 'Nightly backup' });
  });
});
