import { type EntityManager } from 'typeorm';
import { backOffMs } from './back-off';
import { fromHeaders, type Envelope } from './envelope';
import { type ServiceDatabase } from './service-database';
import { storable } from './storable-text';
import { type Receipt, RefusedEvent } from './transport';

const LONGEST_ERROR = 1_000;
/** A refused event is tried again after 8 s first: a limit of the transport is not raised in a moment. */
const FIRST_REFUSAL = 4;

interface OutboxRow {
  event_id: string;
  payload: string;
  headers: Record<string, string>;
}

/** Where an event lies now. */
export interface Published {
  readonly eventId: string;
  readonly receipt: Receipt;
}

/** The outbox of a service: what was committed and is not on the bus yet, and where the rest is. */
export class Outbox {
  constructor(private readonly database: ServiceDatabase) {}

  /**
   * Hands the oldest unpublished events to `publish`, and marks them when it has resolved. Row locks keep another
   * process from taking the same.
   * @returns the ids of those that were published
   */
  async takeBatch(
    limit: number,
    publish: (batch: readonly Envelope[]) => Promise<readonly Receipt[]>,
  ): Promise<string[]> {
    return this.database.dataSource.transaction(async (db) => {
      // Without statistics of a backlog the planner would read all of it for each batch.
      await db.query(`select set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)`);
      const rows = await db.query<OutboxRow[]>(
        `select event_id, payload, headers from outbox where published_at is null and not_before <= now()
         order by id limit ${limit} for update skip locked`,
      );
      if (rows.length === 0) return [];
      const receipts = await publish(rows.map(toEnvelope));
      const published = receipts.map((receipt, i) => ({ eventId: rows[i]!.event_id, receipt }));
      await db.query(MARK, parametersOf(published));
      return rows.map((row) => row.event_id);
    });
  }

  /** A mark that a crash loses only publishes once more, and the inboxes know the event: no need to wait for the disk. */
  async mark(published: readonly Published[]): Promise<void> {
    await this.database.query(
      `with relaxed as (select set_config('synchronous_commit', 'off', true)) ${MARK} and exists (select from relaxed)`,
      parametersOf(published),
    );
  }

  /** Never deleted: it is tried again from time to time, in case the transport's limits are raised. */
  async putOff(refused: RefusedEvent): Promise<void> {
    const [row] = await this.database.query<{ attempts: number }>('select attempts from outbox where event_id = $1', [
      refused.eventId,
    ]);
    await this.database.query(
      `update outbox set attempts = attempts + 1, last_error = $2, not_before = now() + make_interval(secs => $3)
       where event_id = $1`,
      [
        refused.eventId,
        storable(refused.message, LONGEST_ERROR),
        backOffMs((row?.attempts ?? 0) + FIRST_REFUSAL) / 1000,
      ],
    );
  }

  /** @returns how many events committed since `since` are to be published again */
  async publishAgainSince(since: Date, db: Pick<EntityManager, 'query'> = this.database.dataSource): Promise<number> {
    const [row] = await db.query<{ n: string }[]>(
      `with again as (update outbox set published_at = null, not_before = now()
        where created_at >= $1 and published_at is not null returning 1) select count(*) as n from again`,
      [since],
    );
    return Number(row?.n ?? 0);
  }
}

const MARK = `
  update outbox o
  set published_at = now(), attempts = attempts + 1, last_error = null, stream_lineage = p.lineage, stream_seq = p.seq
  from unnest($1::uuid[], $2::text[], $3::bigint[]) as p(event_id, lineage, seq)
  where o.event_id = p.event_id`;

function parametersOf(published: readonly Published[]): unknown[] {
  return [
    published.map((each) => each.eventId),
    published.map((each) => each.receipt.lineage),
    published.map((each) => each.receipt.sequence),
  ];
}

function toEnvelope(row: OutboxRow): Envelope {
  const attributes = fromHeaders((name) => row.headers[name]);
  if (attributes === null) throw new RefusedEvent(row.event_id, 'its headers lack the attributes of an event');
  return { attributes, payload: row.payload };
}
