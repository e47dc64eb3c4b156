import { randomUUID } from 'node:crypto';
import { ReviewRequested, TaskRegistered, TaskReported, type Page, type TaskView } from '@recert/contracts';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery } from '../fixtures/bakery';
import { RegistryOfTasks } from '../fixtures/registry-of-tasks';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PROCESS = 'task-nightly-backup';

describe('the tasks of the hub', () => {
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

  describe('that somebody registers', () => {
    it('have an id, a token that is shown once, a hook, and a process of their owner', async () => {
      const made = await hub.add({ emits: ['outside.backup-made'], deputy: 'bob' });
      expect(made).toMatchObject({
        ...{ id: 'nightly-backup', service: 'outside', owner: 'ada', deputy: 'bob', state: 'new', processId: PROCESS },
        ...{
          trigger: { every: 'P1D' },
          rhythm: { every: 'P1D' },
          grace: 'PT1H',
          expectedBy: '2026-11-28T09:00:00.000Z',
        },
        hook: 'https://recert.example.org/hooks/tasks/nightly-backup',
      });
      expect(made.token).toMatch(/^recert_/);
      const registered = (await hub.registry.published(TaskRegistered)).filter(({ service }) => service === 'outside');
      expect(registered).toMatchObject([{ taskId: 'nightly-backup', version: 1, active: true }]);
      const { token: _, tokenId: __, ...view } = made;
      expect(await hub.show()).toEqual({ ...view, reports: [] });
      expect(await hub.registry.get(PROCESS)).toMatchObject({
        ...{ name: 'Nightly backup', section: 'Automations', owner: 'ada', deputy: 'bob', status: 'uncertified' },
        ...{ documented: true, url: 'https://recert.example.org/tasks/nightly-backup', triggerPeriod: 'P1Y' },
      });
    });

    it.each([
      ['a cron expression', { trigger: { cron: '0 3 * *' } }, 422, 'trigger.cron: "0 3 * *" is no cron expression'],
      [
        'a time that never comes',
        { trigger: { cron: '0 0 30 2 *' } },
        422,
        'trigger.cron: "0 0 30 2 *" is a time that',
      ],
      ['a zone', { trigger: { cron: '0 3 * * *', timezone: 'Mars' } }, 422, 'trigger.timezone: "Mars" is no IANA zone'],
      ['a period', { trigger: { every: 'now and then' } }, 422, 'trigger.every: '],
      ['a grace', { grace: 'soon' }, 422, 'grace: '],
      ['an owner', { owner: 'nobody' }, 422, 'owner: '],
      ['a trigger', { trigger: { moon: 'full' } }, 400, 'trigger: expected {"every": "P1D"}'],
    ])(
      'are refused with the name of the field where there is no such thing: %s',
      async (_what, body, status, detail) => {
        const [was, said] = await hub.refused(body);
        expect(was).toBe(status);
        expect(said).toContain(detail);
        expect((await hub.registry.ask<Page<TaskView>>('GET', '/api/tasks')).items.map(({ id }) => id)).not.toContain(
          'nightly-backup',
        );
      },
    );

    it('cannot have the id of another', async () => {
      await hub.add();
      expect((await hub.refused({}))[0]).toBe(409);
    });

    it('are asked about like any process, and once more when they are described otherwise', async () => {
      await hub.add();
      await hub.registry.ask('POST', `/api/processes/${PROCESS}/response`, { answer: 'correct' });
      expect((await hub.registry.get(PROCESS)).status).toBe('certified');
      await hub.registry.ask('PATCH', '/api/tasks/nightly-backup', { trigger: { cron: '0 3 * * *' } });
      expect(await hub.registry.published(ReviewRequested)).toMatchObject([
        { processId: PROCESS, reason: 'record-edited' },
      ]);
      expect(await hub.show()).toMatchObject({
        ...{ trigger: { cron: '0 3 * * *', timezone: 'Europe/Berlin' }, version: 2 },
        expectedBy: '2026-11-28T02:00:00.000Z',
      });
    });

    it('and what a library says leave each other alone', async () => {
      await hub.add();
      const imported = await hub.registry.importText(bakery.replace('Put wood in.', 'Put much wood in.'));
      expect(imported.retired).toEqual([]);
      expect((await hub.registry.get(PROCESS)).status).toBe('uncertified');
      await hub.registry.ask('DELETE', '/api/tasks/nightly-backup');
      const statuses = Object.fromEntries((await hub.registry.list()).map(({ id, status }) => [id, status]));
      expect(statuses[PROCESS]).toBe('retired');
      expect(Object.values(statuses).filter((status) => status === 'retired')).toHaveLength(1);
    });

    it('belong to whoever their process was given to', async () => {
      await hub.add();
      await hub.registry.ask('PATCH', `/api/processes/${PROCESS}`, { owner: 'bob' });
      expect((await hub.show()).owner).toBe('bob');
      clock.advance(DAY + HOUR);
      await inTime(async () => expect(await hub.downs()).toMatchObject([{ owner: 'bob', level: 'owner' }]));
    });

    it('come back when they are activated, and their tokens do not', async () => {
      const { token } = await hub.add();
      await hub.registry.ask('DELETE', '/api/tasks/nightly-backup');
      expect((await hub.send(token, { status: 'success' })).status).toBe(401);
      expect((await hub.show()).state).toBe('off');
      const patch = await hub.registry.request('PATCH', '/api/tasks/nightly-backup', { body: { grace: 'PT2H' } });
      expect(patch.status).toBe(409);
      await hub.registry.ask('PATCH', '/api/tasks/nightly-backup', { active: true });
      expect((await hub.show()).state).toBe('new');
      expect((await hub.registry.get(PROCESS)).status).not.toBe('retired');
    });

    it('are listed by service, owner, state and name', async () => {
      await hub.add();
      await hub.add({ name: 'Report of the week', owner: 'bob', trigger: { hand: true } });
      const ids = async (query: string): Promise<string[]> =>
        (await hub.registry.ask<Page<TaskView>>('GET', `/api/tasks${query}`)).items.map(({ id }) => id);
      expect(await ids('?service=outside')).toEqual(['nightly-backup', 'report-of-the-week']);
      expect(await ids('?owner=bob')).toEqual(['report-of-the-week']);
      expect(await ids('?q=BACKUP')).toEqual(['nightly-backup']);
      expect(await ids('?service=outside&state=down')).toEqual([]);
      const first = await hub.registry.ask<Page<TaskView>>('GET', '/api/tasks?service=outside&limit=1');
      expect(await ids(`?service=outside&limit=1&cursor=${first.next}`)).toEqual(['report-of-the-week']);
    });
  });

  describe('of services and modules', () => {
    const own = { ...TaskRegistered.example, taskId: 'scheduler.review-timer', service: 'scheduler', owner: null };
    const timer = {
      ...own,
      name: 'Review timer',
      trigger: { every: 'PT5M' },
      rhythm: { every: 'PT5M' },
      grace: 'PT10M',
    };
    const hear = async (changes: Partial<TaskRegistered>): Promise<void> => {
      await hub.registry.hear(TaskRegistered, { ...timer, ...changes });
    };

    it('are known by what they say of themselves, the latest word counts, and nobody is asked about them', async () => {
      await hear({ version: 2 });
      await hear({ version: 1, name: 'Old name' });
      await eventually(async () =>
        expect(await hub.show(timer.taskId)).toMatchObject({ name: 'Review timer', version: 2 }),
      );
      await hear({ version: 3, name: 'New name' });
      await eventually(async () => expect((await hub.show(timer.taskId)).name).toBe('New name'));
      expect(await hub.show(timer.taskId)).toMatchObject({ processId: null, hook: null, owner: null });
      await hear({ version: 4, active: false });
      await eventually(async () => expect((await hub.show(timer.taskId)).state).toBe('off'));
    });

    it('are a process once they are given an owner', async () => {
      await hear({});
      await eventually(() => hub.show(timer.taskId));
      await hub.registry.ask('PATCH', `/api/tasks/${timer.taskId}`, { owner: 'ada' });
      expect(await hub.registry.get('task-scheduler-review-timer')).toMatchObject({
        owner: 'ada',
        name: 'Review timer',
      });
      await hear({ version: 2, name: 'New name' });
      await eventually(async () =>
        expect((await hub.registry.get('task-scheduler-review-timer')).name).toBe('New name'),
      );
      expect((await hub.show(timer.taskId)).owner).toBe('ada');
    });

    it('are described by their service alone', async () => {
      await hear({});
      await eventually(() => hub.show(timer.taskId));
      const patch = await hub.registry.request<{ detail: string }>('PATCH', `/api/tasks/${timer.taskId}`, {
        body: { name: 'Mine' },
      });
      expect([patch.status, patch.body.detail]).toEqual([
        422,
        expect.stringContaining('the service scheduler says this'),
      ]);
      expect((await hub.registry.request('DELETE', `/api/tasks/${timer.taskId}`)).status).toBe(409);
    });

    it('report on the bus, each report once, and their silence goes to the admins at once', async () => {
      const reported = { reportId: randomUUID(), taskId: timer.taskId, status: 'success' as const, log: null };
      await hub.registry.hear(TaskReported, { ...reported, at: clock.now().toISOString() });
      await hear({});
      await eventually(async () => expect((await hub.show(timer.taskId)).reports).toHaveLength(1), 8_000);
      await hub.registry.hear(TaskReported, { ...reported, at: clock.now().toISOString() });
      clock.advance(15 * 60_000);
      await inTime(async () => expect(await hub.downs()).toMatchObject([{ level: 'admins', owner: null }]));
      expect((await hub.show(timer.taskId)).reports).toHaveLength(1);
    }, 20_000);
  });
});
