import { type z } from 'zod';

/** The services of this repository, the only names an event may state as publisher or consumer. */
export const serviceNames = ['registry', 'scheduler', 'notifier', 'kpi-ingest', 'alert-relay'] as const;
export type ServiceName = (typeof serviceNames)[number];

/**
 * One kind of fact on the bus. The single declaration gives the subject, the schema, the type, an example, and its
 * line in docs/events.md.
 */
export interface EventContract<S extends z.ZodType = z.ZodType> {
  /** Subject on the bus and `ce-type` in the headers, e.g. `process.due`. */
  readonly subject: string;
  /** What the event says, one sentence for docs/events.md. */
  readonly says: string;
  readonly publishers: readonly ServiceName[];
  readonly consumers: readonly ServiceName[];
  /** Shape of the data. Unknown fields are passed over, so that a publisher may add one before its consumers know it. */
  readonly schema: S;
  readonly example: z.output<S>;
}

/** The data that an event carries, e.g. `DataOf<typeof ProcessDue>`. */
export type DataOf<E extends EventContract> = z.output<E['schema']>;

export function defineEvent<S extends z.ZodType>(contract: EventContract<S>): EventContract<S> {
  return contract;
}

/** CloudEvents 1.0 attributes (https://github.com/cloudevents/spec) as they travel in `ce-*` headers. */
export interface EventAttributes {
  /** UUIDv7 of the fact, the key of every inbox, and `Nats-Msg-Id` on JetStream. */
  readonly id: string;
  /** The publishing service. */
  readonly source: string;
  readonly type: string;
  /** When the fact was committed, ISO 8601 in UTC. */
  readonly time: string;
  /** Id of the fact that began the whole way; a first fact names itself. */
  readonly correlationId: string;
  /** Id of the event that this one was caused by; null for a first fact. */
  readonly causationId: string | null;
}
