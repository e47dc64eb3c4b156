import { type EventAttributes, type EventContract } from '@recert/contracts';
import { backOffMs, isOperational, MAX_DELIVERIES, MAX_POSTPONEMENTS } from './back-off';
import { type DeadLetters } from './dead-letters';
import { type Delivery } from './on-event.decorator';
import { type Outcome } from './outcome';
import { type ServiceDatabase } from './service-database';
import { type BusLog, type Incoming } from './transport';

/** Calls the handler that Nest knows, with its guards, pipes and filters around it. */
export type Invoke = (data: unknown, delivery: Delivery) => Promise<Outcome>;

/** Ends the handler's transaction without an effect, and carries the outcome out of it. */
class RollBack extends Error {
  constructor(readonly outcome: Exclude<Outcome, { kind: 'done' }>) {
    super('rolled back');
  }
}

/** What became of a delivery, for logs and metrics. */
export type Verdict = 'done' | 'repeated' | 'retry' | 'dead-letter';

/** The event parsed by its contract, or the sentence that says why it cannot be. */
type Parsed = { ok: true; attributes: EventAttributes; data: unknown } | { ok: false; reason: string };

/**
 * One durable consumer: takes a delivery to its end. The inbox row and everything the handler writes are one
 * transaction, so that a redelivery finds the row and does nothing.
 */
export class EventConsumer {
  constructor(
    readonly durable: string,
    private readonly event: EventContract,
    private readonly invoke: Invoke,
    private readonly database: ServiceDatabase,
    private readonly deadLetters: DeadLetters,
    private readonly log: BusLog,
    private readonly observe: (durable: string, verdict: Verdict, seconds: number) => void = () => undefined,
  ) {}

  /** Never rejects. */
  async receive(incoming: Incoming): Promise<void> {
    const began = performance.now();
    const verdict = await this.settle(incoming);
    this.observe(this.durable, verdict, (performance.now() - began) / 1000);
  }

  /**
   * Runs a dead letter through the same inbox.
   * @returns null when it is done, else the reason why it failed again
   */
  async replay(incoming: Incoming): Promise<string | null> {
    const parsed = this.parse(incoming);
    if (!parsed.ok) return parsed.reason;
    try {
      const outcome = await this.handle(parsed, incoming.deliveries);
      if (outcome !== 'done' && outcome !== 'repeated') return outcome.reason;
      await this.deadLetters.markReplayed(this.durable, parsed.attributes.id);
      return null;
    } catch (error) {
      return describe(error);
    }
  }

  private async settle(incoming: Incoming): Promise<Verdict> {
    const parsed = this.parse(incoming);
    if (!parsed.ok) return this.giveUp(incoming, parsed.reason);
    try {
      const outcome = await this.handle(parsed, incoming.deliveries);
      if (outcome === 'done' || outcome === 'repeated') {
        incoming.ack();
        return outcome;
      }
      if (outcome.kind === 'drop') return await this.giveUp(incoming, outcome.reason);
      if (incoming.deliveries >= MAX_POSTPONEMENTS)
        return await this.giveUp(incoming, `put off too often: ${outcome.reason}`);
      incoming.retryAfter(outcome.delayMs);
      return 'retry';
    } catch (error) {
      return this.settleFailure(incoming, error);
    }
  }

  private async settleFailure(incoming: Incoming, error: unknown): Promise<Verdict> {
    const fields = {
      durable: this.durable,
      eventId: incoming.attributes?.id,
      deliveries: incoming.deliveries,
      error: describe(error),
    };
    if (!isOperational(error) && incoming.deliveries >= MAX_DELIVERIES) {
      this.log.error('event: given up, kept as a dead letter', fields);
      return this.giveUp(incoming, describe(error));
    }
    this.log.warn('event: handling failed, will try again', fields);
    incoming.retryAfter(backOffMs(incoming.deliveries));
    return 'retry';
  }

  private async handle(
    parsed: Extract<Parsed, { ok: true }>,
    deliveries: number,
  ): Promise<'done' | 'repeated' | Exclude<Outcome, { kind: 'done' }>> {
    const { attributes, data } = parsed;
    try {
      return await this.database.transaction(async (tx) => {
        const inserted = await tx.db.query<unknown[]>(
          'insert into inbox (consumer, event_id) values ($1, $2) on conflict do nothing returning 1',
          [this.durable, attributes.id],
        );
        if (inserted.length === 0) return 'repeated';
        const outcome = await this.invoke(data, { tx, attributes, deliveries });
        if (outcome.kind !== 'done') throw new RollBack(outcome);
        return 'done';
      }, attributes);
    } catch (error) {
      if (error instanceof RollBack) return error.outcome;
      throw error;
    }
  }

  private parse(incoming: Incoming): Parsed {
    if (incoming.attributes === null)
      return { ok: false, reason: 'the message has no ce-id, ce-source, ce-type or ce-time header' };
    if (!UUID.test(incoming.attributes.id)) return { ok: false, reason: 'ce-id is not a UUID' };
    try {
      const data: unknown = JSON.parse(incoming.payload.toString('utf8'));
      const result = this.event.schema.safeParse(data);
      if (result.success) return { ok: true, attributes: incoming.attributes, data: result.data };
      const issues = result.error.issues.map((issue) => `${issue.path.join('.') || 'data'}: ${issue.message}`);
      return { ok: false, reason: `not a ${this.event.subject}: ${issues.slice(0, 5).join('; ')}` };
    } catch (error) {
      return { ok: false, reason: `the payload is not JSON: ${describe(error)}` };
    }
  }

  private async giveUp(incoming: Incoming, reason: string): Promise<Verdict> {
    try {
      await this.deadLetters.keep(this.durable, incoming, reason);
      incoming.ack();
      return 'dead-letter';
    } catch (error) {
      this.log.warn('event: could not keep a dead letter, will try again', {
        durable: this.durable,
        error: describe(error),
      });
      incoming.retryAfter(backOffMs(incoming.deliveries));
      return 'retry';
    }
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
