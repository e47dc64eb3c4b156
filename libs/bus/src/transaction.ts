import { type DataOf, type EventAttributes, type EventContract } from '@recert/contracts';
import { type PoolClient } from 'pg';
import { type EntityManager } from 'typeorm';
import { toHeaders, type Envelope } from './envelope';
import { newEventId } from './event-id';
import { MAX_EVENT_BYTES, unstorableIn } from './storable-text';

const LONGEST_SOURCE = 200;

/** What something follows from: an event, a webhook, or a request at the API, which is no step and has no id. */
export interface Cause extends Pick<EventAttributes, 'type' | 'correlationId'> {
  readonly id: string | null;
}

/** One database transaction of a service, and the only way to publish: an event exists exactly if the change does. */
export interface Tx {
  readonly db: EntityManager;
  /** The event, webhook or request that is being handled; null where there is none. */
  readonly cause: Cause | null;
  /**
   * Announces a fact when, and only when, this transaction commits.
   * @param by whose words they are, where a service only passes them on; it is added to the event's source
   * @returns the id of the event
   * @throws ZodError when the data is not what the contract says, Error when it is too large or holds a character that
   *   no database takes; either is a bug of the caller
   */
  publish<E extends EventContract>(event: E, data: DataOf<E>, by?: string): string;
  /** The subjects of what was published so far. */
  readonly said: readonly string[];
  /** Runs `hint` when, and only when, this transaction has committed. A crash in between loses it: only wake things by it. */
  afterCommit(hint: () => void): void;
}

/** Gathers what is published and writes it as one statement at the end, so that 10,000 events are one round trip. */
export class OpenTransaction implements Tx {
  private readonly envelopes: Envelope[] = [];
  private readonly hints: (() => void)[] = [];
  private readonly firstId = newEventId();
  private closed = false;

  constructor(
    readonly db: EntityManager,
    private readonly service: string,
    readonly cause: Cause | null,
  ) {}

  get said(): readonly string[] {
    return this.envelopes.map(({ attributes }) => attributes.type);
  }

  get events(): readonly Envelope[] {
    return this.envelopes;
  }

  publish<E extends EventContract>(event: E, data: DataOf<E>, by?: string): string {
    if (this.closed) throw new Error(`${event.subject} was published after its transaction had ended: await the work`);
    const checked = event.schema.parse(data);
    const payload = JSON.stringify(checked);
    const fault = unstorableIn(checked, payload) ?? tooLarge(payload);
    if (fault !== null) throw new Error(`${event.subject} cannot be published: ${fault}`);
    const id = this.envelopes.length === 0 ? this.firstId : newEventId();
    this.envelopes.push({
      payload,
      attributes: {
        id,
        source: by === undefined ? this.service : sourceOf(this.service, by),
        type: event.subject,
        time: new Date().toISOString(),
        correlationId: this.cause?.correlationId ?? this.firstId,
        causationId: this.cause?.id ?? null,
      },
    });
    return id;
  }

  afterCommit(hint: () => void): void {
    this.hints.push(hint);
  }

  committed(): void {
    for (const hint of this.hints) hint();
  }

  /** @param client the transaction's own connection: the statement is sent before this returns */
  async writeOutbox(client: Pick<PoolClient, 'query'>): Promise<void> {
    this.closed = true;
    if (this.envelopes.length === 0) return;
    await client.query(
      `insert into outbox (event_id, subject, payload, headers)
       select * from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[])`,
      [
        this.envelopes.map((envelope) => envelope.attributes.id),
        this.envelopes.map((envelope) => envelope.attributes.type),
        this.envelopes.map((envelope) => envelope.payload),
        this.envelopes.map((envelope) => JSON.stringify(toHeaders(envelope.attributes))),
      ],
    );
  }
}

/** CloudEvents wants a reference as in a url; what does not fit in is cut off. */
function sourceOf(service: string, by: string): string {
  const source = `${service}/${encodeURIComponent(by.toWellFormed())}`;
  return source.slice(0, LONGEST_SOURCE).replace(/%[0-9A-F]?$/, '');
}

function tooLarge(payload: string): string | null {
  const bytes = Buffer.byteLength(payload);
  return bytes <= MAX_EVENT_BYTES ? null : `its data has ${bytes} bytes as JSON, more than ${MAX_EVENT_BYTES}`;
}
