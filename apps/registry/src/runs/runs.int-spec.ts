import {
  RunProgressed,
  type LastSteps,
  type Page,
  type RunDetail,
  type RunStep,
  type RunView,
} from '@recert/contracts';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';
import { RemoveOldRuns } from './remove-old-runs';
import { RunRepository } from './run.repository';

const at = (minute: number): string => `2026-11-27T02:${String(minute).padStart(2, '0')}:00.000Z`;
const step = (changes: Partial<RunStep> = {}): RunStep => ({ ...RunProgressed.example.steps[0]!, ...changes });

describe('runs', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;
  let clock: MovableClock;

  beforeEach(async () => {
    database = await testDatabase();
    clock = new MovableClock(new Date(at(30)));
    registry = await RunningRegistry.start(database.url, bakery, {}, clock);
    // Only what the test tells is here.
    await registry.database.steps.stop();
    await settled();
    await registry.database.query('truncate run, run_step, last_step');
  });
  afterEach(async () => {
    await registry.stop();
    await database.drop();
  });

  const tell = (...steps: RunStep[]): Promise<void> =>
    registry.hear(RunProgressed, { service: 'notifier', untold: 0, steps });
  const page = (query = ''): Promise<Page<RunView>> => registry.ask('GET', `/api/runs${query}`);
  const ids = async (query = ''): Promise<string[]> => (await page(query)).items.map(({ id }) => id);
  const run = (id: string): Promise<RunDetail> => registry.ask('GET', `/api/runs/${id}`);
  /** Everything that was published is handled. */
  const settled = (): Promise<void> =>
    eventually(async () => {
      const [row] = await registry.database.query<{ n: number }>(
        `select count(*)::int as n from outbox o where subject = 'run.progressed' and not exists (
           select 1 from inbox i where i.event_id = o.event_id and i.consumer like '%keep-steps%')`,
      );
      if (row!.n > 0) throw new Error(`${row!.n} are not handled yet`);
    });

  it('have the steps of all services in the order of the tree, as good as the worst of them', async () => {
    await tell(
      step({ runId: 'r', key: 'notifier.show e', kind: 'handler', name: 'notifier.show', causeId: 'e', at: at(2) }),
      step({ runId: 'r', key: 'e', kind: 'event', name: 'alert.raised', causeId: 'r', by: 'sentry', at: at(1) }),
    );
    await tell(step({ runId: 'r', key: 'r', name: 'sentry', at: at(0), tookMs: 2.5 }));
    await tell(
      step({
        ...{ runId: 'r', key: 'registry.note e', kind: 'handler', name: 'registry.note', causeId: 'e', at: at(3) },
        ...{ state: 'failed', attempts: 10, error: 'no such product', tookMs: null },
      }),
    );
    await settled();
    const { tree, ...said } = await run('r');
    expect(said).toEqual({
      ...{ id: 'r', name: 'sentry', kind: 'webhook', startedAt: at(0), lastAt: at(3), steps: 4 },
      ...{ state: 'failed', error: 'no such product', isWhole: true },
    });
    expect(tree.map(({ key, depth }) => [key, depth])).toEqual([
      ['r', 0],
      ['e', 1],
      ['notifier.show e', 2],
      ['registry.note e', 2],
    ]);
    expect(tree[0]).toMatchObject({ tookMs: 2.5, attempts: 1, state: 'done' });
  });

  it('are done when what had failed was handled again, and show what had gone wrong', async () => {
    const handler = { runId: 'r', key: 'notifier.show e', kind: 'handler', name: 'notifier.show' } as const;
    await tell(step({ ...handler, state: 'failed', attempts: 3, error: 'no' }));
    await settled();
    expect(await ids('?state=failed')).toEqual(['r']);
    await tell(
      step({ ...handler, attempts: 4, error: null, at: at(9) }),
      step({ ...handler, attempts: 1, error: null }),
    );
    await settled();
    const { tree, ...after } = await run('r');
    expect(after).toMatchObject({ state: 'done', error: null, steps: 1 });
    expect(tree[0]).toMatchObject({ attempts: 4, error: 'no', at: at(9) });
  });

  it('are found by state, by a part of name and error, by a name in them and by an id', async () => {
    await tell(
      step({ runId: 'a', key: 'a', at: at(1) }),
      step({ runId: 'b', key: 'b', name: 'kpi', at: at(2), state: 'retrying', error: 'Database is AWAY' }),
      step({ runId: 'b', key: 'b1', kind: 'handler', name: 'notifier.show', at: at(3) }),
      step({ runId: 'c', key: 'c', name: 'kpi', at: at(3) }),
    );
    await settled();
    expect(await ids()).toEqual(['c', 'b', 'a']);
    expect(await ids('?state=retrying')).toEqual(['b']);
    expect(await ids('?q=KPI')).toEqual(['c', 'b']);
    expect(await ids('?q=is+away')).toEqual(['b']);
    expect(await ids('?q=b1')).toEqual(['b']);
    expect(await ids('?name=notifier.show')).toEqual(['b']);
    expect(await ids('?name=notifier')).toEqual([]);
    const first = await page('?limit=2');
    const second = await page(`?limit=2&cursor=${first.next}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['c', 'b', 'a']);
    expect(second.next).toBeNull();
    expect((await registry.request('GET', '/api/runs?cursor=nonsense')).status).toBe(400);
    expect((await registry.request('GET', '/api/runs?state=good')).status).toBe(400);
    expect((await registry.request('GET', '/api/runs/nobody')).status).toBe(404);
    expect((await registry.request('GET', '/api/runs', { token: null })).status).toBe(401);
  });

  it('tell of every handler and hook what it did last, whichever word came last', async () => {
    const handler = { kind: 'handler', name: 'notifier.show' } as const;
    await tell(step({ runId: 'late', key: 'x', ...handler, at: at(5), state: 'failed', error: 'no' }));
    await tell(step({ runId: 'early', key: 'y', ...handler, at: at(4) }));
    await tell(step({ runId: 'late', key: 'e', kind: 'event', name: 'alert.raised', at: at(6) }));
    await settled();
    const { items } = await registry.ask<LastSteps>('GET', '/api/runs/last');
    expect(items.filter(({ name }) => !name.startsWith('registry.'))).toEqual([
      { name: 'notifier.show', runId: 'late', at: at(5), state: 'failed' },
    ]);
  });

  it('are kept for RUNS_DAYS since the last word, and never more than so many steps', async () => {
    await tell(step({ runId: 'old', key: 'old', at: at(29) }), step({ runId: 'new', key: 'new', at: at(30) }));
    await settled();
    const removal = registry.process.app.get(RemoveOldRuns, { strict: false });
    clock.set(new Date(Date.parse(at(29)) + 14 * 86_400_000));
    expect(await removal.run()).toBe(0);
    clock.set(new Date(Date.parse(at(29)) + 14 * 86_400_000 + 1));
    expect(await removal.run()).toBe(1);
    expect(await ids()).toEqual(['new']);
    const rows = await registry.database.query('select 1 from run_step');
    expect(rows).toHaveLength(1);
    await tell(step({ runId: 'b', key: 'b', at: at(31) }), step({ runId: 'b', key: 'b1', at: at(31) }));
    await settled();
    const runs = registry.process.app.get(RunRepository, { strict: false });
    expect(await runs.removeOld(new Date(0), 3, 10)).toBe(0);
    expect(await runs.removeOld(new Date(0), 2, 10)).toBe(1);
    expect(await ids()).toEqual(['b']);
  });
});
