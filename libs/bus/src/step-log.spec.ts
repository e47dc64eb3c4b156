import { type RunProgressed, type RunStep } from '@recert/contracts';
import { isStep } from './is-step';
import { type ServiceDatabase } from './service-database';
import { MOST_WAITING, StepLog, STEPS_AT_ONCE } from './step-log';
import { TestLog } from './test-kit/test-log';

const step = (key: string, changes: Partial<RunStep> = {}): RunStep => ({
  ...{ runId: 'run', key, kind: 'handler', name: 'a.b', causeId: null, by: null, at: '2026-11-27T02:00:00.000Z' },
  ...{ tookMs: 1, attempts: 1, state: 'done', error: null },
  ...changes,
});

describe('the step log', () => {
  let told: RunProgressed[];
  let fails: number;
  let marks: number;
  let log: StepLog;

  beforeEach(() => {
    [told, fails, marks] = [[], 0, 0];
    const tx = {
      publish: (_: unknown, data: RunProgressed) => void told.push(data),
      db: { query: async () => void (marks += 1) },
    };
    const transaction = async (work: (given: typeof tx) => Promise<void>): Promise<void> => {
      if ((fails -= 1) >= 0) throw new Error('away');
      await work(tx);
    };
    const database = { service: 'notifier', transaction, query: async () => [] };
    log = new StepLog(database as unknown as ServiceDatabase);
  });

  const steps = (): RunStep[] => told.flatMap((one) => one.steps);
  async function tell(...notes: RunStep[]): Promise<void> {
    log.start(new TestLog());
    for (const note of notes) log.note(note);
    await log.stop();
  }

  it('tells in portions, and marks only the last one as all there was', async () => {
    await tell(...Array.from({ length: STEPS_AT_ONCE + 1 }, (_, n) => step(`k${n}`)));
    expect(told.map((one) => one.steps.length)).toEqual([STEPS_AT_ONCE, 1]);
    expect(marks).toBe(1);
  });

  it('tells the latest word about a step, with what went wrong before', async () => {
    await tell(step('a', { state: 'retrying', error: 'no' }), step('a', { attempts: 2 }));
    expect(steps()).toEqual([step('a', { attempts: 2, error: 'no' })]);
  });

  it('holds so many steps, and leaves out some that are done when there are more', async () => {
    const bad = step('bad', { state: 'failed', error: 'no' });
    const good = Array.from({ length: MOST_WAITING - 1 }, (_, n) => step(`k${n}`));
    await tell(bad, ...good);
    expect([steps().length, told.at(-1)!.untold, told[0]!.untold]).toEqual([MOST_WAITING, 0, 0]);
    told = [];
    await tell(...good, step('first'), step('one more'), bad);
    expect(steps()[0]).toEqual(bad);
    expect(steps()).toHaveLength(MOST_WAITING);
    expect(steps().map(({ key }) => key)).not.toContain('one more');
    expect(told.map(({ untold }) => untold).filter((untold) => untold > 0)).toEqual([2]);
  });

  it('keeps within what an event may hold, whatever went wrong', async () => {
    const error = '\u0001'.repeat(10_000);
    await tell(...Array.from({ length: 200 }, (_, n) => step(`k${n}`, { state: 'failed', error })));
    expect(told.length).toBeGreaterThan(1);
    expect(steps()).toHaveLength(200);
    for (const one of told) expect(Buffer.byteLength(JSON.stringify(one))).toBeLessThan(512 * 1024);
  });

  it('tells what a database takes, whatever a foreign header had', async () => {
    await tell(step('a\u0000', { runId: 'r\ud800', name: 'x'.repeat(500), error: '\u0000' }));
    expect(steps()[0]).toMatchObject({ key: 'a\ufffd', runId: 'r\ufffd', name: 'x'.repeat(200), error: '\ufffd' });
  });

  it('keeps what it could not tell, and tells it the next time', async () => {
    fails = 1;
    log.start(new TestLog());
    log.note(step('a', { state: 'retrying', error: 'no' }));
    log.note(step('b'));
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(told).toEqual([]);
    log.note(step('a', { attempts: 2 }));
    await log.stop();
    expect(steps()).toEqual([step('b'), step('a', { attempts: 2, error: 'no' })]);
  });

  it('tells nothing while requests wait, and then does', async () => {
    let busy = true;
    log.giveWayTo(() => busy);
    log.start(new TestLog());
    log.note(step('a'));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(told).toEqual([]);
    busy = false;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(steps()).toEqual([step('a')]);
    await log.stop();
  });

  it('gathers nothing before it is started and after it was stopped', async () => {
    log.note(step('early'));
    await tell(step('a'));
    log.note(step('late'));
    await log.stop();
    expect(steps()).toEqual([step('a')]);
  });
});

it.each([
  ['alert.raised', true],
  ['token.changed', true],
  ['runner.started', true],
  ['token.used', false],
  ['session.changed', false],
  ['run.progressed', false],
  ['letter.kept', false],
  ['task.reported', false],
  ['bus.member', false],
])('%s is a step: %s', (subject, is) => {
  expect(isStep(subject)).toBe(is);
});
