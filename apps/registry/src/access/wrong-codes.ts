import { networkOf } from './network-of';

/** Wrong codes that one sender may send within a minute. */
const MOST = 10;
const WINDOW_MS = 60_000;
const MOST_REMEMBERED = 10_000;

interface Counted {
  readonly since: number;
  readonly count: number;
}

/** Who has sent how many login codes in vain. Each replica counts for itself. */
export class WrongCodes {
  private readonly senders = new Map<string, Counted>();

  /** Counts a code before it is known to be wrong, so that many at once are no way around. @returns false when there were too many */
  count(address: string, now: Date): boolean {
    const sender = networkOf(address);
    const { since, count } = this.of(sender, now.getTime());
    if (count >= MOST) return false;
    if (this.senders.size >= MOST_REMEMBERED) this.senders.clear();
    this.senders.set(sender, { since, count: count + 1 });
    return true;
  }

  /** It was a good one. */
  takeBack(address: string): void {
    const sender = networkOf(address);
    const counted = this.senders.get(sender);
    if (counted !== undefined) this.senders.set(sender, { ...counted, count: Math.max(0, counted.count - 1) });
  }

  private of(sender: string, now: number): Counted {
    const counted = this.senders.get(sender);
    return counted === undefined || now - counted.since >= WINDOW_MS ? { since: now, count: 0 } : counted;
  }
}
