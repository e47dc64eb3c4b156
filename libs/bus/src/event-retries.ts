import { type EntityManager } from 'typeorm';
import { type ServiceDatabase } from './service-database';
import { storable } from './storable-text';

const LONGEST_REASON = 4_000;

/**
 * Counts how often an event could not be handled, beside the inbox in the service's own database. The transport's count
 * of deliveries does not do: it grows while the database is away and at each crash, which is not the event's fault.
 */
export class EventRetries {
  constructor(private readonly database: ServiceDatabase) {}

  /** @returns how often it has failed, with this time */
  async failed(consumer: string, eventId: string, reason: string): Promise<number> {
    return this.count('failures', consumer, eventId, reason);
  }

  /** @returns how often its handler has put it off, with this time */
  async postponed(consumer: string, eventId: string, reason: string): Promise<number> {
    return this.count('postponements', consumer, eventId, reason);
  }

  /** It was handled after all. */
  async forget(db: EntityManager, consumer: string, eventId: string): Promise<void> {
    await db.query('delete from event_retry where consumer = $1 and event_id = $2', [consumer, eventId]);
  }

  private async count(
    column: 'failures' | 'postponements',
    consumer: string,
    eventId: string,
    reason: string,
  ): Promise<number> {
    const [row] = await this.database.query<{ times: number }>(
      `insert into event_retry as r (consumer, event_id, ${column}, reason) values ($1, $2, 1, $3)
       on conflict (consumer, event_id) do update set ${column} = r.${column} + 1, reason = excluded.reason, at = now()
       returning ${column} as times`,
      [consumer, eventId, storable(reason, LONGEST_REASON)],
    );
    return row?.times ?? 1;
  }
}
