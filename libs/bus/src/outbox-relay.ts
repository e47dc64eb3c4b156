import { type EntityManager } from 'typeorm';
import { backOffMs } from './back-off';
import { fromHeaders, type Envelope } from './envelope';
import { OutboxRefill } from './outbox-refill';
import { type ServiceDatabase } from './service-database';
import { storable } from './storable-text';
import { AnotherSession, type BusLog, type Receipt, RefusedEvent, type Transport } from './transport';
import { WakeSignal } from './wake-signal';

const BATCH = 100;
const LONGEST_PAUSE_MS = 10_000;
const LONGEST_ERROR = 1_000;

export interface RelayOptions {
  /** Only the safety net: every commit with events wakes the relay itself. */
  readonly pollMs?: number;
  /** How often the transport is asked whether it still has what it confirmed; also at every reconnect. */
  readonly lineageCheckMs?: number;
}

interface OutboxRow {
  id: string;
  event_id: string;
  payload: string;
  headers: Record<string, string>;
}

/** Carries committed events from a service's outbox to the transport, and marks each after the transport has it. */
export class OutboxRelay {
  private readonly signal = new WakeSignal();
  private readonly refill: OutboxRefill;
  private readonly pollMs: number;
  private readonly lineageCheckMs: number;
  private lineageDue = true;
  /** In which everything that is marked as published is known to be there. */
  private session: number | null = null;
  private lineageTimer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private endWaiting: () => void = () => undefined;
  private readonly stopping = new Promise<void>((resolve) => (this.endWaiting = resolve));

  constructor(
    private readonly database: ServiceDatabase,
    private readonly transport: Transport,
    private readonly log: BusLog,
    { pollMs = 5_000, lineageCheckMs = 15_000 }: RelayOptions = {},
  ) {
    this.refill = new OutboxRefill(database, transport, log);
    this.pollMs = pollMs;
    this.lineageCheckMs = lineageCheckMs;
  }

  start(): void {
    this.database.onEventsCommitted(() => this.signal.wake());
    const checkLineage = (): void => {
      this.lineageDue = true;
      this.signal.wake();
    };
    this.transport.onReconnect(checkLineage);
    this.lineageTimer = setInterval(checkLineage, this.lineageCheckMs).unref();
    this.running = this.run();
  }

  /** What was committed before is published first, if the transport is there. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.lineageTimer);
    this.endWaiting();
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
    await Promise.race([this.transport.ready(), this.stopping]).catch(() => undefined);
    for (let failures = 0; !this.stopped;) {
      try {
        if (this.lineageDue) {
          this.lineageDue = false;
          this.session = (await this.refill.check()).session;
        }
        const published = await this.publishBatch();
        failures = 0;
        if (published < BATCH && !this.stopped) await this.signal.wait(this.pollMs);
      } catch (error) {
        this.lineageDue = true;
        if (this.stopped) return;
        if (error instanceof AnotherSession) continue;
        failures += 1;
        const fields = { service: this.database.service, failures, error: String(error) };
        this.log.warn('outbox: publishing failed, will try again', fields);
        await this.signal.wait(Math.min(backOffMs(failures) / 4, LONGEST_PAUSE_MS));
      }
    }
    if (this.transport.health().ok) await this.publishBatch().catch(() => undefined);
  }

  /**
   * Row locks keep the relay of another process from publishing the same rows; it takes others.
   * @returns how many rows it took
   */
  private async publishBatch(): Promise<number> {
    return this.database.dataSource.transaction(async (db) => {
      const rows = await db.query<OutboxRow[]>(
        `select id, event_id, payload, headers from outbox where published_at is null and not_before <= now()
         order by id limit ${BATCH} for update skip locked`,
      );
      if (rows.length === 0) return 0;
      try {
        await this.markPublished(db, rows, await this.transport.publish(rows.map(toEnvelope), this.session));
        return rows.length;
      } catch (error) {
        if (!(error instanceof RefusedEvent)) throw error;
        await this.putOff(db, error);
        return BATCH;
      }
    });
  }

  /** A mark that a crash loses only publishes once more, and the inboxes know the event: no need to wait for the disk. */
  private async markPublished(db: EntityManager, rows: OutboxRow[], receipts: readonly Receipt[]): Promise<void> {
    await db.query(
      `update outbox o
       set published_at = now(), attempts = attempts + 1, last_error = null, stream_lineage = r.lineage, stream_seq = r.seq
       from unnest($1::bigint[], $2::text[], $3::bigint[]) as r(id, lineage, seq)
         cross join (select set_config('synchronous_commit', 'off', true)) as relaxed
       where o.id = r.id`,
      [
        rows.map((row) => row.id),
        receipts.map((receipt) => receipt.lineage),
        receipts.map((receipt) => receipt.sequence),
      ],
    );
  }

  /** Never deleted: it is tried again from time to time, in case the transport's limits are raised. */
  private async putOff(db: EntityManager, refused: RefusedEvent): Promise<void> {
    const [row] = await db.query<{ attempts: number }[]>('select attempts from outbox where event_id = $1', [
      refused.eventId,
    ]);
    const delayMs = backOffMs((row?.attempts ?? 0) + 4);
    await db.query(
      `update outbox set attempts = attempts + 1, last_error = $2, not_before = now() + make_interval(secs => $3)
       where event_id = $1`,
      [refused.eventId, storable(refused.message, LONGEST_ERROR), delayMs / 1000],
    );
    this.log.error('outbox: an event cannot be published', {
      service: this.database.service,
      eventId: refused.eventId,
      error: refused.message,
    });
  }
}

function toEnvelope(row: OutboxRow): Envelope {
  const attributes = fromHeaders((name) => row.headers[name]);
  if (attributes === null) throw new RefusedEvent(row.event_id, 'its headers lack the attributes of an event');
  return { attributes, payload: row.payload };
}
