import { type Pool } from 'pg';
import { type BusLog } from '../transport';
import { CHANNEL } from './schema';

/** Names one delivery: the consumer and the message. */
export interface DeliveryKey {
  readonly durable: string;
  readonly seq: string;
}

interface PutOff extends DeliveryKey {
  readonly seconds: number;
  /** 1 when it was never begun and must not count as a delivery. */
  readonly uncount: 0 | 1;
}

const RETRY_MS = 250;
/** Nobody waits for an ack, and statements cost more than what they carry. */
const GATHER_MS = 5;

/** Writes down how deliveries ended. What gathers while one statement runs goes together in the next. */
export class Settlements {
  private acks: DeliveryKey[] = [];
  private putOffs: PutOff[] = [];
  private flushing: Promise<void> | null = null;
  private waiting: (() => void)[] = [];
  private closed = false;

  /** @param onPutOff called with the delay when a delivery is due again after it */
  constructor(
    private readonly pool: Pool,
    private readonly log: BusLog,
    private readonly onPutOff: (delayMs: number) => void,
  ) {}

  ack(key: DeliveryKey): void {
    this.acks.push(key);
    this.start();
  }

  putOff(key: DeliveryKey, delayMs: number): void {
    this.putOffs.push({ ...key, seconds: Math.max(0, delayMs) / 1000, uncount: 0 });
    this.start();
  }

  giveBack(key: DeliveryKey): void {
    this.putOffs.push({ ...key, seconds: 0, uncount: 1 });
    this.start();
  }

  /** Resolves when everything so far is written, or could not be written now. */
  async settled(): Promise<void> {
    if (this.flushing !== null) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Tries no longer. */
  async close(): Promise<void> {
    this.closed = true;
    await this.flushing;
  }

  private start(): void {
    this.flushing ??= this.flush();
  }

  private async flush(): Promise<void> {
    while (this.acks.length + this.putOffs.length > 0) {
      if (!this.closed) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
      const [acks, putOffs] = [this.acks, this.putOffs];
      [this.acks, this.putOffs] = [[], []];
      try {
        await this.write(acks, putOffs);
      } catch (error) {
        const fields = { deliveries: acks.length + putOffs.length, error: String(error) };
        this.log.warn('bus: could not write down how deliveries ended', fields);
        // Lost for good they only come again when their lease is over: the inbox knows the event.
        if (this.closed) break;
        this.acks.unshift(...acks);
        this.putOffs.unshift(...putOffs);
        this.tell();
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    this.flushing = null;
    this.tell();
  }

  private tell(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private async write(acks: readonly DeliveryKey[], putOffs: readonly PutOff[]): Promise<void> {
    if (acks.length > 0)
      await this.pool.query({
        name: 'ack',
        text: `delete from bus.delivery d using unnest($1::text[], $2::bigint[]) as a(durable, seq)
               where d.durable = a.durable and d.seq = a.seq`,
        values: [acks.map((ack) => ack.durable), acks.map((ack) => ack.seq)],
      });
    if (putOffs.length === 0) return;
    await this.pool.query({
      name: 'put-off',
      text: `update bus.delivery d
             set available_at = now() + make_interval(secs => p.seconds), deliveries = deliveries - p.uncount, owner = null
             from unnest($1::text[], $2::bigint[], $3::float8[], $4::int[]) as p(durable, seq, seconds, uncount)
             where d.durable = p.durable and d.seq = p.seq`,
      values: [
        putOffs.map((putOff) => putOff.durable),
        putOffs.map((putOff) => putOff.seq),
        putOffs.map((putOff) => putOff.seconds),
        putOffs.map((putOff) => putOff.uncount),
      ],
    });
    for (const delay of new Set(putOffs.map((putOff) => putOff.seconds))) this.onPutOff(delay * 1000);
    // What was given back is for the other processes.
    if (putOffs.some((putOff) => putOff.uncount === 1)) await this.pool.query(`notify ${CHANNEL}`);
  }
}
