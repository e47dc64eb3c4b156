import { RunProgressed, type RunStep } from '@recert/contracts';
import { eventually, testDatabase, type TestDatabase } from '@recert/testing';
import { type Answer, newToken, NotesService } from './fixture';

describe('the steps of hooks', () => {
  let store: TestDatabase;
  let service: NotesService;
  const { authorization } = newToken('lugha');

  beforeAll(async () => {
    store = await testDatabase();
    service = await NotesService.start(store.url);
  });
  afterAll(async () => {
    await service.running.stop();
    await store.drop();
  });

  async function send(body: unknown): Promise<string> {
    const response = await service.post('/hooks/notes/lugha', JSON.stringify(body), { authorization });
    return ((await response.json()) as Answer).id;
  }
  async function told(id: string): Promise<RunStep[]> {
    const rows = await service.database.query<{ payload: string }>(
      'select payload from outbox where subject = $1 order by id',
      [RunProgressed.subject],
    );
    const steps = rows.flatMap(({ payload }) => RunProgressed.schema.parse(JSON.parse(payload)).steps);
    return steps.filter(({ runId }) => runId === id);
  }
  const tells = (id: string, last: Partial<RunStep>): Promise<RunStep> =>
    eventually(async () => {
      const step = (await told(id)).at(-1);
      expect(step).toMatchObject(last);
      return step!;
    });

  it('are the request with how long it took, which begins the run', async () => {
    const id = await send({ text: 'good' });
    const step = await tells(id, { state: 'done', attempts: 1, error: null });
    expect(step).toMatchObject({ runId: id, key: id, kind: 'webhook', name: 'notes', causeId: null, by: null });
    expect(step.tookMs).toBeGreaterThan(0);
  });

  it('are retried while they fail, failed when they are given up, and done when they were replayed', async () => {
    const fails = await send({ text: 'fails' });
    await tells(fails, { state: 'retrying', error: 'Error: a defect of the handler' });
    const id = await send({ text: 5 });
    await tells(id, { state: 'failed', attempts: 1, error: 'text: it is missing' });
    await service.database.query(`update intake set body = '{"text":"mended"}' where id = $1`, [id]);
    const [letter] = await service.database.query<{ id: string }>('select id from dead_letter where event_id = $1', [
      id,
    ]);
    await service.post(`/api/dead-letters/${letter!.id}/replay`, '{}', {
      authorization: 'Bearer an-admin-token-of-tests',
    });
    await tells(id, { state: 'done', attempts: 2 });
  });

  it('are told again after a crash, also of what is still open', async () => {
    const [good, fails] = [await send({ text: 'before the crash' }), await send({ text: 'fails still' })];
    await tells(good, { state: 'done' });
    await tells(fails, { state: 'retrying' });
    await service.database.steps.stop();
    await service.database.query(`delete from outbox where subject = 'run.progressed'`);
    await service.running.stop();
    service = await NotesService.start(store.url);
    await tells(good, { state: 'done', tookMs: null });
    await tells(fails, { state: 'retrying', error: 'Error: a defect of the handler' });
  });
});
