import { type EventContract, type StepState } from '@recert/contracts';
import { backOffMs, MAX_DELIVERIES, MAX_POSTPONEMENTS, operationalBackOffMs } from './back-off';
import { DeadLetters } from './dead-letters';
import { EventRetries } from './event-retries';
import { type Delivery } from './on-event.decorator';
import { isStep } from './is-step';
import { isOperational } from './operational-error';
import { type Outcome } from './outcome';
import { readEvent, type ReadEvent } from './read-event';
import { type ServiceDatabase } from './service-database';
import { type BusLog, type Incoming } from './transport';

/** Calls the handler that Nest knows, with its guards, pipes and filters around it. */
export type Invoke = (data: unknown, delivery: Delivery) => Promise<Outcome>;

/** A handler as the bus sees it. */
export interface Handler {
  readonly durable: string;
  readonly event: EventContract;
  /** What it declares to publish; nothing is checked where it is missing. */
  readonly emits?: readonly EventContract[];
  readonly invoke: Invoke;
}

type Delivered = Pick<Incoming, 'attributes' | 'deliveries'>;
type Undone = Exclude<Outcome, { kind: 'done' }>;
type Event = Extract<ReadEvent, { ok: true }>;

const STATES: Record<Exclude<Verdict, 'repeated'>, StepState> = {
  done: 'done',
  retry: 'retrying',
  'dead-letter': 'failed',
};

/** Ends the handler's transaction without an effect, and carries the outcome out of it. */
class RollBack extends Error {
  constructor(readonly outcome: Undone) {
    super('rolled back');
  }
}

/** What became of a delivery, for logs and metrics. */
export type Verdict = 'done' | 'repeated' | 'retry' | 'dead-letter';
interface Settled {
  readonly verdict: Verdict;
  /** Why it is not done; null when it is. */
  readonly reason: string | null;
}

/** Is told what is to be counted. */
export interface Measure {
  /** A delivery came to its end after so many seconds. */
  readonly handled: (durable: string, verdict: Verdict, seconds: number) => void;
  /** A consumer has published what it does not declare. */
  readonly undeclared: (durable: string, subject: string) => void;
}
export const MEASURE_NOTHING: Measure = { handled: () => undefined, undeclared: () => undefined };

/**
 * One durable consumer: takes a delivery to its end. The inbox row and everything the handler writes are one
 * transaction, so that a redelivery finds the row and does nothing.
 */
export class EventConsumer {
  readonly durable: string;
  private readonly event: EventContract;
  private readonly invoke: Invoke;
  private readonly emits: ReadonlySet<string> | null;
  private readonly complainedOf = new Set<string>();
  private readonly retries: EventRetries;
  private readonly deadLetters: DeadLetters;

  constructor(
    handler: Handler,
    private readonly database: ServiceDatabase,
    private readonly log: BusLog,
    private readonly measure: Measure = MEASURE_NOTHING,
  ) {
    this.durable = handler.durable;
    this.event = handler.event;
    this.invoke = handler.invoke;
    this.emits = handler.emits === undefined ? null : new Set(handler.emits.map(({ subject }) => subject));
    this.retries = new EventRetries(database);
    this.deadLetters = new DeadLetters(database);
  }

  /** Never rejects. */
  async receive(incoming: Incoming): Promise<void> {
    const began = performance.now();
    const settled = await this.settle(incoming).catch((error: unknown) => this.tryAgain(incoming, error));
    const tookMs = performance.now() - began;
    this.measure.handled(this.durable, settled.verdict, tookMs / 1000);
    this.note(incoming, settled, tookMs);
  }

  /**
   * Runs a dead letter through the same inbox; one that fails again keeps the new reason.
   * @returns null when it is done, else the reason why it failed again
   */
  async replay(incoming: Incoming): Promise<string | null> {
    const began = performance.now();
    const reason = await this.attempt(incoming);
    if (reason === null) {
      await this.deadLetters.markReplayed(this.durable, incoming.attributes?.id ?? incoming.position);
    } else {
      await this.deadLetters.keep(this.durable, incoming, reason);
      this.log.error('event: a dead letter has failed again', { ...this.fieldsOf(incoming), error: reason });
    }
    const again = { attributes: incoming.attributes, deliveries: incoming.deliveries + 1 };
    this.note(again, { verdict: reason === null ? 'done' : 'dead-letter', reason }, performance.now() - began);
    return reason;
  }

  private async attempt(incoming: Incoming): Promise<string | null> {
    const event = readEvent(this.event, incoming);
    if (!event.ok) return event.reason;
    try {
      const outcome = await this.handle(event, incoming.deliveries);
      return outcome === 'done' || outcome === 'repeated' ? null : outcome.reason;
    } catch (error) {
      return describe(error);
    }
  }

  private async settle(incoming: Incoming): Promise<Settled> {
    const event = readEvent(this.event, incoming);
    if (!event.ok) return this.giveUp(incoming, event.reason);
    let outcome: 'done' | 'repeated' | Undone;
    try {
      outcome = await this.handle(event, incoming.deliveries);
    } catch (error) {
      return this.failed(incoming, event, error);
    }
    if (outcome === 'done' || outcome === 'repeated') {
      incoming.ack();
      return { verdict: outcome, reason: null };
    }
    if (outcome.kind === 'drop') return this.giveUp(incoming, outcome.reason);
    const times = await this.retries.postponed(this.durable, event.attributes.id, outcome.reason);
    if (times >= MAX_POSTPONEMENTS) return this.giveUp(incoming, `put off ${times} times: ${outcome.reason}`);
    incoming.retryAfter(outcome.delayMs);
    return { verdict: 'retry', reason: outcome.reason };
  }

  private async failed(incoming: Incoming, event: Event, error: unknown): Promise<Settled> {
    if (isOperational(error)) return this.tryAgain(incoming, error);
    const times = await this.retries.failed(this.durable, event.attributes.id, describe(error));
    if (times >= MAX_DELIVERIES) return this.giveUp(incoming, describe(error), { err: error });
    this.log.error('event: handling failed, will try again', {
      ...this.fieldsOf(incoming),
      failures: times,
      err: error,
    });
    incoming.retryAfter(backOffMs(times));
    return { verdict: 'retry', reason: describe(error) };
  }

  /** The database is away: not the event's fault, and tried without end. */
  private tryAgain(incoming: Incoming, error: unknown): Settled {
    const fields = { ...this.fieldsOf(incoming), error: describe(error) };
    this.log.warn('event: could not be handled now, will try again', fields);
    incoming.retryAfter(operationalBackOffMs(incoming.deliveries));
    return { verdict: 'retry', reason: describe(error) };
  }

  private async handle({ attributes, data }: Event, deliveries: number): Promise<'done' | 'repeated' | Undone> {
    try {
      return await this.database.transaction(
        async (tx) => {
          const inserted = await tx.db.query<unknown[]>(
            'insert into inbox (consumer, event_id, run_id) values ($1, $2, $3) on conflict do nothing returning 1',
            [this.durable, attributes.id, isStep(attributes.type) ? attributes.correlationId : null],
          );
          if (inserted.length === 0) return 'repeated';
          const outcome = (await this.invoke(data, { tx, attributes, deliveries })) as Outcome | undefined;
          if (outcome?.kind === undefined) throw new Error(`the handler ${this.durable} returned no outcome`);
          if (outcome.kind !== 'done') throw new RollBack(outcome);
          this.checkEmits(tx.said);
          if (deliveries > 1) await this.retries.forget(tx.db, this.durable, attributes.id);
          return 'done';
        },
        attributes,
        this.durable,
      );
    } catch (error) {
      if (error instanceof RollBack) return error.outcome;
      throw error;
    }
  }

  /** Nothing is lost over a label: whoever reads the log, or sees the count grow, mends it. */
  private checkEmits(said: readonly string[]): void {
    for (const subject of said) {
      if (this.emits === null || this.emits.has(subject)) continue;
      this.measure.undeclared(this.durable, subject);
      if (this.complainedOf.has(subject)) continue;
      this.complainedOf.add(subject);
      this.log.error('event: published without being declared: add it to the emits of its @OnEvent', {
        durable: this.durable,
        subject,
      });
    }
  }

  /** @param why what the line of the log says of it; `err` where something was thrown */
  private async giveUp(incoming: Incoming, reason: string, why: object = { error: reason }): Promise<Settled> {
    await this.deadLetters.keep(this.durable, incoming, reason);
    this.log.error('event: kept as a dead letter', { ...this.fieldsOf(incoming), ...why });
    incoming.ack();
    return { verdict: 'dead-letter', reason };
  }

  /** That it came again is no news. */
  private note({ attributes, deliveries }: Delivered, { verdict, reason }: Settled, tookMs: number): void {
    if (attributes === null || verdict === 'repeated' || !isStep(attributes.type)) return;
    const { id: causeId, correlationId: runId } = attributes;
    this.database.steps.note({
      ...{ runId, key: `${this.durable} ${causeId}`, kind: 'handler', name: this.durable, causeId, by: null },
      ...{ at: new Date().toISOString(), tookMs, attempts: deliveries, state: STATES[verdict], error: reason },
    });
  }

  /** What every line about a delivery says. */
  private fieldsOf({ attributes, subject, deliveries }: Incoming): Record<string, unknown> {
    const { id: eventId, correlationId } = attributes ?? {};
    return { durable: this.durable, subject, eventId, correlationId, attempt: deliveries };
  }
}

/** Nest turns some errors into plain objects with a message. */
function describe(error: unknown): string {
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown };
  if (typeof message !== 'string') return String(error);
  return typeof name === 'string' ? `${name}: ${message}` : message;
}
