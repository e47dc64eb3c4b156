import { type TokenUsed } from '@recert/contracts';

const EVERY_MS = 60_000;
/** So that an event stays small, however many tokens there are. */
const MOST_AT_ONCE = 1_000;

/** The latest use of each token that nobody was told of yet. Only valid tokens are noted: it is as large as they are many. */
export class TokenUses {
  private latest = new Map<string, Date>();
  private takenAt = -Infinity;

  /** Runs for every request with a token. */
  note(tokenId: string, at: Date): void {
    this.latest.set(tokenId, at);
  }

  /** Whether there is something new to tell, and nothing was taken in the minute before. */
  isDue(now: Date): boolean {
    return this.latest.size > 0 && now.getTime() - this.takenAt >= EVERY_MS;
  }

  /** Everything new, as events of at most 1,000 uses, none when there is nothing. It is no longer new afterwards. */
  take(now: Date): TokenUsed[] {
    const uses = [...this.latest].map(([tokenId, at]) => ({ tokenId, at: at.toISOString() }));
    this.latest = new Map();
    this.takenAt = now.getTime();
    const count = Math.ceil(uses.length / MOST_AT_ONCE);
    return Array.from({ length: count }, (_, i) => ({ uses: uses.slice(i * MOST_AT_ONCE, (i + 1) * MOST_AT_ONCE) }));
  }

  /** What could not be told is new again, unless a later use is. */
  giveBack(events: readonly TokenUsed[]): void {
    for (const { tokenId, at } of events.flatMap(({ uses }) => uses))
      if (!this.latest.has(tokenId)) this.latest.set(tokenId, new Date(at));
  }
}
