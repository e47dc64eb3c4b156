import { Pool, type PoolClient } from 'pg';
import { toHeaders, type Envelope } from '../envelope';
import { type BusLog, type Lineage, RefusedEvent, type Receipt, type Subscription } from '../transport';
import { outliveLostConnections } from './lost-connections';
import { BUS_SCHEMA, MEMBERSHIP_LOCK, SCHEMA_LOCK, SCHEMA_MARK } from './schema';

const QUERY_TIMEOUT_MS = 20_000;
const CLEAN_UP_BATCH = 2_000;

/** The tables of the bus: who consumes what, which messages are kept. Deliveries are the pump's. */
export class PostgresStore {
  private readonly pool: Pool;
  private id = '';

  constructor(url: string, log: BusLog) {
    this.pool = busPool(url, 3, '', log);
  }

  /** Makes the schema where it is missing. */
  async prepare(): Promise<void> {
    await this.inTransaction(async (client) => {
      const current = `select obj_description(to_regnamespace('bus')::oid, 'pg_namespace') = $1 as current`;
      const { rows } = await client.query<{ current: boolean | null }>(current, [SCHEMA_MARK]);
      if (rows[0]?.current === true) return;
      await client.query('select pg_advisory_xact_lock($1)', [SCHEMA_LOCK]);
      await client.query(BUS_SCHEMA);
    });
    await this.lineage();
  }

  /**
   * @param sender goes with the hint to other processes, so that its own is passed over
   * @throws RefusedEvent when PostgreSQL cannot hold one of them
   */
  async publish(batch: readonly Envelope[], sender: string): Promise<readonly Receipt[]> {
    const lineage = this.id;
    try {
      const { rows } = await this.pool.query<{ id: string; sequence: string }>({
        name: 'publish',
        text: 'select id, sequence from bus.publish($1, $2, $3, $4, $5)',
        values: [
          batch.map((envelope) => envelope.attributes.id),
          batch.map((envelope) => envelope.attributes.type),
          batch.map((envelope) => envelope.payload),
          batch.map((envelope) => JSON.stringify(toHeaders(envelope.attributes))),
          sender,
        ],
        ...boundedTime,
      });
      const sequences = new Map(rows.map((row) => [row.id, Number(row.sequence)]));
      return batch.map(({ attributes }) => ({ lineage, sequence: sequences.get(attributes.id.toLowerCase()) ?? 0 }));
    } catch (error) {
      if (!isUnstorable(error)) throw error;
      const [only, ...others] = batch;
      if (only !== undefined && others.length === 0)
        throw new RefusedEvent(only.attributes.id, (error as Error).message, { cause: error });
      // One of them is the bad one: alone it says which.
      const receipts: Receipt[] = [];
      for (const envelope of batch) receipts.push(...(await this.publish([envelope], sender)));
      return receipts;
    }
  }

  async lineage(): Promise<Omit<Lineage, 'session'>> {
    const { rows } = await this.pool.query<{ id: string; first: string; last: string }>({
      text: `select id, coalesce((select min(seq) from bus.message), 0) as first, coalesce((select last_value
               from pg_sequences where schemaname = 'bus' and sequencename = 'message_seq_seq'), 0) as last
             from bus.store`,
      ...boundedTime,
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
      ...boundedTime,
    });
    return rowCount === 1;
  }

  /** A new durable gets everything that is still kept; one that changed its subject goes on from now. */
  async register({ durable, subject }: Subscription): Promise<void> {
    await this.inTransaction(async (client) => {
      await client.query('select pg_advisory_xact_lock($1)', [MEMBERSHIP_LOCK]);
      const { rows } = await client.query<{ subject: string }>('select subject from bus.consumer where durable = $1', [
        durable,
      ]);
      await client.query(
        `insert into bus.consumer (durable, subject) values ($1, $2)
         on conflict (durable) do update set subject = excluded.subject, seen_at = now()`,
        [durable, subject],
      );
      if (rows[0] === undefined) {
        await client.query(
          `insert into bus.delivery (durable, seq, available_at)
           select $1, seq, (select clock_timestamp()) from bus.message where subject = $2 on conflict do nothing`,
          [durable, subject],
        );
      } else if (rows[0].subject !== subject) {
        await client.query('delete from bus.delivery where durable = $1', [durable]);
      }
    });
  }

  /** Tells that these consumers still exist, and removes what nobody can want any more. */
  async cleanUp(durables: readonly string[], retentionDays: number): Promise<void> {
    await this.pool.query('update bus.consumer set seen_at = now() where durable = any($1)', [durables]);
    await this.pool.query(
      `with gone as (delete from bus.consumer where seen_at < now() - make_interval(days => $1) returning durable)
       delete from bus.delivery d using gone where d.durable = gone.durable`,
      [retentionDays],
    );
    for (let removed = CLEAN_UP_BATCH; removed === CLEAN_UP_BATCH;) {
      const { rowCount } = await this.pool.query(
        `delete from bus.message where seq in (
           select m.seq from bus.message m where m.at < now() - make_interval(days => $1)
             and not exists (select 1 from bus.delivery d where d.seq = m.seq) order by m.at limit $2)`,
        [retentionDays, CLEAN_UP_BATCH],
      );
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

/** For statements that are short whatever happens: a connection that hangs must not hang the bus. */
export const boundedTime = { query_timeout: QUERY_TIMEOUT_MS };

/** @param settings of the server for these connections, as `-c name=value` */
export function busPool(url: string, max: number, settings: string, log: BusLog): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    application_name: 'recert bus',
    // The locking of publish and register relies on it, whatever the server's default is.
    options: `-c default_transaction_isolation=read\\ committed ${settings}`,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => log.warn('bus: an idle connection broke', { error: error.message }));
  outliveLostConnections(pool);
  return pool;
}

/** The schema of the bus, or a part of it, is not there: somebody removed it, or restored an older database. */
export function isSchemaMissing(error: unknown): boolean {
  return ['42P01', '3F000', '42883', '42703'].includes(String((error as { code?: unknown } | null)?.code));
}

/** SQLSTATE classes 22 (data that no column takes) and 54 (larger than a limit of PostgreSQL). */
function isUnstorable(error: unknown): boolean {
  return /^(22|54)/.test(String((error as { code?: unknown } | null)?.code));
}
