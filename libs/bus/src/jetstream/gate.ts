/** Lets callers through while there is something to give them, and makes them wait while there is not. */
export class Gate<T> {
  private value: T | null = null;
  private waiting = new Set<(value: T) => void>();

  get current(): T | null {
    return this.value;
  }

  open(value: T): void {
    this.value = value;
    const waiting = this.waiting;
    this.waiting = new Set();
    for (const resolve of waiting) resolve(value);
  }

  shut(): void {
    this.value = null;
  }

  /** @returns null when it did not open within `atMostMs` or before `abandoned` resolved */
  async pass(atMostMs: number, abandoned?: Promise<void>): Promise<T | null> {
    if (this.value !== null) return this.value;
    let timer: NodeJS.Timeout | undefined;
    let resolve: (value: T) => void = () => undefined;
    const opened = new Promise<T>((done) => (resolve = done));
    this.waiting.add(resolve);
    const over = new Promise<null>((done) => {
      if (Number.isFinite(atMostMs)) timer = setTimeout(() => done(null), atMostMs);
      void abandoned?.then(() => done(null));
    });
    try {
      return await Promise.race([opened, over]);
    } finally {
      clearTimeout(timer);
      this.waiting.delete(resolve);
    }
  }
}
