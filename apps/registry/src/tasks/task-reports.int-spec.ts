import { setTimeout as sleep } from 'node:timers/promises';
import { ReleaseReported } from '@recert/contracts';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery } from '../fixtures/bakery';
import { RegistryOfTasks } from '../fixtures/registry-of-tasks';
import { RunningRegistry } from '../fixtures/running-registry';
import { RemoveOldReports } from './remove-old-reports';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('tasks of the hub', () => {
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

  describe('that report', () => {
    it('are running, and then up', async () => {
      const { token } = await hub.add();
      await hub.report(token, { status: 'start' });
      expect(await hub.show()).toMatchObject({ state: 'running', lastStatus: 'start' });
      clock.advance(60_000);
      await hub.report(token, { status: 'success', log: 'all of it' });
      expect(await hub.show()).toMatchObject({
        ...{ state: 'up', lastStatus: 'success', startedAt: null, expectedBy: '2026-11-28T09:01:00.000Z' },
        reports: [
          { status: 'success', log: 'all of it' },
          { status: 'start', log: null },
        ],
      });
    });

    it('need no JSON: a status in the address, and a log for a body, are enough', async () => {
      const { token } = await hub.add();
      await hub.report(token, null, '?status=start');
      clock.advance(1_000);
      await hub.report(token, 'the disk is full\n', '?status=fail', { 'content-type': 'text/plain' });
      expect((await hub.show()).reports).toMatchObject([
        { status: 'fail', log: 'the disk is full\n' },
        { status: 'start' },
      ]);
      expect(await hub.downs()).toMatchObject([{ why: 'failed', log: 'the disk is full\n' }]);
    });

    it('the same within ten seconds is the same report, and later the next', async () => {
      const { token } = await hub.add();
      await hub.report(token, { status: 'success' });
      clock.advance(9_999);
      expect((await hub.send(token, { status: 'success' })).status).toBe(200);
      clock.advance(1);
      await hub.report(token, { status: 'success' });
      expect((await hub.show()).reports).toHaveLength(2);
    });

    it.each([
      ['another word', { status: 'done' }, '', 'status: expected start, success or fail'],
      ['no word', {}, '', 'status: expected start, success or fail'],
      ['nothing at all', null, '', 'status: expected start, success or fail'],
      ['too long a log', { status: 'fail', log: 'x'.repeat(102_401) }, '', 'log: it has more than 102400 bytes'],
    ])('with %s hear what to mend', async (_what, body, query, detail) => {
      const { token } = await hub.add();
      const answer = await hub.send(token, body, query);
      expect([answer.status, answer.body.detail]).toEqual([422, expect.stringContaining(detail)]);
    });

    it('keep the end of a long log', async () => {
      const { token } = await hub.add();
      await hub.report(token, { status: 'fail', log: `${'x'.repeat(50_000)} the end` });
      const log = (await hub.show()).reports[0]!.log!;
      expect(log).toHaveLength(10 * 1024 + 1);
      expect(log.endsWith(' the end')).toBe(true);
    });

    it('need their own token', async () => {
      await hub.add();
      const other = await hub.add({ name: 'Another', id: 'another' });
      for (const token of [other.token, 'recert_000000000000_x', '']) {
        expect((await hub.send(token, { status: 'success' })).status).toBe(401);
      }
    });

    it('of a release are told as one, from its start to its end', async () => {
      const { token } = await hub.add({ release: true });
      await hub.report(token, { status: 'start', version: 'v2' });
      clock.advance(60_000);
      await hub.report(token, { status: 'fail', version: 'v2', rolledBack: true, log: 'not healthy' });
      const told = await hub.registry.published(ReleaseReported);
      expect(told.map(({ state, release, log }) => [state, release, log])).toEqual([
        ['started', 'v2', null],
        ['rolled-back', 'v2', 'not healthy'],
      ]);
      expect(new Set(told.map(({ releaseId }) => releaseId)).size).toBe(1);
    });

    it('are forgotten after ninety days, and beyond the newest two hundred', async () => {
      const { token } = await hub.add();
      await hub.report(token, { status: 'success' });
      await hub.registry.database.query(
        `insert into task_report (id, task_id, status, at)
         select gen_random_uuid(), 'nightly-backup', 'success', timestamptz '2026-11-01' - n * interval '1 minute'
         from generate_series(1, 204) n`,
      );
      expect(await hub.registry.process.app.get(RemoveOldReports, { strict: false }).run()).toBe(5);
      clock.advance(90 * DAY + 1);
      expect(await hub.registry.process.app.get(RemoveOldReports, { strict: false }).run()).toBe(200);
    });
  });

  describe('that are silent', () => {
    it('are told to their owner, then to the admins, and close themselves when they are back', async () => {
      const { token } = await hub.add();
      clock.advance(DAY + HOUR - 1);
      expect((await hub.show()).state).toBe('late');
      expect(await hub.downs()).toEqual([]);
      clock.advance(1);
      await inTime(async () =>
        expect(await hub.downs()).toMatchObject([
          { taskId: 'nightly-backup', trouble: 1, why: 'silent', level: 'owner', owner: 'ada', lastHeardAt: null },
        ]),
      );
      expect(await hub.show()).toMatchObject({ state: 'down', trouble: { number: 1, why: 'silent' } });
      clock.advance(HOUR);
      await inTime(async () => expect((await hub.downs()).map(({ level }) => level)).toEqual(['owner', 'admins']));
      await hub.report(token, { status: 'success' });
      expect(await hub.ups()).toMatchObject([{ trouble: 1, how: 'success', since: '2026-11-28T10:00:00.000Z' }]);
      expect((await hub.show()).state).toBe('up');
    });

    it('because the hub was down are given a minute to say what they could not', async () => {
      const { token } = await hub.add();
      await hub.add({ name: 'Another', id: 'another' });
      await hub.stop();
      clock.advance(3 * DAY);
      hub = await RegistryOfTasks.start(database.url, clock);
      await hub.report(token, { status: 'success' });
      clock.advance(60_000 - 1);
      // Longer than the timer's poll: what it wanted to say would be said by then.
      await sleep(6_000);
      expect(await hub.downs()).toEqual([]);
      clock.advance(1);
      await inTime(async () =>
        expect(await hub.downs()).toMatchObject([{ taskId: 'another', why: 'silent', level: 'owner' }]),
      );
    });

    it('are told once by two replicas', async () => {
      await hub.add();
      const other = await RunningRegistry.start(database.url, bakery, {}, clock);
      try {
        clock.advance(DAY + HOUR);
        await inTime(async () => expect(await hub.downs()).not.toEqual([]));
        await new Promise((resolve) => setTimeout(resolve, 500));
        expect(await hub.downs()).toHaveLength(1);
      } finally {
        await other.stop();
      }
    });
  });
});
