import { type ReviewRequested } from '@recert/contracts';
import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { certifiedUntil, underReview } from './schedule-states';
import { SchedulerReplica } from './scheduler-replica';

const DUE = '2026-01-05T09:00:00.000Z';
const DAY = 86_400_000;
const after = (ms: number): Date => new Date(Date.parse(DUE) + ms);
const iso = (ms: number): string => after(ms).toISOString();

describe('what the scheduler hears', () => {
  let database: TestDatabase;
  let clock: MovableClock;
  let scheduler: SchedulerReplica;

  beforeEach(async () => {
    database = await testDatabase();
    clock = new MovableClock(after(-DAY));
    scheduler = await SchedulerReplica.start(database.url, clock);
  });
  afterEach(async () => {
    await scheduler.stop();
    await database.drop();
  });

  const requested = (changes: Partial<ReviewRequested> = {}): ReviewRequested => ({
    processId: 'hiring-evaluate-candidates',
    version: 1,
    reason: 'asked',
    by: 'carol',
    at: clock.now().toISOString(),
    ...changes,
  });
  const retired = (version: number) =>
    ({
      processId: 'hiring-evaluate-candidates',
      version,
      name: 'evaluate candidates',
      owner: 'ada',
      retiredAt: DUE,
    }) as const;
  /** Looks at what is due at this time and tells how much was said by then. */
  const saidBy = async (ms: number): Promise<{ due: number; overdue: string[] }> => {
    clock.set(after(ms));
    await scheduler.tick();
    const { due, overdue } = await scheduler.said();
    return { due: due.length, overdue: overdue.map(({ level, reason }) => `${level} ${reason}`) };
  };
  /** Opens the review at its due date and tells its id. */
  const open = async (): Promise<string> => {
    await scheduler.registered(certifiedUntil(DUE));
    await saidBy(0);
    return (await scheduler.said()).due[0]!.reviewId;
  };

  it('is handed on with who asked, and a question of the calendar with nobody', async () => {
    await open();
    await scheduler.requested(requested({ by: 'carol' }));
    await scheduler.requested(requested({ by: 'bob', reason: 'campaign' }));
    const { due } = await scheduler.said();
    expect(due.map(({ askedBy }) => askedBy)).toEqual([null, 'carol', 'bob']);
  });

  describe('a state of a process', () => {
    it('counts by its version, in whatever order it comes', async () => {
      await scheduler.registered(certifiedUntil(iso(30 * DAY), { version: 3, owner: 'grace' }));
      await scheduler.registered(certifiedUntil(DUE, { version: 2, owner: 'ada' }));
      await scheduler.registered(certifiedUntil(DUE, { version: 3, owner: 'ada' }));
      expect(await saidBy(30 * DAY - 1)).toEqual({ due: 0, overdue: [] });
      expect(await saidBy(30 * DAY)).toEqual({ due: 1, overdue: [] });
      expect((await scheduler.said()).due[0]).toMatchObject({ owner: 'grace', version: 3 });
    });

    it('is stored once when two states of a new process come at the same time', async () => {
      const versions = [1, 2, 3, 4, 5, 6];
      const outcomes = await Promise.all(
        versions.map(async (version) => {
          const state = certifiedUntil(DUE, { version });
          const outcome = await scheduler.registered(state);
          return outcome.kind === 'retry' ? scheduler.registered(state) : outcome;
        }),
      );
      expect(outcomes.map((outcome) => outcome.kind)).toEqual(versions.map(() => 'done'));
      expect(await scheduler.database.query('select version from schedule')).toEqual([{ version: 6 }]);
    });

    it('that shows the review closed ends its reminders', async () => {
      const id = await open();
      await scheduler.registered(
        underReview({ id, openedAt: DUE, open: false }, { status: 'certified', nextDueAt: iso(365 * DAY) }),
      );
      expect(await saidBy(365 * DAY - 1)).toEqual({ due: 1, overdue: [] });
      expect(await saidBy(365 * DAY)).toEqual({ due: 2, overdue: [] });
    });

    it('from before the registry heard of the review leaves it open', async () => {
      await open();
      await scheduler.registered(certifiedUntil(DUE, { version: 2 }));
      expect(await saidBy(3 * DAY - 1)).toEqual({ due: 1, overdue: [] });
      expect(await saidBy(3 * DAY)).toEqual({ due: 2, overdue: [] });
    });

    it('with a snooze puts the next reminder off until just then', async () => {
      const id = await open();
      const snoozed = { id, openedAt: DUE, snoozedUntil: iso(5 * DAY) };
      await scheduler.registered(underReview(snoozed));
      expect(await saidBy(5 * DAY - 1)).toEqual({ due: 1, overdue: [] });
      expect(await saidBy(5 * DAY)).toEqual({ due: 2, overdue: [] });
      await scheduler.registered(underReview(snoozed, { version: 3 }));
      expect(await saidBy(7 * DAY - 1)).toEqual({ due: 2, overdue: [] });
    });

    it('with "not mine" turns to the admins at once, and to the owner no more', async () => {
      const id = await open();
      await scheduler.registered(underReview({ id, openedAt: DUE, disownedBy: 'ada' }));
      expect(await saidBy(1)).toEqual({ due: 1, overdue: ['admins not-mine'] });
      expect(await saidBy(400 * DAY)).toEqual({ due: 1, overdue: ['admins not-mine'] });
    });

    it('with a promise asks again after 14 days to the millisecond, and once', async () => {
      const id = await open();
      const promise = { status: 'updating', updatingSince: iso(DAY) } as const;
      await scheduler.registered(underReview({ id, openedAt: DUE }, promise));
      expect(await saidBy(15 * DAY - 1)).toEqual({ due: 1, overdue: [] });
      expect(await saidBy(15 * DAY)).toEqual({ due: 2, overdue: [] });
      expect((await scheduler.said()).due[1]).toMatchObject({ reviewId: id, reason: 'not-updated', reminder: 1 });
      await scheduler.registered(underReview({ id, openedAt: DUE }, { ...promise, version: 3 }));
      expect(await saidBy(15 * DAY + 1)).toEqual({ due: 2, overdue: [] });
    });
  });

  describe('a retirement', () => {
    it('ends everything, and no state from before brings the process back', async () => {
      const id = await open();
      await scheduler.retired(retired(3));
      await scheduler.registered(underReview({ id, openedAt: DUE }, { version: 2 }));
      await scheduler.registered(underReview({ id, openedAt: DUE }, { version: 3 }));
      expect(await saidBy(400 * DAY)).toEqual({ due: 1, overdue: [] });
    });

    it('of a process never heard of is remembered', async () => {
      await scheduler.retired(retired(2));
      await scheduler.registered(certifiedUntil(DUE));
      expect(await saidBy(0)).toEqual({ due: 0, overdue: [] });
    });

    it.each(['process.retired', 'process.registered'])(
      'told by %s lets the process be due again on its old date when it comes back',
      async (by) => {
        await open();
        if (by === 'process.retired') await scheduler.retired(retired(2));
        else await scheduler.registered(certifiedUntil(DUE, { version: 2, status: 'retired', nextDueAt: null }));
        await scheduler.registered(certifiedUntil(DUE, { version: 3, status: 'uncertified', certificationDate: null }));
        expect(await saidBy(1)).toEqual({ due: 2, overdue: [] });
        expect((await scheduler.said()).due[1]).toMatchObject({ reason: 'first-review', reminder: 0 });
      },
    );
  });

  describe('a request', () => {
    it('waits for the state that it speaks of', async () => {
      expect(await scheduler.requested(requested())).toMatchObject({
        kind: 'retry',
        reason: 'version 1 of hiring-evaluate-candidates is not known yet',
      });
      await scheduler.registered(certifiedUntil(DUE));
      expect(await scheduler.requested(requested({ version: 2 }))).toMatchObject({ kind: 'retry' });
      expect(await scheduler.requested(requested({ version: 1 }))).toEqual({ kind: 'done' });
      expect((await scheduler.said()).due).toHaveLength(1);
    });

    it('opens a review before its time, and the calendar opens none beside it', async () => {
      await scheduler.registered(certifiedUntil(DUE));
      await scheduler.requested(requested({ reason: 'campaign' }));
      const [due] = (await scheduler.said()).due;
      expect(due).toMatchObject({ reason: 'campaign', reminder: 0, dueAt: iso(-DAY), openedAt: iso(-DAY) });
      expect(await saidBy(0)).toEqual({ due: 1, overdue: [] });
      expect(await saidBy(2 * DAY)).toEqual({ due: 2, overdue: [] });
      expect((await scheduler.said()).due[1]).toMatchObject({ reviewId: due!.reviewId, reminder: 1 });
    });

    it('asks an open review again, as the next reminder', async () => {
      const id = await open();
      await scheduler.registered(underReview({ id, openedAt: DUE }));
      await scheduler.requested(requested({ version: 2 }));
      const { due } = await scheduler.said();
      expect(due.map(({ reviewId, reason, reminder }) => ({ reviewId, reason, reminder }))).toEqual([
        { reviewId: id, reason: 'period-over', reminder: 0 },
        { reviewId: id, reason: 'asked', reminder: 1 },
      ]);
    });

    it('goes to the new owner, whose days begin anew', async () => {
      const id = await open();
      await scheduler.registered(underReview({ id, openedAt: DUE }, { owner: 'grace' }));
      clock.set(after(20 * DAY));
      await scheduler.requested(requested({ version: 2, reason: 'owner-changed' }));
      const { due } = await scheduler.said();
      expect(due.at(-1)).toMatchObject({ owner: 'grace', reviewId: id, openedAt: iso(20 * DAY) });
      expect(await saidBy(34 * DAY - 1)).toMatchObject({ overdue: [] });
      expect(await saidBy(34 * DAY)).toMatchObject({ overdue: ['deputy no-answer'] });
    });

    it('says nothing about a process that is retired or undocumented', async () => {
      await scheduler.registered(certifiedUntil(DUE, { documented: false }));
      expect(await scheduler.requested(requested())).toEqual({ kind: 'done' });
      await scheduler.retired(retired(2));
      expect(await scheduler.requested(requested())).toEqual({ kind: 'done' });
      expect(await scheduler.said()).toEqual({ due: [], overdue: [] });
    });

    it('of a process without an owner goes to the deputy as well', async () => {
      await scheduler.registered(certifiedUntil(DUE, { owner: null }));
      await scheduler.requested(requested());
      const { due, overdue } = await scheduler.said();
      expect(due).toHaveLength(1);
      expect(overdue).toMatchObject([{ level: 'deputy', reason: 'no-answer', at: iso(-DAY) }]);
    });
  });
});
