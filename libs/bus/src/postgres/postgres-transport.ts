import { randomInt } from 'node:crypto';
import { type Pool } from 'pg';
import { type Envelope } from '../envelope';
import { type Observer, Observers } from '../observers';
import {
  AnotherSession,
  type BusLog,
  type Lineage,
  type Lying,
  type Receipt,
  type Running,
  type Subscription,
  type Transport,
} from '../transport';
import { busPool } from './bus-pool';
import { DeliveryPump, type PumpOptions } from './delivery-pump';
import { Listener } from './listener';
import { MessageWatch } from './message-watch';
import { isSchemaMissing, PostgresStore } from './store';

const CLEAN_UP_MS = 3_600_000;
/** Messages without an open delivery are kept this long for consumers that come later. */
const RETENTION_DAYS = 30;

export interface PostgresTransportOptions extends Partial<PumpOptions> {
  /** After which a connection that says nothing counts as broken. */
  readonly silenceMs?: number;
  readonly cleanUpMs?: number;
}

/** The bus on the PostgreSQL that is there anyway: a table of messages, and a row for each delivery that is open. */
export class PostgresTransport implements Transport {
  readonly kind = 'postgres';
  private readonly owner = randomInt(1, 2 ** 31 - 1);
  private readonly store: PostgresStore;
  private readonly claims: Pool;
  private readonly pump: DeliveryPump;
  private readonly watch: MessageWatch;
  private readonly listener: Listener;
  private readonly reconnected: (() => void)[] = [];
  private readonly cleanUpMs: number;
  private connected: Promise<void> | null = null;
  private problem = 'not connected yet';
  private cleanUp: NodeJS.Timeout | undefined;
  private closed = false;
  private closing: Promise<void> | null = null;

  constructor(
    url: string,
    private readonly log: BusLog,
    options: PostgresTransportOptions = {},
  ) {
    const { pollMs = 5_000, leaseMs = 15_000, silenceMs = 20_000, cleanUpMs = CLEAN_UP_MS } = options;
    this.cleanUpMs = cleanUpMs;
    this.store = new PostgresStore(url, silenceMs, log);
    // A claim or an ack that a crash of the server loses only delivers once more: no need to wait for the disk.
    this.claims = busPool(url, 2, ['synchronous_commit=off'], silenceMs, log);
    this.pump = new DeliveryPump(this.claims, this.owner, { pollMs, leaseMs }, log, (error) => this.mend(error));
    this.watch = new MessageWatch(this.claims, new Observers(log), log, (error) => this.mend(error));
    this.listener = new Listener(
      url,
      this.owner,
      () => this.wake(),
      () => this.restore(),
      silenceMs,
      log,
    );
  }

  ready(): Promise<void> {
    this.connected ??= this.connect();
    return this.connected;
  }

  health(): { ok: boolean; detail: string } {
    return this.listener.session !== null ? { ok: true, detail: 'connected' } : { ok: false, detail: this.problem };
  }

  async publish(batch: readonly Envelope[], session: number | null = null): Promise<readonly Receipt[]> {
    await this.ready();
    const isOver = (): boolean => session !== null && session !== this.listener.session;
    if (isOver()) throw new AnotherSession();
    try {
      const lineage = this.store.id;
      const offer = this.pump.offer(batch);
      const events = await this.store.publish(batch, offer);
      this.pump.published(offer, events);
      this.watch.wake();
      if (isOver()) throw new AnotherSession();
      return events.map(({ seq }) => ({ lineage, sequence: Number(seq) }));
    } catch (error) {
      await this.mend(error);
      throw error;
    }
  }

  async lineage(): Promise<Lineage> {
    await this.ready();
    const { session } = this.listener;
    if (session === null) throw new Error(this.problem);
    try {
      return { ...(await this.store.lineage()), session };
    } catch (error) {
      await this.mend(error);
      return { ...(await this.store.lineage()), session };
    }
  }

  async holds(sequence: number, eventId: string): Promise<boolean> {
    await this.ready();
    return this.store.holds(sequence, eventId);
  }

  onReconnect(listener: () => void): void {
    this.reconnected.push(listener);
  }

  async subscribe(subscription: Subscription): Promise<Running> {
    await this.ready();
    await this.store.register(subscription);
    return this.pump.add(subscription);
  }

  async forget(durable: string): Promise<void> {
    await this.ready();
    await this.store.unregister(durable);
  }

  async forgetAll(service: string): Promise<number> {
    await this.ready();
    const durables = await this.store.durablesOf(service);
    for (const durable of durables) await this.store.unregister(durable);
    return durables.length;
  }

  async next(subject: string, after: number): Promise<Lying | null> {
    await this.ready();
    return this.store.next(subject, after);
  }

  async backlog(durables: readonly string[]): Promise<ReadonlyMap<string, number>> {
    await this.ready();
    return this.store.open(durables);
  }

  async observe(observer: Observer): Promise<Running> {
    await this.ready();
    return this.watch.add(observer);
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    this.closed = true;
    clearInterval(this.cleanUp);
    await Promise.all([this.pump.close(), this.watch.close()]);
    await this.listener.close();
    await Promise.all([this.store.close(), this.claims.end()]);
  }

  private async connect(): Promise<void> {
    for (let attempt = 1; !this.closed; attempt += 1) {
      try {
        await this.store.prepare();
        await this.listener.open();
        this.problem = 'PostgreSQL of the bus: the connection broke and is not back yet';
        this.cleanUp = setInterval(() => void this.removeOldMessages(), this.cleanUpMs).unref();
        return;
      } catch (error) {
        this.problem = `PostgreSQL of the bus: ${error instanceof Error ? error.message : String(error)}`;
        if (attempt % 10 === 1) this.log.warn('bus: cannot connect yet', { error: this.problem, attempt });
        await new Promise((resolve) => setTimeout(resolve, Math.min(100 * attempt, 2000)));
      }
    }
    throw new Error('the bus was closed before it connected');
  }

  private wake(): void {
    this.pump.wake();
    this.watch.wake();
  }

  /** The server came back, perhaps with an older database or none: what this process needs is made again. */
  private async restore(): Promise<void> {
    await this.store.prepare();
    for (const subscription of this.pump.subscriptions) await this.store.register(subscription);
    this.pump.wake();
    this.watch.restart();
    for (const listener of this.reconnected) listener();
  }

  private async mend(error: unknown): Promise<void> {
    if (!isSchemaMissing(error) || this.closed) return;
    this.log.error('bus: its tables are gone; making them again', { error: String(error) });
    await this.restore().catch((problem: unknown) => this.log.warn('bus: could not', { error: String(problem) }));
  }

  private async removeOldMessages(): Promise<void> {
    try {
      const durables = this.pump.subscriptions.map((subscription) => subscription.durable);
      await this.store.cleanUp(durables, RETENTION_DAYS);
    } catch (error) {
      this.log.warn('bus: could not remove old messages', { error: String(error) });
    }
  }
}
