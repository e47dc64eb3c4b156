import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  backOffMs,
  DeadLetters,
  isOperational,
  MAX_DELIVERIES,
  operationalBackOffMs,
  type Outcome,
  ServiceDatabase,
  WakeSignal,
} from '@recert/bus';
import { type EventAttributes, type RunStep } from '@recert/contracts';
import { AcceptRequest } from './accept-request';
import { type Hook, HOOKS, type Received } from './hook';
import { IntakeRepository, type IntakeState } from './intake.repository';
import { Lanes } from './lanes';
import { WriteOrSpool } from './write-or-spool';

/** Only the safety net: whatever is accepted is offered at once. */
const POLL_MS = 2_000;
const BATCH = 100;
const LANES_AT_ONCE = 4;
const MOST_TOLD_AGAIN = 2_000;
/** While requests wait for their commit, what was accepted is handled no sooner than this. */
const GIVE_WAY_MS = 25;
/** So long another process has for what it holds before it is looked at again. */
const LOOK_AGAIN_MS = 250;

/** Ends the transaction of what is not done. */
class Undone extends Error {
  constructor(readonly outcome: Exclude<Outcome, { kind: 'done' }>) {
    super('undone');
  }
}

/**
 * Makes something of what was accepted: of one sender in order, of different ones independently, also beside other
 * processes and while the database goes away. What has failed waits for its next attempt beside the others and holds
 * nobody up.
 */
@Injectable()
export class IntakeWorker {
  private readonly log = new Logger('intake');
  private readonly hooks: ReadonlyMap<string, Hook>;
  private readonly deadLetters: DeadLetters;
  private readonly signal = new WakeSignal();
  private readonly lanes = new Lanes();
  private readonly busy = new Set<string>();
  private readonly tasks = new Set<Promise<void>>();
  /** What is offered until then waits in the table, behind what is there. */
  private sweepDue = true;
  private isSweeping = false;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(HOOKS) hooks: readonly Hook[],
    private readonly database: ServiceDatabase,
    private readonly intake: IntakeRepository,
    private readonly accepting: AcceptRequest,
    keeping: WriteOrSpool,
  ) {
    this.hooks = new Map(hooks.map((hook) => [hook.name, hook]));
    this.deadLetters = new DeadLetters(database);
    keeping.onWritten((received) => this.offer(received));
    database.steps.giveWayTo(() => accepting.waiting > 0);
    database.steps.tellAgain(async (since) => (await intake.since(since, MOST_TOLD_AGAIN)).map(toldAgain));
  }

  start(): void {
    this.running = this.run();
  }

  /** Finishes what is in hand; the rest stands in the table. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.signal.wake();
    await this.running;
    await Promise.all(this.tasks);
  }

  /** Takes what has just been committed, without reading it again. */
  private offer(accepted: readonly Received[]): void {
    for (const received of accepted) {
      // A long queue waits in the table instead of in memory.
      if (this.sweepDue || this.isSweeping || this.lanes.held >= BATCH) this.sweepDue = true;
      else if (!this.lanes.wasLeft(received)) this.lanes.add(received);
    }
    this.signal.wake();
  }

  /** Runs a dead letter again. @returns null when it is done, else why it failed again; undefined when it is none of ours */
  async replay(id: string): Promise<string | null | undefined> {
    const received = await this.intake.find(id);
    const hook = received === null ? undefined : this.hooks.get(received.hook);
    if (received === null || hook === undefined) return undefined;
    const began = performance.now();
    const reason = await this.handleAgain(received, hook);
    this.note(received, reason === null ? 'done' : 'failed', reason, began);
    if (reason === null) await this.deadLetters.markReplayed(deadLetterName(received), id);
    return reason;
  }

  private async handleAgain(received: Received, hook: Hook): Promise<string | null> {
    try {
      await this.database.transaction(
        async (tx) => {
          await this.intake.markDone(tx, received.id);
          const outcome = await hook.handle(received, tx);
          if (outcome.kind !== 'done') throw new Undone(outcome);
        },
        this.causeOf(received),
        hook.name,
      );
      return null;
    } catch (error) {
      return error instanceof Undone ? error.outcome.reason : describe(error);
    }
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        if (this.sweepDue && this.lanes.held === 0) await this.sweep();
        this.handOut();
        if (!(await this.signal.wait(POLL_MS))) this.sweepDue = true;
      } catch (error) {
        this.log.warn(`What was accepted cannot be read, trying again: ${describe(error)}`);
        this.sweepDue = true;
        await this.signal.wait(1_000);
      }
    }
  }

  /** Only while nothing is in hand. */
  private async sweep(): Promise<void> {
    this.sweepDue = false;
    this.isSweeping = true;
    this.lanes.comeBack();
    try {
      const open = await this.intake.open([...this.hooks.keys()], BATCH);
      for (const received of open) this.lanes.add(received);
      if (open.length === BATCH) this.sweepDue = true;
    } finally {
      this.isSweeping = false;
    }
  }

  private handOut(): void {
    for (const lane of this.lanes.names()) {
      if (this.busy.size >= LANES_AT_ONCE) return;
      if (this.busy.has(lane)) continue;
      this.busy.add(lane);
      const task = this.work(lane).finally(() => {
        this.tasks.delete(task);
        this.busy.delete(lane);
        this.signal.wake();
      });
      this.tasks.add(task);
    }
  }

  /** Never rejects. */
  private async work(lane: string): Promise<void> {
    for (let first = this.lanes.first(lane); first !== undefined && !this.stopped; first = this.lanes.first(lane)) {
      // Accepting goes first.
      if (this.accepting.waiting > 0) await new Promise((resolve) => setTimeout(resolve, GIVE_WAY_MS));
      const waitMs = await this.take(first);
      if (waitMs === null) this.lanes.next(lane);
      else {
        this.lanes.leave(lane);
        this.sweepIn(waitMs);
      }
    }
  }

  private sweepIn(waitMs: number): void {
    setTimeout(() => {
      this.sweepDue = true;
      this.signal.wake();
    }, waitMs).unref();
  }

  /** Never rejects. @returns null when the next one of its lane may come, else in how many milliseconds to look again */
  private async take(received: Received): Promise<number | null> {
    const began = performance.now();
    try {
      const outcome = await this.handle(received);
      if (outcome === 'held') return LOOK_AGAIN_MS;
      if (outcome === 'done before') return null;
      if (outcome.kind === 'done') this.note(received, 'done', null, began);
      if (outcome.kind === 'drop') await this.giveUp(received, outcome.reason, began);
      if (outcome.kind === 'retry') await this.putOff(received, outcome.reason, outcome.delayMs, began);
      return null;
    } catch (error) {
      return this.failed(received, error, began).catch((again: unknown) => {
        const fields = { ...this.fieldsOf(received), error: describe(again) };
        this.log.warn(fields, 'What became of a request cannot be written down');
        return operationalBackOffMs(1);
      });
    }
  }

  /** @returns `held` when another process is about it, `done before` when one was */
  private async handle(received: Received): Promise<Outcome | 'held' | 'done before'> {
    const hook = this.hooks.get(received.hook)!;
    try {
      return await this.database.transaction(
        async (tx) => {
          if (!(await this.intake.take(tx.db, received.id)))
            return (await this.intake.isOpen(tx.db, received.id)) ? 'held' : 'done before';
          const outcome = await hook.handle(received, tx);
          if (outcome.kind !== 'done') throw new Undone(outcome);
          return outcome;
        },
        this.causeOf(received),
        hook.name,
      );
    } catch (error) {
      if (error instanceof Undone) return error.outcome;
      throw error;
    }
  }

  /** @returns as `take` does: what failed by its surroundings holds up those behind it, which would fail, too */
  private async failed(received: Received, error: unknown, began: number): Promise<number | null> {
    const fields = this.fieldsOf(received);
    if (isOperational(error)) {
      this.log.warn({ ...fields, error: describe(error) }, 'A request could not be handled now, trying again');
      this.note(received, 'retrying', describe(error), began);
      return operationalBackOffMs(1);
    }
    this.log.error({ ...fields, err: error }, 'A request could not be handled');
    await this.putOff(received, describe(error), backOffMs(received.attempts), began);
    return null;
  }

  private async putOff(received: Received, reason: string, delayMs: number, began: number): Promise<void> {
    const attempts = await this.intake.noteFailure(received.id, reason, delayMs);
    if (attempts >= MAX_DELIVERIES) return this.giveUp(received, reason, began);
    this.note(received, 'retrying', reason, began);
    this.sweepIn(delayMs + 1);
  }

  private async giveUp(received: Received, reason: string, began: number): Promise<void> {
    await this.deadLetters.keep(deadLetterName(received), toIncoming(received), reason);
    await this.intake.markDead(received.id, reason);
    this.log.error({ ...this.fieldsOf(received), error: reason }, 'A request is kept as a dead letter');
    this.note(received, 'failed', reason, began);
  }

  private note(received: Received, state: RunStep['state'], error: string | null, began: number): void {
    const { attempts } = received;
    const tookMs = performance.now() - began;
    this.database.steps.note({ ...stepOf(received), at: new Date().toISOString(), tookMs, attempts, state, error });
  }

  /** What every line about a request says: its id is the correlation id of all that comes of it. */
  private fieldsOf({ id, hook, attempts }: Received): Record<string, unknown> {
    return { service: this.database.service, hook, correlationId: id, attempt: attempts };
  }

  /** The request is the fact that everything about it descends from. */
  private causeOf({ id, hook, receivedAt }: Received): EventAttributes {
    const source = this.database.service;
    return { id, source, type: `hook.${hook}`, time: receivedAt.toISOString(), correlationId: id, causationId: null };
  }
}

/** Under which name the dead letters of a hook stand in the list of all of them. */
export function deadLetterName({ hook }: Pick<Received, 'hook'>): string {
  return `hook.${hook}`;
}

/** The request began the run. */
function stepOf({
  id,
  hook,
}: Pick<Received, 'id' | 'hook'>): Pick<RunStep, 'runId' | 'key' | 'kind' | 'name' | 'causeId' | 'by'> {
  return { runId: id, key: id, kind: 'webhook', name: hook, causeId: null, by: null };
}

function toldAgain({ id, hook, attempts, at, state, error }: IntakeState): RunStep {
  return { ...stepOf({ id, hook }), at: at.toISOString(), tookMs: null, attempts, state, error };
}

function toIncoming({ id, hook, body, attempts }: Received) {
  const nothing = (): void => undefined;
  const known = { subject: `hook.${hook}`, position: id, attributes: null, payload: body, deliveries: attempts };
  return { ...known, ack: nothing, retryAfter: nothing };
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
