import { type ServiceDatabase } from './service-database';
import { type BusLog } from './transport';

const DAY_MS = 86_400_000;
/** How long published events stay in the outbox, to fill a transport that lost them. */
export const OUTBOX_DAYS = 14;
/** How long a handled event is known: longer than any transport can deliver it again, and than an outbox can fill it in. */
export const INBOX_DAYS = 45;
/** How long a dead letter is kept after it was replayed; one that nobody has replayed stays. */
export const LETTER_DAYS = 90;
const BATCH = 1_000;

export interface RetentionOptions {
  readonly everyMs?: number;
  readonly now?: () => Date;
}

/** Removes what the bus does not need any more from a service's database. */
export class Retention {
  private readonly everyMs: number;
  private readonly now: () => Date;
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly database: ServiceDatabase,
    private readonly log: BusLog,
    { everyMs = 3_600_000, now = () => new Date() }: RetentionOptions = {},
  ) {
    this.everyMs = everyMs;
    this.now = now;
  }

  start(): void {
    this.timer = setInterval(() => {
      this.sweeping = this.sweep().then(
        () => undefined,
        (error: unknown) =>
          this.log.warn('bus: could not remove old rows', { service: this.database.service, error: String(error) }),
      );
    }, this.everyMs).unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.sweeping;
  }

  /**
   * In small batches, so that nobody waits for it.
   * @returns how many rows were removed
   */
  async sweep(): Promise<number> {
    const before = (days: number): Date => new Date(this.now().getTime() - days * DAY_MS);
    const outbox = await this.remove('outbox', 'created_at < $1 and published_at is not null', before(OUTBOX_DAYS));
    const inbox = await this.remove('inbox', 'at < $1', before(INBOX_DAYS));
    const retries = await this.remove('event_retry', 'at < $1', before(INBOX_DAYS));
    const letters = await this.remove('dead_letter', 'replayed_at < $1', before(LETTER_DAYS));
    return outbox + inbox + retries + letters;
  }

  private async remove(table: string, condition: string, before: Date): Promise<number> {
    let total = 0;
    for (let removed = BATCH; removed === BATCH && !this.stopped; total += removed) {
      const rows = await this.database.query<{ n: string }>(
        `with gone as (delete from ${table} where ctid = any(array(
           select ctid from ${table} where ${condition} limit ${BATCH})) returning 1)
         select count(*) as n from gone`,
        [before],
      );
      removed = Number(rows[0]?.n ?? 0);
    }
    return total;
  }
}
