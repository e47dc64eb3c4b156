/** Something that has to be asked for when somebody wants to know it. */
export interface Measurement {
  readonly read: () => Promise<void>;
  /** Takes away what was read last: done before it is read anew, and where that fails. */
  readonly forget: () => void;
}

/** Whoever asks more often is told what was read last: asking costs statements of the database. */
const FRESH_MS = 5_000;
/** Prometheus waits ten seconds; what cannot be known by then must not hide the rest. */
const PATIENCE_MS = 2_000;

/** Reads what is measured when it is asked for. */
export class Measuring {
  private readonly all: Measurement[] = [];
  private readAt = -Infinity;
  private reading: Promise<void> = Promise.resolve();

  add(measurement: Measurement): void {
    this.all.push(measurement);
  }

  /**
   * Resolves when everything is as it is now, or not known.
   * @param nowMs by a clock that only goes forward
   */
  read(nowMs: number): Promise<void> {
    if (nowMs - this.readAt < FRESH_MS) return this.reading;
    this.readAt = nowMs;
    this.reading = Promise.all(this.all.map((each) => readOne(each))).then(() => undefined);
    return this.reading;
  }
}

async function readOne({ read, forget }: Measurement): Promise<void> {
  let isLate = false;
  const late = new Promise<void>((_, reject) => {
    setTimeout(() => {
      isLate = true;
      reject(new Error('it took too long'));
    }, PATIENCE_MS).unref();
  });
  late.catch(() => undefined);
  forget();
  const done = read().then(() => {
    if (isLate) forget();
  });
  await Promise.race([done, late]).catch(forget);
}
