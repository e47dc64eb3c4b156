import { type EventAttributes } from '@recert/contracts';
import { type Pool } from 'pg';
import { DeliveryLane, type Taken } from '../delivery-lane';
import { fromHeaders, type Envelope } from '../envelope';
import { type BusLog, type Running, type Subscription } from '../transport';
import { WakeSignal } from '../wake-signal';
import { OWNER_LOCK } from './schema';
import { type DeliveryKey, Settlements } from './settlements';
import { type Offer, type StoredEvent } from './store';

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
  readonly attributes: EventAttributes | null;
}

interface ClaimedRow extends Omit<Claimed, 'attributes'> {
  readonly headers: Record<string, string>;
}

interface Leased extends Taken, DeliveryKey {
  leasedAt: number;
}

interface Consumer {
  readonly lane: DeliveryLane<Leased>;
  /** Whether the table may have deliveries for it that are due. */
  due: boolean;
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

  /** Some other process published something, or gave something back. */
  wake(): void {
    for (const consumer of this.consumers.values()) consumer.due = true;
    this.signal.wake();
  }

  add(subscription: Subscription): Running {
    const { durable } = subscription;
    if (this.consumers.has(durable)) throw new Error(`${durable} is subscribed twice in this process`);
    const consumer: Consumer = {
      lane: new DeliveryLane<Leased>(subscription, () => {
        if (consumer.due) this.signal.wake();
      }),
      due: true,
    };
    this.consumers.set(durable, consumer);
    this.orphansCheckedAt = -Infinity;
    this.loop ??= this.run();
    this.leases ??= setInterval(() => void this.extendLeases(), this.options.leaseMs / 3).unref();
    this.signal.wake();
    return { stop: () => this.remove(durable, consumer) };
  }

  /**
   * What is published here is taken here at once, without a claim, by a consumer that has nothing else to take first:
   * so the order is kept.
   */
  offer(batch: readonly Envelope[]): Offer {
    const subjects = new Set(batch.map((envelope) => envelope.attributes.type));
    const room = [...this.consumers]
      .filter(([, { due, lane }]) => !due && lane.free > 0 && subjects.has(lane.subscription.subject))
      .map(([durable, { lane }]) => ({ durable, free: lane.free }));
    return { owner: this.owner, leaseSeconds: this.leaseSeconds, room };
  }

  /** Hands out what was taken of an offer, and looks for what was not. */
  published(offer: Offer, events: readonly StoredEvent[]): void {
    const leasedAt = performance.now();
    const taken = new Map(offer.room.map(({ durable }) => [durable, 0]));
    for (const { envelope, seq, takers } of events) {
      for (const durable of takers) {
        taken.set(durable, (taken.get(durable) ?? 0) + 1);
        const { attributes, payload } = envelope;
        const claimed = { durable, seq, deliveries: 1, subject: attributes.type, payload };
        this.hand({ ...claimed, attributes }, leasedAt);
      }
    }
    const subjects = new Set(events.map(({ envelope }) => envelope.attributes.type));
    for (const [durable, consumer] of this.consumers) {
      const free = offer.room.find((each) => each.durable === durable)?.free;
      const served = free !== undefined && (taken.get(durable) ?? 0) < free;
      if (!served && subjects.has(consumer.lane.subscription.subject)) consumer.due = true;
    }
    if ([...this.consumers.values()].some((consumer) => consumer.due)) this.signal.wake();
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
        if (!(await this.claim()) && !(await this.signal.wait(this.options.pollMs))) this.wake();
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
    const open = [...this.consumers]
      .map(([durable, consumer]) => ({ durable, consumer, free: consumer.lane.free }))
      .filter(({ consumer, free }) => consumer.due && free > 0);
    if (open.length === 0) return false;
    // What is committed after the claim has begun may not be in it: then somebody says so.
    for (const { consumer } of open) consumer.due = false;
    const rows = await this.claimed(
      open.map((each) => each.durable),
      open.map((each) => each.free),
    ).catch((error: unknown) => {
      for (const { consumer } of open) consumer.due = true;
      throw error;
    });
    // The order of an UPDATE's RETURNING is not that of its subquery.
    rows.sort((a, b) => Number(a.seq) - Number(b.seq));
    const leasedAt = performance.now();
    for (const { durable, consumer, free } of open)
      consumer.due ||= rows.filter((row) => row.durable === durable).length === free;
    for (const { headers, ...row } of rows)
      this.hand({ ...row, attributes: fromHeaders((name) => headers[name]) }, leasedAt);
    return open.some(({ consumer }) => consumer.due && consumer.lane.free * 2 >= consumer.lane.capacity);
  }

  private async claimed(durables: readonly string[], free: readonly number[]): Promise<ClaimedRow[]> {
    const values = [durables, free, this.leaseSeconds, this.owner];
    return (await this.pool.query<ClaimedRow>({ name: 'claim', text: CLAIM, values })).rows;
  }

  private hand({ durable, seq, ...delivery }: Claimed, leasedAt: number): void {
    const key: DeliveryKey = { durable, seq };
    const leased: Leased = {
      ...key,
      leasedAt,
      giveBack: () => this.settlements.giveBack(key),
      incoming: {
        ...delivery,
        position: `bus.message ${seq}`,
        payload: Buffer.from(delivery.payload),
        ack: () => this.settlements.ack(key),
        retryAfter: (delayMs) => this.settlements.putOff(key, delayMs),
      },
    };
    const consumer = this.consumers.get(durable);
    if (consumer === undefined) leased.giveBack();
    else consumer.lane.take(leased);
  }

  private get leaseSeconds(): number {
    return this.options.leaseMs / 1000;
  }

  private wakeAfter(delayMs: number): void {
    setTimeout(() => this.wake(), Math.min(delayMs + 1, LONGEST_TIMER_MS)).unref();
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
