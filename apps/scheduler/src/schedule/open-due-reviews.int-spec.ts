import { Logger } from '@nestjs/common';
import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { certifiedUntil, underReview } from './schedule-states';
import { SchedulerReplica } from './scheduler-replica';

const DUE = '2026-01-05T09:00:00.000Z';
const DAY = 86_400_000;
const after = (ms: number): Date => new Date(Date.parse(DUE) + ms);

describe('opening what is due', () => {
  let database: TestDatabase;
  let clock: MovableClock;
  let replicas: SchedulerReplica[];
  let scheduler: SchedulerReplica;

  const startReplica = async (): Promise<SchedulerReplica> => {
    const replica = await SchedulerReplica.start(database.url, clock);
    replicas.push(replica);
    return replica;
  };

  beforeAll(() => void Logger.overrideLogger(false));
  beforeEach(async () => {
    database = await testDatabase();
    clock = new MovableClock(after(-DAY));
    replicas = [];
    scheduler = await startReplica();
  });
  afterEach(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await database.drop();
  });

  const wakeOfRow = async (): Promise<Date | null> => {
    const [row] = await scheduler.database.query<{ wake_at: Date | null }>('select wake_at from schedule');
    return row!.wake_at;
  };

  it('opens a review at the due date, not a millisecond before, and once', async () => {
    await scheduler.registered(certifiedUntil(DUE));
    clock.set(after(-1));
    expect(await scheduler.tick()).toBe(0);
    expect((await scheduler.said()).due).toEqual([]);

    clock.set(DUE);
    expect(await scheduler.tick()).toBe(1);
    const [due, ...more] = (await scheduler.said()).due;
    expect(due).toMatchObject({
      processId: 'hiring-evaluate-candidates',
      version: 1,
      name: 'evaluate candidates',
      owner: 'ada',
      reason: 'period-over',
      reminder: 0,
      dueAt: DUE,
      openedAt: DUE,
    });
    expect(more).toEqual([]);

    clock.advance(1);
    expect(await scheduler.tick()).toBe(0);
    expect((await scheduler.said()).due).toHaveLength(1);
  });

  it('opens each of 2,000 reviews exactly once while three replicas look at the same time', async () => {
    await scheduler.registered(certifiedUntil(DUE));
    await scheduler.database.query(
      `insert into schedule select 'process-' || n, version, name, section, owner, deputy, url, documented, status,
         next_due_at - n * interval '1 second', updating_since, review_id, review_opened_at, review_reason,
         review_reminder, review_told, review_snoozed_until, review_disowned, ended_promise, ended_snooze,
         wake_at - n * interval '1 second'
       from schedule, generate_series(1, 1999) n`,
    );
    clock.set(DUE);
    const all = [scheduler, await startReplica(), await startReplica()];
    const until = async (replica: SchedulerReplica): Promise<number> => {
      let total = 0;
      for (let looked = 1; looked > 0; total += looked) looked = await replica.tick();
      return total;
    };
    const looked = await Promise.all(all.map(until));
    expect(looked.reduce((sum, n) => sum + n, 0)).toBe(2000);
    expect(looked.filter((n) => n > 0).length).toBeGreaterThan(1);

    const { due, overdue } = await scheduler.said();
    expect(due).toHaveLength(2000);
    expect(new Set(due.map((event) => event.processId)).size).toBe(2000);
    expect(new Set(due.map((event) => event.reviewId)).size).toBe(2000);
    expect(overdue).toEqual([]);
    const [count] = await scheduler.database.query<{ n: string }>('select count(*) n from occurrence');
    expect(count).toEqual({ n: '2000' });
  });

  it.each([
    ['an hour', 3_600_000],
    ['40 days', 40 * DAY],
    ['400 days', 400 * DAY],
  ])('asks once after having been down for %s', async (_name, ms) => {
    await scheduler.registered(certifiedUntil(DUE));
    clock.set(after(ms));
    await scheduler.tick();
    await scheduler.tick();
    const { due, overdue } = await scheduler.said();
    expect(due).toHaveLength(1);
    expect(due[0]).toMatchObject({ reminder: 0, dueAt: DUE, openedAt: after(ms).toISOString() });
    expect(overdue).toEqual([]);
  });

  it.each([
    ['the owner, the first time', 3, 0, { due: 1, overdue: [] }, { due: 2, overdue: [] }],
    ['the owner, the second time', 7, 3, { due: 2, overdue: [] }, { due: 3, overdue: [] }],
    ['the deputy', 14, 7, { due: 3, overdue: [] }, { due: 3, overdue: ['deputy'] }],
    ['the admins', 21, 14, { due: 3, overdue: ['deputy'] }, { due: 3, overdue: ['deputy', 'admins'] }],
  ])('turns to %s after %i days to the millisecond', async (_who, day, _from, before, then) => {
    await scheduler.registered(certifiedUntil(DUE));
    for (const passed of [0, 3, 7, 14, 21].filter((reached) => reached < day)) {
      clock.set(after(passed * DAY));
      await scheduler.tick();
    }
    const counts = async (): Promise<unknown> => {
      await scheduler.tick();
      const { due, overdue } = await scheduler.said();
      return { due: due.length, overdue: overdue.map((event) => event.level) };
    };
    clock.set(after(day * DAY - 1));
    expect(await counts()).toEqual(before);
    clock.set(after(day * DAY));
    expect(await counts()).toEqual(then);
    clock.set(after(day * DAY + 1));
    expect(await counts()).toEqual(then);
  });

  it('numbers the reminders, and sleeps for ever once the admins are told', async () => {
    await scheduler.registered(certifiedUntil(DUE));
    for (const day of [0, 3, 7, 14, 21]) {
      clock.set(after(day * DAY));
      await scheduler.tick();
    }
    const { due, overdue } = await scheduler.said();
    expect(due.map((event) => event.reminder)).toEqual([0, 1, 2]);
    expect(new Set([...due, ...overdue].map((event) => event.reviewId)).size).toBe(1);
    expect(overdue.map((event) => [event.level, event.reason, event.at])).toEqual([
      ['deputy', 'no-answer', after(14 * DAY).toISOString()],
      ['admins', 'no-answer', after(21 * DAY).toISOString()],
    ]);
    expect(await wakeOfRow()).toBeNull();
  });

  it('says only the newest thing that it missed when it was down over several reminders', async () => {
    await scheduler.registered(certifiedUntil(DUE));
    clock.set(DUE);
    await scheduler.tick();
    clock.set(after(15 * DAY));
    await scheduler.tick();
    await scheduler.tick();
    const { due, overdue } = await scheduler.said();
    expect(due.map((event) => event.reminder)).toEqual([0]);
    expect(overdue.map((event) => event.level)).toEqual(['deputy']);
  });

  it('never asks about an undocumented process', async () => {
    await scheduler.registered(certifiedUntil(DUE, { documented: false, status: 'uncertified' }));
    clock.set(after(400 * DAY));
    expect(await wakeOfRow()).toBeNull();
    expect(await scheduler.tick()).toBe(0);
  });

  it('opens no second review for a date that the registry names again', async () => {
    await scheduler.registered(certifiedUntil(DUE));
    clock.set(DUE);
    await scheduler.tick();
    const [due] = (await scheduler.said()).due;
    const closed = underReview(
      { id: due!.reviewId, openedAt: DUE, open: false },
      { status: 'certified', nextDueAt: DUE },
    );
    await scheduler.registered(closed);
    expect(await scheduler.tick()).toBe(1);
    expect(await scheduler.tick()).toBe(0);
    expect((await scheduler.said()).due).toHaveLength(1);
  });

  it.each([
    ['the transaction fails', `raise exception 'the disk is full'`],
    ['the connection is cut', 'perform pg_terminate_backend(pg_backend_pid())'],
  ])('says nothing twice, and nothing too little, when %s between claim and commit', async (_how, what) => {
    await scheduler.registered(certifiedUntil(DUE));
    clock.set(DUE);
    await scheduler.database.query(`create function fail() returns trigger language plpgsql as $$
      begin ${what}; return null; end $$`);
    await scheduler.database.query(`create constraint trigger fails after insert on outbox
      deferrable initially deferred for each row execute function fail()`);
    await expect(scheduler.tick()).rejects.toThrow();
    expect(await scheduler.said()).toEqual({ due: [], overdue: [] });
    await scheduler.database.query('drop trigger fails on outbox');
    await scheduler.tick();
    await scheduler.tick();
    expect((await scheduler.said()).due).toHaveLength(1);
  });

  it('puts a row that cannot be judged off for an hour, and serves the others', async () => {
    await scheduler.registered(certifiedUntil(DUE, { processId: 'poisoned' }));
    await scheduler.registered(certifiedUntil(DUE, { processId: 'sound' }));
    await scheduler.database.query(`update schedule set owner = 'Not A Handle' where process_id = 'poisoned'`);
    clock.set(DUE);
    expect(await scheduler.tick()).toBe(2);
    expect(await scheduler.tick()).toBe(0);
    expect((await scheduler.said()).due.map((event) => event.processId)).toEqual(['sound']);

    await scheduler.database.query(`update schedule set owner = 'ada' where process_id = 'poisoned'`);
    clock.set(after(3_600_000 - 1));
    expect(await scheduler.tick()).toBe(0);
    clock.set(after(3_600_000));
    await scheduler.tick();
    expect((await scheduler.said()).due.map((event) => event.processId)).toEqual(['sound', 'poisoned']);
  });
});
