import { Pool, type PoolClient } from 'pg';
import { toHeaders, type Envelope } from '../envelope';
import { type BusLog, type Lineage, type Receipt, type Running, type Subscription, type Transport } from '../transport';
import { DeliveryPump } from './delivery-pump';
import { Listener } from './listener';
import { BUS_SCHEMA, CHANNEL, MEMBERSHIP_LOCK, RETENTION_DAYS, SCHEMA_LOCK } from './schema';

const CLEAN_UP_MS = 3_600_000;

/** The bus on the PostgreSQL that is there anyway: a table of messages, and a row for each delivery that is open. */
export class PostgresTransport implements Transport {
  readonly kind = 'postgres';
  private readonly pool: Pool;
  private readonly pump: DeliveryPump;
  private readonly listener: Listener;
  private connected: Promise<void> | null = null;
  private problem: string | null = 'not connected yet';
  private cleanUp: NodeJS.Timeout | undefined;
  private storeId = '';
  private closed = false;

  constructor(
    url: string,
    private readonly log: BusLog,
  ) {
    this.pool = new Pool({ connectionString: url, max: 4, application_name: 'recert bus' });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', (error) => this.log.warn('bus: an idle connection broke', { error: error.message }));
    this.pump = new DeliveryPump(this.pool, log);
    this.listener = new Listener(url, () => this.pump.wake(), log);
  }

  ready(): Promise<void> {
    this.connected ??= this.connect();
    return this.connected;
  }

  health(): { ok: boolean; detail: string } {
    return this.problem === null ? { ok: true, detail: 'connected' } : { ok: false, detail: this.problem };
  }

  async publish(batch: readonly Envelope[]): Promise<readonly Receipt[]> {
    await this.ready();
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      const sequences = await publishIn(client, batch);
      this.pump.wake();
      return batch.map((envelope) => ({ lineage: this.storeId, sequence: sequences.get(envelope.attributes.id) ?? 0 }));
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      client.release(failure);
    }
  }

  async lineage(): Promise<Lineage> {
    await this.ready();
    const { rows } = await this.pool.query<{ id: string; last: string }>(
      `select id, coalesce((select last_value from pg_sequences where schemaname = 'bus' and sequencename = 'message_seq_seq'), 0) as last from bus.store`,
    );
    const row = rows[0];
    if (row === undefined) throw new Error('the bus has no store row: its schema was removed while it ran');
    this.storeId = row.id;
    return { id: row.id, lastSequence: Number(row.last) };
  }

  onReconnect(listener: () => void): void {
    this.listener.onReconnect(listener);
  }

  async subscribe(subscription: Subscription): Promise<Running> {
    await this.ready();
    await this.registerConsumer(subscription);
    return this.pump.add(subscription);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.cleanUp);
    await this.listener.close();
    await this.pump.close();
    await this.pool.end();
  }

  private async connect(): Promise<void> {
    for (let attempt = 1; !this.closed; attempt += 1) {
      try {
        await this.prepareSchema();
        await this.readStoreId();
        await this.listener.open();
        this.problem = null;
        this.cleanUp = setInterval(() => void this.removeOldMessages(), CLEAN_UP_MS).unref();
        return;
      } catch (error) {
        this.problem = `PostgreSQL of the bus: ${(error as Error).message}`;
        this.log.warn('bus: cannot connect yet', { error: this.problem, attempt });
        await new Promise((resolve) => setTimeout(resolve, Math.min(200 * attempt, 3000)));
      }
    }
    throw new Error('the bus was closed before it connected');
  }

  private async readStoreId(): Promise<void> {
    const { rows } = await this.pool.query<{ id: string }>('select id from bus.store');
    this.storeId = rows[0]?.id ?? '';
  }

  private async prepareSchema(): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock($1)', [SCHEMA_LOCK]);
      await client.query(BUS_SCHEMA);
      await client.query('commit');
    } finally {
      client.release();
    }
  }

  /** A new durable gets everything that is still kept; one that changed its subject goes on from now. */
  private async registerConsumer({ durable, subject }: Subscription): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock($1)', [MEMBERSHIP_LOCK]);
      const { rowCount } = await client.query(
        'insert into bus.consumer (durable, subject) values ($1, $2) on conflict do nothing',
        [durable, subject],
      );
      if (rowCount === 1) {
        await client.query(
          'insert into bus.delivery (durable, seq) select $1, seq from bus.message where subject = $2 on conflict do nothing',
          [durable, subject],
        );
      } else {
        await client.query('update bus.consumer set subject = $2 where durable = $1 and subject <> $2', [
          durable,
          subject,
        ]);
      }
      await client.query('commit');
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  private async removeOldMessages(): Promise<void> {
    try {
      await this.pool.query(
        `delete from bus.message m where m.at < now() - make_interval(days => $1)
           and not exists (select 1 from bus.delivery d where d.seq = m.seq)`,
        [RETENTION_DAYS],
      );
    } catch (error) {
      this.log.warn('bus: could not remove old messages', { error: String(error) });
    }
  }
}

/**
 * One transaction: the messages, a delivery for each consumer of their subjects, one hint to other processes. The lock
 * is a statement of its own, before the one that reads the consumers: a snapshot taken while waiting for a new consumer
 * to register would not show it.
 */
async function publishIn(client: PoolClient, batch: readonly Envelope[]): Promise<Map<string, number>> {
  try {
    await client.query(`begin; select pg_advisory_xact_lock_shared(${MEMBERSHIP_LOCK})`);
    const { rows } = await client.query<{ event_id: string; seq: string }>(PUBLISH, [
      batch.map((envelope) => envelope.attributes.id),
      batch.map((envelope) => envelope.attributes.type),
      batch.map((envelope) => envelope.payload),
      batch.map((envelope) => JSON.stringify(toHeaders(envelope.attributes))),
    ]);
    await client.query(`notify ${CHANNEL}; commit`);
    return new Map(rows.map((row) => [row.event_id, Number(row.seq)]));
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

const PUBLISH = `
  with added as (
    insert into bus.message (event_id, subject, payload, headers)
      select event_id, subject, payload, headers
      from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[]) with ordinality as t(event_id, subject, payload, headers, n)
      order by n on conflict (event_id) do nothing returning seq, event_id, subject),
  fanned as (
    insert into bus.delivery (durable, seq)
      select c.durable, a.seq from added a join bus.consumer c on c.subject = a.subject)
  select event_id, seq from added
  union all select event_id, seq from bus.message where event_id = any($1::uuid[])`;
