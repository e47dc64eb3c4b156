import { isOperational, within } from '@recert/bus';
import { OperationalError } from './errors';

/** What is known need not be waited for: whoever asks has a second, and other things to do in it. */
const PATIENCE_MS = 150;
/** What is not known can be answered by the table alone. */
const LONGEST_MS = 500;
/** So long after a failure nobody asks again, and waits. */
const AWAY_MS = 500;
/** How old what is known of the whole table may be where another process has changed it. */
const REFRESH_MS = 30_000;

/**
 * Facts of a table, which are asked for each time, and answered from memory while the database is away. What is known
 * to be gone stays gone.
 */
export class LastKnown<Fact> {
  private known = new Map<string, Fact | null>();
  private awayUntil = -Infinity;
  /** So that what was read before a change does not undo it. */
  private changes = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param look reads the table; null for what is not there, or is not valid any more */
  constructor(private readonly look: (key: string) => Promise<Fact | null>) {}

  /** @throws OperationalError when the table does not answer and it is not known */
  async find(key: string): Promise<Fact | null> {
    const known = this.known.get(key);
    if (performance.now() < this.awayUntil) return answerOf(known);
    const { changes } = this;
    try {
      const fact = await within(known === undefined ? LONGEST_MS : PATIENCE_MS, this.look(key));
      if (changes === this.changes && (fact !== null || known !== undefined)) this.known.set(key, fact);
      return fact;
    } catch (error) {
      if (!isOperational(error)) throw error;
      this.awayUntil = performance.now() + AWAY_MS;
      return answerOf(this.known.get(key));
    }
  }

  /** What has just been committed. */
  learn(key: string, fact: Fact | null): void {
    this.changes += 1;
    this.known.set(key, fact);
  }

  /** To be asked for, from now on: what was committed is not all there is to know. */
  forget(key: string): void {
    this.changes += 1;
    this.known.delete(key);
  }

  /**
   * Knows all of the table from now on, also what nobody has asked for.
   * @param readAll not more than fits into memory
   */
  follow(readAll: () => Promise<Iterable<readonly [string, Fact]>>): void {
    if (this.timer !== undefined) return;
    const refresh = (): void => void this.refresh(readAll).catch(() => undefined);
    this.timer = setInterval(refresh, REFRESH_MS).unref();
    refresh();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async refresh(readAll: () => Promise<Iterable<readonly [string, Fact]>>): Promise<void> {
    const { changes } = this;
    const all = new Map<string, Fact | null>(await readAll());
    if (changes === this.changes) this.known = all;
  }
}

function answerOf<Fact>(known: Fact | null | undefined): Fact | null {
  if (known === undefined) throw new OperationalError('the database is away, and this was never asked for before');
  return known;
}
