import { type RunStep, type StepState } from '@recert/contracts';

/** A step as it is known from all that was said of it. */
export interface KnownStep extends Omit<RunStep, 'at'> {
  readonly at: Date;
  /** Of which attempt `tookMs` is; 0 where no time is known. */
  readonly tookAttempt: number;
  /** Of which attempt `error` is; 0 where nothing went wrong. */
  readonly errorAttempt: number;
}

/** The way of one fact. */
export interface Run {
  readonly id: string;
  /** Of its first step. */
  readonly name: string;
  readonly kind: RunStep['kind'];
  readonly firstKey: string;
  readonly startedAt: Date;
  readonly lastAt: Date;
  readonly steps: number;
  readonly state: StepState;
  readonly error: string | null;
}

/** What one service said about a step. */
export function knownFrom({ at, ...step }: RunStep): KnownStep {
  const { attempts, tookMs, error } = step;
  const tookAttempt = tookMs === null ? 0 : attempts;
  return { ...step, at: new Date(at), tookAttempt, errorAttempt: error === null ? 0 : attempts };
}

/**
 * Two words of one step, in whichever order they came: what is done stays done, else the later attempt holds. A word
 * without a time or an error takes none away.
 */
export function mergeSteps(a: KnownStep, b: KnownStep): KnownStep {
  const [later, earlier] = compareStates(a, b) >= 0 ? [a, b] : [b, a];
  const took = compare(a.tookAttempt, b.tookAttempt) || compare(a.tookMs ?? 0, b.tookMs ?? 0);
  const wrong = compare(a.errorAttempt, b.errorAttempt) || compare(a.error ?? '', b.error ?? '');
  return {
    ...later,
    causeId: greater(a.causeId, b.causeId),
    by: greater(a.by, b.by),
    at: later.at > earlier.at ? later.at : earlier.at,
    attempts: Math.max(a.attempts, b.attempts),
    ...(took >= 0 ? timeOf(a) : timeOf(b)),
    ...(wrong >= 0 ? errorOf(a) : errorOf(b)),
  };
}

/** A run is as good as its worst step. */
export function worstState(states: readonly StepState[]): StepState {
  if (states.includes('failed')) return 'failed';
  return states.includes('retrying') ? 'retrying' : 'done';
}

/**
 * A run with what was said of some of its steps.
 * @param run null when nothing of it is known yet
 * @param known what is known of the steps that were told of, and of all that are not done
 * @param told at least one
 * @returns the run, and those steps as they are known now
 */
export function progress(
  run: Run | null,
  known: readonly KnownStep[],
  told: readonly KnownStep[],
): { run: Run; steps: KnownStep[] } {
  const all = new Map(known.map((step) => [step.key, step]));
  const before = new Set(all.keys());
  for (const step of told) {
    const same = all.get(step.key);
    all.set(step.key, same === undefined ? step : mergeSteps(same, step));
  }
  const steps = [...new Set(told.map(({ key }) => key))].map((key) => all.get(key)!);
  const added = steps.filter(({ key }) => !before.has(key)).length;
  return { run: runWith(run, [...all.values()], told, added), steps };
}

function runWith(run: Run | null, all: readonly KnownStep[], told: readonly KnownStep[], added: number): Run {
  const { runId: id } = told[0]!;
  const candidates = [...told.map(firstFrom), ...(run === null ? [] : [run])];
  const first = candidates.reduce((one, other) => (comesFirst(one, other, id) ? one : other));
  const state = worstState(all.map((step) => step.state));
  const worst = all.filter((step) => state !== 'done' && step.state === state).sort(compareLast);
  return {
    id,
    name: first.name,
    kind: first.kind,
    firstKey: first.firstKey,
    startedAt: earliest(candidates.map(({ startedAt }) => startedAt)),
    lastAt: latest([...told.map(({ at }) => at), ...(run === null ? [] : [run.lastAt])]),
    steps: (run?.steps ?? 0) + added,
    state,
    error: worst[0]?.error ?? null,
  };
}

type First = Pick<Run, 'name' | 'kind' | 'firstKey' | 'startedAt'>;

function firstFrom({ name, kind, key, at }: KnownStep): First {
  return { name, kind, firstKey: key, startedAt: at };
}

/** What began a run has the id of it; while that is not known, it is the earliest one. */
function comesFirst(a: First, b: First, id: string): boolean {
  if ((a.firstKey === id) !== (b.firstKey === id)) return a.firstKey === id;
  return (compare(+a.startedAt, +b.startedAt) || compare(a.firstKey, b.firstKey)) <= 0;
}

function compareStates(a: KnownStep, b: KnownStep): number {
  return (
    compare(Number(a.state === 'done'), Number(b.state === 'done')) ||
    compare(a.attempts, b.attempts) ||
    compare(Number(a.state === 'failed'), Number(b.state === 'failed'))
  );
}

function compareLast(a: KnownStep, b: KnownStep): number {
  return compare(+b.at, +a.at) || compare(b.key, a.key);
}

function compare<T extends number | string>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function greater(a: string | null, b: string | null): string | null {
  return (a ?? '') >= (b ?? '') ? a : b;
}

function timeOf({ tookMs, tookAttempt }: KnownStep): Pick<KnownStep, 'tookMs' | 'tookAttempt'> {
  return { tookMs, tookAttempt };
}

function errorOf({ error, errorAttempt }: KnownStep): Pick<KnownStep, 'error' | 'errorAttempt'> {
  return { error, errorAttempt };
}

function earliest(dates: readonly Date[]): Date {
  return new Date(Math.min(...dates.map(Number)));
}

function latest(dates: readonly Date[]): Date {
  return new Date(Math.max(...dates.map(Number)));
}

/** In the order in which they stand. */
export function byRun(steps: readonly KnownStep[]): Map<string, KnownStep[]> {
  const runs = new Map<string, KnownStep[]>();
  for (const step of steps) {
    const run = runs.get(step.runId);
    if (run === undefined) runs.set(step.runId, [step]);
    else run.push(step);
  }
  return runs;
}

/** Of each hook and handler the last of these steps. */
export function lastByName(steps: readonly KnownStep[]): KnownStep[] {
  const last = new Map<string, KnownStep>();
  for (const step of steps.filter(({ kind }) => kind === 'webhook' || kind === 'handler')) {
    const other = last.get(step.name);
    if (other === undefined || (compare(+step.at, +other.at) || compare(step.runId, other.runId)) >= 0)
      last.set(step.name, step);
  }
  return [...last.values()];
}
