import { type TaskRegistered } from '@recert/contracts';
import { eventually, testDatabase, type TestDatabase } from '@recert/testing';
import { NotesService } from './fixture';

describe('the tasks of a service', () => {
  let store: TestDatabase;
  let service: NotesService;

  beforeAll(async () => {
    store = await testDatabase();
    service = await NotesService.start(store.url);
  });
  afterAll(async () => {
    await service.running.stop();
    await store.drop();
  });

  const said = async (): Promise<TaskRegistered[]> => {
    const rows = await service.database.query<{ payload: string }>(
      `select payload from outbox where subject = 'task.registered' order by id`,
    );
    return rows.map(({ payload }) => JSON.parse(payload) as TaskRegistered);
  };
  const restart = async (): Promise<void> => {
    await service.running.stop();
    service = await NotesService.start(store.url);
  };

  it('are registered at its start, its hooks among them', async () => {
    await eventually(async () => expect(await said()).not.toEqual([]));
    expect(await said()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...{
            taskId: 'notes.hook.notes',
            service: 'notes',
            trigger: { webhook: '/hooks/notes/{target}' },
            version: 1,
          },
          emits: ['task.noted'],
        }),
      ]),
    );
  });

  it('are no news at the next start, and are again what is changed, and what is gone', async () => {
    const before = await said();
    await restart();
    await service.database.query('select pg_sleep(0.3)');
    expect(await said()).toHaveLength(before.length);
    await service.database.query(
      `update announced_task set said = replace(said, 'take in notes', 'another name') where task_id = 'notes.hook.notes'`,
    );
    await service.database.query(
      `insert into announced_task select 'notes.hook.gone', 3, replace(said, 'hook.notes', 'hook.gone'), said_at
       from announced_task where task_id = 'notes.hook.notes'`,
    );
    await restart();
    await eventually(async () =>
      expect(
        (await said()).slice(before.length).map(({ taskId, version, active }) => [taskId, version, active]),
      ).toEqual([
        ['notes.hook.notes', 2, true],
        ['notes.hook.gone', 4, false],
      ]),
    );
  });
});
