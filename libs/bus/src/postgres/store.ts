import { type Pool, type PoolClient } from 'pg';
import { fromHeaders, toHeaders, type Envelope } from '../envelope';
import { type BusLog, type Lineage, type Lying, RefusedEvent, type Subscription } from '../transport';
import { busPool } from './bus-pool';
import { BUS_SCHEMA, MEMBERSHIP_LOCK, SCHEMA_LOCK, SCHEMA_MARK } from './schema';

const LONGEST_QUERY_MS = 600_000;
const CLEAN_UP_BATCH = 2_000;

/** What a process can take at once of what it publishes. */
export interface Offer {
  readonly owner: number;
  readonly leaseSeconds: number;
  readonly room: readonly { readonly durable: string; readonly free: number }[];
}

export interface StoredEvent {
  readonly envelope: Envelope;
  readonly seq: string;
  /** The durables that the publishing process took it for. */
  readonly takers: readonly string[];
}

/** The tables of the bus: who consumes what, which messages are kept. Deliveries are the pump's. */
export class PostgresStore {
  private readonly pool: Pool;
  /** Which life of the store it is. */
  id = '';

  constructor(url: string, silenceMs: number, log: BusLog) {
    this.pool = busPool(url, 3, [], silenceMs, log);
  }

  /** Makes the schema where it is missing. */
  async prepare(): Promise<void> {
    await this.inTransaction(async (client) => {
      const current = `select obj_description(to_regnamespace('bus')::oid, 'pg_namespace') = $1 as current`;
      const { rows } = await client.query<{ current: boolean | null }>(current, [SCHEMA_MARK]);
      if (rows[0]?.current === true) return;
      await client.query({ text: 'select pg_advisory_xact_lock($1)', values: [SCHEMA_LOCK], ...longTime });
      await client.query({ text: BUS_SCHEMA, ...longTime });
    });
    await this.lineage();
  }

  /**
   * @param offer what this process takes of it itself
   * @throws RefusedEvent when PostgreSQL cannot hold one of them
   */
  async publish(batch: readonly Envelope[], offer: Offer): Promise<readonly StoredEvent[]> {
    try {
      const { rows } = await this.pool.query<{ id: string; sequence: string; takers: string[] | null }>({
        name: 'publish',
        text: 'select id, sequence, takers from bus.publish($1, $2, $3, $4, $5, $6, $7, $8)',
        values: [
          batch.map((envelope) => envelope.attributes.id),
          batch.map((envelope) => envelope.attributes.type),
          batch.map((envelope) => envelope.payload),
          batch.map((envelope) => JSON.stringify(toHeaders(envelope.attributes))),
          offer.owner,
          offer.room.map((each) => each.durable),
          offer.room.map((each) => each.free),
          offer.leaseSeconds,
        ],
      });
      // A repeated event comes in a second part, without takers; what was added is there too.
      const stored = new Map(rows.reverse().map((row) => [row.id, row]));
      return batch.map((envelope) => {
        const row = stored.get(envelope.attributes.id.toLowerCase());
        return { envelope, seq: row?.sequence ?? '0', takers: row?.takers ?? [] };
      });
    } catch (error) {
      if (!isUnstorable(error)) throw error;
      const [only, ...others] = batch;
      if (only !== undefined && others.length === 0)
        throw new RefusedEvent(only.attributes.id, (error as Error).message, { cause: error });
      // One of them is the bad one: alone it says which.
      const events: StoredEvent[] = [];
      for (const envelope of batch) events.push(...(await this.publish([envelope], { ...offer, room: [] })));
      return events;
    }
  }

  async lineage(): Promise<Omit<Lineage, 'session'>> {
    const { rows } = await this.pool.query<{ id: string; first: string; last: string }>({
      text: `select id, coalesce((select min(seq) from bus.message), 0) as first, coalesce((select last_value
               from pg_sequences where schemaname = 'bus' and sequencename = 'message_seq_seq'), 0) as last
             from bus.store`,
    });
    const row = rows[0];
    if (row === undefined) throw new Error('bus.store is empty: somebody deleted the row that names this store');
    this.id = row.id;
    return { id: row.id, firstSequence: Number(row.first), lastSequence: Number(row.last) };
  }

  async holds(sequence: number, eventId: string): Promise<boolean> {
    const { rowCount } = await this.pool.query({
      text: 'select 1 from bus.message where seq = $1 and event_id = $2',
      values: [sequence, eventId],
    });
    return rowCount === 1;
  }

  /** A new durable gets everything that is still kept; one that changed its subject goes on from now. */
  async register({ durable, subject }: Subscription): Promise<void> {
    await this.inTransaction(async (client) => {
      await client.query({ text: 'select pg_advisory_xact_lock($1)', values: [MEMBERSHIP_LOCK], ...longTime });
      const { rows } = await client.query<{ subject: string }>('select subject from bus.consumer where durable = $1', [
        durable,
      ]);
      await client.query(
        `insert into bus.consumer (durable, subject) values ($1, $2)
         on conflict (durable) do update set subject = excluded.subject, seen_at = now()`,
        [durable, subject],
      );
      if (rows[0] === undefined) {
        await client.query({
          text: `insert into bus.delivery (durable, seq, available_at)
                 select $1, seq, (select clock_timestamp()) from bus.message where subject = $2 on conflict do nothing`,
          values: [durable, subject],
          ...longTime,
        });
      } else if (rows[0].subject !== subject) {
        await client.query({ text: 'delete from bus.delivery where durable = $1', values: [durable], ...longTime });
      }
    });
  }

  /** Whoever publishes at the same time is waited for: no delivery of it comes after this. */
  async unregister(durable: string): Promise<void> {
    await this.inTransaction(async (client) => {
      await client.query({ text: 'select pg_advisory_xact_lock($1)', values: [MEMBERSHIP_LOCK], ...longTime });
      await client.query('delete from bus.consumer where durable = $1', [durable]);
      await client.query({ text: 'delete from bus.delivery where durable = $1', values: [durable], ...longTime });
    });
  }

  async durablesOf(service: string): Promise<string[]> {
    const { rows } = await this.pool.query<{ durable: string }>(
      'select durable from bus.consumer where starts_with(durable, $1)',
      [`${service}.`],
    );
    return rows.map(({ durable }) => durable);
  }

  async next(subject: string, after: number): Promise<Lying | null> {
    const { rows } = await this.pool.query<{ seq: string; payload: string; headers: Record<string, string> }>(
      'select seq, payload, headers from bus.message where subject = $1 and seq > $2 order by seq limit 1',
      [subject, after],
    );
    const [row] = rows;
    if (row === undefined) return null;
    const attributes = fromHeaders((name) => row.headers[name]);
    return { sequence: Number(row.seq), subject, attributes, payload: Buffer.from(row.payload) };
  }

  /** How many deliveries of each of these are not over. */
  async open(durables: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { rows } = await this.pool.query<{ durable: string; n: number }>(
      'select durable, count(*)::int as n from bus.delivery where durable = any($1) group by durable',
      [durables],
    );
    const counted = new Map(rows.map(({ durable, n }) => [durable, n]));
    return new Map(durables.map((durable) => [durable, counted.get(durable) ?? 0]));
  }

  /** Tells that these consumers still exist, and removes what nobody can want any more. */
  async cleanUp(durables: readonly string[], retentionDays: number): Promise<void> {
    await this.pool.query('update bus.consumer set seen_at = now() where durable = any($1)', [durables]);
    await this.pool.query({
      text: `with gone as (delete from bus.consumer where seen_at < now() - make_interval(days => $1) returning durable)
             delete from bus.delivery d using gone where d.durable = gone.durable`,
      values: [retentionDays],
      ...longTime,
    });
    for (let removed = CLEAN_UP_BATCH; removed === CLEAN_UP_BATCH;) {
      const { rowCount } = await this.pool.query({
        text: `delete from bus.message where seq in (
                 select m.seq from bus.message m where m.at < now() - make_interval(days => $1)
                   and not exists (select 1 from bus.delivery d where d.seq = m.seq) order by m.at limit $2)`,
        values: [retentionDays, CLEAN_UP_BATCH],
        ...longTime,
      });
      removed = rowCount ?? 0;
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async inTransaction(work: (client: PoolClient) => Promise<void>): Promise<void> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      await client.query('begin');
      await work(client);
      await client.query('commit');
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      // A connection that failed inside a transaction is closed, not used again.
      client.release(failure);
    }
  }
}

/** For the few statements that grow with what is stored. */
const longTime = { query_timeout: LONGEST_QUERY_MS };

/** The schema of the bus, or a part of it, is not there: somebody removed it, or restored an older database. */
export function isSchemaMissing(error: unknown): boolean {
  return ['42P01', '3F000', '42883', '42703'].includes(String((error as { code?: unknown } | null)?.code));
}

/** SQLSTATE classes 22 (data that no column takes) and 54 (larger than a limit of PostgreSQL). */
function isUnstorable(error: unknown): boolean {
  return /^(22|54)/.test(String((error as { code?: unknown } | null)?.code));
}
