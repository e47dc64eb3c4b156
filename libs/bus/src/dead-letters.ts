import { LetterKept, RunProgressed, type DeadLetterView } from '@recert/contracts';
import { fromHeaders, toHeaders } from './envelope';
import { newEventId } from './event-id';
import { type ServiceDatabase } from './service-database';
import { storable } from './storable-text';
import { type Tx } from './transaction';
import { type Incoming } from './transport';

const LONGEST_REASON = 4_000;
const LONGEST_HEADER = 1_000;
/** So much of a payload is told of; the whole of it stays in the service. */
const LONGEST_PAYLOAD = 16_384;
const TOLD_AT_ONCE = 100;
/** A dead letter about what tells of dead letters would be the first of an endless chain. */
const UNTOLD: ReadonlySet<string> = new Set([LetterKept.subject, RunProgressed.subject]);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

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

  /**
   * Keeps a delivery that is given up, and tells of it. The same event again only brings the reason up to date; what is
   * no event at all is known by where it lies on the bus.
   */
  async keep(consumer: string, incoming: Incoming, reason: string): Promise<void> {
    const { attributes, subject, payload, deliveries, position } = incoming;
    const headers = attributes ? storableHeaders(toHeaders(attributes)) : {};
    await this.database.transaction(
      async (tx) => {
        const [row] = await tx.db.query<DeadLetterRow[]>(KEEP, [
          newEventId(),
          consumer,
          storable(attributes?.id.toLowerCase() ?? position, LONGEST_HEADER),
          storable(subject, LONGEST_HEADER),
          payload,
          JSON.stringify(headers),
          storable(reason, LONGEST_REASON),
          deliveries,
        ]);
        this.tell(tx, row!);
      },
      attributes && fromHeaders((name) => headers[name]),
    );
  }

  /** Tells of those that were kept before there was a word for it. @returns how many */
  async tellOfUntold(): Promise<number> {
    let total = 0;
    for (let told = TOLD_AT_ONCE; told === TOLD_AT_ONCE; total += told) {
      told = await this.database.transaction(async (tx) => {
        const rows = await tx.db.query<DeadLetterRow[]>(
          `with told as (update dead_letter set told_at = now() where id in (
             select id from dead_letter where told_at is null order by at limit ${TOLD_AT_ONCE} for update skip locked)
           returning *) select * from told`,
        );
        for (const row of rows.filter(({ replayed_at }) => replayed_at === null)) this.tell(tx, row);
        return rows.length;
      });
    }
    return total;
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
    if (!UUID.test(id)) return null;
    const [row] = await this.database.query<DeadLetterRow>('select * from dead_letter where id = $1', [id]);
    if (row === undefined) return null;
    const attributes = fromHeaders((name) => row.headers[name]);
    const nothing = (): void => undefined;
    return {
      consumer: row.consumer,
      incoming: {
        subject: row.subject,
        position: row.event_id,
        attributes,
        payload: row.payload,
        deliveries: row.deliveries,
        ack: nothing,
        retryAfter: nothing,
      },
    };
  }

  /** It was handled after all, now or in the meantime. */
  async markReplayed(consumer: string, eventId: string): Promise<void> {
    await this.database.query('update dead_letter set replayed_at = now() where consumer = $1 and event_id = $2', [
      consumer,
      eventId.toLowerCase(),
    ]);
  }

  private tell(tx: Tx, row: DeadLetterRow): void {
    if (UNTOLD.has(row.subject)) return;
    const { id: letterId, replayedAt: _, payload, ...letter } = this.view(row);
    const beginning = storable(payload, LONGEST_PAYLOAD);
    tx.publish(LetterKept, { letterId, ...letter, payload: beginning, isWhole: beginning.length >= payload.length });
  }

  private view(row: DeadLetterRow): DeadLetterView {
    return {
      id: row.id,
      service: this.database.service,
      consumer: row.consumer,
      subject: row.subject,
      eventId: row.event_id,
      runId: row.headers['ce-correlationid'] ?? (UUID.test(row.event_id) ? row.event_id : null),
      reason: row.reason,
      deliveries: row.deliveries,
      at: row.at.toISOString(),
      replayedAt: row.replayed_at?.toISOString() ?? null,
      payload: row.payload.toString('utf8'),
      isWhole: true,
    };
  }
}

const KEEP = `
  with forgotten as (delete from event_retry where consumer = $2 and event_id::text = $3),
  kept as (insert into dead_letter (id, consumer, event_id, subject, payload, headers, reason, deliveries, told_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, now())
    on conflict (consumer, event_id) do update
      set reason = excluded.reason, deliveries = excluded.deliveries, at = now(), replayed_at = null
    returning *)
  select * from kept`;

function storableHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, storable(value, LONGEST_HEADER)]));
}
