const FIRST_PAUSE_MS = 600_000;
const LONGEST_PAUSE_MS = 86_400_000;
const PER_HOUR = 30;
const HOUR_MS = 3_600_000;
const MOST_REMEMBERED = 500;

interface Told {
  readonly at: number;
  /** Until the same may be told again, from `at` on. */
  readonly pauseMs: number;
  readonly withheld: number;
}

/**
 * How often the same thing is reported: at once, then after ten minutes, then after twice as long each time, up to a day.
 * All together no more than thirty times an hour.
 *
 * This is what ends a loop. Recert takes Sentry's alerts in: an error in handling one would be reported, become an alert,
 * come in, fail, be reported. It does so once, and then once a day at most: whatever the alert says, where it failed is
 * the same. And a loop that failed somewhere else each time would come to thirty an hour.
 */
export class ReportPace {
  private readonly told = new Map<string, Told>();
  private room = PER_HOUR;
  private filledAt: number | null = null;

  /**
   * @param what by which the same thing is known again; it must hold nothing that an event or a request may vary
   * @param nowMs by a clock that only goes forward
   * @returns how often it was withheld since it was last reported, or null when it is to be withheld now
   */
  ask(what: string, nowMs: number): number | null {
    this.refill(nowMs);
    const last = this.told.get(what);
    const isTooSoon = last !== undefined && nowMs - last.at < last.pauseMs;
    if (isTooSoon || this.room < 1) {
      this.remember(what, { ...(last ?? { at: nowMs, pauseMs: 0 }), withheld: (last?.withheld ?? 0) + 1 });
      return null;
    }
    this.room -= 1;
    this.remember(what, { at: nowMs, pauseMs: pauseAfter(last, nowMs), withheld: 0 });
    return last?.withheld ?? 0;
  }

  private refill(nowMs: number): void {
    const passedMs = nowMs - (this.filledAt ?? nowMs);
    this.room = Math.min(PER_HOUR, this.room + (passedMs / HOUR_MS) * PER_HOUR);
    this.filledAt = nowMs;
  }

  private remember(what: string, told: Told): void {
    this.told.delete(what);
    this.told.set(what, told);
    if (this.told.size > MOST_REMEMBERED) this.told.delete(this.told.keys().next().value!);
  }
}

/** What has been quiet for two days is new. */
function pauseAfter(last: Told | undefined, nowMs: number): number {
  if (last === undefined || last.pauseMs === 0 || nowMs - last.at >= 2 * LONGEST_PAUSE_MS) return FIRST_PAUSE_MS;
  return Math.min(last.pauseMs * 2, LONGEST_PAUSE_MS);
}
