/** What the product's clock offers; declared here so that a test needs nothing of the product for it. */
export interface Clock {
  now(): Date;
}

/** A clock that stands still until a test moves it. */
export class MovableClock implements Clock {
  private instant: number;

  /** @param start an instant, or ISO 8601 such as `2026-01-31T09:00:00Z` */
  constructor(start: Date | string) {
    this.instant = new Date(start).getTime();
    if (Number.isNaN(this.instant)) throw new Error(`Not an instant: ${String(start)}`);
  }

  now(): Date {
    return new Date(this.instant);
  }

  advance(ms: number): void {
    this.instant += ms;
  }

  /** Moves to an instant, forwards or backwards. */
  set(instant: Date | string): void {
    this.instant = new Date(instant).getTime();
  }
}
