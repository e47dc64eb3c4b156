import { backOffMs } from './back-off';
import { type Envelope } from './envelope';
import { Outbox, type Published } from './outbox';
import { OutboxRefill } from './outbox-refill';
import { type ServiceDatabase } from './service-database';
import { type Tx } from './transaction';
import { AnotherSession, type BusLog, RefusedEvent, type Transport } from './transport';
import { WakeSignal } from './wake-signal';

const BATCH = 100;
/** More than this is read from the outbox again rather than kept in memory. */
const MOST_FRESH = 2_000;
const LONGEST_PAUSE_MS = 10_000;

export interface RelayOptions {
  /** Only the safety net: every commit with events wakes the relay itself. */
  readonly pollMs?: number;
  /** How often the transport is asked whether it still has what it confirmed; also at every reconnect. */
  readonly lineageCheckMs?: number;
}

/**
 * Carries committed events from a service's outbox to the transport, and marks each after the transport has it. What
 * this process commits goes there straight from memory; the table is read when it starts, after a failure, and now and
 * then for what a process that died left behind.
 */
export class OutboxRelay {
  private readonly signal = new WakeSignal();
  private readonly outbox: Outbox;
  private readonly refill: OutboxRefill;
  private readonly pollMs: number;
  private readonly lineageCheckMs: number;
  private readonly fresh = new Map<string, Envelope>();
  private marks: Published[] = [];
  private marking: Promise<void> | null = null;
  private sweepDue = true;
  private lineageDue = true;
  /** In which everything that is marked as published is known to be there. */
  private session: number | null = null;
  private lineageTimer: NodeJS.Timeout | undefined;
  private unlisten: () => void = () => undefined;
  private spared: string | null = null;
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
    this.outbox = new Outbox(database);
    this.refill = new OutboxRefill(database, transport, log);
    this.pollMs = pollMs;
    this.lineageCheckMs = lineageCheckMs;
  }

  start(): void {
    this.unlisten = this.database.onEventsCommitted((events) => this.offer(events));
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
    this.unlisten();
  }

  /** What lies in this other store is not lost: the bus is being switched from there, and it is emptied. */
  spare(lineage: string | null): void {
    if (lineage === this.spared) return;
    this.spared = lineage;
    this.lineageDue = true;
    this.signal.wake();
  }

  /**
   * Publishes again everything committed since `since`, for a transport that lost its store without telling.
   * @param tx in which it becomes true; else at once
   * @returns how many events
   */
  async republishSince(since: Date, tx?: Tx): Promise<number> {
    const events = await this.outbox.publishAgainSince(since, tx?.db);
    const begin = (): void => this.sweepSoon();
    if (tx === undefined) begin();
    else tx.afterCommit(begin);
    return events;
  }

  /** The table has something to publish that this process was not told of. */
  sweepSoon(): void {
    this.sweepDue = true;
    this.signal.wake();
  }

  private offer(events: readonly Envelope[]): void {
    if (this.fresh.size + events.length <= MOST_FRESH)
      for (const event of events) this.fresh.set(event.attributes.id, event);
    else this.sweepDue = true;
    this.signal.wake();
  }

  private async run(): Promise<void> {
    await Promise.race([this.transport.ready(), this.stopping]).catch(() => undefined);
    for (let failures = 0; !this.stopped;) {
      try {
        await this.step();
        failures = 0;
      } catch (error) {
        this.sweepDue = true;
        this.lineageDue = true;
        if (this.stopped) break;
        if (error instanceof AnotherSession) continue;
        failures += 1;
        const fields = { service: this.database.service, failures, error: String(error) };
        this.log.warn('outbox: publishing failed, will try again', fields);
        await this.signal.wait(Math.min(backOffMs(failures) / 4, LONGEST_PAUSE_MS));
      }
    }
    // A backlog is for the next start: only what was committed in these last moments goes out still.
    while (!this.sweepDue && this.fresh.size > 0 && this.transport.health().ok)
      await this.publishFresh().catch(() => (this.sweepDue = true));
    await this.marking;
  }

  private async step(): Promise<void> {
    if (this.lineageDue) {
      this.lineageDue = false;
      await this.marking;
      const { session, again } = await this.refill.check(this.spared);
      this.session = session;
      this.sweepDue ||= again > 0;
    }
    if (this.sweepDue) {
      this.sweepDue = false;
      await this.sweep();
    } else if (this.fresh.size > 0) {
      await this.publishFresh();
    } else if (!(await this.signal.wait(this.pollMs))) {
      this.sweepDue = true;
    }
  }

  /** Publishes everything that the table has. */
  private async sweep(): Promise<void> {
    await this.marking;
    for (let taken = BATCH; taken === BATCH;) {
      const ids = await this.refusing(() =>
        this.outbox.takeBatch(BATCH, (batch) => this.transport.publish(batch, this.session)),
      );
      for (const id of ids ?? []) this.fresh.delete(id);
      taken = ids?.length ?? BATCH;
    }
  }

  private async publishFresh(): Promise<void> {
    const batch = [...this.fresh.values()].slice(0, BATCH);
    const receipts = await this.refusing(() => this.transport.publish(batch, this.session));
    for (const { attributes } of batch) this.fresh.delete(attributes.id);
    if (receipts === null) {
      this.sweepDue = true;
      return;
    }
    this.marks.push(...receipts.map((receipt, i) => ({ eventId: batch[i]!.attributes.id, receipt })));
    this.marking ??= this.writeMarks();
  }

  /** Never rejects: what stays unmarked is published once more, and the inboxes know the event. */
  private async writeMarks(): Promise<void> {
    while (this.marks.length > 0) {
      await this.outbox.mark(this.marks.splice(0)).catch((error: unknown) => {
        this.log.warn('outbox: could not mark', { service: this.database.service, error: String(error) });
        this.sweepDue = true;
      });
    }
    this.marking = null;
  }

  /** @returns null when the transport will never take one of the events, which is put off then */
  private async refusing<T>(publish: () => Promise<T>): Promise<T | null> {
    try {
      return await publish();
    } catch (error) {
      if (!(error instanceof RefusedEvent)) throw error;
      await this.outbox.putOff(error);
      const fields = { service: this.database.service, eventId: error.eventId, error: error.message };
      this.log.error('outbox: an event cannot be published', fields);
      return null;
    }
  }
}
