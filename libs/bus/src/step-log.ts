import { RunProgressed, type RunStep } from '@recert/contracts';
import { type Envelope } from './envelope';
import { isStep } from './is-step';
import { lostSteps } from './lost-steps';
import { type ServiceDatabase } from './service-database';
import { storable } from './storable-text';
import { type BusLog } from './transport';
import { WakeSignal } from './wake-signal';

const FLUSH_MS = 1_000;
/** Steps of one event. */
export const STEPS_AT_ONCE = 200;
/**
 * Events a second: more would take from the work itself what telling of it is not worth. In a storm the steps beyond it
 * are counted; what went wrong goes first.
 */
const EVENTS_AT_ONCE = 2;
/** Beyond this, steps that are done are not told of. */
export const MOST_WAITING = 5_000;
/** While requests wait for their commit, nothing is told; but not for ever. */
const GIVE_WAY_MS = 25;
const PATIENCE_MS = 5_000;
const LONGEST_NAME = 200;
const LONGEST_ERROR = 500;
/** An event may have 512 KiB: a step without its error has at most 1 KiB, and a character at most 6 bytes as JSON. */
const ROOM = 450_000;

/** What a service took for steps since then, out of its own tables. */
export type StepSource = (since: Date) => Promise<readonly RunStep[]>;

/**
 * Gathers in memory what steps a service takes, and tells of them once a second, beside the work itself. Does nothing
 * until it is started.
 */
export class StepLog {
  private readonly done = new Map<string, RunStep>();
  private readonly undone = new Map<string, RunStep>();
  private readonly sources: StepSource[] = [];
  private readonly signal = new WakeSignal();
  private log: BusLog | null = null;
  private isBusy: () => boolean = () => false;
  private untold = 0;
  private isCaughtUp = false;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly database: ServiceDatabase) {}

  /** Begins to gather; what was not told before the last end is told once more. */
  start(log: BusLog): void {
    this.log = log;
    this.stopped = false;
    this.running = this.run(log);
  }

  /** Tells what is left. Its service takes no more steps, and its database is still open. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.signal.wake();
    await this.running;
    this.log = null;
  }

  /** Nothing is told while that is true. */
  giveWayTo(isBusy: () => boolean): void {
    this.isBusy = isBusy;
  }

  /** At a start, what it tells is told once more. */
  tellAgain(source: StepSource): void {
    this.sources.push(source);
  }

  /** Costs next to nothing, and waits for nothing. The latest word about a step holds; what went wrong before stays. */
  note(step: RunStep): void {
    if (this.log === null) return;
    const id = idOf(step);
    this.keep(id, withErrorOf(step, this.known(id)));
  }

  /** @param by the handler or the hook that published them, where that is known */
  notePublished(events: readonly Envelope[], by: string | null): void {
    if (this.log === null) return;
    for (const { attributes } of events) if (isStep(attributes.type)) this.note(publishedStep(attributes, by));
  }

  /** What was noted meanwhile knows more. */
  private keepOlder(step: RunStep): void {
    const id = idOf(step);
    const newer = this.known(id);
    this.keep(id, newer === undefined ? step : withErrorOf(newer, step));
  }

  private known(id: string): RunStep | undefined {
    return this.undone.get(id) ?? this.done.get(id);
  }

  private keep(id: string, step: RunStep): void {
    const wasThere = this.undone.delete(id) || this.done.delete(id);
    if (!wasThere && this.done.size + this.undone.size >= MOST_WAITING) {
      this.untold += 1;
      // Looking for the oldest one of a full map takes longer the more were taken from it.
      if (step.state === 'done' || this.done.size === 0) return;
      this.done.delete(this.done.keys().next().value!);
    }
    (step.state === 'done' ? this.done : this.undone).set(id, step);
  }

  private async run(log: BusLog): Promise<void> {
    while (!this.stopped) {
      await this.signal.wait(FLUSH_MS);
      try {
        await this.catchUp();
        await this.flush();
      } catch (error) {
        log.warn('bus: steps could not be told of, will try again', {
          ...{ service: this.database.service, error: String(error) },
        });
      }
    }
  }

  /** After a crash, up to a second of steps is missing. */
  private async catchUp(): Promise<void> {
    if (this.isCaughtUp) return;
    for (const step of await lostSteps(this.database, this.sources)) this.keepOlder(step);
    this.isCaughtUp = true;
  }

  private async flush(): Promise<void> {
    for (let events = 0; this.done.size + this.undone.size + this.untold > 0; events += 1) {
      // At the end everything is told: what is left would be looked for at the next start.
      if (events === EVENTS_AT_ONCE && !this.stopped) return;
      await this.giveWay();
      const untold = this.untold;
      const steps = this.take();
      const isAll = this.done.size + this.undone.size === 0;
      this.untold = 0;
      try {
        await this.tell(steps, untold, isAll);
      } catch (error) {
        this.untold += untold;
        for (const step of steps) this.keepOlder(step);
        throw error;
      }
    }
  }

  private async tell(steps: readonly RunStep[], untold: number, isAll: boolean): Promise<void> {
    const { service } = this.database;
    await this.database.transaction(async (tx) => {
      tx.publish(RunProgressed, { service, untold, steps: steps.map(told) });
      if (isAll) await tx.db.query('update step_log set told_until = now()');
    });
    if (untold > 0) this.log?.warn('bus: more steps than can be told of', { service, untold });
  }

  private async giveWay(): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (this.isBusy() && !this.stopped && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, GIVE_WAY_MS));
  }

  /** What went wrong goes first. */
  private take(): RunStep[] {
    const steps: RunStep[] = [];
    let room = ROOM;
    for (const waiting of [this.undone, this.done]) {
      for (const [id, step] of waiting) {
        room -= 1_000 + 6 * Math.min(step.error?.length ?? 0, LONGEST_ERROR);
        if (steps.length === STEPS_AT_ONCE || room < 0) return steps;
        waiting.delete(id);
        steps.push(step);
      }
    }
    return steps;
  }
}

function publishedStep(
  { id, type, time, correlationId, causationId }: Envelope['attributes'],
  by: string | null,
): RunStep {
  return {
    ...{ runId: correlationId, key: id, kind: 'event', name: type, causeId: causationId, by },
    ...{ at: time, tookMs: null, attempts: 1, state: 'done', error: null },
  };
}

function idOf({ runId, key }: RunStep): string {
  return `${runId}\n${key}`;
}

function withErrorOf(step: RunStep, before: RunStep | undefined): RunStep {
  return step.error === null && before !== undefined && before.error !== null ? { ...step, error: before.error } : step;
}

/** A foreign publisher may have put anything into a header. */
function told(step: RunStep): RunStep {
  const { runId, key, name, causeId, by, error } = step;
  const text = (value: string): string => storable(value, LONGEST_NAME);
  return {
    ...step,
    ...{ runId: text(runId), key: storable(key, 2 * LONGEST_NAME), name: text(name) },
    causeId: causeId === null ? null : text(causeId),
    by: by === null ? null : text(by),
    error: error === null ? null : storable(error, LONGEST_ERROR),
  };
}
