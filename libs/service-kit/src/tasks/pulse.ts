/** Says that something goes round, as often as somebody wants to hear it, and once that it does not. */
export class Pulse {
  private lastMs = -Infinity;
  private isFailing = false;

  constructor(
    private readonly everyMs: number,
    private readonly tell: (fault: string | null) => void,
  ) {}

  /** @param nowMs by a clock that only goes forward */
  went(nowMs: number): void {
    if (!this.isFailing && nowMs - this.lastMs < this.everyMs) return;
    this.lastMs = nowMs;
    this.isFailing = false;
    this.tell(null);
  }

  failed(fault: string): void {
    if (this.isFailing) return;
    this.isFailing = true;
    this.tell(fault);
  }
}
