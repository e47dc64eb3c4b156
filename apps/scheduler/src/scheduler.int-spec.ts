import { ServiceDatabase } from '@recert/bus';
import { ProcessDue, ProcessRegistered, type ScheduleView } from '@recert/contracts';
import { type RunningProcess, startProcess } from '@recert/service-kit';
import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { SchedulerModule, schedulerConfig } from './index';
import { SchedulerReplica } from './schedule/scheduler-replica';
import { certifiedUntil, underReview } from './schedule/schedule-states';

const TOKEN = 'a-token-for-the-tests';
const DAY = 86_400_000;

describe('the scheduler as a service', () => {
  let database: TestDatabase;
  let running: RunningProcess | null;

  const start = async (environment: Record<string, string> = {}): Promise<RunningProcess> => {
    const definition = {
      name: 'scheduler',
      modules: (env: object) => [SchedulerModule.forRoot(schedulerConfig.parse({ ...env }))],
    };
    const always = {
      DATABASE_URL: database.url,
      BUS_URL: database.url,
      PORT: '0',
      LOG_LEVEL: 'silent',
      RECERT_ADMIN_TOKEN: TOKEN,
    };
    running = await startProcess(definition, { ...always, ...environment });
    return running;
  };
  const stop = async (): Promise<void> => {
    await running?.stop();
    running = null;
  };

  /** What the registry and the notifier are to the scheduler: somebody who publishes, and somebody who listens. */
  const publish = async (state: ProcessRegistered): Promise<void> => {
    const scheduler = running!.app.get(ServiceDatabase, { strict: false });
    await scheduler.transaction(async (tx) => void tx.publish(ProcessRegistered, state));
  };
  const published = async (): Promise<{ data: ProcessDue; at: Date }[]> => {
    const scheduler = running!.app.get(ServiceDatabase, { strict: false });
    const rows = await scheduler.query<{ payload: string; created_at: Date }>(
      `select payload, created_at from outbox where subject = $1 order by id`,
      [ProcessDue.subject],
    );
    return rows.map((row) => ({ data: JSON.parse(row.payload) as ProcessDue, at: row.created_at }));
  };
  const firstPublished = async (within: number): Promise<{ data: ProcessDue; at: Date }> => {
    for (const end = Date.now() + within; Date.now() < end; await sleep(5)) {
      const [first] = await published();
      if (first) return first;
    }
    throw new Error(`Nothing was due within ${within} ms`);
  };

  beforeEach(async () => {
    database = await testDatabase();
    running = null;
  });
  afterEach(async () => {
    await stop();
    await database.drop();
  });

  it('asks at the due date without waiting for a poll, over the bus', async () => {
    await start();
    const dueAt = new Date(Date.now() + 700);
    await publish(certifiedUntil(dueAt.toISOString()));
    const { data, at } = await firstPublished(3000);
    expect(data).toMatchObject({ dueAt: dueAt.toISOString(), reminder: 0 });
    expect(at.getTime()).toBeGreaterThanOrEqual(dueAt.getTime());
    expect(at.getTime() - dueAt.getTime()).toBeLessThan(2000);
  });

  it('asks at once about what became due while it was down, and once after two starts', async () => {
    await start();
    await stop();
    const replica = await SchedulerReplica.start(database.url, new MovableClock(new Date()));
    await replica.registered(certifiedUntil(new Date(Date.now() - 400 * DAY).toISOString()));
    await replica.stop();
    await start();
    await firstPublished(3000);
    await stop();
    await start();
    await sleep(200);
    expect(await published()).toHaveLength(1);
  });

  it('looks at open reviews again when the days are configured otherwise', async () => {
    await start();
    const openedAt = new Date(Date.now() - 2 * DAY).toISOString();
    const replica = await SchedulerReplica.start(database.url, new MovableClock(new Date()));
    const id = '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10';
    await replica.registered(underReview({ id, openedAt }));
    await replica.stop();
    await stop();
    await start();
    await sleep(200);
    expect(await published()).toEqual([]);
    await stop();
    await start({ REMINDER_DAYS: '1' });
    expect((await firstPublished(3000)).data).toMatchObject({ reviewId: id, reminder: 1 });
  });

  it('shows admins what it will look at next, page by page, and nobody else', async () => {
    const { url } = await start();
    const replica = await SchedulerReplica.start(database.url, new MovableClock(new Date()));
    for (const n of [3, 1, 2]) {
      await replica.registered(certifiedUntil(`2100-01-0${n}T09:00:00.000Z`, { processId: `process-${n}` }));
    }
    await replica.registered(certifiedUntil('2100-01-04T09:00:00.000Z', { processId: 'gap', documented: false }));
    await replica.stop();

    const get = async (query: string, token = TOKEN) => {
      const response = await fetch(`${url}/api/schedule${query}`, { headers: { authorization: `Bearer ${token}` } });
      return {
        status: response.status,
        body: (await response.json()) as { items: ScheduleView[]; next: string | null },
      };
    };
    const first = await get('?limit=2');
    expect(first.body.items.map((item) => [item.processId, item.wakeAt])).toEqual([
      ['process-1', '2100-01-01T09:00:00.000Z'],
      ['process-2', '2100-01-02T09:00:00.000Z'],
    ]);
    const second = await get(`?limit=2&cursor=${first.body.next}`);
    expect(second.body.items.map((item) => item.processId)).toEqual(['process-3']);
    expect(second.body.next).toBeNull();
    expect((await get(`?cursor=${Buffer.from('["never",1]').toString('base64url')}`)).status).toBe(400);
    expect((await get('', 'another-token-than-that')).status).toBe(401);
  });
});
