import { type EventAttributes, ProcessDue } from '@recert/contracts';
import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { recallWhatWasSaid } from './recall-what-was-said';
import { certifiedUntil, underReview } from './schedule-states';
import { SchedulerReplica } from './scheduler-replica';

/** Later than the machine's own time, by which a recalled process is looked at at once. */
const NOW = '2100-01-04T09:00:00.000Z';
const DAY = 86_400_000;

describe('a scheduler that was restored from a backup', () => {
  const databases: TestDatabase[] = [];
  const replicas: SchedulerReplica[] = [];
  let clock: MovableClock;

  beforeEach(() => {
    clock = new MovableClock(new Date(NOW));
  });
  afterEach(async () => {
    for (const replica of replicas.splice(0)) await replica.stop();
    for (const database of databases.splice(0)) await database.drop();
  });

  async function scheduler(): Promise<SchedulerReplica> {
    const database = await testDatabase();
    databases.push(database);
    const replica = await SchedulerReplica.start(database.url, clock);
    replicas.push(replica);
    return replica;
  }
  async function recall(restored: SchedulerReplica, said: readonly ProcessDue[]): Promise<void> {
    const ofDue = recallWhatWasSaid(restored.database).find(({ event }) => event.subject === ProcessDue.subject)!;
    for (const due of said)
      await restored.database.transaction((tx) => ofDue.recall(due, { tx, attributes: {} as EventAttributes }));
  }
  const unasked = certifiedUntil(NOW, { status: 'uncertified', certificationDate: null, nextDueAt: NOW });

  it('asks nobody again about a process that its backup had not heard of', async () => {
    const before = await scheduler();
    await before.registered(unasked);
    await before.tick();
    const { due } = await before.said();
    expect(due).toHaveLength(1);

    const restored = await scheduler();
    await recall(restored, due);
    clock.advance(60_000);
    // All states come again, the oldest first.
    await restored.registered(unasked);
    await restored.tick();
    const { reviewId: id, openedAt } = due[0]!;
    await restored.registered(underReview({ id, openedAt }));
    await restored.tick();
    expect((await restored.said()).due).toEqual([]);
    const certificationDate = clock.now().toISOString();
    const nextDueAt = new Date(Date.parse(NOW) + DAY).toISOString();
    await restored.registered(certifiedUntil(nextDueAt, { version: 3, certificationDate }));
    clock.advance(DAY);
    await restored.tick();
    expect((await restored.said()).due).toMatchObject([{ reason: 'period-over', reminder: 0, version: 3 }]);
  });

  it('goes on with the reminders of such a process', async () => {
    const before = await scheduler();
    await before.registered(unasked);
    await before.tick();
    const { due } = await before.said();
    const restored = await scheduler();
    await recall(restored, due);
    await restored.registered(unasked);
    clock.advance(3 * DAY);
    await restored.tick();
    expect((await restored.said()).due[0]).toMatchObject({ reviewId: due[0]!.reviewId, reminder: 1 });
  });
});
