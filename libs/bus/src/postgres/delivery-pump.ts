import { type Pool } from 'pg';
import { DeliveryLane, type Taken } from '../delivery-lane';
import { fromHeaders } from '../envelope';
import { type BusLog, type Running, type Subscription } from '../transport';
import { WakeSignal } from '../wake-signal';
import { OWNER_LOCK } from './schema';
import { type DeliveryKey, Settlements } from './settlements';
import { boundedTime } from './store';

export interface PumpOptions {
  /** Only the safety net: a publish wakes the pump, in process or by NOTIFY. */
  readonly pollMs: number;
  /** A delivery whose process is gone or hangs is delivered again after this long. */
  readonly leaseMs: number;
}

interface Claimed extends DeliveryKey {
  readonly deliveries: number;
  readonly subject: string;
  readonly payload: string;
  readonly headers: Record<string, string>;
}

interface Leased extends Taken, DeliveryKey {
  leasedAt: number;
}

interface Consumer {
  readonly lane: DeliveryLane<Leased>;
  /** The last claim gave all that was asked for, so there may be more. */
  more: boolean;
}

const FAILURE_PAUSE_MS = 250;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Claims the open deliveries of this process's consumers and hands them out; one claim serves all of them. */
export class DeliveryPump {
  private readonly consumers = new Map<string, Consumer>();
  private readonly signal = new WakeSignal();
  private readonly settlements: Settlements;
  private loop: Promise<void> | null = null;
  private orphansCheckedAt = -Infinity;
  private leases: NodeJS.Timeout | undefined;
  private closed = false;

  /**
   * @param owner this process's number, on which it holds a lock while it lives
   * @param onFailure told when a claim failed
   */
  constructor(
    private readonly pool: Pool,
    private readonly owner: number,
    private readonly options: PumpOptions,
    private readonly log: BusLog,
    private readonly onFailure: (error: unknown) => Promise<void>,
  ) {
    this.settlements = new Settlements(pool, log, (delayMs) => this.wakeAfter(delayMs));
  }

  /** The names of the durables that are consumed here. */
  get subscriptions(): Subscription[] {
    return [...this.consumers.values()].map((consumer) => consumer.lane.subscription);
  }

  wake(): void {
    this.signal.wake();
  }

  add(subscription: Subscription): Running {
    const { durable } = subscription;
    if (this.consumers.has(durable)) throw new Error(`${durable} is subscribed twice in this process`);
    const consumer: Consumer = {
      lane: new DeliveryLane<Leased>(subscription, () => {
        if (consumer.more) this.signal.wake();
      }),
      more: true,
    };
    this.consumers.set(durable, consumer);
    this.orphansCheckedAt = -Infinity;
    this.loop ??= this.run();
    this.leases ??= setInterval(() => void this.extendLeases(), this.options.leaseMs / 3).unref();
    this.signal.wake();
    return { stop: () => this.remove(durable, consumer) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.consumers].map(([durable, consumer]) => this.remove(durable, consumer)));
    this.closed = true;
    clearInterval(this.leases);
    this.signal.wake();
    await this.loop;
    await this.settlements.close();
  }

  private async remove(durable: string, consumer: Consumer): Promise<void> {
    await consumer.lane.stop();
    this.consumers.delete(durable);
    await this.settlements.settled();
  }

  private async run(): Promise<void> {
    while (!this.closed) {
      try {
        await this.releaseOrphans();
        if (!(await this.claim())) await this.signal.wait(this.options.pollMs);
      } catch (error) {
        if (this.closed) return;
        this.log.warn('bus: could not claim deliveries, will try again', { error: String(error) });
        await new Promise((resolve) => setTimeout(resolve, FAILURE_PAUSE_MS));
        await this.onFailure(error);
      }
    }
  }

  /** @returns whether there may be more that could be handed out at once */
  private async claim(): Promise<boolean> {
    const open = [...this.consumers.entries()]
      .map(([durable, consumer]) => ({ durable, consumer, free: consumer.lane.free }))
      .filter(({ free }) => free > 0);
    if (open.length === 0) return false;
    const { rows } = await this.pool.query<Claimed>({
      name: 'claim',
      text: CLAIM,
      values: [open.map((each) => each.durable), open.map((each) => each.free), this.leaseSeconds, this.owner],
      ...boundedTime,
    });
    // The order of an UPDATE's RETURNING is not that of its subquery.
    rows.sort((a, b) => Number(a.seq) - Number(b.seq));
    const leasedAt = performance.now();
    for (const { durable, consumer, free } of open) {
      const claimed = rows.filter((row) => row.durable === durable);
      consumer.more = claimed.length === free;
      for (const row of claimed) consumer.lane.take(this.leased(row, leasedAt));
    }
    return open.some(({ consumer }) => consumer.more && consumer.lane.free * 2 >= consumer.lane.capacity);
  }

  private leased(claimed: Claimed, leasedAt: number): Leased {
    const key: DeliveryKey = { durable: claimed.durable, seq: claimed.seq };
    return {
      ...key,
      leasedAt,
      giveBack: () => this.settlements.giveBack(key),
      incoming: {
        subject: claimed.subject,
        position: `bus.message ${claimed.seq}`,
        attributes: fromHeaders((name) => claimed.headers[name]),
        payload: Buffer.from(claimed.payload),
        deliveries: claimed.deliveries,
        ack: () => this.settlements.ack(key),
        retryAfter: (delayMs) => this.settlements.putOff(key, delayMs),
      },
    };
  }

  private get leaseSeconds(): number {
    return this.options.leaseMs / 1000;
  }

  private wakeAfter(delayMs: number): void {
    setTimeout(() => this.signal.wake(), Math.min(delayMs + 1, LONGEST_TIMER_MS)).unref();
  }

  /** A handler may take longer than a lease: what is held here is kept for as long as this process lives. */
  private async extendLeases(): Promise<void> {
    const now = performance.now();
    const held = [...this.consumers.values()].flatMap((consumer) => consumer.lane.held);
    const due = held.filter((each) => now - each.leasedAt >= this.options.leaseMs / 3);
    if (due.length === 0) return;
    try {
      await this.pool.query({
        text: EXTEND,
        values: [due.map((each) => each.durable), due.map((each) => each.seq), this.leaseSeconds, this.owner],
        ...boundedTime,
      });
      for (const each of due) each.leasedAt = now;
    } catch (error) {
      this.log.warn('bus: could not extend leases', { deliveries: due.length, error: String(error) });
    }
  }

  /** What a killed process held need not wait for its lease: its lock went with its connection. */
  private async releaseOrphans(): Promise<void> {
    if (performance.now() - this.orphansCheckedAt < this.options.pollMs) return;
    this.orphansCheckedAt = performance.now();
    await this.pool.query({
      text: RELEASE_ORPHANS,
      values: [[...this.consumers.keys()], this.owner],
      ...boundedTime,
    });
  }
}

const CLAIM = `
  with claimed as (
    select d.durable, d.seq
    from unnest($1::text[], $2::int[]) as want(durable, free)
    cross join lateral (
      select durable, seq from bus.delivery
      where durable = want.durable and available_at <= now()
      order by available_at, seq limit want.free for update skip locked) d)
  update bus.delivery d
  set available_at = now() + make_interval(secs => $3), deliveries = d.deliveries + 1, owner = $4
  from claimed c join bus.message m on m.seq = c.seq
  where d.durable = c.durable and d.seq = c.seq
  returning d.durable, d.seq, d.deliveries, m.subject, m.payload, m.headers`;

const EXTEND = `
  update bus.delivery d set available_at = now() + make_interval(secs => $3)
  from unnest($1::text[], $2::bigint[]) as held(durable, seq)
  where d.durable = held.durable and d.seq = held.seq and d.owner = $4`;

const RELEASE_ORPHANS = `
  update bus.delivery set available_at = now(), owner = null
  where durable = any($1) and available_at > now() and owner <> $2 and owner not in (
    select objid::int from pg_locks
    where locktype = 'advisory' and classid = ${OWNER_LOCK} and objsubid = 2 and granted
      and database = (select oid from pg_database where datname = current_database()))`;
