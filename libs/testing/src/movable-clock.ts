/** What the product's clock offers; declared here so that a test needs nothing of the product for it. */
export interface Clock {
  now(): Date;
}

/** A clock that stands still until a test moves it. Instants are dates or ISO 8601, such as `2026-01-31T09:00:00Z`. */
export class MovableClock implements Clock {
  private time: number;

  constructor(start: Date | string) {
    this.time = timeOf(start);
  }

  now(): Date {
    return new Date(this.time);
  }

  advance(ms: number): void {
    this.time += ms;
  }

  /** Moves to an instant, forwards or backwards. */
  set(instant: Date | string): void {
    this.time = timeOf(instant);
  }
}

function timeOf(instant: Date | string): number {
  const time = new Date(instant).getTime();
  if (Number.isNaN(time)) throw new Error(`Not an instant: ${String(instant)}`);
  return time;
}
