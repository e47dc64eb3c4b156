import { randomUUID } from 'node:crypto';
import {
  LetterKept,
  LetterSettled,
  LetterWanted,
  ProcessDue,
  type DeadLetterView,
  type Page,
  type ReplaysView,
  type ReplayView,
} from '@recert/contracts';
import { eventually, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';

describe('the list of dead letters', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;

  beforeEach(async () => {
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery);
  });
  afterEach(async () => {
    await registry.stop();
    await database.drop();
  });

  const page = (query = ''): Promise<Page<DeadLetterView>> => registry.ask('GET', `/api/dead-letters${query}`);
  const items = async (query = ''): Promise<readonly DeadLetterView[]> => (await page(query)).items;
  const listed = (count: number, query = ''): Promise<readonly DeadLetterView[]> =>
    eventually(async () => {
      const letters = await items(query);
      if (letters.length !== count) throw new Error(`${letters.length} instead of ${count}`);
      return letters;
    });

  async function kept(changes: Partial<LetterKept> = {}): Promise<string> {
    const letterId = randomUUID();
    await registry.hear(LetterKept, { ...LetterKept.example, letterId, ...changes });
    return letterId;
  }
  const settled = (letterId: string, reason: string | null, at = '2026-11-27T08:00:01.000Z'): Promise<void> =>
    registry.hear(LetterSettled, { ...LetterSettled.example, letterId, reason, at });

  it('has what a service could not handle, with its payload and the reason', async () => {
    const id = await kept();
    const [letter] = await listed(1);
    const { letterId: _, ...said } = LetterKept.example;
    expect(letter).toEqual({ id, ...said, replayedAt: null });
  });

  it('has one of this service itself, which tells of it by the same way', async () => {
    await registry.hear(ProcessDue, { ...ProcessDue.example, processId: 'nobody-knows-it' });
    const [letter] = await listed(1);
    expect(letter).toMatchObject({
      service: 'registry',
      consumer: 'registry.open-review-when-process-is-due',
      subject: 'process.due',
      reason: 'there is no process "nobody-knows-it"',
      isWhole: true,
    });
    expect(letter!.runId).not.toBeNull();
    const replayed = await registry.ask<ReplayView>('POST', `/api/dead-letters/${letter!.id}/replay`);
    expect(replayed).toEqual({ state: 'failed', replayed: false, reason: 'there is no process "nobody-knows-it"' });
    const [after] = await items();
    expect(after!.replayedAt).toBeNull();
  });

  it('is kept in order: open ones first, the newest first, page by page', async () => {
    const at = (minute: number): string => `2026-11-27T02:0${minute}:00.000Z`;
    const ids = [await kept({ at: at(1) }), await kept({ at: at(2) }), await kept({ at: at(3) })];
    await listed(3);
    await settled(ids[2]!, null);
    await listed(2, '?state=open');
    expect((await items()).map(({ id }) => id)).toEqual([ids[1], ids[0], ids[2]]);
    const first = await page('?limit=2');
    const second = await page(`?limit=2&cursor=${first.next}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([ids[1], ids[0], ids[2]]);
    expect(second.next).toBeNull();
    expect(await items('?state=replayed')).toHaveLength(1);
    expect(await items('?service=scheduler')).toEqual([]);
    expect(await items('?subject=alert.raised&service=notifier')).toHaveLength(3);
  });

  it('asks the service that has a letter to handle it again, and says what became of it', async () => {
    const id = await kept();
    await listed(1);
    const answer = registry.ask<ReplayView>('POST', `/api/dead-letters/${id}/replay`);
    await eventually(async () => {
      const [wanted] = await registry.published(LetterWanted);
      expect(wanted).toMatchObject({ service: 'notifier', letterIds: [id], by: 'admin' });
    });
    await settled(id, null);
    expect(await answer).toEqual({ state: 'replayed', replayed: true, reason: null });
    expect((await items())[0]!.replayedAt).toBe('2026-11-27T08:00:01.000Z');
  });

  it('asks for many at once, the oldest first, each of its own service', async () => {
    const late = await kept({ at: '2026-11-27T03:00:00.000Z' });
    const early = await kept({ at: '2026-11-27T01:00:00.000Z' });
    const other = await kept({ service: 'kpi-ingest', consumer: 'hook.kpi' });
    await listed(3);
    const asked = await registry.ask<ReplaysView>('POST', '/api/dead-letters/replay', {});
    expect(asked).toEqual({ asked: 3, more: false });
    const wanted = await registry.published(LetterWanted);
    expect(wanted.map(({ service, letterIds }) => [service, letterIds])).toEqual([
      ['notifier', [early, late]],
      ['kpi-ingest', [other]],
    ]);
    await settled(other, null);
    await listed(2, '?state=open');
    const again = { consumer: 'hook.kpi' };
    expect(await registry.ask('POST', '/api/dead-letters/replay', again)).toEqual({ asked: 0, more: false });
    expect(await registry.ask('POST', '/api/dead-letters/replay', { ids: [late] })).toEqual({ asked: 1, more: false });
  });

  it('opens a letter that was kept again after its replay, and no other', async () => {
    const id = await kept({ at: '2026-11-27T01:00:00.000Z' });
    await listed(1);
    await settled(id, null, '2026-11-27T02:00:00.000Z');
    await listed(1, '?state=replayed');
    await kept({ letterId: id, at: '2026-11-27T01:30:00.000Z', reason: 'late news' });
    await eventually(async () => expect((await items())[0]!.reason).toBe('late news'));
    expect(await items('?state=replayed')).toHaveLength(1);
    await kept({ letterId: id, at: '2026-11-27T03:00:00.000Z', reason: 'again' });
    await listed(1, '?state=open');
  });

  it('waits for the letter where its outcome is here first', async () => {
    const letterId = randomUUID();
    await settled(letterId, null);
    await kept({ letterId });
    await listed(1, '?state=replayed');
  });

  it('knows no letter that nobody has told of', async () => {
    for (const id of [randomUUID(), 'x']) {
      const reply = await registry.request('POST', `/api/dead-letters/${id}/replay`);
      expect(reply.status).toBe(404);
    }
  });
});
