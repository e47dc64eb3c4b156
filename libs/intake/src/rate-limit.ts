/** How often a sender may knock: `perSecond` on the long run, and `burst` at once after a quiet time. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  /** Milliseconds of the same clock as `now`. */
  at: number;
}

const MOST_SENDERS = 10_000;
/** What sums of parts of a second are off by. */
const ROUNDING = 1e-6;

/** A token bucket for each sender, in memory: after a restart everybody begins anew. */
export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();

  /** @param rate null for no limit */
  constructor(private readonly rate: Rate | null) {}

  /** @returns 0 when the sender may go on, else the milliseconds that it must wait */
  take(sender: string, now: number): number {
    if (this.rate === null) return 0;
    const { perSecond, burst } = this.rate;
    const bucket = this.buckets.get(sender) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / perSecond) * 1000 - ROUNDING);
    bucket.tokens -= 1;
    if (!this.buckets.has(sender)) this.forgetSome();
    this.buckets.set(sender, bucket);
    return 0;
  }

  /** Senders are verified before they are counted, so this never happens by a stranger's doing. */
  private forgetSome(): void {
    if (this.buckets.size >= MOST_SENDERS) this.buckets.clear();
  }
}
