import { Logger } from '@nestjs/common';
import { DueTimer } from './due-timer';

const START = Date.UTC(2026, 0, 5, 9);

describe('the timer of what is due', () => {
  /** Committed waking times, as the database would tell them. */
  let wakes: number[];
  /** When it looked, in milliseconds since the start. */
  let looks: number[];
  let questions: number;
  let failure: Error | null;
  let timer: DueTimer;

  beforeAll(() => void Logger.overrideLogger(false));
  beforeEach(() => {
    jest.useFakeTimers({ now: START });
    [wakes, looks, questions, failure] = [[], [], 0, null];
    const clock = { now: () => new Date() };
    class TestTimer extends DueTimer {
      readonly task = { id: 'test.timer', emits: [] };

      protected async nextWakeAt(): Promise<Date | null> {
        questions += 1;
        if (failure) throw failure;
        return wakes.length > 0 ? new Date(Math.min(...wakes)) : null;
      }

      protected async lookAtDue(): Promise<number> {
        looks.push(Date.now() - START);
        const due = wakes.filter((at) => at <= Date.now());
        wakes = wakes.filter((at) => at > Date.now());
        return due.length;
      }
    }
    timer = new TestTimer(clock);
  });
  afterEach(async () => {
    await timer.beforeApplicationShutdown();
    jest.useRealTimers();
  });

  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
  const commit = (afterMs: number): void => {
    wakes.push(START + afterMs);
    timer.expect(new Date(START + afterMs));
  };

  it('looks at once at what is due already', async () => {
    wakes = [START - 1000, START];
    timer.onApplicationBootstrap();
    await pass(0);
    expect(looks).toEqual([0]);
  });

  it('looks when the next one is due, to the millisecond after', async () => {
    wakes = [START + 12_345];
    timer.onApplicationBootstrap();
    await pass(12_345);
    expect(looks).toEqual([]);
    await pass(1);
    expect(looks).toEqual([12_346]);
  });

  it('is woken by an earlier one that is committed while it sleeps', async () => {
    wakes = [START + 4000];
    timer.onApplicationBootstrap();
    await pass(100);
    commit(1500);
    await pass(1500);
    expect(looks).toEqual([1501]);
  });

  it('is not woken by a later one', async () => {
    wakes = [START + 4000];
    timer.onApplicationBootstrap();
    await pass(100);
    const before = questions;
    commit(4500);
    await pass(100);
    expect(questions).toBe(before);
  });

  it('does not miss one that is committed while it asks the database', async () => {
    timer.onApplicationBootstrap();
    commit(700);
    wakes = [];
    await pass(0);
    wakes = [START + 700];
    await pass(701);
    expect(looks).toEqual([701]);
  });

  it('finds within five seconds what only another replica was told', async () => {
    timer.onApplicationBootstrap();
    await pass(100);
    wakes = [START + 200];
    await pass(4899);
    expect(looks).toEqual([]);
    await pass(1);
    expect(looks).toEqual([5000]);
  });

  it('waits for nothing longer than five seconds, however far the next one is', async () => {
    wakes = [START + 400 * 86_400_000];
    timer.onApplicationBootstrap();
    await pass(15_000);
    expect(questions).toBe(4);
    expect(looks).toEqual([]);
  });

  it('goes on after the database was away', async () => {
    wakes = [START + 1000];
    failure = new Error('Connection terminated');
    timer.onApplicationBootstrap();
    await pass(3000);
    failure = null;
    await pass(5000);
    expect(looks).toHaveLength(1);
  });

  it('does nothing more once it is stopped', async () => {
    timer.onApplicationBootstrap();
    await pass(10);
    await timer.beforeApplicationShutdown();
    commit(20);
    await pass(60_000);
    expect(looks).toEqual([]);
  });
});
