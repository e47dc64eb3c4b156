import { type DeadLetterView } from '@recert/contracts';
import { fromHeaders, toHeaders } from './envelope';
import { newEventId } from './event-id';
import { type ServiceDatabase } from './service-database';
import { type Incoming } from './transport';

interface DeadLetterRow {
  id: string;
  consumer: string;
  event_id: string;
  subject: string;
  payload: Buffer;
  headers: Record<string, string>;
  reason: string;
  deliveries: number;
  at: Date;
  replayed_at: Date | null;
}

/** Events that a consumer could not handle, kept with their payload and the reason until somebody replays them. */
export class DeadLetters {
  constructor(private readonly database: ServiceDatabase) {}

  /** Keeps a delivery that is given up. The same event again only brings the reason up to date. */
  async keep(consumer: string, incoming: Incoming, reason: string): Promise<void> {
    const eventId = incoming.attributes?.id ?? newEventId();
    await this.database.query(
      `insert into dead_letter (id, consumer, event_id, subject, payload, headers, reason, deliveries)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (consumer, event_id) do update
         set reason = excluded.reason, deliveries = excluded.deliveries, at = now(), replayed_at = null`,
      [
        newEventId(),
        consumer,
        eventId,
        incoming.subject,
        incoming.payload,
        JSON.stringify(incoming.attributes ? toHeaders(incoming.attributes) : {}),
        withoutNul(reason),
        incoming.deliveries,
      ],
    );
  }

  /** Open ones first, newest first. */
  async list(limit: number): Promise<DeadLetterView[]> {
    const rows = await this.database.query<DeadLetterRow>(
      'select * from dead_letter order by replayed_at is not null, at desc limit $1',
      [limit],
    );
    return rows.map((row) => this.view(row));
  }

  /** The delivery as it came, or null when there is no such dead letter here. */
  async find(id: string): Promise<{ consumer: string; incoming: Incoming } | null> {
    const [row] = await this.database.query<DeadLetterRow>('select * from dead_letter where id = $1', [id]);
    if (row === undefined) return null;
    const attributes = fromHeaders((name) => row.headers[name]);
    const nothing = (): void => undefined;
    return {
      consumer: row.consumer,
      incoming: {
        subject: row.subject,
        attributes,
        payload: row.payload,
        deliveries: row.deliveries,
        ack: nothing,
        retryAfter: nothing,
      },
    };
  }

  async markReplayed(consumer: string, eventId: string): Promise<void> {
    await this.database.query('update dead_letter set replayed_at = now() where consumer = $1 and event_id = $2', [
      consumer,
      eventId,
    ]);
  }

  private view(row: DeadLetterRow): DeadLetterView {
    return {
      id: row.id,
      service: this.database.service,
      consumer: row.consumer,
      subject: row.subject,
      eventId: row.event_id,
      reason: row.reason,
      deliveries: row.deliveries,
      at: row.at.toISOString(),
      replayedAt: row.replayed_at?.toISOString() ?? null,
      payload: row.payload.toString('utf8'),
    };
  }
}

/** PostgreSQL has no NUL in text, and a reason may quote a payload that has one. */
function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').slice(0, 4000);
}
