/** Lets a loop sleep until somebody has work for it, or until a safety-net interval is over. */
export class WakeSignal {
  private pending = false;
  private release: (() => void) | null = null;

  wake(): void {
    this.pending = true;
    this.release?.();
  }

  /**
   * Resolves at once when `wake` was called since the last wait; else at the next `wake`, or after `atMostMs`.
   * @returns whether it was woken
   */
  async wait(atMostMs: number): Promise<boolean> {
    if (!this.pending) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, atMostMs);
        this.release = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.release = null;
    }
    const woken = this.pending;
    this.pending = false;
    return woken;
  }
}
