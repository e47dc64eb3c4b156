import { type Pool } from 'pg';
import { fromHeaders } from '../envelope';
import { type Observer, type Observers } from '../observers';
import { type BusLog, type Running } from '../transport';
import { WakeSignal } from '../wake-signal';

/** Nobody is told of what a publisher took for itself in another process: that is looked for so often. */
const POLL_MS = 1_000;
const FAILURE_PAUSE_MS = 250;
const MOST_AT_ONCE = 200;
const LARGEST_PAYLOAD = 64 * 1024;
/** A number that was left out is of a transaction that has not committed yet, or of none. */
const LEFT_OUT_MS = 10_000;
const MOST_LEFT_OUT = 1_000;

interface Row {
  readonly seq: string;
  readonly subject: string;
  readonly headers: Record<string, string>;
  /** Null when it is too large to be shown. */
  readonly payload: string | null;
}

/** Reads the messages that are new, while somebody observes. */
export class MessageWatch {
  private readonly signal = new WakeSignal();
  private loop: Promise<void> | null = null;
  /** The newest message that was there at the last look; null to begin with the next one. */
  private newest: number | null = null;
  /** Numbers below it that were not there, with when that was seen. */
  private leftOut = new Map<number, number>();
  /** Counts the beginnings, so that a look that was under way at one is not believed. */
  private era = 0;
  private closed = false;

  /** @param onFailure told when a look failed */
  constructor(
    private readonly pool: Pool,
    private readonly observers: Observers,
    private readonly log: BusLog,
    private readonly onFailure: (error: unknown) => Promise<void>,
  ) {}

  /** Something was published, here or elsewhere. */
  wake(): void {
    if (this.observers.some) this.signal.wake();
  }

  /** The store may be another one: goes on with what comes from now on. */
  restart(): void {
    this.newest = null;
    this.era += 1;
    this.observers.passedOver(null);
    this.wake();
  }

  /** Resolves when it is known where to begin. */
  async add(observer: Observer): Promise<Running> {
    if (!this.observers.some) {
      this.newest = null;
      this.era += 1;
      await this.begin();
    }
    const end = this.observers.add(observer);
    this.start();
    return {
      stop: async () => {
        end();
        if (this.observers.some) return;
        this.signal.wake();
        await this.loop;
      },
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.signal.wake();
    await this.loop;
  }

  private start(): void {
    if (this.closed || !this.observers.some) return;
    this.loop ??= this.run().finally(() => {
      this.loop = null;
      this.start();
    });
  }

  private async run(): Promise<void> {
    while (!this.closed && this.observers.some) {
      try {
        if (this.newest === null) await this.begin();
        else await this.look(this.newest);
        await this.signal.wait(POLL_MS);
      } catch (error) {
        if (this.closed) return;
        this.log.warn('bus: could not observe, will try again', { error: String(error) });
        await new Promise((resolve) => setTimeout(resolve, FAILURE_PAUSE_MS));
        await this.onFailure(error);
      }
    }
  }

  private async begin(): Promise<void> {
    const { era } = this;
    const { rows } = await this.pool.query<{ newest: string }>({
      name: 'newest',
      text: 'select coalesce(max(seq), 0) as newest from bus.message',
    });
    if (era !== this.era) return;
    this.newest = Number(rows[0]?.newest ?? 0);
    this.leftOut = new Map();
  }

  private async look(from: number): Promise<void> {
    const { era } = this;
    const values = [from, MOST_AT_ONCE, [...this.leftOut.keys()], LARGEST_PAYLOAD];
    const { rows } = await this.pool.query<Row>({ name: 'observe', text: OBSERVE, values });
    if (era !== this.era) return;
    // The newest when there are too many: who looks on wants to know what is, not what was.
    rows.sort((a, b) => Number(a.seq) - Number(b.seq));
    const beyond = rows.map((row) => Number(row.seq)).filter((seq) => seq > from);
    const start = beyond.length < MOST_AT_ONCE ? from : beyond[0]! - 1;
    for (const row of rows) this.tell(row);
    this.observers.passedOver(start - from);
    this.note(start, beyond);
    this.newest = beyond.at(-1) ?? from;
  }

  private tell({ seq, subject, headers, payload }: Row): void {
    this.leftOut.delete(Number(seq));
    if (payload === null) return this.observers.passedOver(1);
    const attributes = fromHeaders((name) => headers[name]);
    this.observers.saw({ subject, attributes, payload: Buffer.from(payload) });
  }

  /** Numbers are given before the commit, so that a lower one may appear after a higher one. */
  private note(start: number, beyond: readonly number[]): void {
    const now = performance.now();
    for (const [seq, at] of this.leftOut) if (now - at > LEFT_OUT_MS) this.leftOut.delete(seq);
    const there = new Set(beyond);
    const last = beyond.at(-1) ?? start;
    for (let seq = Math.max(start + 1, last - MOST_LEFT_OUT); seq < last; seq += 1)
      if (!there.has(seq) && this.leftOut.size < MOST_LEFT_OUT) this.leftOut.set(seq, now);
  }
}

const OBSERVE = `
  select seq, subject, headers, case when octet_length(payload) <= $4 then payload end as payload from (
    (select seq, subject, headers, payload from bus.message where seq > $1 order by seq desc limit $2)
    union all
    (select seq, subject, headers, payload from bus.message where seq = any($3::bigint[]) and seq <= $1)) as passed`;
