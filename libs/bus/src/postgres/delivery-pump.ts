import { type Pool } from 'pg';
import { fromHeaders } from '../envelope';
import { type BusLog, type Incoming, type Running, type Subscription } from '../transport';
import { WakeSignal } from '../wake-signal';
import { LEASE_SECONDS } from './schema';

/** Only the safety net: a publish wakes the pump, in process or by NOTIFY. */
const POLL_MS = 5_000;
/** How many deliveries are taken ahead for each one that may be in hand. */
const AHEAD = 8;

interface Claimed {
  durable: string;
  seq: string;
  deliveries: number;
  subject: string;
  payload: string;
  headers: Record<string, string>;
}

/** A subscription with what was claimed for it. */
class Lane {
  readonly waiting: Claimed[] = [];
  readonly inHand = new Set<Promise<void>>();
  stopped = false;

  constructor(readonly subscription: Subscription) {}

  get free(): number {
    return this.stopped ? 0 : this.subscription.concurrency * AHEAD - this.waiting.length - this.inHand.size;
  }
}

/** Claims the open deliveries of this process's consumers and hands them out; one claim serves all of them. */
export class DeliveryPump {
  private readonly lanes = new Map<string, Lane>();
  private readonly signal = new WakeSignal();
  private readonly acks: { durable: string; seq: string }[] = [];
  private flushing: Promise<void> | null = null;
  private loop: Promise<void> | null = null;
  private closed = false;

  constructor(
    private readonly pool: Pool,
    private readonly log: BusLog,
  ) {}

  wake(): void {
    this.signal.wake();
  }

  add(subscription: Subscription): Running {
    if (this.lanes.has(subscription.durable))
      throw new Error(`${subscription.durable} is subscribed twice in this process`);
    const lane = new Lane(subscription);
    this.lanes.set(subscription.durable, lane);
    this.loop ??= this.run();
    this.signal.wake();
    return { stop: () => this.remove(lane) };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.signal.wake();
    await Promise.all([...this.lanes.values()].map((lane) => this.remove(lane)));
    await this.loop;
    await this.flushing;
  }

  private async remove(lane: Lane): Promise<void> {
    lane.stopped = true;
    const handBack = lane.waiting.splice(0);
    await Promise.all([...lane.inHand]);
    this.lanes.delete(lane.subscription.durable);
    if (handBack.length > 0)
      await this.putOff(
        lane.subscription.durable,
        handBack.map((claimed) => claimed.seq),
        0,
      );
  }

  private async run(): Promise<void> {
    while (!this.closed) {
      try {
        const more = await this.claim();
        if (!more) await this.signal.wait(POLL_MS);
      } catch (error) {
        if (this.closed) return;
        this.log.warn('bus: could not claim deliveries, will try again', { error: String(error) });
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  /** @returns whether there may be more that could be handed out at once */
  private async claim(): Promise<boolean> {
    const open = [...this.lanes.values()].filter((lane) => lane.free > 0);
    if (open.length === 0) return false;
    const free = open.map((lane) => lane.free);
    const { rows } = await this.pool.query<Claimed>(CLAIM, [
      open.map((lane) => lane.subscription.durable),
      free,
      LEASE_SECONDS,
    ]);
    // The order of an UPDATE's RETURNING is not that of its subquery.
    rows.sort((a, b) => Number(a.seq) - Number(b.seq));
    for (const claimed of rows) this.lanes.get(claimed.durable)?.waiting.push(claimed);
    for (const lane of open) this.handOut(lane);
    return (
      rows.length > 0 &&
      open.some(
        (lane, i) =>
          rows.filter((row) => row.durable === lane.subscription.durable).length === free[i] && lane.free > 0,
      )
    );
  }

  private handOut(lane: Lane): void {
    while (!lane.stopped && lane.inHand.size < lane.subscription.concurrency) {
      const claimed = lane.waiting.shift();
      if (claimed === undefined) return;
      const task: Promise<void> = lane.subscription.receive(this.incoming(claimed)).finally(() => {
        lane.inHand.delete(task);
        this.handOut(lane);
        if (lane.waiting.length === 0) this.signal.wake();
      });
      lane.inHand.add(task);
    }
  }

  private incoming(claimed: Claimed): Incoming {
    return {
      subject: claimed.subject,
      attributes: fromHeaders((name) => claimed.headers[name]),
      payload: Buffer.from(claimed.payload),
      deliveries: claimed.deliveries,
      ack: () => {
        this.acks.push({ durable: claimed.durable, seq: claimed.seq });
        this.flushing ??= this.flush();
      },
      retryAfter: (delayMs) => {
        void this.putOff(claimed.durable, [claimed.seq], delayMs).then(() => {
          setTimeout(() => this.signal.wake(), delayMs + 5).unref();
        });
      },
    };
  }

  /** Acks that gather while one statement runs go together in the next. */
  private async flush(): Promise<void> {
    while (this.acks.length > 0) {
      const batch = this.acks.splice(0);
      try {
        await this.pool.query(
          'delete from bus.delivery d using unnest($1::text[], $2::bigint[]) as a(durable, seq) where d.durable = a.durable and d.seq = a.seq',
          [batch.map((ack) => ack.durable), batch.map((ack) => ack.seq)],
        );
      } catch (error) {
        // The lease runs out and the inbox knows the event.
        this.log.warn('bus: acks were lost, the deliveries will come again', {
          acks: batch.length,
          error: String(error),
        });
      }
    }
    this.flushing = null;
  }

  private async putOff(durable: string, sequences: string[], delayMs: number): Promise<void> {
    try {
      await this.pool.query(
        `update bus.delivery set available_at = now() + make_interval(secs => $3) where durable = $1 and seq = any($2::bigint[])`,
        [durable, sequences, delayMs / 1000],
      );
    } catch (error) {
      this.log.warn('bus: could not put a delivery off; its lease will run out', { durable, error: String(error) });
    }
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
  set available_at = now() + make_interval(secs => $3), deliveries = d.deliveries + 1
  from claimed c join bus.message m on m.seq = c.seq
  where d.durable = c.durable and d.seq = c.seq
  returning d.durable, d.seq, d.deliveries, m.subject, m.payload, m.headers`;
