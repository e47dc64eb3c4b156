import { type EntityManager } from 'typeorm';
import { backOffMs } from './back-off';
import { fromHeaders, type Envelope } from './envelope';
import { type ServiceDatabase } from './service-database';
import { type BusLog, type Receipt, type Transport } from './transport';
import { WakeSignal } from './wake-signal';

const BATCH = 500;
/** Only the safety net: every commit with events wakes the relay itself. */
const POLL_MS = 5_000;
const LINEAGE_CHECK_MS = 15_000;

interface OutboxRow {
  id: string;
  payload: string;
  headers: Record<string, string>;
}

/** Carries committed events from a service's outbox to the transport, and marks each after the transport has it. */
export class OutboxRelay {
  private readonly signal = new WakeSignal();
  private stopped = false;
  private running: Promise<void> = Promise.resolve();
  private lineageDue = true;
  private lineageTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: ServiceDatabase,
    private readonly transport: Transport,
    private readonly log: BusLog,
  ) {}

  start(): void {
    this.database.onEventsCommitted(() => this.signal.wake());
    const checkLineage = (): void => {
      this.lineageDue = true;
      this.signal.wake();
    };
    this.transport.onReconnect(checkLineage);
    this.lineageTimer = setInterval(checkLineage, LINEAGE_CHECK_MS).unref();
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.lineageTimer);
    this.signal.wake();
    await this.running;
  }

  /**
   * Publishes again everything committed since `since`, for a transport that lost its store without telling.
   * @returns how many events
   */
  async republishSince(since: Date): Promise<number> {
    const rows = await this.database.query<{ n: string }>(
      `with again as (update outbox set published_at = null, not_before = now()
        where created_at >= $1 and published_at is not null returning 1) select count(*) as n from again`,
      [since],
    );
    this.signal.wake();
    return Number(rows[0]?.n ?? 0);
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopped) {
      try {
        if (this.lineageDue) await this.refillWhenStoreChanged();
        const published = await this.publishBatch();
        failures = 0;
        if (published < BATCH && !this.stopped) await this.signal.wait(POLL_MS);
      } catch (error) {
        failures += 1;
        // The first failure of a pool that is closing down is no news.
        if (this.stopped) return;
        this.log.warn('outbox: publishing failed, will try again', {
          service: this.database.service,
          failures,
          error: String(error),
        });
        await this.signal.wait(Math.min(backOffMs(failures) / 4, 10_000));
      }
    }
  }

  private async publishBatch(): Promise<number> {
    return this.database.dataSource.transaction(async (db) => {
      const rows = await db.query<OutboxRow[]>(
        `select id, payload, headers from outbox where published_at is null and not_before <= now()
         order by id limit ${BATCH} for update skip locked`,
      );
      if (rows.length === 0) return 0;
      const receipts = await this.transport.publish(rows.map(toEnvelope));
      await this.markPublished(db, rows, receipts);
      return rows.length;
    });
  }

  private async markPublished(db: EntityManager, rows: OutboxRow[], receipts: readonly Receipt[]): Promise<void> {
    // A mark that is lost in a crash only publishes once more, and the inboxes know the event: no need to wait for the disk.
    await db.query('set local synchronous_commit = off');
    await db.query(
      `update outbox o set published_at = now(), attempts = attempts + 1, stream_lineage = r.lineage, stream_seq = r.seq
       from unnest($1::bigint[], $2::text[], $3::bigint[]) as r(id, lineage, seq) where o.id = r.id`,
      [
        rows.map((row) => row.id),
        receipts.map((receipt) => receipt.lineage),
        receipts.map((receipt) => receipt.sequence),
      ],
    );
  }

  /**
   * A store that was wiped or rolled back lacks events that it had confirmed: they are published again. Rows are kept
   * for 14 days for this, which makes the transport disposable.
   */
  private async refillWhenStoreChanged(): Promise<void> {
    await this.transport.ready();
    const lineage = await this.transport.lineage();
    const rows = await this.database.query<{ n: string }>(
      `with again as (update outbox set published_at = null, not_before = now()
        where published_at is not null and (stream_lineage < $1 or stream_lineage > $1
          or (stream_lineage = $1 and stream_seq > $2)) returning 1)
       select count(*) as n from again`,
      [lineage.id, lineage.lastSequence],
    );
    this.lineageDue = false;
    const again = Number(rows[0]?.n ?? 0);
    if (again > 0) {
      this.log.warn('outbox: the transport lost events it had confirmed; publishing them again', {
        service: this.database.service,
        events: again,
      });
    }
  }
}

function toEnvelope(row: OutboxRow): Envelope {
  const attributes = fromHeaders((name) => row.headers[name]);
  if (attributes === null) throw new Error(`outbox row ${row.id} has no event attributes`);
  return { attributes, payload: row.payload };
}
