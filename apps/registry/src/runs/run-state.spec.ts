import { type RunStep, type StepState } from '@recert/contracts';
import fc from 'fast-check';
import { knownFrom, lastByName, mergeSteps, progress, worstState, type KnownStep, type Run } from './run-state';

const at = (second: number): string => new Date(Date.UTC(2026, 10, 27, 2, 0, second)).toISOString();
const word = (changes: Partial<RunStep> = {}): RunStep => ({
  ...{ runId: 'run', key: 'a', kind: 'handler', name: 'notifier.a', causeId: null, by: null, at: at(0) },
  ...{ tookMs: null, attempts: 1, state: 'done', error: null },
  ...changes,
});
const step = (changes: Partial<RunStep> = {}): KnownStep => knownFrom(word(changes));

/** As the registry does it: each batch sees what the ones before it have left. */
function after(batches: readonly (readonly KnownStep[])[]): { run: Run; steps: KnownStep[] } {
  let run: Run | null = null;
  const kept = new Map<string, KnownStep>();
  for (const told of batches) {
    const keys = new Set(told.map(({ key }) => key));
    const known = [...kept.values()].filter(({ key, state }) => keys.has(key) || state !== 'done');
    const progressed = progress(run, known, told);
    run = progressed.run;
    for (const one of progressed.steps) kept.set(one.key, one);
  }
  return { run: run!, steps: [...kept.values()].sort((a, b) => (a.key < b.key ? -1 : 1)) };
}

describe('the state of a run', () => {
  it.each<[StepState[], StepState]>([
    [['done', 'done'], 'done'],
    [['done', 'retrying', 'done'], 'retrying'],
    [['retrying', 'failed', 'done'], 'failed'],
    [['failed', 'done'], 'failed'],
  ])('of %j is %s', (states, worst) => {
    expect(worstState(states)).toBe(worst);
  });

  it('is that of a failed step, whatever goes well later', () => {
    const { run } = after([[step({ state: 'failed', error: 'no' })], [step({ key: 'b', at: at(5) })]]);
    expect(run).toMatchObject({ state: 'failed', error: 'no', steps: 2 });
    expect([run.startedAt, run.lastAt]).toEqual([new Date(at(0)), new Date(at(5))]);
  });

  it('is done when the failed step was replayed, which keeps what went wrong', () => {
    const failed = step({ state: 'failed', attempts: 10, error: 'no' });
    const { run, steps } = after([[failed], [step({ state: 'done', attempts: 11, at: at(9) })]]);
    expect(run).toMatchObject({ state: 'done', error: null, steps: 1 });
    expect(steps[0]).toMatchObject({ state: 'done', attempts: 11, error: 'no' });
  });

  it('has the name of what began it, also where that is told of last', () => {
    const root = step({ key: 'run', kind: 'webhook', name: 'sentry', at: at(9) });
    const { run } = after([[step({ at: at(3) }), step({ key: 'b', name: 'b', at: at(1) })], [root]]);
    expect(run).toMatchObject({ name: 'sentry', kind: 'webhook', startedAt: new Date(at(1)) });
  });
});

describe('two words of one step', () => {
  it('are the later attempt, with the error of the earlier one', () => {
    const first = step({ state: 'retrying', error: 'first', tookMs: 4 });
    const second = step({ attempts: 2, at: at(2), tookMs: 7 });
    for (const merged of [mergeSteps(first, second), mergeSteps(second, first)])
      expect(merged).toMatchObject({ state: 'done', attempts: 2, error: 'first', tookMs: 7, at: new Date(at(2)) });
  });

  it('lose no time and no publisher to a word that knows none', () => {
    const known = step({ tookMs: 5, by: 'x.y', causeId: 'e' });
    for (const merged of [mergeSteps(known, step()), mergeSteps(step({ attempts: 2 }), known)])
      expect(merged).toMatchObject({ tookMs: 5, by: 'x.y', causeId: 'e' });
  });

  it('are failed rather than retried at the same attempt', () => {
    const failed = step({ state: 'failed', attempts: 3 });
    expect(mergeSteps(step({ state: 'retrying', attempts: 3 }), failed).state).toBe('failed');
    expect(mergeSteps(failed, step({ state: 'retrying', attempts: 2 })).state).toBe('failed');
    expect(mergeSteps(failed, step({ state: 'retrying', attempts: 4 })).state).toBe('retrying');
  });
});

const words = fc.array(
  fc
    .record({
      key: fc.constantFrom('run', 'a', 'b', 'c'),
      second: fc.integer({ min: 0, max: 5 }),
      attempts: fc.integer({ min: 1, max: 4 }),
      state: fc.constantFrom<StepState>('done', 'retrying', 'failed'),
      error: fc.constantFrom(null, 'x', 'y'),
      tookMs: fc.constantFrom(null, 1, 2),
      by: fc.constantFrom(null, 'x.y'),
    })
    .map(({ second, key, ...same }) => step({ ...same, key, at: at(second), name: `of ${key}` })),
  { minLength: 1, maxLength: 12 },
);

describe('whatever is said of a run', () => {
  it('comes to the same in any order, in any portions and however often', () => {
    const shuffled = words.chain((told) =>
      fc.tuple(
        fc.constant(told),
        fc.shuffledSubarray([...told, ...told], { minLength: told.length * 2, maxLength: told.length * 2 }),
        fc.integer({ min: 1, max: 5 }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([told, again, size]) => {
        const portions = again.flatMap((_, i) => (i % size === 0 ? [again.slice(i, i + size)] : []));
        expect(after(portions)).toEqual(after([told]));
      }),
      { numRuns: 500 },
    );
  });

  it('is as good as its worst step', () => {
    fc.assert(
      fc.property(words, (told) => {
        const { run, steps } = after(told.map((one) => [one]));
        expect(run.state).toBe(worstState(steps.map(({ state }) => state)));
        expect(run.steps).toBe(steps.length);
      }),
    );
  });
});

it('the last step of a name is the latest of its handler or hook', () => {
  const steps = [
    step({ at: at(1) }),
    step({ key: 'b', at: at(3) }),
    step({ key: 'c', at: at(2) }),
    step({ key: 'd', kind: 'event', name: 'alert.raised' }),
  ];
  expect(lastByName(steps).map(({ key }) => key)).toEqual(['b']);
});
